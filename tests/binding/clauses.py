"""What the homes of several figures are written with."""

from itertools import product

GATES = "ifgo"
RESULT = ("step", "sample", "unit")
"""The axes of what happens in the steps."""


def all_clauses(*parts: tuple[str, ...] | str) -> tuple[str, ...]:
    """Clauses of parts that are said in several ways.

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
"""The h of each layer and direction at steps, see `layout.motifs.layer_stack`."""
