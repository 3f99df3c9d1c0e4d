"""The reader: which property (or element fact) does a question ask for? An open vocabulary: words, pairs of words and pieces of
words are hashed (fastText: Joulin et al. 2017, arXiv 1607.01759), so that a word never seen still resembles those it is spelt like.

    python3 -m darwin_training.reader --package ../darwin-0.1.0

trains it (minutes of one thread) and adds ``reader.onnx`` and the manifest's ``reader`` to a package; docs/model-package.md.
"""
from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import string
import zlib
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from .reader_wordings import ASKED, FRAMES, OTHER, PREFIXES, SUFFIXES, UNKNOWN_QUANTITIES, UNRELATED
from .tasks import PROPERTY_TASKS

BUCKETS, WIDTH, HIDDEN = 1 << 14, 64, 128
GRAMS = (3, 4, 5)
BATCH, STEPS, RATE = 256, 2500, 3e-3
SHARE_OF_OTHER = 0.25
THRESHOLD = 0.5             # less than this for the likeliest class: not understood
CLASSES = [*ASKED, OTHER]
_WORD = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|[%°]")
_SUBJECT = re.compile(r"\b(?:this|the|a) (?:compound|material|composition|substance|formula|solid)\b|\bit\b")


def words(text: str) -> list[str]:
    """Lower case; runs of letters; every number is "0". What is asked about stands as "x"."""
    return ["0" if word[0].isdigit() else word for word in _WORD.findall(text.lower())]


@lru_cache(maxsize=200_000)
def _bucket(feature: str) -> int:
    return zlib.crc32(feature.encode()) % BUCKETS


@lru_cache(maxsize=200_000)
def _pieces(word: str) -> tuple[int, ...]:
    framed = f"<{word}>"
    grams = [f"c:{framed[at:at + size]}" for size in GRAMS for at in range(len(framed) - size + 1)]
    return tuple(_bucket(feature) for feature in [f"w:{word}", *grams])


def features(text: str) -> list[int]:
    """Buckets of all words, pieces of words and pairs of words; at least one."""
    found = words(text)
    pairs = [_bucket(f"b:{first} {second}") for first, second in zip(["<", *found], [*found, ">"])]
    return [*(bucket for word in found for bucket in _pieces(word)), *pairs]


class Reader(nn.Module):
    """features [n] -> probabilities [classes]."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.randn(BUCKETS, WIDTH) * 0.1)
        self.head = nn.Sequential(nn.Linear(WIDTH, HIDDEN), nn.ReLU(), nn.Dropout(0.2), nn.Linear(HIDDEN, len(CLASSES)))

    def logits(self, buckets: Tensor, offsets: Tensor, weights: Tensor) -> Tensor:
        total = nn.functional.embedding_bag(buckets, self.table, offsets, mode="sum", per_sample_weights=weights)
        return self.head(total)

    def forward(self, buckets: Tensor) -> Tensor:
        return torch.softmax(self.head(self.table[buckets].mean(0, keepdim=True)), -1)[0]


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


class Questions:
    """Draws questions with their classes."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.names = {key: _split(names) for key, (names, _) in ASKED.items()}
        self.whole = {key: _split(whole) for key, (_, whole) in ASKED.items()}
        for task in PROPERTY_TASKS:
            wording = task.wording
            self.names[task.property] += [name for name in wording.names if name not in self.names[task.property]]
            self.whole[task.property] += [text for text in (_SUBJECT.sub("x", question) for question in wording.questions) if "x" in text.split()]
        self.unknown, self.unrelated = _split(UNKNOWN_QUANTITIES), _split(UNRELATED)

    def draw(self) -> tuple[str, int]:
        if self.random.random() < SHARE_OF_OTHER:
            kind = OTHER
            if self.random.random() < 0.5:
                text = self._framed(self.unknown)
            elif self.random.random() < 0.85:
                text = self.random.choice(self.unrelated)
            else:
                text = " ".join(self._nonsense() for _ in range(self.random.randint(1, 6)))
        else:
            kind = self.random.choice(CLASSES[:-1])
            named = self.names[kind] and (not self.whole[kind] or self.random.random() < 0.5)
            text = self._framed(self.names[kind]) if named else self.random.choice(self.whole[kind])
            text = self.random.choice(PREFIXES) + text + self.random.choice(SUFFIXES)
        return self._distorted(text), CLASSES.index(kind)

    def _framed(self, names: list[str]) -> str:
        return self.random.choice(FRAMES).format(q=self.random.choice(names))

    def _nonsense(self) -> str:
        return "".join(self.random.choice(string.ascii_lowercase) for _ in range(self.random.randint(2, 9)))

    def _distorted(self, text: str) -> str:
        """A word lost or put in, a letter lost, doubled or swapped, now and then."""
        result = []
        for word in text.split():
            chance = self.random.random()
            if chance < 0.03 and word != "x":
                continue
            if chance < 0.06 and len(word) > 4:
                at = self.random.randrange(1, len(word) - 1)
                word = self.random.choice([word[:at] + word[at + 1:], word[:at] + word[at] + word[at:], word[:at] + word[at + 1] + word[at] + word[at + 2:]])
            result.append(word)
        return " ".join(result)


def _tensors(texts: list[str], keep: float, generator: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
    buckets, offsets, weights = [], [], []
    for text in texts:
        found = np.array(features(text))
        chosen = found[generator.random(len(found)) < keep]
        chosen = chosen if len(chosen) else found
        offsets.append(len(buckets))
        buckets.extend(chosen)
        weights.extend([1 / len(chosen)] * len(chosen))
    return torch.tensor(buckets), torch.tensor(offsets), torch.tensor(weights, dtype=torch.float32)


def train(seed: int = 0) -> Reader:
    torch.manual_seed(seed)
    questions, generator, model = Questions(seed), np.random.default_rng(seed), Reader()
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=STEPS, pct_start=0.1)
    for step in range(STEPS):
        texts, kinds = zip(*(questions.draw() for _ in range(BATCH)))
        loss = nn.functional.cross_entropy(model.logits(*_tensors(list(texts), 0.85, generator)), torch.tensor(kinds), label_smoothing=0.02)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 250 == 0:
            print(step, f"{loss.item():.3f}", flush=True)
    return model.eval()


def add_to_package(model: Reader, package: Path, seed: int) -> None:
    """Write reader.onnx and the manifest's entry; the rest of the package stays as it is."""
    path = package / "reader.onnx"
    example = torch.tensor(features("what is the band gap of x ?"))
    torch.onnx.export(model, (example,), str(path), input_names=["features"], output_names=["probabilities"], opset_version=14,
                      dynamic_axes={"features": {0: "n"}})
    golden, questions = [], Questions(seed + 1)
    for _ in range(20):
        text = questions.draw()[0]
        with torch.no_grad():
            probability, index = model(torch.tensor(features(text))).max(0)
        golden.append({"text": text, "class": CLASSES[int(index)], "probability": round(float(probability), 6)})
    manifest = json.loads((package / "manifest.json").read_text())
    manifest["files"]["reader.onnx"] = {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "bytes": path.stat().st_size}
    manifest["reader"] = {"file": "reader.onnx", "buckets": BUCKETS, "grams": list(GRAMS), "classes": CLASSES, "threshold": THRESHOLD, "golden": golden}
    (package / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, separators=(",", ":")) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    add_to_package(train(arguments.seed), arguments.package, arguments.seed)


if __name__ == "__main__":
    main()
