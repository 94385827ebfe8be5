"""Deliberate faults of `forget-bias`, which its tests must find."""

DESCRIPTION_FAULTS = {
    "forget-bias": {
        "another number": ("after 5.46 steps", "after 5.47 steps"),
        "another gate": ("f is 0.731", "f is 0.732"),
        "another bias": ("Bias 1:", "Bias 2:"),
        "another word": ("a half is left", "a third is left"),
    }
}
