from tests.binding.clauses import NINE_UNITS

ACTING_GATES = {"cells": "ig", "kept": "f"}
"""The gates that reduce a write: i and g at its step, and f from row to row."""

SYMBOLS = {"cells": ("what is left", "rest")}

STRONGEST_SHARE = 0.85
"""The share of a hue in the most extreme cell; no number is on a cell."""


def axes_of(name, names):
    """A row is after a step; a column is one step or several.

    The first column is the state before the first step.
    """
    if name not in ("cells", "kept", "words"):
        return None
    ends = names["ends"]
    starts = [0, *ends[:-1]]
    axes = {"step": tuple(end - 1 for end in ends)}
    if name == "cells":
        spans = zip(starts, ends, strict=True)
        axes["write"] = (range(-1, 0), *(range(*span) for span in spans))
    if name != "words":
        axes["unit"] = tuple(range(names["c"].shape[-1]))
    return axes


VARIANTS = (
    "--set lstm.weight_hh_l0[0,1]=0",
    "--units 1 --step 9",
    "--text '(\")'",
    NINE_UNITS,
    "--units 0",
    "--input-size 2 --hidden-size 3 --units 0,1,2",
    "--input-size 2 --hidden-size 3 --units 0,1,2 --seq-len 9 --set lstm.bias_hh_l0[3]=9",
)

_LEFT = "{cells[ends.index(t + 1), ends.index(place(k) + 1) + 1, unit]} is left"

UNDESCRIBED = {
    "ig-#-#": "of writes that are no numbers none is told",
    "scale": "the end of a scale",
}

DESCRIPTION_CLAUSES = (
    "the cell state of unit {unit} over {len(x)} step‹|s›, split into what was written",
    "after step {step} c is {c[t, 0, unit]}",
    "of the state at the start {cells[ends.index(t + 1), 0, unit]} is left",
    f"of step {{k}} {_LEFT}",
    f"of steps {{back}} to {{k}} {_LEFT}",
    "of all others together {number('others-' + str(unit))}",
    "at step {step} f is {f[t, 0, unit]}",
    "up to step {step} {kept[ends.index(t + 1), unit]} is kept",
    "in the end c is {c[-1, 0, unit]}",
)

KEEPS_REQUESTED_ORDER = True
