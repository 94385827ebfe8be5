"""Sums as data: factors, products, and what becomes of them."""

from typing import NamedTuple

from .. import digits
from ..proof import Number
from ..theme import Paint


class Cell(NamedTuple):
    """A number on its colour, with so many digits after the point."""

    value: Number
    id: str
    term: str
    fill: Paint | None = None
    places: int = digits.DECIMALS


class Addend(NamedTuple):
    """Two factors and their product in a column, or a number alone.

    Attributes:
        factors: Two cells, or none.
        result: Their product, or the number; None where the product is the
            result of the block.
        label: Stands above it; without it, each factor has its name.
        group: The vector that it belongs to.
        span: How many columns it takes.
        others: How many products it is the sum of, without their factors.
    """

    factors: tuple[Cell, ...]
    result: Cell | None
    label: str = ""
    group: str = ""
    span: int = 1
    others: int = 0


class Block(NamedTuple):
    """A sum and what becomes of it.

    Attributes:
        term: Its letter and colour.
        row: The row of the weights, for a gate.
        groups: Addends that stay together where lines are wrapped.
        results: Cells, and between them the name of a function.
    """

    term: str
    row: int | None
    groups: tuple[list[Addend], ...]
    results: tuple[Cell | str, ...]
