"""Deliberate faults of `data-flow`, which its tests must find."""

DESCRIPTION_FAULTS = {
    "data-flow": {
        "another number": ("gate g is 0.82", "gate g is 0.83"),
        "two gates exchanged": ("gate f is 0.37", "gate i is 0.37"),
    }
}
