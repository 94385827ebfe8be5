"""The sums of all units: the addends of each row, as numbers and as bars."""

from collections.abc import Mapping
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from ...layout import styles, words
from ...layout.excerpts import Gap, excerpt, short_excerpt
from ...layout.motifs import over_time, weight_rows
from ...layout.number_lists import number_list
from ...layout.shapes import round_arrow
from ...model.layer_run import LayerRun
from ...model.lstm import GATES
from ...model.reference import Number, Ref
from ...proof.bindings import Flow, Length, Node, Sample, Scale, Sentence, sentence
from ...proof.digits import decimals, text
from ...scene.marks import Box, Mark, Path, Text
from ...scene.terms import TERMS
from ...scene.theme import Paint, tint
from .base import VECTOR_HEIGHT, CellInput

MAX_UNITS, MAX_UNITS_NARROW = 4, 2
"""With more units, three of them are drawn; in a wide and in a narrow figure."""


class Sizes(NamedTuple):
    """Sizes of the parts of a row.

    Attributes:
        number: The font size of numbers.
        max_chars: The most characters of a number.
        cell: The width of a column.
        sign: The width of a sign between columns.
        arrows: The width left of a column for the arrows from its vector; 0 without
            arrows, in a narrow figure.
        row: The height of a row.
        bar: The height of the bar of an addend.
        bar_offset: From the middle of a row down to its bars; 0 if the bars are
            beside the numbers.
        number_offset: From the middle of a row up to its numbers.
    """

    number: float
    max_chars: int
    cell: float
    sign: float
    arrows: float
    row: float
    bar: float
    bar_offset: float = 0
    number_offset: float = 0


WIDE = Sizes(number=words.NUMBER, max_chars=6, cell=52, sign=18, arrows=20, row=46, bar=6)
"""The sizes in the wide form."""
WIDE_MANY = WIDE._replace(row=29, bar=3)
"""The same if more than two units are drawn."""
NARROW = Sizes(
    number=words.SMALL,
    max_chars=5,
    cell=41,
    sign=17,
    arrows=0,
    row=64,
    bar=5,
    bar_offset=12,
    number_offset=19,
)
"""The sizes in the narrow form."""
BAR_GAP, SUM_BAR_EXTRA = 1.0, 4.0
"""The gap between two bars, and how much higher that of the sum is."""
BAND_GAP = 6.0
"""The gap between the rows of two gates."""
VECTOR_GAP, VECTOR_PADDING, NARROW_VECTOR_LEFT = 8.0, 4.0, 54.0
"""The gap between both vectors, the padding of their frames, and the left of these frames
in the narrow form."""
MAX_ELEMENTS = 8
"""A longer vector is printed as an excerpt."""
ALIGNED_ELEMENTS = 40
"""The numbers of a vector align with this many of its first ones."""
MIN_ELEMENT_WIDTH = 30.0
"""The least width of an element of a vector."""
HEADINGS_HEIGHT, HEADING_OFFSET = 38.0, 15.0
"""The height of the headings of columns, and from the rows up to the middle of a heading."""
SWATCH_WIDTH, SWATCH_OFFSET = 26.0, 5.0
"""The width of the sample of a bar below a heading, and from the rows up to its top."""
CHUNK_NAME_WIDTH, CHUNK_NAME_GAP, CHUNK_NAME_SIZE = 26.0, 5.0, 16.0
"""The width of the names of the chunks of z, the gap before one, and its font size."""
FRAME_MARGIN = 2.0
"""Between the frame around z and its chunks, and between boxes and the rows beside them."""
BOTTOM_HEIGHT, TICK_OFFSET, CHUNK_CODE_OFFSET = 24.0, 11.0, 13.0
"""The height below the rows, and from them down to the middles of the ticks and of the code
below z."""
MAX_TICKS, MAX_OVERHANG, MIN_AXIS_WIDTH = 6, 24.0, 40.0
"""The most ticks of the axis of bars, how far their labels may reach beyond it, and its
least width."""
AXIS_MARGIN = 0.04
"""The space between the longest bars and the ends of the axis, as a share of its range."""
ADDENDS = {"ih": "W_{ih}·x", "hh": "W_{hh}·h", "bias_ih": "b_{ih}", "bias_hh": "b_{hh}"}
"""Name of an addend -> its symbol."""

SOURCE_PAINTS: dict[str, Paint] = {
    "ih": "ink",
    "hh": "ink:70",
    "bias_ih": "ink:50",
    "bias_hh": "ink:50",
}
"""Name of an addend -> the paint of its bars: of x, of h_prev, and of both biases."""

Values = dict[tuple[str, int], Number]
"""Gate and unit of a row -> the number in a column."""


def all_units(subject: LayerRun, width: float, step: int) -> CellInput:
    """The rows of all units, or of some if there are many."""
    return _AllUnits(subject, width, step)


class _AllUnits(CellInput):
    """A row for each gate of each unit: addends, their sum, and bars.

    Attributes:
        units: The units that have rows.
        sizes: The sizes of the parts of a row.
        rows: The vertical positions of the rows.
        values: Name of an addend -> its value in each row.
        z: The sum of each row.
        partial_sums: The sums after each addend, of the rows that are finite.
        lefts: Name of a column -> its left.
        scale: The axis of the bars; None without bars.
    """

    def __init__(self, subject: LayerRun, width: float, step: int):
        super().__init__(subject, width, step)
        size = subject.weights.hidden_size
        self.units = tuple(range(size))
        if size > (MAX_UNITS_NARROW if self.narrow else MAX_UNITS):
            self.units = (0, 1, size - 1)
        self.sizes = NARROW if self.narrow else WIDE
        if len(self.units) > 2 and not self.narrow:
            self.sizes = WIDE_MANY
        self.rows = weight_rows.Rows(
            self.units,
            size,
            top=2 * VECTOR_HEIGHT + VECTOR_GAP + HEADINGS_HEIGHT,
            height=self.sizes.row,
            gap=BAND_GAP,
            is_narrow=self.narrow,
        )
        names = [name for name in ADDENDS if self.has_bias or not name.startswith("bias")]
        self.values = {name: self.column_values(name) for name in names}
        self.z = {
            (gate, unit): subject.vector(f"z_{gate}", self.t)[unit]
            for gate, unit in self.rows.gate_unit_pairs
        }
        self.partial_sums = self.finite_partial_sums()
        self.lefts = self.column_lefts()
        self.scale = self.bar_scale()
        if self.narrow and self.scale is None:
            # No bars fit or no sum is finite, so centre the numbers in their row.
            self.sizes = self.sizes._replace(bar_offset=0, number_offset=0)

    def column_values(self, name: str) -> Values:
        """The numbers in a column."""
        values = {}
        for gate, unit in self.rows.gate_unit_pairs:
            row = self.rows.row(gate, unit)
            values[gate, unit] = (
                self.subject.parameter(name, row)
                if name.startswith("bias")
                else self.subject.result(name, self.t, 0, row)
            )
        return values

    def finite_partial_sums(self) -> dict[tuple[str, int], list[float]]:
        """The sums after each addend; a narrow figure has all rows or none."""
        sums = {}
        for pair, z in self.z.items():
            row_sums = [*accumulate(float(v[pair].value) for v in self.values.values())]
            if np.isfinite([*row_sums, z.value]).all():
                sums[pair] = row_sums
        return {} if self.narrow and len(sums) < len(self.z) else sums

    def column_lefts(self) -> dict[str, float]:
        """The left of each column."""
        x = self.rows.left
        lefts: dict[str, float] = {}
        for name in self.values:
            if lefts:
                x += self.sizes.sign
            if name in ("ih", "hh"):
                x += self.sizes.arrows
            lefts[name] = x
            x += self.sizes.cell
        lefts["z"] = x + self.sizes.sign
        return lefts

    def bar_scale(self) -> Scale | None:
        """A scale for all partial sums; None without sums or without space."""
        left = self.rows.left
        if not self.narrow:
            left = self.lefts["z"] + self.sizes.cell + CHUNK_NAME_WIDTH
        right = self.space - FRAME_MARGIN
        if right - left < MIN_AXIS_WIDTH or not self.partial_sums:
            return None
        ends = [value for row_sums in self.partial_sums.values() for value in row_sums]
        low, high = min(0.0, *ends), max(0.0, *ends)
        if low == high:
            # All addends are 0, so any scale will do.
            low, high = -1.0, 1.0
        margin = AXIS_MARGIN * (high - low)
        return Scale(low - margin, high + margin, left, right)

    def marks(self) -> tuple[list[Mark], float]:
        ids = [f"{name}-{self.t}-{{row}}" for name in (*self.values, "z")]
        # The bar of a gate's letter also spans the bars of sums that are below numbers.
        are_bars_below = self.sizes.bar_offset and self.scale is not None
        bar_ids = [f"z-{self.t}-{{row}}-bar"] if are_bars_below else []
        marks: list[Mark] = weight_rows.gutter_marks(
            self.rows, ids, index_lift=self.sizes.number_offset, other_ids=bar_ids
        )
        for name, column, y in (("x", "ih", 0), ("h_prev", "hh", VECTOR_HEIGHT + VECTOR_GAP)):
            left = self.lefts[column] - self.sizes.arrows
            marks += self.vector(name, NARROW_VECTOR_LEFT if self.narrow else left, y)
            marks += self.arrows(name, column, left, y)
        first_name, *_ = self.values
        for name in self.values:
            if name != first_name:
                marks += self.operators(name, "+")
            marks += self.column(name)
        marks += [*self.operators("z", "="), *self.sum_column()]
        if self.scale is not None:
            marks += self.axis(self.scale)
            for pair, sums in self.partial_sums.items():
                marks += self.bars(pair, sums, self.scale)
        return marks, self.rows.bottom + BOTTOM_HEIGHT

    def vector(self, name: str, x: float, y: float) -> list[Mark]:
        """A vector as a row of numbers in a frame, with its name at the left.

        A long vector is an excerpt.
        """
        values, role, id = self.subject.vector(name, self.t), TERMS[name].role, f"{name}-{self.t}"
        aligned = values[:ALIGNED_ELEMENTS]
        alignment = words.NumberAlignment.of(
            aligned, 5, decimals(number.value for number in aligned)
        )
        column_width = max(MIN_ELEMENT_WIDTH, alignment.width(words.SMALL) + 8)
        count, middle = len(values), y + VECTOR_HEIGHT / 2
        max_columns = int((self.space - x - VECTOR_PADDING) / column_width)
        is_complete = count <= min(max_columns, MAX_ELEMENTS)
        lines = (excerpt(count, max_unfolded=count) if is_complete else short_excerpt(count)).lines
        frame = Box(
            x,
            y,
            column_width * len(lines) + VECTOR_PADDING,
            VECTOR_HEIGHT,
            radius=4,
            stroke=role,
            id=id,
            term=name,
            bound=(Node(Ref(name)[self.t, 0]),),
        )
        numbers: list[Mark] = []
        for k, element in enumerate(lines):
            number_x = x + VECTOR_PADDING / 2 + (k + 0.5) * column_width
            numbers.append(
                words.operator(number_x, middle, "…")
                if isinstance(element, Gap)
                else alignment.number(
                    number_x,
                    middle,
                    values[element],
                    size=words.SMALL,
                    max_chars=5,
                    id=f"{id}-{element}",
                    term=name,
                )
            )
        label = words.label(
            x - 6,
            middle,
            name,
            names={"tensor": name},
            of=numbers,
            style=words.STRONG,
            fill=role,
            anchor="end",
            term=name,
        )
        return [frame, label, *numbers]

    def arrows(self, name: str, column: str, x: float, y: float) -> list[Mark]:
        """Arrows from a vector to its products in the bands of all four gates."""
        if self.narrow:
            return []
        marks: list[Mark] = []
        sizes, size = self.sizes, self.rows.hidden_size
        for k, gate in enumerate(GATES):
            top, bottom = self.band_ends(gate)
            id = f"{column}-{self.t}-{gate}"
            marks.append(
                Box(
                    x + sizes.arrows - 1,
                    top,
                    sizes.cell + 2,
                    bottom - top,
                    radius=4,
                    fill="panel",
                    id=id,
                    term=f"{column} {gate}",
                    bound=(Node(Ref(column)[self.t, 0, k * size : (k + 1) * size]),),
                )
            )
            level = (top + bottom) / 2
            line_x = x + 7
            arrow = round_arrow(
                (line_x, y + VECTOR_HEIGHT),
                (line_x, level),
                (x + sizes.arrows - 2, level),
                paint=TERMS[name].role,
                term=f"{name} {gate}",
            )
            flow = Flow("makes", f"{name}-{self.t}", id)
            marks.append(arrow._replace(bound=(flow,)))
        return marks

    def band_ends(self, gate: str) -> tuple[float, float]:
        """The top and the bottom of the rows of a gate, without the gaps around them."""
        middles = [self.rows.y(gate, unit) for unit in self.units]
        half = self.sizes.row / 2 - FRAME_MARGIN
        return min(middles) - half, max(middles) + half

    def operators(self, column: str, sign: str) -> list[Mark]:
        """The signs left of a column, and left of its arrows if it has any."""
        arrows_width = self.sizes.arrows if column == "hh" else 0
        x = self.lefts[column] - arrows_width - self.sizes.sign / 2
        return [
            words.operator(x, self.rows.y(*pair) - self.sizes.number_offset, sign)
            for pair in self.rows.gate_unit_pairs
        ]

    def column(self, name: str) -> list[Mark]:
        """The heading and the numbers of a column of addends."""
        heading = words.label(
            self.middle(name),
            self.rows.top - HEADING_OFFSET,
            ADDENDS[name],
            names={"tensor": name},
            of=[f"{name}-{self.t}-*"],
            along="column",
            anchor="middle",
            term=name,
            style=words.FINE if self.narrow else words.PLAIN,
        )
        return [heading, *self.swatch(name), *self.numbers(name, self.values[name]).values()]

    def swatch(self, name: str) -> list[Mark]:
        """The paint of the bars of a column, below its heading."""
        if self.scale is None:
            return []
        sample = Sample((f"{name}-{self.t}-*-bar",))
        return [
            Box(
                self.middle(name) - SWATCH_WIDTH / 2,
                self.rows.top - SWATCH_OFFSET,
                SWATCH_WIDTH,
                self.sizes.bar,
                fill=SOURCE_PAINTS[name],
                bound=(sample,),
            )
        ]

    def middle(self, name: str) -> float:
        """The middle of a column."""
        return self.lefts[name] + self.sizes.cell / 2

    def numbers(self, name: str, values: Values) -> dict[tuple[str, int], Text]:
        """The numbers of a column of addends or, named z, of sums."""
        max_chars, is_sum = self.sizes.max_chars, name == "z"
        alignment = words.NumberAlignment.of(values.values(), max_chars)
        return {
            (gate, unit): alignment.number(
                self.middle(name),
                self.rows.y(gate, unit) - self.sizes.number_offset,
                value,
                size=self.sizes.number,
                max_chars=max_chars,
                bold=is_sum and self.narrow,
                id=f"{name}-{self.t}-{self.rows.row(gate, unit)}",
                term=f"z_{gate}" if is_sum else f"{name} {gate}",
            )
            for (gate, unit), value in values.items()
        }

    def sum_column(self) -> list[Mark]:
        """The heading, the chunks and the numbers of the column of sums."""
        head, _ = words.paragraph(
            self.middle("z"),
            self.rows.top - HEADING_OFFSET - words.LINE_HEIGHT / 2,
            sentence("z"),
            40,
            size=words.LABEL,
            anchor="middle",
            fill="ink",
            bold=True,
        )
        numbers = self.numbers("z", self.z)
        chunks = [] if self.narrow else self.chunks(numbers)
        return [*chunks, head, *numbers.values()]

    def chunks(self, numbers: Mapping[tuple[str, int], Text]) -> list[Mark]:
        """A frame around all sums as one tensor, and the name of each quarter."""
        marks: list[Mark] = []
        sizes, rows, x = self.sizes, self.rows, self.lefts["z"]
        for gate in GATES:
            top, bottom = self.band_ends(gate)
            paint = TERMS[gate].role
            marks += [
                Box(x, top, sizes.cell, bottom - top, radius=4, fill=tint(paint)),
                words.label(
                    x + sizes.cell + CHUNK_NAME_GAP,
                    (top + bottom) / 2,
                    f"z_{{{gate}}}",
                    names={"tensor": f"z_{gate}", "gate": gate},
                    of=[numbers[gate, unit] for unit in self.units],
                    along="band",
                    fill=paint,
                    style=words.GATE._replace(size=CHUNK_NAME_SIZE),
                    term=f"z_{gate}",
                ),
            ]
        frame = Box(
            x - FRAME_MARGIN,
            rows.top - FRAME_MARGIN,
            sizes.cell + 2 * FRAME_MARGIN,
            rows.bottom - rows.top + 2 * FRAME_MARGIN,
            radius=6,
            stroke="ink",
        )
        code, _ = words.paragraph(
            self.middle("z"),
            rows.bottom + CHUNK_CODE_OFFSET - words.line_height(words.SMALL) / 2,
            sentence("z.chunk({})", self.chunk_count()),
            sizes.cell + 2 * CHUNK_NAME_WIDTH,
            size=words.SMALL,
            anchor="middle",
        )
        return [*marks, frame, code]

    def chunk_count(self) -> tuple[int, str]:
        """How many gates z is cut into, and the expression of that."""
        return len(GATES), f"len({self.subject.ref('weight_ih')}) // c.shape[-1]"

    def axis(self, scale: Scale) -> list[Mark]:
        """Lines at round values; behind the bars alone if these are below numbers."""
        rows, sizes = self.rows, self.sizes
        spans = [(rows.top, rows.bottom)]
        if sizes.bar_offset:
            # The lines must not pass through the numbers.
            half = sizes.row / 2 - sizes.bar_offset
            middles = [rows.y(*pair) + sizes.bar_offset for pair in rows.gate_unit_pairs]
            spans = [(y - half, y + half) for y in middles]
        marks: list[Mark] = []
        for value in over_time.ticks_across(
            scale, MAX_TICKS, scale.start - MAX_OVERHANG, scale.stop + MAX_OVERHANG
        ):
            x = scale(value)
            lines = [
                command
                for top, bottom in spans
                for command in (("M", (x, top)), ("L", (x, bottom)))
            ]
            paint = "muted" if value == 0 else "rule"
            marks += [
                Path(tuple(lines), stroke=paint, stroke_width=styles.LINE.muted.weight),
                words.tick(x, rows.bottom + TICK_OFFSET, over_time.tick_text(value), "middle"),
            ]
        return marks

    def bars(self, pair: tuple[str, int], sums: list[float], scale: Scale) -> list[Mark]:
        """The bars of a row: each addend starts where the one before ended."""
        (gate, _), row, sizes = pair, self.rows.row(*pair), self.sizes
        exprs = [
            str(Ref(name)[self.t, 0, row]) if name in ("ih", "hh") else numbers[pair].expr
            for name, numbers in self.values.items()
        ]
        sum_height = sizes.bar + SUM_BAR_EXTRA
        bars_height = len(self.values) * (sizes.bar + BAR_GAP) + sum_height
        y = self.rows.y(*pair) + sizes.bar_offset - bars_height / 2
        marks: list[Mark] = []
        before = 0.0
        for k, (name, after) in enumerate(zip(self.values, sums, strict=True)):
            left, right = sorted((scale(before), scale(after)))
            # The expression is of both ends; the first bar begins at 0.
            expr = " + ".join(exprs[: k + 1])
            if k:
                expr = f"torch.stack([{' + '.join(exprs[:k])}, {expr}])"
            marks.append(
                Box(
                    left,
                    y,
                    right - left,
                    sizes.bar,
                    fill=SOURCE_PAINTS[name],
                    id=f"{name}-{self.t}-{row}-bar",
                    term=f"{name} {gate}",
                    bound=(Length(expr, "width", scale),),
                )
            )
            before, y = after, y + sizes.bar + BAR_GAP
        z = self.z[pair]
        left, right = sorted((scale(0), scale(float(z.value))))
        marks.append(
            Box(
                left,
                y,
                right - left,
                sum_height,
                fill=TERMS[gate].role,
                id=f"z-{self.t}-{row}-bar",
                term=f"z_{gate}",
                bound=(Length(z.expr, "width", scale),),
            )
        )
        return marks

    def title(self) -> Sentence:
        return sentence("Every gate reads all of x and h_prev")

    def lead(self) -> Sentence:
        if self.scale is None:
            return sentence("Each row is one sum, which ends in z.")
        return sentence(
            "Each row is one sum. Its bars are what is added, one after the other; the last is z."
        )

    def sentences(self) -> list[str]:
        subject, t = self.subject, self.t
        sentences = [f"Step {subject.step_number(t)}"]
        sentences += [
            f"{name} is {number_list(subject.vector(name, t))}" for name in ("x", "h_prev")
        ]
        for gate, unit in self.rows.gate_unit_pairs:
            added = " + ".join(text(numbers[gate, unit].value) for numbers in self.values.values())
            z = text(self.z[gate, unit].value)
            sentences.append(f"Gate {gate}, row {self.rows.row(gate, unit)}: {added} = {z}")
        return sentences

    def notes(self) -> list[Sentence]:
        size = self.subject.weights.hidden_size
        notes = []
        if self.narrow:
            # The wide form shows this at z.
            template = "z is one tensor, which z.chunk({}) cuts into four."
            notes.append(sentence(template, self.chunk_count()))
        if len(self.units) < size:
            *some, last = map(str, self.units)
            notes.append(
                sentence(
                    "The rows of units {}, of {}, are drawn.",
                    (f"{', '.join(some)} and {last}", str(self.units)),
                    (size, "c.shape[-1]"),
                )
            )
        return notes
