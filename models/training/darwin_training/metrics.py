"""Errors of predictive distributions."""
from __future__ import annotations

import numpy as np
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from .bins import Bins


def regression_metrics(bins: Bins, probabilities: np.ndarray, values: np.ndarray, factor: np.ndarray | float = 1.0) -> dict[str, float]:
    """MAE of the median in transformed units (times ``factor``, for a quantity per formula unit), share of values inside the 90 % interval and its mean width."""
    lower, upper = bins.quantile(probabilities, 0.05), bins.quantile(probabilities, 0.95)
    median = bins.median(probabilities)
    residual = values - median
    spread = np.sum((values - values.mean()) ** 2)
    return {"mae": float(np.abs(residual * factor).mean()), "r2": float(1 - np.sum(residual ** 2) / spread) if spread > 0 else float("nan"),
            "coverage90": float(np.mean((values >= lower) & (values <= upper))), "width90": float(np.mean(upper - lower)), "rows": len(values)}


def classification_metrics(probability: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Balanced accuracy at 0.5, ROC AUC and expected calibration error (10 equal-width bins, Naeini et al. 2015)."""
    both = len(np.unique(labels)) == 2
    place = np.minimum((probability * 10).astype(int), 9)
    gap = sum(abs(probability[place == index].sum() - labels[place == index].sum()) for index in range(10)) / len(labels)
    return {"balanced_accuracy": float(balanced_accuracy_score(labels, probability >= 0.5)) if both else float("nan"),
            "auc": float(roc_auc_score(labels, probability)) if both else float("nan"), "ece": float(gap), "rows": len(labels)}
