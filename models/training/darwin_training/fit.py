"""Fits the few numbers of each property (shares of the answer, calibration) on rows that the members never saw."""
from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import torch

from .bins import Bins
from .graph import Settings
from .memory import masses

TWIN_EXPONENTS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25)
EQUAL = (1 / 3, 1 / 3, 1 / 3)
SHRINK = 50.0               # rows that equal shares of model and memory count for beside a property's own
# Of the log odds of the classes, by how much a probability leans to the rarer class: with none, a threshold of one half neglects it; with
# all, the probability is no longer one. At 0.4 the calibration error of every large set stays below 0.05.
LEAN = 0.4
CALIBRATION_SHRINK = 40     # rows that the common calibration counts for beside a property's own


@dataclass
class Evidence:
    """Held-out rows of a property: distributions of the model [Q, K] and of the memory [Q, KERNELS, K] (None: it has none), and what is true."""

    model: torch.Tensor
    memory: torch.Tensor | None
    values: np.ndarray       # [Q]
    bins: Bins | None
    histogram: torch.Tensor
    factor: np.ndarray       # [Q], see TaskData.factor
    keys: np.ndarray         # [Q] canonical compositions
    ratios: torch.Tensor | None = None      # [Q, K], see twins

    @property
    def experts(self) -> torch.Tensor:
        """Distribution functions [1 + KERNELS, Q, K] of model and memory."""
        return torch.stack([self.model, *self.memory.unbind(1)]).cumsum(-1)


def score(evidence: Evidence, functions: torch.Tensor) -> torch.Tensor:
    """Mean continuous ranked probability score of distribution functions [Q, K], transformed units (Gneiting & Raftery 2007); log loss for a class."""
    if evidence.bins is None:
        chance = torch.where(torch.from_numpy(evidence.values) == 1, 1 - functions[:, 0], functions[:, 0])
        return -chance.clamp(min=1e-3).log().mean()
    upper = torch.tensor(evidence.bins.upper, dtype=torch.float32)
    reached = (torch.tensor(evidence.values, dtype=torch.float32)[:, None] <= upper[:-1]).float()
    return ((functions[:, :-1] - reached).pow(2) * (upper[1:] - upper[:-1])).sum(1).mean()


def fit_shares(evidence: Evidence) -> Settings:
    """Shares of model and memory, and then how much a computed twin counts."""
    settings = Settings() if evidence.memory is None else Settings(shares=_shares(evidence))
    if evidence.ratios is None:
        return settings
    tried = [replace(settings, twin=exponent) for exponent in TWIN_EXPONENTS]
    return min(tried, key=lambda choice: float(score(evidence, torch.from_numpy(mixed(evidence, choice)).cumsum(1).float())))


def _shares(evidence: Evidence) -> tuple[float, ...]:
    """Shares of model and memory in the answer, by the score (convex in them), drawn to equal shares where rows are few."""
    experts, equal = evidence.experts, torch.tensor(EQUAL)
    logits = torch.zeros(len(EQUAL), requires_grad=True)
    reference = score(evidence, experts[0]).clamp(min=1e-9)
    optimizer = torch.optim.LBFGS([logits], max_iter=40, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        shares = torch.softmax(logits, 0)
        loss = score(evidence, torch.tensordot(shares, experts, 1)) / reference + SHRINK / len(evidence.values) * (shares - equal).pow(2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return tuple(torch.softmax(logits.detach(), 0).tolist())


def mixed(evidence: Evidence, settings: Settings) -> np.ndarray:
    """Distributions [Q, K] before recalibration."""
    answer = evidence.model
    if evidence.memory is not None:
        answer = masses(torch.tensordot(torch.tensor(settings.shares), evidence.experts, 1)).clamp(min=0)
    if evidence.ratios is not None:
        answer = answer * torch.exp(settings.twin * evidence.ratios)
        answer = answer / answer.sum(1, keepdim=True)
    return ((1 - settings.blend) * answer + settings.blend * evidence.histogram).double().numpy()


def error(evidence: Evidence, settings: Settings) -> float:
    """What counts: MAE of the median, log loss for a class."""
    probabilities = mixed(evidence, settings)
    if evidence.bins is None:
        return float(score(evidence, torch.from_numpy(probabilities).cumsum(1)))
    return float(np.mean(np.abs(evidence.values - evidence.bins.median(probabilities)) * evidence.factor))


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


def class_calibration(probability: np.ndarray, labels: np.ndarray, shrink: float = 20.0) -> tuple[float, float]:
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
            odds = math.log(max(float(item.histogram[1]), 1e-3) / max(float(item.histogram[0]), 1e-3))
            result[key] = replace(settings[key], slope=slope, shift=shift + LEAN * odds)
        elif len(item.values) >= 5:
            slopes[key] = (math.log(regression_slope(item.bins, probabilities, item.values)), len(item.values))
    common = float(np.median([slope for slope, rows in slopes.values() if rows >= 50] or [0.0]))
    for key, item in evidence.items():
        if item.bins is not None:
            slope, rows = slopes.get(key, (common, 0))
            result[key] = replace(settings[key], slope=math.exp((rows * slope + CALIBRATION_SHRINK * common) / (rows + CALIBRATION_SHRINK)))
    return result
