"""Computed twins: what was computed for the very composition that is asked about tells about what is measured.

Of the compounds with a PBE gap of zero 94 % are measured metals, of those above 1 eV one in twenty. So the band gap and the metal question look the
composition up among the computed gaps, and where it is there the answer is multiplied by the ratio of chances p(value | computed gap) / p(value), which the
compositions that have both give (Bayes' rule; the exponent is fitted, since the model has learnt part of it already).
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from .bins import K
from .corpus import Corpus
from .memory import indicators, masses
from .memory_keys import RowFeatures

TWIN_KEYS = 24                  # of the random projections of the composition: enough to tell compositions apart
STEP = 0.004                    # of the int8 keys
SAME, REACH = 2e-4, 1e-3        # squared distance that counts as the same composition, and that of a barely changed one
EDGES = np.array([0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0])      # of computed gaps, eV
LEVELS = len(EDGES) + 2         # zero has one of its own
WINDOW, RELATIVE_WINDOW = 0.1, 0.12     # within which computed values count as alike
SMOOTHING = 4.0                 # of the chances, in bins
PRIOR_ROWS = 10.0               # that the training histogram counts for
LARGEST = 4.0                   # log ratio


@dataclass
class Twins:
    """keys int8 [TWIN_KEYS, T], norms float32 [T], levels uint8 [T], ratios float32 [LEVELS, K] (logarithms)."""

    keys: np.ndarray
    norms: np.ndarray
    levels: np.ndarray
    ratios: np.ndarray

    @classmethod
    def none(cls) -> "Twins":
        return cls(np.zeros((TWIN_KEYS, 1), np.int8), np.full(1, 1e9, np.float32), np.zeros(1, np.uint8), np.zeros((LEVELS, K), np.float32))

    def tensors(self) -> dict[str, np.ndarray]:
        return {"twin_keys": self.keys, "twin_norms": self.norms, "twin_levels": self.levels, "twin_ratios": self.ratios}


def level_of(computed: np.ndarray) -> np.ndarray:
    """[N] computed gaps -> level, 0 for a gap of zero."""
    return np.where(computed <= 0, 0, 1 + np.searchsorted(EDGES, computed)).astype(np.uint8)


def log_ratios(features: torch.Tensor, keys: torch.Tensor, norms: torch.Tensor, levels: torch.Tensor, ratios: torch.Tensor) -> torch.Tensor:
    """Logarithm of the ratio of chances [B, K] for rows with features [B, FEATURES]; 0 where no twin is near. The arithmetic of the graph."""
    asked = features[:, :TWIN_KEYS]
    # Squared distances but for the query's own norm, which is added to the nearest alone: each pass over all twins counts.
    nearest, row = torch.topk((-2 * STEP * asked) @ keys.to(torch.float32) + norms, 1, dim=1, largest=False)
    return torch.exp(-(nearest + asked.pow(2).sum(1, keepdim=True) - SAME).clamp(min=0) / REACH) * ratios[levels.to(torch.int64)[row[:, 0]]]


def smoothed(chances: torch.Tensor, atom: int) -> torch.Tensor:
    """Chances [..., K] spread over neighbouring bins; the atom keeps to itself."""
    place = torch.arange(K, dtype=torch.float32)
    own = (place == atom).float()
    spread = torch.exp(-((place[:, None] - place) / SMOOTHING).pow(2) / 2) * (1 - own[:, None]) * (1 - own) + torch.diag(own)
    return chances @ (spread / spread.sum(1, keepdim=True))


def twins_of(corpus: Corpus, id: str, features: RowFeatures, histogram: torch.Tensor) -> Twins | None:
    """The computed set of a task as twins; chances come from the training rows alone. None without one, or where too few compositions have both."""
    measured, bins = corpus.tasks[id], corpus.bins[id]
    if measured.task.computed not in corpus.tasks:
        return None
    computed = corpus.tasks[measured.task.computed]
    value_of = dict(zip(computed.keys, computed.values))
    both = [row for row in corpus.train[id] if measured.keys[row] in value_of]
    if len(both) < 50:
        return None
    values = measured.values[both].astype(int) if bins is None else bins.index(measured.values[both])
    seen, own = np.array([value_of[measured.keys[row]] for row in both]), masses(indicators(torch.from_numpy(values)))
    levels = level_of(computed.values)
    chances = []
    for level in range(LEVELS):
        centre = computed.values[levels == level].mean() if (levels == level).any() else 0.0
        near = (seen <= 0) if level == 0 else np.exp(-np.abs(seen - centre) / (WINDOW + RELATIVE_WINDOW * centre)) * (seen > 0)
        weight = torch.from_numpy(near.astype(np.float32))
        chances.append((weight @ own + PRIOR_ROWS * histogram) / (weight.sum() + PRIOR_ROWS))
    chances, common = torch.stack(chances), histogram
    if bins is not None:
        chances, common = smoothed(chances, bins.atom), smoothed(histogram, bins.atom)
    ratios = torch.log(chances.clamp(min=1e-6) / common.clamp(min=1e-6)).clamp(-LARGEST, LARGEST)
    described = features(torch.from_numpy(computed.tokens), torch.from_numpy(computed.numbers))[:, :TWIN_KEYS]
    keys = (described / STEP).round().clamp(-127, 127)
    norms = (keys * STEP).pow(2).sum(1)
    return Twins(np.ascontiguousarray(keys.t().numpy().astype(np.int8)), norms.numpy(), levels, ratios.numpy())
