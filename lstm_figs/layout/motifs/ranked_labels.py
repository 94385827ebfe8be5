"""Which unit best detects each label, and whether a baseline does as well."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from ...model import label_ranking
from ...model.label_ranking import MIN_LABEL_STEPS, MIN_STEPS, BestUnit
from ...model.layer_run import LayerRun
from ...model.lstm import run
from ...model.tensors import Array, Direction, Trace
from ...proof.bindings import Sentence, sentence
from ...proof.preamble.label_ranking import label_setup
from . import label_rows

MAX_UNITS = 2
"""The most units that are drawn for labels."""


class RankedLabel(NamedTuple):
    """The result for one label.

    Attributes:
        place: The index of the label.
        name: The name of the label.
        true_steps: The number of steps at which it is true.
        best: The unit that detects it best; None if there are too few steps to
            rank units.
    """

    place: int
    name: str
    true_steps: int
    best: BestUnit | None

    @property
    def unit(self) -> int:
        """The unit that detects it best; −1 if none was ranked."""
        return self.best.unit if self.best else -1

    @property
    def state(self) -> str:
        """The state by which the unit detects it, `c` or `h`; empty if none was ranked."""
        return self.best.state if self.best else ""

    @property
    def scores(self) -> tuple[str, tuple[tuple[object, str], ...]]:
        """The scores of the unit and the baselines: a template and its values."""
        assert self.best
        # The words, the key in the dict `told` of the setup, and the value.
        parts = [("AUC {} %;", "auc", self.best.auc), ("chance {},", "chance", self.best.chance)]
        if self.best.token is not None:
            parts.append(("the token alone {},", "token", self.best.token))
        parts.append(("untrained {}", "untrained", self.best.untrained))
        return " ".join(template for template, _key, _value in parts), tuple(
            (round(100 * value), f'round(100 * float(told[{self.place}]["{key}"]))')
            for _template, key, value in parts
        )


def states_by_step(subject: LayerRun) -> Array:
    """All units' c, then all units' h, at each step."""
    return np.array([np.concatenate([s.c[0], s.h[0]]) for s in subject.steps], np.float64)


def ranked_labels(subject: LayerRun) -> tuple[RankedLabel, ...]:
    """The result for each label.

    Empty with a projection, because elements of h then belong to no unit. Also
    empty if a state is not finite.
    """
    return _cached_ranked_labels(subject.trace, subject.layer, subject.direction)


@lru_cache(maxsize=4)
def _cached_ranked_labels(
    trace: Trace, layer: int, direction: Direction
) -> tuple[RankedLabel, ...]:
    """Cached `ranked_labels`; each form of a figure has its own `LayerRun`."""
    subject, labels = LayerRun(trace, layer, direction), trace.labels
    if not labels or subject.weights.proj_size:
        return ()
    states = states_by_step(subject)
    if not np.isfinite(states).all():
        return ()
    x = np.stack([step.x[0] for step in subject.steps])
    fresh: list[Array] = []
    tokens = subject.in_processing_order(subject.trace.tokens)
    ranked = []
    for place, (name, values) in enumerate(labels):
        true, best = np.array(subject.in_processing_order(values)), None
        if label_ranking.is_ranked(true):
            # Computed once, and only if a label is ranked at all.
            fresh = fresh or [
                label_ranking.untrained(subject.weights, x, seed)
                for seed in range(label_ranking.UNTRAINED_COUNT)
            ]
            best = label_ranking.best(states, true, fresh, tokens)
        ranked.append(RankedLabel(place, label_rows.label_name(name), sum(values), best))
    return tuple(ranked)


def setup(subject: LayerRun) -> str:
    """Python that sentences about labels need, to follow the setup of `labels`."""
    ranked = [label.place for label in ranked_labels(subject) if label.best]
    reverse = "[::-1]" if subject.direction == "reverse" else ""
    return label_setup(
        ranked,
        f"tokens{reverse}" if subject.trace.tokens else "",
        bias=subject.weights.bias_ih is not None,
    )


def drawn_labels(subject: LayerRun) -> tuple[RankedLabel, ...]:
    """The labels whose units are drawn, at most `MAX_UNITS` units.

    A unit is drawn only if it is better than all baselines.
    """
    ahead = [label for label in ranked_labels(subject) if label.best and not label.best.rival]
    units = [*dict.fromkeys(label.unit for label in ahead)][:MAX_UNITS]
    return tuple(label for label in ahead if label.unit in units)


def drawn_before_edits(subject: LayerRun) -> tuple[RankedLabel, ...]:
    """`drawn_labels` of the parameters before any edit.

    With it, an edit does not change which label is shaded around requested units.
    """
    trace, original = subject.trace, subject.trace.origin.original_parameters
    if not (original and trace.labels):
        return drawn_labels(subject)
    stack = []
    for weights in trace.weights:
        own = LayerRun(trace, weights.layer, weights.direction)
        before: dict[str, Any] = {
            base: original[str(own.ref(base))] for base in weights.parameters()
        }
        stack.append(replace(weights, **before))
    unedited = replace(
        run(stack, trace.x, trace.h_0, trace.c_0, trace.batch_sizes),
        tokens=trace.tokens,
        labels=trace.labels,
    )
    return drawn_labels(LayerRun(unedited, subject.layer, subject.direction))


def title(subject: LayerRun) -> Sentence:
    """A title that names the units of the first two drawn labels."""
    first, *others = drawn_labels(subject)[:2]
    unit, name = _unit_and_name(first)
    if not others:
        return sentence("Unit {} tells “{}” apart", unit, name)
    (second,) = others
    second_unit, second_name = _unit_and_name(second)
    if second.unit == first.unit:
        template = "Unit {} tells “{}” and “{}” apart"
        return sentence(template, unit, name, second_name)
    template = "Unit {} tells “{}” apart, unit {} “{}”"
    return sentence(template, unit, name, second_unit, second_name)


def _unit_and_name(label: RankedLabel) -> tuple[tuple[object, str], tuple[object, str]]:
    """The unit and the name of a label, each with its expression; `setup` defines these names."""
    unit = label.unit, f'told[{label.place}]["unit"]'
    return unit, (label.name, f"names[{label.place}]")


def refusal_notes(subject: LayerRun) -> Iterator[Sentence]:
    """Notes on why no unit is drawn for the other labels."""
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
