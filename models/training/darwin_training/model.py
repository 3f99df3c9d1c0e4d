"""Darwin: a LLaMA-type language model that answers with one value token.

Blocks of RMSNorm, rotary attention and SwiGLU (Touvron et al. 2023, arXiv 2302.13971), run as a prefix language model
(Raffel et al. 2020): the instruction sees itself and is computed once, a row sees the instruction and itself. A row is a set: its
tokens share one rotary position, so the order of the elements does not matter. The last token, [ANSWER], predicts the value token.
"""
from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import nn

from .chemistry import SYMBOLS
from .tokenizer import ANSWER, FIRST_ELEMENT

ROTARY_BASE = 100.0     # instructions are shorter than 100 words
MAX_INSTRUCTION = 128
WAVES = 4
DROP_GROUP = 8


@dataclass(frozen=True)
class Config:
    vocabulary: int
    tasks: int
    width: int = 192
    layers: int = 4
    heads: int = 6
    feed_forward: int = 512
    bins: int = 128
    dropout: float = 0.15

    def to_dict(self) -> dict:
        return asdict(self)


def rms_norm(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * weight


def rotary_tables(head: int) -> tuple[torch.Tensor, torch.Tensor]:
    """cos and sin [MAX_INSTRUCTION, head/2] of the positions -MAX_INSTRUCTION..-1 (Su et al. 2021, arXiv 2104.09864).

    The row stands at position 0, so it needs no rotation; the instruction counts down to it.
    """
    frequency = ROTARY_BASE ** (-torch.arange(0, head, 2) / head)
    angle = torch.arange(-MAX_INSTRUCTION, 0)[:, None] * frequency
    return angle.cos(), angle.sin()


def rotate(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotate the halves of the last axis of x [..., P, head]; cos and sin [P, head/2]."""
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], dim=-1)


def drop(x: torch.Tensor, rate: float, training: bool) -> torch.Tensor:
    """Dropout of groups of 8 channels of x [..., width]: as good a regulariser, and an eighth of the random numbers."""
    if not training or rate == 0:
        return x
    kept = (torch.rand(*x.shape[:-1], x.shape[-1] // DROP_GROUP, 1) >= rate).to(x.dtype) / (1 - rate)
    return (x.unflatten(-1, (-1, DROP_GROUP)) * kept).flatten(-2)


def is_element(tokens: torch.Tensor) -> torch.Tensor:
    return (tokens >= FIRST_ELEMENT) & (tokens < FIRST_ELEMENT + len(SYMBOLS))


def number_features(number: torch.Tensor, waves: torch.Tensor) -> torch.Tensor:
    """number [..., 1] -> [..., 3 + 2 * WAVES]"""
    angle = number * waves
    logarithm = torch.log10(number.abs().clamp(min=1e-6))
    return torch.cat([number, logarithm / 3, number.abs().sqrt(), angle.sin(), angle.cos()], dim=-1)


class NumberEmbedding(nn.Module):
    """Embeds a number beside its token: an atomic fraction or a scaled condition, each with a small MLP."""

    def __init__(self, width: int, hidden: int = 64):
        super().__init__()
        features = 3 + 2 * WAVES
        self.amount = nn.Sequential(nn.Linear(features, hidden), nn.SiLU(), nn.Linear(hidden, width))
        self.condition = nn.Sequential(nn.Linear(features, hidden), nn.SiLU(), nn.Linear(hidden, width))
        self.register_buffer("waves", torch.pi * 2.0 ** torch.arange(WAVES), persistent=False)

    def forward(self, tokens: torch.Tensor, numbers: torch.Tensor) -> torch.Tensor:
        """tokens, numbers [..., L] -> [..., L, width]."""
        features = number_features(numbers.unsqueeze(-1), self.waves)
        return torch.where(is_element(tokens).unsqueeze(-1), self.amount(features), self.condition(features))


class Packing:
    """Moves between rows padded to [G, R, L, c] and the [N, c] tokens that are not padding, where the arithmetic is done."""

    def __init__(self, tokens: torch.Tensor):
        self.shape = tokens.shape
        flat = tokens.flatten()
        self.kept = flat.nonzero().squeeze(1)
        self.slot = torch.full_like(flat, len(self.kept))       # padding reads the zero row at the end
        self.slot[self.kept] = torch.arange(len(self.kept))

    # Look-ups go through F.embedding: its backward pass is several times faster on a CPU than that of indexing.
    def pack(self, x: torch.Tensor) -> torch.Tensor:
        return F.embedding(self.kept, x.flatten(0, 2))

    def pad(self, x: torch.Tensor) -> torch.Tensor:
        return F.embedding(self.slot, torch.cat([x, x.new_zeros(1, x.shape[1])])).unflatten(0, self.shape)


class Block(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        width, self.heads, self.dropout = config.width, config.heads, config.dropout
        self.scale = (width // config.heads) ** -0.5
        self.attention_norm = nn.Parameter(torch.ones(width))
        self.query, self.key, self.value, self.out = (nn.Linear(width, width, bias=False) for _ in range(4))
        self.feed_forward_norm = nn.Parameter(torch.ones(width))
        self.gate = nn.Linear(width, config.feed_forward, bias=False)
        self.up = nn.Linear(width, config.feed_forward, bias=False)
        self.down = nn.Linear(config.feed_forward, width, bias=False)
        for linear in (self.out, self.down):
            nn.init.zeros_(linear.weight)

    def split(self, x: torch.Tensor) -> torch.Tensor:
        """[G, ..., width] -> [G, heads, ..., head]."""
        x = x.reshape(*x.shape[:-1], self.heads, x.shape[-1] // self.heads)
        return x.permute(0, x.ndim - 2, *range(1, x.ndim - 2), x.ndim - 1)

    def merge(self, x: torch.Tensor) -> torch.Tensor:
        """[G, heads, ..., head] -> [G, ..., width]."""
        return x.permute(0, *range(2, x.ndim - 1), 1, x.ndim - 1).flatten(-2)

    def finish(self, x: torch.Tensor, attended: torch.Tensor) -> torch.Tensor:
        """Residual connection of the attention, then the feed-forward half."""
        x = x + drop(self.out(attended), self.dropout, self.training)
        y = rms_norm(x, self.feed_forward_norm)
        return x + drop(self.down(F.silu(self.gate(y)) * self.up(y)), self.dropout, self.training)

    def instruction(self, x, mask, rotary, last: bool):
        """x [G, P, width], mask [G, P] (0 or -inf) -> the next x, and keys and values [G, heads, P, head] for the rows."""
        y = rms_norm(x, self.attention_norm)
        key, value = rotate(self.split(self.key(y)), *rotary), self.split(self.value(y))
        if last:
            return x, key, value
        query = rotate(self.split(self.query(y)), *rotary) * self.scale
        weights = torch.softmax(query @ key.transpose(-2, -1) + mask[:, None, None, :], dim=-1)
        return self.finish(x, self.merge(weights @ value)), key, value

    def rows(self, x, mask, prefix, packing, answer=None):
        """One layer over rows.

        x packed rows; mask [G, R, L] (0 or -inf); prefix: keys, values [G, heads, P, head] and their mask [G, P] of the instruction.
        answer: with it (a function that picks the [ANSWER] token of every row) only that token is computed: [G, R, 1, width].
        """
        y = rms_norm(x, self.attention_norm)
        if answer is None:
            query, key, value = packing.pad(torch.cat([self.query(y), self.key(y), self.value(y)], dim=-1)).chunk(3, dim=-1)
        else:
            key, value = packing.pad(torch.cat([self.key(y), self.value(y)], dim=-1)).chunk(2, dim=-1)
            x = answer(x)
            query = self.query(rms_norm(x, self.attention_norm))
        query, key, value = self.split(query) * self.scale, self.split(key), self.split(value)
        prefix_key, prefix_value, prefix_mask = prefix
        flat = query.flatten(2, 3)                                                          # [G, heads, R*L, head]
        to_prefix = (flat @ prefix_key.transpose(-2, -1) + prefix_mask[:, None, None, :]).reshape(*query.shape[:-1], -1)
        to_row = query @ key.transpose(-2, -1) + mask[:, None, :, None, :]
        weights = torch.softmax(torch.cat([to_prefix, to_row], dim=-1), dim=-1)
        words = prefix_key.shape[2]
        on_prefix, on_row = weights[..., :words], weights[..., words:]
        attended = (on_prefix.flatten(2, 3) @ prefix_value).reshape(query.shape) + on_row @ value
        attended = self.merge(attended)
        return self.finish(x, attended if answer is not None else packing.pack(attended))


class Darwin(nn.Module):
    """Instruction and rows in, hidden state of the answer and logits of the value tokens out."""

    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary, config.width)
        nn.init.normal_(self.embedding.weight, std=0.5)
        self.numbers = NumberEmbedding(config.width)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.final_norm = nn.Parameter(torch.ones(config.width))
        # Value tokens are shared by all quantities (a bin means low or high); a quantity adds a prior of its own.
        self.value_tokens = nn.Linear(config.width, config.bins + 2, bias=False)            # the last two: false, true
        nn.init.normal_(self.value_tokens.weight, std=0.02)
        self.prior = nn.Parameter(torch.zeros(config.tasks, config.bins + 2))
        cos, sin = rotary_tables(config.width // config.heads)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)

    def hidden(self, instruction, tokens, numbers) -> torch.Tensor:
        """instruction [G, P], padded with 0 on the left; tokens, numbers [G, R, L], padded on the right -> [G, R, width]."""
        words = instruction.shape[1]
        rotary = self.cos[MAX_INSTRUCTION - words:], self.sin[MAX_INSTRUCTION - words:]
        low = -1e4
        instruction_mask = (instruction == 0).to(torch.float32) * low
        mask = (tokens == 0).to(torch.float32) * low
        is_answer = (tokens == ANSWER).to(torch.float32).unsqueeze(-1)
        packing = Packing(tokens)
        x = self.embedding(instruction)
        ids, values = tokens.flatten()[packing.kept], numbers.flatten()[packing.kept]
        rows = self.embedding(ids) + self.numbers(ids, values)
        pick = lambda packed_rows: (packing.pad(packed_rows) * is_answer).sum(2, keepdim=True)
        for index, block in enumerate(self.blocks):
            last = index == len(self.blocks) - 1
            x, key, value = block.instruction(x, instruction_mask, rotary, last)
            rows = block.rows(rows, mask, (key, value, instruction_mask), packing, pick if last else None)
        return rms_norm(rows[:, :, 0], self.final_norm)

    def logits(self, hidden: torch.Tensor, task: torch.Tensor) -> torch.Tensor:
        """hidden [G, R, width], task [G] -> [G, R, bins + 2]."""
        return self.value_tokens(hidden) + self.prior[task].unsqueeze(1)

    def parameter_count(self) -> int:
        return sum(parameter.numel() for parameter in self.parameters())
