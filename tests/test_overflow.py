"""Inputs whose sums overflow, depending on the order."""

import re
from itertools import permutations, product

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from lstm_figs import cli
from lstm_figs.errors import BeyondLimit
from lstm_figs.figures import CATALOG
from lstm_figs.model.lstm import Weights, run

MAX = np.finfo(np.float32).max
REFUSAL = (
    "got products of both signs that add up beyond 3.4e\\+38, whose result "
    "depends on the order in which torch adds, expected sums that float32 "
)
"""The error for sums whose result depends on the order."""


def possible_sums(factors):
    """The sum of MAX times each factor, for every order of adding.

    Each product is rounded before it is added, or not, because processors may fuse
    both operations.
    """
    results = set()
    exact = np.array(factors, np.float64) * np.float64(MAX)
    with np.errstate(over="ignore", invalid="ignore"):
        for addends in (exact, exact.astype(np.float32).astype(np.float64)):
            for order in permutations(addends):
                total = np.float32(0)
                for addend in order:
                    total = np.float32(np.float64(total) + addend)
                is_number = np.isfinite(total)
                results.add("a number" if is_number else str(total))
    return results


def is_refused(weights, x, h_0=None):
    """Whether a run of these numbers raises an error."""
    try:
        run(weights, np.array(x, np.float32).reshape(1, 1, -1), h_0)
    except BeyondLimit as error:
        return re.match(REFUSAL, str(error)) is not None
    return False


def test_an_input_is_refused_exactly_where_the_order_of_adding_decides():
    factors = (-1.5, -0.75, 0.25, 0.5, 0.75, 1.5)
    weights = Weights(np.full((4, 3), MAX), np.zeros((4, 1), np.float32))
    refused = 0
    for x in product(factors, repeat=3):
        decides = len(possible_sums(x)) > 1
        assert is_refused(weights, x) == decides
        refused += decides
    assert 0 < refused < len(factors) ** 3


def unit_weights(x=0, h=0, bias_ih=None, bias_hh=None):
    """The weights of one unit, whose rows each add MAX times these."""
    biases = () if bias_ih is None else (bias_ih, bias_hh)
    return Weights(
        *(np.full((4, 1), MAX * np.float32(k)) for k in (x, h)),
        *(np.full(4, MAX * np.float32(k)) for k in biases),
    )


def projection_weights(*factors):
    """Weights of a projection whose h is the sum of MAX times these."""
    units = len(factors)
    open_ = np.full(4 * units, 50, np.float32)
    return Weights(
        np.zeros((4 * units, 1), np.float32),
        np.zeros((4 * units, 1), np.float32),
        open_,
        np.zeros_like(open_),
        weight_hr=MAX * np.array([factors], np.float32),
    )


@pytest.mark.parametrize(
    ("weights", "refused"),
    [
        (unit_weights(x=0.8, h=0.8, bias_ih=-0.9, bias_hh=0), True),
        (unit_weights(x=0.8, h=0.8, bias_ih=0.9, bias_hh=0), False),
        (unit_weights(x=0.8, h=0, bias_ih=0.8, bias_hh=-0.9), True),
        (unit_weights(x=-0.8, h=0, bias_ih=-0.8, bias_hh=0.9), True),
        (unit_weights(x=-0.8, h=0, bias_ih=-0.8, bias_hh=-0.9), False),
        (unit_weights(x=0.4, h=0.4, bias_ih=-0.9, bias_hh=0), False),
        (projection_weights(0.9, 0.9, -0.9), True),
        (projection_weights(0.9, 0.9, 0.9), False),
        (projection_weights(0.5, 0.4, -0.9), False),
    ],
)
def test_states_biases_and_projections_count_as_well(weights, refused):
    assert is_refused(weights, 1, np.ones((1, 1, 1), np.float32)) == refused


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 3e38])
def test_what_is_the_same_in_every_order_is_not_refused(value):
    weights = Weights(*(np.full((8, size), 0.1, np.float32) for size in (3, 2)))
    weights.weight_ih[0, 0] = value
    assert not is_refused(weights, (1, -1, 1))
    assert not is_refused(weights, (2, -1, -1))


@pytest.mark.parametrize(
    "x",
    [(np.nan, 2, -2), (np.inf, -np.inf, 2), (np.inf, 2, 2), (-np.inf, 2, -0.5), (0, np.inf, -0.5)],
)
def test_infinite_inputs_decide_alone(x):
    weights = Weights(np.full((4, 3), MAX), np.zeros((4, 1), np.float32))
    assert is_refused(weights, x) == (x == (-np.inf, 2, -0.5))


def test_of_all_figures_that_is_left_out_whose_own_run_overflows(folder, monkeypatch, capfd):
    """The projection that the figure makes is as large as the weights."""
    torch.manual_seed(0)
    large = {k: v * 1e30 for k, v in torch.nn.LSTM(3, 4).state_dict().items()}
    save_file(large, "large.safetensors")
    few = {name: CATALOG.paths[name] for name in ("projection", "cell")}
    monkeypatch.setattr(CATALOG, "paths", few)
    assert cli.main(["draw", "all", "--weights", "large.safetensors"]) == 0
    captured = capfd.readouterr()
    assert captured.out == "cell.svg\n"
    assert "projection" in captured.err
    assert re.search(REFUSAL, captured.err)


def test_float64_has_a_largest_number_of_its_own():
    large = Weights(np.full((4, 3), 1e308), np.zeros((4, 1)))
    x = np.array([[[1.0, 0.5, -1.5]]])
    run(large, x)
    with pytest.raises(BeyondLimit, match=r"beyond 1\.8e\+308"):
        run(large, x * 1.5)
