"""Deliberate faults of `projection`, which its tests must find."""

DESCRIPTION_FAULTS = {
    "projection": {
        "another number": ("h is −0.09", "h is −0.08"),
        "another weight": ("weight_hr is −0.75", "weight_hr is −0.25"),
        "another row": ("row 0 of", "row 1 of"),
    }
}
