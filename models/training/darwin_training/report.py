"""models/REPORT.md and its figures, from the files that assess, baselines and experiment wrote."""
from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "darwin"      # the same input gives the same file
from matplotlib import pyplot  # noqa: E402

from .applicability import applicability_text  # noqa: E402
from .assess import LEVELS  # noqa: E402
from .experiment import ARMS, TASKS as EXPERIMENT_TASKS  # noqa: E402
from .tasks import TASKS  # noqa: E402

PARITY = ("matbench_expt_gap", "superconductor_tc", "thermal_conductivity", "melting_temperature", "vickers_hardness", "formation_enthalpy_expt")
INK, ACCENT = "#334155", "#0f766e"


def _metric(entry: dict) -> tuple[str, float]:
    return ("MAE", entry["mae"]) if "mae" in entry else ("balanced accuracy", entry["balanced_accuracy"])


def _name(id: str) -> str:
    return TASKS[id].property or id


def parity_figure(fit: dict, path: Path) -> None:
    """Predicted median against measured value on the held-out folds."""
    figure, axes = pyplot.subplots(2, 3, figsize=(9.6, 6.2))
    for axis, id in zip(axes.flat, PARITY):
        found = fit["properties"].get(id)
        if not found:
            axis.axis("off")
            continue
        values, predicted = (np.array(found["predictions"][name]) for name in ("values", "predicted"))
        ends = [min(values.min(), predicted.min()), max(values.max(), predicted.max())]
        axis.plot(ends, ends, color=INK, linewidth=0.8)
        axis.plot(values, predicted, "o", markersize=2, alpha=0.35, color=ACCENT, markeredgewidth=0, rasterized=True)
        unit = TASKS[id].unit if TASKS[id].scale == "identity" else f"log10 {TASKS[id].unit}"
        axis.set_title(f"{_name(id)} ({unit})", fontsize=8)
        axis.tick_params(labelsize=7)
    figure.supxlabel("measured", fontsize=9)
    figure.supylabel("predicted (median)", fontsize=9)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None}, dpi=150)
    pyplot.close(figure)


def calibration_figure(fit: dict, path: Path) -> None:
    """Measured coverage of central intervals, one line per experimental regression with 80 or more held-out rows."""
    figure, axis = pyplot.subplots(figsize=(4.8, 4.6))
    for id, entry in fit["properties"].items():
        if "coverage" in entry["predictions"] and entry["test"]["rows"] >= 80 and TASKS[id].fidelity == "experiment":
            axis.plot(LEVELS, entry["predictions"]["coverage"], color=ACCENT, alpha=0.4, linewidth=1)
    axis.plot([0, 1], [0, 1], color=INK, linewidth=0.8)
    axis.set_xlabel("level of the interval", fontsize=9)
    axis.set_ylabel("share of held-out values inside", fontsize=9)
    axis.tick_params(labelsize=8)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def experiment_table(results: list[dict]) -> str:
    """Mean over seeds (with the standard deviation), and the change against base in per cent; lower is better for MAE, higher for accuracy."""
    cells: dict[tuple[str, str], list[float]] = defaultdict(list)
    for entry in results:
        cells[entry["task"], entry["arm"]].append(_metric(entry)[1])
    arms = [arm for arm in ARMS if any(key[1] == arm for key in cells)]
    lines = ["| task | metric | " + " | ".join(arms) + " |", "|---|---|" + "---|" * len(arms)]
    for id in EXPERIMENT_TASKS:
        base = np.mean(cells[id, "base"]) if cells[id, "base"] else float("nan")
        metric = next((_metric(entry)[0] for entry in results if entry["task"] == id), "")
        row = []
        for arm in arms:
            values = cells[id, arm]
            if not values:
                row.append("not run")
                continue
            spread = f" ± {np.std(values, ddof=1):.2g}" if len(values) > 1 else ""
            change = "" if arm == "base" or not np.isfinite(base) else f" ({100 * (np.mean(values) / base - 1):+.0f} %)"
            row.append(f"{np.mean(values):.3g}{spread}{change}")
        lines.append(f"| {_name(id)} | {metric} | " + " | ".join(row) + " |")
    seeds = sorted({entry["seed"] for entry in results})
    minutes = sum(entry["seconds"] for entry in results) / 60
    return "\n".join(lines) + f"\n\nSeeds: {', '.join(map(str, seeds))}; {len(results)} cells; {minutes:.0f} minutes of one CPU thread."


def validation_table(fit: dict, trees: dict) -> str:
    lines = ["| property | rows | metric | model alone | with memory, calibrated | ExtraTrees | 90 % intervals cover |", "|---|---|---|---|---|---|---|"]
    for id, entry in fit["properties"].items():
        metric, value = _metric(entry["test"])
        alone = _metric(entry["model_alone"])[1]
        tree = f"{_metric(trees[id])[1]:.3g}" if id in trees else "-"
        coverage = f"{entry['test']['coverage90']:.0%}" if "coverage90" in entry["test"] else "-"
        unit = "" if "mae" not in entry["test"] else f" ({TASKS[id].unit if TASKS[id].scale == 'identity' else 'log10'})"
        lines.append(f"| {_name(id)} | {entry['test']['rows']} | {metric}{unit} | {alone:.3g} | {value:.3g} | {tree} | {coverage} |")
    return "\n".join(lines)


def summary(fit: dict, trees: dict) -> str:
    """Counts over experimental properties with 80 or more held-out rows."""
    chosen = [(id, entry) for id, entry in fit["properties"].items() if entry["test"]["rows"] >= 80 and TASKS[id].fidelity == "experiment"]
    compared = [(id, entry) for id, entry in chosen if id in trees]
    better = sum(entry["test"]["mae"] < trees[id]["mae"] if "mae" in entry["test"] else entry["test"]["auc"] > trees[id]["auc"] for id, entry in compared)
    covered = [entry["test"]["coverage90"] for _, entry in chosen if "coverage90" in entry["test"]]
    calibrated = sum(0.85 <= value <= 0.95 for value in covered)
    errors = [entry["test"]["ece"] for _, entry in chosen if "ece" in entry["test"]]
    return (f"Of the experimental properties with 80 or more held-out rows, {better} of {len(compared)} are better than ExtraTrees (MAE; ROC AUC for a class); "
            f"90 % intervals cover between 85 and 95 % on {calibrated} of {len(covered)} "
            f"(mean {np.mean(covered):.1%}); the largest calibration error of a class probability is {max(errors, default=float('nan')):.3f}.")


def five_fold_text(result: dict) -> str:
    show = lambda name: f"{result[name]['mae']:.1f} ± {result[name]['standard_error']:.1f}"
    folds = ", ".join(f"{entry['with_memory']:.1f} ({entry['rows']})" for entry in result["folds"])
    return (f"{_name(result['task'])}: MAE {show('with_memory')} {TASKS[result['task']].unit} (mean of the folds ± standard error), the model alone {show('model_alone')}. Folds (rows): {folds}. "
            "One member, trained without the task and then for each fold with the other four; model and memory with equal shares, nothing fitted.")


def report(fit_path: Path, trees_path: Path, experiment_path: Path, notes_path: Path | None, out: Path, five_fold_path: Path | None = None,
           applicability_path: Path | None = None) -> Path:
    """Write ``out``/REPORT.md and ``out``/figures/*.svg; ``notes`` is prose that is put in front of the tables."""
    fit = json.loads(fit_path.read_text())
    trees = json.loads(trees_path.read_text()) if trees_path.exists() else {}
    (out / "figures").mkdir(parents=True, exist_ok=True)
    parity_figure(fit, out / "figures" / "parity.svg")
    calibration_figure(fit, out / "figures" / "calibration.svg")
    parts = ["# How good Darwin is\n", notes_path.read_text().strip() + "\n" if notes_path and notes_path.exists() else "",
             "## Errors on the held-out folds\n", summary(fit, trees) + "\n", validation_table(fit, trees) + "\n",
             "![Predicted against measured](figures/parity.svg)\n", "![Coverage of intervals](figures/calibration.svg)\n"]
    if applicability_path and applicability_path.exists():
        parts += ["## Inside and outside of what was trained on\n",
                  "`Prediction.evidence.applicability` (docs/evidence.md) on the same rows: mean absolute error of each class, rows in brackets, 95 % intervals from resampling compositions. "
                  "70 % and 95 % are the element mover's distances up to which a row is INTERPOLATION and NEAR_EDGE.\n",
                  applicability_text(json.loads(applicability_path.read_text())) + "\n"]
    if five_fold_path and five_fold_path.exists():
        parts += ["## Five-fold cross-validation\n", five_fold_text(json.loads(five_fold_path.read_text())) + "\n"]
    if experiment_path.exists():
        parts += ["## The two stages as an experiment\n",
                  "Small models of one shape (width 128, 3 layers), no memory, no ensemble, no calibration; the same two folds; at most 400 steps of 256 rows for a task on its own, 1,000 on computed "
                  "sets and 1,500 on all eight tasks together. `base`: one task from scratch. `QA`: after 300 steps of questions on the elements. `multi-task`: computed sets, then all eight tasks. "
                  "Every arm is stopped for each task where the other fold was answered best. Mean and standard deviation over seeds; change against base in brackets.\n",
                  experiment_table(json.loads(experiment_path.read_text())) + "\n"]
    path = out / "REPORT.md"
    path.write_text("\n".join(part for part in parts if part))
    return path
