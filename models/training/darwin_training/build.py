"""Assembles a package from members, the fitted settings and the data."""
from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

from .assess import histogram, load_members
from .corpus import Corpus
from .data import TaskData, data_identity, plain
from .graph import AnswerGraph, PropertyTables, Settings
from .memory import build_memory, row_features
from .memory_keys import RowFeatures, element_axes
from .model import Darwin
from .model_card import model_card
from .package import Package, PropertyEntry, condition_entry, write_package
from .package_state import rounded_to_half
from .predict import answers
from .runs import SPLITS, load_member
from .tasks import TASKS, Task
from .twins import twins_of

SPLIT_TEXT = "20 % of the compositions, by hash, absent from every task that was trained on"
TWIN_TEXT = "; the computed gaps that it looks up may be of the tested compositions"
GOLDEN = {"BAND_GAP": ["GaAs", "Si", "TiO2"], "SUPERCONDUCTOR_TC": ["YBa2Cu3O7", "MgB2", "Nb3Sn"], "YIELD_STRENGTH_STEEL": ["Fe0.7Ni0.18Co0.08Mo0.03Ti0.01"]}
GOLDEN_DEFAULT = ["GaAs", "Fe2O3"]


def condition_entries(data: TaskData) -> list[dict]:
    """The manifest's conditions of a property, in the order of the row's tokens, with the ranges of the data."""
    entries = []
    for condition in data.columns:
        cells = [row[condition.name] for row in data.conditions]
        if condition.values:
            default = None
            if condition.name == "testType":
                common = max(set(cells), key=cells.count)
                default = next(value for value, word in condition.values.items() if word == common)
            entries.append(condition_entry(condition, default=default))
        else:
            numbers = [float(cell) for cell in cells]
            entries.append(condition_entry(condition, min(numbers), max(numbers)))
    return entries


def evaluation_entry(task: Task, fit: dict, trees: dict) -> dict | None:
    """The manifest's evaluation: held-out folds of the split-trained members, and ExtraTrees on the same rows."""
    measured = fit["properties"].get(task.id)
    if measured is None or task.id not in trees:
        return None
    test = measured["test"]
    name = "balanced_accuracy" if task.kind == "classification" else "mae"
    if np.isnan(test[name]) or np.isnan(trees[task.id][name]):
        return None
    metric = "balanced accuracy" if task.kind == "classification" else "MAE" if task.scale == "identity" else "MAE log10"
    entry = {"metric": metric, "value": round(test[name], 5), "baseline": round(trees[task.id][name], 5), "baselineName": "ExtraTrees",
             "rows": test["rows"], "split": SPLIT_TEXT + (TWIN_TEXT if "without_twins" in measured else "")}
    if "coverage90" in test:
        entry["intervalCoverage90"] = round(test["coverage90"], 4)
    return entry


def property_entry(corpus: Corpus, members: list[Darwin], features: RowFeatures, task: Task, fit: dict, trees: dict) -> PropertyEntry:
    data = corpus.tasks[task.id]
    fitted = fit["properties"].get(task.id)
    settings = Settings(**{**fitted["shipped"], "shares": tuple(fitted["shipped"]["shares"])}) if fitted else Settings()
    bins = corpus.bins[task.id]
    tables = PropertyTables(corpus.index[task.id], data.is_class, bins.atom if bins else -1, histogram(corpus, task.id), settings)
    memory = None
    if settings.shares[0] < 1:
        states, _ = answers(members, corpus.tokenizer, data, corpus.index[task.id])
        built = build_memory(data, np.arange(len(data)), states, row_features(data, features), bins, tables.histogram)
        memory, tables.offset, tables.step, tables.spread = built.memory, built.projection.offset, built.step, built.spread
    values = plain(task, data.values) * data.factor
    low, high = (0.0, 1.0) if data.is_class else np.quantile(values, [0.05, 0.95])
    training = {"rows": len(data), "compositions": len(set(data.keys)), "tasks": [task.id, *task.related]}
    golden = [(formula, {}) for formula in GOLDEN.get(task.property, GOLDEN_DEFAULT)]
    if any(condition.name == "temperature" for condition in data.columns):
        golden.append(("Bi2Te3", {"temperature": 450.0}))
    return PropertyEntry(task, tables, bins, condition_entries(data), {"low": float(low), "high": float(high)}, training,
                         evaluation_entry(task, fit, trees), memory, golden, twins_of(corpus, task.id, features, tables.histogram))


def build(folder: Path, member_paths: list[Path], fit_path: Path, trees_path: Path, version: str, out: Path) -> Path:
    """Write ``out``/darwin-<version>."""
    fit = json.loads(fit_path.read_text())
    trees = json.loads(trees_path.read_text()) if trees_path.exists() else {}
    saved = [load_member(path)[1] for path in member_paths]
    corpus = Corpus(folder, SPLITS[saved[0]["split"]])
    members = [rounded_to_half(member) for member in load_members(member_paths, corpus)]
    elements = element_axes(members)
    features = RowFeatures(corpus.tokenizer, elements)
    entries = []
    for task in corpus.property_tasks:
        entries.append(property_entry(corpus, members, features, task, fit, trees))
        print(task.id, "memory of", len(entries[-1].memory.formulas) if entries[-1].memory else 0, flush=True)
    compositions: dict[str, list[int]] = {}
    for index, task in enumerate(corpus.property_tasks):
        keys = {key for id in (task.id, *task.related) if id in corpus.tasks for key in corpus.tasks[id].keys}
        for key in keys:
            compositions.setdefault(key, []).append(index)
    rows = sum(len(data) for data in corpus.tasks.values())
    training = {"tasks": sum(id in TASKS for id in corpus.tasks), "rows": rows, "sha256": data_identity(folder)}
    graph = AnswerGraph(members, corpus.tokenizer, elements, [entry.tables for entry in entries])
    card = model_card(version, entries, fit, trees, members, [item["split"] for item in saved], training)
    package = Package("darwin", version, saved[0]["seed"], graph, corpus.tokenizer, entries, compositions, training, card)
    with torch.no_grad():
        return write_package(package, out / f"darwin-{version}")
