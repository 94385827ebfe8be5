"""Deliberate faults of `four-weights`, which its tests must find."""

DESCRIPTION_FAULTS = {
    "four-weights": {
        "another number": ("sum is −0.50", "sum is −0.60"),
        "another gate": ("Gate g, row 4", "Gate o, row 4"),
        "another row": ("Gate g, row 4", "Gate g, row 5"),
        "another unit": ("unit 0. x", "unit 1. x"),
    }
}
