"""What the nearest-neighbour memory compares: hidden states, compositions and conditions, in one vector per row.

As in kNN-LM (Khandelwal et al. 2020, arXiv 1911.00172) the key of a training row is the model's hidden state at the answer, here
projected per property; beside it stand the composition (square roots of the fractions, so that dopants count, under a
fixed random projection, which keeps distances: Johnson & Lindenstrauss 1984) and the conditions.
"""
from __future__ import annotations

import torch
from torch import nn

from .chemistry import SYMBOLS
from .conditions import CONDITIONS
from .tokenizer import ANSWER, Tokenizer

HIDDEN, COMPOSITION = 48, 48
_CONDITION_TOKENS = [token for condition in CONDITIONS.values() for token in condition.tokens]
CONDITION = len(_CONDITION_TOKENS)
WIDTH = HIDDEN + COMPOSITION + CONDITION
GROUPS = torch.tensor([0] * HIDDEN + [1] * COMPOSITION + [2] * CONDITION)    # hidden, composition, condition


class RowFeatures(nn.Module):
    """tokens, numbers [B, L] -> composition and conditions [B, COMPOSITION + CONDITION]."""

    def __init__(self, tokenizer: Tokenizer):
        super().__init__()
        generator = torch.Generator().manual_seed(118)
        # Row 0 stands for padding and [ANSWER]; elements and condition tokens follow each other in the vocabulary.
        table = torch.zeros(1 + len(SYMBOLS) + CONDITION, COMPOSITION + CONDITION)
        table[1: 1 + len(SYMBOLS), :COMPOSITION] = torch.randn(len(SYMBOLS), COMPOSITION, generator=generator) / COMPOSITION ** 0.5
        root, number, constant = (torch.zeros(len(table)) for _ in range(3))
        root[1: 1 + len(SYMBOLS)] = 1.0
        for condition in CONDITIONS.values():
            for token in condition.tokens:
                row = tokenizer.ids[token] - ANSWER
                table[row, COMPOSITION + row - 1 - len(SYMBOLS)] = 1.0
                (constant if condition.values else number)[row] = 1.0
        for name, tensor in (("table", table), ("root", root), ("number", number), ("constant", constant)):
            self.register_buffer(name, tensor)

    def forward(self, tokens: torch.Tensor, numbers: torch.Tensor) -> torch.Tensor:
        row = (tokens - ANSWER).clamp(min=0)
        amount = self.root[row] * numbers.clamp(min=0).sqrt() + self.number[row] * numbers + self.constant[row]
        return (self.table[row] * amount.unsqueeze(-1)).sum(1)
