"""Does the error rise where Darwin says that it leaves what it was trained on? The runtime's rule (src/darwin/training-domain.ts) on held-out rows."""
from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.neighbors import NearestNeighbors

from .assess import held_rows
from .chemistry import ATOMIC_NUMBER, SYMBOLS, parse_formula
from .corpus import TEST_FOLD, TUNE_FOLD, build_tokenizer
from .data import TaskData, load_tasks
from .tasks import PROPERTY_TASKS, TASKS, Task

CLASSES = ("INTERPOLATION", "NEAR_EDGE", "EXTRAPOLATION")
INSIDE_SHARE, EDGE_SHARE, SAMPLE = 0.7, 0.95, 500
NOISE = 1e-4                # keys hold millionths: a smaller distance is none
ENOUGH = 15                 # rows in a class of a property for a mean error to say something
LISTED = 80                 # held-out rows of an experimental property that the table lists, as everywhere in the report
RESAMPLES = 1000
# The modified Pettifor scale of Glawe et al., New J. Phys. 18, 093011 (2016), as in src/chemistry/movers-distance.ts.
SCALE = (
    "He Ne Ar Kr Xe Rn Fr Cs Rb K Na Li Ra Ba Sr Ca Eu Yb Lu Tm Y Er Ho Dy Tb Gd Sm Pm Nd Pr Ce La Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md "
    "No Lr Sc Zr Hf Ti Ta Nb V Cr Mo W Re Tc Os Ru Ir Rh Pt Pd Au Ag Cu Ni Co Fe Mn Mg Zn Cd Hg Be Al Ga In Tl Pb Sn Ge Si B C N P As Sb Bi "
    "Po Te Se S O At I Br Cl F H"
).split()
POSITION = {symbol: SCALE.index(symbol if number <= 103 else SYMBOLS[number - 33]) for symbol, number in ATOMIC_NUMBER.items()}


def profiles(compositions: list[dict[str, float]]) -> np.ndarray:
    """Cumulative fractions [N, 103] along the scale: the L1 distance of two is their element mover's distance (Hargreaves et al. 2020)."""
    found = np.zeros((len(compositions), len(SCALE)))
    for row, fractions in enumerate(compositions):
        for symbol, fraction in fractions.items():
            found[row, POSITION[symbol]] += fraction
    return found.cumsum(1)


def fractions_of_key(key: str) -> dict[str, float]:
    return {symbol: millionths / 1e6 for symbol, millionths in parse_formula(key).items()}


def fractions_of_formula(formula: str) -> dict[str, float]:
    amounts = parse_formula(formula)
    return {symbol: amount / sum(amounts.values()) for symbol, amount in amounts.items()}


def quantile(ascending: np.ndarray, share: float) -> float:
    return float(ascending[math.ceil(share * len(ascending)) - 1])


class Domain:
    """Where a property was trained: distances to its compositions, and the largest of INTERPOLATION (``inside``) and NEAR_EDGE (``edge``)."""

    def __init__(self, keys: set[str]):
        listed = [fractions_of_key(key) for key in sorted(keys)]
        points = profiles(listed)
        self.elements = {symbol for fractions in listed for symbol in fractions}
        self.nearest = NearestNeighbors(metric="manhattan", algorithm="ball_tree").fit(points)
        # Evenly along the order of mean positions, as the runtime's index lists them.
        order = np.argsort((points[:, -1:] - points).sum(1), kind="stable")
        count = min(SAMPLE, len(listed))
        sample = order[np.arange(count) * len(listed) // count]
        spacing = np.sort(self._distances(points[sample], 2)) if len(listed) > 1 else np.zeros(1)
        self.inside, self.edge = quantile(spacing, INSIDE_SHARE), quantile(spacing, EDGE_SHARE)

    def _distances(self, points: np.ndarray, rank: int) -> np.ndarray:
        distances = self.nearest.kneighbors(points, rank)[0][:, -1]
        return np.where(distances < NOISE, 0.0, distances)

    def classify(self, compositions: list[dict[str, float]]) -> np.ndarray:
        """[N] indices into CLASSES, of the exact fractions, as the runtime asks."""
        distances = self._distances(profiles(compositions), 1)
        strange = np.array([not self.elements.issuperset(fractions) for fractions in compositions])
        return np.where(strange | (distances > self.edge), 2, np.where(distances > self.inside, 1, 0))


@dataclass
class Classified:
    """Held-out rows of a property: class (index into CLASSES), absolute error (or 1 for a wrong class) and composition of each [N]."""

    task: Task
    domain: Domain
    classes: np.ndarray
    errors: np.ndarray
    keys: np.ndarray

    def by_class(self) -> dict[str, dict[str, float]]:
        masks = [self.classes == index for index in range(len(CLASSES))]
        return {name: {"rows": int(mask.sum()), "error": float(self.errors[mask].mean()) if mask.any() else None} for name, mask in zip(CLASSES, masks)}


def classified(task: Task, tasks: dict[str, TaskData], predictions: dict) -> Classified:
    """Errors from the out-of-fold answers that ``assess`` kept, in its order of rows; the domain is of folds 2-9 as the members' training was."""
    data = tasks[task.id]
    rows = np.concatenate([held_rows(data)[fold] for fold in (TUNE_FOLD, TEST_FOLD)])
    values, predicted = np.array(predictions["values"]), np.array(predictions["predicted"])
    if len(rows) != len(values) or not np.allclose(values, data.values[rows], rtol=1e-4):
        raise ValueError(f"{task.id}: the held-out rows of the data are not those that assess measured: run assess again on this data folder")
    errors = (predicted >= 0.5) != (values == 1) if data.is_class else np.abs(values - predicted) * data.factor[rows]
    train = {key for id in (task.id, *task.related) if id in tasks for key, fold in zip(tasks[id].keys, tasks[id].folds) if fold not in (TUNE_FOLD, TEST_FOLD)}
    domain, keys = Domain(train), np.array(data.keys)[rows]
    _, first, place = np.unique(keys, return_index=True, return_inverse=True)
    classes = domain.classify([fractions_of_formula(data.formulas[row]) for row in rows[first]])
    return Classified(task, domain, classes[place], errors.astype(float), keys)


def pooled(items: list[Classified], relative: bool) -> dict[str, dict]:
    """Mean error by class over the rows of all ``items``, with 95 % intervals from resampling compositions; ``relative``: to the property's own mean error."""
    errors = np.concatenate([item.errors / (item.errors.mean() if relative else 1) for item in items])
    classes = np.concatenate([item.classes for item in items])
    distinct, place = np.unique(np.concatenate([item.keys for item in items]), return_inverse=True)
    random, result = np.random.default_rng(0), {}
    for index, name in enumerate(CLASSES):
        rows = np.flatnonzero(classes == index)
        sums, counts = (np.bincount(place[rows], weights, len(distinct)) for weights in (errors[rows], None))
        used = np.flatnonzero(counts)
        if not len(used):
            result[name] = {"rows": 0, "error": None, "interval": None}
            continue
        drawn = (random.integers(0, len(used), len(used)) for _ in range(RESAMPLES))
        means = [sums[used[draw]].sum() / counts[used[draw]].sum() for draw in drawn]
        result[name] = {"rows": len(rows), "error": float(errors[rows].mean()), "interval": np.quantile(means, [0.025, 0.975]).tolist()}
    return result


def rises(properties: dict[str, dict]) -> dict[str, int]:
    """Of the properties with ENOUGH rows in every class: in how many the error rises at each step, and in how many only from the first class to the last, or not."""
    errors = [[entry["classes"][name]["error"] for name in CLASSES] for entry in properties.values()
              if all(entry["classes"][name]["rows"] >= ENOUGH for name in CLASSES)]
    return {"properties": len(errors), "each_step": sum(a < b < c for a, b, c in errors), "first_to_last": sum(a < c for a, _, c in errors),
            "first_to_second": sum(a < b for a, b, _ in errors)}


def applicability(folder: Path, fit_path: Path, out: Path) -> dict:
    """Write ``out`` (json): rows and mean error by class of every property that ``assess`` measured, and of all together."""
    fit = json.loads(fit_path.read_text())["properties"]
    chosen = [task for task in PROPERTY_TASKS if task.id in fit]
    tasks = load_tasks(folder, build_tokenizer(folder), [id for task in chosen for id in (task.id, *task.related)])
    items = [classified(task, tasks, fit[task.id]["predictions"]) for task in chosen if fit[task.id]["predictions"]["values"]]
    properties = {item.task.id: {"inside": item.domain.inside, "edge": item.domain.edge, "classes": item.by_class()} for item in items}
    regressions = [item for item in items if item.task.kind == "regression"]
    groups = {"experimental properties": [item for item in regressions if item.task.fidelity == "experiment"],
              "computed properties": [item for item in regressions if item.task.fidelity == "dft"]}
    result = {"relative": {name: pooled(group, True) for name, group in groups.items() if group}, "properties": properties, "rises": rises(properties)}
    wrong = [item for item in items if item.task.kind == "classification"]
    result["wrong"] = pooled(wrong, False) if wrong else None
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(result))
    print(applicability_text(result, everything=True))
    return result


def _cell(found: dict, share: bool) -> str:
    if found["error"] is None:
        return "- (0)"
    show = (lambda value: f"{100 * value:.1f}") if share else (lambda value: f"{value:.2f}" if "interval" in found else f"{value:.3g}")
    interval = f" [{', '.join(show(end) for end in found['interval'])}]" if "interval" in found else ""
    return f"{show(found['error'])}{' %' if share else ''}{interval} ({found['rows']})"


def applicability_text(result: dict, everything: bool = False) -> str:
    """Tables for the report; ``everything``: every property, not only the experimental ones with LISTED rows."""
    row = lambda title, entry, share=False: f"| {title} | " + " | ".join(_cell(entry[name], share) for name in CLASSES) + " |"
    lines = ["| | " + " | ".join(CLASSES) + " |", "|---|---|---|---|"]
    lines += [row(f"{name}: error, relative to the property's mean error", entry) for name, entry in result["relative"].items()]
    lines += [row("classifications: wrong classes", result["wrong"], True)] if result["wrong"] else []
    count = result["rises"]
    lines += ["", f"Of the {count['properties']} properties with {ENOUGH} rows or more in every class, the error is larger in NEAR_EDGE than in INTERPOLATION in {count['first_to_second']}, "
              f"larger in EXTRAPOLATION than in INTERPOLATION in {count['first_to_last']}, and rises at both steps in {count['each_step']}.", "",
              "| property (error) | 70 % | 95 % | " + " | ".join(CLASSES) + " |", "|---|---|---|---|---|---|"]
    for id, entry in result["properties"].items():
        task, share = TASKS[id], TASKS[id].kind == "classification"
        if not everything and (task.fidelity != "experiment" or sum(found["rows"] for found in entry["classes"].values()) < LISTED):
            continue
        unit = "wrong classes" if share else task.unit if task.scale == "identity" else "log10"
        lines.append(row(f"{task.property} ({unit}) | {entry['inside']:.2f} | {entry['edge']:.2f}", entry["classes"], share))
    return "\n".join(lines)
