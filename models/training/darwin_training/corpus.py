"""Everything a run trains on: tokenizer, tasks, bins, and batches drawn from a mixture of tasks."""
from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from .bins import K, Bins
from .conditions import CONDITIONS
from .data import TaskData, fit_bins, load_tasks
from .qa import load_questions, question_tasks
from .tasks import PROPERTY_TASKS, TASKS, Task
from .tokenizer import UNK, Tokenizer
from .wordings import Wording

TEST_FOLD, TUNE_FOLD = 0, 1     # the folds that members trained on the split never see


def build_tokenizer(folder: Path | None) -> Tokenizer:
    """The vocabulary of all wordings (and of the element facts, where the data folder has them)."""
    wordings = [task.wording for task in TASKS.values()]
    if folder is not None and (folder / "qa" / "element_facts.csv").exists():
        wordings += [task.wording for task, _ in question_tasks(folder)]
    texts = [text for wording in wordings for text in wording.texts()]
    return Tokenizer.build(texts, [token for condition in CONDITIONS.values() for token in condition.tokens], minimum=1)


@dataclass
class Batch:
    """G prompts with R rows each; see Darwin.hidden for the layout. ``start``, ``end`` [G, K] are ordinal bin edges."""

    instruction: torch.Tensor
    tokens: torch.Tensor
    numbers: torch.Tensor
    task: torch.Tensor
    coordinate: torch.Tensor      # [G, R], NaN on the atom
    start: torch.Tensor
    end: torch.Tensor
    atom: torch.Tensor            # [G], -1 without one
    label: torch.Tensor           # [G, R], -1 for a regression


class Corpus:
    """Training rows by task. ``train_folds``: the folds whose compositions are trained on."""

    def __init__(self, folder: Path, train_folds: set[int], ids: list[str] | None = None, questions: bool = True):
        self.folder = folder
        self.tokenizer = build_tokenizer(folder)
        self.tasks: dict[str, TaskData] = load_tasks(folder, self.tokenizer, ids)
        if questions:
            self.tasks.update(load_questions(folder, self.tokenizer))
        self.ids = list(self.tasks)
        self.index = {id: position for position, id in enumerate(self.ids)}
        self.train = {id: np.flatnonzero((data.folds < 0) | np.isin(data.folds, list(train_folds))) for id, data in self.tasks.items()}
        self.bins: dict[str, Bins | None] = {}
        self.coordinates: dict[str, np.ndarray] = {}
        for id, data in self.tasks.items():
            # Never from held-out rows, and the same for every member, so that weights and settings carry over to all rows.
            self.bins[id] = fit_bins(data, ~np.isin(data.folds, [TEST_FOLD, TUNE_FOLD]))
            self.coordinates[id] = np.full(len(data), np.nan) if data.is_class else self.bins[id].coordinate(data.values)

    @property
    def property_tasks(self) -> list[Task]:
        """The tasks here that answer a property of the contract, in its order."""
        return [task for task in PROPERTY_TASKS if task.id in self.tasks]

    def initial_prior(self) -> torch.Tensor:
        """log of the training histogram of every task [tasks, K + 2]: the model starts from what is common."""
        prior = np.zeros((len(self.ids), K + 2), np.float32)
        for id, data in self.tasks.items():
            values = data.values[self.train[id]]
            if data.is_class:
                share = np.clip(values.mean(), 0.02, 0.98)
                prior[self.index[id], K:] = np.log([1 - share, share])
            else:
                histogram = np.bincount(self.bins[id].index(values), minlength=K)
                prior[self.index[id], :K] = np.log((histogram + 1) / (histogram.sum() + K) * K)
        return torch.from_numpy(prior)


class Sampler:
    """Draws batches; each task is walked through in shuffled epochs. Its state can be saved and restored."""

    def __init__(self, corpus: Corpus, weights: dict[str, float], seed: int, groups: int = 24, rows: int = 16):
        self.corpus, self.groups, self.rows = corpus, groups, rows
        self.ids = [id for id in corpus.ids if weights.get(id, 0) > 0 and len(corpus.train[id])]
        total = sum(weights[id] for id in self.ids)
        self.weights = np.array([weights[id] / total for id in self.ids])
        self.numpy = np.random.default_rng(seed)
        self.python = random.Random(seed)
        self.queue: dict[str, np.ndarray] = {id: np.empty(0, np.int64) for id in self.ids}
        self._tables()

    def _tables(self) -> None:
        count = len(self.corpus.ids)
        self.start, self.end, self.atom = np.zeros((count, K), np.float32), np.zeros((count, K), np.float32), np.full(count, -1)
        for id, bins in self.corpus.bins.items():
            if bins is not None:
                position = self.corpus.index[id]
                self.start[position], self.end[position] = bins.ordinal_edges
                self.atom[position] = bins.atom

    def state(self) -> dict:
        return {"numpy": self.numpy.bit_generator.state, "python": self.python.getstate(), "queue": self.queue}

    def restore(self, state: dict) -> None:
        self.numpy.bit_generator.state = state["numpy"]
        self.python.setstate(state["python"])
        self.queue = state["queue"]

    def _take(self, id: str) -> np.ndarray:
        queue = self.queue[id]
        while len(queue) < self.rows:
            queue = np.concatenate([queue, self.numpy.permutation(self.corpus.train[id])])
        self.queue[id] = queue[self.rows:]
        return queue[: self.rows]

    def instruction(self, wording: Wording) -> list[int]:
        """A wording as tokens; now and then a word is lost, so that no single word is relied on."""
        tokens = self.corpus.tokenizer.instruction(wording.sample(self.python))
        return [UNK if 0 < place < len(tokens) - 1 and self.python.random() < 0.02 else token for place, token in enumerate(tokens)]

    def draw(self) -> Batch:
        corpus = self.corpus
        chosen = [self.ids[index] for index in self.numpy.choice(len(self.ids), self.groups, p=self.weights)]
        rows = [self._take(id) for id in chosen]
        words = [self.instruction(corpus.tasks[id].task.wording) for id in chosen]
        length = max(corpus.tasks[id].lengths[taken].max() for id, taken in zip(chosen, rows))
        instruction = np.zeros((self.groups, max(map(len, words))), np.int64)
        tokens = np.zeros((self.groups, self.rows, length), np.int64)
        numbers = np.zeros(tokens.shape, np.float32)
        coordinate = np.zeros((self.groups, self.rows), np.float32)
        label = np.full((self.groups, self.rows), -1)
        for group, (id, taken) in enumerate(zip(chosen, rows)):
            data = corpus.tasks[id]
            instruction[group, instruction.shape[1] - len(words[group]):] = words[group]
            width = min(length, data.tokens.shape[1])
            tokens[group, :, :width] = data.tokens[taken, :width]
            numbers[group, :, :width] = data.numbers[taken, :width]
            coordinate[group] = corpus.coordinates[id][taken]
            if data.is_class:
                label[group] = data.values[taken]
        task = np.array([corpus.index[id] for id in chosen])
        arrays = (instruction, tokens, numbers, task, coordinate, self.start[task], self.end[task], self.atom[task], label)
        return Batch(*(torch.from_numpy(np.ascontiguousarray(array)) for array in arrays))
