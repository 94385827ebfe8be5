"""Definitions that the test folders of several figures share."""

from itertools import product

GATES = "ifgo"
RESULT = ("step", "sample", "unit")
"""The axes of per-step results."""


def all_clauses(*parts: tuple[str, ...] | str) -> tuple[str, ...]:
    """All clauses made of these parts, one for each alternative wording.

    >>> all_clauses("a ", ("step", "row"))
    ('a step', 'a row')
    """
    choices = [(part,) if isinstance(part, str) else part for part in parts]
    return tuple(map("".join, product(*choices)))


STEPS = ("{len(x)} step", "{len(x)} steps")
LAYERS = all_clauses(
    ("{getattr(m, 'num_layers', 1)} layer", "{m.num_layers} layers"), ("", " in two directions")
)
HIDDEN = ("layer {layer}", "layer {layer} {'way}", "step {step} {*states(layer, way)[step - 1, 0]}")
"""The h of each layer and direction at some steps, see `layout.motifs.layer_stack`."""
