"""Writes a model package (docs/model-package.md): graph, memory, index of training compositions, golden answers, manifest."""
from __future__ import annotations

import gzip
import hashlib
import io
import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import torch

from .bins import K, Bins
from .chemistry import composition_key, parse_formula
from .conditions import Condition
from .data import encode_row, plain
from .graph import FAR, MEMORY_INPUTS, SHOWN, TYPES, AnswerGraph, PropertyTables, export
from .memory import COMPONENTS, KERNELS, Memory
from .memory_keys import COMPOSITION, CONDITION, HIDDEN, STATE, WIDTH
from .package_state import FILE as STATE_FILE, save_state
from .tasks import Task
from .tokenizer import Tokenizer
from .twins import Twins

ALIGNMENT = 16
GOLDEN_PER_PROPERTY = 3


def empty_memory(states: int) -> Memory:
    """The memory of a property without one: nothing in it is near."""
    return padded(Memory(np.zeros((0, WIDTH), np.int8), np.zeros((KERNELS, 0), np.float32), np.zeros((0, KERNELS * 2 * COMPONENTS), np.int8),
                         np.zeros((2 * COMPONENTS, K), np.float32), np.zeros(0, np.uint8), np.zeros((states, HIDDEN), np.float32), []))


def padded(memory: Memory) -> Memory:
    """At least SHOWN rows, as the graph takes that many."""
    missing = max(0, SHOWN - len(memory.keys))
    return replace(memory, keys=np.pad(memory.keys, ((0, missing), (0, 0))), norms=np.pad(memory.norms, ((0, 0), (0, missing)), constant_values=FAR),
                   coefficients=np.pad(memory.coefficients, ((0, missing), (0, 0))))


def memory_tensors(memory: Memory, twins: Twins | None) -> dict[str, np.ndarray]:
    """What the graph takes. Keys are stored the way the product with the queries wants them, and for each kernel apart: a part of a tensor would be copied in every run."""
    keys = memory.keys.T
    state, composition = (np.concatenate([keys[part], keys[CONDITION]]) for part in (STATE, COMPOSITION))
    of_state, of_composition = (np.ascontiguousarray(half) for half in np.split(memory.coefficients, KERNELS, axis=1))
    return {"state_keys": state, "composition_keys": composition, "memory_norms": memory.norms.astype(np.float32), "state_coefficients": of_state,
            "composition_coefficients": of_composition, "memory_basis": memory.basis, "memory_projection": memory.projection, **(twins or Twins.none()).tensors()}


@dataclass
class PropertyEntry:
    """All that a package says about one property."""

    task: Task
    tables: PropertyTables
    bins: Bins | None
    conditions: list[dict]                 # as in the manifest
    desirability: dict[str, float]         # plain units
    training: dict
    evaluation: dict | None = None
    memory: Memory | None = None
    golden: list[tuple[str, dict[str, float | str]]] = field(default_factory=list)      # formulas and conditions to answer
    twins: Twins | None = None


@dataclass
class Package:
    name: str
    version: str
    seed: int
    graph: AnswerGraph
    tokenizer: Tokenizer
    properties: list[PropertyEntry]
    compositions: dict[str, list[int]]     # canonical key -> indices of properties
    training_data: dict
    card: str
    trained_at: str | None = None          # RFC 3339; None: now


def condition_entry(condition: Condition, minimum: float | None = None, maximum: float | None = None, default=None) -> dict:
    """One entry of ``properties[].conditions``."""
    default = condition.default if default is None else default
    if condition.values:
        return {"name": condition.name, "default": default,
                "values": [{"name": value, "token": condition.value_token(value)} for value in condition.values]}
    return {"name": condition.name, "unit": condition.unit, "token": condition.token, "default": default, "min": minimum, "max": maximum,
            "scale": {"offset": condition.offset, "factor": condition.factor, "log10": condition.log10}}


def encode_conditions(entries: list[dict], given: dict[str, float | str]) -> list[tuple[str, float]]:
    """Tokens and numbers of the conditions of a row, defaults filled in."""
    result = []
    for entry in entries:
        value = given.get(entry["name"], entry["default"])
        if "values" in entry:
            result.append((next(item["token"] for item in entry["values"] if item["name"] == value), 0.0))
        else:
            scale = entry["scale"]
            result.append((entry["token"], float(((np.log10(value) if scale["log10"] else value) - scale["offset"]) * scale["factor"])))
    return result


def write_package(package: Package, out: Path) -> Path:
    """Write every file of the package into ``out`` and return it."""
    out.mkdir(parents=True, exist_ok=True)
    states = sum(member.config.width for member in package.graph.members)
    export(package.graph, out / "darwin.onnx")
    memories = [padded(entry.memory) if entry.memory else empty_memory(states) for entry in package.properties]
    places, formula_places = _write_memories(out, memories, [entry.twins for entry in package.properties])
    golden = [line for index, entry in enumerate(package.properties) for line in golden_lines(package, index, memories[index])]
    (out / "golden.jsonl").write_text("".join(json.dumps(line) + "\n" for line in golden))
    lines = "".join(f"{key}\t{','.join(map(str, indices))}\n" for key, indices in sorted(package.compositions.items()))
    _write_gzip(out / "training-compositions.tsv.gz", lines)
    (out / "MODEL_CARD.md").write_text(package.card)
    save_state(package, out / STATE_FILE)
    properties = []
    for entry, memory, tensors, formulas in zip(package.properties, memories, places, formula_places):
        properties.append(_property_json(entry, package.tokenizer, tensors, formulas if memory.formulas else None))
    names = sorted(path.name for path in out.iterdir() if path.is_file() and path.name != "manifest.json")
    manifest = {
        "format": 1, "kind": "value-token", "name": "darwin", "version": package.version,
        "trainedAt": package.trained_at or datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "parameters": sum(member.parameter_count() for member in package.graph.members), "seed": package.seed,
        "files": {name: {"sha256": hashlib.sha256((out / name).read_bytes()).hexdigest(), "bytes": (out / name).stat().st_size} for name in names},
        "graph": {"file": "darwin.onnx", "bins": K, "memoryInputs": MEMORY_INPUTS},
        "vocabulary": package.tokenizer.vocabulary, "properties": properties, "trainingData": package.training_data,
    }
    (out / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, separators=(",", ":")) + "\n")
    return out


def golden_lines(package: Package, index: int, memory: Memory) -> list[dict]:
    """What torch answers to the golden questions of one property, through the same module that is exported."""
    entry, tokenizer = package.properties[index], package.tokenizer
    instruction = torch.tensor(tokenizer.instruction(entry.task.wording.canonical))
    tensors = [torch.from_numpy(tensor) for tensor in memory_tensors(memory, entry.twins).values()]
    lines = []
    for formula, given in entry.golden[:GOLDEN_PER_PROPERTY]:
        amounts = parse_formula(formula)
        tokens, numbers = encode_row(amounts, encode_conditions(entry.conditions, given), tokenizer)
        with torch.no_grad():
            probabilities = package.graph(instruction, torch.tensor([tokens]), torch.tensor([numbers]), torch.tensor(index), *tensors)[0][0].numpy()
        if entry.bins is None:
            value = float(probabilities[1])
        else:
            value = float(plain(entry.task, entry.bins.median(probabilities[None].astype(np.float64))[0]))
            value *= sum(amounts.values()) if entry.task.per_atom else 1
        lines.append({"property": entry.task.property, "formula": formula, "conditions": given, "key": composition_key(amounts), "tokens": tokens,
                      "numbers": [float(np.float32(number)) for number in numbers],
                      "probabilities": [float(f"{probability:.7g}") for probability in probabilities], "value": value})
    return lines


def _write_memories(out: Path, memories: list[Memory], twins: list[Twins | None]) -> tuple[list[dict], list[dict]]:
    """memory.bin and memory-formulas.txt.gz; tensors that are equal are stored once."""
    blob, known, text = io.BytesIO(), {}, []
    places, formula_places = [], []
    for memory, computed in zip(memories, twins):
        entry = {}
        for name, tensor in memory_tensors(memory, computed).items():
            data = np.ascontiguousarray(tensor, TYPES[name]).tobytes()
            identity = hashlib.sha256(data).digest() + str(tensor.shape).encode()
            if identity not in known:
                blob.write(b"\0" * (-blob.tell() % ALIGNMENT))
                known[identity] = blob.tell()
                blob.write(data)
            entry[name] = {"file": "memory.bin", "type": TYPES[name], "shape": list(tensor.shape), "offset": known[identity]}
        places.append(entry)
        formula_places.append({"file": "memory-formulas.txt.gz", "offset": len(text), "rows": len(memory.formulas)})
        text.extend(memory.formulas)
    (out / "memory.bin").write_bytes(blob.getvalue())
    _write_gzip(out / "memory-formulas.txt.gz", "".join(f"{formula}\n" for formula in text))
    return places, formula_places


def _property_json(entry: PropertyEntry, tokenizer: Tokenizer, tensors: dict, formulas: dict | None) -> dict:
    task = entry.task
    result = {
        "key": task.property, "kind": task.kind, "unit": task.unit, "fidelity": task.fidelity,
        "transform": "identity" if task.scale == "identity" else "log10", "perAtom": task.per_atom,
        "prompt": task.wording.canonical, "promptTokens": tokenizer.instruction(task.wording.canonical),
    }
    if entry.bins is not None:
        result["bins"] = {"lower": [float(f"{edge:.9g}") for edge in entry.bins.lower], "upper": [float(f"{edge:.9g}") for edge in entry.bins.upper]}
    result.update(conditions=entry.conditions, desirability=entry.desirability, training=entry.training)
    if entry.evaluation:
        result["evaluation"] = entry.evaluation
    result["memory"] = {**tensors, **({"formulas": formulas} if formulas else {})}
    return result


def _write_gzip(path: Path, text: str) -> None:
    """Reproducible gzip: no time, no name."""
    with open(path, "wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as file:
        file.write(text.encode())
