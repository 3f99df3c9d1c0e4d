"""What members say of the held-out rows of a property, as a table for programs that need beliefs about compositions the model has not seen."""
from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import torch

from .assess import crossed, held_rows
from .corpus import TEST_FOLD, TUNE_FOLD, build_tokenizer
from .data import load_tasks
from .graph import Settings

NODES = 64                  # quantiles by which mean and deviation are taken


def held_out(folder: Path, fit_path: Path, id: str, out: Path) -> int:
    """Write ``out`` (CSV: formula, value, mean, deviation; transformed units) for a regression's held-out compositions; returns how many.

    ``fit_path``: what assess wrote, with its .held beside it. A composition with several rows counts once, with their median.
    """
    fit = json.loads(fit_path.read_text())["properties"][id]
    evidence = torch.load(fit_path.with_suffix(".held"))["held"][id].evidence
    if evidence[TEST_FOLD].bins is None:
        raise ValueError(f"{id} is a classification: there is no value to believe in")
    data = load_tasks(folder, build_tokenizer(folder), [id])[id]
    rows = held_rows(data)
    if any(not np.array_equal(data.values[rows[fold]], evidence[fold].values) for fold in rows):
        raise ValueError(f"{fit_path}: was made from other data than {folder} holds")
    probabilities = crossed(evidence, {int(fold): Settings(**settings) for fold, settings in fit["settings"].items()})
    bins = evidence[TEST_FOLD].bins
    nodes = np.stack([bins.quantile(probabilities, (node + 0.5) / NODES) for node in range(NODES)])
    where: dict[str, list[int]] = {}
    order = np.concatenate([rows[fold] for fold in (TUNE_FOLD, TEST_FOLD)])
    for place, row in enumerate(order):
        where.setdefault(data.keys[row], []).append(place)
    with out.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["formula", "value", "mean", "deviation"])
        for places in where.values():
            first = places[0]
            table.writerow([data.formulas[order[first]], *(f"{value:.6g}" for value in (
                np.median(data.values[order[places]]), nodes[:, first].mean(), nodes[:, first].std()))])
    return len(where)
