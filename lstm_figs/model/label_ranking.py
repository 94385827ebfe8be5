"""Which unit tells apart where a label is true, and what tells it as well.

The measure is the area under the ROC curve (AUC): the chance that a number is
larger at a step where the label is true than at one where it is not. The best
of many units is high by chance, and what the input tells an untrained network
tells as well, so each is held against that.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from .lstm import run
from .tensors import Array, Weights

MIN_STEPS, MIN_LABEL_STEPS = 30, 5
"""The fewest steps, and the fewest at which a label is true, or is not."""
MIN_LEAD = 0.02
"""By how much a unit is better than what tells the label as well."""
CHANCE_QUANTILE = 0.95
"""Which share of the shifted labels is not told better than chance."""
UNTRAINED_COUNT = 5
"""How many modules are made as they are before training."""


class BestUnit(NamedTuple):
    """How well the best unit tells a label apart.

    Attributes:
        unit: The unit.
        state: `c` or `h`, whichever tells it better.
        auc: How well, 0.5 to 1.
        p: The share of the shifts of the label in time, that of none among
            them, at which some unit tells it as well.
        chance: What the best unit of 95 % of the shifts does not exceed.
        token: How well the token alone tells it: the mean of the label at all
            other steps with that token; None if steps have no names.
        untrained: How well the best unit does of `UNTRAINED_COUNT` modules of this
            form that were never trained, on the same input.
        second_half: How well the unit does in the second half that is the best
            in the first; None where the label does not vary in both.
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
        """What else tells the label as well; empty where the unit is ahead."""
        if self.auc < self.chance + MIN_LEAD:
            return "chance"
        if self.token is not None and self.auc < self.token + MIN_LEAD:
            return "the token"
        if self.auc < self.untrained + MIN_LEAD:
            return "an untrained module"
        return ""

    @property
    def verdict(self) -> str:
        """The same in words."""
        if self.rival:
            return f"{self.rival} does as well"
        return "better than all of these"


def areas(values: Array, true: Array) -> Array:
    """The AUC of each column; equal numbers count as half.

    Args:
        values: Shape `(steps, columns)`.
        true: Where the label is true, shape `(steps,)`, or several of them,
            `(labels, steps)`, which are true as often as each other.

    Returns:
        Shape `(columns,)`, or `(labels, columns)`.

    >>> areas(np.array([[1.0], [2.0], [2.0]]), np.array([False, True, False]))
    array([0.75])
    """
    ranks = np.stack([_ranks(column) for column in values.T], axis=1)
    count = true.sum(-1, keepdims=True).astype(np.float64)
    others = true.shape[-1] - count
    above: Array = true.astype(np.float64) @ ranks
    auc: Array = (above - count * (count + 1) / 2) / (count * others)
    return auc


def _ranks(column: Array) -> Array:
    """The places of numbers in their order, from 1; equal ones share theirs."""
    _, inverse, counts = np.unique(column, return_inverse=True, return_counts=True)
    ends = counts.cumsum()
    ranks: Array = (ends - (counts - 1) / 2)[inverse]
    return ranks


def two_sided_auc(auc: Array) -> Array:
    """How well numbers tell apart, whichever side is higher: 0.5 to 1."""
    better: Array = np.maximum(auc, 1 - auc)
    return better


def is_ranked(true: Array) -> bool:
    """Whether a label has steps enough, true and not, to be told apart."""
    count = int(true.sum())
    least = min(count, len(true) - count)
    return len(true) >= MIN_STEPS and least >= MIN_LABEL_STEPS


def best(
    states: Array, true: Array, untrained: Iterable[Array], tokens: Sequence[str] = ()
) -> BestUnit:
    """The unit that tells a label apart best.

    Args:
        states: c of all units, then h; shape `(steps, 2 * units)`.
        true: Where the label is true, shape `(steps,)`; see `is_ranked`.
        untrained: The same of modules that were never trained.
        tokens: What each step reads, in the same order; none if unknown.
    """
    scores = two_sided_auc(areas(states, true))
    place, size = int(scores.argmax()), states.shape[1] // 2
    shifts = np.stack([np.roll(true, k) for k in range(1, len(true))])
    moved = two_sided_auc(areas(states, shifts)).max(1)
    by_token = None
    if tokens:
        means = _means(true, tokens)
        by_token = float(two_sided_auc(areas(means[:, None], true))[0])
    return BestUnit(
        place % size,
        "ch"[place // size],
        float(scores[place]),
        float((1 + (moved >= scores[place]).sum()) / len(true)),
        float(np.quantile(moved, CHANCE_QUANTILE)),
        by_token,
        max(float(two_sided_auc(areas(module_states, true)).max()) for module_states in untrained),
        halves(states, true)[1],
    )


def halves(states: Array, true: Array) -> tuple[int, float | None]:
    """The best column of the first half, and how well it does in the second.

    None where the label is always or never true in a half. What is lower
    where the label is true in the first half has to be so in the second.
    """
    middle = len(true) // 2
    parts = true[:middle], true[middle:]
    if any(part.all() or not part.any() for part in parts):
        return -1, None
    first = areas(states[:middle], parts[0])
    place = int(two_sided_auc(first).argmax())
    second = float(areas(states[middle:, [place]], parts[1])[0])
    return place, second if first[place] >= 0.5 else 1 - second


def _means(true: Array, tokens: Sequence[str]) -> Array:
    """At each step the mean of the label at all others with its token."""
    kinds = {kind: k for k, kind in enumerate(dict.fromkeys(tokens))}
    of = np.array([kinds[token] for token in tokens])
    counts = np.bincount(of)[of] - 1
    sums = np.bincount(of, true)[of] - true
    rest = (true.sum() - true) / (len(true) - 1)
    means: Array = np.where(counts > 0, sums / np.maximum(counts, 1), rest)
    return means


def untrained(weights: Weights, x: Array, seed: int = 0) -> Array:
    """The states of a module of this form as it is before training.

    Its parameters are drawn from ±1/√hidden_size, as PyTorch draws them, by a
    generator of NumPy, so that torch is not needed.

    Args:
        weights: Whose form it has.
        x: What its first sequence reads, in the order of processing; shape
            `(steps, input_size)`.
        seed: Of the generator.

    Returns:
        c, then h; shape `(steps, hidden_size + size of h)`.
    """
    random = np.random.RandomState(seed)
    bound = weights.hidden_size**-0.5
    parameters: dict[str, Any] = {
        name: random.uniform(-bound, bound, array.shape).astype(array.dtype)
        for name, array in weights.parameters().items()
    }
    steps = run(Weights(**parameters), x[:, None]).steps
    return np.array([np.concatenate([s.c[0], s.h[0]]) for s in steps])
