"""The exported graph: ensemble, memory and calibration of every property in one ONNX file.

The answer's distribution function is a weighted mean of the members' mean and of the memory's two regressions (see memory); a share of the
training histogram is mixed in (after computed twins, see twins), and the result F is recalibrated by R(F) = F^a / (F^a + exp(-b) (1 - F)^a), a logistic map in logit(F)
(Platt scaling; b = 0 for a regression keeps the median).
"""
from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import nn

from .bins import K
from .ensemble import Ensemble
from .memory import COMPONENTS, KERNELS, SOFTENING, masses, monotone
from .memory_keys import COMPOSITION, CONDITION, HIDDEN, STATE, WIDTH, RowFeatures, column_weights
from .model import Darwin
from .tokenizer import Tokenizer
from .twins import LEVELS, TWIN_KEYS, log_ratios

SHOWN = 8                       # neighbours that are reported
NEAR = 0.1                      # mean kernel of a row that counts as a neighbour
FAR = 1e9                       # squared norm of a memory row that is only padding: it is never near


@dataclass
class Settings:
    """The few fitted numbers of one property."""

    shares: tuple[float, float, float] = (1.0, 0.0, 0.0)     # of the model, of the memory by hidden state, of the memory by composition
    twin: float = 0.0              # exponent of a computed twin's ratio of chances, see twins
    blend: float = 0.01            # share of the training histogram
    slope: float = 1.0             # a
    shift: float = 0.0             # b


@dataclass
class PropertyTables:
    """Constants of one property. ``histogram`` [K], ``offset`` [WIDTH], ``step`` [WIDTH] of the int8 keys, ``spread``: see column_weights."""

    task: int
    is_class: bool
    atom: int
    histogram: torch.Tensor
    settings: Settings = field(default_factory=Settings)
    offset: torch.Tensor = field(default_factory=lambda: torch.zeros(WIDTH))
    step: torch.Tensor = field(default_factory=lambda: torch.ones(WIDTH))
    spread: float = 1.0


class AnswerGraph(nn.Module):
    """instruction [P], tokens and numbers [B, L], property [] and the property's memory -> probabilities, neighbours, weights.

    The memory of each kernel: keys int8 [KEY_ROWS, N] and coefficients int8 [N, 2 * COMPONENTS]; norms, basis and projection as in Memory; then the
    tensors of Twins.
    """

    def __init__(self, members: list[Darwin], tokenizer: Tokenizer, elements: torch.Tensor, properties: list[PropertyTables]):
        super().__init__()
        self.members, self.ensemble = members, Ensemble(members)
        self.features = RowFeatures(tokenizer, elements)
        self.elements = elements
        self.register_buffer("tasks", torch.tensor([entry.task for entry in properties]))
        stack = lambda values: torch.tensor(values, dtype=torch.float32)
        settings = [entry.settings for entry in properties]
        self.register_buffer("is_class", stack([float(entry.is_class) for entry in properties]))
        self.register_buffer("shares", stack([s.shares for s in settings]))
        self.register_buffer("numbers_of", stack([[s.twin, s.blend, s.slope, s.shift] for s in settings]))
        self.register_buffer("weights", torch.stack([column_weights(entry.spread) for entry in properties]))
        self.register_buffer("steps", torch.stack([entry.step for entry in properties]))
        self.register_buffer("offset", torch.stack([entry.offset for entry in properties]))
        self.register_buffer("histogram", torch.stack([entry.histogram for entry in properties]))

    def answers(self, instruction, tokens, numbers, property):
        """Hidden states of all members [B, states] and their mean distribution [B, K]."""
        is_class = self.is_class[property]
        hidden = self.ensemble.hidden(instruction, tokens, numbers)
        logits = self.ensemble.logits(hidden, self.tasks[property].reshape(1))
        bins, classes = torch.softmax(logits[..., :K], -1), torch.softmax(logits[..., K:], -1)
        classes = torch.cat([classes, bins[..., 2:] * 0], dim=-1)     # zeros_like would freeze the traced batch size
        return hidden.transpose(0, 1).flatten(1), (bins * (1 - is_class) + classes * is_class).mean(0)

    def similarity(self, query, property, keys, norms):
        """Both kernels [B, N] of memory.similarity, from weighted queries [B, WIDTH], and keys and norms as they are stored."""
        asked = query * self.weights[property] * self.steps[property] * -2
        result = []
        for kernel, part in enumerate((STATE, COMPOSITION)):
            own = query[:, part].pow(2).sum(1, keepdim=True) + query[:, CONDITION].pow(2).sum(1, keepdim=True) + SOFTENING
            squares = torch.cat([asked[:, part], asked[:, CONDITION]], dim=1) @ keys[kernel].to(torch.float32) + norms[kernel] + own
            result.append(torch.exp(-torch.sqrt(squares.clamp(min=SOFTENING))))
        return result

    def forward(self, instruction, tokens, numbers, property, state_keys, composition_keys, memory_norms, state_coefficients, composition_coefficients,
                memory_basis, memory_projection, twin_keys, twin_norms, twin_levels, twin_ratios):
        states, model = self.answers(instruction, tokens, numbers, property)
        described = self.features(tokens, numbers)
        query = (torch.cat([states @ memory_projection, described], dim=1) - self.offset[property]) * self.weights[property]
        near = self.similarity(query, property, (state_keys, composition_keys), memory_norms)
        shares, base = self.shares[property], self.histogram[property].cumsum(0)
        mixed = shares[0] * model
        for kernel, coefficients in enumerate((state_coefficients, composition_coefficients)):
            parts = near[kernel] @ coefficients.to(torch.float32)
            mixed = mixed + shares[1 + kernel] * masses(monotone(base + parts @ memory_basis))
        twin, blend, slope, shift = self.numbers_of[property].unbind()
        mixed = mixed * torch.exp(twin * log_ratios(described, twin_keys, twin_norms, twin_levels, twin_ratios))
        mixed = mixed / mixed.sum(1, keepdim=True)
        mixed = (1 - blend) * mixed + blend * self.histogram[property]
        # Both tails are summed from their own end: 1 - F would lose the upper one to rounding.
        below = mixed.cumsum(1)[:, :-1].pow(slope)
        above = mixed.flip(1).cumsum(1).flip(1)[:, 1:].pow(slope) * torch.exp(-shift)
        recalibrated = below / (below + above)
        nothing = mixed[:, :1] * 0
        edges = torch.cat([nothing, recalibrated, nothing + 1], dim=1)
        nearest, rows = torch.topk(near[0] + near[1], SHOWN, dim=1)
        nearest = nearest / KERNELS
        counts = (nearest > NEAR).to(torch.int64)
        part = nearest * counts
        weight = (1 - shares[0]) * part / part.sum(1, keepdim=True).clamp(min=NEAR)
        return edges[:, 1:] - edges[:, :-1], (rows + 1) * counts - 1, weight


TYPES = {"state_keys": "int8", "composition_keys": "int8", "memory_norms": "float32", "state_coefficients": "int8", "composition_coefficients": "int8",
         "memory_basis": "float32", "memory_projection": "float32", "twin_keys": "int8", "twin_norms": "float32", "twin_levels": "uint8", "twin_ratios": "float32"}
MEMORY_INPUTS = [{"name": name, "type": kind} for name, kind in TYPES.items()]
# Rows of the stored keys of each kernel: its part of the key, and the conditions.
KEY_ROWS = tuple(len(range(*part.indices(WIDTH))) + len(range(*CONDITION.indices(WIDTH))) for part in (STATE, COMPOSITION))


def export(graph: AnswerGraph, path: Path) -> None:
    """Write the graph as ONNX, opset 14, with P, B, L and N (memory rows) free."""
    states = sum(member.config.width for member in graph.members)
    example = (torch.tensor([2, 200, 201, 3]), torch.tensor([[36, 38, 5, 0], [7, 9, 11, 5], [9, 5, 0, 0]]),
               torch.tensor([[0.5, 0.5, 0, 0], [0.2, 0.2, 0.6, 0], [1, 0, 0, 0]]), torch.tensor(0),
               *(torch.zeros(rows, 40, dtype=torch.int8) for rows in KEY_ROWS), torch.zeros(KERNELS, 40),
               *(torch.zeros(40, 2 * COMPONENTS, dtype=torch.int8) for _ in range(KERNELS)),
               torch.zeros(2 * COMPONENTS, K), torch.zeros(states, HIDDEN), torch.zeros(TWIN_KEYS, 40, dtype=torch.int8), torch.zeros(40),
               torch.zeros(40, dtype=torch.uint8), torch.zeros(LEVELS, K))
    names = ["instruction", "tokens", "numbers", "property", *(entry["name"] for entry in MEMORY_INPUTS)]
    torch.onnx.export(
        graph.eval(), example, str(path), opset_version=14, input_names=names, output_names=["probabilities", "neighbours", "neighbourWeights"],
        dynamic_axes={"instruction": {0: "P"}, "tokens": {0: "B", 1: "L"}, "numbers": {0: "B", 1: "L"}, "state_keys": {1: "N"},
                      "composition_keys": {1: "N"}, "memory_norms": {1: "N"}, "state_coefficients": {0: "N"}, "composition_coefficients": {0: "N"},
                      "twin_keys": {1: "T"}, "twin_norms": {0: "T"}, "twin_levels": {0: "T"}, "probabilities": {0: "B"}, "neighbours": {0: "B"}, "neighbourWeights": {0: "B"}})
