"""Named line styles, and the reason why a mark is emphasized or muted.

Each kind of mark has three looks: `strong`, `plain` and `muted`.
"""

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from ..proof.bindings import Accent
from ..scene.marks import Box, Group, Mark, Path, Text


class Look(NamedTuple):
    """The style of a line or of a box's outline.

    Attributes:
        weight: The stroke width.
        dash: The dash pattern; empty for a solid line.
        opacity: The opacity, from 0 to 1.
        tint: The percentage of a hue that fills a box.
    """

    weight: float
    dash: str = ""
    opacity: float = 1
    tint: int = 0


FADED_OPACITY = 0.2
"""The opacity of marks outside the focus of a figure."""


def faded(marks: Iterable[Mark]) -> Group:
    """Marks outside the focus of a figure."""
    return Group(tuple(marks), opacity=FADED_OPACITY)


class Looks(NamedTuple):
    """The looks of emphasized, plain and muted marks."""

    strong: Look
    plain: Look
    muted: Look


LINE = Looks(strong=Look(2.5), plain=Look(1.25), muted=Look(0.75))
"""Connecting lines. `muted` is also the look of rules and axes."""

CURVE = Looks(strong=Look(2.5), plain=Look(1.75), muted=Look(1.5))
"""Curves in a chart."""

BOX = Looks(strong=Look(2), plain=Look(1), muted=Look(1, dash="4 3"))
"""Boxes around words and vectors. `muted` means missing or not taken."""

CELL = Looks(strong=Look(1.5), plain=Look(1), muted=Look(1, dash="2.5 2"))
"""Small boxes. `muted` outlines the whole of which a gate passes a part."""

BAND = Looks(strong=Look(1.25, tint=38), plain=Look(0.75, tint=16), muted=Look(0.75, tint=8))
"""The rows of a gate, filled with its hue."""

RIBBON = Looks(
    strong=Look(17, opacity=0.3), plain=Look(6, opacity=0.22), muted=Look(8, opacity=0.1)
)
"""The wide band below a line that starts at a row, as wide as the row."""

THREAD = Looks(strong=Look(1.5), plain=Look(1.75), muted=Look(1.5, opacity=0.8))
"""The line on a ribbon."""

GUIDE = Look(0.75, dash="1.5 2.5")
"""From a point to its value on an axis."""

OTHER_DASH = "5 3"
"""The dashes of a curve of a different kind than its neighbours."""

AnyMark = TypeVar("AnyMark", Box, Path, Text, Group)
"""Any of the four marks; what goes in comes out."""


def emphasized(mark: AnyMark, where: str) -> AnyMark:
    """Emphasize a mark.

    Args:
        mark: The mark as drawn.
        where: An expression that is true for this mark and false for plain
            marks of its kind; empty for a plain mark. See `bindings.Accent`.
    """
    return _add_accent(mark, Accent("strong", where)) if where else mark


def muted(mark: AnyMark, where: str) -> AnyMark:
    """Mute a mark; see `emphasized`."""
    return _add_accent(mark, Accent("back", where)) if where else mark


def _add_accent(mark: AnyMark, accent: Accent) -> AnyMark:
    return mark._replace(bound=(*mark.bound, accent))
