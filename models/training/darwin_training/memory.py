"""The memory: training rows whose distributions are interpolated by kernel ridge regression.

Two kernels, one of hidden states and one of compositions, each times the conditions, and for each a regression of the whole distribution
function on the rows (indicator kriging: Journel 1983, Math. Geol. 15, 445): F(u | x) = F0(u) + sum_i k(x, x_i) a_i(u), F0 the training
histogram, to which it falls back far from all rows. k = exp(-distance), the Matern kernel of order 1/2. The a_i are kept as their
COMPONENTS principal components in 16 bits.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from .bins import K, Bins
from .data import TaskData
from .memory_keys import COMPOSITION, CONDITION, FRACTIONS, ELEMENTS, HIDDEN, STATE, RowFeatures, column_weights

MAX_ROWS = 15000        # larger sets (DFT) go without: their rows are many enough to be learnt
KERNELS = 2             # of hidden states, of compositions
COMPONENTS = 24
SOFTENING = 0.01        # of squared distances: rounding of nearly equal keys must not show
NOISE, CLASS_NOISE = 0.1, 0.3
BLOCK = 2048


@dataclass
class Memory:
    """keys int8 [N, WIDTH], norms float32 [KERNELS, N], coefficients int8 [N, KERNELS * 2 * COMPONENTS] (high and low bytes of each
    kernel), basis float32 [2 * COMPONENTS, K], values uint8 [N] (bin or class), projection float32 [states, HIDDEN], formulas of the N rows."""

    keys: np.ndarray
    norms: np.ndarray
    coefficients: np.ndarray
    basis: np.ndarray
    values: np.ndarray
    projection: np.ndarray
    formulas: list[str]


@dataclass
class Projection:
    """Principal axes of the hidden states of a property, scaled so that a pair of rows is at squared distance 2 on average, and the centre of its keys.

    Without the centre the int8 keys of much alike rows (steels) would be coarse, and their distances small differences of large numbers.
    """

    matrix: torch.Tensor      # [states, HIDDEN]
    offset: torch.Tensor      # [WIDTH]

    @classmethod
    def fit(cls, states: torch.Tensor, features: torch.Tensor) -> "Projection":
        centred = states - states.mean(0)
        covariance = (centred.t() @ centred / len(states)).double()
        values, vectors = torch.linalg.eigh(covariance)
        axes = vectors[:, -HIDDEN:].flip(1)
        if axes.shape[1] < HIDDEN:
            axes = torch.nn.functional.pad(axes, (0, HIDDEN - axes.shape[1]))
        matrix = (axes / values.clamp(min=0).sum().clamp(min=1e-9).sqrt()).float()
        return cls(matrix, torch.cat([states.mean(0) @ matrix, features.mean(0)]))

    def keys(self, states: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        """[N, WIDTH]"""
        return torch.cat([states @ self.matrix, features], dim=1) - self.offset


def row_features(data: TaskData, features: RowFeatures) -> torch.Tensor:
    return features(torch.from_numpy(data.tokens), torch.from_numpy(data.numbers))


def embedding_spread(features: torch.Tensor) -> float:
    """Root mean square distance of the mean embeddings of rows [N, FEATURES] from their centre."""
    embedded = features[:, FRACTIONS: FRACTIONS + ELEMENTS]
    return float((embedded - embedded.mean(0)).pow(2).sum(1).mean().sqrt().clamp(min=1e-6))


def quantized(keys: torch.Tensor) -> tuple[np.ndarray, torch.Tensor]:
    """int8 keys [N, WIDTH] and the step [WIDTH] of each column."""
    step = keys.abs().max(0).values.clamp(min=1e-6) / 127
    return (keys / step).round().numpy().astype(np.int8), step


def similarity(queries: torch.Tensor, keys: torch.Tensor) -> torch.Tensor:
    """Weighted keys [Q, WIDTH] and [N, WIDTH] -> both kernels [KERNELS, Q, N]."""
    result = []
    for part in (STATE, COMPOSITION):
        one, two = (torch.cat([side[:, part], side[:, CONDITION]], 1) for side in (queries, keys))
        squares = one.pow(2).sum(1)[:, None] + two.pow(2).sum(1) - 2 * one @ two.t()
        result.append(squares.clamp_(min=0).add_(SOFTENING).sqrt_().neg_().exp_())
    return torch.stack(result)


def norms_of(keys: torch.Tensor) -> torch.Tensor:
    """Squared norms [KERNELS, N] of weighted keys [N, WIDTH], as each kernel takes them."""
    conditions = keys[:, CONDITION].pow(2).sum(1)
    return torch.stack([keys[:, part].pow(2).sum(1) + conditions for part in (STATE, COMPOSITION)])


def indicators(values: torch.Tensor) -> torch.Tensor:
    """Distribution functions [N, K] of rows whose bins (or classes) are known [N]."""
    return (torch.arange(K) >= values[:, None]).float()


def monotone(function: torch.Tensor) -> torch.Tensor:
    """The distribution function [..., K] nearest above an estimate that may leave [0, 1] or fall: a running maximum, in steps that ONNX has."""
    rising = function.clamp(0, 1)
    shift = 1
    while shift < K:
        rising = torch.maximum(rising, torch.nn.functional.pad(rising[..., :-shift], (shift, 0)))
        shift *= 2
    return torch.cat([rising[..., :-1], rising[..., :1] * 0 + 1], dim=-1)


def masses(function: torch.Tensor) -> torch.Tensor:
    """Probabilities [..., K] of the bins under a distribution function [..., K]."""
    return torch.cat([function[..., :1], function[..., 1:] - function[..., :-1]], dim=-1)


class Regression:
    """The solved memory of weighted keys [N, WIDTH] and bins or classes [N]. targets [N, K]: what each row adds to the histogram's distribution function."""

    def __init__(self, keys: torch.Tensor, values: torch.Tensor, histogram: torch.Tensor, is_class: bool):
        self.keys, self.base = keys, histogram.cumsum(0)
        self.targets = indicators(values) - self.base
        noise = CLASS_NOISE if is_class else NOISE
        self.factors = []
        for kernel in similarity(keys, keys):
            kernel.diagonal().add_(noise)
            self.factors.append(torch.linalg.cholesky(kernel))
        self.coefficients = torch.stack([torch.cholesky_solve(self.targets, factor) for factor in self.factors])    # [KERNELS, N, K]

    def compressed(self) -> tuple[np.ndarray, np.ndarray]:
        """coefficients and basis of a Memory."""
        vectors = torch.linalg.eigh((self.targets.t() @ self.targets).double())[1][:, -COMPONENTS:].float()          # [K, COMPONENTS]
        parts = self.coefficients @ vectors
        step = parts.abs().amax((0, 1)).clamp(min=1e-9) / 32000
        whole = (parts / step).round()
        high = (whole / 256).round()
        bytes_ = torch.cat([torch.cat([high[kernel], (whole - 256 * high)[kernel]], 1) for kernel in range(KERNELS)], 1)
        basis = torch.cat([256 * step[:, None] * vectors.t(), step[:, None] * vectors.t()])
        return bytes_.clamp(-128, 127).numpy().astype(np.int8), basis.numpy()

    def answers(self, queries: torch.Tensor, coefficients: np.ndarray, basis: np.ndarray) -> torch.Tensor:
        """Distributions [Q, KERNELS, K] of weighted queries [Q, WIDTH] from the compressed coefficients."""
        parts = torch.from_numpy(coefficients).float().reshape(len(self.keys), KERNELS, -1).transpose(0, 1) @ torch.from_numpy(basis)
        found = [torch.einsum("kqn,knv->qkv", similarity(block, self.keys), parts) for block in queries.split(BLOCK)]
        return masses(monotone(self.base + torch.cat(found)))

    def left_out(self, groups: list[torch.Tensor]) -> list[torch.Tensor]:
        """For each group of rows (indices [n]) its distributions [n, KERNELS, K] by the regression on all the others.

        Block form of the leave-one-out identity: y - f = (A^-1 restricted to the block)^-1 times the block's coefficients.
        """
        result = []
        for rows in groups:
            unit = torch.zeros(len(self.keys), len(rows))
            unit[rows, torch.arange(len(rows))] = 1.0
            missed = [torch.linalg.solve(torch.cholesky_solve(unit, factor)[rows], found[rows]) for factor, found in zip(self.factors, self.coefficients)]
            result.append(masses(monotone(self.base + self.targets[rows] - torch.stack(missed))).transpose(0, 1))
        return result


@dataclass
class Built:
    """A memory with what is needed to ask it: see PropertyTables."""

    memory: Memory
    regression: Regression
    projection: Projection
    step: torch.Tensor
    spread: float

    def answers(self, states: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        """[Q, KERNELS, K]"""
        weighted = self.projection.keys(states, features) * column_weights(self.spread)
        return self.regression.answers(weighted, self.memory.coefficients, self.memory.basis)


def remember(keys: torch.Tensor, values: torch.Tensor, formulas: list[str], projection: Projection, spread: float, histogram: torch.Tensor, is_class: bool) -> Built:
    """A memory of keys [N, WIDTH] and their bins or classes [N]."""
    stored, step = quantized(keys)
    weighted = torch.from_numpy(stored).float() * step * column_weights(spread)
    regression = Regression(weighted, values, histogram, is_class)
    memory = Memory(stored, norms_of(weighted).numpy(), *regression.compressed(), values.numpy().astype(np.uint8), projection.matrix.numpy(), formulas)
    return Built(memory, regression, projection, step, spread)


def build_memory(data: TaskData, rows: np.ndarray, states: torch.Tensor, features: torch.Tensor, bins: Bins | None, histogram: torch.Tensor) -> Built:
    """Memory over ``rows`` of a task; states and features are of all its rows."""
    projection = Projection.fit(states[rows], features[rows])
    values = data.values[rows].astype(int) if bins is None else bins.index(data.values[rows])
    return remember(projection.keys(states[rows], features[rows]), torch.from_numpy(values).long(), [data.formulas[row] for row in rows], projection,
                    embedding_spread(features[rows]), histogram, bins is None)
