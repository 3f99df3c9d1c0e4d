"""Value tokens: K bins of a quantity, soft targets over them, and the statistics of a distribution over them.

Half of the edges are quantiles, half uniform; a value that many rows share (zero) is an atom with a bin of its own.
Targets are Gaussians over bins (HL-Gauss: Imani & White 2018; Farebrother et al. 2024, arXiv 2403.03950).
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

K = 128
ATOM_SHARE = 0.03   # a value held by more rows than this is an atom


@dataclass(frozen=True)
class Bins:
    """``lower``, ``upper`` [K] in transformed units, ascending; equal at the atom."""

    lower: np.ndarray
    upper: np.ndarray

    @classmethod
    def fit(cls, values: np.ndarray, count: int = K) -> "Bins":
        """Edges from training values [N] in transformed units."""
        values = np.sort(np.asarray(values, dtype=np.float64))
        low, high = values[0], values[-1]
        if high <= low:
            raise ValueError(f"every training value is {low}: nothing to learn")
        atom = 0.0 if np.mean(values == 0.0) > ATOM_SHARE else None
        bodies = count - (atom is not None)
        margin = 0.02 * (high - low)
        ends = [low if atom == low else low - margin, high + margin]
        spread = values[values != atom] if atom is not None else values
        quantiles = np.quantile(spread, np.linspace(0, 1, bodies // 2 + 1)[1:-1])
        edges = np.concatenate([ends, quantiles, np.linspace(*ends, bodies - bodies // 2 + 1)[1:-1]])
        if atom is not None:
            edges = np.append(edges, atom)
        edges = np.unique(edges)
        closest = (ends[1] - ends[0]) / (40 * count)
        protected = {ends[0], ends[1], atom}
        kept = [edges[0]]
        for edge in edges[1:]:
            if edge - kept[-1] >= closest:
                kept.append(edge)
            elif edge in protected:
                kept[-1] = edge if kept[-1] not in protected else kept[-1]
        edges = np.array(kept)
        while len(edges) < bodies + 1:      # split the widest bin until there are K
            widest = int(np.argmax(np.diff(edges)))
            edges = np.insert(edges, widest + 1, (edges[widest] + edges[widest + 1]) / 2)
        while len(edges) > bodies + 1:      # drop the edge whose two bins are narrowest together
            spans = edges[2:] - edges[:-2]
            spans[[edge in protected for edge in edges[1:-1]]] = np.inf
            edges = np.delete(edges, int(np.argmin(spans)) + 1)
        lower, upper = edges[:-1], edges[1:]
        if atom is not None:
            at = int(np.searchsorted(edges, atom))
            lower, upper = np.insert(lower, at, atom), np.insert(upper, at, atom)
        return cls(lower, upper)

    @property
    def atom(self) -> int:
        """Index of the atom, -1 without one."""
        found = np.flatnonzero(self.lower == self.upper)
        return int(found[0]) if len(found) else -1

    @property
    def ordinal_edges(self) -> tuple[np.ndarray, np.ndarray]:
        """Edges [K] counted in bins; the atom has no width, so that no Gaussian reaches it."""
        width = (self.lower != self.upper).astype(np.float64)
        upper = np.cumsum(width)
        return upper - width, upper

    def coordinate(self, values: np.ndarray) -> np.ndarray:
        """Position [N] of values on the ordinal axis; NaN marks values on the atom."""
        values = np.asarray(values, dtype=np.float64)
        start, end = self.ordinal_edges
        body = self.lower != self.upper
        position = np.interp(values, np.append(self.lower[body], self.upper[-1] if body[-1] else self.lower[-1]),
                             np.append(start[body], end[-1]))
        if self.atom >= 0:
            position = np.where(values == self.lower[self.atom], np.nan, position)
        return position

    def index(self, values: np.ndarray) -> np.ndarray:
        """Bin index [N] of values."""
        position = self.coordinate(values)
        start, end = self.ordinal_edges
        body = np.flatnonzero(start != end)
        index = body[np.clip(np.nan_to_num(position).astype(int), 0, len(body) - 1)]
        return np.where(np.isnan(position), self.atom, index)

    def quantile(self, probabilities: np.ndarray, level: float) -> np.ndarray:
        """Quantile [B] of distributions [B, K]; density uniform within a bin."""
        cumulative = np.cumsum(probabilities, axis=1)
        cumulative /= cumulative[:, -1:]
        index = np.minimum((cumulative < level).sum(axis=1), cumulative.shape[1] - 1)
        row = np.arange(len(index))
        before = np.where(index > 0, cumulative[row, index - 1], 0.0)
        share = np.clip((level - before) / np.maximum(cumulative[row, index] - before, 1e-12), 0, 1)
        return self.lower[index] + share * (self.upper - self.lower)[index]

    def median(self, probabilities: np.ndarray) -> np.ndarray:
        return self.quantile(probabilities, 0.5)
