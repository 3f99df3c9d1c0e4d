"""From trained members to fitted settings and honest errors, on the two folds that the members never saw."""
from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch

from .corpus import TEST_FOLD, TUNE_FOLD, Corpus
from .data import TaskData
from .fit import Evidence, calibrate, fit_shares, mixed, recalibrated
from .graph import Settings
from .bins import K, Bins
from .memory import MAX_ROWS, build_memory, row_features
from .memory_keys import RowFeatures, element_axes
from .metrics import classification_metrics, regression_metrics
from .model import Darwin
from .predict import answers
from .runs import SPLITS, load_member
from .twins import log_ratios, twins_of

HELD_OUT_ROWS = 2500        # of a large DFT set, per fold; a seeded sample
LEVELS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def histogram(corpus: Corpus, id: str) -> torch.Tensor:
    """Training histogram [K] of a task, every bin at least a little."""
    data, values = corpus.tasks[id], corpus.tasks[id].values[corpus.train[id]]
    counts = np.bincount(values.astype(int), minlength=K).astype(float) if data.is_class else np.bincount(corpus.bins[id].index(values), minlength=K) + 0.5
    return torch.tensor(counts / counts.sum(), dtype=torch.float32)


def load_members(paths: list[Path], corpus: Corpus) -> list[Darwin]:
    members = []
    for path in paths:
        model, saved = load_member(path)
        if saved["tasks"] != corpus.ids or saved["vocabulary"] != corpus.tokenizer.vocabulary:
            raise ValueError(f"{path}: was trained on other tasks or another vocabulary than this data folder gives")
        members.append(model)
    return members


def _sample(rows: np.ndarray, limit: int) -> np.ndarray:
    return rows if len(rows) <= limit else np.sort(np.random.default_rng(0).choice(rows, limit, replace=False))


def held_rows(data: TaskData) -> dict[int, np.ndarray]:
    """The rows of each held-out fold that are measured."""
    return {fold: _sample(np.flatnonzero(data.folds == fold), HELD_OUT_ROWS) for fold in (TUNE_FOLD, TEST_FOLD)}


class Held:
    """Answers of model and memory for one property on its held-out rows."""

    def __init__(self, corpus: Corpus, members: list[Darwin], id: str, features: RowFeatures):
        full: TaskData = corpus.tasks[id]
        train = corpus.train[id]
        remembers = len(train) <= MAX_ROWS
        parts = held_rows(full)
        kept = np.concatenate([*(parts.values()), train if remembers else train[:0]])
        data = full.subset(kept)
        states, model = answers(members, corpus.tokenizer, data, corpus.index[id])
        bins: Bins | None = corpus.bins[id]
        held, common = len(parts[TUNE_FOLD]) + len(parts[TEST_FOLD]), histogram(corpus, id)
        memory = None
        described = row_features(data, features)
        if remembers:
            memory = build_memory(data, np.arange(held, len(kept)), states, described, bins, common).answers(states[:held], described[:held])
        twins = twins_of(corpus, id, features, common)
        ratios = None if twins is None else log_ratios(described[:held], *(torch.from_numpy(tensor) for tensor in twins.tensors().values()))
        self.evidence, start, factor, keys = {}, 0, data.factor, np.array(data.keys)
        for fold in (TUNE_FOLD, TEST_FOLD):
            rows = slice(start, start + len(parts[fold]))
            start = rows.stop
            self.evidence[fold] = Evidence(model[rows], None if memory is None else memory[rows], data.values[rows], bins, common, factor[rows], keys[rows],
                                           None if ratios is None else ratios[rows])

    def pooled(self) -> Evidence:
        a, b = self.evidence[TUNE_FOLD], self.evidence[TEST_FOLD]
        memory = None if a.memory is None else torch.cat([a.memory, b.memory])
        return Evidence(torch.cat([a.model, b.model]), memory, np.concatenate([a.values, b.values]), a.bins, a.histogram,
                        np.concatenate([a.factor, b.factor]), np.concatenate([a.keys, b.keys]), None if a.ratios is None else torch.cat([a.ratios, b.ratios]))


def fitted(evidence: dict[str, Evidence]) -> dict[str, Settings]:
    """Shares and calibration of every property on the rows given."""
    settings = {id: fit_shares(item) if len(item.values) else Settings() for id, item in evidence.items()}
    return calibrate(evidence, settings)


def crossed(evidence: dict[int, Evidence], settings: dict[int, Settings]) -> np.ndarray:
    """Distributions of the rows of both folds, each with what was fitted on the other."""
    return np.concatenate([recalibrated(mixed(evidence[fold], settings[other]), settings[other].slope, settings[other].shift)
                           for fold, other in ((TUNE_FOLD, TEST_FOLD), (TEST_FOLD, TUNE_FOLD))])


def measured(evidence: Evidence, probabilities: np.ndarray) -> dict[str, float]:
    if evidence.bins is None:
        return classification_metrics(probabilities[:, 1] / probabilities[:, :2].sum(1), evidence.values)
    return regression_metrics(evidence.bins, probabilities, evidence.values, evidence.factor)


def predictions(evidence: Evidence, probabilities: np.ndarray) -> dict[str, list[float]]:
    """What the figures of the report need: values, predictions, and the measured coverage of nine levels."""
    rounded = lambda values: [float(f"{value:.5g}") for value in values]
    if evidence.bins is None:
        return {"values": rounded(evidence.values), "predicted": rounded(probabilities[:, 1] / probabilities[:, :2].sum(1))}
    coverage = []
    for level in LEVELS:
        lower, upper = evidence.bins.quantile(probabilities, (1 - level) / 2), evidence.bins.quantile(probabilities, (1 + level) / 2)
        coverage.append(np.mean((evidence.values >= lower) & (evidence.values <= upper)))
    return {"values": rounded(evidence.values), "predicted": rounded(evidence.bins.median(probabilities)), "coverage": rounded(coverage)}


def assess(data: Path, member_paths: list[Path], out: Path) -> dict:
    """Write ``out`` (json): per property the settings for shipping and the errors on both held-out folds.

    The members saw neither fold; the settings that answer one fold are fitted on the other, those that ship on both.
    """
    corpus = Corpus(data, SPLITS["split"])
    members = load_members(member_paths, corpus)
    features = RowFeatures(corpus.tokenizer, element_axes(members))
    cache, held, names = out.with_suffix(".held"), {}, [str(path) for path in member_paths]
    if cache.exists() and torch.load(cache)["members"] == names:
        held = torch.load(cache)["held"]
    for task in corpus.property_tasks:
        if task.id not in held:
            held[task.id] = Held(corpus, members, task.id, features)
            print(task.id, *(len(part.values) for part in held[task.id].evidence.values()), flush=True)
    torch.save({"members": names, "held": held}, cache)
    by_fold = {fold: fitted({id: item.evidence[fold] for id, item in held.items()}) for fold in (TUNE_FOLD, TEST_FOLD)}
    shipped = fitted({id: item.pooled() for id, item in held.items()})
    result = {"members": [str(path.parent.name) for path in member_paths], "properties": {}}
    for id, item in held.items():
        distribution, everything = crossed(item.evidence, {fold: by_fold[fold][id] for fold in by_fold}), item.pooled()
        result["properties"][id] = {
            "settings": {fold: asdict(by_fold[fold][id]) for fold in by_fold}, "shipped": asdict(shipped[id]), "test": measured(everything, distribution),
            "model_alone": measured(everything, everything.model.double().numpy()), "predictions": predictions(everything, distribution)}
        if everything.ratios is not None:
            plain = crossed(item.evidence, {fold: replace(by_fold[fold][id], twin=0.0) for fold in by_fold})
            result["properties"][id]["without_twins"] = measured(everything, plain)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(result))
    print_table(result)
    return result


def print_table(result: dict, baseline: dict | None = None) -> None:
    for id, entry in result["properties"].items():
        test, alone = entry["test"], entry["model_alone"]
        trees = (baseline or {}).get(id, {})
        if "mae" in test:
            print(f"{id:34s} {test['rows']:5d} MAE {test['mae']:9.4g} (model alone {alone['mae']:9.4g}, trees {trees.get('mae', float('nan')):9.4g}) "
                  f"coverage {test['coverage90']:.2f} ({alone['coverage90']:.2f})")
        else:
            print(f"{id:34s} {test['rows']:5d} bal {test['balanced_accuracy']:.3f} ({alone['balanced_accuracy']:.3f}, trees {trees.get('balanced_accuracy', float('nan')):.3f}) "
                  f"AUC {test['auc']:.3f} ({alone['auc']:.3f}, trees {trees.get('auc', float('nan')):.3f}) ECE {test['ece']:.3f}")
