"""Definitions that the test folders of several figures share."""

import re
from itertools import product

GATES = "ifgo"
"""The gates, in PyTorch's order."""

RESULT = ("step", "sample", "unit")
"""The axes of per-step results."""


def variants(text):
    """A text with each of the alternatives in it.

    >>> variants("{} ‹step|row›‹|s›")
    ('{} step', '{} steps', '{} row', '{} rows')
    """
    pieces = re.split("‹(.*?)›", text)
    return tuple(
        map(
            "".join,
            product(*(piece.split("|") if k % 2 else [piece] for k, piece in enumerate(pieces))),
        )
    )


STEPS = "{len(x)} step‹|s›"
LAYERS = "‹{getattr(m, 'num_layers', 1)} layer|{m.num_layers} layers›‹| in two directions›"
"""Clauses for the number of steps and of layers, in the form of `descriptions`."""

NINE_UNITS = (
    "--input-size 2 --hidden-size 9 --seq-len 40 --set lstm.bias_hh_l0[9]=4 "
    "--set lstm.bias_hh_l0[11]=3"
)
"""More units than are drawn by default; the forget gates of units 0 and 2 are open."""

CHARACTERS = " ".join(
    f"--{option} docs/code/characters{end}"
    for option, end in (
        ("weights", ".safetensors"),
        ("input", "-input.safetensors"),
        ("tokens", "-tokens.json"),
    )
)
"""A trained network that reads a sonnet."""

HIDDEN = ("layer {layer}", "layer {layer} {'way}", "step {step} {*states(layer, way)[step - 1, 0]}")
"""The h of each layer and direction at some steps, see `layout.motifs.layer_stack`."""
