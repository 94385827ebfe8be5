import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lstm_figs.layout import summaries
from lstm_figs.layout.summaries import census, magnitude, summary
from tests.strategies import seeds


@given(st.integers(1, 300), seeds, st.floats(0, 0.5), st.booleans())
def test_each_number_is_what_torch_yields(size, seed, share, bad):
    random = np.random.default_rng(seed)
    array = random.normal(size=size).astype(np.float32)
    array[random.random(size) < share] = np.nan if bad else np.inf
    found = summary(array, "w")
    for number in found:
        got = eval(number.expr, {"w": torch.from_numpy(array)}).item()
        np.testing.assert_equal(got, number.value.item())
    if np.isfinite(array).any():
        assert all(np.isfinite(number.value) for number in found)


@given(
    st.sampled_from([(1,), (5,), (40, 3), (3, 4, 5)]),
    st.sampled_from([np.float32, np.float64]),
    seeds,
    st.data(),
)
def test_a_magnitude_is_the_one_of_its_rank(shape, dtype, seed, data):
    random = np.random.default_rng(seed)
    powers = random.integers(-35, 30, shape)
    array = (random.normal(size=shape) * 10.0**powers).astype(dtype).T
    rank = data.draw(st.integers(0, array.size - 1))
    found = magnitude(array, rank)
    assert found == np.sort(abs(array), axis=None)[rank]
    assert found.dtype == dtype


@pytest.mark.parametrize("apart", [0, 2])
def test_a_magnitude_is_the_one_of_its_rank_whatever_a_sample_says(
    apart, monkeypatch
):
    monkeypatch.setattr(summaries, "SAMPLE", 50)
    monkeypatch.setattr(summaries, "APART", apart)
    monkeypatch.setattr(summaries, "CHUNK", 64)
    random = np.random.default_rng(0)
    array = random.normal(size=(30, 40)).astype(np.float32)
    array[:, :3] *= 1000
    array[3:5], array[7, :2] = 0.5, (np.nan, -np.inf)
    ordered = np.sort(abs(array), axis=None)
    for rank in range(array.size - 2):
        assert magnitude(array, rank) == ordered[rank]


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_without_a_finite_element_there_is_no_range(value):
    array = np.full(3, value, np.float32)
    for number in summary(array, "w"):
        assert np.isnan(number.value)
        assert np.isnan(
            eval(number.expr, {"w": torch.from_numpy(array)}).item()
        )


def test_the_array_stays_as_it_is():
    array = np.array([3, -1, 2], np.float32)
    summary(array, "w")
    assert array.tolist() == [3, -1, 2]


@pytest.mark.parametrize("chunk", [1, 7, 2**20])
def test_a_census_is_the_same_in_chunks_of_every_size(chunk, monkeypatch):
    monkeypatch.setattr(summaries, "CHUNK", chunk)
    array = np.array([[1, -5, np.nan], [np.inf, 2, 3], [-np.inf, 0, 6]])
    assert census(array, 2) == (3, 1, 1, 1)
