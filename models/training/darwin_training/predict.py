"""Answers of trained members to the rows of a task, under its canonical prompt."""
from __future__ import annotations

import numpy as np
import torch

from .bins import K
from .data import TaskData
from .model import Darwin
from .tokenizer import Tokenizer

CHUNK = 512


@torch.no_grad()
def answers(members: list[Darwin], tokenizer: Tokenizer, data: TaskData, task_index: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Hidden states [N, sum of widths] and mean distribution [N, K] (a classification in columns 0 and 1)."""
    instruction = torch.tensor([tokenizer.instruction(data.task.wording.canonical)])
    task = torch.tensor([task_index])
    states = torch.zeros(len(data), sum(member.config.width for member in members))
    probabilities = torch.zeros(len(data), K)
    order = np.argsort(data.lengths, kind="stable")        # rows of equal length together: little padding
    for start in range(0, len(order), CHUNK):
        rows = order[start: start + CHUNK]
        length = int(data.lengths[rows].max())
        tokens, numbers = torch.from_numpy(data.tokens[rows, :length])[None], torch.from_numpy(data.numbers[rows, :length])[None]
        at = 0
        for member in members:
            hidden = member.hidden(instruction, tokens, numbers)
            logits = member.logits(hidden, task)[0]
            states[rows, at: at + member.config.width] = hidden[0]
            at += member.config.width
            if data.is_class:
                probabilities[rows, :2] += torch.softmax(logits[:, K:], -1) / len(members)
            else:
                probabilities[rows] += torch.softmax(logits[:, :K], -1) / len(members)
    return states, probabilities
