"""Deliberate faults of `gradient-distance`, which its tests must find."""

DESCRIPTION_FAULTS = {
    "gradient-distance": {
        "another number": ("59 steps back: 3.0e−69", "59 steps back: 3.1e−69"),
        "another distance": ("10 steps back", "11 steps back"),
        "another run": ("+5 59", "+2 59"),
        "another count": ("5 curves", "6 curves"),
    }
}
