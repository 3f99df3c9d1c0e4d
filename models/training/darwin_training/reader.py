"""The reader: which property, or fact of an element, does a question ask for, and what kind of answer does it want?

An open vocabulary: a word is the sum of the vectors of its pieces (3 to 5 letters) and of itself, all hashed into one table (fastText: Bojanowski et al.
2017, arXiv 1607.04606), so that a word never seen still resembles those it is spelt like. Over the words a convolution with the maximum over positions
(Kim 2014, arXiv 1408.5882) beside their mean; two heads. A quarter of a million multiplications a question.
"""
from __future__ import annotations

import hashlib
import importlib
import json
import re
import unicodedata
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from .reader_questions import KINDS, OTHER, SUBJECTS, Questions

BUCKETS, WIDTH, CHANNELS, HIDDEN = 1 << 13, 40, 96, 96
GRAMS = (3, 4, 5)
BATCH, RATE = 144, 4e-3
THRESHOLD = 0.5                     # below this for the likeliest class, a question counts as not understood
_WORD = re.compile(r"#[a-z]+|[^\W\d_]+|\d+(?:[.,]\d+)*|[%°]")


def words(text: str) -> list[str]:
    """Compatibility characters unfolded, lower case; runs of letters; every number is "0"; a subject (``#alloy``) is one word."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return ["0" if word[0].isdigit() else word for word in _WORD.findall(plain)]


def bucket(feature: str) -> int:
    """FNV-1a (32 bits) of the UTF-8 bytes; bucket 0 is the padding."""
    value = 0x811C9DC5
    for byte in feature.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return 1 + value % (BUCKETS - 1)


@lru_cache(maxsize=200_000)
def pieces(word: str) -> tuple[int, ...]:
    """Buckets of the word itself, then of its pieces of 3, 4 and 5 characters; a number or a subject has none."""
    if word.startswith("#") or word == "0":
        return (bucket(word),)
    framed = f"<{word}>"
    grams = [framed[at:at + size] for size in GRAMS for at in range(len(framed) - size + 1)]
    return tuple(bucket(feature) for feature in (word, *grams))


def features(texts: list[str], keep: float = 1.0, generator: np.random.Generator | None = None) -> Tensor:
    """[texts, words, pieces] int64, padded with 0; each piece is kept with probability ``keep``."""
    rows = [[pieces(word) for word in words(text)] or [(0,)] for text in texts]
    table = np.zeros((len(rows), max(map(len, rows)), max(len(word) for row in rows for word in row)), np.int64)
    for r, row in enumerate(rows):
        for w, word in enumerate(row):
            table[r, w, :len(word)] = word
    if generator is not None:
        table[generator.random(table.shape) > keep] = 0
    return torch.from_numpy(table)


class Reader(nn.Module):
    """features [B, W, F] -> logits of classes [B, C] and of kinds [B, K]."""

    def __init__(self, classes: int):
        super().__init__()
        self.table = nn.Embedding(BUCKETS, WIDTH, padding_idx=0)
        nn.init.normal_(self.table.weight, std=0.1)
        self.near = nn.Conv1d(WIDTH, CHANNELS, 3, padding=1)
        self.middle = nn.Linear(CHANNELS + WIDTH, HIDDEN)
        self.dropout = nn.Dropout(0.3)
        self.classes, self.kinds = nn.Linear(HIDDEN, classes), nn.Linear(HIDDEN, len(KINDS))

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        there = (features > 0).to(torch.float32).unsqueeze(-1)
        embedded = nn.functional.embedding(features, self.table.weight.to(torch.float32)) * there
        word = embedded.sum(2) / there.sum(2).clamp(min=1).sqrt()
        is_word = (there.sum(2) > 0).to(torch.float32)
        local = (torch.relu(self.near(word.transpose(1, 2))).transpose(1, 2) * is_word).amax(1)
        mean = word.sum(1) / is_word.sum(1).clamp(min=1)
        hidden = self.dropout(torch.relu(self.middle(self.dropout(torch.cat([local, mean], -1)))))
        return self.classes(hidden), self.kinds(hidden)


class _Probabilities(nn.Module):
    """What the graph answers: features [W, F] -> classes [C], kinds [K]."""

    def __init__(self, reader: Reader):
        super().__init__()
        self.reader = reader

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        classes, kinds = self.reader(features.unsqueeze(0))
        return torch.softmax(classes, -1)[0], torch.softmax(kinds, -1)[0]


def train_reader(language: str, steps: int, seed: int = 0, part: str = "train") -> tuple[Reader, list[str]]:
    torch.manual_seed(seed)
    questions = Questions(importlib.import_module(f".questions.{language}", __package__), seed, part)
    model, generator = Reader(len(questions.classes)), np.random.default_rng(seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.1)
    for step in range(steps):
        texts, names, kinds = zip(*(questions.draw() for _ in range(BATCH)))
        of_class, of_kind = model(features(list(texts), 0.8, generator))
        target = torch.tensor([questions.classes.index(name) for name in names])
        known = torch.tensor([name != OTHER for name in names])
        loss = nn.functional.cross_entropy(of_class, target, label_smoothing=0.03)
        loss = loss + 0.5 * nn.functional.cross_entropy(of_kind[known], torch.tensor([KINDS.index(kind) for kind in kinds])[known], label_smoothing=0.03)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 250 == 0:
            print(step, f"{loss.item():.3f}", flush=True)
    return model.eval(), questions.classes


@torch.no_grad()
def measure_reader(model: Reader, language: str, count: int, seed: int = 1) -> dict[str, float]:
    """On questions of held-out wordings: the share whose class is right and confident, refused of OTHER, right kinds, wrong and confident."""
    questions = Questions(importlib.import_module(f".questions.{language}", __package__), seed, "dev")
    texts, names, kinds = zip(*(questions.draw() for _ in range(count)))
    of_class, of_kind = model(features(list(texts)))
    probability, index = torch.softmax(of_class, -1).max(-1)
    answered = [questions.classes[int(i)] if p >= THRESHOLD else OTHER for i, p in zip(index, probability)]
    asked = [at for at, name in enumerate(names) if name != OTHER]
    other = [at for at, name in enumerate(names) if name == OTHER]
    share = lambda hits: float(np.mean(list(hits)))
    return {"understood": share(answered[at] == names[at] for at in asked), "refused": share(answered[at] == OTHER for at in other),
            "kind": share(KINDS[int(of_kind[at].argmax())] == kinds[at] for at in asked),
            "confidentlyWrong": share(answered[at] not in (OTHER, names[at]) for at in asked)}


def write_reader(model: Reader, classes: list[str], language: str, version: str, out: Path, measured: dict[str, float]) -> Path:
    """reader-<version>: the graph, its manifest, golden answers and the card (docs/model-package.md)."""
    folder = out / f"reader-{version}"
    folder.mkdir(parents=True, exist_ok=True)
    graph = _Probabilities(model).eval()
    graph.reader.table.half()       # half the size; the sums are in float32
    path = folder / "reader.onnx"
    torch.onnx.export(graph, (features(["what is the band gap of #compound"])[0],), str(path), input_names=["features"], output_names=["classes", "kinds"],
                      opset_version=14, dynamic_axes={"features": {0: "words", 1: "pieces"}})
    questions = Questions(importlib.import_module(f".questions.{language}", __package__), 2, "all")
    lines = []
    for _ in range(50):
        text = questions.draw()[0]
        with torch.no_grad():
            of_class, of_kind = graph(features([text])[0])
        lines.append(json.dumps({"text": text, "class": classes[int(of_class.argmax())], "probability": round(float(of_class.max()), 6),
                                 "kind": KINDS[int(of_kind.argmax())], "kindProbability": round(float(of_kind.max()), 6)}, ensure_ascii=False))
    (folder / "golden.jsonl").write_text("\n".join(lines) + "\n")
    (folder / "MODEL_CARD.md").write_text(_card(version, language, model, measured))
    listed = {name: {"sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest(), "bytes": (folder / name).stat().st_size}
              for name in ("reader.onnx", "golden.jsonl")}
    manifest = {"format": 1, "kind": "reader", "name": "reader", "version": version, "language": language, "trainedAt": datetime.now(timezone.utc).isoformat(timespec="seconds"),
                "parameters": sum(parameter.numel() for parameter in model.parameters()), "files": listed, "graph": {"file": "reader.onnx"},
                "buckets": BUCKETS, "grams": list(GRAMS), "subjects": list(SUBJECTS), "classes": classes, "kinds": list(KINDS), "threshold": THRESHOLD}
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
    return folder


def _card(version: str, language: str, model: Reader, measured: dict[str, float]) -> str:
    rows = "\n".join(f"| {name} | {value:.3f} |" for name, value in measured.items())
    return f"""# reader {version}

Reads a question in plain words (language: {language}): the property of Darwin or the fact of an element that it asks for, or none of them, and the kind of
answer (a value, yes or no, above or below a number, which of two). It does not see the formula: that stands as `#compound`, `#alloy`, `#steel` or `#element`.

- Architecture: hashed words and pieces of words, one convolution, two heads; {sum(p.numel() for p in model.parameters()):,} weights. `darwin_training/reader.py`.
- Data: the wordings of `darwin_training/questions/{language}.py`, written for it, in random combinations with conditions, units and typing errors. No other text.
- Limits: one question, one quantity. It knows no quantity that is not in that file, and what it takes for one of its own with less than {THRESHOLD:.0%} is refused.

Measured on questions from wordings that were not trained on (the shipped weights are trained on all wordings afterwards; the exam through the API is
`test/ask/questions.json`):

| share of questions | |
|---|---|
{rows}
"""


def reader(language: str, version: str, out: Path, steps: int) -> Path:
    """Train on a part of the wordings, measure on the others, then train on all and write the package."""
    trial, _ = train_reader(language, steps)
    measured = measure_reader(trial, language, 4000)
    print(measured)
    model, classes = train_reader(language, steps, part="all")
    return write_reader(model, classes, language, version, out, measured)
