"""The members of an ensemble as one model, for the exported graph: the arithmetic of model.Darwin with fewer and larger operators.

A run of one row spends its time on starting operators and on reading weights, not on arithmetic. So instruction and rows go through the products together, queries,
keys and values come from one, the weights of norms are folded into the product that follows, and the members share every operator but the products with
weights: onnxruntime lays out a weight for its product beforehand, but only a matrix, not a stack of them.
"""
from __future__ import annotations

import torch
from torch import nn

from .model import MAX_INSTRUCTION, Darwin, is_element, number_features, rms_norm
from .tokenizer import ANSWER

LOW = -1e4      # added to the attention that padding would get


class Ensemble(nn.Module):
    """Members of one shape. T tokens are the instruction's P and the rows' B * L after them."""

    def __init__(self, members: list[Darwin]):
        super().__init__()
        if len({member.config for member in members}) != 1:
            raise ValueError("the members of a package must have one shape: their products are made together")
        self.config = config = members[0].config
        self.count, self.head = len(members), config.width // config.heads
        self.register_buffer("ones", torch.ones(config.width))
        self.register_buffer("cos", members[0].cos)
        self.register_buffer("sin", members[0].sin)
        self._stack(members, "embedding", lambda m: m.embedding.weight)
        self._stack(members, "final_norm", lambda m: m.final_norm[None])
        self._stack(members, "prior", lambda m: m.prior)
        self._apart(members, "value_tokens", lambda m: m.value_tokens.weight.t())
        # Both MLPs of the numbers side by side; two more inputs of the second layer choose its bias.
        both = lambda m: (m.numbers.amount, m.numbers.condition)
        self._stack(members, "numbers_in", lambda m: torch.cat([net[0].weight.t() for net in both(m)], 1))
        self._stack(members, "numbers_bias", lambda m: torch.cat([net[0].bias for net in both(m)])[None])
        self._apart(members, "numbers_out", lambda m: torch.cat([*(net[2].weight.t() for net in both(m)), *(net[2].bias[None] for net in both(m))]))
        self.register_buffer("number_halves", torch.eye(2).repeat_interleave(members[0].numbers.amount[0].out_features, dim=1))
        self.register_buffer("waves", members[0].numbers.waves)
        normed = lambda norm, *weights: torch.cat([weight.t() for weight in weights], 1) * norm[:, None]
        for layer in range(config.layers):
            block = lambda m: m.blocks[layer]
            query = lambda m: block(m).query.weight * block(m).scale
            if layer < config.layers - 1:
                self._apart(members, f"all{layer}", lambda m: normed(block(m).attention_norm, query(m), block(m).key.weight, block(m).value.weight))
            else:
                self._apart(members, f"query{layer}", lambda m: normed(block(m).attention_norm, query(m)))
                self._apart(members, f"keys{layer}", lambda m: normed(block(m).attention_norm, block(m).key.weight, block(m).value.weight))
            self._apart(members, f"out{layer}", lambda m: block(m).out.weight.t())
            self._apart(members, f"gate{layer}", lambda m: normed(block(m).feed_forward_norm, block(m).gate.weight))
            self._apart(members, f"up{layer}", lambda m: normed(block(m).feed_forward_norm, block(m).up.weight))
            self._apart(members, f"down{layer}", lambda m: block(m).down.weight.t())

    def _stack(self, members: list[Darwin], name: str, of) -> None:
        self.register_buffer(name, torch.stack([of(member).detach() for member in members]).contiguous())

    def _apart(self, members: list[Darwin], name: str, of) -> None:
        for place, member in enumerate(members):
            self.register_buffer(f"{name}_{place}", of(member).detach().contiguous())

    def each(self, x, work):
        """x [members, ...] through ``work``, which gets a member's part and its own weights by name."""
        parts = x.split([1] * self.count)
        return torch.cat([work(part, lambda name, place=place: getattr(self, f"{name}_{place}")) for place, part in enumerate(parts)])

    def product(self, x, name):
        return self.each(x, lambda part, weight: part @ weight(name))

    def embed(self, instruction, tokens, numbers):
        """[members, T, width]"""
        element = is_element(tokens).to(torch.float32).reshape(-1, 1)
        chosen = torch.cat([element, 1 - element], dim=1)                               # [B * L, 2]
        inner = number_features(numbers.reshape(-1, 1), self.waves) @ self.numbers_in + self.numbers_bias
        inner = inner * torch.sigmoid(inner) * (chosen @ self.number_halves)
        inner = torch.cat([inner, chosen.expand(self.count, -1, -1)], dim=2)
        rows = self.embedding.index_select(1, tokens.reshape(-1)) + self.product(inner, "numbers_out")
        return torch.cat([self.embedding.index_select(1, instruction), rows], dim=1)

    def split(self, x, parts):
        """[members, T, parts * width] -> parts of [members, heads, T, head]"""
        heads = self.config.heads
        return x.reshape(self.count, -1, parts * heads, self.head).transpose(1, 2).split([heads] * parts, dim=1)

    def turn(self, x, words, cos, sin):
        """Rotates the instruction's part of x [members, heads, T, head]; the rows stand at position 0."""
        a, b = x[:, :, :words].split([self.head // 2] * 2, dim=3)
        return torch.cat([torch.cat([a * cos - b * sin, a * sin + b * cos], dim=3), x[:, :, words:]], dim=2)

    def merge(self, x):
        """[members, heads, T, head] -> [members, T, width]"""
        return x.transpose(1, 2).reshape(self.count, -1, self.config.width)

    def finish(self, layer, x, attended):
        """Residual connection of the attention [members, T, width], then the feed-forward half."""
        x = x + self.product(attended, f"out{layer}")

        def feed_forward(y, weight):
            gate = y @ weight(f"gate{layer}")
            return (gate * torch.sigmoid(gate) * (y @ weight(f"up{layer}"))) @ weight(f"down{layer}")

        return x + self.each(rms_norm(x, self.ones), feed_forward)

    def attend(self, query, key, value, words, mask, per_row):
        """Rows' queries [members, heads, B * per_row, head] on the instruction's and their own row's keys and values [members, heads, T, head]."""
        shape = (self.count, self.config.heads, mask.shape[0])
        own_key, own_value = (part[:, :, words:].reshape(*shape, -1, self.head) for part in (key, value))
        to_words = query @ key[:, :, :words].transpose(2, 3)
        to_row = query.reshape(*shape, per_row, self.head) @ own_key.transpose(3, 4) + mask
        weights = torch.softmax(torch.cat([to_words, to_row.reshape(*to_words.shape[:3], -1)], dim=3), dim=3)
        on_words, on_row = weights[..., :words], weights[..., words:]
        return on_words @ value[:, :, :words] + (on_row.reshape(*shape, per_row, -1) @ own_value).reshape(query.shape)

    def hidden(self, instruction, tokens, numbers):
        """instruction [P], not padded; tokens, numbers [B, L], padded on the right -> [members, B, width]."""
        words, (rows, length) = instruction.shape[0], tokens.shape
        cos, sin = self.cos[MAX_INSTRUCTION - words:], self.sin[MAX_INSTRUCTION - words:]
        mask = ((tokens == 0).to(torch.float32) * LOW).reshape(rows, 1, length)
        is_answer = (tokens == ANSWER).to(torch.float32).unsqueeze(-1)
        x = self.embed(instruction, tokens, numbers)
        for layer in range(self.config.layers - 1):
            query, key, value = self.split(self.product(rms_norm(x, self.ones), f"all{layer}"), 3)
            query, key = self.turn(query, words, cos, sin), self.turn(key, words, cos, sin)
            prefix = torch.softmax(query[:, :, :words] @ key[:, :, :words].transpose(2, 3), dim=3) @ value[:, :, :words]
            attended = self.attend(query[:, :, words:], key, value, words, mask, length)
            x = self.finish(layer, x, self.merge(torch.cat([prefix, attended], dim=2)))
        last = self.config.layers - 1
        key, value = self.split(self.product(rms_norm(x, self.ones), f"keys{last}"), 2)
        key = self.turn(key, words, cos, sin)
        x = (x[:, words:].reshape(self.count, rows, length, self.config.width) * is_answer).sum(2)
        query, = self.split(self.product(rms_norm(x, self.ones), f"query{last}"), 1)
        x = self.finish(last, x, self.merge(self.attend(query, key, value, words, mask, 1)))
        return rms_norm(x, self.ones) * self.final_norm

    def logits(self, hidden, task):
        """hidden [members, B, width], task [1] -> [members, B, bins + 2]."""
        return self.product(hidden, "value_tokens") + self.prior.index_select(1, task)
