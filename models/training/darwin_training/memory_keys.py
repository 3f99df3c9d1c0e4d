"""What the memory compares: hidden states, compositions and conditions, in one vector per row.

As in kNN-LM (Khandelwal et al. 2020, arXiv 1911.00172) the key of a training row is the model's hidden state at the answer, here
projected per property; beside it stand the composition (square roots of the fractions, so that dopants count, under a fixed random
projection, which keeps distances: Johnson & Lindenstrauss 1984; and the mean of the elements' learnt embeddings) and the conditions.
"""
from __future__ import annotations

import torch
from torch import nn

from .chemistry import SYMBOLS
from .conditions import CONDITIONS
from .model import Darwin
from .tokenizer import ANSWER, FIRST_ELEMENT, Tokenizer

HIDDEN, FRACTIONS, ELEMENTS = 48, 48, 24
_CONDITION_TOKENS = [token for condition in CONDITIONS.values() for token in condition.tokens]
FEATURES = FRACTIONS + ELEMENTS + len(_CONDITION_TOKENS)
WIDTH = HIDDEN + FEATURES
STATE = slice(0, HIDDEN)
COMPOSITION = slice(HIDDEN, HIDDEN + FRACTIONS + ELEMENTS)
CONDITION = slice(HIDDEN + FRACTIONS + ELEMENTS, WIDTH)
# Length scales were tried between 0.4 and 2.4: nothing depends on them much, so they are the same for every property.
NEARNESS, CONDITION_NEARNESS = 1.2, 2.0


def element_axes(members: list[Darwin]) -> torch.Tensor:
    """[118, ELEMENTS]: principal axes of the elements' embeddings in all members."""
    table = torch.cat([member.embedding.weight.detach()[FIRST_ELEMENT: FIRST_ELEMENT + len(SYMBOLS)] for member in members], 1).double()
    centred = table - table.mean(0)
    axes = torch.linalg.svd(centred, full_matrices=False)[2][:ELEMENTS].t()
    result = (centred @ axes).float()
    return torch.nn.functional.pad(result, (0, ELEMENTS - result.shape[1]))


def column_weights(spread: float) -> torch.Tensor:
    """[WIDTH] by which keys are multiplied before they are compared. spread: size of the mean embedding over a property's rows."""
    weights = torch.full((WIDTH,), NEARNESS)
    weights[HIDDEN + FRACTIONS: HIDDEN + FRACTIONS + ELEMENTS] /= spread
    weights[CONDITION] = CONDITION_NEARNESS
    return weights


class RowFeatures(nn.Module):
    """tokens, numbers [B, L] -> composition and conditions [B, FEATURES]. elements: see element_axes."""

    def __init__(self, tokenizer: Tokenizer, elements: torch.Tensor):
        super().__init__()
        generator = torch.Generator().manual_seed(118)
        # Row 0 stands for padding and [ANSWER]; elements and condition tokens follow each other in the vocabulary.
        root, linear, constant = (torch.zeros(1 + len(SYMBOLS) + len(_CONDITION_TOKENS), FEATURES) for _ in range(3))
        symbols = slice(1, 1 + len(SYMBOLS))
        root[symbols, :FRACTIONS] = torch.randn(len(SYMBOLS), FRACTIONS, generator=generator) / FRACTIONS ** 0.5
        linear[symbols, FRACTIONS: FRACTIONS + ELEMENTS] = elements
        for condition in CONDITIONS.values():
            for token in condition.tokens:
                row = tokenizer.ids[token] - ANSWER
                (constant if condition.values else linear)[row, FRACTIONS + ELEMENTS + row - 1 - len(SYMBOLS)] = 1.0
        for name, tensor in (("root", root), ("linear", linear), ("constant", constant)):
            self.register_buffer(name, tensor)

    def forward(self, tokens: torch.Tensor, numbers: torch.Tensor) -> torch.Tensor:
        row, amount = (tokens - ANSWER).clamp(min=0), numbers.unsqueeze(-1)
        return (self.root[row] * amount.clamp(min=0).sqrt() + self.linear[row] * amount + self.constant[row]).sum(1)
