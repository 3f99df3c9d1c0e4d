"""The classical baseline: ExtraTrees on element fractions and statistics of element facts, on the same split."""
from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

from .assess import HELD_OUT_ROWS, _sample
from .chemistry import SYMBOLS
from .corpus import TEST_FOLD, TUNE_FOLD, Corpus
from .data import TaskData
from .metrics import classification_metrics
from .qa import read_facts
from .runs import SPLITS
from .tasks import PROPERTY_TASKS
from .tokenizer import ANSWER, FIRST_ELEMENT

FACTS = ("atomic number", "atomic weight", "group", "period", "electronegativity (Pauling)", "covalent radius (Cordero)",
         "first ionization energy", "dipole polarizability", "melting point", "Mendeleev number")
MAX_TRAIN = 20000       # rows of a large DFT set that the trees see
TREES = 150


def fact_table(folder: Path) -> np.ndarray:
    """[118, facts]; an unknown fact is the mean of the known."""
    facts = read_facts(folder)
    table = np.full((len(SYMBOLS), len(FACTS)), np.nan)
    for column, name in enumerate(FACTS):
        for element, (value, _) in facts[name].items():
            table[SYMBOLS.index(element), column] = float(value)
    return np.where(np.isnan(table), np.nanmean(table, axis=0), table)


def descriptors(data: TaskData, rows: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Fractions, mean, deviation, minimum, maximum of each fact over the elements, and the conditions: [N, F]."""
    tokens, numbers = data.tokens[rows], data.numbers[rows].astype(np.float64)
    is_element = (tokens >= FIRST_ELEMENT) & (tokens < FIRST_ELEMENT + len(SYMBOLS))
    fractions = np.zeros((len(rows), len(SYMBOLS)))
    row, column = np.nonzero(is_element)
    fractions[row, tokens[row, column] - FIRST_ELEMENT] = numbers[row, column]
    present = fractions > 0
    mean = fractions @ table
    deviation = np.sqrt(np.maximum(fractions @ table ** 2 - mean ** 2, 0))
    low = np.stack([np.where(present, table[:, fact], np.inf).min(1) for fact in range(table.shape[1])], axis=1)
    high = np.stack([np.where(present, table[:, fact], -np.inf).max(1) for fact in range(table.shape[1])], axis=1)
    extra = np.zeros((len(rows), 16))
    row, column = np.nonzero(~is_element & (tokens != 0) & (tokens != ANSWER))
    place = tokens[row, column] - FIRST_ELEMENT - len(SYMBOLS)
    extra[row, place] = np.where(numbers[row, column] != 0, numbers[row, column], 1.0)
    return np.hstack([fractions, mean, deviation, low, high, present.sum(1, keepdims=True), extra])


def trees_on(data: TaskData, train: np.ndarray, test: np.ndarray, table: np.ndarray, seed: int = 0) -> dict[str, float]:
    """Test errors of ExtraTrees; regression in transformed units."""
    x, y = descriptors(data, train, table), data.values[train]
    if data.is_class:
        forest = ExtraTreesClassifier(TREES, random_state=seed).fit(x, y)
        return classification_metrics(forest.predict_proba(descriptors(data, test, table))[:, 1], data.values[test])
    forest = ExtraTreesRegressor(TREES, random_state=seed, max_features=0.5).fit(x, y)
    residual = data.values[test] - forest.predict(descriptors(data, test, table))
    return {"mae": float(np.abs(residual * data.subset(test).factor).mean()), "rows": len(test)}


def held_out_rows(data: TaskData) -> np.ndarray:
    """The rows that assess measures on: both held-out folds, sampled alike."""
    return np.concatenate([_sample(np.flatnonzero(data.folds == fold), HELD_OUT_ROWS) for fold in (TUNE_FOLD, TEST_FOLD)])


def baselines(folder: Path, out: Path) -> dict:
    """Trees on every property of the contract, trained and tested on the rows of the members; written to ``out``."""
    corpus = Corpus(folder, SPLITS["split"], [task.id for task in PROPERTY_TASKS], questions=False)
    table, result = fact_table(folder), json.loads(out.read_text()) if out.exists() else {}
    for id, data in corpus.tasks.items():
        if id in result:
            continue
        result[id] = trees_on(data, _sample(corpus.train[id], MAX_TRAIN), held_out_rows(data), table)
        print(id, result[id], flush=True)
        out.write_text(json.dumps(result, indent=1))
    return result
