"""A package in exactly the shipped format with random weights and invented memories: a fixture for the runtime's tests."""
from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from .bins import K, Bins
from .chemistry import composition_key, parse_formula
from .conditions import CONDITIONS
from .corpus import build_tokenizer
from .data import encode_row
from .graph import AnswerGraph, PropertyTables, Settings
from .memory import Memory, Projection, embedding_spread, remember
from .memory_keys import HIDDEN, RowFeatures, element_axes
from .model import Config, Darwin
from .package import Package, PropertyEntry, condition_entry, encode_conditions, write_package
from .package_state import rounded_to_half
from .tasks import PROPERTY_TASKS
from .twins import LEVELS, STEP, TWIN_KEYS, Twins

FORMULAS = ["GaAs", "InP", "TiO2", "Fe2O3", "NaCl", "Al2O3", "SiC", "YBa2Cu3O7", "Bi2Te3", "PbTe", "Li7La3Zr2O12", "CoCrFeMnNi"]
WITH_MEMORY = ("BAND_GAP", "SEEBECK_COEFFICIENT", "IS_METAL")
_USED = {  # conditions by property, as in the contract
    "temperature": ("SEEBECK_COEFFICIENT ELECTRICAL_CONDUCTIVITY THERMAL_CONDUCTIVITY LATTICE_THERMAL_CONDUCTIVITY POWER_FACTOR FIGURE_OF_MERIT_ZT "
                    "YIELD_STRENGTH_ALLOY TENSILE_STRENGTH_ALLOY ELONGATION_ALLOY HEAT_CAPACITY GIBBS_FORMATION_ENERGY").split(),
    "load": ["VICKERS_HARDNESS"], "wavelength": ["REFRACTIVE_INDEX"],
    "processing": "HARDNESS_ALLOY YIELD_STRENGTH_ALLOY TENSILE_STRENGTH_ALLOY ELONGATION_ALLOY SINGLE_PHASE_ALLOY BCC_ALLOY".split(),
    "testType": "YIELD_STRENGTH_ALLOY TENSILE_STRENGTH_ALLOY ELONGATION_ALLOY".split(),
}
_RANGES = {"temperature": (100.0, 1200.0), "load": (0.1, 50.0), "wavelength": (0.4, 1.6)}


SHAPE = dict(width=16, layers=2, heads=2, feed_forward=24)
# About 3 million parameters: what the speed of a package is compared with (checks/golden.mjs --bench).
SHAPE_3M = dict(width=256, layers=4, heads=8, feed_forward=560)


def tiny_package(out: Path, seed: int = 7, count: int = 2, shape: dict = SHAPE) -> Path:
    """Write the fixture into ``out``: two members of width 16, invented rows, memories on three properties."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    tokenizer = build_tokenizer(None)
    config = Config(len(tokenizer.vocabulary), len(PROPERTY_TASKS), **shape)
    members = [Darwin(config).eval() for _ in range(count)]
    for member in members:
        for parameter in member.parameters():       # the zeros of the initialisation would hide faults
            parameter.data.add_(torch.randn_like(parameter) * 0.2)
        rounded_to_half(member)
    elements = element_axes(members)
    properties, rows_of = [], {}
    for index, task in enumerate(PROPERTY_TASKS):
        conditions = [condition_entry(condition, *_RANGES.get(name, ())) for name, condition in CONDITIONS.items() if task.property in _USED[name]]
        values = np.round(random.gamma(2.0, 1.0, 200), 3)
        if task.scale != "identity":
            values = np.log10(values + 0.01)
        elif task.property in ("BAND_GAP", "SUPERCONDUCTOR_TC"):
            values[:60] = 0.0
        bins = None if task.kind == "classification" else Bins.fit(values)
        answered = task.property in WITH_MEMORY
        settings = Settings((0.4, 0.35, 0.25) if answered else (1.0, 0.0, 0.0), 0.01, 0.8, 0.3 if bins is None else 0.0)
        tables = PropertyTables(index, bins is None, bins.atom if bins else -1, _histogram(bins, values), settings)
        low, high = (0.0, 1.0) if bins is None else (float(edge) for edge in np.quantile(10 ** values if task.scale != "identity" else values, [0.05, 0.95]))
        properties.append(PropertyEntry(
            task, tables, bins, conditions, {"low": low, "high": high}, {"rows": len(FORMULAS), "compositions": len(FORMULAS), "tasks": [task.id]},
            golden=[(FORMULAS[(index + shift) % len(FORMULAS)], {}) for shift in range(1)]))
        rows_of[task.property] = values
    for index, entry in enumerate(properties):
        if entry.task.property in WITH_MEMORY:
            entry.memory = _memory(entry, members, tokenizer, elements, rows_of[entry.task.property], random)
            given = {item["name"]: 400.0 for item in entry.conditions if item["name"] == "temperature"}
            entry.golden.append(("Ga0.9In0.1As", given))
    gap = next(entry for entry in properties if entry.task.property == "BAND_GAP")
    gap.twins, gap.tables.settings.twin = _twins(tokenizer, elements, random), 0.8
    graph = AnswerGraph(members, tokenizer, elements, [entry.tables for entry in properties])
    compositions: dict[str, list[int]] = {composition_key(parse_formula(formula)): list(range(len(properties))) for formula in FORMULAS}
    card = "# Darwin, tiny\n\nRandom weights and invented rows: a fixture that exercises the format. Its answers mean nothing.\n"
    training = {"tasks": 0, "rows": 0, "sha256": "0" * 64}
    return write_package(Package("darwin", "0.0.0-tiny", seed, graph, tokenizer, properties, compositions, training, card), out)


def _twins(tokenizer, elements, random) -> Twins:
    """Invented ratios for the compositions of FORMULAS."""
    rows = [encode_row(parse_formula(formula), [], tokenizer) for formula in FORMULAS]
    features = RowFeatures(tokenizer, elements)
    described = torch.cat([features(torch.tensor([tokens]), torch.tensor([numbers])) for tokens, numbers in rows])[:, :TWIN_KEYS]
    keys = (described / STEP).round()
    return Twins(np.ascontiguousarray(keys.t().numpy().astype(np.int8)), (keys * STEP).pow(2).sum(1).numpy(),
                 random.integers(0, LEVELS, len(rows)).astype(np.uint8), random.normal(size=(LEVELS, K)).astype(np.float32))


def _histogram(bins: Bins | None, values: np.ndarray) -> torch.Tensor:
    counts = np.zeros(K)
    counts[:2] = 0.5
    if bins is not None:
        counts = np.bincount(bins.index(values), minlength=K) + 1.0
    return torch.tensor(counts / counts.sum(), dtype=torch.float32)


def _memory(entry: PropertyEntry, members: list[Darwin], tokenizer, elements, values: np.ndarray, random) -> Memory:
    """Invented values at the real keys of FORMULAS: what matters is that torch and the runtime agree."""
    rows = [encode_row(parse_formula(formula), encode_conditions(entry.conditions, {}), tokenizer) for formula in FORMULAS]
    length = max(len(tokens) for tokens, _ in rows)
    tokens = torch.tensor([row + [0] * (length - len(row)) for row, _ in rows])
    numbers = torch.tensor([row + [0.0] * (length - len(row)) for _, row in rows])
    instruction = torch.tensor([tokenizer.instruction(entry.task.wording.canonical)])
    with torch.no_grad():
        hidden = torch.cat([member.hidden(instruction, tokens[None], numbers[None])[0] for member in members], dim=1)
        matrix = torch.tensor(random.normal(size=(hidden.shape[1], HIDDEN)) / hidden.shape[1] ** 0.5, dtype=torch.float32)
        features = RowFeatures(tokenizer, elements)(tokens, numbers)
    projection = Projection(matrix, torch.cat([(hidden @ matrix).mean(0), features.mean(0)]))
    drawn = random.choice(values, len(FORMULAS))
    stored = entry.bins.index(drawn) if entry.bins else (drawn > np.median(drawn)).astype(int)
    built = remember(projection.keys(hidden, features), torch.from_numpy(stored).long(), FORMULAS, projection, embedding_spread(features),
                     entry.tables.histogram, entry.bins is None)
    entry.tables.offset, entry.tables.step, entry.tables.spread = projection.offset, built.step, built.spread
    return built.memory
