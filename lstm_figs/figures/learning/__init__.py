"""The figure `learning`."""

from typing import Literal

from ...errors import BeyondLimit
from ...layout.provenance import count_of, provenance, source
from ...layout.room import inner
from ...proof.bindings import Sentence, sentence
from ...proof.digits import text
from ...proof.preamble.truth import TRUTH_SETUP
from ...proof.subject import Subject
from ...scene.marks import shift
from ...scene.scenes import Diagram, Head
from .chart import BAND, Chart
from .legend import legend
from .moments import EACH, Learned, learned, setup, training_of
from .rows import every_row, remark_of, row_of
from .seeds import seeds

NARROW = 480
"""Below this width there are fewer moments, their headings above them."""
QUARTERS = 75, 2
"""Three in four, in per cent, and how far from it they may be."""

MEANS = "Shares are means over neighbouring batches."
REPEATED = (
    "The moments before the end are of a repetition of the training, which "
    "ends in slightly different weights."
)
"""What stands below the figure: how its numbers were noted."""


def learning(
    subject: Subject,
    room: float,
    *,
    at: tuple[int, ...] = (),
    of: Literal["network", "seeds"] = "network",
) -> Diagram:
    """What one string is to the bracket network at moments of its training.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        at: After how many batches each moment is, 0 to 6000; by default 0,
            100, 450, 500, 600, 700 and 6000, fewer where there is little room.
        of: Of which training: that of the network, or those of several seeds.
    """
    if of == "seeds":
        if at:
            raise BeyondLimit(
                "got --at with --of seeds, expected one of them: curves of "
                "seeds have no moments; leave --at out",
                "at",
            )
        return seeds(subject, training_of(subject), room)
    narrow = room < NARROW
    own = learned(subject, at, few=narrow)
    width = inner(room)
    chart = Chart(own, width, narrow=narrow)
    below, bottom = every_row(row_of(own, width, narrow=narrow))
    below = [shift(mark, 0, chart.bottom) for mark in below]
    above, height = legend(below, width)
    marks = [*chart.marks(), *below]
    return Diagram(
        _head(subject, own),
        _description(own, chart),
        width,
        height + chart.bottom + bottom,
        (*above, *(shift(mark, 0, height) for mark in marks)),
        room,
        f"{TRUTH_SETUP}\n{setup(own)}",
    )


def _head(subject: Subject, own: Learned) -> Head:
    count = len(own.text)
    return Head(
        _title(own),
        sentence(
            "On how many fresh strings it is right while it learns, and what "
            "its two units make of one."
        ),
        provenance(subject, count_of("step", count, "len(x)")),
        (sentence(MEANS), sentence(REPEATED)),
        source(subject),
    )


def _title(own: Learned) -> Sentence:
    """That nothing is right for long, and soon after nearly all is."""
    first, last = (batches // EACH for batches in BAND)
    near, within = QUARTERS
    percent = own.percent
    if percent[: first + 1].any() or abs(percent[last] - near) > within:
        return sentence("{} moments of a training", (len(own.seen), "len(batches)"))
    return sentence(
        "{} batches: no string right. {} more: three in four",
        (BAND[0], f"noted_after[{first}]"),
        (BAND[1] - BAND[0], f"noted_after[{last}] - noted_after[{first}]"),
        claim=f"bool(percent[:{first + 1}].max() == 0) and "
        f"bool((percent[{last}] - {near}).abs() <= {within})",
    )


def _description(own: Learned, chart: Chart) -> str:
    """What is to be seen, moment by moment."""
    told = []
    for k, one in enumerate(own.seen):
        said = f"After {one.batches} batches"
        if one.percent is not None:
            said += f" {one.percent:.0f} % of fresh strings are right"
            said += ", and"
        said += (
            f" both answers are right after {int(one.right.sum())} of {len(own.text)} characters"
        )
        if remark := remark_of(own, k):
            said += f"; {remark}"
        told.append(f"{said}.")
    for k in chart.printed:
        weight = text(own.weight[k])
        told.append(f"After {k * EACH} batches the weight is {weight}.")
    return " ".join(told)
