"""Looks by name, and why something stands out or stands back.

Of each kind of mark three looks are enough: `strong`, `plain` and `back`.
"""

from typing import NamedTuple, TypeVar

from ..proof.bindings import Accent
from ..scene.marks import Box, Group, Path, Text


class Look(NamedTuple):
    """How a line is drawn, or the outline of a box.

    Attributes:
        weight: Its width.
        dash: Its dashes; empty for none.
        opacity: How much it covers of what lies below.
        tint: The share of a hue that fills a box, in per cent.
    """

    weight: float
    dash: str = ""
    opacity: float = 1
    tint: int = 0


class Looks(NamedTuple):
    """What stands out, what is plain, and what stands back."""

    strong: Look
    plain: Look
    back: Look


LINE = Looks(Look(2.5), Look(1.25), Look(0.75))
"""Lines that lead somewhere; those in the back are also rules and axes."""

CURVE = Looks(Look(2.5), Look(1.75), Look(1.5))
"""Curves of a chart."""

BOX = Looks(Look(2), Look(1), Look(1, "4 3"))
"""Boxes of words and vectors; in the back is what is missing or not taken."""

CELL = Looks(Look(1.5), Look(1), Look(1, "2.5 2"))
"""Small boxes; in the back is the whole of which a part is let through."""

BAND = Looks(Look(1.25, tint=38), Look(0.75, tint=16), Look(0.75, tint=8))
"""Rows of a gate, filled with its hue."""

RIBBON = Looks(Look(17, opacity=0.3), Look(6, opacity=0.22), Look(8, opacity=0.1))
"""What lies below the line from a row to where it goes, as wide as the row."""

THREAD = Looks(Look(1.5), Look(1.75), Look(1.5, opacity=0.8))
"""The line on a ribbon."""

GUIDE = Look(0.75, "1.5 2.5")
"""From a point to its place on an axis."""

OTHER = "5 3"
"""The dashes of a curve that is of another kind than those beside it."""

AnyMark = TypeVar("AnyMark", Box, Path, Text, Group)


def strong(mark: AnyMark, where: str) -> AnyMark:
    """A mark that stands out.

    Args:
        mark: As it is drawn.
        where: An expression that is true of this one of its kind; empty for
            one that is plain. See `bindings.Accent`.
    """
    return _accented(mark, Accent("strong", where)) if where else mark


def back(mark: AnyMark, where: str) -> AnyMark:
    """A mark that stands back; see `strong`."""
    return _accented(mark, Accent("back", where)) if where else mark


def _accented(mark: AnyMark, accent: Accent) -> AnyMark:
    return mark._replace(bound=(*mark.bound, accent))
