"""One way of a mistake: the code, and the numbers that it yields."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...layout import styles, words
from ...layout.blocks import (
    SIGN_RADIUS,
    Block,
    Chip,
    block_column,
    code_block,
    framed_block,
    proven_code,
    verdict_block,
    verdict_sign,
)
from ...layout.excerpts import Excerpt, Gap, excerpt
from ...layout.shapes import arrow
from ...model.lstm import GATES
from ...model.reference import Ref
from ...proof.bindings import Flow, Node, sentence
from ...scene.marks import Box, Group, Mark, Path, bounds, shift
from ...scene.terms import TERMS
from ...scene.theme import tint
from .mistake import Result, Side

MEMORY_TOP, MEMORY_HEIGHT, MEMORY_GAP, PAIR_GAP = 22.0, 26.0, 44.0, 10.0
"""The heights above h_n in memory, of it, and of the lines from it; the gap between the
elements of two directions, and between the results of two sequences."""
MAX_STACKED_WIDTH = 576.0
"""In figures at most this wide, the sides are one below the other."""
SIDES_GAP, PARTS_GAP = 40.0, 12.0
"""The gap between two sides, and between the parts of a side."""
NAMES_WIDTH = 48.0
"""The width of the names of units."""
CODE_PADDING = 10.0
"""Around the code in its frame."""
MAX_VECTOR_WIDTH, MAX_NARROW_VECTOR_WIDTH = 84.0, 64.0
"""The largest width of a result: usually, and below h_n in memory."""
VECTOR_PADDING = 4.0
"""From the top of a result to its first line."""
VECTOR_FONT_SIZE, VECTOR_LINE_HEIGHT = 13.0, 19.0
"""Of the numbers of a result."""
NAME_OFFSET = 14.0
"""From h_n in memory up to the middle of the names of directions, and from the results below
it down to that of the names of sequences."""
HEADING_HEIGHT, HEADING_MIDDLE = 26.0, 9.0
"""The height of the headings of columns, and their middle."""
CAPTION_HEIGHT, RESULT_GAP = 24.0, 12.0
"""The height of the caption above a result, and the gap below a result."""
BAND_WIDTH, BAND_HEIGHT, BAND_PITCH, BANDS_LEFT, BANDS_PITCH = 38.0, 26.0, 46.0, 92.0, 34.0
"""The size of the box of a gate's band, from one to the next, their left, and from the row
of bands in the file down to that of bands as they are read."""
STEP_WIDTH, STEP_HEIGHT, MAX_STEP_PITCH = 22.0, 20.0, 38.0
"""The size of the box of a step, and the largest distance between two."""
STEPS_LEFT, STEP_TOPS, STEP_NUMBERS_MIDDLE = 24.0, (46.0, 84.0), 34.0
"""The left of the steps, the tops of both sequences, and the middle of the numbers above."""


MEMORY_BOTTOM, MEMORY_MIDDLE = MEMORY_TOP + MEMORY_HEIGHT, MEMORY_TOP + MEMORY_HEIGHT / 2
"""The bottom and the middle of h_n in memory."""
LINE_GAP = 2.0
"""Between the ends of a line and what it joins."""


def line_top(middle: float, size: float = words.NOTE) -> float:
    """The top of a line of text with a vertical middle."""
    return middle - words.line_height(size) / 2


def units_of(side: Side) -> int:
    """The number of units of a result."""
    *_, last_row = side.rows
    return max(len(result.values or ()) for result in last_row)


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
        is_stacked = self.space <= MAX_STACKED_WIDTH
        return self.space if is_stacked else (self.space - SIDES_GAP) / 2

    @property
    def count(self) -> int:
        """The number of columns."""
        columns = self.side.columns
        return columns if isinstance(columns, int) else len(columns)

    @property
    def pitch(self) -> float:
        """The distance between two columns."""
        return (self.width - NAMES_WIDTH) / self.count

    def middle(self, column: int) -> float:
        """The middle of a column."""
        return NAMES_WIDTH + (column + 0.5) * self.pitch

    @property
    def chip(self) -> Chip:
        """The look of a result."""
        return Chip(
            width=min(MAX_VECTOR_WIDTH, self.pitch - 6),
            font_size=VECTOR_FONT_SIZE,
            line_height=VECTOR_LINE_HEIGHT,
        )

    @property
    def visible_units(self) -> Excerpt:
        """The units to draw."""
        return excerpt(units_of(self.side))

    def block(self) -> Block:
        """All parts, one below the other."""
        is_right = self.name == "right"
        parts = [verdict_block(self.name, self.claim, right=is_right), self._code()]
        stored, read = self.side.bands
        if stored:
            parts.append(self._bands(stored, read))
        if self.side.steps:
            parts.append(self._state_route())
        parts.append(self._from_memory() if self.side.memory else self._numbers())
        column = block_column(parts, PARTS_GAP)
        return column._replace(width=self.width)

    def _code(self) -> Block:
        """The lines of code in a frame, as high as that of the other way."""
        lines = [code_block(line, self.width - 2 * CODE_PADDING) for line in self.side.code]
        code = block_column(lines, gap=0)
        height = max(code.height, words.LINE_HEIGHT * self.lines)
        return framed_block(code._replace(height=height), CODE_PADDING, width=self.width)

    def _from_memory(self) -> Block:
        """The order of h_n in memory, and lines to the halves of each sequence."""
        name, _ = words.paragraph(0, line_top(MEMORY_MIDDLE), sentence("h_n"), 40, fill="ink")
        marks: list[Mark] = [name]
        vectors_by_sequence: list[list[Mark]] = [[], []]
        boxes_by_direction: list[list[Mark]] = [[], []]
        for half, results in enumerate(self.side.rows):
            for sequence, result in enumerate(results):
                source_direction, source_sequence = self.side.memory[half][sequence]
                box, index = self._memory_element(source_direction, source_sequence, result)
                vector = self._copied_result(half, sequence, result)
                line = self._memory_line(box, vector, is_wrong=result.wrong)
                marks += [box, index, line, vector]
                vectors_by_sequence[sequence].append(vector)
                boxes_by_direction[source_direction].append(box)
        height = MEMORY_BOTTOM + MEMORY_GAP + self.chip.height(units_of(self.side))
        pairs = [f"{self.name}-{half}-{sequence}" for half in range(2) for sequence in range(2)]
        marks += self._unit_names(MEMORY_BOTTOM + MEMORY_GAP, pairs)
        for k, direction in enumerate(("forward", "reverse")):
            marks += [
                self._pair_name(
                    k,
                    MEMORY_TOP - NAME_OFFSET,
                    direction,
                    {"direction": direction},
                    boxes_by_direction[k],
                ),
                self._pair_name(
                    k, height + NAME_OFFSET, f"sequence {k}", {"sample": k}, vectors_by_sequence[k]
                ),
            ]
        return Block(self.width, height + NAME_OFFSET + 8, tuple(marks))

    @property
    def _memory_pitch(self) -> float:
        """The distance between two elements of h_n, or two halves, in the same pair."""
        return (self.width - NAMES_WIDTH - PAIR_GAP) / 4

    @property
    def _memory_chip(self) -> Chip:
        """The look of a result below h_n in memory."""
        return self.chip._replace(width=min(MAX_NARROW_VECTOR_WIDTH, self._memory_pitch - 4))

    def _memory_middle(self, pair: int, place: int) -> float:
        """The middle of the element at one of two places of a pair.

        In memory a pair is a direction, and its places are sequences. Below, a pair is
        a sequence, and its places are the halves of its row.
        """
        return NAMES_WIDTH + (2 * pair + place + 0.5) * self._memory_pitch + PAIR_GAP * pair

    def _pair_name(
        self, pair: int, y: float, name: str, names: dict[str, object], of: Sequence[Mark]
    ) -> Mark:
        """The name of a direction or of a sequence, in the middle of its pair."""
        return words.label(
            (self._memory_middle(pair, 0) + self._memory_middle(pair, 1)) / 2,
            y,
            name,
            names=names,
            of=of,
            along="column",
            style=words.FINE_STRONG,
            anchor="middle",
        )

    def _memory_element(self, direction: int, sequence: int, result: Result) -> tuple[Box, Group]:
        """The box of an element of h_n, and its index."""
        assert result.caption
        middle, width = self._memory_middle(direction, sequence), self._memory_chip.width
        box = Box(
            middle - width / 2,
            MEMORY_TOP,
            width,
            MEMORY_HEIGHT,
            radius=5,
            fill="panel",
            id=f"{self.name}-memory-{direction}-{sequence}",
            bound=(Node(Ref("h_n")[direction, sequence]),),
        )
        # The claim of the caption contains the index verbatim.
        index, _ = words.paragraph(
            middle,
            line_top(MEMORY_MIDDLE, words.SMALL),
            proven_code(f"[{direction}, {sequence}]", result.caption.says.claim),
            self._memory_pitch,
            size=words.SMALL,
            anchor="middle",
        )
        return box, index

    def _copied_result(self, half: int, sequence: int, result: Result) -> Group:
        """One half of the row of a sequence, below h_n."""
        assert result.values
        chip = self._memory_chip
        return chip.draw(
            self._memory_middle(sequence, half) - chip.width / 2,
            MEMORY_BOTTOM + MEMORY_GAP,
            result.values,
            result.values.part,
            id=f"{self.name}-{half}-{sequence}",
            term=result.term,
            wrong=result.wrong,
        )

    def _memory_line(self, box: Box, vector: Group, *, is_wrong: bool) -> Path:
        """A line from an element of h_n down to the result that copies it."""
        end = bounds([vector])
        start = (box.x + box.width / 2, MEMORY_BOTTOM + LINE_GAP)
        stop = ((end.left + end.right) / 2, end.top - LINE_GAP)
        # The line begins and ends vertically.
        half_way = (stop[1] - start[1]) / 2
        bends = (start[0], start[1] + half_way), (stop[0], stop[1] - half_way)
        return Path(
            (("M", start), ("C", *bends, stop)),
            stroke="neg" if is_wrong else "ink",
            stroke_width=styles.CURVE.plain.weight,
            bound=(Flow("copies", box.id, vector.id),),
        )

    def _numbers(self) -> Block:
        """The results below the headings of their columns."""
        marks: list[Mark] = []
        columns: list[list[Mark]] = [[] for _ in range(self.count)]
        bottom = HEADING_HEIGHT
        for row, results in enumerate(self.side.rows):
            # Nothing is below the last row.
            y = bottom if row == 0 else bottom + RESULT_GAP
            top = y + CAPTION_HEIGHT
            for column, result in enumerate(results):
                result_block = self._result(result, row, column, top)
                marks += [*self._caption(result, column, y + HEADING_MIDDLE), *result_block]
                columns[column] += result_block if result.values else []
            ids = [f"{self.name}-{row}-{n}" for n, result in enumerate(results) if result.values]
            marks += self._unit_names(top, ids) if ids else []
            bottom = top + self.chip.height(units_of(self.side))
        return Block(self.width, bottom, (*self._headings(columns), *marks))

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
                    HEADING_MIDDLE,
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

    def _caption(self, result: Result, column: int, y: float) -> list[Mark]:
        """The caption of a result with its middle at `y`; if it is wrong, with a sign."""
        middle = self.middle(column)
        if result.caption is None:
            return [verdict_sign(middle, y, right=not result.wrong)]
        caption = code_block(result.caption, self.pitch, fill="muted")
        if not result.wrong:
            left = middle - caption.width / 2
            return [shift(mark, left, line_top(y)) for mark in caption.marks]
        # The caption and the sign left of it are centred together.
        left = middle - caption.width / 2 + SIGN_RADIUS + 4
        sign = verdict_sign(left - SIGN_RADIUS - 5, y, right=False)
        return [*(shift(mark, left, line_top(y)) for mark in caption.marks), sign]

    def _result(self, result: Result, row: int, column: int, top: float) -> list[Mark]:
        """The numbers of a result, or an empty frame if it is missing."""
        chip = self.chip
        x = self.middle(column) - chip.width / 2
        if result.values:
            id = f"{self.name}-{row}-{column}"
            return [
                chip.draw(
                    x,
                    top,
                    result.values,
                    result.values.part,
                    id=id,
                    term=result.term,
                    wrong=result.wrong,
                )
            ]
        height = chip.height(units_of(self.side))
        label, _ = words.paragraph(
            self.middle(column),
            line_top(top + height / 2),
            sentence("missing"),
            chip.width,
            size=words.SMALL,
            anchor="middle",
        )
        empty = Box(x, top, chip.width, height, radius=5, stroke="neg", dash=styles.BOX.muted.dash)
        return [empty, label]

    def _unit_names(self, top: float, ids: Sequence[str]) -> list[Mark]:
        """The names of the units, left of results with that top and these ids."""
        names: list[Mark] = []
        for line, unit in enumerate(self.visible_units.lines):
            if isinstance(unit, Gap):
                continue
            names.append(
                words.label(
                    0,
                    top + VECTOR_PADDING + self.chip.line_height * (line + 0.5),
                    f"unit {unit}",
                    names={"unit": unit},
                    of=[f"{id}-{unit}" for id in ids],
                    along="row",
                    style=words.FINE,
                )
            )
        return names

    def _bands(self, stored: str, read: str) -> Block:
        """The gates as stored in the file, and as the module reads them."""
        marks: list[Mark] = []
        text_offset = 4  # From the top of a box to that of its text.
        for y, heading, gates in ((0.0, "the bands are", stored), (BANDS_PITCH, "read as", read)):
            label, _ = words.paragraph(0, y + text_offset, sentence(heading), 110, size=words.SMALL)
            marks.append(label)
            for k, gate in enumerate(gates):
                claim = ""
                # Two rows of the wrong side and both of the right one may be alike, so
                # only this one is proven.
                if gates == stored and self.name == "wrong":
                    claim = (
                        f"torch.allclose(file['weight_ih_l0'].chunk(4)[{k}], "
                        f"kept['weight_ih_l0'].chunk(4)[{GATES.index(gate)}], "
                        "equal_nan=True)"
                    )
                x, paint = BANDS_LEFT + BAND_PITCH * k, TERMS[gate].role
                letter, _ = words.paragraph(
                    x + BAND_WIDTH / 2,
                    y + text_offset,
                    sentence(gate, claim=claim),
                    20,
                    anchor="middle",
                    fill=paint,
                    bold=True,
                )
                box = Box(
                    x,
                    y,
                    BAND_WIDTH,
                    BAND_HEIGHT,
                    radius=4,
                    fill=tint(paint),
                    stroke="neg" if gate != stored[k] else None,
                    stroke_width=styles.CELL.strong.weight,
                )
                marks += [box, letter]
        return Block(self.width, BANDS_PITCH + BAND_HEIGHT, tuple(marks))

    def _state_route(self) -> Block:
        """Two sequences, and the route of the state through them."""
        steps, width, height, tops = self.side.steps, STEP_WIDTH, STEP_HEIGHT, STEP_TOPS
        pitch = min(MAX_STEP_PITCH, (self.width - STEPS_LEFT) / steps)
        lefts = [STEPS_LEFT + t * pitch for t in range(steps)]
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
                STEP_NUMBERS_MIDDLE,
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
                    STEPS_LEFT - 8,
                    tops[n] + height / 2,
                    str(n),
                    names={"sample": n},
                    of=sequence,
                    style=words.FINE,
                    anchor="end",
                )
            )
        return Block(self.width, max(tops) + height, tuple(marks))

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
        """An arrow with its ends: a step and its sequence, and the ones the state visits next."""
        step, sequence, next_step, next_sequence = ends
        tail, head = f"way-{step}-{sequence}", f"way-{next_step}-{next_sequence}"
        flow = Flow("visits", f"{self.name}-{tail}", f"{self.name}-{head}")
        return arrow_mark._replace(bound=(flow,))
