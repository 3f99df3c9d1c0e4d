"""training.npz of a package: weights (float16) and constants, so that a package can be read back, adapted and written again."""
from __future__ import annotations

import gzip
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from .bins import Bins
from .graph import TYPES, AnswerGraph, PropertyTables, Settings
from .memory import Memory
from .memory_keys import HIDDEN
from .model import Config, Darwin
from .tasks import PROPERTY_TASKS
from .tokenizer import Tokenizer
from .twins import Twins

FILE = "training.npz"


def rounded_to_half(model: Darwin) -> Darwin:
    """The model with weights that float16 holds exactly: what is exported is then what training.npz gives back."""
    for parameter in model.parameters():
        parameter.data = parameter.data.half().float()
    return model


def save_state(package, path: Path) -> None:
    """What of a Package its other files do not hold."""
    members, tables = list(package.graph.members), [entry.tables for entry in package.properties]
    arrays: dict[str, np.ndarray] = {"configs": np.array(json.dumps([member.config.to_dict() for member in members]))}
    for index, member in enumerate(members):
        for name, tensor in member.state_dict().items():
            arrays[f"member{index}/{name}"] = tensor.half().numpy()
    arrays["tables"] = np.array(json.dumps([{"task": entry.task, "is_class": entry.is_class, "atom": entry.atom, "spread": entry.spread, "settings": asdict(entry.settings)} for entry in tables]))
    for name in ("histogram", "offset", "step"):
        arrays[name] = torch.stack([getattr(entry, name) for entry in tables]).numpy()
    arrays["elements"] = package.graph.elements.numpy()
    for place, entry in enumerate(package.properties):
        if entry.memory is not None:
            arrays[f"values/{place}"] = entry.memory.values
    np.savez_compressed(path, **arrays)


def load_package(folder: Path):
    """The Package in ``folder``, as write_package was given it."""
    from .package import Package, PropertyEntry

    manifest = json.loads((folder / "manifest.json").read_text())
    state = np.load(folder / FILE)
    tokenizer = Tokenizer(manifest["vocabulary"])
    members = []
    for index, config in enumerate(json.loads(str(state["configs"]))):
        member = Darwin(Config(**config)).eval()
        member.load_state_dict({name: torch.from_numpy(state[f"member{index}/{name}"]).float() for name in member.state_dict()})
        members.append(member)
    tables = [
        PropertyTables(entry["task"], entry["is_class"], entry["atom"], torch.from_numpy(state["histogram"][place]),
                       Settings(**{**entry["settings"], "shares": tuple(entry["settings"]["shares"])}),
                       torch.from_numpy(state["offset"][place]), torch.from_numpy(state["step"][place]), entry["spread"])
        for place, entry in enumerate(json.loads(str(state["tables"])))]
    by_property = {task.property: task for task in PROPERTY_TASKS}
    formulas = gzip.decompress((folder / "memory-formulas.txt.gz").read_bytes()).decode().splitlines()
    blob = (folder / "memory.bin").read_bytes()
    golden = [json.loads(line) for line in (folder / "golden.jsonl").read_text().splitlines()]

    def tensor(entry: dict, kind: np.dtype) -> np.ndarray:
        return np.frombuffer(blob, kind, int(np.prod(entry["shape"])), entry["offset"]).reshape(entry["shape"]).copy()

    properties = []
    for place, entry in enumerate(manifest["properties"]):
        memory, held = None, entry["memory"]
        if "formulas" in held:
            first, count = held["formulas"]["offset"], held["formulas"]["rows"]
            parts = {name: tensor(part, np.dtype(part["type"])) for name, part in held.items() if name != "formulas"}
            if "memory_keys" in parts:      # up to 0.3.0 both kernels shared their tensors
                keys, coefficients = parts["memory_keys"], parts["memory_coefficients"]
            else:
                keys = np.concatenate([parts["state_keys"][:HIDDEN], parts["composition_keys"]])
                coefficients = np.concatenate([parts["state_coefficients"], parts["composition_coefficients"]], axis=1)
            memory = Memory(keys.T[:count], parts["memory_norms"][:, :count], coefficients[:count], parts["memory_basis"], state[f"values/{place}"],
                            parts["memory_projection"], formulas[first: first + count])
        bins = Bins(np.array(entry["bins"]["lower"]), np.array(entry["bins"]["upper"])) if "bins" in entry else None
        properties.append(PropertyEntry(
            by_property[entry["key"]], tables[place], bins, entry["conditions"], entry["desirability"], entry["training"], entry.get("evaluation"), memory,
            [(line["formula"], line["conditions"]) for line in golden if line["property"] == entry["key"]],
            Twins(*(tensor(held[name], np.dtype(TYPES[name])) for name in TYPES if name.startswith("twin_"))) if tables[place].settings.twin else None))
    index = gzip.decompress((folder / "training-compositions.tsv.gz").read_bytes()).decode().splitlines()
    compositions = {key: [int(place) for place in places.split(",")] for key, places in (line.split("\t") for line in index)}
    graph = AnswerGraph(members, tokenizer, torch.from_numpy(state["elements"]), tables)
    return Package(manifest["name"], manifest["version"], manifest["seed"], graph, tokenizer, properties, compositions, manifest["trainingData"],
                   (folder / "MODEL_CARD.md").read_text(), manifest["trainedAt"])
