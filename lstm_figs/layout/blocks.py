"""Blocks: parts of a figure that are laid out in rows and columns.

The origin of a block is its top left corner. `block_row`, `block_column` and
`block_row_or_column` arrange blocks, so that a figure needs no coordinates of
its own.
"""

import math
import textwrap
from collections.abc import Sequence
from typing import Literal, NamedTuple

from ..model.reference import Number, Ref
from ..proof import digits
from ..proof.bindings import Node, Says, Sentence, sentence
from ..scene.marks import Box, Group, Mark, Path, Text, shift
from ..scene.metrics import width as width_of
from ..scene.theme import Paint
from . import styles, words
from .excerpts import Gap, excerpt

Align = Literal["start", "middle", "end"]
"""Where smaller blocks are across a row or a column: at its top or left, in the
middle, or at its bottom or right."""

SIGN_RADIUS = 4.0
"""Half the size of a cross or a tick."""
STACKED_GAP = 28.0
"""The gap between blocks that are stacked because they do not fit side by side."""


class Block(NamedTuple):
    """Marks, with the width and height they take up."""

    width: float
    height: float
    marks: tuple[Mark, ...]


def block_row(blocks: Sequence[Block], gap: float = 24, *, align: Align = "start") -> Block:
    """Blocks from left to right.

    Args:
        blocks: The blocks.
        gap: The space between two of them.
        align: Whether tops, middles or bottoms are aligned.

    >>> block_row([Block(10, 5, ()), Block(20, 9, ())], 6)[:2]
    (36.0, 9)
    """
    height = max(block.height for block in blocks)
    marks: list[Mark] = []
    x = 0.0
    for block in blocks:
        y = _share(align) * (height - block.height)
        marks += [shift(mark, x, y) for mark in block.marks]
        x += block.width + gap
    return Block(x - gap, height, tuple(marks))


def block_column(blocks: Sequence[Block], gap: float = 24, *, align: Align = "start") -> Block:
    """Blocks from top to bottom.

    Args:
        blocks: The blocks.
        gap: The space between two of them.
        align: Whether left sides, middles or right sides are aligned.
    """
    width = max(block.width for block in blocks)
    marks: list[Mark] = []
    y = 0.0
    for block in blocks:
        x = _share(align) * (width - block.width)
        marks += [shift(mark, x, y) for mark in block.marks]
        # At whole pixels, horizontal lines stay sharp.
        y += math.ceil(block.height) + gap
    return Block(width, y - gap, tuple(marks))


def block_row_or_column(blocks: Sequence[Block], width: float, gap: float = 40) -> Block:
    """A row of blocks if it fits in `width`, otherwise a column."""
    if sum(b.width for b in blocks) + gap * (len(blocks) - 1) <= width:
        return block_row(blocks, gap)
    return block_column(blocks, STACKED_GAP)


def _share(align: Align) -> float:
    """The share of the spare space that is before a block."""
    return {"start": 0.0, "middle": 0.5, "end": 1.0}[align]


def framed_block(
    block: Block,
    padding: float = 12,
    *,
    fill: Paint | None = "panel",
    stroke: Paint | None = None,
    radius: float = 8,
    width: float = 0,
) -> Block:
    """A block on a background, with padding around it.

    Args:
        block: The content.
        padding: The space on each side.
        fill: The paint of the background.
        stroke: The paint of the outline.
        radius: The corner radius.
        width: The minimum width.
    """
    width = max(width, block.width + 2 * padding)
    height = block.height + 2 * padding
    plane = Box(0, 0, width, height, radius, fill=fill, stroke=stroke)
    marks = (shift(mark, padding, padding) for mark in block.marks)
    return Block(width, height, (plane, *marks))


def text_block(
    what: Sentence,
    width: float,
    *,
    size: float = words.LABEL,
    fill: Paint = "muted",
    bold: bool = False,
) -> Block:
    """A sentence, broken into lines."""
    lines, height = words.paragraph(0, 0, what, width, size=size, fill=fill, bold=bold)
    widths = [mark.width for mark in lines.marks if isinstance(mark, Text)]
    return Block(max(widths), height, (lines,))


def titled_block(title: Sentence, block: Block, *, width: float = 0, gap: float = 8) -> Block:
    """A block with a bold sentence above it."""
    width = max(width, block.width)
    head = text_block(title, width, fill="ink", bold=True)
    return block_column([head, block], gap)


CODE_SIZE, CODE_LINE_HEIGHT = 13.0, 18.0
"""The font size of code, and the height of a line."""


def proven_code(source: str, claim: str) -> Sentence:
    """A sentence that shows Python code.

    Args:
        source: The code.
        claim: A true expression that contains the code verbatim, so that no
            figure prints code that was never run.
    """
    return sentence("{}", (source, repr(source)), claim=claim)


def code_block(
    what: Sentence,
    max_width: float,
    *,
    fill: Paint = "ink",
    tinted: Sequence[tuple[int, int, Paint]] = (),
) -> Block:
    """Python code, broken into lines; see `proven_code`.

    Args:
        what: The code.
        max_width: The width of a line.
        fill: The paint of the code.
        tinted: Parts on a tinted ground: their first and last character, and the
            paint.
    """
    character = width_of("0", CODE_SIZE, mono=True)
    lines = textwrap.wrap(what.text, int(max_width / character), break_long_words=False)
    grounds: list[Mark] = []
    line_start = 0
    for k, line in enumerate(lines):
        y = CODE_LINE_HEIGHT * k
        for first, last, paint in tinted:
            if line_start <= first and last < line_start + len(line):
                x, width = (first - line_start) * character, (last + 1 - first) * character
                ground = Box(x - 2, y, width + 4, CODE_LINE_HEIGHT, radius=3, fill=f"{paint}:25")
                grounds.append(ground)
        line_start += len(line) + 1
    first_baseline = CODE_LINE_HEIGHT / 2 + words.middle_to_baseline(CODE_SIZE)
    texts = tuple(
        Text(0, CODE_LINE_HEIGHT * k + first_baseline, line, CODE_SIZE, fill=fill, mono=True)
        for k, line in enumerate(lines)
    )
    width = max(len(line) for line in lines) * character
    group = Group(texts, bound=(what.says,))
    return Block(width, CODE_LINE_HEIGHT * len(lines), (*grounds, group))


def verdict_block(word: str, claim: str, *, right: bool, fill: Paint = "ink") -> Block:
    """A tick or a cross, followed by a word.

    Args:
        word: The word beside the sign.
        claim: An expression that is true if the word is.
        right: Whether to draw a tick instead of a cross.
        fill: The paint of the word.
    """
    middle = words.LINE_HEIGHT / 2
    text = Text(
        2 * SIGN_RADIUS + 7,
        middle + words.middle_to_baseline(words.LABEL),
        word,
        words.LABEL,
        fill=fill,
        bold=True,
    )
    marks = (verdict_sign(SIGN_RADIUS, middle, right=right), text)
    width = text.x + text.width
    return Block(width, words.LINE_HEIGHT, (Group(marks, bound=(Says(claim=claim),)),))


def verdict_sign(x: float, y: float, *, right: bool) -> Path:
    """A tick if `right`, otherwise a cross, centred at `x` and `y`."""
    if right:
        d = (
            ("M", (x - SIGN_RADIUS, y)),
            ("L", (x - SIGN_RADIUS / 3, y + SIGN_RADIUS)),
            ("L", (x + SIGN_RADIUS, y - SIGN_RADIUS)),
        )
        return Path(d, stroke="pos", stroke_width=2.25)
    return Path(
        (
            ("M", (x - SIGN_RADIUS, y - SIGN_RADIUS)),
            ("L", (x + SIGN_RADIUS, y + SIGN_RADIUS)),
            ("M", (x + SIGN_RADIUS, y - SIGN_RADIUS)),
            ("L", (x - SIGN_RADIUS, y + SIGN_RADIUS)),
        ),
        stroke="neg",
        stroke_width=2.25,
    )


class Chip(NamedTuple):
    """The look of vectors: a column of numbers in a rounded box.

    Attributes:
        width: The width of the box.
        font_size: The font size of the numbers.
        line_height: The distance from one number to the next.
    """

    width: float = 60
    font_size: float = words.NUMBER
    line_height: float = 19

    def height(self, count: int) -> float:
        """The height of a vector of that length."""
        return self.line_height * len(excerpt(count).lines) + 8

    def draw(
        self,
        x: float,
        y: float,
        values: Sequence[Number],
        of: Ref | str,
        *,
        id: str,
        term: str,
        emphasis_claim: str = "",
        wrong: bool = False,
    ) -> Group:
        """A vector with its top left corner at `x` and `y`.

        The decimal points are aligned; dots replace the hidden elements of a
        long vector.

        Args:
            x: The left.
            y: The top.
            values: Its elements.
            of: The expression of the vector.
            id: The id of the vector; each element appends its index.
            term: The term of the vector and its elements.
            emphasis_claim: Python that is true where a vector is emphasized, as this one
                is; empty for a plain one.
            wrong: Whether to mark the vector as a wrong result.
        """
        visible = excerpt(len(values))
        printed = [values[k] for k in visible.indices]
        fill, stroke, look = "paper", "rule", styles.BOX.plain
        if emphasis_claim:
            fill, stroke, look = "h:12", "h", styles.BOX.strong
        elif wrong:
            fill, stroke, look = "neg:10", "neg", styles.CELL.strong
        around = Box(
            x,
            y,
            self.width,
            self.height(len(values)),
            radius=5,
            fill=fill,
            stroke=stroke,
            stroke_width=look.weight,
        )
        marks: list[Mark] = [styles.emphasized(around, emphasis_claim)]
        right_by_index = dict(zip(visible.indices, self.right_edges(printed), strict=True))
        for k, line in enumerate(visible.lines):
            middle = y + 4 + self.line_height * (k + 0.5)
            if isinstance(line, Gap):
                marks.append(words.operator(x + self.width / 2, middle, "…"))
                continue
            marks.append(
                words.number(
                    x + self.width / 2 + right_by_index[line],
                    middle,
                    values[line],
                    size=self.font_size,
                    decimals=self.decimals(printed),
                    max_chars=self.max_chars,
                    anchor="end",
                    id=f"{id}-{line}",
                    term=term,
                )
            )
        return Group(tuple(marks), id=id, bound=(Node(of),))

    @property
    def max_chars(self) -> int:
        """How many characters fit on a line."""
        return int((self.width - 6) / width_of("0", self.font_size, mono=True))

    @staticmethod
    def decimals(values: Sequence[Number]) -> int:
        """The digits after the decimal point, the same for all elements."""
        return digits.decimals(v.value for v in values)

    def right_edges(self, values: Sequence[Number]) -> list[float]:
        """The right end of each number relative to the middle, so that decimal points align."""
        character = width_of("0", self.font_size, mono=True)
        decimals = self.decimals(values)
        texts = [words.number_text(v, decimals, self.max_chars) for v in values]
        halves = [words.characters_around_point(t) for t in texts if _has_plain_digits(t)]
        longest_before = max((before for before, _ in halves), default=0)
        longest_after = max((after for _, after in halves), default=0)
        point = (longest_before - longest_after) / 2
        half_box = self.max_chars / 2

        def right_end(text: str) -> float:
            """The right end of a number, in characters from the middle of its box."""
            if not _has_plain_digits(text):
                return len(text) / 2
            _, after = words.characters_around_point(text)
            # Numbers too long to align are shifted into the box.
            return max(min(point + after, half_box), len(text) - half_box)

        return [character * right_end(text) for text in texts]


def _has_plain_digits(text: str) -> bool:
    """Whether a printed number has no exponent, and is not NaN or ∞."""
    return "e" not in text and text[-1].isdigit()
