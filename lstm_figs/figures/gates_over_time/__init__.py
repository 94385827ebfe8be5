"""The figure `gates-over-time`."""

from collections.abc import Sequence

from ...layout import WIDE
from ...layout.cells import spoken
from ...layout.motifs import over_time, truths
from ...layout.provenance import count_of, provenance, source
from ...layout.room import inner
from ...proof.bindings import Sentence, sentence
from ...proof.digits import counted
from ...proof.reference import Number
from ...proof.subject import Subject
from ...scene.scenes import Diagram, Head
from . import lanes, returned, strips

NARROWEST, WIDEST = 1.5, 140.0
"""The width of a step."""
FEW, MOST = 4, 200
"""The most units that have a lane each, and the most columns of a gate."""
TOLD = 8
"""The most steps whose numbers are told."""
RESULTS = ("i", "f", "g", "o", "c", "h")


def gates_over_time(subject: Subject, room: float) -> Diagram:
    """The four gates and both states of every unit over the sequence."""
    few = _are_few(subject, room)
    steps = _steps(subject, room, few)
    if few:
        marks, height, more = lanes.draw(subject, steps, room)
    else:
        # Both forms have the units and the colours of the wide one.
        whole = _steps(subject, WIDE, few)
        marks, height, more = strips.draw(subject, steps, whole, room)
    left_out = len(subject.steps) - len(steps.labels)
    if left_out:
        more.append(over_time.left_out(subject, left_out))
    return Diagram(
        _head(subject, steps, few, more),
        _description(subject),
        inner(room),
        height,
        tuple(marks),
        room,
        "\n".join(over_time.tokens_setup(subject.trace, marks) + truths.setup(subject)),
    )


def _are_few(subject: Subject, room: float) -> bool:
    """Whether each unit has a lane."""
    size, count = subject.weights.hidden_size, len(subject.steps)
    if count <= lanes.PRINTED and room < WIDE:
        # Narrow lanes of more units with numbers would be a tower.
        return size <= lanes.ROOMY
    return size <= FEW and size * count <= MOST


def _steps(subject: Subject, room: float, few: bool) -> over_time.Steps:
    """All steps that have room, from the left."""
    if few:
        left, aside = lanes.gutter(subject, room), lanes.ASIDE
    else:
        left, aside = strips.gutter(room), strips.ASIDE
    space = inner(room) - left - aside
    shown = min(len(subject.steps), int(space / NARROWEST))
    labels = tuple(subject.label(t) for t in range(shown))
    return over_time.Steps(0, labels, left, min(WIDEST, space / shown))


def _title(subject: Subject) -> Sentence:
    """What is returned."""
    if subject.trace.kind == "LSTMCell":
        return sentence("Out come every h and every c")
    return sentence("Out come every h and the last c")


def _counts(subject: Subject) -> tuple[tuple[str, str], tuple[str, str]]:
    """How many numbers are returned, and how many are computed."""
    weights, count = subject.weights, len(subject.steps)
    h, c = count * weights.size, count * weights.hidden_size
    numel = "output[:, 0].numel()"
    is_cell = subject.trace.kind == "LSTMCell"
    last, of = (c, "c[:, 0]") if is_cell else (weights.hidden_size, "c_n[0, 0]")
    return (
        (f"{h + last:,}", f"{numel} + {of}.numel()"),
        (f"{5 * c + h:,}", f"5 * c[:, 0].numel() + {numel}"),
    )


def _lead(subject: Subject, steps: over_time.Steps) -> Sentence:
    """How much of everything that is."""
    counts = _counts(subject)
    if subject.trace.kind == "LSTMCell":
        return sentence("The cell returns {} of {} numbers; the gates it keeps to itself.", *counts)
    if returned.is_framed(subject, steps) and steps.width >= returned.THIN:
        return sentence(
            "{} of {} numbers are returned, those in frames; the rest, on grey, stays inside.",
            *counts,
        )
    return sentence("The module returns {} of {} numbers; the gates it keeps to itself.", *counts)


def _head(subject: Subject, steps: over_time.Steps, few: bool, more: Sequence[Sentence]) -> Head:
    size, count = subject.weights.proj_size, len(subject.steps)
    notes = [*[sentence("A column is as full as its gate is open.")] * few, *more]
    if size:
        notes.append(
            sentence(
                f"h is projected to {{}} element{'s' * (size > 1)}.", (size, "output.shape[-1]")
            )
        )
    return Head(
        _title(subject),
        _lead(subject, steps),
        provenance(subject, count_of("step", count, "len(x)")),
        tuple(notes),
        source(subject),
    )


def _description(subject: Subject) -> str:
    """Every result of the first steps, and what the module returns."""
    last = len(subject.steps) - 1

    def said(name: str, t: int) -> str:
        values: Sequence[Number] = subject.vector(name, t)
        return f"{name} is {spoken(values)}"

    told = [f"Six results over {counted(last + 1, 'step')}."]
    told += [
        f"At step {subject.label(t)} " + ", ".join(said(name, t) for name in RESULTS) + "."
        for t in range(min(last + 1, TOLD))
    ]
    h_n, c_n = (spoken(subject.vector(name, last)) for name in ("h", "c"))
    return f"{' '.join(told)} h_n is {h_n}; c_n is {c_n}."
