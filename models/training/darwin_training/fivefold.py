"""Five-fold cross-validation of a small task: a base that never saw its compositions, and for each fold a branch that saw the other four.

The two held-out folds give a set of a few hundred rows too small a test; here every row is tested once. Model and memory have equal shares:
nothing is fitted on the rows that are measured.
"""
from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

from . import mixture
from .assess import histogram
from .chemistry import FOLDS
from .corpus import Corpus, Sampler
from .data import TaskData
from .fit import EQUAL, Evidence, mixed
from .graph import Settings
from .memory import build_memory, row_features
from .memory_keys import RowFeatures, element_axes
from .model import Config, Darwin
from .predict import answers
from .trainer import Stage, train_stage

PARTS = 5
BRANCH_SHARE = 0.12     # of the branch's samples: about as many passes over a small set as a whole training gives it


def _model(corpus: Corpus, shape: dict, seed: int) -> Darwin:
    torch.manual_seed(seed)
    model = Darwin(Config(vocabulary=len(corpus.tokenizer.vocabulary), tasks=len(corpus.ids), **shape))
    model.prior.data.copy_(corpus.initial_prior())
    return model


def five_fold(data: Path, id: str, out: Path, shape: dict, seed: int, steps: tuple[int, int, int], precision: torch.dtype = torch.float32,
              stage1: Path | None = None) -> dict:
    """Write ``out``/five-fold.json: errors by fold, of the model alone and with its memory. Resumable.

    steps: of stage 1, of stage 2 without the task, of each branch. stage1: a checkpoint of stage 1 to start from (it holds no measured task).
    """
    out.mkdir(parents=True, exist_ok=True)
    corpus = Corpus(data, set(range(FOLDS)))
    task: TaskData = corpus.tasks[id]
    own = set(task.keys)
    for other, rows in corpus.train.items():
        corpus.train[other] = np.array([row for row in rows if corpus.tasks[other].keys[row] not in own], dtype=np.int64) if other != id else rows[:0]
    base = _model(corpus, shape, seed)
    if stage1 is not None:
        base.load_state_dict(torch.load(stage1)["average"])
    else:
        train_stage(base, Sampler(corpus, mixture.stage1(corpus), seed), Stage("stage 1", steps[0], 4e-3, dropout=0.05), out / "stage1.pt", seed, precision)
    weights = mixture.stage2(corpus)
    train_stage(base, Sampler(corpus, weights, seed + 1), Stage("stage 2", steps[1], 3e-3, dropout=shape["dropout"]), out / "stage2.pt", seed + 1, precision)
    part = task.folds % PARTS
    results = []
    for fold in range(PARTS):
        tested, known = np.flatnonzero(part == fold), np.flatnonzero(part != fold)
        corpus.train[id] = known
        model = _model(corpus, shape, seed)
        model.load_state_dict(base.state_dict())
        model.prior.data[corpus.index[id]] = corpus.initial_prior()[corpus.index[id]]
        mixed_in = {**{other: (1 - BRANCH_SHARE) * weight for other, weight in weights.items()}, id: BRANCH_SHARE}
        train_stage(model, Sampler(corpus, mixed_in, seed + 2 + fold), Stage(f"branch {fold}", steps[2], 1.5e-3, dropout=shape["dropout"]),
                    out / f"branch{fold}.pt", seed + 2 + fold, precision)
        results.append({"fold": fold, **measure(corpus, model, task, id, tested, known)})
        print(results[-1], flush=True)
    summary = {"task": id, "folds": results}
    for name in ("model_alone", "with_memory"):
        errors = np.array([entry[name] for entry in results])
        summary[name] = {"mae": float(errors.mean()), "standard_error": float(errors.std(ddof=1) / PARTS ** 0.5)}
    (out / "five-fold.json").write_text(json.dumps(summary, indent=1))
    return summary


def measure(corpus: Corpus, model: Darwin, task: TaskData, id: str, tested: np.ndarray, known: np.ndarray) -> dict:
    """Mean absolute errors of the median on rows ``tested``; the memory holds rows ``known``."""
    states, alone = answers([model], corpus.tokenizer, task, corpus.index[id])
    described = row_features(task, RowFeatures(corpus.tokenizer, element_axes([model])))
    common = histogram(corpus, id)
    memory = build_memory(task, known, states, described, corpus.bins[id], common).answers(states[tested], described[tested])
    evidence = Evidence(alone[tested], memory, task.values[tested], corpus.bins[id], common, task.factor[tested], np.array(task.keys)[tested])
    mae = lambda probabilities: float(np.mean(np.abs(corpus.bins[id].median(probabilities) - evidence.values) * evidence.factor))
    return {"rows": len(tested), "model_alone": mae(alone[tested].double().numpy()), "with_memory": mae(mixed(evidence, Settings(shares=EQUAL)))}
