"""The clauses of descriptions: a module a figure, with its `CLAUSES`."""

from importlib import import_module
from importlib.util import find_spec


def clauses_of(figure: str) -> tuple[str, ...]:
    """What the description of a figure is made of; see `descriptions`."""
    name = f"{__name__}.{figure.replace('-', '_')}"
    if find_spec(name) is None:
        return ()
    clauses: tuple[str, ...] = import_module(name).CLAUSES
    return clauses
