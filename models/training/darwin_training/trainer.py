"""One training stage: resumable, seeded, with a moving average of the weights."""
from __future__ import annotations

import copy
import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import torch
import torch.nn.functional as F

from .corpus import Batch, Sampler
from .model import Darwin
from .muon import Muon

SIGMA = 1.5             # width of a soft target, in bins
EMA = 0.998
WARM_UP = 100
SAVE_EVERY = 250


@dataclass(frozen=True)
class Stage:
    name: str
    steps: int
    learning_rate: float
    dropout: float = 0.15
    weight_decay: float = 0.1


def soft_targets(batch: Batch) -> torch.Tensor:
    """[G, R, K + 2]: a Gaussian over the bins (all mass on the atom for a value on it), or the class."""
    place = torch.nan_to_num(batch.coordinate, nan=-1e6).unsqueeze(-1)
    cdf = lambda edge: torch.special.ndtr((edge.unsqueeze(1) - place) / SIGMA)
    mass = cdf(batch.end) - cdf(batch.start)
    columns = torch.arange(mass.shape[-1])
    on_atom = (torch.isnan(batch.coordinate) & (batch.atom >= 0).unsqueeze(1)).unsqueeze(-1)
    mass = torch.where(on_atom, (columns == batch.atom[:, None, None]).to(mass.dtype), mass)
    mass = mass / mass.sum(-1, keepdim=True).clamp(min=1e-9)
    is_class = (batch.label >= 0).unsqueeze(-1)
    answer = torch.stack([batch.label == 0, batch.label == 1], dim=-1).to(mass.dtype)
    return torch.cat([torch.where(is_class, torch.zeros_like(mass), mass), answer], dim=-1)


def allowed_logits(logits: torch.Tensor, is_class: torch.Tensor) -> torch.Tensor:
    """Value tokens that cannot answer get -1e4: bins for a class, false and true for a quantity. is_class [G, 1, 1]."""
    is_bin = torch.arange(logits.shape[-1]) < logits.shape[-1] - 2
    return logits.masked_fill(is_bin == is_class, -1e4)


def loss_of(model: Darwin, batch: Batch) -> torch.Tensor:
    """Cross entropy with soft targets, mean over rows."""
    logits = model.logits(model.hidden(batch.instruction, batch.tokens, batch.numbers), batch.task)
    is_class = (batch.label[:, :1] >= 0).unsqueeze(-1)
    return -(soft_targets(batch) * F.log_softmax(allowed_logits(logits, is_class), dim=-1)).sum(-1).mean()


def optimizers(model: Darwin, stage: Stage, precision: torch.dtype = torch.float32) -> list[torch.optim.Optimizer]:
    """Muon for the matrices of the blocks, AdamW for embeddings, number network, norms and head."""
    matrices = [parameter for parameter in model.blocks.parameters() if parameter.ndim == 2]
    chosen = {id(parameter) for parameter in matrices}
    rest = [parameter for parameter in model.parameters() if id(parameter) not in chosen]
    return [Muon(matrices, lr=stage.learning_rate, weight_decay=stage.weight_decay, precision=precision),
            torch.optim.AdamW(rest, lr=stage.learning_rate, betas=(0.9, 0.98), weight_decay=0.01)]


def schedule(step: int, steps: int) -> float:
    """Linear warm-up, then a cosine to 2 % of the peak."""
    if step < WARM_UP:
        return (step + 1) / WARM_UP
    progress = (step - WARM_UP) / max(1, steps - WARM_UP)
    return 0.02 + 0.49 * (1 + math.cos(math.pi * min(1.0, progress)))


def train_stage(model: Darwin, sampler: Sampler, stage: Stage, checkpoint: Path | None, seed: int, precision: torch.dtype = torch.float32,
                watch: Callable[[Darwin], None] | None = None, watch_every: int = 50) -> Darwin:
    """Train in place and return the model with its averaged weights; picks up from ``checkpoint`` if that is there.

    precision bfloat16: matrix products in bfloat16, weights in float32; twice as fast on a CPU with AMX, slower on one without.
    watch: is given a model with the averaged weights every ``watch_every`` steps and at the end; the training does not depend on it.
    """
    torch.manual_seed(seed)
    for block in model.blocks:
        block.dropout = stage.dropout
    chosen = optimizers(model, stage, precision)
    average = {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}
    first = 0
    watched = copy.deepcopy(model).eval() if watch is not None else None
    if checkpoint is not None and checkpoint.exists():
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        average, first = state["average"], state["step"]
        for optimizer, saved in zip(chosen, state["optimizers"]):
            optimizer.load_state_dict(saved)
        sampler.restore(state["sampler"])
        torch.set_rng_state(state["torch"])
    model.train()
    running, clock = 0.0, time.time()
    for step in range(first, stage.steps):
        for optimizer in chosen:
            for group in optimizer.param_groups:
                group["lr"] = stage.learning_rate * schedule(step, stage.steps)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == torch.bfloat16):
            loss = loss_of(model, sampler.draw())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in chosen:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        decay = min(EMA, (step + 1) / (step + 10))
        with torch.no_grad():
            for name, tensor in model.state_dict().items():
                average[name].lerp_(tensor, 1 - decay)
        running += loss.item()
        if watched is not None and ((step + 1) % watch_every == 0 or step + 1 == stage.steps):
            watched.load_state_dict(average)
            watch(watched)
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == stage.steps:
            seconds = time.time() - clock
            done = (step - first) % SAVE_EVERY + 1
            print(f"{stage.name} step {step + 1}/{stage.steps} loss {running / done:.4f} {done * sampler.groups * sampler.rows / seconds:.0f} samples/s",
                  flush=True)
            running, clock = 0.0, time.time()
            if checkpoint is None:
                continue
            _save(checkpoint, {"model": model.state_dict(), "average": average, "step": step + 1, "sampler": sampler.state(),
                               "optimizers": [optimizer.state_dict() for optimizer in chosen], "torch": torch.get_rng_state()})
    model.load_state_dict(average)
    model.eval()
    return model


def _save(path: Path, state: dict) -> None:
    temporary = path.with_suffix(".part")
    torch.save(state, temporary)
    temporary.replace(path)
