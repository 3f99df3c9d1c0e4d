"""What int8 weights would cost and gain: a package with quantised products, and their error on the held-out folds.

Weights have a scale for each column, activations one for each row, made from the row alone, so that a row's answer does not depend on its batch
(onnxruntime's own dynamic quantisation takes one scale for the whole tensor). Products are exact in int32. Nothing of this ships, for it is slower: docs/inference.md.
"""
from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import torch
from torch import nn

from .assess import Held, crossed, fitted, load_members, measured
from .corpus import Corpus
from .memory_keys import RowFeatures, element_axes
from .runs import SPLITS

LARGEST = 127
SMALLEST_SCALE = 1e-9
SIZE = 4096         # smaller matrices stay as they are
TASKS = ("matbench_expt_gap", "matbench_expt_is_metal", "matbench_glass", "matbench_steels", "melting_temperature", "formation_enthalpy_expt", "refractive_index")


def quantised_columns(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """[in, out] -> int8 [in, out] and float32 scales [out]."""
    scale = np.maximum(np.abs(weight).max(0) / LARGEST, SMALLEST_SCALE).astype(np.float32)
    return np.round(weight / scale).astype(np.int8), scale


def quantise_graph(model) -> int:
    """Replaces the products with weights in an onnx.ModelProto; how many."""
    from onnx import helper, numpy_helper

    graph, made, rows = model.graph, 0, {}
    weights = {item.name: item for item in graph.initializer}
    constant = lambda name, value: graph.initializer.append(numpy_helper.from_array(np.array(value, np.float32), name))
    constant("int8/largest", LARGEST)
    constant("int8/smallest", SMALLEST_SCALE)
    nodes = []
    for node in graph.node:
        weight = weights.get(node.input[1]) if node.op_type == "MatMul" else None
        if weight is None or len(weight.dims) != 2 or int(np.prod(weight.dims)) < SIZE:
            nodes.append(node)
            continue
        source, name, made = node.input[0], f"int8/{made}", made + 1
        if source not in rows:
            rows[source] = (f"{name}/rows", f"{name}/scale")
            nodes += [helper.make_node("Abs", [source], [f"{name}/abs"]),
                      helper.make_node("ReduceMax", [f"{name}/abs"], [f"{name}/max"], axes=[-1], keepdims=1),
                      helper.make_node("Div", [f"{name}/max", "int8/largest"], [f"{name}/part"]),
                      helper.make_node("Max", [f"{name}/part", "int8/smallest"], [f"{name}/scale"]),
                      helper.make_node("Div", [source, f"{name}/scale"], [f"{name}/divided"]),
                      helper.make_node("Round", [f"{name}/divided"], [f"{name}/rounded"]),
                      helper.make_node("Cast", [f"{name}/rounded"], [f"{name}/rows"], to=3)]
        integers, scale = quantised_columns(numpy_helper.to_array(weight))
        graph.initializer.extend([numpy_helper.from_array(integers, f"{name}/weight"), numpy_helper.from_array(scale, f"{name}/columns")])
        quantised, row_scale = rows[source]
        nodes += [helper.make_node("MatMulInteger", [quantised, f"{name}/weight"], [f"{name}/whole"]),
                  helper.make_node("Cast", [f"{name}/whole"], [f"{name}/float"], to=1),
                  helper.make_node("Mul", [f"{name}/float", f"{name}/columns"], [f"{name}/scaled"]),
                  helper.make_node("Mul", [f"{name}/scaled", row_scale], [node.output[0]])]
    used = {name for node in nodes for name in node.input}
    kept = [item for item in graph.initializer if item.name in used]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(kept)
    return made


def int8_package(package: Path, out: Path) -> int:
    """A copy of a package with quantised products, for checks/golden.mjs --bench; how many products."""
    import onnx

    shutil.copytree(package, out, dirs_exist_ok=True)
    model = onnx.load(str(package / "darwin.onnx"))
    made = quantise_graph(model)
    onnx.save(model, str(out / "darwin.onnx"))
    manifest, graph = json.loads((out / "manifest.json").read_text()), (out / "darwin.onnx").read_bytes()
    manifest["version"] += "-int8"
    manifest["files"]["darwin.onnx"] = {"sha256": hashlib.sha256(graph).hexdigest(), "bytes": len(graph)}
    (out / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, separators=(",", ":")) + "\n")
    return made


class Int8Linear(nn.Module):
    """A linear layer as the quantised graph computes it."""

    def __init__(self, linear: nn.Linear):
        super().__init__()
        integers, scale = quantised_columns(linear.weight.detach().t().numpy())
        self.weight, self.bias = torch.from_numpy(integers * scale).t().contiguous(), linear.bias

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        scale = (x.abs().amax(-1, keepdim=True) / LARGEST).clamp(min=SMALLEST_SCALE)
        return nn.functional.linear((x / scale).round() * scale, self.weight, self.bias)


def quantise_member(member: nn.Module) -> None:
    for name, module in list(member.named_children()):
        if isinstance(module, nn.Linear) and module.weight.numel() >= SIZE:
            setattr(member, name, Int8Linear(module))
        else:
            quantise_member(module)


def compare(data: Path, member_paths: list[Path], ids: tuple[str, ...] = TASKS) -> None:
    """Prints the error on folds 0 and 1, as `assess` measures it, of members as they are and in int8."""
    corpus = Corpus(data, SPLITS["split"])
    members = load_members(member_paths, corpus)
    features = RowFeatures(corpus.tokenizer, element_axes(members))
    errors = []
    for quantised in (False, True):
        if quantised:
            for member in members:
                quantise_member(member)
        held = {id: Held(corpus, members, id, features) for id in ids}
        by_fold = {fold: fitted({id: item.evidence[fold] for id, item in held.items()}) for fold in next(iter(held.values())).evidence}
        errors.append({id: measured(item.pooled(), crossed(item.evidence, {fold: by_fold[fold][id] for fold in by_fold})) for id, item in held.items()})
    for id in ids:
        one, two = errors[0][id], errors[1][id]
        name = "mae" if "mae" in one else "balanced_accuracy"
        print(f"{id:28s} {one['rows']:5d} rows  {name} {one[name]:.5g}, int8 {two[name]:.5g} ({two[name] / one[name] - 1:+.2%})"
              + (f"; AUC {one['auc']:.4f}, int8 {two['auc']:.4f}" if "auc" in one else ""))
