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
from .fit import Evidence, calibrate, error, fit_shares
from .graph import AnswerGraph
from .memory import Projection, embedding_spread, remember, row_features
from .memory_keys import WIDTH, RowFeatures
from .package import Package, PropertyEntry, write_package
from .package_state import load_package
from .predict import answers
from .tasks import PROPERTY_TASKS
from .twins import log_ratios

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
    features = row_features(data, RowFeatures(package.tokenizer, package.graph.elements))
    known = entry.memory
    if known is None:
        projection, spread = Projection.fit(states, features), embedding_spread(features)
        stored, stored_values, formulas = torch.zeros(0, WIDTH), torch.zeros(0, dtype=torch.int64), []
    else:
        projection, spread = Projection(torch.from_numpy(known.projection), entry.tables.offset), entry.tables.spread
        stored, stored_values = torch.from_numpy(known.keys.astype(np.float32)) * entry.tables.step, torch.from_numpy(known.values.astype(np.int64))
        formulas = known.formulas
    built = remember(torch.cat([stored, projection.keys(states, features)]), torch.cat([stored_values, values]), [*formulas, *data.formulas], projection,
                     spread, entry.tables.histogram, entry.bins is None)
    ratios = None if entry.twins is None else log_ratios(features, *(torch.from_numpy(tensor) for tensor in entry.twins.tensors().values()))
    folds = _folds(data)
    groups = [np.flatnonzero(folds == fold) for fold in range(FOLDS) if np.any(folds == fold)]
    order = np.concatenate(groups)
    left_out = lambda parts: torch.cat(built.regression.left_out([torch.from_numpy(part) + len(stored) for part in parts]))
    evidence_of = lambda memory, rows: Evidence(model[rows], memory, data.values[rows], entry.bins, entry.tables.histogram, data.factor[rows], np.array(data.keys)[rows],
                                                 None if ratios is None else ratios[rows])
    before = evidence_of(None if known is None else left_out([np.arange(len(data))]), np.arange(len(data)))
    evidence = evidence_of(left_out(groups), order)
    settings = calibrate({property: evidence}, {property: fit_shares(evidence)})[property]
    errors = {"before": error(before, entry.tables.settings), "after": error(evidence, settings), "rows": float(len(data))}
    entry.memory = built.memory
    entry.tables.settings, entry.tables.step, entry.tables.offset, entry.tables.spread = settings, built.step, projection.offset, spread
    entry.training = {**entry.training, "rows": entry.training["rows"] + len(data), "tasks": [*entry.training["tasks"], csv.stem]}
    entry.evaluation = None     # the published error is not that of the adapted property
    for key in data.keys:
        package.compositions.setdefault(key, [])
        package.compositions[key] = sorted({*package.compositions[key], places[property]})
    package.graph = AnswerGraph(list(package.graph.members), package.tokenizer, package.graph.elements, [item.tables for item in package.properties])
    package.version, package.trained_at = version, None
    package.card += (f"\n## Adapted\n\n{property}: {len(data)} rows of `{csv.name}` joined the memory. Cross-validated error on them (median; log loss for a class, "
                     f"transformed units): {errors['before']:.4g} before, {errors['after']:.4g} after.\n")
    write_package(package, out / f"darwin-{version}")
    return errors
