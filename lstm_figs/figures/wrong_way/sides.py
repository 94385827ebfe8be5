"""One way of a mistake: the code, and the numbers that it yields."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...layout import styles, words
from ...layout.blocks import (
    SIGN_RADIUS,
    Chip,
    block_column,
    code_block,
    framed_block,
    proven_code,
    verdict_block,
    verdict_sign,
)
from ...layout.blocks import Block as Part
from ...layout.excerpts import Excerpt, Gap, excerpt
from ...layout.shapes import arrow
from ...model.lstm import GATES
from ...model.reference import Ref
from ...proof.bindings import Flow, Node, sentence
from ...scene.marks import Box, Group, Mark, Path, shift
from ...scene.terms import TERMS
from ...scene.theme import tint
from .mistake import Block, Side

MEMORY_TOP, MEMORY_HEIGHT, MEMORY_GAP, SEQUENCES_GAP = 22.0, 26.0, 44.0, 10.0
"""The heights above h_n in memory, of it, and of the lines from it; the gap between two
sequences."""
MAX_STACKED_WIDTH = 576.0
"""In figures at most this wide, the sides are one below the other."""


def units_of(side: Side) -> int:
    """The number of units in a block."""
    return max(len(block.values or ()) for block in side.rows[-1])


@dataclass(frozen=True)
class SideBlock:
    """The drawing of one way.

    Attributes:
        side: The way.
        name: `wrong` or `right`.
        claim: The claim that it is wrong or right.
        lines: The number of code lines of the longer way.
        space: The width of the figure.
    """

    side: Side
    name: str
    claim: str
    lines: int
    space: float

    @property
    def width(self) -> float:
        """The width of the side."""
        return (self.space - 40) / 2 if self.space > MAX_STACKED_WIDTH else self.space

    @property
    def left(self) -> float:
        """The width of the unit names."""
        return 48.0

    @property
    def count(self) -> int:
        """The number of columns."""
        columns = self.side.columns
        return columns if isinstance(columns, int) else len(columns)

    @property
    def pitch(self) -> float:
        """The distance between two columns."""
        return (self.width - self.left) / self.count

    def middle(self, column: int) -> float:
        """The middle of a column."""
        return self.left + (column + 0.5) * self.pitch

    @property
    def chip(self) -> Chip:
        """How to draw a state."""
        return Chip(min(84.0, self.pitch - 6), 13, 19)

    @property
    def visible_units(self) -> Excerpt:
        """The units to draw."""
        return excerpt(units_of(self.side))

    def block(self) -> Part:
        """All parts, one below the other."""
        right = self.name == "right"
        parts = [verdict_block(self.name, self.claim, right=right), self._code()]
        if self.side.bands[0]:
            parts.append(self._bands(*self.side.bands))
        if self.side.steps:
            parts.append(self._state_route())
        parts.append(self._from_memory() if self.side.memory else self._numbers())
        column = block_column(parts, 12)
        return column._replace(width=self.width)

    def _code(self) -> Part:
        lines = [code_block(line, self.width - 20) for line in self.side.code]
        code_lines = block_column(lines, 0)
        equal_height = Part(
            code_lines.width, max(code_lines.height, 18.0 * self.lines), code_lines.marks
        )
        return framed_block(equal_height, 10, width=self.width)

    def _from_memory(self) -> Part:
        """The order of h_n in memory, and lines to the halves of each sequence."""
        pitch = (self.width - self.left - SEQUENCES_GAP) / 4
        chip = self.chip._replace(width=min(64.0, pitch - 4))
        memory_bottom = MEMORY_TOP + MEMORY_HEIGHT
        middle, top = MEMORY_TOP + MEMORY_HEIGHT / 2, memory_bottom + MEMORY_GAP
        name, _ = words.paragraph(0, middle - 9, sentence("h_n"), 40, fill="ink")
        marks: list[Mark] = [name]
        columns: list[list[Mark]] = [[], []]
        directions: list[list[Mark]] = [[], []]
        for half, blocks in enumerate(self.side.rows):
            for n, block in enumerate(blocks):
                i, j = self.side.memory[half][n]
                assert block.values
                assert block.caption
                x, source_x = (
                    self.left + (k + 0.5) * pitch + SEQUENCES_GAP * (k // 2)
                    for k in (2 * n + half, 2 * i + j)
                )
                id, source = f"{self.name}-{half}-{n}", f"{self.name}-memory-{i}-{j}"
                box = Box(
                    source_x - chip.width / 2,
                    MEMORY_TOP,
                    chip.width,
                    MEMORY_HEIGHT,
                    radius=5,
                    fill="panel",
                    id=source,
                    bound=(Node(Ref("h_n")[i, j]),),
                )
                code = proven_code(f"[{i}, {j}]", block.caption.says.claim)
                index, _ = words.paragraph(
                    source_x,
                    middle - words.line_height(words.SMALL) / 2,
                    code,
                    pitch,
                    size=words.SMALL,
                    anchor="middle",
                )
                bend = (MEMORY_GAP - 4) / 2
                start, stop = (source_x, memory_bottom + 2), (x, top - 2)
                line = Path(
                    (("M", start), ("C", (source_x, start[1] + bend), (x, stop[1] - bend), stop)),
                    stroke="neg" if block.wrong else "ink",
                    stroke_width=styles.CURVE.plain.weight,
                    bound=(Flow("copies", source, id),),
                )
                numbers = chip.draw(
                    x - chip.width / 2,
                    top,
                    block.values,
                    block.values.part,
                    id=id,
                    term=block.term,
                    wrong=block.wrong,
                )
                marks += [box, index, line, numbers]
                columns[n].append(numbers)
                directions[i].append(box)
        height = top + chip.height(units_of(self.side))
        for line_number, k in enumerate(self.visible_units.lines):
            if isinstance(k, Gap):
                continue
            y = top + 4 + chip.line_height * (line_number + 0.5)
            ids = [f"{self.name}-{half}-{n}-{k}" for half in range(2) for n in range(2)]
            marks.append(
                words.label(
                    0, y, f"unit {k}", names={"unit": k}, of=ids, along="row", style=words.FINE
                )
            )
        for n, direction in enumerate(("forward", "reverse")):
            pair_middle = self.left + (2 * n + 1) * pitch + SEQUENCES_GAP * n
            for y, text, names, of in (
                (MEMORY_TOP - 14, direction, {"direction": direction}, directions[n]),
                (height + 14, f"sequence {n}", {"sample": n}, columns[n]),
            ):
                heading = words.label(
                    pair_middle,
                    y,
                    text,
                    names=names,
                    of=of,
                    along="column",
                    style=words.FINE_STRONG,
                    anchor="middle",
                )
                marks.append(heading)
        return Part(self.width, height + 22, tuple(marks))

    def _numbers(self) -> Part:
        """The blocks below the headings of their columns."""
        marks: list[Mark] = []
        columns: list[list[Mark]] = [[] for _ in range(self.count)]
        y = 26.0
        for row, blocks in enumerate(self.side.rows):
            top = y + 24
            for column, block in enumerate(blocks):
                numbers = self._block(block, row, column, top)
                marks += [*self._caption(block, column, y + 9), *numbers]
                columns[column] += numbers if block.values else []
            marks += self._units(row, top, blocks)
            y = top + self.chip.height(units_of(self.side)) + 12
        return Part(self.width, y - 12, (*self._headings(columns), *marks))

    def _headings(self, columns: Sequence[Sequence[Mark]]) -> list[Mark]:
        """The numbers of the sequences, or the headings of the columns.

        Args:
            columns: The numbers in each column.
        """
        headings = self.side.columns
        if isinstance(headings, int):
            return [
                words.label(
                    self.middle(n),
                    9,
                    f"sequence {n}",
                    names={"sample": n},
                    of=columns[n],
                    style=words.FINE_STRONG,
                    anchor="middle",
                )
                for n in range(headings)
            ]
        return [
            words.paragraph(
                self.middle(n),
                0,
                sentence(heading),
                self.pitch,
                size=words.SMALL,
                anchor="middle",
                fill="ink",
                bold=True,
            )[0]
            for n, heading in enumerate(headings)
        ]

    def _caption(self, block: Block, column: int, y: float) -> list[Mark]:
        """The caption of a block, with a sign if its numbers are wrong."""
        middle = self.middle(column)
        if block.caption is None:
            return [verdict_sign(middle, y, right=not block.wrong)]
        caption = code_block(block.caption, self.pitch, fill="muted")
        sign_width = SIGN_RADIUS + 4 if block.wrong else 0.0
        left = middle - caption.width / 2 + sign_width
        marks = [shift(mark, left, y - 9) for mark in caption.marks]
        if block.wrong:
            marks.append(verdict_sign(left - SIGN_RADIUS - 5, y, right=False))
        return marks

    def _block(self, block: Block, row: int, column: int, top: float) -> list[Mark]:
        """The units of a block, one below the other."""
        chip = self.chip
        x = self.middle(column) - chip.width / 2
        if block.values:
            id = f"{self.name}-{row}-{column}"
            return [
                chip.draw(
                    x,
                    top,
                    block.values,
                    block.values.part,
                    id=id,
                    term=block.term,
                    wrong=block.wrong,
                )
            ]
        height = chip.height(units_of(self.side))
        label, _ = words.paragraph(
            self.middle(column),
            top + height / 2 - 9,
            sentence("missing"),
            chip.width,
            size=words.SMALL,
            anchor="middle",
        )
        empty = Box(x, top, chip.width, height, radius=5, stroke="neg", dash=styles.BOX.muted.dash)
        return [empty, label]

    def _units(self, row: int, top: float, blocks: Sequence[Block]) -> list[Mark]:
        """The names of the units, left of their numbers."""
        columns = [n for n, block in enumerate(blocks) if block.values]
        if not columns:
            return []
        marks: list[Mark] = []
        for line, k in enumerate(self.visible_units.lines):
            if isinstance(k, Gap):
                continue
            y = top + 4 + self.chip.line_height * (line + 0.5)
            ids = [f"{self.name}-{row}-{n}-{k}" for n in columns]
            marks.append(
                words.label(
                    0, y, f"unit {k}", names={"unit": k}, of=ids, along="row", style=words.FINE
                )
            )
        return marks

    def _bands(self, stored: str, read: str) -> Part:
        """The gates as stored in the file, and as the module reads them."""
        marks: list[Mark] = []
        for y, heading, gates in ((0.0, "the bands are", stored), (34.0, "read as", read)):
            label, _ = words.paragraph(0, y + 4, sentence(heading), 110, size=words.SMALL)
            marks.append(label)
            for k, gate in enumerate(gates):
                claim = ""
                if gates == stored and self.name == "wrong":
                    claim = (
                        f"torch.allclose(file['weight_ih_l0'].chunk(4)[{k}], "
                        f"kept['weight_ih_l0'].chunk(4)[{GATES.index(gate)}], "
                        "equal_nan=True)"
                    )
                x, paint = 92.0 + 46 * k, TERMS[gate].role
                letter, _ = words.paragraph(
                    x + 19,
                    y + 4,
                    sentence(gate, claim=claim),
                    20,
                    anchor="middle",
                    fill=paint,
                    bold=True,
                )
                box = Box(
                    x,
                    y,
                    38,
                    26,
                    radius=4,
                    fill=tint(paint),
                    stroke="neg" if gate != stored[k] else None,
                    stroke_width=styles.CELL.strong.weight,
                )
                marks += [box, letter]
        return Part(self.width, 60, tuple(marks))

    def _state_route(self) -> Part:
        """Two sequences, and the route of the state through them."""
        steps, width, height = self.side.steps, 22.0, 20.0
        pitch, tops = min(38.0, (self.width - 24) / steps), (46.0, 84.0)
        lefts = [24 + t * pitch for t in range(steps)]
        caption, _ = words.paragraph(
            0, 0, sentence("the way of the state"), self.width, size=words.SMALL
        )
        marks: list[Mark] = [caption]
        boxes = {
            (t, n): self._step(t, n, Box(left, top, width, height))
            for t, left in enumerate(lefts)
            for n, top in enumerate(tops)
        }
        for t, left in enumerate(lefts):
            step = [boxes[t, n] for n in range(2)]
            middle = left + width / 2
            label = words.label(
                middle,
                34,
                str(t + 1),
                names={"step": t + 1},
                of=step,
                style=words.FINE,
                anchor="middle",
            )
            marks.append(label)
            for n, top in enumerate(tops):
                marks.append(boxes[t, n])
                if self.side.is_along_steps and t:
                    y = top + height / 2
                    arrow_mark = arrow((left - pitch + width, y), (left, y))
                    marks.append(self._bound_arrow(arrow_mark, t - 1, n, t, n))
            if not self.side.is_along_steps:
                arrow_mark = arrow((middle, tops[0] + height), (middle, tops[1]), paint="neg")
                marks.append(self._bound_arrow(arrow_mark, t, 0, t, 1))
        for n in range(2):
            sequence = [boxes[t, n] for t in range(steps)]
            marks.append(
                words.label(
                    16,
                    tops[n] + height / 2,
                    str(n),
                    names={"sample": n},
                    of=sequence,
                    style=words.FINE,
                    anchor="end",
                )
            )
        return Part(self.width, tops[1] + height, tuple(marks))

    def _step(self, t: int, n: int, box: Box) -> Box:
        """A step of a sequence, strong if it is the last."""
        is_last = t == self.side.steps - 1
        look = styles.BOX.strong if is_last else styles.BOX.plain
        step = box._replace(
            radius=4,
            fill="panel",
            stroke="ink" if is_last else "rule",
            stroke_width=look.weight,
            id=f"{self.name}-way-{t}-{n}",
            bound=(Node(Ref("batch")[t, n]),),
        )
        return styles.emphasized(step, "step == len(batch)" if is_last else "")

    def _bound_arrow(self, arrow_mark: Group, *ends: int) -> Group:
        """An arrow from the step where the state comes from to the next one."""
        t, n, after, other = ends
        tail, head = f"way-{t}-{n}", f"way-{after}-{other}"
        flow = Flow("visits", f"{self.name}-{tail}", f"{self.name}-{head}")
        return arrow_mark._replace(bound=(flow,))
