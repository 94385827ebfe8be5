"""The figure `reading`."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from ...errors import BeyondLimit
from ...layout import WIDE
from ...layout.choice import changing, largest, units_of
from ...layout.motifs import over_time, telling, truths
from ...layout.motifs.population import Choice
from ...layout.motifs.population import choice as choice_of
from ...layout.provenance import count_of, provenance, source
from ...layout.room import inner
from ...model.tensors import Array
from ...proof.bindings import Says, Sentence, sentence
from ...proof.preamble import units as torch_of
from ...proof.preamble.truth import TRUTH_SETUP, Truth
from ...proof.subject import Subject
from ...scene.marks import shift
from ...scene.scenes import Diagram, Head
from . import along, plain, threshold
from . import brake as brakes
from . import ghost as ghosts
from .answers import MOST
from .bands import bands
from .brake import Brake
from .focus import Focus, check
from .heard import description
from .legend import Entry, legend
from .places import told
from .plan import Plan, plan, told_by
from .reader import Reader, reader_of
from .title import title

PHONE = 360
"""The width whose notes are some of those of the wide form."""


def reading(
    subject: Subject,
    room: float,
    *,
    units: tuple[int, ...] = (),
    only: Literal["all", "c"] = "all",
    focus: Focus = "all",
) -> Diagram:
    """What chosen units keep, write and show while a sequence is read.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
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
        return plain.drawn(subject, room, network)
    choice = choice_of(subject, units, 2)
    chosen = drawn_units(subject, units, choice)
    reader = reader_of(subject, chosen)
    check(
        focus,
        narrowed="only" if only != "all" else "units" if units else "",
        units=len(chosen),
        is_told=bool(reader and reader.told),
    )
    brake = brakes.found(subject, chosen) if only == "all" else None
    ghost = ghosts.found(subject, reader)
    given = covered = None
    if focus != "all":
        given = brakes.found(ghost.subject, chosen) if ghost else brake
        if given and len(subject.trace.weights) == 1:
            covered = brakes.cut(given, subject)
    if focus == "weight" and not given:
        raise BeyondLimit(
            "got --focus weight for a network in which no weight shuts an "
            "input gate at this text, expected one such as --network brackets "
            "with a bracket in quotes; choose another focus or text",
            "focus",
        )
    are_chosen = not units and subject.weights.hidden_size > len(chosen)
    refused = [*telling.refused(subject)] if are_chosen else []
    by_change = are_chosen and not choice
    widths = list(dict.fromkeys((WIDE, PHONE, room)))
    label = _shaded(subject, reader)
    plans = [
        plan(subject, width, chosen, reader, ghost, only == "all", label, focus, given, covered)
        for width in widths
    ]
    form = widths.index(room)
    every = told(plans, brake)
    laid, said = plans[form], every[form]
    marks, bottom = bands(laid, said)
    entries = _entries(laid, said.brake) if focus == "all" else []
    above, height = legend(laid, entries, marks)
    return Diagram(
        _head(laid, said.brake, choice, refused, by_change=by_change),
        description(plans[0], every[0]),
        inner(room),
        height + bottom,
        (*above, *(shift(mark, 0, height) for mark in marks)),
        room,
        _setup(laid, said.brake, choice, refused, by_change=by_change),
    )


def drawn_units(
    subject: Subject, units: tuple[int, ...] = (), choice: Choice | None = None
) -> tuple[int, ...]:
    """The units that are drawn, from above.

    Args:
        subject: What is drawn.
        units: Those that are asked for, if some are.
        choice: Those that stand for all, if some do.
    """
    change = _change(subject)
    chosen = choice.units if choice else units_of(subject, units, change, 2)
    return chosen if units else _braked_first(subject, chosen)


def _change(subject: Subject) -> Array:
    """How much c of each unit changes in the whole sequence."""
    c = np.array([step.c[0] for step in subject.steps])
    change: Array = np.ptp(c, axis=0) if len(c) > 1 else abs(c[0])
    return change


def _braked_first(subject: Subject, chosen: tuple[int, ...]) -> tuple[int, ...]:
    """The units, that whose gate another shuts above that other.

    At a moment of a training they keep the order of their numbers, because
    which of them shuts the other changes from moment to moment.
    """
    if subject.trace.origin.after is not None:
        return chosen
    ways = chosen, chosen[::-1]
    steps = [len(b.steps) if (b := brakes.found(subject, w)) else 0 for w in ways]
    return ways[steps[1] > steps[0]]


def _shaded(subject: Subject, reader: Reader | None) -> int | None:
    """The label whose steps are shaded, if no quotes are.

    It is the first by which a unit is drawn, else the first of all.
    """
    if not subject.trace.labels or (reader and reader.told):
        return None
    drawn = telling.drawn(subject)
    return drawn[0].place if drawn else 0


def _entries(laid: Plan, brake: Brake | None) -> list[Entry]:
    """What the legend explains of marks that are there."""
    found = [
        Entry("c", sentence("c")),
        Entry("trained", sentence("c as trained")),
        Entry("depth", sentence("open brackets")),
        Entry("write", sentence("i·g, added to c")),
        Entry("forget", sentence("forgotten")),
        Entry("quotes", sentence("in quotes")),
    ]
    if laid.label is not None:
        name, _ = laid.subject.trace.labels[laid.label]
        of = (truths.named(name), f"names[{laid.label}]")
        found.append(Entry("true", sentence("{}", of)))
    if brake:
        by = sentence("shut by unit {}", (brake.by, str(brake.by)))
        found.append(Entry("brake", by))
    found.append(Entry("wrong", sentence("wrong answer")))
    return found


def _head(
    laid: Plan,
    brake: Brake | None,
    choice: Choice | None,
    refused: Sequence[Sentence],
    *,
    by_change: bool,
) -> Head:
    subject, reader = laid.subject, laid.reader
    count, size = len(subject.steps), subject.weights.hidden_size
    notes: list[Sentence] = []
    is_all = laid.focus == "all"
    if laid.with_gates and is_all:
        notes.append(
            sentence(
                "A column is as full as its gate is open; g new goes up or "
                "down from its middle. Rows have the order in which they act."
            )
        )
    notes += _bold(laid) if is_all else []
    if reader and laid.with_gates and is_all:
        notes += _answering(laid, reader)
    if len(laid.units) < size:
        notes.append(_drawn(laid, by_change))
    if choice:
        notes.append(choice.said)
    notes += refused
    one = [
        ("unit {}", unit, str(unit)) for unit in laid.present if len(laid.present) < len(laid.units)
    ]
    left_out = count - len(laid.shown)
    if laid.named and left_out:
        notes.append(_parts(laid))
    elif left_out:
        notes.append(over_time.left_out(subject, left_out))
    return Head(
        title(laid, choice, brake),
        _lead(laid) if is_all else Sentence("", Says()),
        provenance(subject, count_of("step", count, "len(x)"), *one),
        tuple(notes),
        source(subject),
    )


def _bold(laid: Plan) -> list[Sentence]:
    """What is true where a token is bold."""
    letters = over_time.are_letters(laid.read)
    unseen = {t for t, one in enumerate(laid.read) if letters and one == " "}
    seen = laid.strong & {*laid.shown} - unseen
    # A picture of c alone is understood without words at its foot.
    if not laid.named or not laid.with_gates or not seen:
        return []
    if laid.thin:
        return [sentence("At a bold token one of the units forgets.")]
    return [sentence("At a bold token there is an arrow.")]


def _drawn(laid: Plan, by_change: bool) -> Sentence:
    """How many units are drawn; `by_change` if those whose c changes most."""
    shown, size = len(laid.present), laid.subject.weights.hidden_size
    counts = (shown, str(shown)), (size, "c.shape[-1]")
    if shown == 1:
        return sentence("{} unit of {} is drawn.", *counts)
    c = [step.c[0] for step in laid.subject.steps]
    if not by_change or len(c) < 2 or not np.isfinite(c).all():
        return sentence("{} of {} units are drawn.", *counts)
    moved, (first, second) = "c[:, 0].amax(0) - c[:, 0].amin(0)", _pair(laid)
    if second in np.argsort(-_change(laid.subject), kind="stable")[:2]:
        return sentence(
            "{} of {} units are drawn, those whose c changes most.",
            *counts,
            claim=largest(moved, laid.units),
        )
    others = torch_of.unlike(first, all_are_alike=False)
    return sentence(
        "{} of {} units are drawn: c changes most in unit {}, and in unit {} "
        "of those that do not go up and down with it.",
        *counts,
        (first, str(first)),
        (second, str(second)),
        claim=(f"{largest(moved, (first,))} and {largest(f'({moved}) * {others}', (second,))}"),
    )


def _pair(laid: Plan) -> tuple[int, int]:
    """The units by whose change both are drawn."""
    return changing(laid.subject, _change(laid.subject))


def _parts(laid: Plan) -> Sentence:
    """Which of the bands are drawn."""
    ends = tuple((b.part.start, b.part.stop) for b in laid.every)
    shown = [laid.every.index(band) for band in laid.bands]
    labels = told_by(laid.subject, laid.units)
    if labels:
        why = "the labels that are told begin and end most often"
        moves = f"labels[{labels}, first:last].diff()"
    else:
        why = "c moves most"
        moves = f"(c - c_prev)[first:last, 0, {list(laid.units)}]"
    moved = f"torch.stack([{moves}.abs().sum() for first, last in {ends}])"
    return sentence(
        f"{{}} of {{}} parts of the sequence are drawn, in which {why}.",
        (len(shown), f"len({shown} * len(x[:1]))"),
        (len(ends), f"len({ends} * len(x[:1]))"),
        claim=largest(moved, shown),
    )


def _truth(laid: Plan, told: Truth) -> Sentence:
    """What is the truth in the last rows, and what the network says."""
    parts = [band.part for band in laid.bands]
    if any(any(told.inside[part]) or 0 in told.depth[part] for part in parts):
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


def _answering(laid: Plan, reader: Reader) -> list[Sentence]:
    """What the last rows are."""
    if reader.told:
        return [_truth(laid, reader.told)]
    notes = [
        sentence("At the bottom, what the network answers: a full column is yes, an empty one no.")
    ]
    count = len(reader.outputs)
    if count > MOST:
        notes.append(
            sentence(
                "{} of {} answers are drawn.",
                (MOST, f"len(outputs[:{MOST}])"),
                (count, "len(outputs)"),
            )
        )
    return notes


def _lead(laid: Plan) -> Sentence:
    if laid.reader and laid.reader.trained:
        return sentence(
            "Trained to say after each character: inside quotes? all closed? "
            "Nobody told it to count."
        )
    return sentence("c is the memory of a unit; arrows are what moves it.")


def _setup(
    laid: Plan,
    brake: Brake | None,
    choice: Choice | None,
    refused: Sequence[Sentence],
    *,
    by_change: bool,
) -> str:
    subject, reader = laid.subject, laid.reader
    lines = over_time.tokens_setup(subject.trace)
    lines += truths.setup(subject)
    if reader:
        lines += [
            *([TRUTH_SETUP] if reader.told else []),
            subject.trace.origin.answering,
            "answers = torch.sigmoid(readout(output))",
            f"outputs = {list(reader.outputs)}",
        ]
    if brake:
        lines.append(brake.setup(subject))
    if laid.focus == "show" and reader:
        lines.append(threshold.setup(laid))
    if laid.focus == "gradient":
        lines.append(along.SETUP)
    if laid.ghost:
        lines.append(laid.ghost.setup)
    asked = telling.setup(subject)
    if choice:
        lines += choice.setup
    if refused and asked not in lines:
        lines += ["", asked]
    if by_change and "correlations" in _drawn(laid, by_change).says.claim:
        lines += ["", torch_of.MOVES]
    return "\n".join(lines)
