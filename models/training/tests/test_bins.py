import numpy as np
import pytest
import torch

from darwin_training.bins import K, Bins
from darwin_training.corpus import Batch
from darwin_training.trainer import soft_targets

RANDOM = np.random.default_rng(3)
SAMPLES = {
    "lognormal": RANDOM.lognormal(size=4000),
    "half zero": np.where(RANDOM.random(3000) < 0.5, 0.0, RANDOM.gamma(2, 1, 3000)),
    "both signs": RANDOM.normal(size=500),
    "integers": RANDOM.integers(1, 8, 300).astype(float),
    "few": RANDOM.normal(size=20),
    "zeros inside": np.where(RANDOM.random(2000) < 0.3, 0.0, RANDOM.normal(size=2000)),
}


@pytest.fixture(params=SAMPLES, ids=str)
def values(request):
    return SAMPLES[request.param]


def test_bins_are_k_and_ascend_without_gaps(values):
    bins = Bins.fit(values)
    assert len(bins.lower) == K
    assert np.all(bins.upper[:-1] == bins.lower[1:])
    assert (bins.lower == bins.upper).sum() == (np.mean(values == 0) > 0.03)


def test_every_value_lies_in_its_bin(values):
    bins = Bins.fit(values)
    index = bins.index(values)
    assert np.all((bins.lower[index] <= values) & (values <= bins.upper[index]))
    if bins.atom >= 0:
        assert np.all((index == bins.atom) == (values == 0))


def test_a_distribution_on_one_bin_has_its_quantiles_inside(values):
    bins = Bins.fit(values)
    one = np.eye(K)
    for level in (0.05, 0.5, 0.95):
        quantile = bins.quantile(one, level)
        assert np.all((bins.lower - 1e-12 <= quantile) & (quantile <= bins.upper + 1e-12))


def test_the_median_of_the_training_histogram_is_the_median_of_the_values(values):
    bins = Bins.fit(values)
    histogram = np.bincount(bins.index(values), minlength=K) / len(values)
    at = bins.index(np.array([np.median(values)]))[0]
    assert abs(bins.median(histogram[None])[0] - np.median(values)) <= 2 * (bins.upper - bins.lower)[max(0, at - 1): at + 2].max() + 1e-12


def test_soft_targets_sum_to_one_and_peak_at_the_value():
    bins = Bins.fit(SAMPLES["half zero"])
    values = np.array([0.0, 0.5, 2.0, 6.0])
    start, end = (torch.tensor(edges, dtype=torch.float32)[None] for edges in bins.ordinal_edges)
    place = torch.tensor(bins.coordinate(values), dtype=torch.float32)[None]
    batch = Batch(None, None, None, None, place, start, end, torch.tensor([bins.atom]), torch.full((1, 4), -1))
    target = soft_targets(batch)[0]
    assert torch.allclose(target.sum(-1), torch.ones(4), atol=1e-5)
    assert target[0, bins.atom] == 1
    for row, index in enumerate(bins.index(values)[1:], start=1):
        assert abs(int(target[row].argmax()) - index) <= 1 and target[row, bins.atom] == 0
