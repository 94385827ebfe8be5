"""What the marks of the figure are, each beside a sample of it."""

from collections.abc import Iterable
from typing import NamedTuple

from ...layout import words
from ...layout.room import inner
from ...proof.bindings import Sample, Sentence
from ...scene.marks import Box, Mark, Path, walk
from .answers import struck
from .moves import HEAD, SHAFT, outline
from .plan import Plan

LINE, APART = 20.0, 16.0
"""The height of a line, and what is between two entries."""
SAMPLE = 18.0
"""The width of a sample."""


class Entry(NamedTuple):
    """What a kind of mark is.

    Attributes:
        stem: How the ids of the marks begin.
        said: What they are.
    """

    stem: str
    said: Sentence


def legend(plan: Plan, entries: Iterable[Entry], marks: Iterable[Mark]) -> tuple[list[Mark], float]:
    """The entries whose marks are there, in lines from the left.

    Args:
        plan: How the figure is laid out.
        entries: What could be explained.
        marks: What is drawn.

    Returns:
        What is drawn, and its height.
    """
    drawn = [mark for mark in walk(marks) if mark.id and hasattr(mark, "fill")]
    found: list[Mark] = []
    x, y = 0.0, 7.0
    for stem, said in entries:
        own = [m for m in drawn if m.id.startswith(f"{stem}-")]
        own = [m for m in own if not m.id.endswith(("-note", "-value"))]
        if not own:
            continue
        width = SAMPLE + 6 + words.width(said.text, words.SMALL)
        if x and x + width > inner(plan.room):
            x, y = 0.0, y + LINE
        found.append(_sample(own[0], x, y, tuple(m.id for m in own)))
        text, _ = words.paragraph(
            x + SAMPLE + 6,
            y - words.LINE * words.SMALL / words.NOTE / 2,
            said,
            width,
            size=words.SMALL,
        )
        found.append(text)
        x += width + APART
    return found, y + 22 if found else 0.0


def _sample(mark: Mark, x: float, y: float, of: tuple[str, ...]) -> Mark:
    """A small mark that looks as another does."""
    bound = (Sample(of),)
    match mark:
        case Box():
            high = min(mark.height, 12.0)
            return mark._replace(
                x=x, y=y - high / 2, width=SAMPLE, height=high, id="", term="", bound=bound
            )
        case Path() if mark.id.startswith("wrong-"):
            d = struck(x, y - 6, SAMPLE, 12)
            return mark._replace(d=d, id="", term="", bound=bound)
        case Path(stroke=None):
            d = outline(x + SAMPLE / 2, y + 8, y - 8, HEAD / 2, SHAFT)
            return mark._replace(d=d, id="", term="", bound=bound)
        case Path():
            d = (("M", (x, y)), ("L", (x + SAMPLE, y)))
            return mark._replace(d=d, compact=False, id="", term="", bound=bound)
    raise TypeError(f"got {type(mark)}, expected a box or a path")
