"""The two stages as an experiment: base, +QA, +multi-task, QA + multi-task, and ExtraTrees, on one split without leaks.

Every cell is one small model of the same shape and the same number of optimiser steps on the task itself; results are
appended to a json file, so an interrupted run goes on where it stopped. Selection is not involved: no early stopping; errors are of the two folds that nothing was trained on.
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
from .corpus import Corpus, Sampler
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


def train_arm(corpus: Corpus, arm: str, ids: tuple[str, ...], seed: int, budget: Budget, scratch: Path) -> Darwin:
    """A model of one arm; ``ids`` are the tasks it is trained for (one for base and QA)."""
    torch.manual_seed(seed)
    model = Darwin(Config(vocabulary=len(corpus.tokenizer.vocabulary), tasks=len(corpus.ids), **SHAPE))
    model.prior.data.copy_(corpus.initial_prior())
    joint, asks = "multi-task" in arm, "QA" in arm
    stages = []
    if asks:
        stages.append((questions_only(corpus), Stage("questions", budget.questions, 3e-3)))
    if joint:
        computed = {id: len(corpus.train[id]) ** 0.5 for id, data in corpus.tasks.items() if data.task.fidelity == "dft"}
        stages.append((computed, Stage("computed sets", budget.computed, 3e-3)))
        stages.append((joint_weights(corpus, asks), Stage("all tasks", budget.joint, 2e-3)))
    else:
        stages.append(({id: 1.0 for id in ids}, Stage("one task", budget.single, 2e-3)))
    for index, (weights, stage) in enumerate(stages):
        sampler = Sampler(corpus, weights, 1000 * seed + index, groups=16)
        # Every arm that is asked questions first begins with the very same stage, so it is trained once a seed.
        name = f"questions-{seed}" if stage.name == "questions" else f"{arm}-{'-'.join(ids)}-{seed}-{index}"
        train_stage(model, sampler, stage, scratch / f"{name}.pt", seed, torch.float32)
    return model


def measure(corpus: Corpus, model: Darwin, id: str) -> dict[str, float]:
    """Held-out errors of the model alone: no memory, no calibration."""
    data = corpus.tasks[id]
    held = data.subset(held_out_rows(data))
    probabilities = answers([model], corpus.tokenizer, held, corpus.index[id])[1].double().numpy()
    if data.is_class:
        return classification_metrics(probabilities[:, 1], held.values)
    return regression_metrics(corpus.bins[id], probabilities, held.values, held.factor)


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
                model = train_arm(corpus, arm, TASKS, seed, budget, out)
                for id in missing:
                    add(arm, id, seed, measure(corpus, model, id), (time.process_time() - start) / len(TASKS))
                continue
            for id in missing:
                start = time.process_time()
                data = corpus.tasks[id]
                if arm == "ExtraTrees":
                    metrics = trees_on(data, _sample(corpus.train[id], MAX_TRAIN), held_out_rows(data), table, seed)
                else:
                    metrics = measure(corpus, train_arm(corpus, arm, (id,), seed, budget, out), id)
                add(arm, id, seed, metrics, time.process_time() - start)
    return results
