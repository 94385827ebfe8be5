"""Texts, by what they are for; no size stands anywhere else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from ..model.reference import Number
from ..proof import digits
from ..proof.bindings import Along, Names, Says, Sentence
from ..scene import metrics
from ..scene.marks import Anchor, Group, Mark, Text
from ..scene.theme import Paint
from .margins import wrap

TITLE, LEAD, LABEL, NUMBER, NOTE = 18.0, 13.0, 13.0, 14.0, 13.0
LETTER = 15.0
"""Of a gate that is named by its letter alone, and of what counts as much."""
SMALL = 12.0
"""For texts that stand close; only a subscript is smaller."""

LINE = 18.0
"""From one line of words to the next."""


class Style(NamedTuple):
    """How a text is set.

    Attributes:
        size: The font size.
        fill: Its paint.
        bold: Whether it is bold.
        mono: Whether it is set in the type of code.
    """

    size: float
    fill: Paint = "muted"
    bold: bool = False
    mono: bool = False


PLAIN, CODE = Style(LABEL), Style(LABEL, mono=True)
STRONG = Style(LABEL, "ink", bold=True)
STRONG_CODE = Style(LABEL, bold=True, mono=True)
FINE, FINE_CODE = Style(SMALL), Style(SMALL, mono=True)
FINE_STRONG = Style(SMALL, "ink", bold=True)
FINE_STRONG_CODE = Style(SMALL, bold=True, mono=True)
GATE = Style(LETTER, "ink", bold=True)
"""A gate, by its letter alone."""
SUM = Style(NUMBER, "ink", bold=True)
"""A gate at its sum."""


_HAS_EXPONENTS = ContextVar("_HAS_EXPONENTS", default=False)


@contextmanager
def exponents() -> Iterator[None]:
    """Print all small numbers of a figure with exponents, as some need them.

    >>> with exponents():
    ...     number_text(Number(-0.0029, "x")), number_text(Number(0.029, "y"))
    ('−3e−3', '0.03')
    """
    before = _HAS_EXPONENTS.set(True)
    try:
        yield
    finally:
        _HAS_EXPONENTS.reset(before)


def number_text(value: Number, places: int = digits.DECIMALS, max_chars: int = 99) -> str:
    """A number as it is printed in a figure.

    Args:
        value: The number.
        places: Digits after the point that the group has.
        max_chars: The most characters that there is room for.
    """
    text = digits.text(value.value, places, max_chars)
    if _HAS_EXPONENTS.get() and "e" not in text and digits.is_small(value.value):
        return digits.shortened(value.value)
    return text


def number(
    x: float,
    y: float,
    value: Number,
    *,
    size: float = NUMBER,
    places: int = digits.DECIMALS,
    max_chars: int = 99,
    anchor: Anchor = "middle",
    fill: Paint = "ink",
    bold: bool = False,
    id: str,
    term: str = "",
) -> Text:
    """A number with its proof.

    Args:
        x: Where it is anchored.
        y: The middle of its digits.
        value: The number.
        size: The font size.
        places: Digits after the point that the group has.
        max_chars: The most characters that there is room for.
        anchor: Which part of it stands at `x`.
        fill: Its paint.
        bold: Whether it is bold.
        id: The id of the text.
        term: Its terms.
    """
    return Text(
        x,
        y + middle(size),
        number_text(value, places, max_chars),
        size,
        anchor,
        fill,
        bold,
        mono=True,
        number=value,
        id=id,
        term=term,
    )


class Decimals(NamedTuple):
    """Where the points of numbers below each other stand.

    Attributes:
        before: The most characters before a point.
        after: The most characters after it, with the point.
        places: The digits after it.
        max_chars: The most characters of a number.
    """

    before: int
    after: int
    places: int = digits.DECIMALS
    max_chars: int = 99

    @classmethod
    def of(
        cls, values: Iterable[Number], max_chars: int = 99, places: int = digits.DECIMALS
    ) -> "Decimals":
        """What the printed numbers of a column need."""
        each = [characters_around_point(number_text(n, places, max_chars)) for n in values]
        before, after = (max(side) for side in zip(*each, strict=True))
        return cls(before, after, places, max_chars)

    def width(self, size: float = NUMBER) -> float:
        """The width of the column; what is longer than others may lean."""
        count = min(self.before + self.after, max(self.max_chars, 1))
        return metrics.width("0" * count, size, mono=True)

    def number(
        self,
        x: float,
        y: float,
        value: Number,
        *,
        size: float = NUMBER,
        max_chars: int = 99,
        fill: Paint = "ink",
        bold: bool = False,
        id: str,
        term: str = "",
    ) -> Text:
        """A number whose point stands over those of its column.

        Args:
            x: The middle of the column.
            y: The middle of its digits.
            value: The number.
            size: The font size.
            max_chars: The most characters that there is room for.
            fill: Its paint.
            bold: Whether it is bold.
            id: The id of the text.
            term: Its terms.
        """
        before, after = characters_around_point(number_text(value, self.places, max_chars))
        digit = metrics.width("0", size, mono=True)
        half = self.width(size) / 2
        right = x + (self.before - self.after) * digit / 2 + after * digit
        # Those without a point and with an exponent stay within the column.
        own = (before + after) * digit
        right = max(x - half + own, min(right, x + half))
        if own > 2 * half:
            right = x + own / 2
        return number(
            right,
            y,
            value,
            size=size,
            places=self.places,
            max_chars=max_chars,
            anchor="end",
            fill=fill,
            bold=bold,
            id=id,
            term=term,
        )


def characters_around_point(text: str) -> tuple[int, int]:
    """The characters before the point of a number, and from it on.

    >>> [characters_around_point(text) for text in ("−0.25", "12", "3e−3")]
    [(2, 3), (2, 0), (1, 3)]
    """
    before = len(text.partition(".")[0].partition("e")[0])
    return before, len(text) - before


def label(
    x: float,
    y: float,
    content: str,
    names: Mapping[str, object],
    of: Sequence[str],
    along: Along,
    *,
    style: Style = PLAIN,
    anchor: Anchor = "start",
    fill: Paint = "",
    says: Says | None = None,
    id: str = "",
    term: str = "",
) -> Text:
    """A text that names numbers and lengths.

    Args:
        x: Where it is anchored.
        y: The middle of its letters.
        content: The text.
        names: What it says of what it names, see `bindings.Names`.
        of: Ids of what it names; `*` stands for any one part.
        along: How it stands to what it names.
        style: How it is set.
        anchor: Which part of it stands at `x`.
        fill: Its paint, if that is not the one of the style.
        says: The expressions behind the text, where it does not say the names
            themselves.
        id: The id of the text.
        term: Its terms.
    """
    named = Names(tuple((k, str(v)) for k, v in names.items()), tuple(of), along)
    return Text(
        x,
        y + middle(style.size),
        content,
        style.size,
        anchor,
        fill or style.fill,
        style.bold,
        style.mono,
        id=id,
        term=term,
        bound=(named, says) if says else (named,),
    )


def operator(x: float, y: float, content: str, *, fill: Paint = "muted") -> Text:
    """A sign such as σ or +; `y` is its middle."""
    return Text(x, y + middle(LABEL), content, LABEL, "middle", fill)


def tick(x: float, y: float, content: str, anchor: Anchor = "end") -> Text:
    """A value of an axis; `y` is the middle of its digits."""
    return Text(x, y + middle(SMALL), content, SMALL, anchor, "muted", kind="tick")


def paragraph(
    x: float,
    y: float,
    sentence: Sentence,
    width: float,
    *,
    size: float = NOTE,
    anchor: Anchor = "start",
    fill: Paint = "muted",
    bold: bool = False,
) -> tuple[Group, float]:
    """A sentence in as many lines as it needs.

    Args:
        x: Where its lines are anchored.
        y: The top of the first line.
        sentence: The sentence.
        width: The width of a line.
        size: The font size.
        anchor: Which part of a line stands at `x`.
        fill: Its paint.
        bold: Whether it is bold.

    Returns:
        Its lines, bound as one, and the bottom of the last.
    """
    height = LINE * size / NOTE
    lines: list[Mark] = [
        Text(x, y + k * height + baseline(size), line, size, anchor, fill, bold)
        for k, line in enumerate(wrap(sentence.text, size, width, bold=bold))
    ]
    return Group(tuple(lines), bound=(sentence.says,)), y + len(lines) * height


def width(text: str, size: float = LABEL, *, bold: bool = False) -> float:
    """The width of a text that is set in proportional letters."""
    return metrics.width(text, size, bold=bold)


def baseline(size: float) -> float:
    """How far the baseline of a paragraph's first line lies below its top."""
    return LINE * size / NOTE / 2 + middle(size)


def middle(size: float) -> float:
    """How far the baseline lies below the middle of letters."""
    return 0.36 * size
