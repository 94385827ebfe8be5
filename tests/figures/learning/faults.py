"""Deliberate faults of `learning`, which its tests must find."""

from lstm_figs.figures.learning import rows
from lstm_figs.sources import Source
from tests.binding.breaking import Change, Fault, wrapped

BRACKETS = Source(network="brackets")


def the_moment_before(remark, learned, k):
    """Remark on a different moment than that of the row."""
    return remark(learned, max(0, k - 1))


FAULTS = {
    "what is to be seen a moment before": Fault(
        ("learning",),
        wrapped(rows, "remark_of", the_moment_before),
        "must satisfy",
        source=BRACKETS,
    )
}

CHANGES = {
    "the c of the other unit": Change(
        "learning", r"states\[2, 0:34, 0\]", "states[2, 0:34, 1]", "", source=BRACKETS
    ),
    "another moment's answers": Change(
        "learning", r"correct\[1, 0:34\]", "correct[2, 0:34]", "", source=BRACKETS
    ),
    "another batch on the axis": Change(
        "learning", ">450</text>", ">460</text>", "", source=BRACKETS
    ),
    "another share": Change("learning", ">74 %<", ">78 %<", "", source=BRACKETS),
}

DESCRIPTION_FAULTS = {
    "learning": {
        "another share, told": ("74 % of fresh", "75 % of fresh"),
        "another count": ("after 14 of", "after 15 of"),
        "another batch": ("After 450 batches 0", "After 500 batches 0"),
        "another weight": ("weight is −6.4", "weight is −6.5"),
        "another unit": ("unit 1 jumps", "unit 0 jumps"),
    }
}
