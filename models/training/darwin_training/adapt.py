"""A package on a user's own measurements of one property: they join its memory, and mixing and calibration are fitted anew.

Weights stay as they are, so no other property can get worse: the adaptation of kNN-LM (Khandelwal et al. 2020, arXiv 1911.00172, section 4).
"""
from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from .data import TaskData, load_task
from .fit import STARTS, Evidence, calibrate, error, fit_memory
from .graph import AnswerGraph, Settings
from .memory import CANDIDATES, Projection, candidate_distances, quantized, row_features, weighted_norms
from .memory_keys import GROUPS, RowFeatures
from .package import Memory, Package, PropertyEntry, write_package
from .package_state import load_package
from .predict import answers
from .tasks import PROPERTY_TASKS

FOLDS = 5
MINIMUM_ROWS = 12


def load_own(path: Path, entry: PropertyEntry, tokenizer) -> TaskData:
    """The user's CSV: formula,value (in the API's unit) and the condition columns of the property."""
    task = entry.task if entry.task.scale != "stored_log10" else replace(entry.task, scale="log10")
    data = load_task(path, task, tokenizer)
    known, given = {item["name"] for item in entry.conditions}, {column.name for column in data.columns}
    if given != known:
        expected = ", ".join(sorted(known)) or "none"
        raise ValueError(f"{path}: conditions {', '.join(sorted(given)) or 'none'}: {entry.task.property} has {expected}")
    if len(set(data.keys)) < MINIMUM_ROWS:
        raise ValueError(f"{path}: {len(set(data.keys))} compositions: at least {MINIMUM_ROWS} are needed")
    return data


def _folds(data: TaskData) -> np.ndarray:
    return np.array([int(hashlib.sha256(key.encode()).hexdigest(), 16) % FOLDS for key in data.keys])


def own_evidence(entry: PropertyEntry, model: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, memory_keys: torch.Tensor,
                 memory_values: torch.Tensor, data: TaskData, with_own: bool) -> Evidence:
    """The user's rows, each answered with the memory and (``with_own``) the user's rows of the other folds."""
    folds, distances, neighbours, order = _folds(data), [], [], []
    for fold in range(FOLDS):
        asked, others = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        if not len(asked):
            continue
        pool = torch.cat([memory_keys, keys[others]]) if with_own else memory_keys
        stored = torch.cat([memory_values, values[others]]) if with_own else memory_values
        if len(pool) == 0:
            distance, near = torch.full((len(asked), 1, 3), 1e6), torch.zeros(len(asked), 1, dtype=torch.int64)
            stored = torch.zeros(1, dtype=torch.int64)
        else:
            distance, near = candidate_distances(keys[asked], pool, GROUPS)
        missing = 2 * CANDIDATES - distance.shape[1]
        distances.append(torch.nn.functional.pad(distance, (0, 0, 0, missing), value=1e6))
        neighbours.append(torch.nn.functional.pad(stored[near], (0, missing)))
        order.append(asked)
    rows = np.concatenate(order)
    return Evidence(model[rows], torch.cat(distances), torch.cat(neighbours), data.values[rows], entry.bins, entry.tables.histogram,
                    data.factor[rows], np.array(data.keys)[rows])


def adapt(folder: Path, csv: Path, property: str, version: str, out: Path) -> dict[str, float]:
    """Write ``out``/darwin-<version>; returns the cross-validated error on the user's rows before and after."""
    package: Package = load_package(folder)
    places = {entry.task.property: place for place, entry in enumerate(package.properties)}
    if property not in places:
        raise ValueError(f"{property} is no property of {folder.name}: {', '.join(task.property for task in PROPERTY_TASKS if task.property in places)}")
    entry = package.properties[places[property]]
    data = load_own(csv, entry, package.tokenizer)
    states, model = answers(list(package.graph.members), package.tokenizer, data, entry.tables.task)
    values = torch.from_numpy(data.values.astype(np.int64) if entry.bins is None else entry.bins.index(data.values))
    features = row_features(data, RowFeatures(package.tokenizer))
    if entry.memory is None:
        projection = Projection.fit(states)
        stored, stored_values, formulas = torch.zeros(0, len(GROUPS)), torch.zeros(0, dtype=torch.int64), []
    else:
        projection = Projection(torch.from_numpy(entry.memory.projection), entry.tables.offset)
        stored, stored_values = torch.from_numpy(entry.memory.keys.astype(np.float32)) * entry.tables.step, torch.from_numpy(entry.memory.values.astype(np.int64))
        formulas = entry.memory.formulas
    keys = projection.keys(states, features)
    before = own_evidence(entry, model, keys, values, stored, stored_values, data, with_own=False)
    evidence = own_evidence(entry, model, keys, values, stored, stored_values, data, with_own=True)
    settings = fit_memory(evidence)
    if settings.scales[0] == 0:
        settings = entry.tables.settings if entry.memory else STARTS[0]
    settings = calibrate({property: evidence}, {property: settings})[property]
    known = Settings() if entry.memory is None else entry.tables.settings
    errors = {"before": error(before, known), "after": error(evidence, settings), "rows": float(len(data))}
    joined, step = quantized(torch.cat([stored, keys]))
    entry.memory = Memory(joined, weighted_norms(joined, step, settings.scales), torch.cat([stored_values, values]).numpy().astype(np.uint8),
                          projection.matrix.numpy(), [*formulas, *data.formulas])
    entry.tables.settings, entry.tables.step, entry.tables.offset = settings, step, projection.offset
    entry.training = {**entry.training, "rows": entry.training["rows"] + len(data), "tasks": [*entry.training["tasks"], csv.stem]}
    entry.evaluation = None     # the published error is not that of the adapted property
    for key in data.keys:
        package.compositions.setdefault(key, [])
        package.compositions[key] = sorted({*package.compositions[key], places[property]})
    package.graph = AnswerGraph(list(package.graph.members), package.tokenizer, [item.tables for item in package.properties])
    package.version = version
    package.card += (f"\n## Adapted\n\n{property}: {len(data)} rows of `{csv.name}` joined the memory. Cross-validated error on them (median; log loss for a class, "
                     f"transformed units): {errors['before']:.4g} before, {errors['after']:.4g} after.\n")
    write_package(package, out / f"darwin-{version}")
    return errors
