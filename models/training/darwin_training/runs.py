"""A training run: one member of the ensemble, both stages, in a folder of its own."""
from __future__ import annotations

import json
from pathlib import Path

import torch

from . import mixture
from .corpus import TEST_FOLD, TUNE_FOLD, Corpus, Sampler
from .chemistry import FOLDS
from .model import Config, Darwin
from .trainer import Stage, train_stage

SPLITS = {"split": set(range(FOLDS)) - {TEST_FOLD, TUNE_FOLD}, "all": set(range(FOLDS))}


def train_member(data: Path, out: Path, split: str, seed: int, shape: dict, stage1_steps: int, stage2_steps: int, passes: float = 1.0,
                 precision: torch.dtype = torch.float32, start: Path | None = None) -> Path:
    """Train one member into ``out``/member.pt. stage2_steps 0: as many as the epochs of the mixture ask for, times ``passes``.

    start: a member to go on from, instead of stage 1; a further cycle at a lower rate (snapshots: Huang et al. 2017, arXiv 1704.00109).
    """
    out.mkdir(parents=True, exist_ok=True)
    result = out / "member.pt"
    if result.exists():
        print(f"{result} is there already", flush=True)
        return result
    corpus = Corpus(data, SPLITS[split])
    config = Config(vocabulary=len(corpus.tokenizer.vocabulary), tasks=len(corpus.ids), **shape)
    torch.manual_seed(seed)
    model = Darwin(config)
    model.prior.data.copy_(corpus.initial_prior())
    if start is not None:
        model, saved = load_member(start)
        if saved["tasks"] != corpus.ids or saved["vocabulary"] != corpus.tokenizer.vocabulary:
            raise ValueError(f"{start}: was trained on other tasks or another vocabulary")
        config = model.config
    first = Sampler(corpus, mixture.stage1(corpus), seed)
    second = Sampler(corpus, mixture.stage2(corpus), seed + 1)
    steps = stage2_steps or int(passes * mixture.stage2_samples(corpus) / (second.groups * second.rows))
    print(f"{model.parameter_count()} parameters, {sum(map(len, corpus.train.values()))} training rows, {steps} steps in stage 2", flush=True)
    if start is None:
        train_stage(model, first, Stage("stage 1", stage1_steps, 4e-3, dropout=0.05), out / "stage1.pt", seed, precision)
    rate = 3e-3 if start is None else 2e-3
    train_stage(model, second, Stage("stage 2", steps, rate, dropout=config.dropout), out / "stage2.pt", seed + 1, precision)
    torch.save({"config": config.to_dict(), "state": model.state_dict(), "tasks": corpus.ids, "vocabulary": corpus.tokenizer.vocabulary,
                "split": split, "seed": seed, "steps": [stage1_steps, steps]}, result)
    (out / "run.json").write_text(json.dumps({"split": split, "seed": seed, "steps": [stage1_steps, steps], **config.to_dict()}, indent=2))
    return result


def load_member(path: Path) -> tuple[Darwin, dict]:
    """Model in evaluation mode and what was saved with it."""
    saved = torch.load(path)
    model = Darwin(Config(**saved["config"]))
    model.load_state_dict(saved["state"])
    return model.eval(), saved
