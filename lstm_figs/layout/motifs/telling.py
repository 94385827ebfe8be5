"""Which unit tells apart where a label is true, and what tells it as well."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from ...model import apart
from ...model.apart import FEWEST, FEWEST_STEPS, Best
from ...model.tensors import Array, Direction, Trace
from ...proof.bindings import Sentence, sentence
from ...proof.preamble.apart import telling
from ...proof.subject import Subject
from . import truths

MOST = 2
"""The most units that are drawn for labels."""


class Held(NamedTuple):
    """What is found of a label.

    Attributes:
        place: Its place among the labels.
        name: Its name.
        true: At how many steps it is true.
        best: The unit that tells it best; None where too few steps tell.
    """

    place: int
    name: str
    true: int
    best: Best | None

    @property
    def unit(self) -> int:
        """The unit that tells it best; −1 where too few steps tell."""
        return self.best.unit if self.best else -1

    @property
    def state(self) -> str:
        """By which of its states, `c` or `h`."""
        return self.best.state if self.best else ""

    @property
    def scores(self) -> tuple[str, tuple[tuple[object, str], ...]]:
        """How well it is told, as a part of a sentence with its values."""
        assert self.best
        found = {"AUC": self.best.auc, "chance": self.best.chance}
        if self.best.token is not None:
            found["the token alone"] = self.best.token
        found["untrained"] = self.best.untrained
        said = ", ".join(f"{name} {{}}" for name in found)
        keys = ("auc", "chance", *["token"] * (len(found) > 3), "untrained")
        return said.replace(",", " %;", 1), tuple(
            (round(100 * value), f'round(100 * float(told[{self.place}]["{k}"]))')
            for value, k in zip(found.values(), keys, strict=True)
        )


def states(subject: Subject) -> Array:
    """C of all units, then h, step by step."""
    return np.array([np.concatenate([s.c[0], s.h[0]]) for s in subject.steps], np.float64)


def in_order(subject: Subject, each: Any) -> list[Any]:
    """What belongs to steps, in the order in which they are processed."""
    return [each[subject.label(t) - 1] for t in range(len(subject.steps))]


def held(subject: Subject) -> tuple[Held, ...]:
    """What is found of each label.

    None of a projected h, whose elements are of no unit, nor where a state is
    no number.
    """
    return _held(subject.trace, subject.layer, subject.direction)


@lru_cache(maxsize=4)
def _held(trace: Trace, layer: int, direction: Direction) -> tuple[Held, ...]:
    """The same; each form of a figure, and each of its steps, has a subject."""
    subject, labels = Subject(trace, layer, direction), trace.labels
    if not labels or subject.weights.proj_size:
        return ()
    own = states(subject)
    if not np.isfinite(own).all():
        return ()
    x = np.stack([step.x[0] for step in subject.steps])
    fresh: list[Array] = []
    tokens = in_order(subject, subject.trace.tokens or [""] * len(x))
    found = []
    for place, (name, values) in enumerate(labels):
        true, best = np.array(in_order(subject, values)), None
        if apart.is_ranked(true):
            fresh = fresh or [
                apart.untrained(subject.weights, x, seed) for seed in range(apart.UNTRAINED)
            ]
            read = tokens if subject.trace.tokens else ()
            best = apart.best(own, true, fresh, read)
        found.append(Held(place, truths.named(name), sum(values), best))
    return tuple(found)


def setup(subject: Subject) -> str:
    """Python that the sentences about labels need, after `labels`."""
    ranked = [one.place for one in held(subject) if one.best]
    reverse = "[::-1]" * (subject.direction == "reverse")
    return telling(
        ranked,
        f"tokens{reverse}" if subject.trace.tokens else "",
        bias=subject.weights.bias_ih is not None,
    )


def drawn(subject: Subject) -> tuple[Held, ...]:
    """The labels whose units are drawn for them: those of the first units.

    There are none where the unit is not ahead of all that tells a label too.
    """
    ahead = [one for one in held(subject) if one.best and not one.best.rival]
    units = [*dict.fromkeys(one.unit for one in ahead)][:MOST]
    return tuple(one for one in ahead if one.unit in units)


def title(subject: Subject) -> Sentence:
    """Which units tell which labels, of the first two that are drawn."""
    first, *more = drawn(subject)[:2]
    unit, name = _told(first)
    if not more:
        return sentence("Unit {} tells “{}” apart", unit, name)
    other, second = _told(more[0])
    if more[0].unit == first.unit:
        said = "Unit {} tells “{}” and “{}” apart"
        return sentence(said, unit, name, second)
    said = "Unit {} tells “{}” apart, unit {} “{}”"
    return sentence(said, unit, name, other, second)


def _told(one: Held) -> tuple[tuple[object, str], tuple[object, str]]:
    unit = one.unit, f'told[{one.place}]["unit"]'
    return unit, (one.name, f"names[{one.place}]")


def refused(subject: Subject) -> Iterator[Sentence]:
    """Why no unit is drawn for each of the other labels."""
    for one in held(subject):
        if one in drawn(subject):
            continue
        unit, name = _told(one)
        if one.best is None:
            count, steps = f"labels[{one.place}].sum()", "len(x)"
            yield sentence(
                "No unit is drawn for “{}”, true at {} of {} steps: that is too few to tell.",
                name,
                (one.true, f"int({count})"),
                (len(subject.steps), steps),
                claim=f"bool({steps} < {FEWEST_STEPS} or "
                f"min({count}, {steps} - {count}) < {FEWEST})",
            )
            continue
        said, values = one.scores
        rival = f"rival(told[{one.place}])"
        why, claim = {
            "": ("two others are", f"{rival} is None"),
            "chance": ("chance does as well", f'{rival} == "chance"'),
            "the token": ("the token alone does as well", f'{rival} == "token"'),
            "an untrained module": ("an untrained module does as well", f'{rival} == "untrained"'),
        }[one.best.rival]
        yield sentence(
            f"No unit is drawn for “{{}}”: {why}. Best is {{}} of unit {{}}, {said}.",
            name,
            (one.state, f'told[{one.place}]["state"]'),
            unit,
            *values,
            claim=claim,
        )
