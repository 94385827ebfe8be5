"""The figure `reading`: c and the gates of a few units while a sequence is read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from ...errors import BeyondLimit
from ...layout import WIDE
from ...layout.margins import inner_width
from ...layout.motifs import label_rows, over_time, ranked_labels
from ...layout.motifs.population import Choice, unit_choice
from ...layout.motifs.ranked_labels import RankedLabel
from ...layout.provenance import count_item, provenance, source
from ...layout.unit_choice import largest_claim, most_changing, selected_units
from ...model.layer_run import LayerRun
from ...model.tensors import Array
from ...model.units import MAX_UNLIKE_CORRELATION
from ...proof.bindings import Says, Sentence, joined, sentence
from ...proof.preamble import units as torch_of
from ...proof.preamble.truth import TRUTH_SETUP, Truth
from ...scene.marks import shift
from ...scene.scenes import Diagram, Head
from . import gradient, inhibitions, plain_rnn, threshold, trained_runs
from .alt_text import description
from .answers import MAX_ANSWERS
from .bands import bands
from .focus import Focus, check_focus
from .inhibitions import Inhibition
from .legend import Entry, legend
from .note_places import form_notes
from .plan import Plan
from .reader import Reader, reader_of
from .title import title

PHONE_WIDTH = 360
"""Width of the phone form; a note appears there only if the wide form has it, too."""
MAX_UNITS = 2
"""The most units that are drawn unless the user names them."""


def reading(
    subject: LayerRun,
    width: float,
    *,
    units: tuple[int, ...] = (),
    only: Literal["all", "c"] = "all",
    focus: Focus = "all",
) -> Diagram:
    """What chosen units keep, write and show while a sequence is read.

    Args:
        subject: The run, layer and direction to draw.
        width: The width that the figure may use.
        units: The units that are drawn, by default one that keeps and one
            that reacts, or in a short sequence the two whose c changes most,
            one unlike the other.
        only: What is drawn of them: `c` leaves out the gates, and what the
            network answers.
        focus: What stands out: all, the task, what one unit keeps, writes or
            shows, how another steers it, the weight that shuts its gate, or
            the gradient. The rest is pale or left out.
    """
    plain_network = subject.trace.origin.plain
    if plain_network is not None:
        # A plain RNN has neither gates nor c, so a figure of its own shows its h.
        return plain_rnn.diagram(subject, width, plain_network)
    # None if units are requested, all are drawn, or there is no basis to choose.
    representatives = unit_choice(subject, units, MAX_UNITS)
    ordered_units = drawn_units(subject, units, representatives)
    reader = reader_of(subject, ordered_units)
    narrowing_option = "units" if units else ""
    if only != "all":
        narrowing_option = "only"
    check_focus(
        focus,
        narrowing_option=narrowing_option,
        units=len(ordered_units),
        has_truth=bool(reader and reader.truth),
    )
    inhibition = inhibitions.inhibition_of(subject, ordered_units) if only == "all" else None
    rank = ranked_labels.drawn_before_edits if units else ranked_labels.drawn_labels
    labels = rank(subject)
    plan = Plan(
        subject,
        width,
        ordered_units,
        reader,
        trained_run=trained_runs.trained_run_of(subject, reader),
        with_gates=only == "all",
        label=_shaded_label(subject, reader, labels),
        unit_labels=tuple(label.place for label in labels if label.unit in ordered_units),
        focus=focus,
    )
    if focus != "all":
        plan = _with_original(plan, inhibition)
    # Which notes this form has depends on those that fit in the wide and the phone form.
    widths = list(dict.fromkeys((WIDE, PHONE_WIDTH, width)))
    plans = [replace(plan, width=form_width) for form_width in widths]
    form_index = widths.index(width)
    all_notes = form_notes(plans, inhibition)
    plan, notes = plans[form_index], all_notes[form_index]
    marks, bottom = bands(plan, notes)
    texts = _Texts(plan, notes.inhibition, representatives, are_requested=bool(units))
    above, height = legend(plan, texts.entries() if focus == "all" else [], marks)
    return Diagram(
        heading=texts.head(),
        description=description(plans[0], all_notes[0]),
        width=inner_width(width),
        height=height + bottom,
        marks=(*above, *(shift(mark, 0, height) for mark in marks)),
        figure_width=width,
        setup=texts.setup(),
    )


def _with_original(plan: Plan, inhibition: Inhibition | None) -> Plan:
    """Return a plan with what a focus needs of the original network.

    Raises:
        BeyondLimit: If the focus is on a weight that shuts a gate, but there is
            none.
    """
    subject, trained_run = plan.subject, plan.trained_run
    original = inhibition
    if trained_run:
        original = inhibitions.inhibition_of(trained_run.subject, plan.units)
    if plan.focus == "weight" and not original:
        raise BeyondLimit(
            "got --focus weight for a network in which no weight shuts an "
            "input gate at this text, expected one such as --network brackets "
            "with a bracket in quotes; choose another focus or text",
            "focus",
        )
    c_without_weight = None
    # `c_without` runs the first layer alone.
    if original and len(subject.trace.weights) == 1:
        c_without_weight = inhibitions.c_without(original, subject)
    return replace(plan, original_inhibition=original, c_without_weight=c_without_weight)


def drawn_units(
    subject: LayerRun, units: tuple[int, ...] = (), representatives: Choice | None = None
) -> tuple[int, ...]:
    """Return the units to draw, from top to bottom.

    Args:
        subject: The run, layer and direction to draw.
        units: The units asked for; empty to choose them here.
        representatives: The few units that represent all; None if units are requested, all are
            drawn, or there is no basis to choose.
    """
    change = _change(subject)
    selection = (
        representatives.units
        if representatives
        else selected_units(subject, units, change, MAX_UNITS)
    )
    return selection if units else _inhibited_first(subject, selection)


def _change(subject: LayerRun) -> Array:
    """Return the range of c (maximum minus minimum) of each unit over the sequence.

    A single step has no range, so take the magnitude of c.
    """
    c = np.array([step.c[0] for step in subject.steps])
    change: Array = np.ptp(c, axis=0) if len(c) > 1 else abs(c[0])
    return change


def _inhibited_first(subject: LayerRun, units: tuple[int, ...]) -> tuple[int, ...]:
    """Put a unit whose input gate another unit shuts above that other unit.

    `inhibition_of` looks for it only in this order.
    In a snapshot of a training run, units keep the order of their numbers,
    because which of them shuts the other changes from snapshot to snapshot.
    """
    if subject.trace.origin.after_batches is not None:
        return units
    flipped = units[::-1]
    if _inhibited_steps(subject, flipped) > _inhibited_steps(subject, units):
        return flipped
    return units


def _inhibited_steps(subject: LayerRun, units: tuple[int, ...]) -> int:
    """Return at how many steps a unit is shut by the next one."""
    inhibition = inhibitions.inhibition_of(subject, units)
    return len(inhibition.steps) if inhibition else 0


def _shaded_label(
    subject: LayerRun, reader: Reader | None, labels: Sequence[RankedLabel]
) -> int | None:
    """Return the index of the label whose steps are shaded.

    This is the first label that a unit is drawn for, or else label 0. Return
    None if there are no labels, or if the steps in quotes are shaded instead.
    """
    if not subject.trace.labels or (reader and reader.truth):
        return None
    return labels[0].place if labels else 0


@dataclass(frozen=True)
class _Texts:
    """The texts around the drawing, and the Python that they need.

    Attributes:
        plan: The layout of the figure.
        inhibition: The inhibition, if there is one.
        representatives: The few units that represent all; None if units are requested, all are
            drawn, or there is no basis to choose.
        are_requested: Whether the user chose the units.
    """

    plan: Plan
    inhibition: Inhibition | None
    representatives: Choice | None
    are_requested: bool

    @property
    def are_chosen(self) -> bool:
        """Whether the units were chosen from several."""
        hidden_size = self.plan.subject.weights.hidden_size
        return not self.are_requested and hidden_size > len(self.plan.units)

    @cached_property
    def refused(self) -> list[Sentence]:
        """The notes on labels for which no unit is drawn."""
        return [*ranked_labels.refusal_notes(self.plan.subject)] if self.are_chosen else []

    def entries(self) -> list[Entry]:
        """Return the legend entry of each kind of mark; `legend` drops those not drawn."""
        entries = [
            Entry("c", sentence("c")),
            Entry("trained", sentence("c as trained")),
            Entry("depth", sentence("open brackets")),
            Entry("write", sentence("i·g, added to c")),
            Entry("forget", sentence("forgotten: c shrinks")),
            Entry("quotes", sentence("in quotes")),
        ]
        place = self.plan.label
        if place is not None:
            name, _ = self.plan.subject.trace.labels[place]
            label_words = (label_rows.label_name(name), f"names[{place}]")
            entries.append(Entry("true", sentence("{}", label_words)))
        if self.inhibition:
            source = self.inhibition.source
            entries.append(Entry("brake", sentence("shut by unit {}", (source, str(source)))))
        entries.append(Entry("wrong", sentence("wrong answer")))
        return entries

    def head(self) -> Head:
        """Return the texts above and below the drawing."""
        plan, subject = self.plan, self.plan.subject
        is_all = plan.focus == "all"
        notes = self._reading_notes() if is_all else []
        if len(plan.units) < subject.weights.hidden_size:
            notes.append(self._units_note())
        if not plan.with_gates and notes:
            # Without gates, the figure is low, so its notes share a paragraph.
            notes = [joined(notes)]
        if self.representatives:
            notes.append(self.representatives.note)
        notes += self.refused
        leaves_out_units = len(plan.visible_units) < len(plan.units)
        present_units = [
            ("unit {}", unit, str(unit)) for unit in plan.visible_units if leaves_out_units
        ]
        left_out = len(subject.steps) - len(plan.visible_steps)
        if plan.has_tokens and left_out:
            notes.append(self._parts_note())
        elif left_out:
            notes.append(over_time.left_out_note(subject, left_out))
        return Head(
            title(plan, self.representatives, self.inhibition),
            self._lead() if is_all else Sentence("", Says()),
            provenance(subject, count_item("step", len(subject.steps), "len(x)"), *present_units),
            tuple(notes),
            source(subject),
        )

    def _lead(self) -> Sentence:
        if self.plan.reader and self.plan.reader.trained:
            return sentence(
                "Trained to say after each character: inside quotes? all closed? "
                "Nobody told it to count."
            )
        visible_steps = self.plan.visible_steps
        moves = [move for unit_moves in self.plan.moves.values() for move in unit_moves]
        if not any(move.t in visible_steps for move in moves):
            return sentence("c is the memory of a unit.")
        return sentence("c is the memory of a unit; arrows are what moves it.")

    def _reading_notes(self) -> list[Sentence]:
        """Return the note on how to read gates and answers."""
        if not self.plan.with_gates:
            return []
        gate_note = sentence("A fuller column is a more open gate, or a stronger g.")
        return [joined([gate_note, *self._answer_notes()])]

    def _answer_notes(self) -> list[Sentence]:
        """Return the notes on the rows of answers."""
        reader = self.plan.reader
        if not reader:
            return []
        if reader.truth:
            return [self._truth_note(reader.truth)]
        notes = [
            sentence(
                "At the bottom, what the network answers: a full column is yes, an empty one no."
            )
        ]
        count = len(reader.outputs)
        if count > MAX_ANSWERS:
            notes.append(
                sentence(
                    "{} of {} answers are drawn.",
                    (MAX_ANSWERS, f"len(outputs[:{MAX_ANSWERS}])"),
                    (count, "len(outputs)"),
                )
            )
        return notes

    def _truth_note(self, truth: Truth) -> Sentence:
        """Return the note that tells the true answers from those of the network."""
        parts = [band.as_slice for band in self.plan.bands]
        if any(any(truth.inside[part]) or 0 in truth.depth[part] for part in parts):
            return sentence("In the last two rows the truth is dashed.")
        claim = " and ".join(
            f"not (inside | (depth == 0))[{part.start}:{part.stop}].any()" for part in parts
        )
        return sentence(
            "The last two rows are the answers; the truth is no at every step drawn.", claim=claim
        )

    def _units_note(self) -> Sentence:
        """Return the note on how many units are drawn, and why these."""
        plan, subject = self.plan, self.plan.subject
        count, size = len(plan.visible_units), subject.weights.hidden_size
        counts = (count, str(count)), (size, "c.shape[-1]")
        if count == 1:
            return sentence("{} unit of {} is drawn.", *counts)
        c = [step.c[0] for step in subject.steps]
        by_change = self.are_chosen and not self.representatives
        if not by_change or len(c) < 2 or not np.isfinite(c).all():
            return sentence("{} of {} units are drawn.", *counts)
        change, moved = _change(subject), "c[:, 0].amax(0) - c[:, 0].amin(0)"
        first, second = most_changing(subject, change)
        # Otherwise a unit that changes more was passed over, because it is like the first.
        if second in np.argsort(-change, kind="stable")[:2]:
            return sentence(
                "{} of {} units are drawn, those whose c changes most.",
                *counts,
                claim=largest_claim(moved, plan.units),
            )
        others = torch_of.unlike_expression(first, all_are_alike=False)
        return sentence(
            "{} of {} units are drawn: c changes most in unit {}, and in unit {} of those "
            "unlike it (correlation at most {} %).",
            *counts,
            (first, str(first)),
            (second, str(second)),
            (round(100 * MAX_UNLIKE_CORRELATION), "round(100 * most_alike)"),
            claim=(
                f"{largest_claim(moved, (first,))} and "
                f"{largest_claim(f'({moved}) * {others}', (second,))}"
            ),
        )

    def _parts_note(self) -> Sentence:
        """Return the note on which bands are drawn, and why."""
        plan = self.plan
        ends = tuple((band.as_slice.start, band.as_slice.stop) for band in plan.all_bands)
        indices = [plan.all_bands.index(band) for band in plan.bands]
        if plan.unit_labels:
            reason = "the labels that are told begin and end most often"
            moves = f"labels[{list(plan.unit_labels)}, first:last].diff()"
        else:
            reason = "c moves most"
            moves = f"(c - c_prev)[first:last, 0, {list(plan.units)}]"
        moved = f"torch.stack([{moves}.abs().sum() for first, last in {ends}])"
        # `len(x[:1])` is 1; with it, both counts are expressions of a tensor.
        return sentence(
            f"{{}} of {{}} parts of the sequence are drawn, in which {reason}.",
            (len(indices), f"len({indices} * len(x[:1]))"),
            (len(ends), f"len({ends} * len(x[:1]))"),
            claim=largest_claim(moved, indices),
        )

    def setup(self) -> str:
        """Return the Python that the expressions of the figure need."""
        plan, subject, reader = self.plan, self.plan.subject, self.plan.reader
        lines = over_time.tokens_setup(subject.trace)
        lines += label_rows.setup(subject)
        if reader:
            lines += [
                *([TRUTH_SETUP] if reader.truth else []),
                subject.trace.origin.readout_setup,
                "answers = torch.sigmoid(readout(output))",
                f"outputs = {list(reader.outputs)}",
            ]
        if self.inhibition:
            lines.append(self.inhibition.setup(subject))
        if plan.focus == "show" and reader:
            lines.append(threshold.setup(plan))
        if plan.focus == "gradient":
            lines.append(gradient.SETUP)
        if plan.trained_run:
            lines.append(plan.trained_run.setup)
        telling_setup = ranked_labels.setup(subject)
        if self.representatives:
            lines += self.representatives.setup
        if self.refused and telling_setup not in lines:
            lines += ["", telling_setup]
        # Only the note on units that are unlike each other needs their correlations.
        if self.are_chosen and "correlations" in self._units_note().says.claim:
            lines += ["", torch_of.MOVES, f"most_alike = {MAX_UNLIKE_CORRELATION}"]
        return "\n".join(lines)
