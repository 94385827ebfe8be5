"""Deliberate faults of `perceptron`, which its tests must find."""

DESCRIPTION_FAULTS = {
    "perceptron": {
        "another number": ("sum is 2.00", "sum is 2.10"),
        "another weight": ("are 2.00, −2.00", "are 2.00, 2.00"),
    }
}
