"""The units of a layer: the lifetime of a write in each, and which units to name."""

from functools import cached_property
from typing import NamedTuple

import numpy as np

from ...errors import BeyondLimit
from ...model import units
from ...model.layer_run import LayerRun
from ...model.reference import Number
from ...model.tensors import Array
from ...proof.bindings import Sentence, sentence
from ...proof.preamble import units as torch_of
from ..unit_choice import largest_claim
from . import ranked_labels

LASTING = (
    "A write lasts until less than half of it is left. For a unit, that is the median of its "
    "writes."
)
"""What the lifetime of a unit is."""
MIN_STEPS_TO_CHOOSE = 30
"""The fewest steps on which units are chosen as keeping or reacting."""


class Reason(NamedTuple):
    """Why a unit is named.

    Attributes:
        unit: The index of the unit.
        text: The reason, as words that follow the unit's name, with `{}` for
            values.
        claim: An expression that is true if the reason holds.
        setup: Python that the claim needs, in parts.
        values: The values in the words, each with its expression.
        role: The verb for the unit if two are drawn side by side; empty for a
            label.
    """

    unit: int
    text: str
    claim: str
    setup: tuple[str, ...] = ()
    values: tuple[tuple[object, str], ...] = ()
    role: str = ""


def bad_input(subject: LayerRun) -> str:
    """The first NaN or infinity that the first sequence reads, with its place; or nothing."""
    x = subject.trace.x
    for index in np.argwhere(~np.isfinite(x)).tolist():
        if x.ndim == 2 or index[1] == 0:
            return f"{x[tuple(index)]} at x{index}"
    return ""


class Population:
    """The units of a layer over the steps of the first sequence.

    Attributes:
        subject: The layer run to draw.
        finite_units: The units whose gates and states are always finite.
        lifetimes: How many steps a write lasts in each unit; see
            `units.lifetimes`.
        order: The visible units, longest lifetime first.

    Raises:
        BeyondLimit: If no unit is finite at all steps.
    """

    def __init__(self, subject: LayerRun):
        self.subject = subject
        self.lifetimes = units.lifetimes(self.results("f"))
        finite = np.isfinite([self.results(name) for name in ("f", "i", "g", "o", "c")]).all((0, 1))
        self.finite_units = np.flatnonzero(finite)
        if not len(self.finite_units):
            if place := bad_input(subject):
                raise BeyondLimit(
                    f"got an input with {place}, expected numbers, which all units need; "
                    "correct it, or draw gates-over-time, which shows what follows"
                )
            raise BeyondLimit(
                f"got {subject.module} of which each unit is NaN or infinite "
                "at some step, expected one whose gates and states are "
                "numbers; draw gates-over-time, which shows where that begins"
            )
        f = self.results("f")[:, self.finite_units]
        order = units.longest_first(f, self.lifetimes[self.finite_units])
        self.order = tuple(self.finite_units[order].tolist())

    def results(self, name: str) -> Array:
        """A result such as `f`, shape `(steps, units)`."""
        return np.array([getattr(s, name)[0] for s in self.subject.steps])

    @property
    def unit_count(self) -> int:
        """The number of units, visible or not."""
        return self.subject.weights.hidden_size

    @property
    def step_count(self) -> int:
        """The number of steps."""
        return len(self.subject.steps)

    @property
    def left_out_count(self) -> int:
        """How many units are NaN or infinite at some step, and so left out."""
        return self.unit_count - len(self.order)

    @property
    def ordered_lifetimes(self) -> Array:
        """`lifetimes` in the order of the visible units."""
        return self.lifetimes[list(self.order)]

    def lifetime(self, unit: int) -> Number:
        """The lifetime of a write in a unit."""
        return Number(self.lifetimes[unit], f"life[{unit}]")

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """The token of each step, in the order of processing."""
        return tuple(self.subject.in_processing_order(self.subject.trace.tokens))

    @property
    def is_reversed(self) -> bool:
        """Whether the layer runs in the reverse direction."""
        return self.subject.direction == "reverse"

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """The units that detect labels; otherwise one that keeps and one that reacts.

        Empty if the steps or units are too few to decide.
        """
        return self._label_reasons or self._pair_reasons

    @property
    def _label_reasons(self) -> tuple[Reason, ...]:
        """The best unit of each label, with the reason."""
        reasons = []
        for label in ranked_labels.drawn_labels(self.subject):
            text, values = label.scores
            # Its setup defines the names `told`, `names` and `rival`.
            expr = f"told[{label.place}]"
            reasons.append(
                Reason(
                    label.unit,
                    text=f"its {{}} tells “{{}}” apart, {text}",
                    claim=f'{expr}["unit"] == {label.unit} and rival({expr}) is None',
                    setup=(ranked_labels.setup(self.subject),),
                    values=(
                        (label.state, f'{expr}["state"]'),
                        (label.name, f"names[{label.place}]"),
                        *values,
                    ),
                )
            )
        return tuple(reasons)

    @property
    def _pair_reasons(self) -> tuple[Reason, ...]:
        """One unit that keeps and one that reacts, with the reasons; empty for too few."""
        if self.step_count < MIN_STEPS_TO_CHOOSE or self.left_out_count or self.unit_count < 2:
            return ()
        with np.errstate(all="ignore"):
            written = self.results("i") * self.results("g")
        c = self.results("c")
        pair = units.choose_units(c, written, self.lifetimes, self.tokens)
        if pair.keeps is None:
            return ()
        keeps = Reason(
            pair.keeps,
            text="c moves most, apart from a steady rise or fall, of all in which "
            "a write lasts three steps or longer",
            claim=largest_claim(f"aside * (life > {units.MAX_SHORT_LIFETIME})", (pair.keeps,)),
            setup=(torch_of.MOVES,),
            role="keeps",
        )
        comes_again = units.repeats_enough(self.tokens)
        others = units.dissimilar_units(c, pair.keeps)
        alike = int(others.sum()) == self.unit_count - 1
        tokens_expr = "tokens[::-1]" if self.is_reversed else "tokens"
        reacts = Reason(
            pair.reacts,
            text="what it writes follows the token most"
            if comes_again
            else "what it writes varies most",
            claim=largest_claim(
                f"told * {torch_of.unlike_expression(pair.keeps, all_are_alike=alike)}",
                (pair.reacts,),
            ),
            setup=(torch_of.MOVES, torch_of.write_movement(tokens_expr if comes_again else "")),
            role="reacts",
        )
        return keeps, reacts


class Choice(NamedTuple):
    """The few units that are drawn of many.

    Attributes:
        reasons: Why each unit is drawn.
        step_count: The number of steps they were chosen on.
    """

    reasons: tuple[Reason, ...]
    step_count: int

    @property
    def are_for_labels(self) -> bool:
        """Whether they were chosen because they detect labels."""
        return not self.reasons[0].role

    @property
    def units(self) -> tuple[int, ...]:
        """The units in ascending order."""
        return tuple(sorted({reason.unit for reason in self.reasons}))

    @property
    def sentence_parts(self) -> tuple[str, tuple[tuple[object, str], ...], str]:
        """The reasons as a template, its values and its claim."""
        sentences, values = [], []
        for reason in self.reasons:
            role = f" {reason.role}" if reason.role else ""
            sentences.append(f"Unit {{}}{role}: {reason.text}.")
            values += [(reason.unit, str(reason.unit)), *reason.values]
        many = "Both were" if len(self.units) > 1 else "It was"
        return (
            f"{' '.join(sentences)} {many} chosen on all {{}} steps.",
            (*values, (self.step_count, "len(x)")),
            " and ".join(f"({reason.claim})" for reason in self.reasons),
        )

    @property
    def note(self) -> Sentence:
        """The reasons as a sentence."""
        template, values, claim = self.sentence_parts
        return sentence(template, *values, claim=claim)

    @property
    def setup(self) -> list[str]:
        """Python that the claim needs, to follow the setup of tokens and labels."""
        parts = dict.fromkeys(p for reason in self.reasons for p in reason.setup)
        return [line for part in (torch_of.LIFE, *parts) for line in ("", part)]


def unit_choice(subject: LayerRun, requested: tuple[int, ...], max_unfolded: int) -> Choice | None:
    """The units that a figure draws if it does not draw all.

    All figures of one source choose the same units. Returns None if units are
    requested, if all are drawn, or if there is no basis to choose.

    Args:
        subject: The layer run to draw.
        requested: The value of `--units`; empty to choose automatically.
        max_unfolded: With at most this many units, all are drawn.
    """
    if requested or subject.weights.hidden_size <= max_unfolded:
        return None
    states = [getattr(s, name) for s in subject.steps for name in "figoc"]
    if not np.isfinite(states).all():
        return None
    population = Population(subject)
    if not population.reasons:
        return None
    return Choice(population.reasons, population.step_count)
