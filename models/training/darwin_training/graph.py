"""The exported graph: ensemble, memory and calibration of every property in one ONNX file.

For a query with hidden states h and features c, and neighbours i at squared distance d_i with value v_i:

    p = (n * mean over members of softmax(logits) + sum_i exp(-d_i) kernel(v_i)) / (n + sum_i exp(-d_i))

then a share of the training histogram is mixed in, and the distribution function F is recalibrated by
R(F) = F^a / (F^a + exp(-b) (1 - F)^a), a logistic map in logit(F) (Platt scaling; b = 0 for a regression keeps the median).
"""
from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import nn

from .bins import K
from .memory_keys import GROUPS, HIDDEN, WIDTH, RowFeatures
from .model import Darwin
from .tokenizer import Tokenizer

NEIGHBOURS, SHOWN = 32, 8       # neighbours that answer, neighbours that are reported
FAR = 1e9                       # squared norm of a memory row that is only padding: it is never near


@dataclass
class Settings:
    """The few fitted numbers of one property."""

    scales: tuple[float, float, float] = (0.0, 0.0, 0.0)     # of hidden state, composition, conditions in the distance
    model_count: float = 1.0       # n: how many near neighbours the model is worth
    kernel: float = 1.0            # width of a neighbour's value, in bins
    blend: float = 0.01            # share of the training histogram
    slope: float = 1.0             # a
    shift: float = 0.0             # b


@dataclass
class PropertyTables:
    """Constants of one property. ``offset`` [HIDDEN], ``step`` [WIDTH] of the int8 keys, ``histogram`` [K]."""

    task: int
    is_class: bool
    atom: int
    histogram: torch.Tensor
    settings: Settings = field(default_factory=Settings)
    offset: torch.Tensor = field(default_factory=lambda: torch.zeros(HIDDEN))
    step: torch.Tensor = field(default_factory=lambda: torch.ones(WIDTH))


class AnswerGraph(nn.Module):
    """instruction [P], tokens and numbers [B, L], property [] and the property's memory -> probabilities, neighbours, weights.

    The memory: keys int8 [WIDTH, N], their squared norms float32 [N] under the scales of the property, values uint8 [N] (bin or class),
    projection float32 [states, HIDDEN] of the hidden states.
    """

    def __init__(self, members: list[Darwin], tokenizer: Tokenizer, properties: list[PropertyTables]):
        super().__init__()
        self.members = nn.ModuleList(members)
        self.features = RowFeatures(tokenizer)
        tasks = torch.tensor([entry.task for entry in properties])
        for index, member in enumerate(members):
            self.register_buffer(f"prior{index}", member.prior.detach()[tasks])
        stack = lambda values: torch.tensor(values, dtype=torch.float32)
        settings = [entry.settings for entry in properties]
        self.register_buffer("is_class", stack([float(entry.is_class) for entry in properties]))
        self.register_buffer("numbers_of", stack([[s.model_count, s.kernel, s.blend, s.slope, s.shift] for s in settings]))
        weights = stack([s.scales for s in settings])[:, GROUPS]
        steps = torch.stack([entry.step for entry in properties])
        self.register_buffer("query_weight", weights)
        self.register_buffer("key_weight", weights * steps)
        self.register_buffer("offset", torch.stack([entry.offset for entry in properties]))
        self.register_buffer("histogram", torch.stack([entry.histogram for entry in properties]))
        self.register_buffer("atom", torch.stack([(torch.arange(K) == entry.atom).float() for entry in properties]))
        self.register_buffer("places", torch.arange(K, dtype=torch.float32))
        self.register_buffer("identity", torch.eye(K))

    def kernel(self, property: torch.Tensor, width: torch.Tensor) -> torch.Tensor:
        """[K, K]: how a neighbour's bin (row) spreads over the bins; an atom keeps to itself."""
        atom = self.atom[property]
        spread = torch.exp(-((self.places[:, None] - self.places) / width).pow(2) / 2)
        spread = spread * (1 - atom[:, None]) * (1 - atom) + self.identity * atom
        return spread / spread.sum(1, keepdim=True)

    def forward(self, instruction, tokens, numbers, property, memory_keys, memory_norms, memory_values, memory_projection):
        is_class = self.is_class[property]
        model_count, width, blend, slope, shift = self.numbers_of[property].unbind()
        hidden, answers = [], []
        for index, member in enumerate(self.members):
            state = member.hidden(instruction.unsqueeze(0), tokens.unsqueeze(0), numbers.unsqueeze(0), packed=False)[0]
            logits = member.value_tokens(state) + getattr(self, f"prior{index}")[property]
            bins, classes = torch.softmax(logits[:, :K], -1), torch.softmax(logits[:, K:], -1)
            classes = torch.cat([classes, bins[:, 2:] * 0], dim=1)     # zeros_like would freeze the traced batch size
            answers.append(bins * (1 - is_class) + classes * is_class)
            hidden.append(state)
        model = torch.stack(answers).mean(0)
        query = torch.cat([torch.cat(hidden, 1) @ memory_projection - self.offset[property], self.features(tokens, numbers)], dim=1)
        query = query * self.query_weight[property]
        products = (query * self.key_weight[property]) @ memory_keys.to(torch.float32)
        distance = query.pow(2).sum(1, keepdim=True) + memory_norms - 2 * products
        nearest, rows = torch.topk(distance, NEIGHBOURS, dim=1, largest=False)
        weight = torch.exp(-nearest.clamp(min=0))
        value = memory_values.to(torch.int64)[rows]
        remembered = (self.kernel(property, width)[value] * weight.unsqueeze(-1)).sum(1)
        total = model_count + weight.sum(1, keepdim=True)
        mixed = (model_count * model + remembered) / total
        mixed = (1 - blend) * mixed + blend * self.histogram[property]
        # Both tails are summed from their own end: 1 - F would lose the upper one to rounding.
        below = mixed.cumsum(1)[:, :-1].pow(slope)
        above = mixed.flip(1).cumsum(1).flip(1)[:, 1:].pow(slope) * torch.exp(-shift)
        recalibrated = below / (below + above)
        nothing = mixed[:, :1] * 0
        edges = torch.cat([nothing, recalibrated, nothing + 1], dim=1)
        share = (weight / total)[:, :SHOWN]
        answered = (share > 1e-4).to(torch.int64)
        return edges[:, 1:] - edges[:, :-1], (rows[:, :SHOWN] + 1) * answered - 1, share * answered


MEMORY_INPUTS = [{"name": "memory_keys", "type": "int8"}, {"name": "memory_norms", "type": "float32"}, {"name": "memory_values", "type": "uint8"},
                 {"name": "memory_projection", "type": "float32"}]


def export(graph: AnswerGraph, path: Path) -> None:
    """Write the graph as ONNX, opset 14, with P, B, L and N (memory rows) free."""
    states = sum(member.config.width for member in graph.members)
    example = (torch.tensor([2, 200, 201, 3]), torch.tensor([[36, 38, 5, 0], [7, 9, 11, 5], [9, 5, 0, 0]]),
               torch.tensor([[0.5, 0.5, 0, 0], [0.2, 0.2, 0.6, 0], [1, 0, 0, 0]]), torch.tensor(0),
               torch.zeros(WIDTH, 40, dtype=torch.int8), torch.zeros(40), torch.zeros(40, dtype=torch.uint8), torch.zeros(states, HIDDEN))
    names = ["instruction", "tokens", "numbers", "property", *(entry["name"] for entry in MEMORY_INPUTS)]
    torch.onnx.export(
        graph.eval(), example, str(path), opset_version=14, input_names=names, output_names=["probabilities", "neighbours", "neighbourWeights"],
        dynamic_axes={"instruction": {0: "P"}, "tokens": {0: "B", 1: "L"}, "numbers": {0: "B", 1: "L"}, "memory_keys": {1: "N"}, "memory_norms": {0: "N"},
                      "memory_values": {0: "N"}, "probabilities": {0: "B"}, "neighbours": {0: "B"}, "neighbourWeights": {0: "B"}})
