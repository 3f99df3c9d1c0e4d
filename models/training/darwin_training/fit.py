"""Fits the few numbers of each property (memory scales, mixing, calibration) on rows that the members never saw."""
from __future__ import annotations

import math
import zlib
from dataclasses import dataclass, replace

import numpy as np
import torch

from .bins import K, Bins
from .graph import NEIGHBOURS, Settings

STEPS, RATE = 50, 0.14
FIT_ROWS = 400          # five numbers need no more rows
# Where the fit starts: a wide memory that smooths over a family, a narrow one that recalls near duplicates.
STARTS = (Settings(scales=(3.0, 5.0, 3.0), model_count=0.7, kernel=1.5), Settings(scales=(6.0, 15.0, 8.0), model_count=0.5, kernel=1.5))
SHRINK = 0.2            # pull towards the start, in units of one row's relative loss
MINIMUM_HALF = 6
MARGIN = 0.02           # what a memory must gain in cross-validation to be used
CALIBRATION_SHRINK = 40     # rows that the common calibration counts for beside a property's own


@dataclass
class Evidence:
    """Held-out rows of a property: model [Q, K], distances [Q, C, 3] and bins [Q, C] of candidates, own bin [Q], values [Q]."""

    model: torch.Tensor
    distance: torch.Tensor
    neighbour: torch.Tensor
    values: np.ndarray
    bins: Bins | None
    histogram: torch.Tensor
    factor: np.ndarray       # [Q], see TaskData.factor
    keys: np.ndarray         # [Q] canonical compositions

    def part(self, rows: np.ndarray) -> "Evidence":
        """The rows [n] (indices) alone."""
        index = torch.from_numpy(rows)
        return Evidence(self.model[index], self.distance[index], self.neighbour[index], self.values[rows], self.bins, self.histogram,
                        self.factor[rows], self.keys[rows])

    @property
    def atom(self) -> int:
        return self.bins.atom if self.bins else -1


def kernel_matrix(width: torch.Tensor, atom: int) -> torch.Tensor:
    """The graph's kernel [K, K]."""
    place = torch.arange(K, dtype=torch.float32)
    own = (place == atom).float()
    spread = torch.exp(-((place[:, None] - place) / width).pow(2) / 2) * (1 - own[:, None]) * (1 - own) + torch.diag(own)
    return spread / spread.sum(1, keepdim=True)


def mixture(evidence: Evidence, parameters: torch.Tensor, blend: float) -> torch.Tensor:
    """The graph's mixture [Q, K] before recalibration. parameters: log of three scales, model count, kernel width."""
    scales, count, width = parameters[:3].exp(), parameters[3].exp(), parameters[4].exp()
    distance = (evidence.distance * scales.pow(2)).sum(-1)
    near = torch.topk(distance, min(NEIGHBOURS, distance.shape[1]), largest=False)
    weight = torch.exp(-near.values)
    value = torch.gather(evidence.neighbour, 1, near.indices)
    spread = kernel_matrix(width if evidence.bins else torch.tensor(0.1), evidence.atom)
    remembered = torch.zeros_like(evidence.model).scatter_add(1, value, weight) @ spread
    mixed = (count * evidence.model + remembered) / (count + weight.sum(1, keepdim=True))
    return (1 - blend) * mixed + blend * evidence.histogram


def score(evidence: Evidence, probabilities: torch.Tensor) -> torch.Tensor:
    """Mean continuous ranked probability score in transformed units (Gneiting & Raftery 2007); log loss for a class."""
    if evidence.bins is None:
        label = torch.from_numpy(evidence.values.astype(np.int64))
        return -probabilities.gather(1, label[:, None]).clamp(min=1e-6).log().mean()
    upper = torch.tensor(evidence.bins.upper, dtype=torch.float32)
    reached = (torch.tensor(evidence.values, dtype=torch.float32)[:, None] <= upper[:-1]).float()
    return ((probabilities.cumsum(1)[:, :-1] - reached).pow(2) * (upper[1:] - upper[:-1])).sum(1).mean()


def _logs(settings: Settings) -> torch.Tensor:
    return torch.tensor([*settings.scales, settings.model_count, settings.kernel]).log()


def descend(evidence: Evidence, start: Settings) -> Settings:
    """Scales, model count and kernel by gradient descent on the score, drawn to ``start`` where rows are few."""
    if len(evidence.values) > FIT_ROWS:
        evidence = evidence.part(np.sort(np.random.default_rng(0).choice(len(evidence.values), FIT_ROWS, replace=False)))
    origin = _logs(start)
    parameters = origin.clone().requires_grad_()
    with torch.no_grad():
        reference = score(evidence, evidence.model).clamp(min=1e-9)
    optimizer = torch.optim.Adam([parameters], lr=RATE)
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = score(evidence, mixture(evidence, parameters, start.blend)) / reference
        loss = loss + SHRINK / len(evidence.values) * (parameters - origin).pow(2).sum()
        loss.backward()
        optimizer.step()
    s1, s2, s3, count, width = parameters.detach().exp().tolist()
    return replace(start, scales=(s1, s2, s3), model_count=count, kernel=width if evidence.bins else 0.1)


def error(evidence: Evidence, settings: Settings) -> float:
    """What counts: MAE of the median, log loss for a class."""
    probabilities = mixed(evidence, settings)
    if evidence.bins is None:
        return float(score(evidence, torch.from_numpy(probabilities)))
    return float(np.mean(np.abs(evidence.values - evidence.bins.median(probabilities)) * evidence.factor))


def fit_memory(evidence: Evidence) -> Settings:
    """The best of no memory and the fits from each start, chosen by two-fold cross-validation over compositions."""
    side = np.array([zlib.crc32(key.encode()) % 2 for key in evidence.keys])
    halves = [evidence.part(np.flatnonzero(side == half)) for half in (0, 1)]
    if min(len(half.values) for half in halves) < MINIMUM_HALF:
        return Settings()
    alone = sum(error(half, Settings()) * len(half.values) for half in halves)
    choices: list[tuple[float, Settings | None]] = [((1 - MARGIN) * alone, None)]
    for start in STARTS:
        crossed = [(halves[1 - index], descend(half, start)) for index, half in enumerate(halves)]
        choices.append((sum(error(other, settings) * len(other.values) for other, settings in crossed), start))
    best = min(choices, key=lambda choice: choice[0])[1]
    return descend(evidence, best) if best else Settings()


def mixed(evidence: Evidence, settings: Settings) -> np.ndarray:
    """Distributions [Q, K] before recalibration."""
    if settings.scales[0] == 0:
        probabilities = (1 - settings.blend) * evidence.model + settings.blend * evidence.histogram
    else:
        with torch.no_grad():
            probabilities = mixture(evidence, _logs(settings), settings.blend)
    return probabilities.double().numpy()


def recalibrated(probabilities: np.ndarray, slope: float, shift: float) -> np.ndarray:
    """The graph's map of the distribution function."""
    below = np.cumsum(probabilities, axis=1)[:, :-1] ** slope
    above = np.cumsum(probabilities[:, ::-1], axis=1)[:, ::-1][:, 1:] ** slope * math.exp(-shift)
    edges = np.pad(below / (below + above), ((0, 0), (1, 1)), constant_values=((0, 0), (0, 1)))
    return np.diff(edges, axis=1)


def regression_slope(bins: Bins, probabilities: np.ndarray, values: np.ndarray, level: float = 0.9) -> float:
    """The slope at which intervals of ``level`` just cover their share of the rows (split conformal, one-parameter family)."""
    needed = min(1.0, level * (len(values) + 1) / len(values))

    def coverage(slope: float) -> float:
        distribution = recalibrated(probabilities, slope, 0.0)
        lower, upper = bins.quantile(distribution, (1 - level) / 2), bins.quantile(distribution, (1 + level) / 2)
        return float(np.mean((values >= lower) & (values <= upper)))

    low, high = math.log(0.25), math.log(3.0)
    for _ in range(14):
        middle = (low + high) / 2
        low, high = (middle, high) if coverage(math.exp(middle)) > needed else (low, middle)
    return math.exp((low + high) / 2)


def class_calibration(probability: np.ndarray, labels: np.ndarray, shrink: float = 5.0) -> tuple[float, float]:
    """Slope a and shift of Platt's map, as the graph writes it for F(0) = 1 - p: logit F' = a logit F + shift."""
    logit = torch.tensor(np.log((1 - probability).clip(1e-6) / probability.clip(1e-6)), dtype=torch.float32)
    target = torch.tensor(1.0 - labels, dtype=torch.float32)
    parameters = torch.zeros(2, requires_grad=True)
    optimizer = torch.optim.LBFGS([parameters], max_iter=60, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logit * parameters[0].exp() + parameters[1], target, reduction="sum")
        loss = loss + shrink * parameters.pow(2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    slope, shift = parameters.detach().tolist()
    return math.exp(slope), shift


def calibrate(evidence: dict[str, Evidence], settings: dict[str, Settings]) -> dict[str, Settings]:
    """Slopes (and shifts) of all properties; a regression with few rows leans on the common slope."""
    slopes, result = {}, dict(settings)
    for key, item in evidence.items():
        probabilities = mixed(item, settings[key])
        if item.bins is None:
            slope, shift = class_calibration(probabilities[:, 1] / probabilities[:, :2].sum(1), item.values)
            result[key] = replace(settings[key], slope=slope, shift=shift)
        elif len(item.values) >= 5:
            slopes[key] = (math.log(regression_slope(item.bins, probabilities, item.values)), len(item.values))
    common = float(np.median([slope for slope, rows in slopes.values() if rows >= 50] or [0.0]))
    for key, item in evidence.items():
        if item.bins is not None:
            slope, rows = slopes.get(key, (common, 0))
            result[key] = replace(settings[key], slope=math.exp((rows * slope + CALIBRATION_SHRINK * common) / (rows + CALIBRATION_SHRINK)))
    return result
