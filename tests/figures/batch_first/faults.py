"""Deliberate faults of `batch-first`, which its tests must find."""

from lstm_figs.figures import batch_first
from tests.binding.breaking import Fault, wrapped


def joined_to_the_next(same, start, stop, tail, head, **more):
    """Draw and bind the line to the axis next to the right one."""
    *before, axis, box = head.split("-")
    other = "-".join([*before, str((int(axis) + 1) % 3), box])
    return same(start, stop, tail, other, **more)


FAULTS = {
    "an axis joined to another": Fault(
        ["batch-first"],
        wrapped(batch_first, "_same", joined_to_the_next),
        "the arrow copies .* ends|copies . to .",
    )
}


DESCRIPTION_FAULTS = {
    "batch-first": {
        "another size": ("is (4, 3, 3)", "is (4, 3, 4)"),
        "another order": ("input (time, batch, input)", "input (batch, time, input)"),
        "another tensor": ("output (time", "h_n (time"),
    }
}
