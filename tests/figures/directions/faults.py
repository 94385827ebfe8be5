"""Deliberate faults of `directions`, which its tests must find."""

from lstm_figs.figures import directions
from tests.binding.breaking import Fault, wrapped


def code_of_another(proven, source, claim):
    """Code with a different index, in its claim too."""
    other = source.replace("-2", "-1")
    return proven(other, claim.replace(source, other))


def code_beside_the_claim(proven, source, claim):
    return proven(source.replace("-2", "-1"), claim)


FAULTS = {
    "code that yields something else": Fault(
        ["directions"], wrapped(directions, "proven_code", code_of_another), "claims .* which is"
    ),
    "code that is not what the claim has": Fault(
        ["directions"],
        wrapped(directions, "proven_code", code_beside_the_claim),
        "which the figure does not show",
    ),
}


DESCRIPTION_FAULTS = {
    "directions": {
        "another number": ("step 2 −0.39", "step 2 −0.38"),
        "the other direction": ("Reverse:", "Forward:"),
        "another row": ("h_n[1] is", "h_n[0] is"),
        "another end": ("After step 1 reverse", "After step 2 reverse"),
        "another count": ("4 steps", "3 steps"),
    }
}
