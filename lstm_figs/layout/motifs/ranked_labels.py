"""Which unit tells apart where a label is true, and what tells it as well."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from ...model import label_ranking
from ...model.label_ranking import MIN_LABEL_STEPS, MIN_STEPS, BestUnit
from ...model.layer_run import LayerRun
from ...model.tensors import Array, Direction, Trace
from ...proof.bindings import Sentence, sentence
from ...proof.preamble.label_ranking import label_setup
from . import label_lanes

MAX_UNITS = 2
"""The most units that are drawn for labels."""


class RankedLabel(NamedTuple):
    """What is found of a label.

    Attributes:
        place: Its place among the labels.
        name: Its name.
        true_steps: At how many steps it is true.
        best: The unit that tells it best; None where too few steps tell.
    """

    place: int
    name: str
    true_steps: int
    best: BestUnit | None

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
        shares = {"AUC": self.best.auc, "chance": self.best.chance}
        if self.best.token is not None:
            shares["the token alone"] = self.best.token
        shares["untrained"] = self.best.untrained
        text = ", ".join(f"{name} {{}}" for name in shares)
        keys = ("auc", "chance", *["token"] * (len(shares) > 3), "untrained")
        return text.replace(",", " %;", 1), tuple(
            (round(100 * value), f'round(100 * float(told[{self.place}]["{k}"]))')
            for value, k in zip(shares.values(), keys, strict=True)
        )


def states_by_step(subject: LayerRun) -> Array:
    """C of all units, then h, step by step."""
    return np.array([np.concatenate([s.c[0], s.h[0]]) for s in subject.steps], np.float64)


def in_processing_order(subject: LayerRun, each: Any) -> list[Any]:
    """What belongs to steps, in the order in which they are processed."""
    return [each[subject.step_number(t) - 1] for t in range(len(subject.steps))]


def ranked_labels(subject: LayerRun) -> tuple[RankedLabel, ...]:
    """What is found of each label.

    None of a projected h, whose elements are of no unit, nor where a state is
    no number.
    """
    return _cached_ranked_labels(subject.trace, subject.layer, subject.direction)


@lru_cache(maxsize=4)
def _cached_ranked_labels(
    trace: Trace, layer: int, direction: Direction
) -> tuple[RankedLabel, ...]:
    """The same; each form of a figure, and each of its steps, has a subject."""
    subject, labels = LayerRun(trace, layer, direction), trace.labels
    if not labels or subject.weights.proj_size:
        return ()
    own = states_by_step(subject)
    if not np.isfinite(own).all():
        return ()
    x = np.stack([step.x[0] for step in subject.steps])
    fresh: list[Array] = []
    tokens = in_processing_order(subject, subject.trace.tokens or [""] * len(x))
    ranked = []
    for place, (name, values) in enumerate(labels):
        true, best = np.array(in_processing_order(subject, values)), None
        if label_ranking.is_ranked(true):
            fresh = fresh or [
                label_ranking.untrained(subject.weights, x, seed)
                for seed in range(label_ranking.UNTRAINED_COUNT)
            ]
            read = tokens if subject.trace.tokens else ()
            best = label_ranking.best(own, true, fresh, read)
        ranked.append(RankedLabel(place, label_lanes.label_name(name), sum(values), best))
    return tuple(ranked)


def setup(subject: LayerRun) -> str:
    """Python that the sentences about labels need, after `labels`."""
    ranked = [label.place for label in ranked_labels(subject) if label.best]
    reverse = "[::-1]" * (subject.direction == "reverse")
    return label_setup(
        ranked,
        f"tokens{reverse}" if subject.trace.tokens else "",
        bias=subject.weights.bias_ih is not None,
    )


def drawn_labels(subject: LayerRun) -> tuple[RankedLabel, ...]:
    """The labels whose units are drawn for them: those of the first units.

    There are none where the unit is not ahead of all that tells a label too.
    """
    ahead = [label for label in ranked_labels(subject) if label.best and not label.best.rival]
    units = [*dict.fromkeys(label.unit for label in ahead)][:MAX_UNITS]
    return tuple(label for label in ahead if label.unit in units)


def title(subject: LayerRun) -> Sentence:
    """Which units tell which labels, of the first two that are drawn."""
    first, *more = drawn_labels(subject)[:2]
    unit, name = _unit_and_name(first)
    if not more:
        return sentence("Unit {} tells “{}” apart", unit, name)
    other, second = _unit_and_name(more[0])
    if more[0].unit == first.unit:
        template = "Unit {} tells “{}” and “{}” apart"
        return sentence(template, unit, name, second)
    template = "Unit {} tells “{}” apart, unit {} “{}”"
    return sentence(template, unit, name, other, second)


def _unit_and_name(label: RankedLabel) -> tuple[tuple[object, str], tuple[object, str]]:
    unit = label.unit, f'told[{label.place}]["unit"]'
    return unit, (label.name, f"names[{label.place}]")


def refusal_notes(subject: LayerRun) -> Iterator[Sentence]:
    """Why no unit is drawn for each of the other labels."""
    for label in ranked_labels(subject):
        if label in drawn_labels(subject):
            continue
        unit, name = _unit_and_name(label)
        if label.best is None:
            count, steps = f"labels[{label.place}].sum()", "len(x)"
            yield sentence(
                "No unit is drawn for “{}”, true at {} of {} steps: that is too few to tell.",
                name,
                (label.true_steps, f"int({count})"),
                (len(subject.steps), steps),
                claim=f"bool({steps} < {MIN_STEPS} or "
                f"min({count}, {steps} - {count}) < {MIN_LABEL_STEPS})",
            )
            continue
        text, values = label.scores
        rival = f"rival(told[{label.place}])"
        why, claim = {
            "": ("two others are", f"{rival} is None"),
            "chance": ("chance does as well", f'{rival} == "chance"'),
            "the token": ("the token alone does as well", f'{rival} == "token"'),
            "an untrained module": ("an untrained module does as well", f'{rival} == "untrained"'),
        }[label.best.rival]
        yield sentence(
            f"No unit is drawn for “{{}}”: {why}. Best is {{}} of unit {{}}, {text}.",
            name,
            (label.state, f'told[{label.place}]["state"]'),
            unit,
            *values,
            claim=claim,
        )
