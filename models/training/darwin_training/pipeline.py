"""Everything in order, each step skipped if its result is there."""
from __future__ import annotations

from pathlib import Path

import torch

from .applicability import applicability
from .assess import assess
from .baselines import baselines
from .build import build
from .experiment import experiment
from .report import report
from .runs import train_member

SHAPE = dict(width=128, layers=3, heads=4, feed_forward=344, dropout=0.12)
STAGE1_STEPS = 1000


def run_all(data: Path, out: Path, seeds: list[int], version: str, passes: float = 1.0, precision: torch.dtype = torch.float32) -> Path:
    """Members on the split, settings and errors, members on all rows, package and report, all under ``out``."""
    train = lambda split, seed: train_member(data, out / f"{split}-{seed}", split, seed, SHAPE, STAGE1_STEPS, 0, passes, precision)
    measured = [train("split", seed) for seed in seeds]
    fit, trees = out / "fit.json", out / "baselines.json"
    if not fit.exists():
        assess(data, measured, fit)
    inside = out / "applicability.json"
    if not inside.exists():
        applicability(data, fit, inside)
    baselines(data, trees)
    shipped = [train("all", seed) for seed in seeds]
    package = build(data, shipped, fit, trees, version, out)
    experiment(data, out / "experiment", seeds)
    report(fit, trees, out / "experiment" / "experiment.json", None, out, None, inside)
    return package
