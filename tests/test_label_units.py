"""How well units separate labels."""

import numpy as np
import pytest
import torch

from lstm_figs.model import label_ranking
from lstm_figs.model.tensors import Weights


def series(steps, columns, seed):
    """States of units over time; they are rounded, so some are equal."""
    return np.random.RandomState(seed).randn(steps, columns).round(1)


def labels(steps, seed, share=0.4):
    """Whether a label is true at each step."""
    return np.random.RandomState(seed).rand(steps) < share


def auc(values, true):
    """The AUC: how often a number is larger where a label is true."""
    pairs = [
        (value > other) + 0.5 * (value == other)
        for value in values[true].tolist()
        for other in values[~true].tolist()
    ]
    return sum(pairs) / len(pairs)


@pytest.mark.parametrize(("steps", "seed"), [(2, 1), (7, 2), (40, 3)])
def test_an_area_is_the_share_of_pairs_in_which_the_true_one_is_larger(steps, seed):
    values, true = series(steps, 3, seed), labels(steps, seed)
    true[:2] = True, False
    areas = label_ranking.areas(values, true)
    assert areas.tolist() == pytest.approx([auc(values[:, k], true) for k in range(3)])


def test_chance_is_the_best_of_all_units_for_the_label_moved_in_time():
    states, true = series(31, 8, 7), np.arange(31) % 10 < 4
    shifts = [np.roll(true, k) for k in range(1, 31)]
    unlike = [s for s in shifts if abs(np.corrcoef(s, true)[0, 1]) <= label_ranking.MAX_LIKENESS]
    assert len(unlike) < len(shifts)
    # A unit may also be smaller where a label is true.
    moved = [
        max(max(area, 1 - area) for area in (auc(state, shifted) for state in states.T))
        for shifted in unlike
    ]
    best = label_ranking.best(states, true, [states])
    assert best.chance == pytest.approx(float(np.quantile(moved, 0.95)))
    as_well = sum(area >= best.auc - 1e-12 for area in moved)
    assert best.p == pytest.approx((1 + as_well) / (1 + len(unlike)))


def test_a_clock_detects_a_periodic_label_better_than_chance():
    hours = np.arange(240) % 24
    clock = np.cos((hours - 2.5) / 24 * 2 * np.pi).clip(0)
    best = label_ranking.best(clock[:, None].repeat(2, 1), hours < 6, [np.ones((240, 2))])
    assert not best.rival
    # A day has few shifts, however many days there are.
    assert 0.04 < best.p < 0.06


def test_the_second_half_is_asked_of_the_unit_that_is_best_in_the_first():
    states, true = series(40, 4, 10), labels(40, 11)
    # In the first half, unit 3 is much smaller where the label is true.
    states[:20, 3] -= 5 * true[:20]
    unit, area = label_ranking.halves(states, true)
    assert unit == 3
    assert area == pytest.approx(1 - auc(states[20:, 3], true[20:]))
    assert label_ranking.halves(states, np.arange(40) < 20) is None


@pytest.mark.parametrize("proj_size", [0, 2])
def test_an_untrained_module_is_what_torch_makes_of_such_weights(proj_size):
    lstm = torch.nn.LSTM(3, 5, proj_size=proj_size)
    shapes = {n.removesuffix("_l0"): p for n, p in lstm.named_parameters()}
    weights = Weights(**{n: p.detach().numpy() for n, p in shapes.items()})
    x = torch.randn(7, 3, generator=torch.Generator().manual_seed(1))
    random = np.random.RandomState(2)
    with torch.no_grad():
        for name in weights.parameters():
            shape = shapes[name].shape
            # The range of torch's initial weights for a hidden size of 5.
            random_values = random.uniform(-(5**-0.5), 5**-0.5, shape)
            shapes[name].copy_(torch.from_numpy(random_values))
    states = label_ranking.untrained(weights, x.numpy(), 2)
    output, (_, c_n) = lstm(x)
    assert np.allclose(states[:, 5:], output.detach().numpy(), atol=1e-6)
    assert np.allclose(states[-1, :5], c_n[0].detach().numpy(), atol=1e-6)


@pytest.mark.parametrize(
    ("chance", "token", "untrained", "verdict"),
    [
        (0.89, 0.5, 0.5, "chance does as well"),
        (0.7, 0.95, 0.5, "the token does as well"),
        (0.7, None, 0.89, "an untrained module does as well"),
        (0.7, 0.5, 0.5, "better than all of these"),
    ],
)
def test_a_verdict_names_what_does_as_well(chance, token, untrained, verdict):
    best = {"unit": 0, "state": "c", "auc": 0.9, "p": 0.1, "second_half": None}
    best |= {"chance": chance, "token": token, "untrained": untrained}
    assert label_ranking.BestUnit(**best).verdict == verdict


@pytest.mark.parametrize(
    ("steps", "count", "ranked"), [(29, 10, False), (30, 5, True), (30, 4, False), (40, 36, False)]
)
def test_no_unit_is_ranked_where_chance_is_all_there_is(steps, count, ranked):
    assert label_ranking.is_ranked(np.arange(steps) < count) is ranked
