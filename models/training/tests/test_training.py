import json

import numpy as np
import pytest
import torch
from onnx import helper, numpy_helper

from darwin_training import runs, trainer
from darwin_training.adapt import adapt
from darwin_training.assess import assess, histogram
from darwin_training.build import build
from darwin_training.chemistry import SYMBOLS
from darwin_training.corpus import TEST_FOLD, TUNE_FOLD, Corpus, Sampler
from darwin_training.memory_keys import ELEMENTS, HIDDEN, RowFeatures
from darwin_training.data import encode_row
from darwin_training.int8 import Int8Linear, quantise_graph
from darwin_training.mixture import stage2
from darwin_training.package import write_package
from darwin_training.package_state import load_package
from darwin_training.tiny import tiny_package
from darwin_training.twins import log_ratios, twins_of

SHAPE = dict(width=16, layers=2, heads=2, feed_forward=24, dropout=0.1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Invented data: the 'gap' of AxB grows with x, a classification follows it, a computed set and element facts."""
    path = tmp_path_factory.mktemp("data")
    (path / "tasks").mkdir()
    (path / "qa").mkdir()
    random = np.random.default_rng(0)
    names = random.choice(SYMBOLS[2:80], (240, 2))
    rows = [(f"{a}{x}{b}", x) for (a, b), x in zip(names, random.integers(1, 9, 240)) if a != b]
    for id, value in (("matbench_expt_gap", lambda x: x / 2), ("matbench_expt_is_metal", lambda x: int(x > 4)), ("mp_band_gap", lambda x: x / 3)):
        (path / "tasks" / f"{id}.csv").write_text("formula,value\n" + "".join(f"{formula},{value(x)}\n" for formula, x in rows))
    (path / "tasks" / "seebeck_coefficient.csv").write_text("formula,value,temperature_K\n" + "".join(f"{formula},{x},{300 + 10 * x}\n" for formula, x in rows))
    facts = "".join(f"{symbol},atomic number,{number},,invented,\n" for number, symbol in enumerate(SYMBOLS, start=1))
    (path / "qa" / "element_facts.csv").write_text("element,property,value,unit,source,bodr_check\n" + facts)
    return path


def train(folder, out, **options):
    return runs.train_member(folder, out, "split", 3, SHAPE, 4, options.pop("steps", 12), **options)


def test_no_held_out_composition_is_trained_on(folder):
    corpus = Corpus(folder, runs.SPLITS["split"])
    trained = {data.keys[row] for id, data in corpus.tasks.items() for row in corpus.train[id] if data.task.fidelity != "qa"}
    held = {key for data in corpus.tasks.values() for key, fold in zip(data.keys, data.folds) if fold in (TEST_FOLD, TUNE_FOLD)}
    assert held and not held & trained


def test_a_sampler_walks_through_every_row_once_an_epoch(folder):
    corpus = Corpus(folder, runs.SPLITS["split"])
    sampler = Sampler(corpus, {"matbench_expt_gap": 1.0}, seed=0, groups=1, rows=16)
    count = len(corpus.train["matbench_expt_gap"])
    seen = np.concatenate([sampler._take("matbench_expt_gap") for _ in range(count // 16)])
    assert len(set(seen)) == len(seen) and set(seen) <= set(corpus.train["matbench_expt_gap"])


def test_the_mixture_is_a_distribution_over_the_tasks(folder):
    weights = stage2(Corpus(folder, runs.SPLITS["split"]))
    assert sum(weights.values()) == pytest.approx(1) and min(weights.values()) > 0


def test_an_interrupted_run_ends_as_one_that_was_not(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(trainer, "SAVE_EVERY", 5)
    whole = torch.load(train(folder, tmp_path / "whole"))
    save, saves = trainer._save, []

    def stop(path, state):
        save(path, state)
        saves.append(path)
        if len(saves) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(trainer, "_save", stop)
    with pytest.raises(KeyboardInterrupt):
        train(folder, tmp_path / "broken")
    resumed = torch.load(train(folder, tmp_path / "broken"))
    for name, tensor in whole["state"].items():
        assert torch.allclose(tensor, resumed["state"][name], atol=1e-6), name


def test_from_data_to_a_package_that_answers(folder, tmp_path):
    """The whole way on invented data: train, assess, package."""
    member = train(folder, tmp_path / "member", steps=30)
    monitored = ("matbench_expt_gap", "matbench_expt_is_metal", "mp_band_gap", "seebeck_coefficient")
    fit = assess(folder, [member], tmp_path / "fit.json")
    assert set(fit["properties"]) == set(monitored)
    assert all(entry["test"]["rows"] > 10 for entry in fit["properties"].values())
    package = build(folder, [member], tmp_path / "fit.json", tmp_path / "none.json", "0.0.1", tmp_path)
    manifest = json.loads((package / "manifest.json").read_text())
    assert [entry["key"] for entry in manifest["properties"]] == ["BAND_GAP", "IS_METAL", "SEEBECK_COEFFICIENT", "BAND_GAP_PBE"]
    for name, file in manifest["files"].items():
        assert (package / name).stat().st_size == file["bytes"]
    for line in (package / "golden.jsonl").read_text().splitlines():
        answer = json.loads(line)
        assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-4) and np.isfinite(answer["value"])


def test_a_computed_twin_changes_the_chances_of_its_own_composition_alone(folder):
    """In the invented data the computed gap is two thirds of the measured one: a small computed gap speaks for small measured ones."""
    corpus = Corpus(folder, runs.SPLITS["split"])
    features = RowFeatures(corpus.tokenizer, torch.zeros(118, ELEMENTS))
    id, bins = "matbench_expt_gap", corpus.bins["matbench_expt_gap"]
    twins = twins_of(corpus, id, features, histogram(corpus, id))
    tensors = [torch.from_numpy(tensor) for tensor in twins.tensors().values()]
    computed = corpus.tasks["mp_band_gap"]
    ratios = log_ratios(features(torch.from_numpy(computed.tokens), torch.from_numpy(computed.numbers)), *tensors)
    small, large = (bins.index(np.array([value]))[0] for value in (0.5, 4.0))
    lowest, highest = int(np.argmin(computed.values)), int(np.argmax(computed.values))
    assert ratios[lowest, small] > 0.5 > -0.5 > ratios[lowest, large]
    assert ratios[highest, large] > 0.5 > -0.5 > ratios[highest, small]
    tokens, numbers = encode_row({"Og": 1.0, "Ts": 2.0, "Lv": 3.0}, [], corpus.tokenizer)
    assert log_ratios(features(torch.tensor([tokens]), torch.tensor([numbers])), *tensors).abs().max() < 1e-3
    assert twins_of(corpus, "seebeck_coefficient", features, histogram(corpus, "seebeck_coefficient")) is None


def test_a_package_is_read_back_as_it_was_written(tmp_path):
    first = tiny_package(tmp_path / "first")
    second = write_package(load_package(first), tmp_path / "second")
    for one, two in zip(*((path / "golden.jsonl").read_text().splitlines() for path in (first, second)), strict=True):
        one, two = json.loads(one), json.loads(two)
        assert one["tokens"] == two["tokens"] and one["value"] == pytest.approx(two["value"], rel=1e-5)
        assert one["probabilities"] == pytest.approx(two["probabilities"], abs=1e-6)
    for name in ("memory.bin", "memory-formulas.txt.gz", "training-compositions.tsv.gz"):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_a_package_of_0_3_0_is_read_too(tmp_path):
    """There both kernels shared one tensor of keys and one of coefficients."""
    first = tiny_package(tmp_path / "first")
    manifest, blob = json.loads((first / "manifest.json").read_text()), bytearray((first / "memory.bin").read_bytes())
    for entry in manifest["properties"]:
        held = entry["memory"]
        part = lambda name: np.frombuffer(blob, np.int8, int(np.prod(held[name]["shape"])), held[name]["offset"]).reshape(held[name]["shape"])
        keys = np.concatenate([part("state_keys")[:HIDDEN], part("composition_keys")])
        coefficients = np.concatenate([part("state_coefficients"), part("composition_coefficients")], axis=1)
        for name, tensor, gone in (("memory_keys", keys, ("state_keys", "composition_keys")), ("memory_coefficients", coefficients, ("state_coefficients", "composition_coefficients"))):
            held[name] = {"file": "memory.bin", "type": "int8", "shape": list(tensor.shape), "offset": len(blob)}
            blob = blob + tensor.tobytes()
            for one in gone:
                del held[one]
    (first / "manifest.json").write_text(json.dumps(manifest))
    (first / "memory.bin").write_bytes(blob)
    for one, two in zip(load_package(first).properties, load_package(tiny_package(tmp_path / "second")).properties):
        assert (one.memory is None) == (two.memory is None)
        if one.memory is not None:
            assert np.array_equal(one.memory.keys, two.memory.keys) and np.array_equal(one.memory.coefficients, two.memory.coefficients)


def test_int8_products_of_graph_and_members_round_alike_and_row_by_row():
    torch.manual_seed(5)
    linear, x = torch.nn.Linear(64, 64, bias=False), torch.randn(7, 64) * torch.logspace(-2, 2, 7)[:, None]
    graph = helper.make_graph([helper.make_node("MatMul", ["x", "w"], ["y"])], "g", [helper.make_tensor_value_info("x", 1, [None, 64])],
                              [helper.make_tensor_value_info("y", 1, [None, 64])], [numpy_helper.from_array(linear.weight.detach().t().numpy().copy(), "w")])
    model = helper.make_model(graph)
    assert quantise_graph(model) == 1 and [node.op_type for node in model.graph.node].count("MatMulInteger") == 1
    integers = numpy_helper.to_array(next(item for item in model.graph.initializer if item.data_type == 3))
    columns = numpy_helper.to_array(next(item for item in model.graph.initializer if item.name.endswith("columns")))
    with torch.no_grad():
        quantised, exact = Int8Linear(linear)(x), linear(x)
        assert torch.allclose(Int8Linear(linear).weight.t(), torch.from_numpy(integers * columns))
        assert torch.allclose(Int8Linear(linear)(x[2:3]), quantised[2:3], rtol=1e-5)
    assert 0 < float(((quantised - exact).norm(dim=1) / exact.norm(dim=1)).max()) < 0.02


def test_own_measurements_make_a_package_better_at_them(tmp_path):
    """Hardness of Fe-Ni-Cr mixtures as an invented straight line: nothing that random weights could know."""
    package = tiny_package(tmp_path / "tiny")
    lines = [f"Fe{100 - 5 * a - 5 * b}Ni{5 * a}Cr{5 * b},{1 + 0.3 * a},0.98" for a in range(1, 8) for b in range(1, 8)]
    csv = tmp_path / "mine.csv"
    csv.write_text("formula,value,load_N\n" + "\n".join(lines) + "\n")
    errors = adapt(package, csv, "VICKERS_HARDNESS", "0.0.1-mine", tmp_path)
    assert errors["after"] < 0.6 * errors["before"]
    adapted = json.loads((tmp_path / "darwin-0.0.1-mine" / "manifest.json").read_text())
    entry = next(entry for entry in adapted["properties"] if entry["key"] == "VICKERS_HARDNESS")
    assert entry["memory"]["formulas"]["rows"] == len(lines)


def test_own_measurements_without_their_conditions_are_refused(tmp_path):
    package = tiny_package(tmp_path / "tiny")
    (tmp_path / "mine.csv").write_text("formula,value\nFe,1\n")
    with pytest.raises(ValueError, match="VICKERS_HARDNESS has load"):
        adapt(package, tmp_path / "mine.csv", "VICKERS_HARDNESS", "0.0.1-mine", tmp_path)
