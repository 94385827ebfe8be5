"""The figure `reading`: c and the gates of a few units while a sequence is read."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from ...errors import BeyondLimit
from ...layout import WIDE
from ...layout.margins import inner_width
from ...layout.motifs import label_lanes, over_time, ranked_labels
from ...layout.motifs.population import Choice
from ...layout.motifs.population import unit_choice as choice_of
from ...layout.provenance import count_item, provenance, source
from ...layout.unit_choice import largest_claim, most_changing, selected_units
from ...model.layer_run import LayerRun
from ...model.tensors import Array
from ...proof.bindings import Says, Sentence, sentence
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
from .plan import Plan, labels_of, plan
from .reader import Reader, reader_of
from .title import title

PHONE_WIDTH = 360
"""Width of the phone form; a note appears there only if the wide form has it, too."""


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
    network = subject.trace.origin.plain
    if network is not None:
        return plain_rnn.diagram(subject, width, network)
    choice = choice_of(subject, units, 2)
    chosen = drawn_units(subject, units, choice)
    reader = reader_of(subject, chosen)
    narrowing_option = "units" if units else ""
    if only != "all":
        narrowing_option = "only"
    check_focus(
        focus,
        narrowing_option=narrowing_option,
        units=len(chosen),
        has_truth=bool(reader and reader.truth),
    )
    inhibition = inhibitions.inhibition_of(subject, chosen) if only == "all" else None
    trained_run = trained_runs.trained_run_of(subject, reader)
    original_inhibition = c_without_weight = None
    if focus != "all":
        original_inhibition = (
            inhibitions.inhibition_of(trained_run.subject, chosen) if trained_run else inhibition
        )
        if original_inhibition and len(subject.trace.weights) == 1:
            c_without_weight = inhibitions.c_without(original_inhibition, subject)
    if focus == "weight" and not original_inhibition:
        raise BeyondLimit(
            "got --focus weight for a network in which no weight shuts an "
            "input gate at this text, expected one such as --network brackets "
            "with a bracket in quotes; choose another focus or text",
            "focus",
        )
    are_chosen = not units and subject.weights.hidden_size > len(chosen)
    refused = [*ranked_labels.refusal_notes(subject)] if are_chosen else []
    by_change = are_chosen and not choice
    widths = list(dict.fromkeys((WIDE, PHONE_WIDTH, width)))
    label = _shaded_label(subject, reader)
    plans = [
        plan(
            subject,
            form_width,
            chosen,
            reader,
            trained_run=trained_run,
            with_gates=only == "all",
            label=label,
            focus=focus,
            original_inhibition=original_inhibition,
            c_without_weight=c_without_weight,
        )
        for form_width in widths
    ]
    form_index = widths.index(width)
    all_notes = form_notes(plans, inhibition)
    layout, notes = plans[form_index], all_notes[form_index]
    marks, bottom = bands(layout, notes)
    entries = _entries(layout, notes.inhibition) if focus == "all" else []
    above, height = legend(layout, entries, marks)
    return Diagram(
        _head(layout, notes.inhibition, choice, refused, by_change=by_change),
        description(plans[0], all_notes[0]),
        inner_width(width),
        height + bottom,
        (*above, *(shift(mark, 0, height) for mark in marks)),
        width,
        _setup(layout, notes.inhibition, choice, refused, by_change=by_change),
    )


def drawn_units(
    subject: LayerRun, units: tuple[int, ...] = (), choice: Choice | None = None
) -> tuple[int, ...]:
    """Return the units to draw, from top to bottom.

    Args:
        subject: The run, layer and direction to draw.
        units: The units asked for; empty to choose them here.
        choice: Units chosen to represent all units, if any were.
    """
    change = _change(subject)
    chosen = choice.units if choice else selected_units(subject, units, change, 2)
    return chosen if units else _inhibited_first(subject, chosen)


def _change(subject: LayerRun) -> Array:
    """Return the range of c (maximum minus minimum) of each unit over the sequence."""
    c = np.array([step.c[0] for step in subject.steps])
    change: Array = np.ptp(c, axis=0) if len(c) > 1 else abs(c[0])
    return change


def _inhibited_first(subject: LayerRun, chosen: tuple[int, ...]) -> tuple[int, ...]:
    """Put a unit whose input gate another unit shuts above that other unit.

    In a snapshot of a training run, units keep the order of their numbers,
    because which of them shuts the other changes from snapshot to snapshot.
    """
    if subject.trace.origin.after_batches is not None:
        return chosen
    flipped = chosen[::-1]
    if _inhibited_steps(subject, flipped) > _inhibited_steps(subject, chosen):
        return flipped
    return chosen


def _inhibited_steps(subject: LayerRun, units: tuple[int, ...]) -> int:
    """Return at how many steps a unit is shut by the next one."""
    inhibition = inhibitions.inhibition_of(subject, units)
    return len(inhibition.steps) if inhibition else 0


def _shaded_label(subject: LayerRun, reader: Reader | None) -> int | None:
    """Return the index of the label whose steps are shaded.

    This is the first label that a unit is drawn for, or else label 0. Return
    None if there are no labels, or if the steps in quotes are shaded instead.
    """
    if not subject.trace.labels or (reader and reader.truth):
        return None
    labels = ranked_labels.drawn_labels(subject)
    return labels[0].place if labels else 0


def _entries(layout: Plan, inhibition: Inhibition | None) -> list[Entry]:
    """Return the legend entry of each kind of mark; `legend` drops those not drawn."""
    entries = [
        Entry("c", sentence("c")),
        Entry("trained", sentence("c as trained")),
        Entry("depth", sentence("open brackets")),
        Entry("write", sentence("i·g, added to c")),
        Entry("forget", sentence("forgotten")),
        Entry("quotes", sentence("in quotes")),
    ]
    if layout.label is not None:
        name, _ = layout.subject.trace.labels[layout.label]
        label_words = (label_lanes.label_name(name), f"names[{layout.label}]")
        entries.append(Entry("true", sentence("{}", label_words)))
    if inhibition:
        by = sentence("shut by unit {}", (inhibition.source, str(inhibition.source)))
        entries.append(Entry("brake", by))
    entries.append(Entry("wrong", sentence("wrong answer")))
    return entries


def _head(
    layout: Plan,
    inhibition: Inhibition | None,
    choice: Choice | None,
    refused: Sequence[Sentence],
    *,
    by_change: bool,
) -> Head:
    subject, reader = layout.subject, layout.reader
    count, size = len(subject.steps), subject.weights.hidden_size
    notes: list[Sentence] = []
    is_all = layout.focus == "all"
    if layout.with_gates and is_all:
        notes.append(
            sentence(
                "A column is as full as its gate is open; g new goes up or "
                "down from its middle. Rows have the order in which they act."
            )
        )
    notes += _bold_notes(layout) if is_all else []
    if reader and layout.with_gates and is_all:
        notes += _answer_notes(layout, reader)
    if len(layout.units) < size:
        notes.append(_units_note(layout, by_change))
    if choice:
        notes.append(choice.note)
    notes += refused
    present_units = [
        ("unit {}", unit, str(unit))
        for unit in layout.visible_units
        if len(layout.visible_units) < len(layout.units)
    ]
    left_out = count - len(layout.visible_steps)
    if layout.has_tokens and left_out:
        notes.append(_parts_note(layout))
    elif left_out:
        notes.append(over_time.left_out_note(subject, left_out))
    return Head(
        title(layout, choice, inhibition),
        _lead(layout) if is_all else Sentence("", Says()),
        provenance(subject, count_item("step", count, "len(x)"), *present_units),
        tuple(notes),
        source(subject),
    )


def _bold_notes(layout: Plan) -> list[Sentence]:
    """Return the note that explains bold tokens, if any token is bold."""
    letters = over_time.are_letters(layout.tokens)
    unseen = {t for t, token in enumerate(layout.tokens) if letters and token == " "}
    seen = layout.bold_steps & {*layout.visible_steps} - unseen
    # With `only="c"` the figure needs no explanation below it.
    if not layout.has_tokens or not layout.with_gates or not seen:
        return []
    if layout.has_thin_arrows:
        return [sentence("At a bold token one of the units forgets.")]
    return [sentence("At a bold token there is an arrow.")]


def _units_note(layout: Plan, by_change: bool) -> Sentence:
    """Return the note on how many units are drawn.

    With `by_change`, it says that c changes most in these units.
    """
    count, size = len(layout.visible_units), layout.subject.weights.hidden_size
    counts = (count, str(count)), (size, "c.shape[-1]")
    if count == 1:
        return sentence("{} unit of {} is drawn.", *counts)
    c = [step.c[0] for step in layout.subject.steps]
    if not by_change or len(c) < 2 or not np.isfinite(c).all():
        return sentence("{} of {} units are drawn.", *counts)
    moved, (first, second) = "c[:, 0].amax(0) - c[:, 0].amin(0)", _pair(layout)
    if second in np.argsort(-_change(layout.subject), kind="stable")[:2]:
        return sentence(
            "{} of {} units are drawn, those whose c changes most.",
            *counts,
            claim=largest_claim(moved, layout.units),
        )
    others = torch_of.unlike_expression(first, all_are_alike=False)
    return sentence(
        "{} of {} units are drawn: c changes most in unit {}, and in unit {} "
        "of those that do not go up and down with it.",
        *counts,
        (first, str(first)),
        (second, str(second)),
        claim=(
            f"{largest_claim(moved, (first,))} and "
            f"{largest_claim(f'({moved}) * {others}', (second,))}"
        ),
    )


def _pair(layout: Plan) -> tuple[int, int]:
    """Return the two units that `by_change` chooses."""
    return most_changing(layout.subject, _change(layout.subject))


def _parts_note(layout: Plan) -> Sentence:
    """Return the note on which bands are drawn, and why."""
    ends = tuple((b.part.start, b.part.stop) for b in layout.all_bands)
    indices = [layout.all_bands.index(band) for band in layout.bands]
    labels = labels_of(layout.subject, layout.units)
    if labels:
        reason = "the labels that are told begin and end most often"
        moves = f"labels[{labels}, first:last].diff()"
    else:
        reason = "c moves most"
        moves = f"(c - c_prev)[first:last, 0, {list(layout.units)}]"
    moved = f"torch.stack([{moves}.abs().sum() for first, last in {ends}])"
    return sentence(
        f"{{}} of {{}} parts of the sequence are drawn, in which {reason}.",
        (len(indices), f"len({indices} * len(x[:1]))"),
        (len(ends), f"len({ends} * len(x[:1]))"),
        claim=largest_claim(moved, indices),
    )


def _truth_note(layout: Plan, truth: Truth) -> Sentence:
    """Return the note that tells the true answers from those of the network."""
    parts = [band.part for band in layout.bands]
    if any(any(truth.inside[part]) or 0 in truth.depth[part] for part in parts):
        return sentence(
            "In the last two rows a dashed outline is the truth, the filled "
            "part what the network says."
        )
    claim = " and ".join(
        f"not (inside | (depth == 0))[{part.start}:{part.stop}].any()" for part in parts
    )
    return sentence(
        "In the last two rows the filled part is what the network says; the "
        "true answer is no at every step drawn.",
        claim=claim,
    )


def _answer_notes(layout: Plan, reader: Reader) -> list[Sentence]:
    """Return the notes on the rows of answers."""
    if reader.truth:
        return [_truth_note(layout, reader.truth)]
    notes = [
        sentence("At the bottom, what the network answers: a full column is yes, an empty one no.")
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


def _lead(layout: Plan) -> Sentence:
    if layout.reader and layout.reader.trained:
        return sentence(
            "Trained to say after each character: inside quotes? all closed? "
            "Nobody told it to count."
        )
    return sentence("c is the memory of a unit; arrows are what moves it.")


def _setup(
    layout: Plan,
    inhibition: Inhibition | None,
    choice: Choice | None,
    refused: Sequence[Sentence],
    *,
    by_change: bool,
) -> str:
    subject, reader = layout.subject, layout.reader
    lines = over_time.tokens_setup(subject.trace)
    lines += label_lanes.setup(subject)
    if reader:
        lines += [
            *([TRUTH_SETUP] if reader.truth else []),
            subject.trace.origin.readout_setup,
            "answers = torch.sigmoid(readout(output))",
            f"outputs = {list(reader.outputs)}",
        ]
    if inhibition:
        lines.append(inhibition.setup(subject))
    if layout.focus == "show" and reader:
        lines.append(threshold.setup(layout))
    if layout.focus == "gradient":
        lines.append(gradient.SETUP)
    if layout.trained_run:
        lines.append(layout.trained_run.setup)
    telling_setup = ranked_labels.setup(subject)
    if choice:
        lines += choice.setup
    if refused and telling_setup not in lines:
        lines += ["", telling_setup]
    if by_change and "correlations" in _units_note(layout, by_change).says.claim:
        lines += ["", torch_of.MOVES]
    return "\n".join(lines)
