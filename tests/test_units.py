"""Lifetimes, correlations and choice of units."""

import numpy as np
import pytest
import torch

from lstm_figs.model import units


def gates(steps, count, seed, spread=3.0):
    z = np.random.RandomState(seed).normal(1.0, spread, (steps, count))
    return torch.sigmoid(torch.from_numpy(z))


def test_units_that_are_alike_stand_in_the_order_of_the_module():
    f = np.full((20, 5), 0.5)
    assert units.longest_first(f, units.lifetimes(f)).tolist() == [*range(5)]


def series(steps, count, seed):
    values = np.random.RandomState(seed).normal(size=(2, steps, count))
    return values[0].cumsum(0), values[1]


def test_correlations_are_those_of_torch():
    c, written = series(40, 6, 0)
    c[:, 3] = 7.0  # no correlation
    correlations = units.correlations(c, written[:, 0])
    for k in (0, 1, 2, 4, 5):
        pair = torch.from_numpy(np.stack([c[:, k], written[:, 0]]))
        assert correlations[k] == pytest.approx(float(torch.corrcoef(pair)[0, 1]))
    assert correlations[3] == 0


def explained_share(written, tokens):
    """ε² of one unit: the share of its variance explained by the token."""
    w = torch.from_numpy(written)
    kinds = sorted(set(tokens))
    onehot = torch.tensor([[t == k for k in kinds] for t in tokens]).double()
    means = torch.linalg.lstsq(onehot, w[:, None]).solution
    rest = float(((w - (onehot @ means)[:, 0]) ** 2).sum())
    total = float(((w - w.mean()) ** 2).sum())
    chance = (len(kinds) - 1) * rest / (len(w) - len(kinds))
    return max(0.0, (total - rest - chance) / total)


def test_a_unit_reacts_as_far_as_the_token_tells_what_it_writes():
    c, written = series(30, 5, 1)
    tokens = [*"to be or not to be that is the"]
    written[:, 2] = [len(tokens[:k]) % 3 for k in range(30)]
    written[:, 4] = [ord(token) for token in tokens]
    reactions = units.unit_movements(c, written, tokens).write_movement
    steady = units.correlations(c, np.arange(30.0))
    for k in range(5):
        share = explained_share(written[:, k], tokens) * (1 - steady[k] ** 2)
        spread = torch.from_numpy(written[:, k]).std(correction=0)
        assert reactions[k] == pytest.approx(float(spread) * share**0.5)


@pytest.mark.parametrize("token", ["", "\0", "a\0", "\n", "ab"])
def test_any_text_is_a_token_of_its_own(token):
    written = gates(40, 3, 8).numpy()
    plain, other = (
        units.unit_movements(written, written, [*("b", other_token) * 20])
        for other_token in ("a", token)
    )
    assert plain.write_movement.tolist() == other.write_movement.tolist()


def test_tokens_that_do_not_come_again_tell_nothing():
    c, written = series(10, 4, 2)
    without = units.unit_movements(c, written)
    once = units.unit_movements(c, written, [*"abcdefghij"])
    assert once.write_movement.tolist() == without.write_movement.tolist()


def test_a_unit_that_counts_steps_is_not_the_one_that_keeps():
    steps = np.arange(60.0)
    c = np.stack([9 * steps, np.sin(steps / 5), np.sin(3 * steps)], axis=1)
    assert abs(c[:, 0]).max() > 100 * abs(c[:, 1:]).max()
    assert units.unit_movements(c, c).state_movement.argmin() == 0
    life = np.array([np.inf, 20.0, 1.0])
    assert units.choose_units(c, c, life) == (1, 2)


def test_the_unit_that_reacts_shows_something_else_than_the_one_that_keeps():
    steps = np.arange(60.0)
    slow = np.sin(steps / 5)
    c = np.stack([slow, -0.9 * slow, 0.1 * np.sin(3 * steps)], axis=1)
    assert units.choose_units(c, c, np.full(3, 9.0)) == (0, 2)
    # If two units show the same, only the other is left.
    assert units.choose_units(c[:, :2], c[:, :2], np.full(2, 9.0)) == (0, 1)


def test_where_no_write_lasts_no_unit_keeps():
    c, written = series(40, 4, 3)
    assert units.choose_units(c, written, np.array([1.0, 2, 2, 1])).keeps is None


def test_units_stand_beside_those_whose_c_is_most_alike():
    c, _ = series(60, 30, 7)
    c[:, 4] = 2.0
    order = units.similarity_order(c).tolist()
    alike = torch.corrcoef(torch.from_numpy(c.T))
    assert sorted(order) == [*range(30)]
    assert order[-1] == 4, "a constant unit is last"
    *moving_units, _ = order
    for k, unit in enumerate(moving_units[:-1]):
        best = max(moving_units[k + 1 :], key=lambda other: float(alike[unit, other]))
        assert moving_units[k + 1] == best
    moving = torch.from_numpy(np.delete(c, 4, 1))
    even = (moving - moving.mean(0)) / moving.std(0, correction=0)
    loads = torch.linalg.svd(even, full_matrices=False)[2][0].abs()
    assert order[0] == np.delete(np.arange(30), 4)[int(loads.argmax())]
