"""Computed twins: compositions that were computed but not measured, as soft rows of a measured property's memory.

A computed band gap is no measured one, but it says much about it: of the compounds with a PBE gap of zero 94 % are measured metals, of those above 1 eV
one in twenty. Such a row enters the regression with a distribution instead of a value (soft indicator kriging: Journel 1986, Math. Geol. 18,
269), estimated from the compositions that have both, and with more noise.
"""
from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from .corpus import Corpus
from .memory import SoftRows, indicators, row_features
from .memory_keys import RowFeatures
from .model import Darwin
from .predict import answers

TWINS = 8000
WIDTH, RELATIVE_WIDTH = 0.1, 0.12       # of the window of computed values that count as alike: absolute and relative


def conditional(asked: np.ndarray, computed: np.ndarray, functions: torch.Tensor) -> torch.Tensor:
    """Mean of the functions [M, K] of rows whose computed values [M] are like those asked [N]; zero is like zero only."""
    result = []
    for value in asked:
        near = (computed == 0) if value == 0 else np.exp(-np.abs(computed - value) / (WIDTH + RELATIVE_WIDTH * abs(value))) * (computed != 0)
        weight = torch.from_numpy(near.astype(np.float32))
        result.append((weight @ functions) / weight.sum().clamp(min=1e-9))
    return torch.stack(result)


def twins_of(corpus: Corpus, members: list[Darwin], id: str, features: RowFeatures) -> SoftRows | None:
    """Computed rows for the memory of a task, those of few elements first; None without a computed set, or where too few compositions have both."""
    measured = corpus.tasks[id]
    if measured.task.computed not in corpus.tasks:
        return None
    computed, train = corpus.tasks[measured.task.computed], corpus.train[id]
    value_of = dict(zip(computed.keys, computed.values))
    both = [row for row in train if measured.keys[row] in value_of]
    own = {measured.keys[row] for row in train}
    free = np.array([row for row, key in enumerate(computed.keys) if key not in own], dtype=np.int64)
    if len(both) < 50 or not len(free):
        return None
    order = np.lexsort((np.random.default_rng(0).random(len(free)), computed.lengths[free]))
    data = computed.subset(np.sort(free[order[:TWINS]]))
    bins = corpus.bins[id]
    values = measured.values[both].astype(int) if bins is None else bins.index(measured.values[both])
    functions = conditional(data.values, np.array([value_of[measured.keys[row]] for row in both]), indicators(torch.from_numpy(values)))
    states, _ = answers(members, corpus.tokenizer, replace(data, task=measured.task), corpus.index[id])
    return SoftRows(states, row_features(data, features), functions, data.formulas)
