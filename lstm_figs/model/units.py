"""Statistics of the units of a layer over a sequence, one number per unit.

The lifetime of a write is censored at the end of the sequence, so its median is
the estimate of Kaplan and Meier (1958). The share of the variance of a write
that the token explains is ε² (Kelley, 1935).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .tensors import Array

HALF = 0.5
"""The survival share that defines the median."""
MIN_SHARE_LEFT = 0.499999
"""A write lasts until less than this share is left: one half, minus a margin
for rounding in a gate that is one half."""
OPEN_ABOVE, SHUT_BELOW = 0.9, 0.1
"""A gate is open above the first value and shut below the second."""
MIN_LONG_LIFETIME, MAX_SHORT_LIFETIME = 10, 2
"""Lifetimes from the first value on are long, up to the second are short."""
MAX_UNLIKE_CORRELATION = 0.8
"""Cell states with at least this correlation are alike."""
MIN_MOVING_DEVIATION = 1e-9
"""A cell state with a smaller standard deviation does not move."""
ROUNDING_MARGIN = 1e-9
"""The tolerance for rounding in a product of shares that is one half."""


def lifetimes(f: Array) -> Array:
    """The lifetime of a write in each unit, in steps: the median over all steps.

    A write at step t lasts until `f[t+1] · … · f[t+n]` is below one half. A
    write that is not below one half at the end is censored there.

    Args:
        f: The forget gates, shape `(steps, units)`.

    Returns:
        Integers, or ∞ if less than half of the writes are seen to fade; shape
        `(units,)`.

    >>> lifetimes(np.array([[0.9, 0.1, 0.8]] * 12)).tolist()
    [7.0, 1.0, 4.0]
    >>> lifetimes(np.array([[0.9, 0.5, 0.0]] * 6)).tolist()
    [inf, 2.0, 1.0]
    """
    f = f.astype(np.float64)
    steps, units = f.shape
    result = np.full(units, np.inf)
    undecided = np.arange(units)
    # What is left of each write, and the estimated share of writes that last longer than n.
    remaining, surviving = np.ones((max(steps - 1, 0), units)), np.ones(units)
    for n in range(1, steps):
        # The last write is censored now, because no step follows.
        before = remaining[: steps - n]
        remaining = before * f[n:, undecided]
        at_risk = (before >= MIN_SHARE_LEFT).sum(0)
        faded = ((before >= MIN_SHARE_LEFT) & (remaining < MIN_SHARE_LEFT)).sum(0)
        surviving = surviving * (1 - faded / np.maximum(at_risk, 1))
        is_decided = surviving <= HALF + ROUNDING_MARGIN
        result[undecided[is_decided]] = n
        undecided, surviving = undecided[~is_decided], surviving[~is_decided]
        remaining = remaining[:, ~is_decided]
        if not undecided.size:
            break
    return result


def longest_first(f: Array, life: Array) -> Array:
    """The units sorted by lifetime, longest first; ties by the mean of log f.

    Args:
        f: The forget gates, shape `(steps, units)`.
        life: The result of `lifetimes`.

    >>> f = np.array([[0.1, 0.9, 0.2]] * 12)
    >>> longest_first(f, lifetimes(f)).tolist()
    [1, 2, 0]
    """
    with np.errstate(divide="ignore"):
        mean_log_f = np.log(f.astype(np.float64)).mean(0)
    order: Array = np.lexsort((np.arange(len(life)), -mean_log_f, -life))
    return order


def similarity_order(c: Array) -> Array:
    """Order the units so that neighbours have similar c, greedily.

    The first unit has the largest loading on the first principal component.
    Units with constant c are last. Similar neighbours follow from this order
    alone and say nothing about a network.

    Args:
        c: The cell states, shape `(steps, units)`.

    >>> t = np.arange(20.0)
    >>> c = np.stack([t, np.sin(t), t - 9, np.ones(20)], axis=1)
    >>> similarity_order(c).tolist()
    [0, 2, 1, 3]
    """
    c = c.astype(np.float64)
    c = c - c.mean(0)
    deviations = np.sqrt((c**2).mean(0))
    moving = np.flatnonzero(deviations >= MIN_MOVING_DEVIATION)
    resting = np.flatnonzero(deviations < MIN_MOVING_DEVIATION)
    if not len(moving):
        return resting
    standardized = c[:, moving] / deviations[moving]
    # Round, so that values equal up to rounding errors are ties.
    similarity = (standardized.T @ standardized / len(c)).round(6)
    _, _, components = np.linalg.svd(standardized, full_matrices=False)
    place = int(abs(components[0]).round(6).argmax())
    is_unplaced = np.ones(len(moving), bool)
    order = []
    for _ in moving:
        order.append(place)
        is_unplaced[place] = False
        below_all = -2  # Less than any correlation.
        place = int(np.where(is_unplaced, similarity[place], below_all).argmax())
    return np.concatenate([moving[order], resting])


class Movements(NamedTuple):
    """The measures by which a keeping and a reacting unit are chosen.

    Attributes:
        state_movement: How far the cell state moves around its linear trend.
        write_movement: How much the writes vary with the token, around their
            trend.
    """

    state_movement: Array
    write_movement: Array


def unit_movements(c: Array, written: Array, tokens: Sequence[str] = ()) -> Movements:
    """The movement of each unit, ignoring linear trends such as step counters.

    Args:
        c: The cell states, shape `(steps, units)`.
        written: The writes i·g, of the same shape.
        tokens: The token of each step, in the same order; empty if unknown.

    >>> t = np.arange(40.0)
    >>> c = np.stack([t, np.sin(t)], axis=1)
    >>> unit_movements(c, c).state_movement.round(2).tolist()
    [0.0, 0.7]
    """
    c, written = c.astype(np.float64), written.astype(np.float64)
    trend_share = correlations(c, np.arange(len(c), dtype=np.float64)) ** 2
    by_token = np.sqrt(_explained_share(written, tokens)) if repeats_enough(tokens) else 1.0
    # By rounding, the share may be a little above 1.
    around_trend = np.sqrt(1 - np.minimum(trend_share, 1))
    return Movements((1 - trend_share) * c.std(0), written.std(0) * by_token * around_trend)


def correlations(c: Array, other: Array) -> Array:
    """The correlation of each unit's c with a series; 0 if c is constant.

    Args:
        c: The cell states, shape `(steps, units)`.
        other: The series, shape `(steps,)`.

    >>> correlations(np.array([[1.0, 5.0], [2.0, 5.0]]), np.array([3.0, 1.0]))
    array([-1.,  0.])
    """
    c, other = c - c.mean(0), other - other.mean()
    deviations, other_deviation = np.sqrt((c**2).mean(0)), np.sqrt((other**2).mean())
    both_move = (deviations >= MIN_MOVING_DEVIATION) & (other_deviation >= MIN_MOVING_DEVIATION)
    with np.errstate(all="ignore"):
        correlation = (c * other[:, None]).mean(0) / (deviations * other_deviation)
    return np.where(both_move, correlation, 0.0)


def repeats_enough(tokens: Sequence[str]) -> bool:
    """Whether at least half of the tokens occurred before.

    With fewer repeats, what a token does cannot be told from what its step does.

    >>> repeats_enough("banana"), repeats_enough("abca"), repeats_enough("")
    (True, False, False)
    """
    return bool(tokens) and len(tokens) - len({*tokens}) >= len(tokens) / 2


def _explained_share(written: Array, tokens: Sequence[str]) -> Array:
    """The share of the variance of the writes that the token explains, ε²."""
    # Use numbers, because NumPy strips trailing zeros from strings.
    kinds = {kind: k for k, kind in enumerate(sorted({*tokens}))}
    numbers = np.array([kinds[token] for token in tokens])
    within = sum(
        ((group - group.mean(0)) ** 2).sum(0)
        for group in (written[numbers == k] for k in kinds.values())
    )
    total = ((written - written.mean(0)) ** 2).sum(0)
    # Groups of unrelated values also differ in their means; this much is expected of them.
    chance = (len(kinds) - 1) * within / (len(tokens) - len(kinds))
    share = (total - within - chance) / np.where(total > 0, total, 1)
    clipped: Array = np.clip(share, 0, 1)
    return clipped


class ContrastingUnits(NamedTuple):
    """A unit that keeps and a unit that reacts.

    Attributes:
        keeps: The unit whose cell state moves most around its trend, among
            those with lifetimes above `MAX_SHORT_LIFETIME`; None if there is
            none.
        reacts: The unit whose writes vary most with the token.
    """

    keeps: int | None
    reacts: int


def choose_units(
    c: Array, written: Array, life: Array, tokens: Sequence[str] = ()
) -> ContrastingUnits:
    """Choose a unit that keeps and a different one that reacts.

    Args:
        c: The cell states, shape `(steps, units)`, for at least two units.
        written: The writes i·g, of the same shape.
        life: The result of `lifetimes`.
        tokens: The token of each step, in the same order; empty if unknown.

    >>> t = np.arange(40.0)
    >>> c = np.stack([t, np.sin(t / 6), np.sin(2 * t)], axis=1)
    >>> choose_units(c, c, np.array([30.0, 12.0, 1.0]))
    ContrastingUnits(keeps=1, reacts=2)
    """
    state_movement, write_movement = unit_movements(c, written, tokens)
    keeping = life > MAX_SHORT_LIFETIME
    keeps = int(np.where(keeping, state_movement, -1).argmax()) if any(keeping) else None
    others = dissimilar_units(c, keeps)
    # Movements are never negative, so -1 excludes a unit.
    return ContrastingUnits(keeps, int(np.where(others, write_movement, -1).argmax()))


def dissimilar_units(c: Array, unit: int | None) -> Array:
    """The units whose c is unlike that of `unit`; all others if there are none."""
    if unit is None:
        return np.ones(c.shape[1], bool)
    c = c.astype(np.float64)
    others = np.arange(c.shape[1]) != unit
    dissimilar: Array = others & (abs(correlations(c, c[:, unit])) <= MAX_UNLIKE_CORRELATION)
    return dissimilar if dissimilar.any() else others
