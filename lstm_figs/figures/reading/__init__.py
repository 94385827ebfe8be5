"""The figure `reading`."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from ...layout import WIDE, words
from ...layout.choice import units_of
from ...layout.motifs import over_time
from ...layout.motifs.over_time import Steps
from ...layout.provenance import provenance, source
from ...layout.room import inner
from ...model.tensors import Array
from ...proof.bindings import Sentence, sentence
from ...proof.preamble.truth import TRUTH_SETUP
from ...proof.subject import Subject
from ...scene.marks import Mark, Path, shift
from ...scene.scenes import Diagram, Head
from . import brake as brakes
from . import lanes
from .answers import MOST, answers, shades
from .brake import Brake
from .legend import Entry, legend
from .plan import Plan, plan
from .plot import Told, plot, told
from .reader import FOLLOWING, FOLLOWS, TELLING, Reader, reader_of
from .heard import description

FEW, ROOMY = 8, 36.0
"""The most steps of which every number is printed, where each has this room."""

LEGEND, TOKENS, BELOW = 26.0, 30.0, 10.0
"""The heights of the legend and of what is read, and what is below a plot."""
LETTER = 16.0
"""The size of tokens where there is room."""


def reading(
    subject: Subject,
    room: float,
    *,
    units: tuple[int, ...] = (),
    only: Literal["all", "c"] = "all",
) -> Diagram:
    """What chosen units keep, write and show while a sequence is read.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        units: The units that are drawn, by default the two whose c changes
            most.
        only: `c` leaves out the gates and what the network answers.
    """
    chosen = units_of(subject, units, _change(subject), 2)
    if not units:
        chosen = _braked_first(subject, chosen)
    reader = reader_of(subject, chosen)
    with_gates = only == "all"
    brake = brakes.found(subject, chosen) if with_gates else None
    laid = plan(subject, room, chosen, reader, with_gates)
    said = told(laid, brake)
    if room != WIDE:
        wide = told(plan(subject, WIDE, chosen, reader, with_gates), brake)
        said = told(laid, wide.brake, wide)._replace(brake=wide.brake)
    marks, height = _drawn(laid, said)
    return Diagram(
        _head(laid, marks),
        description(subject, chosen, said.brake),
        inner(room),
        height,
        tuple(marks),
        room,
        _setup(laid, said.brake),
    )


def _change(subject: Subject) -> Array:
    """How much c of each unit changes in the whole sequence."""
    c = np.array([step.c[0] for step in subject.steps])
    change: Array = np.ptp(c, axis=0) if len(c) > 1 else abs(c[0])
    return change


def _braked_first(
    subject: Subject, chosen: tuple[int, ...]
) -> tuple[int, ...]:
    """The units, that whose gate another shuts above that other."""
    brake = brakes.found(subject, chosen)
    if brake is None or chosen.index(brake.shut) < chosen.index(brake.by):
        return chosen
    return chosen[::-1]


def _drawn(laid: Plan, said: Told) -> tuple[list[Mark], float]:
    """All bands, and above them what their marks are."""
    marks: list[Mark] = []
    y = 0.0
    for steps in laid.bands:
        if steps is not laid.bands[0] or steps.first:
            begun, y = _begun(laid, steps, y)
            marks += begun
        band, y = _band(laid, steps, y, said)
        marks += band
        y += 22
    legend, height = _legend(laid, said, marks)
    return [
        *legend,
        *(shift(mark, 0, height) for mark in marks),
    ], y - 22 + height


def _begun(laid: Plan, steps: Steps, y: float) -> tuple[list[Mark], float]:
    """What says that another part of the sequence begins."""
    count = len(laid.subject.steps)
    ends = [
        (label, f"len(x) - {count - label}")
        for label in (steps.labels[0], steps.labels[-1])
    ]
    rule = Path(
        (("M", (0, y)), ("L", (inner(laid.room), y))), stroke="ink",
        stroke_width=1.5,
    )  # fmt: skip
    words_of, _ = words.paragraph(
        0, y + 8, sentence("steps {} to {}", *ends), inner(laid.room),
        size=words.SMALL,
    )  # fmt: skip
    return [rule, words_of], y + 30


def _band(
    laid: Plan, steps: Steps, y: float, said: Told
) -> tuple[list[Mark], float]:
    """One row of steps: what is read, the units, what is answered."""
    top = y
    subject, brake = laid.subject, said.brake
    marks: list[Mark] = []
    drawn_brake = (
        brake if brake and any(b.ts for b in [steps] if brake.told in b.ts)
        else None
    )  # fmt: skip
    printed = _are_printed(laid, steps)
    under = y
    for k, unit in enumerate(laid.units):
        first = k == 0
        if laid.named and (first or laid.narrow):
            marks += _tokens(laid, steps, y + 9)
        marks.append(_name(laid, steps, unit, y + (9 if first or laid.narrow else 2)))
        if first or laid.narrow:
            y += TOKENS if laid.named or laid.narrow else 12
        plotted, scale = plot(
            laid, steps, y, unit, said.placed.get((steps.first, unit), [])
        )
        marks += plotted
        if drawn_brake and brake and unit == brake.by:
            c = float(subject.steps[brake.told - 1].c[0, unit])
            marks += brakes.line(brake, steps, scale, c, under)
        y = scale.start + BELOW
        if not laid.with_gates:
            continue
        if printed:
            row, y = _values(laid, steps, y, unit)
            marks += row
        clear = (
            steps.edge(brake.told)
            if drawn_brake and brake and unit == brake.shut else None
        )  # fmt: skip
        found = lanes.rows(laid, steps, y, unit, printed, clear)
        marks += found.marks
        y = found.bottom
        last = k + 1 == len(laid.units)
        if brake and unit == brake.shut:
            under = found.below["i"] + 1
            marks += brakes.bars(brake, steps, under)
            under += brakes.BAR
        if drawn_brake and brake and unit == brake.shut:
            marks += _braked(laid, steps, brake, y)
            y += laid.sizes.brake
        elif not last:
            y += laid.sizes.between
    if laid.reader and laid.with_gates:
        more, y = answers(laid, laid.reader, steps, y + 14)
        marks += more
    of = [f"c-{steps.first}-{unit}" for unit in laid.units]
    marks += over_time.named(steps, y + 12, of)
    y += 20
    if laid.reader:
        marks = [*shades(laid.reader, steps, top - 4, y), *marks]
    return marks, y


def _tokens(laid: Plan, steps: Steps, y: float) -> list[Mark]:
    """What is read, in bold where an arrow is."""
    read = laid.read
    large = max(13, over_time.widest(read, LETTER)) <= steps.width
    of = [f"c-{steps.first}-{unit}" for unit in laid.units]
    every = [move for each in laid.moves.values() for move in each]
    if laid.thin:
        every = [move for move in every if move.kind == "forget"]
    return over_time.tokens(
        steps, y, read, of, size=LETTER if large else words.SMALL,
        strong={move.t for move in every},
    )  # fmt: skip


def _name(laid: Plan, steps: Steps, unit: int, y: float) -> Mark:
    return words.label(
        0, y, f"unit {unit}", {"unit": unit}, [f"c-{steps.first}-{unit}"],
        "block", style=words.STRONG,
    )  # fmt: skip


def _are_printed(laid: Plan, steps: Steps) -> bool:
    """Whether every value is printed, since steps are few and wide."""
    return (
        len(laid.subject.steps) <= FEW
        and steps.width >= ROOMY
        and all(
            lanes.are_printable(
                laid, steps, laid.subject.series(name, unit, steps.part)
            )
            for unit in laid.units
            for name in "cifgo"
        )
    )


def _values(
    laid: Plan, steps: Steps, y: float, unit: int
) -> tuple[list[Mark], float]:
    """c in numbers."""
    values = laid.subject.series("c", unit, steps.part)
    row = lanes.numbers_of(steps, y + 6, values, f"c-{{t}}-{unit}", "c")
    name = words.label(
        steps.left - 7, y + 6, "c", {"tensor": "c", "unit": unit},
        [number.id for number in row], "row", style=words.FINE, fill="ink",
        anchor="end",
    )  # fmt: skip
    return [*row, name], y + 22


def _braked(
    laid: Plan, steps: Steps, brake: Brake, y: float
) -> list[Mark]:
    """The words of a brake, right of its line or left of it."""
    x = steps.edge(brake.told) + 12
    room = inner(laid.room) - x
    marks, wide, _ = brakes.words_of(brake, laid.subject, x, y + 24, room)
    if wide > room:
        x = max(steps.left, steps.edge(brake.told) - 12 - wide)
        marks, _, _ = brakes.words_of(brake, laid.subject, x, y + 24, wide)
    return marks


def _legend(
    laid: Plan, said: Told, marks: Sequence[Mark]
) -> tuple[list[Mark], float]:
    entries = [
        Entry("c", sentence("c")),
        Entry("depth", sentence("open brackets")),
        Entry("write", sentence("i·g, what is added to c")),
        Entry("forget", sentence("forgotten of c")),
        Entry("quotes", sentence("in quotes")),
    ]
    if said.brake:
        by = said.brake.by
        entries.append(
            Entry("brake", sentence("shut by unit {}", (by, str(by))))
        )
    return legend(laid, entries, marks)


def _head(laid: Plan, marks: Sequence[Mark]) -> Head:
    subject, reader = laid.subject, laid.reader
    count, size = len(subject.steps), subject.weights.hidden_size
    notes: list[Sentence] = []
    if laid.with_gates:
        notes.append(
            sentence(
                "A column is as full as its gate is open; g, which is not a "
                "gate in this sense, goes up and down from its middle. Rows "
                "have the order in which they act."
            )
        )
    if reader and laid.with_gates:
        notes += _answering(reader)
    if len(laid.units) < size:
        one = len(laid.units) == 1
        few = "{} unit of {} is drawn." if one else "{} of {} units are drawn."
        shown = len(laid.units)
        notes.append(
            sentence(few, (shown, str(shown)), (size, "c.shape[-1]"))
        )
    left_out = count - len(laid.shown)
    if laid.named and left_out:
        notes.append(_parts(laid))
    elif left_out:
        notes.append(over_time.left_out(subject, left_out))
    return Head(
        _title(laid),
        _lead(laid),
        provenance(subject, ("{} steps", count, "len(x)")),
        tuple(notes),
        source(subject),
    )


def _parts(laid: Plan) -> Sentence:
    return sentence(
        "Drawn are the {} of {} parts in which c moves most.",
        (len(laid.bands), str(len(laid.bands))), (laid.of, str(laid.of)),
    )


def _answering(reader: Reader) -> list[Sentence]:
    """What the last rows are."""
    if reader.told:
        return [
            sentence(
                "In the last two rows a dashed outline is the truth, the "
                "filled part what the network says."
            )
        ]
    notes = [
        sentence(
            "At the bottom, what the network answers: a full column is yes, an "
            "empty one no."
        )
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


def _title(laid: Plan) -> Sentence:
    reader, chosen = laid.reader, list(laid.units)
    if reader and reader.counting is not None:
        counts = reader.counting, FOLLOWING.format(chosen, FOLLOWS)
        if reader.telling is not None:
            return sentence(
                "Unit {} counts brackets, unit {} is on in quotes",
                counts, (reader.telling, TELLING.format(chosen)),
            )
        if len(chosen) == 1:
            return sentence("Unit {} counts brackets", counts)
    count = len(chosen)
    if not laid.with_gates:
        if count == 1:
            return sentence("What unit {} remembers", (chosen[0], str(chosen[0])))
        return sentence("What {} units remember", (count, str(count)))
    if count == 1:
        (unit,) = chosen
        return sentence(
            "What unit {} keeps, writes and shows", (unit, str(unit))
        )
    return sentence("What {} units keep, write and show", (count, str(count)))


def _lead(laid: Plan) -> Sentence:
    if laid.reader and laid.reader.trained:
        return sentence(
            "Trained to say after each character: inside quotes? all closed? "
            "Nobody told it to count."
        )
    return sentence("c is the memory of a unit; arrows are what moves it.")


def _setup(laid: Plan, brake: Brake | None) -> str:
    subject, reader = laid.subject, laid.reader
    lines = over_time.tokens_setup(subject.trace)
    if reader:
        lines += [
            *([TRUTH_SETUP] if reader.told else []),
            subject.trace.origin.answering,
            "answers = torch.sigmoid(readout(output))",
            f"outputs = {list(reader.outputs)}",
        ]
    if brake:
        lines.append(brake.setup(subject))
    return "\n".join(lines)
