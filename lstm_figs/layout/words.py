"""Text styles by purpose. Font sizes are defined only here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from ..model.reference import Number
from ..proof import digits
from ..proof.bindings import Along, Names, Says, Sentence
from ..scene import metrics
from ..scene.marks import Anchor, Group, Mark, Text, bounds
from ..scene.theme import Paint
from .margins import wrap

TITLE, LEAD, LABEL, NUMBER, NOTE = 18.0, 13.0, 13.0, 14.0, 13.0
"""Font sizes, by the purpose of a text."""
LETTER = 15.0
"""The font size of a gate's letter."""
SMALL = 12.0
"""The font size of dense text; only subscripts are smaller."""

LINE_HEIGHT = 18.0
"""The line height of paragraphs."""


class Style(NamedTuple):
    """A text style.

    Attributes:
        size: The font size.
        fill: The paint of the text.
        bold: Whether the text is bold.
        mono: Whether the text is monospaced.
    """

    size: float
    fill: Paint = "muted"
    bold: bool = False
    mono: bool = False


PLAIN, CODE = Style(LABEL), Style(LABEL, mono=True)
"""Styles of labels, by size and emphasis; FINE is small, STRONG bold, CODE monospaced."""
STRONG = Style(LABEL, fill="ink", bold=True)
STRONG_CODE = Style(LABEL, bold=True, mono=True)
FINE, FINE_CODE = Style(SMALL), Style(SMALL, mono=True)
FINE_STRONG = Style(SMALL, fill="ink", bold=True)
FINE_STRONG_CODE = Style(SMALL, bold=True, mono=True)
GATE = Style(LETTER, fill="ink", bold=True)
"""A gate's letter."""
SUM = Style(NUMBER, fill="ink", bold=True)
"""A gate's letter next to its sum."""


_HAS_EXPONENTS = ContextVar("_HAS_EXPONENTS", default=False)
"""Whether small numbers in the figure that is being drawn have exponents."""


@contextmanager
def exponents() -> Iterator[None]:
    """Print every small number of a figure with an exponent.

    >>> with exponents():
    ...     number_text(Number(-0.0029, "x")), number_text(Number(0.029, "y"))
    ('−3e−3', '0.03')
    """
    before = _HAS_EXPONENTS.set(True)
    try:
        yield
    finally:
        _HAS_EXPONENTS.reset(before)


def number_text(
    value: Number, decimals: int = digits.DECIMALS, max_chars: int = digits.NO_LIMIT
) -> str:
    """A number as printed in a figure.

    Args:
        value: The number.
        decimals: The digits after the decimal point, shared by a group.
        max_chars: The most characters that fit.
    """
    text = digits.text(value.value, decimals, max_chars)
    if _HAS_EXPONENTS.get() and "e" not in text and digits.is_small(value.value):
        return digits.shortened(value.value)
    return text


def number(
    x: float,
    y: float,
    value: Number,
    *,
    size: float = NUMBER,
    decimals: int = digits.DECIMALS,
    max_chars: int = digits.NO_LIMIT,
    anchor: Anchor = "middle",
    fill: Paint = "ink",
    bold: bool = False,
    id: str,
    term: str = "",
) -> Text:
    """A printed number, bound to its expression.

    Args:
        x: The anchor position.
        y: The vertical middle of the digits.
        value: The number.
        size: The font size.
        decimals: The digits after the decimal point, shared by a group.
        max_chars: The most characters that fit.
        anchor: Which part of the text is at `x`.
        fill: The paint of the text.
        bold: Whether the text is bold.
        id: The id of the text.
        term: The terms of the text.
    """
    return Text(
        x,
        y + middle_to_baseline(size),
        number_text(value, decimals, max_chars),
        size,
        anchor,
        fill,
        bold,
        mono=True,
        number=value,
        id=id,
        term=term,
    )


class NumberAlignment(NamedTuple):
    """How the numbers of a column align at their decimal points.

    Attributes:
        before: The most characters before the point.
        after: The most characters from the point on.
        decimals: The digits after the point.
        max_chars: The most characters of a number.
    """

    before: int
    after: int
    decimals: int = digits.DECIMALS
    max_chars: int = digits.NO_LIMIT

    @classmethod
    def of(
        cls,
        values: Iterable[Number],
        max_chars: int = digits.NO_LIMIT,
        decimals: int = digits.DECIMALS,
    ) -> "NumberAlignment":
        """The alignment that fits the printed numbers of a column."""
        halves = [characters_around_point(number_text(n, decimals, max_chars)) for n in values]
        before, after = (max(side) for side in zip(*halves, strict=True))
        return cls(before, after, decimals, max_chars)

    def width(self, size: float = NUMBER) -> float:
        """The width of the column."""
        # In a tiny cell no character fits, but a column is at least one wide.
        count = min(self.before + self.after, max(self.max_chars, 1))
        return metrics.width("0" * count, size, mono=True)

    def number(
        self,
        x: float,
        y: float,
        value: Number,
        *,
        size: float = NUMBER,
        max_chars: int = digits.NO_LIMIT,
        fill: Paint = "ink",
        bold: bool = False,
        id: str,
        term: str = "",
    ) -> Text:
        """A number aligned at the column's decimal point.

        Args:
            x: The horizontal middle of the column.
            y: The vertical middle of the digits.
            value: The number.
            size: The font size.
            max_chars: The most characters that fit.
            fill: The paint of the text.
            bold: Whether the text is bold.
            id: The id of the text.
            term: The terms of the text.
        """
        before, after = characters_around_point(number_text(value, self.decimals, max_chars))
        digit = metrics.width("0", size, mono=True)
        half_column = self.width(size) / 2
        right = x + (self.before - self.after) * digit / 2 + after * digit
        # Numbers with an exponent may be unaligned, but stay within the column.
        width = (before + after) * digit
        right = max(x - half_column + width, min(right, x + half_column))
        if width > 2 * half_column:
            # A number that is wider than its column is centred.
            right = x + width / 2
        return number(
            right,
            y,
            value,
            size=size,
            decimals=self.decimals,
            max_chars=max_chars,
            anchor="end",
            fill=fill,
            bold=bold,
            id=id,
            term=term,
        )


def characters_around_point(text: str) -> tuple[int, int]:
    """The number of characters before the decimal point, and from it on.

    >>> [characters_around_point(text) for text in ("−0.25", "12", "3e−3")]
    [(2, 3), (2, 0), (1, 3)]
    """
    before = len(text.partition(".")[0].partition("e")[0])
    return before, len(text) - before


def label(
    x: float,
    y: float,
    content: str,
    *,
    names: Mapping[str, object],
    of: Sequence[str | Mark],
    along: Along | None = None,
    style: Style = PLAIN,
    anchor: Anchor = "start",
    fill: Paint = "",
    says: Says | None = None,
    id: str = "",
    term: str = "",
) -> Text:
    """A label: a text that names numbers or lengths.

    Args:
        x: The anchor position.
        y: The vertical middle of the letters.
        content: The text.
        names: The properties that the label states, see `bindings.Names`.
        of: The marks it names, in place, or their ids; in an id `*` matches any
            one part.
        along: Its position relative to those marks; by default found from them.
        style: The text style.
        anchor: Which part of the text is at `x`.
        fill: The paint, if different from the style's.
        says: The expressions behind the text, if it does not state `names`
            literally.
        id: The id of the text.
        term: The terms of the text.

    >>> numbers = [number(x, 20, Number(0.5, "a"), id=f"a-{x}") for x in (0, 40)]
    >>> label(-30, 20, "row 1", names={"row": 1}, of=numbers).bound
    (Names(names=(('row', '1'),), of=('a-0', 'a-40'), along='row'),)
    """
    targets = [
        target for item in of for target in ([item] if isinstance(item, str) else _bound([item]))
    ]
    ids = [target if isinstance(target, str) else target.id for target in targets]
    along = along or _along(y, [target for target in targets if not isinstance(target, str)])
    named = Names(tuple((k, str(v)) for k, v in names.items()), tuple(ids), along)
    return Text(
        x,
        y + middle_to_baseline(style.size),
        content,
        style.size,
        anchor=anchor,
        fill=fill or style.fill,
        bold=style.bold,
        mono=style.mono,
        id=id,
        term=term,
        bound=(named, says) if says else (named,),
    )


def _bound(marks: Iterable[Mark]) -> Iterator[Mark]:
    """The outermost marks that are drawn by a value."""
    for mark in marks:
        if mark.id and (mark.bound or (isinstance(mark, Text) and mark.number)):
            yield mark
        elif isinstance(mark, Group):
            yield from _bound(mark.marks)


def _along(y: float, marks: Sequence[Mark]) -> Along:
    """Where a label at this height is relative to marks."""
    spans = [bounds([mark]) for mark in marks]
    if not min(s.top for s in spans) <= y <= max(s.bottom for s in spans):
        return "column"
    middles = [
        mark.y - middle_to_baseline(mark.size)
        if isinstance(mark, Text)
        else (span.top + span.bottom) / 2
        for mark, span in zip(marks, spans, strict=True)
    ]
    is_on_their_line = all(abs(y - middle) < 1 for middle in middles)
    return "row" if is_on_their_line else "band"


def operator(x: float, y: float, content: str, *, fill: Paint = "muted") -> Text:
    """An operator sign such as σ or +; `y` is its vertical middle."""
    return Text(x, y + middle_to_baseline(LABEL), content, LABEL, "middle", fill)


def tick(x: float, y: float, content: str, anchor: Anchor = "end") -> Text:
    """A tick label; `y` is the vertical middle of its digits."""
    return Text(x, y + middle_to_baseline(SMALL), content, SMALL, anchor, "muted", kind="tick")


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
    serif: bool = False,
) -> tuple[Group, float]:
    """A sentence, broken into lines.

    Args:
        x: The anchor position of the lines.
        y: The top of the first line.
        sentence: The sentence.
        width: The maximum width of a line.
        size: The font size.
        anchor: Which part of a line is at `x`.
        fill: The paint of the text.
        bold: Whether the text is bold.
        serif: Whether it has the font of headlines, if that has its characters.

    Returns:
        The lines as one group, and the bottom of the last line.
    """
    height = line_height(size)
    serif = serif and metrics.is_serif(sentence.text)
    lines: list[Mark] = [
        Text(x, y + k * height + baseline(size), line, size, anchor, fill, bold, serif=serif)
        for k, line in enumerate(wrap(sentence.text, size, width, bold=bold, serif=serif))
    ]
    return Group(tuple(lines), bound=(sentence.says,)), y + len(lines) * height


def width(text: str, size: float = LABEL, *, bold: bool = False) -> float:
    """The width of a text in the proportional font."""
    return metrics.width(text, size, bold=bold)


def line_height(size: float) -> float:
    """The height of a line of a paragraph."""
    return LINE_HEIGHT * size / NOTE


def baseline(size: float) -> float:
    """The distance from a paragraph's top to its first baseline."""
    return line_height(size) / 2 + middle_to_baseline(size)


def middle_to_baseline(size: float) -> float:
    """The distance from the middle of the letters to the baseline."""
    # Half of the height of a capital of DejaVu Sans, which is 0.73.
    return 0.36 * size
