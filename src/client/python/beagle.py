"""Client of a Beagle server in one file: Python 3.9 or newer and its standard library, pandas only for ``to_frame``.

    from beagle import Beagle, to_frame
    beagle = Beagle("http://localhost:4000", api_key="bgl_live_…")
    to_frame(beagle.predict(["GaAs", "InP"], ["BAND_GAP", "BULK_MODULUS"]))

Every method yields plain dictionaries and asks for pages and chunks as they are consumed. What the server refuses for a while (HTTP 429 with
Retry-After, an overloaded model, a lost connection) is asked again; everything else raises ``BeagleError`` with a code of the contract.
"""

from __future__ import annotations

import json
import os
import random
import time
import urllib.error
import urllib.request
from typing import Any, Dict, Iterable, Iterator, List, Optional, Sequence

__all__ = ["Beagle", "BeagleError", "to_frame"]

PAGE = 100  # the contract's largest page
MAX_FORMULAS = 1_000  # of one `compositions` query
MAX_POINTS = 10_000  # of one operation
PASSING = {"RATE_LIMITED", "MODEL_OVERLOADED", "MODEL_UNAVAILABLE", "UNREACHABLE"}

MATERIAL = """id externalId name formula density spaceGroup { number symbol crystalSystem } source { name url doi licence }"""
CAMPAIGN = """id name status progress { done total failed fraction ratePerSecond etaSeconds }"""
CANDIDATE = """rank score paretoFront noveltyDistance composition { formula }
  objectives { property { key } desirability prediction { value unit interval { lower upper } } }"""
PROBLEM = "... on Error { code message } ... on ValidationError { fields { path message } }"


class BeagleError(Exception):
    """A refusal of the server. ``code`` is the contract's ErrorCode, or UNREACHABLE when no answer came; ``fields`` say what would be right."""

    def __init__(self, message: str, code: str, fields: Sequence[Dict[str, Any]] = (), path: Sequence[Any] = (),
                 request_id: Optional[str] = None, retry_after: Optional[float] = None):
        super().__init__(f"{code}: {message}")
        self.message, self.code, self.fields, self.path = message, code, list(fields), list(path)
        self.request_id, self.retry_after = request_id, retry_after


class Beagle:
    """A server and the key to ask it with.

    url: of the server, with or without a path; default BEAGLE_URL, else http://localhost:4000.
    api_key: default BEAGLE_API_KEY; without one the server's rules for anonymous callers hold.
    retries: how often an operation is tried again. max_delay: the longest pause in seconds that is waited for.
    """

    def __init__(self, url: Optional[str] = None, api_key: Optional[str] = None, retries: int = 4,
                 max_delay: float = 60.0, timeout: float = 300.0):
        base = url or os.environ.get("BEAGLE_URL") or "http://localhost:4000"
        self.endpoint = base.rstrip("/") + "/graphql"
        self.api_key = api_key or os.environ.get("BEAGLE_API_KEY")
        self.retries, self.max_delay, self.timeout = retries, max_delay, timeout
        #: Points of the last operation and what is left of the minute: requested, actual, limit, remaining, resetAt.
        self.last_cost: Optional[Dict[str, Any]] = None

    # -- any operation ---------------------------------------------------------------------------------------------

    def execute(self, query: str, variables: Optional[Dict[str, Any]] = None, repeatable: Optional[bool] = None) -> Dict[str, Any]:
        """The ``data`` of any operation of the contract; raises the first error of the answer."""
        data, errors = self._ask(query, variables, repeatable)
        if errors:
            raise errors[0]
        return data

    def _ask(self, query: str, variables: Optional[Dict[str, Any]] = None, repeatable: Optional[bool] = None):
        if repeatable is None:  # a mutation that got no answer may have been carried out
            repeatable = not query.lstrip().startswith("mutation")
        for attempt in range(self.retries + 1):
            try:
                return self._once({"query": query, "variables": variables or {}})
            except BeagleError as error:
                lost = error.code == "UNREACHABLE" and not repeatable
                if attempt == self.retries or lost or error.code not in PASSING:
                    raise
                delay = error.retry_after
                if delay is None:
                    delay = 0.25 * 2**attempt * random.uniform(0.5, 1.0)
                if delay > self.max_delay:
                    raise
                time.sleep(delay)

    def _once(self, body: Dict[str, Any]):
        headers = {"content-type": "application/json", "accept": "application/graphql-response+json, application/json"}
        if self.api_key:
            headers["authorization"] = f"Bearer {self.api_key}"
        request = urllib.request.Request(self.endpoint, json.dumps(body).encode(), headers, method="POST")
        try:
            try:
                response = urllib.request.urlopen(request, timeout=self.timeout)
            except urllib.error.HTTPError as refused:
                response = refused  # a refusal is an answer too
            with response:
                answer = json.loads(response.read())
                after = response.headers.get("retry-after")
        except (OSError, ValueError) as reason:
            raise BeagleError(f"no answer of {self.endpoint}: {reason}", "UNREACHABLE") from reason
        after_seconds = float(after) if after and after.replace(".", "", 1).isdigit() else None
        errors = [_error(error, after_seconds) for error in answer.get("errors", [])]
        self.last_cost = answer.get("extensions", {}).get("cost", self.last_cost)
        if answer.get("data") is None:
            raise errors[0] if errors else BeagleError(f"{self.endpoint} answered without data", "UNREACHABLE")
        return answer["data"], errors

    # -- the catalogue ---------------------------------------------------------------------------------------------

    def properties(self) -> List[Dict[str, Any]]:
        """Every property: key, unit, conditions, and the error of its predictions on compositions that the model had not seen."""
        return self.execute("""{ properties { key name unit kind fidelity description conditions { name unit default min max values }
            evaluation { metric value baseline baselineName rows intervalCoverage90 } } }""")["properties"]

    def materials(self, filter: Optional[Dict[str, Any]] = None, order_by: Optional[List[Dict[str, Any]]] = None,
                  properties: Sequence[str] = (), limit: Optional[int] = None) -> Iterator[Dict[str, Any]]:
        """The catalogue, filtered (MaterialFilter) and ordered (MaterialOrder); ``properties`` adds their predictions."""
        wanted = "predictions(properties: $properties) { value unit interval { lower upper } }" if properties else ""
        declared = "$filter: MaterialFilter, $orderBy: [MaterialOrder!], $first: Int, $after: String"
        if properties:
            declared += ", $properties: [PropertyKey!]!"
        query = f"""query ({declared}) {{ materials(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {{
            nodes {{ {MATERIAL} {wanted} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
        variables: Dict[str, Any] = {"filter": filter, "orderBy": order_by}
        if properties:
            variables["properties"] = list(properties)
        page = max(1, min(PAGE, MAX_POINTS // (4 + len(properties))))
        for node in self._pages(query, variables, "materials", limit, page):
            predictions = node.pop("predictions", None)
            if predictions is not None:
                node["predictions"] = dict(zip(properties, predictions))
            yield node

    # -- predictions -----------------------------------------------------------------------------------------------

    def predict(self, formulas: Iterable[str], properties: Sequence[str], conditions: Optional[Dict[str, Any]] = None,
                model: Optional[str] = None, level: float = 0.9, evidence: bool = False) -> Iterator[Dict[str, Any]]:
        """One row per formula, in order: ``input``, ``formula``, and per property value, unit, interval, label …; or ``problem``.

        Any number of formulas, in as many requests as the points of one operation demand. conditions: ConditionsInput, in SI as the contract says
        (temperature in K). level: probability of the interval.
        """
        extra = "evidence { inTrainingData applicability nearest { formula distance } }" if evidence else ""
        query = f"""query ($formulas: [String!]!, $properties: [PropertyKey!]!, $conditions: ConditionsInput, $model: ID, $level: Float) {{
            compositions(formulas: $formulas) {{ __typename
              ... on Composition {{ formula predictions(properties: $properties, conditions: $conditions, model: $model) {{
                value unit label standardDeviation interval(level: $level) {{ lower upper }} warnings {extra} }} }}
              ... on InvalidFormulaError {{ message position }} }} }}"""
        points = 1 + len(properties) * (2 if evidence else 1)
        for chunk in _chunks(formulas, max(1, min(MAX_FORMULAS, MAX_POINTS // points))):
            variables = {"formulas": chunk, "properties": list(properties), "conditions": conditions, "model": model, "level": level}
            data, errors = self._ask(query, variables)
            problems = {(e.path[1], e.path[3]): e.message for e in errors if len(e.path) > 3}
            for row, result in enumerate(data["compositions"]):
                if result["__typename"] == "InvalidFormulaError":
                    yield {"input": chunk[row], "formula": None, "problem": result["message"], "position": result["position"]}
                    continue
                predictions = {
                    key: prediction if prediction is not None else {"problem": problems.get((row, column))}
                    for column, (key, prediction) in enumerate(zip(properties, result["predictions"]))
                }
                yield {"input": chunk[row], "formula": result["formula"], "predictions": predictions}

    def ask(self, question: str) -> Dict[str, Any]:
        """A plain question. ``understood`` is False, and ``text`` says why, where it cannot be answered."""
        return self.execute("""query ($question: String!) { ask(question: $question) { text understood fact value unit
            composition { formula } property { key } prediction { interval { lower upper } } } }""", {"question": question})["ask"]

    # -- discovery and campaigns -----------------------------------------------------------------------------------

    def discover(self, input: Dict[str, Any], limit: Optional[int] = None) -> Iterator[Dict[str, Any]]:
        """A ranking (DiscoverInput), best first."""
        query = f"""query ($input: DiscoverInput!, $first: Int, $after: String) {{ discover(input: $input, first: $first, after: $after) {{
            nodes {{ {CANDIDATE} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
        return self._pages(query, {"input": input}, "discover", limit, PAGE)

    def create_campaign(self, input: Dict[str, Any]) -> Dict[str, Any]:
        """Starts a campaign (CreateCampaignInput). With an idempotencyKey it may be sent again when no answer came."""
        query = f"""mutation ($input: CreateCampaignInput!) {{ createCampaign(input: $input) {{ __typename
            ... on CampaignSuccess {{ campaign {{ {CAMPAIGN} }} }} {PROBLEM} }} }}"""
        result = self.execute(query, {"input": input}, repeatable=bool(input.get("idempotencyKey")))["createCampaign"]
        if "campaign" not in result:
            raise BeagleError(result["message"], result["code"], result.get("fields", ()))
        return result["campaign"]

    def campaign(self, id: str) -> Optional[Dict[str, Any]]:
        """How far a campaign is; None if there is none of this id."""
        return self.execute(f"query ($id: ID!) {{ campaign(id: $id) {{ {CAMPAIGN} }} }}", {"id": id})["campaign"]

    def wait(self, id: str, every: float = 2.0, timeout: float = 86_400.0) -> Dict[str, Any]:
        """Returns the campaign once it has ended or was paused. Raises TimeoutError after ``timeout`` seconds."""
        end = time.monotonic() + timeout
        while True:
            campaign = self.campaign(id)
            if campaign is None:
                raise BeagleError(f"there is no campaign {id}", "NOT_FOUND")
            if campaign["status"] not in ("QUEUED", "RUNNING"):
                return campaign
            if time.monotonic() > end:
                raise TimeoutError(f"campaign {id} is still {campaign['status']} after {timeout} s")
            time.sleep(every)

    def results(self, id: str, only_front: bool = False, limit: Optional[int] = None) -> Iterator[Dict[str, Any]]:
        """The best candidates of a campaign, best first."""
        query = f"""query ($id: ID!, $onlyFront: Boolean, $first: Int, $after: String) {{ campaign(id: $id) {{
            results(onlyFront: $onlyFront, first: $first, after: $after) {{ nodes {{ {CANDIDATE} }} pageInfo {{ hasNextPage endCursor }} }} }} }}"""
        return self._pages(query, {"id": id, "onlyFront": only_front}, "campaign.results", limit, PAGE)

    def _pages(self, query: str, variables: Dict[str, Any], field: str, limit: Optional[int], page: int) -> Iterator[Dict[str, Any]]:
        after, left = None, limit
        while left is None or left > 0:
            first = page if left is None else min(page, left)
            connection = self.execute(query, {**variables, "first": first, "after": after})
            for name in field.split("."):
                connection = connection[name]
                if connection is None:
                    raise BeagleError(f"there is no {name} of this id", "NOT_FOUND")
            yield from connection["nodes"]
            if left is not None:
                left -= len(connection["nodes"])
            if not connection["pageInfo"]["hasNextPage"]:
                return
            after = connection["pageInfo"]["endCursor"]


def to_frame(rows: Iterable[Dict[str, Any]]):
    """A pandas DataFrame of what a method yielded: nested names joined by dots, objectives and predictions a column each."""
    import pandas

    return pandas.DataFrame([_flat(row) for row in rows])


def _flat(row: Dict[str, Any], prefix: str = "") -> Dict[str, Any]:
    out: Dict[str, Any] = {}
    for key, value in row.items():
        if key == "objectives":
            for objective in value:
                name = objective["property"]["key"]
                prediction, interval = objective["prediction"], objective["prediction"]["interval"] or {}
                out.update({name: prediction["value"], f"{name}.lower": interval.get("lower"), f"{name}.upper": interval.get("upper"),
                            f"{name}.desirability": objective["desirability"]})
        elif key == "predictions":
            for name, prediction in value.items():
                flat = _flat(prediction or {}, f"{name}.")
                if f"{name}.value" in flat:
                    flat[name] = flat.pop(f"{name}.value")
                out.update({column.replace(".interval.", "."): entry for column, entry in flat.items()})
        elif isinstance(value, dict):
            out.update(_flat(value, f"{prefix}{key}."))
        else:
            out[prefix + key] = value
    return out


def _chunks(items: Iterable[str], size: int) -> Iterator[List[str]]:
    chunk: List[str] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _error(error: Dict[str, Any], after: Optional[float]) -> BeagleError:
    extensions = error.get("extensions", {})
    wait = extensions.get("retryAfterMs")
    return BeagleError(error["message"], extensions.get("code", "INTERNAL"), extensions.get("fields", ()), error.get("path", ()),
                       extensions.get("requestId"), wait / 1000 if wait is not None else after)
