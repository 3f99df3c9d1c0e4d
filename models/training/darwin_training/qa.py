"""Stage 1 questions on the elements, from qa/element_facts.csv: numbers as value tokens, categories as yes or no."""
from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from .chemistry import ATOMIC_NUMBER
from .data import TaskData, encode_row
from .tasks import Task
from .tokenizer import Tokenizer
from .wordings import Wording

MINIMUM = 40        # elements that a fact must be known of
THINGS = ("element", "element", "pure element", "chemical element")


def read_facts(folder: Path) -> dict[str, dict[str, tuple[str, str]]]:
    """property -> element -> (value, unit)."""
    facts: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    with open(folder / "qa" / "element_facts.csv", newline="") as file:
        for row in csv.DictReader(file):
            if row["element"] in ATOMIC_NUMBER:
                facts[row["property"]][row["element"]] = (row["value"], row["unit"])
    return facts


def question_tasks(folder: Path) -> list[tuple[Task, dict[str, float]]]:
    """(task, element -> value in transformed units) of every fact that enough elements have."""
    result = []
    for name, values in sorted(read_facts(folder).items()):
        if len(values) < MINIMUM or name in ("name", "electron configuration"):
            continue
        words = name.lower()
        try:
            numbers = {element: float(value) for element, (value, _) in values.items()}
        except ValueError:
            counts = Counter(value for value, _ in values.values())
            for category, count in counts.items():
                if count >= 8 and len(values) - count >= 8:
                    wording = Wording((), "", (f"is the {words} of this element {category.lower()} ?", f"{words} {category.lower()} ?"))
                    task = Task(f"qa:{name}={category}", None, kind="classification", fidelity="qa", words=wording)
                    result.append((task, {element: float(value == category) for element, (value, _) in values.items()}))
            continue
        positive = np.array(list(numbers.values()))
        wide = positive.min() > 0 and positive.max() / positive.min() > 100
        unit = next(iter(values.values()))[1].lower()
        wording = Wording((words,), unit, (f"what is the {words} of this element ?",), THINGS)
        scale = "log10" if wide else "identity"
        task = Task(f"qa:{name}", None, unit, scale=scale, fidelity="qa", words=wording)
        result.append((task, {element: float(np.log10(value)) if wide else value for element, value in numbers.items()}))
    return result


def load_questions(folder: Path, tokenizer: Tokenizer) -> dict[str, TaskData]:
    """Element facts as tasks of one-element rows; every fold trains on them, for they are not what is tested."""
    result = {}
    for task, values in question_tasks(folder):
        rows = [encode_row({element: 1.0}, [], tokenizer) for element in values]
        result[task.id] = TaskData(
            task, list(values), list(values), np.full(len(rows), -1), np.array([tokens for tokens, _ in rows]),
            np.array([numbers for _, numbers in rows], np.float32), np.full(len(rows), 2), np.array(list(values.values())),
            [{} for _ in rows], [])
    return result
