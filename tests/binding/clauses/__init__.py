"""The clauses of descriptions: a module a figure, with its `CLAUSES`."""

from importlib import import_module
from importlib.util import find_spec
from itertools import product


def clauses_of(figure: str) -> tuple[str, ...]:
    """What the description of a figure is made of; see `descriptions`."""
    name = f"{__name__}.{figure.replace('-', '_')}"
    if find_spec(name) is None:
        return ()
    clauses: tuple[str, ...] = import_module(name).CLAUSES
    return clauses


def every(*parts: tuple[str, ...] | str) -> tuple[str, ...]:
    """Clauses of parts that are said in several ways.

    >>> every("a ", ("step", "row"))
    ('a step', 'a row')
    """
    ways = [(part,) if isinstance(part, str) else part for part in parts]
    return tuple(map("".join, product(*ways)))


STEPS = ("{len(x)} step", "{len(x)} steps")
LAYERS = every(
    ("{getattr(m, 'num_layers', 1)} layer", "{m.num_layers} layers"),
    ("", " in two directions"),
)
HIDDEN = (
    "layer {layer}",
    "layer {layer} {'way}",
    "step {step} {*states(layer, way)[step - 1, 0]}",
)
"""The h of each layer and direction at steps, see `layout.motifs.states`."""
