"""The two stages as an experiment: base, +QA, +multi-task, QA + multi-task, and ExtraTrees, on one split without leaks.

Every cell is one small model of the same shape; results are appended to a json file, so an interrupted run goes on where it
stopped. Errors are of the two folds that nothing was trained on. Every arm is stopped for each task at its best (a small task trained on
its own would overfit, and lend the others an improvement that is none): where to stop for the rows of one fold is read from those of the other.
"""
from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from .assess import _sample
from .baselines import MAX_TRAIN, fact_table, held_out_rows, trees_on
from .corpus import TEST_FOLD, TUNE_FOLD, Corpus, Sampler
from .metrics import classification_metrics, regression_metrics
from .mixture import STAGE2_QUESTIONS
from .model import Config, Darwin
from .predict import answers
from .runs import SPLITS
from .trainer import Stage, train_stage

TASKS = ("matbench_expt_gap", "matbench_expt_is_metal", "matbench_glass", "matbench_steels",
         "superconductor_tc", "thermal_conductivity", "melting_temperature", "hea_hardness")
ARMS = ("base", "QA", "multi-task", "QA + multi-task", "ExtraTrees")
SHAPE = dict(width=128, layers=3, heads=4, feed_forward=344, dropout=0.15)
DFT_SHARE = 0.4


@dataclass(frozen=True)
class Budget:
    """Optimiser steps of a batch of 16 prompts x 16 rows."""

    questions: int = 300
    computed: int = 1000        # stage 1 of the arms with many tasks
    single: int = 400           # of a task on its own
    joint: int = 1500           # of all tasks together


def questions_only(corpus: Corpus) -> dict[str, float]:
    return {id: 1.0 for id, data in corpus.tasks.items() if data.task.fidelity == "qa"}


def joint_weights(corpus: Corpus, questions: bool) -> dict[str, float]:
    """The eight tasks by the square root of their size, all DFT sets, and the questions if asked for."""
    weights = {id: len(corpus.train[id]) ** 0.5 for id in TASKS}
    total = sum(weights.values())
    weights = {id: (1 - DFT_SHARE - STAGE2_QUESTIONS) * weight / total for id, weight in weights.items()}
    for fidelity, share in (("dft", DFT_SHARE), ("qa", STAGE2_QUESTIONS * questions)):
        ids = [id for id, data in corpus.tasks.items() if data.task.fidelity == fidelity]
        sizes = np.sqrt([len(corpus.train[id]) for id in ids])
        weights.update(dict(zip(ids, share * sizes / sizes.sum())))
    return weights


class Stopping:
    """Answers of the averaged weights to the held-out rows of ``ids`` at every look, of which the best are taken fold by fold."""

    def __init__(self, corpus: Corpus, ids: tuple[str, ...]):
        self.corpus = corpus
        self.held = {id: corpus.tasks[id].subset(held_out_rows(corpus.tasks[id])) for id in ids}
        self.looks: dict[str, list[np.ndarray]] = {id: [] for id in ids}

    def __call__(self, model: Darwin) -> None:
        for id, held in self.held.items():
            self.looks[id].append(answers([model], self.corpus.tokenizer, held, self.corpus.index[id])[1].double().numpy())

    def _error(self, id: str, probabilities: np.ndarray, rows: np.ndarray) -> float:
        """Mean absolute error of the median, or cross entropy of a class."""
        values = self.held[id].values[rows]
        if self.held[id].is_class:
            return float(-np.log(np.clip(probabilities[rows, values.astype(int)], 1e-9, None)).mean())
        return float(np.abs(values - self.corpus.bins[id].median(probabilities[rows])).mean())

    def metrics(self, id: str) -> dict[str, float]:
        """Errors of the model alone: no memory, no calibration."""
        held = self.held[id]
        best = np.empty_like(self.looks[id][0])
        for fold in (TUNE_FOLD, TEST_FOLD):
            others = np.flatnonzero(held.folds != fold)
            stop = int(np.argmin([self._error(id, look, others) for look in self.looks[id]]))
            best[held.folds == fold] = self.looks[id][stop][held.folds == fold]
        if held.is_class:
            return classification_metrics(best[:, 1], held.values)
        return regression_metrics(self.corpus.bins[id], best, held.values, held.factor)


def train_arm(corpus: Corpus, arm: str, ids: tuple[str, ...], seed: int, budget: Budget, scratch: Path) -> Stopping:
    """Train a model of one arm and return what it answered on the way; ``ids`` are the tasks it is trained for (one for base and QA)."""
    torch.manual_seed(seed)
    model = Darwin(Config(vocabulary=len(corpus.tokenizer.vocabulary), tasks=len(corpus.ids), **SHAPE))
    model.prior.data.copy_(corpus.initial_prior())
    joint, asks = "multi-task" in arm, "QA" in arm
    earlier = []
    if asks:
        # Every arm that is asked questions first begins with the very same stage, so it is trained once a seed.
        earlier.append((questions_only(corpus), Stage("questions", budget.questions, 3e-3), scratch / f"questions-{seed}.pt"))
    if joint:
        computed = {id: len(corpus.train[id]) ** 0.5 for id, data in corpus.tasks.items() if data.task.fidelity == "dft"}
        earlier.append((computed, Stage("computed sets", budget.computed, 3e-3), scratch / f"{arm}-{seed}.pt"))
        weights, stage, every = joint_weights(corpus, asks), Stage("all tasks", budget.joint, 2e-3), 75
    else:
        weights, stage, every = {id: 1.0 for id in ids}, Stage("one task", budget.single, 2e-3), 25
    for index, (mixture, first, checkpoint) in enumerate(earlier):
        train_stage(model, Sampler(corpus, mixture, 1000 * seed + index, groups=16), first, checkpoint, seed)
    stopping = Stopping(corpus, ids)
    # Without a checkpoint: what was answered before one would be missing.
    train_stage(model, Sampler(corpus, weights, 1000 * seed + len(earlier), groups=16), stage, None, seed, watch=stopping, watch_every=every)
    return stopping


def experiment(folder: Path, out: Path, seeds: list[int], budget: Budget = Budget(), arms: tuple[str, ...] = ARMS) -> list[dict]:
    """Run what is missing in ``out``/experiment.json and return all results."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / "experiment.json"
    results = json.loads(path.read_text()) if path.exists() else []
    done = {(entry["arm"], entry["task"], entry["seed"]) for entry in results}
    corpus = Corpus(folder, SPLITS["split"], None)
    table = fact_table(folder)

    def add(arm: str, id: str, seed: int, metrics: dict, seconds: float) -> None:
        results.append({"arm": arm, "task": id, "seed": seed, "seconds": round(seconds, 1), **metrics})
        path.write_text(json.dumps(results, indent=1))
        print(results[-1], flush=True)

    for seed in seeds:
        for arm in arms:
            missing = [id for id in TASKS if (arm, id, seed) not in done]
            if not missing:
                continue
            if "multi-task" in arm:
                start = time.process_time()
                stopping = train_arm(corpus, arm, TASKS, seed, budget, out)
                for id in missing:
                    add(arm, id, seed, stopping.metrics(id), (time.process_time() - start) / len(TASKS))
                continue
            for id in missing:
                start = time.process_time()
                data = corpus.tasks[id]
                if arm == "ExtraTrees":
                    metrics = trees_on(data, _sample(corpus.train[id], MAX_TRAIN), held_out_rows(data), table, seed)
                else:
                    metrics = train_arm(corpus, arm, (id,), seed, budget, out).metrics(id)
                add(arm, id, seed, metrics, time.process_time() - start)
    return results
