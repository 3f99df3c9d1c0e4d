"""Builds the memory of a property and finds candidates in it (see memory_keys for what is compared)."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from .bins import Bins
from .data import TaskData
from .memory_keys import GROUPS, HIDDEN, RowFeatures
from .package import Memory

MAX_ROWS = 15000        # larger sets (DFT) go without: their rows are many enough to be learnt
CANDIDATES = 96         # nearest by hidden state and as many by composition, from which the fit picks


@dataclass
class Projection:
    """Principal axes of the hidden states of a property, scaled so that a pair of rows is at squared distance 2 on average."""

    matrix: torch.Tensor      # [states, HIDDEN]
    offset: torch.Tensor      # [HIDDEN]

    @classmethod
    def fit(cls, states: torch.Tensor) -> "Projection":
        centred = states - states.mean(0)
        covariance = (centred.t() @ centred / len(states)).double()
        values, vectors = torch.linalg.eigh(covariance)
        axes = vectors[:, -HIDDEN:].flip(1)
        if axes.shape[1] < HIDDEN:
            axes = torch.nn.functional.pad(axes, (0, HIDDEN - axes.shape[1]))
        matrix = (axes / values.clamp(min=0).sum().clamp(min=1e-9).sqrt()).float()
        return cls(matrix, states.mean(0) @ matrix)

    def keys(self, states: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        """[N, WIDTH]"""
        return torch.cat([states @ self.matrix - self.offset, features], dim=1)


def row_features(data: TaskData, features: RowFeatures) -> torch.Tensor:
    return features(torch.from_numpy(data.tokens), torch.from_numpy(data.numbers))


def quantized(keys: torch.Tensor) -> tuple[np.ndarray, torch.Tensor]:
    """int8 keys [N, WIDTH] and the step [WIDTH] of each column."""
    step = keys.abs().max(0).values.clamp(min=1e-6) / 127
    return (keys / step).round().numpy().astype(np.int8), step


def weighted_norms(keys: np.ndarray, step: torch.Tensor, scales: tuple[float, float, float]) -> np.ndarray:
    """Squared norms [N] of the keys under the scales of a property."""
    weights = torch.tensor(scales, dtype=torch.float32)[GROUPS] * step
    return (torch.from_numpy(keys).float() * weights).pow(2).sum(1).numpy()


def build_memory(data: TaskData, rows: np.ndarray, states: torch.Tensor, features: torch.Tensor, bins: Bins | None,
                 scales: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> tuple[Memory, Projection, torch.Tensor]:
    """Memory over ``rows`` of a task; states and features are of all its rows. Also the projection and the int8 steps."""
    projection = Projection.fit(states[rows])
    keys, step = quantized(projection.keys(states[rows], features[rows]))
    values = data.values[rows].astype(int) if bins is None else bins.index(data.values[rows])
    memory = Memory(keys, weighted_norms(keys, step, scales), values.astype(np.uint8), projection.matrix.numpy(), [data.formulas[row] for row in rows])
    return memory, projection, step


def candidate_distances(query: torch.Tensor, keys: torch.Tensor, groups: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Squared distances [Q, C, 3] by group (hidden, composition, conditions) to the likeliest neighbours, and their rows [Q, C]."""
    apart = torch.stack([torch.cdist(query[:, groups == group], keys[:, groups == group]).pow(2) for group in range(3)], dim=-1)
    count = min(CANDIDATES, len(keys))
    by_state = torch.topk(apart[..., 0] + apart[..., 2], count, largest=False).indices
    by_composition = torch.topk(apart[..., 1] + 0.1 * apart[..., 2], count, largest=False).indices
    rows = torch.cat([by_state, by_composition], dim=1)
    taken = torch.gather(apart, 1, rows.unsqueeze(-1).expand(-1, -1, 3))
    # A row that is in both lists must count once.
    ordered, place = rows.sort(dim=1)
    again = torch.zeros_like(rows, dtype=torch.bool).scatter(1, place[:, 1:], ordered[:, 1:] == ordered[:, :-1])
    return taken + 1e6 * again.unsqueeze(-1), rows
