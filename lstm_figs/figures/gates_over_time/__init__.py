"""The figure `gates-over-time`."""

from collections.abc import Sequence

from ...layout import WIDE
from ...layout.margins import inner_width
from ...layout.motifs import label_lanes, over_time
from ...layout.number_lists import number_list
from ...layout.provenance import count_item, provenance, source
from ...model.layer_run import Subject
from ...model.reference import Number
from ...proof.bindings import Sentence, sentence
from ...proof.digits import count_phrase
from ...scene.scenes import Diagram, Head
from . import lanes, return_frames, strips

MIN_STEP_WIDTH, MAX_STEP_WIDTH = 1.5, 140.0
"""The width of a step."""
MAX_LANE_UNITS, MAX_COLUMNS = 4, 200
"""The most units that have a lane each, and the most columns of a gate."""
DESCRIBED_STEPS = 8
"""The most steps whose numbers are told."""
RESULTS = ("i", "f", "g", "o", "c", "h")


def gates_over_time(subject: Subject, width: float) -> Diagram:
    """The four gates and both states of every unit over the sequence."""
    has_lanes = _has_lanes(subject, width)
    steps = _steps(subject, width, has_lanes)
    if has_lanes:
        marks, height, notes = lanes.draw(subject, steps, width)
    else:
        # Both forms have the units and the colours of the wide one.
        wide_steps = _steps(subject, WIDE, has_lanes)
        marks, height, notes = strips.draw(subject, steps, wide_steps, width)
    left_out = len(subject.steps) - len(steps.labels)
    if left_out:
        notes.append(over_time.left_out_note(subject, left_out))
    return Diagram(
        _head(subject, steps, has_lanes, notes),
        _description(subject),
        inner_width(width),
        height,
        tuple(marks),
        width,
        "\n".join(over_time.tokens_setup(subject.trace, marks) + label_lanes.setup(subject)),
    )


def _has_lanes(subject: Subject, width: float) -> bool:
    """Whether each unit has a lane."""
    size, count = subject.weights.hidden_size, len(subject.steps)
    if count <= lanes.MAX_PRINTED_STEPS and width < WIDE:
        # Narrow lanes of more units with numbers would be a tower.
        return size <= lanes.MAX_HIGH_UNITS
    return size <= MAX_LANE_UNITS and size * count <= MAX_COLUMNS


def _steps(subject: Subject, width: float, has_lanes: bool) -> over_time.Steps:
    """All steps that have room, from the left."""
    if has_lanes:
        left, margin = lanes.gutter(subject, width), lanes.RIGHT_MARGIN
    else:
        left, margin = strips.gutter(width), strips.RIGHT_MARGIN
    space = inner_width(width) - left - margin
    step_count = min(len(subject.steps), int(space / MIN_STEP_WIDTH))
    labels = tuple(subject.step_number(t) for t in range(step_count))
    return over_time.Steps(0, labels, left, min(MAX_STEP_WIDTH, space / step_count))


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
    if return_frames.is_framed(subject, steps) and steps.width >= return_frames.MIN_STEP_WIDTH:
        return sentence(
            "{} of {} numbers are returned, those in frames; the rest, on grey, stays inside.",
            *counts,
        )
    return sentence("The module returns {} of {} numbers; the gates it keeps to itself.", *counts)


def _head(
    subject: Subject, steps: over_time.Steps, has_lanes: bool, more_notes: Sequence[Sentence]
) -> Head:
    size, count = subject.weights.proj_size, len(subject.steps)
    notes = [*[sentence("A column is as full as its gate is open.")] * has_lanes, *more_notes]
    if size:
        notes.append(
            sentence(
                f"h is projected to {{}} element{'s' * (size > 1)}.", (size, "output.shape[-1]")
            )
        )
    return Head(
        _title(subject),
        _lead(subject, steps),
        provenance(subject, count_item("step", count, "len(x)")),
        tuple(notes),
        source(subject),
    )


def _description(subject: Subject) -> str:
    """Every result of the first steps, and what the module returns."""
    last = len(subject.steps) - 1

    def value_text(name: str, t: int) -> str:
        values: Sequence[Number] = subject.vector(name, t)
        return f"{name} is {number_list(values)}"

    sentences = [f"Six results over {count_phrase(last + 1, 'step')}."]
    sentences += [
        f"At step {subject.step_number(t)} "
        + ", ".join(value_text(name, t) for name in RESULTS)
        + "."
        for t in range(min(last + 1, DESCRIBED_STEPS))
    ]
    h_n, c_n = (number_list(subject.vector(name, last)) for name in ("h", "c"))
    return f"{' '.join(sentences)} h_n is {h_n}; c_n is {c_n}."
