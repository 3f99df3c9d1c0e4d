"""The data folder as arrays: tokens, numbers, targets and folds of every task."""
from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .bins import Bins
from .chemistry import composition_key, fold_of, fractions, parse_formula
from .conditions import BY_COLUMN, Condition
from .tasks import TASKS, Task
from .tokenizer import ANSWER, Tokenizer, element_token

MAX_ROW = 20   # tokens of a row: elements, conditions, [ANSWER]


@dataclass
class TaskData:
    """Rows of one task. ``tokens`` and ``numbers`` [N, L] are padded with 0 on the right; ``values`` [N] are in transformed units."""

    task: Task
    formulas: list[str]
    keys: list[str]
    folds: np.ndarray
    tokens: np.ndarray
    numbers: np.ndarray
    lengths: np.ndarray
    values: np.ndarray
    conditions: list[dict[str, str]]
    columns: list[Condition]

    def __len__(self) -> int:
        return len(self.formulas)

    def subset(self, rows: np.ndarray) -> "TaskData":
        pick = lambda items: [items[row] for row in rows]
        return TaskData(self.task, pick(self.formulas), pick(self.keys), self.folds[rows], self.tokens[rows], self.numbers[rows],
                        self.lengths[rows], self.values[rows], pick(self.conditions), self.columns)

    @property
    def factor(self) -> np.ndarray:
        """[N] by which a learnt value is multiplied in the API's unit: the atoms of the formula as written, or 1."""
        if not self.task.per_atom:
            return np.ones(len(self))
        return np.array([sum(parse_formula(formula).values()) for formula in self.formulas])

    @property
    def is_class(self) -> bool:
        return self.task.kind == "classification"


def transformed(task: Task, value: float, atoms: float) -> float:
    """A CSV value on the scale the model learns; NaN if it has none (the logarithm of a value that is not positive)."""
    if task.per_atom:
        value /= atoms
    if task.scale == "log10":
        return float(np.log10(value)) if value > 0 else float("nan")
    return value


def plain(task: Task, value):
    """A transformed value (or array) in the unit of the API."""
    return value if task.scale == "identity" else 10.0 ** np.asarray(value)


def encode_row(amounts: dict[str, float], conditions: list[tuple[str, float]], tokenizer: Tokenizer) -> tuple[list[int], list[float]]:
    """Tokens and numbers of a row: elements in ascending atomic number, conditions, [ANSWER]."""
    parts = fractions(amounts)
    tokens = [element_token(number) for number, _ in parts] + [tokenizer.ids[token] for token, _ in conditions] + [ANSWER]
    numbers = [fraction for _, fraction in parts] + [number for _, number in conditions] + [0.0]
    return tokens, numbers


def load_task(path: Path, task: Task, tokenizer: Tokenizer) -> TaskData:
    """Read ``formula,value[,conditions]``; errors name the file and the line."""
    formulas, keys, tokens, numbers, values, cells = [], [], [], [], [], []
    with open(path, newline="") as file:
        reader = csv.DictReader(file)
        header = reader.fieldnames or []
        unknown = [name for name in header if name not in ("formula", "value") and name not in BY_COLUMN]
        if header[:2] != ["formula", "value"] or unknown:
            raise ValueError(f"{path}: header {header}: expected formula,value and any of {', '.join(BY_COLUMN)}")
        columns = [BY_COLUMN[name] for name in header[2:]]
        for line, row in enumerate(reader, start=2):
            try:
                amounts = parse_formula(row["formula"])
                value = transformed(task, float(row["value"]), sum(amounts.values()))
                row_tokens, row_numbers = encode_row(amounts, [column.encode(row[column.column]) for column in columns], tokenizer)
            except ValueError as error:
                raise ValueError(f"{path}, line {line}: {error}") from None
            if not np.isfinite(value) or len(row_tokens) > MAX_ROW:
                continue
            formulas.append(row["formula"])
            keys.append(composition_key(amounts))
            tokens.append(row_tokens)
            numbers.append(row_numbers)
            values.append(value)
            cells.append({column.name: row[column.column] for column in columns})
    lengths = np.array([len(row) for row in tokens])
    padded_tokens = np.zeros((len(tokens), lengths.max()), np.int64)
    padded_numbers = np.zeros(padded_tokens.shape, np.float32)
    for index, (row_tokens, row_numbers) in enumerate(zip(tokens, numbers)):
        padded_tokens[index, : len(row_tokens)] = row_tokens
        padded_numbers[index, : len(row_numbers)] = row_numbers
    return TaskData(task, formulas, keys, np.array([fold_of(key) for key in keys]), padded_tokens, padded_numbers, lengths,
                    np.array(values), cells, columns)


def load_tasks(folder: Path, tokenizer: Tokenizer, ids: list[str] | None = None) -> dict[str, TaskData]:
    """Every task whose file is in ``folder``/tasks."""
    return {id: load_task(folder / "tasks" / f"{id}.csv", TASKS[id], tokenizer)
            for id in (ids or TASKS) if (folder / "tasks" / f"{id}.csv").exists()}


def fit_bins(data: TaskData, train: np.ndarray) -> Bins | None:
    """Bins from the rows ``train`` [N] (bool); None for a classification."""
    return None if data.is_class else Bins.fit(data.values[train])


def data_identity(folder: Path) -> str:
    """sha256 over the names and contents of the task files, sorted by name."""
    digest = hashlib.sha256()
    for path in sorted((folder / "tasks").glob("*.csv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
