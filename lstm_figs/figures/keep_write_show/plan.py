"""Where the rows, the gates and the units of a step stand."""

from collections.abc import Iterator
from typing import NamedTuple

from ...layout import WIDE
from ...layout.motifs import rows
from ...layout.room import inner
from ...proof.subject import Subject
from . import blocks as columns
from . import maps, table
from . import unit as panels
from .blocks import Columns
from .gates import Ends

NARROWEST = 360
"""The least width of a figure."""
NARROWEST_WIDE = 480
"""In less than this width, parts stand close to each other."""
BETWEEN, BUS = 14.0, 14.0
"""Between units, and how far right of one h goes up."""
EDGE, OVER = 1.0, -6.0
"""How far left of the right side h goes up; narrow forms have it beside."""
LEAST, MOST = 162.0, 240.0
"""The least and the most width of a unit beside the rows."""
RIBBON, LONGEST = 34.0, 70.0
"""The least and the most length of a ribbon beside the rows."""
PAST = 4.0
"""What is between the rows and the way of h past them."""
SHORT, LETTER = 20.0, 16.0
"""The length of a ribbon within a unit, and what the letter there takes."""
OWN = Ends(45.0, 24.0, 40.0)
"""The widths within a unit."""
TWO = 660.0
"""From this width on two units stand beside each other."""
ABOVE = 13.0
"""How far below the line of h units begin that stand beside the rows."""
BESIDE = 2
"""The most units that stand beside the rows."""


class Plan(NamedTuple):
    """Where all of it stands.

    Attributes:
        units: The units that are drawn.
        where: The rows, if they are.
        blocks: Their columns; none without rows.
        ends: The widths from sums to gates.
        ribbon: The length of ribbons.
        width: Of a unit.
        across: How many units stand beside each other.
        top: The top of the first.
        left: The left of the first.
        space: The width of all.
        edge: Where h goes up at the right.
        beside: Whether units stand right of the rows.
    """

    units: tuple[int, ...]
    where: rows.Rows
    blocks: list[Columns]
    ends: Ends
    ribbon: float
    width: float
    across: int
    top: float
    left: float
    space: float
    edge: float
    beside: bool

    @property
    def inset(self) -> float:
        """What of a unit is left of its words: gates and ribbons."""
        if self.beside:
            return 0.0
        index = self.where.left - 21 if self.blocks else 0.0
        return panels.SIDE + LETTER + index + self.ends.width + self.ribbon

    @property
    def bottom(self) -> float:
        """Where all of it ends."""
        lines = -(-len(self.units) // self.across)
        units = self.top + lines * (panels.HEIGHT + BETWEEN) - BETWEEN
        if not self.blocks:
            return units
        return max(units, self.where.bottom + 18 + maps.below(self.blocks))

    def corners(self) -> Iterator[tuple[int, float, float]]:
        """Each unit, and its left top."""
        for k, unit in enumerate(self.units):
            down, across = divmod(k, self.across)
            yield (
                unit,
                self.left + across * (self.width + BUS + BETWEEN / 2),
                self.top + down * (panels.HEIGHT + BETWEEN),
            )

    def met(self) -> float:
        """Where h arrives: right of what the next step reads."""
        k = next(k for k, b in enumerate(self.blocks) if b.above == "h_prev")
        block = self.blocks[k]
        wide = columns.width(self.blocks[: k + 1]) - block.apart
        return table.left(self.where, self.blocks) + wide + 2

    def bus(self, x: float) -> list[tuple[float, float]]:
        """The corners of h's way from a unit whose left is at x."""
        if not self.blocks:
            return []
        own, over = x + self.width + BUS, self.top - 9
        is_last = own > self.edge - BETWEEN
        turn = [] if is_last else [(own, over), (self.edge, over)]
        return [*turn, (self.edge, table.level(self.where)), (self.met(), table.level(self.where))]


def planned(subject: Subject, t: int, units: tuple[int, ...], room: float, *, rowed: bool) -> Plan:
    """The places of a step.

    Args:
        subject: What is drawn.
        t: The step, counted from 0.
        units: The units that are drawn.
        room: The width that the figure may use.
        rowed: Whether the rows of the units are drawn.
    """
    space = inner(room)
    where = rows.Rows(units, subject.weights.hidden_size, close=room < NARROWEST_WIDE)
    edge = space - (OVER if where.close else EDGE)
    blocks = _blocks(subject, t, where, edge) if rowed else []
    aside = Ends().width + RIBBON + LEAST + BUS + EDGE
    where = where._replace(top=table.top(blocks))
    spare = space - _right(where, blocks) - aside
    if rowed and spare >= 0 and len(units) <= BESIDE:
        return _beside(where, blocks, space, spare)
    return _below(where, blocks, space, edge)


def _right(where: rows.Rows, blocks: list[Columns]) -> float:
    """Where the rows end, with what leads on from them."""
    aside = maps.ASIDE if any(b.mapped for b in blocks) else 0.0
    return table.left(where, blocks) + columns.width(blocks) + aside


def _beside(where: rows.Rows, blocks: list[Columns], space: float, spare: float) -> Plan:
    """Units right of the rows; what is to spare makes all of it wider."""
    more = min(MOST - LEAST, spare / 2)
    longer = min(LONGEST - RIBBON, spare - more)
    is_map = any(b.mapped for b in blocks)
    if not is_map:
        blocks = columns.airy(blocks, spare - more - longer)
    count, top = len(where.units), table.level(where) + ABOVE
    high = top + count * (panels.HEIGHT + BETWEEN) - BETWEEN
    below = 24 + maps.below(blocks)
    each = (high - where.top - 3 * 12 - below) / (4 * count)
    least, most = _heights(where, blocks)
    where = where._replace(height=min(most, max(least, each)), apart=12.0)
    left = _right(where, blocks) + Ends().width + RIBBON + longer
    edge = left + LEAST + more + BUS
    return Plan(
        where.units,
        where,
        blocks,
        Ends(),
        RIBBON + longer,
        LEAST + more,
        1,
        top,
        left,
        edge + EDGE,
        edge,
        True,
    )


def _below(where: rows.Rows, blocks: list[Columns], space: float, edge: float) -> Plan:
    """Units below the rows, or without rows."""
    across = min(len(where.units), 2 if space >= TWO else 1)
    width = (edge - across * BUS - (across - 1) * BETWEEN / 2) / across
    ends = OWN
    top = 0.0
    if blocks:
        where = where._replace(height=_heights(where, blocks)[0])
        if blocks[0].printed:
            spare = edge - BUS - _right(where, blocks)
            blocks = columns.airy(blocks, spare)
        # Names of columns without numbers stand on two lines.
        named = 44.0 if blocks[0].printed else 58.0
        top = where.bottom + named + maps.SCALE * blocks[0].mapped
    else:
        ends = Ends(0, 0, OWN.gate)
    return Plan(
        where.units, where, blocks, ends, SHORT, width, across, top, 0.0, space, edge, False
    )


def _heights(where: rows.Rows, blocks: list[Columns]) -> tuple[float, float]:
    """The least and the most height of the row of a drawn unit."""
    if not any(b.mapped for b in blocks):
        return 28.0, 32.0
    least = (maps.LOWEST * where.hidden_size + 2) / len(where.units)
    return max(28.0, least), max(44.0, least)


def _blocks(subject: Subject, t: int, where: rows.Rows, edge: float) -> list[Columns]:
    """Every weight where the wide form has room, else what they make.

    A form that is too narrow for the numbers shows the weights by colour
    alone, and so does one of more units than are drawn. All widths show the
    same, so what has room in the narrowest decides.
    """
    found = columns.weights(subject, where)
    apart = where._replace(close=False)
    whole = apart.left + columns.width(columns.weights(subject, apart))
    is_all = len(where.units) == where.hidden_size
    room = edge - PAST
    if is_all and whole <= inner(WIDE) - EDGE:
        is_narrow = where.left + columns.width(found) > room
        if is_narrow:
            return columns.by_colour(found, room - where.left)
        return found
    close = columns.weights(subject, where._replace(close=True))
    least = inner(NARROWEST) - OVER - PAST
    if is_all or 4 * where.hidden_size > maps.ROWS or not maps.fitted(close, least):
        return columns.products(subject, t, where)
    beside = room - Ends().width - RIBBON - LEAST - BUS
    return maps.fitted(found, beside if beside > least else room)
