"""The figure `learning`: how one string is processed at moments of the training."""

from typing import Literal

from ...errors import BeyondLimit
from ...layout.margins import inner_width
from ...layout.provenance import count_item, provenance, source
from ...model.layer_run import LayerRun
from ...proof.bindings import Sentence, sentence
from ...proof.digits import text
from ...proof.preamble.truth import TRUTH_SETUP
from ...scene.marks import shift
from ...scene.scenes import Diagram, Head
from .chart import STEEP_BATCHES, Chart
from .checkpoints import Checkpoints
from .legend import legend
from .rows import Rows, remark_of
from .seeds import Seeds
from .snapshots import BATCH_STEP, History, history_of, setup, training_of

MIN_WIDE_WIDTH = 480
"""Figures narrower than this show fewer moments, with their headings above them."""
THREE_QUARTERS, QUARTER_TOLERANCE = 75, 2
"""Three in four, in percent, and how far a share that the title calls so may be off."""

NOTE = (
    "Shares are means over neighbouring batches; moments before the end are of a repeated training."
)
"""The note on smoothed curves, and on where the moments come from."""


def learning(
    subject: LayerRun,
    width: float,
    *,
    at: tuple[int, ...] = (),
    of: Literal["network", "seeds"] = "network",
    units: tuple[int, ...] = (),
) -> Diagram:
    """How the bracket network processes one string at moments of its training.

    Args:
        subject: The run, layer and direction to draw.
        width: The width that the figure may use.
        at: After how many batches each moment is, 0 to 6000; by default 0, 100,
            450, 500, 600, 700 and 6000, fewer where there is little room.
        of: Of which training: that of the network, or those of several seeds.
        units: The units of several weights files that are drawn; by default chosen in
            the last file.
    """
    if subject.trace.earlier:
        if at or of != "network":
            option = "at" if at else "of"
            raise BeyondLimit(
                f"got --{option} for several weights files, each of which is drawn, "
                f"expected none; leave --{option} out",
                option,
            )
        return Checkpoints(subject, units, width, MIN_WIDE_WIDTH).diagram()
    if units:
        raise BeyondLimit(
            "got --units for one network, expected several weights files to compare; "
            "give --weights for each, or leave --units out",
            "units",
        )
    if of == "seeds":
        if at:
            raise BeyondLimit(
                "got --at with --of seeds, expected one of them: curves of "
                "seeds have no moments; leave --at out",
                "at",
            )
        return Seeds(subject, training_of(subject), width).diagram()
    is_narrow = width < MIN_WIDE_WIDTH
    history = history_of(subject, at, is_narrow=is_narrow)
    body_width = inner_width(width)
    chart = Chart(history, body_width, is_narrow=is_narrow)
    row_marks, rows_height = Rows(history, body_width, is_narrow=is_narrow).marks()
    row_marks = [shift(mark, 0, chart.bottom) for mark in row_marks]
    legend_marks, legend_height = legend(row_marks, body_width)
    marks = [*chart.marks(), *row_marks]
    return Diagram(
        heading=_head(subject, history),
        description=_description(history, chart),
        width=body_width,
        height=legend_height + chart.bottom + rows_height,
        marks=(*legend_marks, *(shift(mark, 0, legend_height) for mark in marks)),
        figure_width=width,
        setup=f"{TRUTH_SETUP}\n{setup(history)}",
    )


def _head(subject: LayerRun, history: History) -> Head:
    count = len(history.text)
    return Head(
        _title(),
        sentence(
            "On how many fresh strings it is right while it learns, and what "
            "its two units make of one."
        ),
        provenance(subject, count_item("step", count, "len(x)")),
        (sentence(NOTE),),
        source(subject),
    )


def _title() -> Sentence:
    """Return that no string is right for long and soon most are."""
    first, last = (batches // BATCH_STEP for batches in STEEP_BATCHES)
    return sentence(
        "{} batches: no string right. {} more: three in four",
        (STEEP_BATCHES[0], f"noted_after[{first}]"),
        (STEEP_BATCHES[1] - STEEP_BATCHES[0], f"noted_after[{last}] - noted_after[{first}]"),
        claim=f"bool(percent[:{first + 1}].max() == 0) and "
        f"bool((percent[{last}] - {THREE_QUARTERS}).abs() <= {QUARTER_TOLERANCE})",
    )


def _description(history: History, chart: Chart) -> str:
    """Return the answers and the weight, moment by moment."""
    sentences = []
    for k, snapshot in enumerate(history.snapshots):
        clause = f"After {snapshot.batches} batches"
        if snapshot.percent is not None:
            clause += f" {snapshot.percent:.0f} % of fresh strings are right, and"
        clause += (
            f" both answers are right after {int(snapshot.right.sum())} of "
            f"{len(history.text)} characters"
        )
        if remark := remark_of(history, k):
            clause += f"; {remark}"
        sentences.append(f"{clause}.")
    for k in chart.labelled_weights:
        weight = text(history.weight[k])
        sentences.append(f"After {k * BATCH_STEP} batches the weight is {weight}.")
    return " ".join(sentences)
