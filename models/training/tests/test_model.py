from math import gcd

import pytest
import torch

from darwin_training.corpus import build_tokenizer
from darwin_training.data import encode_row
from darwin_training.ensemble import Ensemble
from darwin_training.chemistry import parse_formula
from darwin_training.fit import Evidence, mixed, recalibrated
from darwin_training.graph import AnswerGraph, PropertyTables, Settings
from darwin_training.bins import K, Bins
from darwin_training.memory import KERNELS, Projection, Regression, embedding_spread, masses, monotone, remember, similarity
from darwin_training.memory_keys import WIDTH, RowFeatures, element_axes
from darwin_training.model import Config, Darwin
from darwin_training.package import memory_tensors
from darwin_training.muon import orthogonalize

import numpy as np


@pytest.fixture(scope="module")
def tokenizer():
    return build_tokenizer(None)


@pytest.fixture(scope="module")
def model(tokenizer):
    torch.manual_seed(1)
    model = Darwin(Config(len(tokenizer.vocabulary), 3, width=32, layers=3, heads=4, feed_forward=48)).eval()
    for parameter in model.parameters():
        parameter.data.add_(torch.randn_like(parameter) * 0.1)
    return model


def rows(tokenizer, formulas, length=None):
    encoded = [encode_row(parse_formula(formula), [], tokenizer) for formula in formulas]
    length = length or max(len(tokens) for tokens, _ in encoded)
    tokens = torch.tensor([row + [0] * (length - len(row)) for row, _ in encoded])
    numbers = torch.tensor([row + [0.0] * (length - len(row)) for _, row in encoded])
    return tokens[None], numbers[None]


FORMULAS = ["GaAs", "YBa2Cu3O7", "Fe", "CoCrFeMnNi"]


def hidden(model, tokenizer, formulas, text="what is the band gap ?", **options):
    return model.hidden(torch.tensor([tokenizer.instruction(text)]), *rows(tokenizer, formulas, options.pop("length", None)), **options)[0]


def test_an_answer_depends_neither_on_padding_nor_on_the_other_rows(model, tokenizer):
    together = hidden(model, tokenizer, FORMULAS, length=12)
    for place, formula in enumerate(FORMULAS):
        assert torch.allclose(together[place], hidden(model, tokenizer, [formula])[0], atol=1e-5)


def test_the_exported_ensemble_computes_what_its_members_do(model, tokenizer):
    torch.manual_seed(4)
    other = Darwin(model.config).eval()
    for parameter in other.parameters():
        parameter.data.add_(torch.randn_like(parameter) * 0.1)
    ensemble = Ensemble([model, other])
    instruction = torch.tensor(tokenizer.instruction("what is the band gap ?"))
    tokens, numbers = (part[0] for part in rows(tokenizer, FORMULAS, 12))
    together = ensemble.hidden(instruction, tokens, numbers)
    for place, member in enumerate((model, other)):
        alone = member.hidden(instruction[None], tokens[None], numbers[None])
        assert torch.allclose(together[place], alone[0], atol=1e-5)
        assert torch.allclose(ensemble.logits(together, torch.tensor([2]))[place], member.logits(alone, torch.tensor([2]))[0], atol=1e-5)


def test_members_of_unlike_shapes_make_no_ensemble(model):
    with pytest.raises(ValueError, match="one shape"):
        Ensemble([model, Darwin(Config(model.config.vocabulary, 3, width=16, layers=3, heads=4, feed_forward=48))])


def test_the_order_of_the_elements_does_not_matter(model, tokenizer):
    tokens, numbers = rows(tokenizer, ["YBa2Cu3O7"])
    order = torch.tensor([2, 0, 3, 1, 4])
    instruction = torch.tensor([tokenizer.instruction("critical temperature ?")])
    assert torch.allclose(model.hidden(instruction, tokens, numbers), model.hidden(instruction, tokens[..., order], numbers[..., order]), atol=1e-5)


def test_padding_of_the_instruction_does_not_matter_but_its_words_and_their_order_do(model, tokenizer):
    words = tokenizer.instruction("is this a metal ?")
    tokens, numbers = rows(tokenizer, FORMULAS)
    answer = lambda ids: model.hidden(torch.tensor([ids]), tokens, numbers)
    assert torch.allclose(answer(words), answer([0, 0, 0, *words]), atol=1e-5)
    assert not torch.allclose(answer(words), answer([words[0], *words[1:-1][::-1], words[-1]]), atol=1e-3)
    assert not torch.allclose(answer(words), answer(tokenizer.instruction("is this a glass ?")), atol=1e-3)


def test_amounts_matter(model, tokenizer):
    a, b = hidden(model, tokenizer, ["GaAs", "Ga0.51As0.49"])
    assert not torch.allclose(a, b, atol=1e-4)


def test_muon_gives_singular_values_near_one():
    torch.manual_seed(0)
    for shape in ((3, 16, 40), (2, 40, 16)):
        values = torch.linalg.svdvals(orthogonalize(torch.randn(shape), steps=10))
        assert values.min() > 0.5 and values.max() < 1.5


def test_the_graph_mixes_and_recalibrates_as_the_fit_does(model, tokenizer):
    """What was fitted on held-out rows is what the shipped graph computes."""
    torch.manual_seed(2)
    values = np.abs(np.random.default_rng(0).normal(size=300))
    values[:50] = 0
    bins = Bins.fit(values)
    histogram = torch.full((K,), 1 / K)
    settings = Settings((0.4, 0.35, 0.25), 0.02, 0.7, 0.0)
    names = [f"Ga{n}As{m}" for n in range(1, 12) for m in range(1, 12) if gcd(n, m) == 1]
    elements = element_axes([model])
    features = RowFeatures(tokenizer, elements)
    states, described = hidden(model, tokenizer, names).detach(), features(*(part[0] for part in rows(tokenizer, names)))
    projection = Projection.fit(states, described)
    value = torch.from_numpy(bins.index(np.random.default_rng(1).choice(values, len(names))))
    built = remember(projection.keys(states, described), value, names, projection, embedding_spread(described), histogram, False)
    tables = PropertyTables(0, False, bins.atom, histogram, settings, projection.offset, built.step, built.spread)
    graph = AnswerGraph([model], tokenizer, elements, [tables])
    instruction = torch.tensor(tokenizer.instruction("what is the band gap ?"))
    tokens, numbers = (part[0] for part in rows(tokenizer, FORMULAS))
    with torch.no_grad():
        got, near, weights = graph(instruction, tokens, numbers, torch.tensor(0), *(torch.from_numpy(tensor) for tensor in memory_tensors(built.memory, None).values()))
        query_states = hidden(model, tokenizer, FORMULAS)
        plain = torch.softmax(model.logits(query_states[None], torch.tensor([0]))[0, :, :K], -1)
    memory = built.answers(query_states, features(tokens, numbers)).detach()
    evidence = Evidence(plain, memory, np.zeros(len(FORMULAS)), bins, histogram, np.ones(len(FORMULAS)), np.array(FORMULAS))
    expected = recalibrated(mixed(evidence, settings), settings.slope, settings.shift)
    np.testing.assert_allclose(got.numpy(), expected, atol=1e-4)
    assert torch.allclose(got.sum(1), torch.ones(len(FORMULAS)), atol=1e-5)
    assert names[int(near[0, 0])] == "Ga1As1" and weights[0].sum() == pytest.approx(1 - settings.shares[0], abs=1e-5)


def invented_memory(count=60, seed=3):
    """Weighted keys [count, WIDTH], a bin that follows the first of them, and a histogram."""
    torch.manual_seed(seed)
    keys = torch.randn(count, WIDTH) * 0.2
    values = (64 + 40 * keys[:, 0] / keys[:, 0].abs().max()).long()
    histogram = torch.bincount(values, minlength=K) + 0.5
    return keys, values, histogram / histogram.sum()


def test_leaving_rows_out_of_a_memory_is_the_same_as_building_it_without_them():
    keys, values, histogram = invented_memory()
    gone, kept = torch.arange(0, 60, 7), torch.tensor([row for row in range(60) if row % 7])
    without = Regression(keys[kept], values[kept], histogram, False)
    parts = [similarity(keys[gone], keys[kept])[kernel] @ without.coefficients[kernel] for kernel in range(KERNELS)]
    expected = masses(monotone(without.base + torch.stack(parts, 1)))
    left_out = Regression(keys, values, histogram, False).left_out([gone])[0]
    assert torch.allclose(left_out, expected, atol=1e-4)


def test_a_memory_in_bytes_answers_as_the_exact_one():
    keys, values, histogram = invented_memory()
    regression = Regression(keys, values, histogram, False)
    exact = masses(monotone(regression.base + torch.einsum("kqn,knv->qkv", similarity(keys, keys), regression.coefficients)))
    compressed = regression.answers(keys, *regression.compressed())
    assert (compressed.cumsum(-1) - exact.cumsum(-1)).abs().mean() < 0.02


def test_far_from_all_rows_the_memory_answers_with_the_training_histogram():
    keys, values, histogram = invented_memory()
    regression = Regression(keys, values, histogram, False)
    far = regression.answers(keys[:1] + 100, *regression.compressed())[0]
    assert torch.allclose(far, histogram.expand(KERNELS, K), atol=1e-5)


def test_a_distribution_function_never_falls_and_ends_at_one():
    torch.manual_seed(0)
    estimate = torch.linspace(-0.1, 1.2, K) + 0.2 * torch.randn(5, K)
    function = monotone(estimate)
    assert torch.equal(function[:, :-1], estimate.clamp(0, 1).cummax(1).values[:, :-1])
    assert (masses(function) >= 0).all() and torch.allclose(masses(function).sum(1), torch.ones(5))


def test_recalibration_keeps_the_median_and_widens_intervals():
    bins = Bins.fit(np.random.default_rng(5).normal(size=1000))
    distribution = np.exp(-((np.arange(K) - 60.0) / 3) ** 2)[None] + 1e-4
    distribution /= distribution.sum()
    wide = recalibrated(distribution, 0.5, 0.0)
    assert bins.median(wide)[0] == pytest.approx(bins.median(distribution)[0], abs=1e-6)
    assert bins.quantile(wide, 0.95)[0] - bins.quantile(wide, 0.05)[0] > bins.quantile(distribution, 0.95)[0] - bins.quantile(distribution, 0.05)[0]
