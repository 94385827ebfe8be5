"""Rank units by how well they detect a label, against three baselines.

The measure is the area under the ROC curve (AUC): the probability that a value
is larger at a step where the label is true than at one where it is false. The
best of many units scores high by chance. An untrained network may also detect
what the input alone reveals. So each unit is compared with both, and with the
token.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from .lstm import run
from .tensors import Array, Weights

MIN_STEPS, MIN_LABEL_STEPS = 30, 5
"""The fewest steps, and the fewest at which a label must be true and false."""
MIN_LEAD = 0.02
"""The minimum lead of a unit's AUC over every baseline."""
MAX_LIKENESS = 0.5
"""A shifted label is as good as the label itself if they correlate by more than this."""
CHANCE_QUANTILE = 0.95
"""The quantile of the scores for shifted labels that counts as chance."""
UNTRAINED_COUNT = 5
"""The number of untrained modules to compare with."""


class BestUnit(NamedTuple):
    """The best unit for a label, and its scores.

    Attributes:
        unit: The index of the unit.
        state: `c` or `h`, whichever detects the label better.
        auc: Its AUC, from 0.5 to 1.
        p: The p-value of a permutation test: the share of `shifted` labels,
            including the label itself, for which some unit scores as high.
        chance: The 95 % quantile of the best unit's AUC over these labels.
        token: The AUC of the token alone: the mean of the label at all other
            steps with that token. None if steps have no tokens.
        untrained: The best unit's AUC among `UNTRAINED_COUNT` modules of this
            form with untrained weights, on the same input.
        second_half: The AUC on the second half of the steps of the unit that is
            best on the first half. None if the label is constant in a half.
    """

    unit: int
    state: str
    auc: float
    p: float
    chance: float
    token: float | None
    untrained: float
    second_half: float | None

    @property
    def rival(self) -> str:
        """The baseline that does as well; empty if the unit is better than all."""
        if self.auc < self.chance + MIN_LEAD:
            return "chance"
        if self.token is not None and self.auc < self.token + MIN_LEAD:
            return "the token"
        if self.auc < self.untrained + MIN_LEAD:
            return "an untrained module"
        return ""

    @property
    def verdict(self) -> str:
        """The comparison in words."""
        if self.rival:
            return f"{self.rival} does as well"
        return "better than all of these"


def areas(values: Array, true: Array) -> Array:
    """The AUC of each column; ties count as half.

    Args:
        values: Shape `(steps, columns)`.
        true: Where the label is true, shape `(steps,)`. Or several labels that
            are true equally often, shape `(labels, steps)`.

    Returns:
        Shape `(columns,)`, or `(labels, columns)`.

    >>> areas(np.array([[1.0], [2.0], [2.0]]), np.array([False, True, False]))
    array([0.75])
    """
    ranks = np.stack([_ranks(column) for column in values.T], axis=1)
    # The U of Mann and Whitney: the sum of ranks, less its smallest value, of all pairs.
    count = true.sum(-1, keepdims=True).astype(np.float64)
    others = true.shape[-1] - count
    rank_sums: Array = true.astype(np.float64) @ ranks
    auc: Array = (rank_sums - count * (count + 1) / 2) / (count * others)
    return auc


def _ranks(column: Array) -> Array:
    """The ranks of a column, from 1; ties get their mean rank."""
    _, inverse, counts = np.unique(column, return_inverse=True, return_counts=True)
    ends = counts.cumsum()
    ranks: Array = (ends - (counts - 1) / 2)[inverse]
    return ranks


def two_sided_auc(auc: Array) -> Array:
    """The AUC regardless of sign, from 0.5 to 1."""
    better: Array = np.maximum(auc, 1 - auc)
    return better


def is_ranked(true: Array) -> bool:
    """Whether a label is true and false at enough steps to rank units."""
    count = int(true.sum())
    least = min(count, len(true) - count)
    return len(true) >= MIN_STEPS and least >= MIN_LABEL_STEPS


def shifted(true: Array) -> Array:
    """The label, shifted circularly, in all different ways that are not like the label.

    A shift of a periodic label by a period gives the same label again, and one
    by a step nearly the same. So a shift is left out if its correlation with the
    label is above `MAX_LIKENESS`, positive or negative, because an AUC is
    measured on its better side. If that leaves none, as of a label that
    alternates, all shifts are used.

    Args:
        true: Where the label is true, shape `(steps,)`.

    >>> shifted(np.array([True, True, False, False] * 2)).astype(int)
    array([[0, 1, 1, 0, 0, 1, 1, 0],
           [1, 0, 0, 1, 1, 0, 0, 1]])
    """
    shifts = np.unique([np.roll(true, k) for k in range(1, len(true))], axis=0)
    steps, count = len(true), int(true.sum())
    likeness = (steps * (shifts & true).sum(1) - count**2) / (steps * count - count**2)
    unlike: Array = shifts[abs(likeness) <= MAX_LIKENESS]
    return unlike if len(unlike) else shifts


def best(
    states: Array, true: Array, untrained: Iterable[Array], tokens: Sequence[str] = ()
) -> BestUnit:
    """The unit that detects a label best, with its scores and baselines.

    Args:
        states: All units' c, then all units' h; shape `(steps, 2 * units)`.
        true: Where the label is true, shape `(steps,)`; see `is_ranked`.
        untrained: The states of untrained modules, in the same form.
        tokens: The token of each step, in the same order; empty if unknown.
    """
    scores = two_sided_auc(areas(states, true))
    place, size = int(scores.argmax()), states.shape[1] // 2  # All c are before all h.
    shifts = shifted(true)
    best_by_shift = two_sided_auc(areas(states, shifts)).max(1)
    by_token = None
    if tokens:
        means = _token_means(true, tokens)
        by_token = float(two_sided_auc(areas(means[:, None], true))[0])
    tested = halves(states, true)
    return BestUnit(
        unit=place % size,
        state="c" if place < size else "h",
        auc=float(scores[place]),
        # The label itself, not shifted, counts as one of the shifts.
        p=float((1 + (best_by_shift >= scores[place]).sum()) / (1 + len(best_by_shift))),
        chance=float(np.quantile(best_by_shift, CHANCE_QUANTILE)),
        token=by_token,
        untrained=max(float(two_sided_auc(areas(fresh, true)).max()) for fresh in untrained),
        second_half=tested and tested.auc,
    )


class Halves(NamedTuple):
    """The best column on the first half of the steps, and its AUC on the second half."""

    column: int
    auc: float


def halves(states: Array, true: Array) -> Halves | None:
    """Choose a column on the first half, and test it on the second.

    The sign found on the first half is kept for the second.

    Returns:
        None if the label is constant in a half.
    """
    middle = len(true) // 2
    first, second = true[:middle], true[middle:]
    if any(half.all() or not half.any() for half in (first, second)):
        return None
    aucs = areas(states[:middle], first)
    column = int(two_sided_auc(aucs).argmax())
    auc = float(areas(states[middle:, [column]], second)[0])
    return Halves(column, auc if aucs[column] >= 0.5 else 1 - auc)


def _token_means(true: Array, tokens: Sequence[str]) -> Array:
    """For each step, the mean of the label at all other steps with its token."""
    kinds = {kind: k for k, kind in enumerate(dict.fromkeys(tokens))}
    codes = np.array([kinds[token] for token in tokens])
    counts = np.bincount(codes)[codes] - 1
    sums = np.bincount(codes, true)[codes] - true
    # A token that occurs once predicts what all other steps predict.
    rest = (true.sum() - true) / (len(true) - 1)
    means: Array = np.where(counts > 0, sums / np.maximum(counts, 1), rest)
    return means


def untrained(weights: Weights, x: Array, seed: int = 0) -> Array:
    """The states of a module of this form with untrained weights.

    The weights are uniform in ±1/√hidden_size, as in PyTorch, but drawn by
    NumPy's generator, so that torch is not needed.

    Args:
        weights: Weights of the same form.
        x: The input of the first sequence, in the order of processing; shape
            `(steps, input_size)`.
        seed: The seed of the generator.

    Returns:
        All units' c, then h; shape `(steps, hidden_size + size of h)`.
    """
    random = np.random.RandomState(seed)
    bound = weights.hidden_size**-0.5
    parameters: dict[str, Any] = {
        name: random.uniform(-bound, bound, array.shape).astype(array.dtype)
        for name, array in weights.parameters().items()
    }
    steps = run(Weights(**parameters), x[:, None]).steps
    return np.array([np.concatenate([s.c[0], s.h[0]]) for s in steps])
