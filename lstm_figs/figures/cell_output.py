"""The figure `cell-output`: from the sums before the gates to c and h, one column a unit."""

from functools import cached_property
from typing import NamedTuple

from ..layout import words
from ..layout.excerpts import Gap, excerpt, left_out_notes
from ..layout.margins import inner_width
from ..layout.motifs import vectors, wires
from ..layout.motifs.step_vectors import PRODUCTS, StepVectors
from ..layout.motifs.unit_columns import (
    HEIGHT_WITH_BARS,
    HEIGHT_WITHOUT_BARS,
    STATISTICS,
    UnitColumns,
    statistics,
)
from ..layout.motifs.vectors import Bars
from ..layout.number_lists import number_list
from ..layout.provenance import provenance, source, step_items
from ..model.layer_run import LayerRun
from ..model.lstm import GATES
from ..proof.bindings import Sentence, sentence
from ..scene.marks import Mark, Path
from ..scene.scenes import Diagram, Head
from ..scene.terms import GATE_NAMES

GUTTER, CODE_WIDTH = 76.0, 130.0
"""The widths left of the columns, and right of them for the code of each row."""
MEETING_GAP = 26.0
"""The distance from the columns to the sentence on where units meet again."""
MAX_COLUMN_WIDTH = 220.0
"""The largest width of a column."""


class Row(NamedTuple):
    """A quantity that every unit has.

    Attributes:
        name: The vector, or one of `PRODUCTS`.
        part: The block of rows, as part of the ids.
        label: Its name as it is printed.
        code: The code that computes it.
    """

    name: str
    part: str
    label: str
    code: str


def cell_output(subject: LayerRun, width: float, *, step: int = 2) -> Diagram:
    """From the sums before the gates to c and h, one column a unit.

    Args:
        subject: The layer run to draw.
        width: The width that the figure may use.
        step: The time step, counted from 1.
    """
    table = _Table(subject, subject.step_index(step), width)
    marks, height = table.marks()
    return Diagram(
        heading=table.head(),
        description=table.description(),
        width=inner_width(width),
        height=height,
        marks=tuple(marks),
        figure_width=width,
    )


class _Table(StepVectors):
    """A column for each unit, from its sums down to h."""

    def __init__(self, subject: LayerRun, t: int, width: float):
        super().__init__(subject, t)
        self.width = width
        narrow = width < 640
        size = subject.weights.hidden_size
        units = excerpt(size, visible_count=4, max_unfolded=5) if narrow else excerpt(size)
        columns = UnitColumns(
            units,
            GUTTER - 10 if narrow else GUTTER,
            vectors.vector_look(1, narrow=narrow),
            units.is_folded and not narrow,
        )
        self.has_code = not narrow and not columns.has_statistics
        space = inner_width(width) - columns.left - (CODE_WIDTH if self.has_code else 0)
        column_width = min(MAX_COLUMN_WIDTH, space / columns.total)
        look = columns.look
        if column_width < 56:
            look = vectors.vector_look(1, narrow=True)
        rows = [row for block in self.blocks for row in block]
        self.columns = columns._replace(look=look._replace(width=column_width)).formatted_for(
            *(self.values(row.name) for row in rows)
        )

    @cached_property
    def scale_max(self) -> float:
        """The largest magnitude that a bar or the outline of i·g reaches, at least 1."""
        names = ("c_prev", "kept", "c", "tanh_c", "g")
        keep, g = self.values("kept"), self.values("g")
        ends = [
            abs(float(keep[unit].value)) + abs(float(g[unit].value))
            for unit in self.columns.visible.indices
        ]
        finite_ends = [end for end in ends if end < float("inf")]
        return max(1.0, vectors.largest_visible(*map(self.values, names)), *finite_ends)

    def row_id(self, row: Row) -> str:
        """The prefix of the ids of a row."""
        vector = "-".join(PRODUCTS.get(row.name, (row.name,)))
        return f"{vector}-{row.part}-{self.t}"

    @property
    def blocks(self) -> list[list[Row]]:
        """The rows in blocks, from top to bottom."""
        last = (
            Row("shown", "h", "o·tanh c", "o * tanh(c)")
            if self.is_projected
            else Row("h", "h", "h", "o * tanh(c)")
        )
        return [
            [Row(f"z_{gate}", "gates", f"z_{{{gate}}}", "") for gate in GATES],
            [Row(gate, "gates", gate, f"{GATE_NAMES[gate].function}(z_{gate})") for gate in GATES],
            [
                Row("c_prev", "c", "c_prev", ""),
                Row("kept", "c", "f·c_prev", "f * c_prev"),
                Row("written", "c", "i·g", "i * g"),
                Row("c", "c", "c", "f * c_prev + i * g"),
            ],
            [Row("tanh_c", "h", "tanh c", "tanh(c)"), last],
        ]

    def bars(self, name: str) -> Bars | None:
        """The bars of a row; None for the sums, which have none."""
        if name.startswith("z_"):
            return None
        if name == "written":
            keep, g = self.values("kept"), self.values("g")
            return Bars(
                paint="gate-i",
                max_magnitude=self.scale_max,
                gated=keep + g,
                outline="gate-g",
                start=keep,
                ends=self.values("c"),
            )
        return super().bars(name)

    def marks(self) -> tuple[list[Mark], float]:
        """All marks, and the height of the table."""
        rows = [row for block in self.blocks for row in block]
        marks = self.columns.heads(14, [f"{self.row_id(row)}-{{}}" for row in rows])
        y = 22.0
        for block in self.blocks:
            y += 8
            for row in block:
                bars = self.bars(row.name)
                height = HEIGHT_WITH_BARS if bars else HEIGHT_WITHOUT_BARS
                middle = y + height / 2 - (5 if bars else 0)
                marks += self.row(row, bars, middle)
                y += height
        end = y + 2
        middle = self.columns.middle
        lines, bottom = words.paragraph(
            middle,
            end + MEETING_GAP,
            self.meeting(),
            2 * min(middle, inner_width(self.width) - middle),
            size=words.SMALL,
            anchor="middle",
        )
        return [*self.columns.panels(end), *marks, *self.junction(end), lines], bottom

    def junction(self, y: float) -> list[Mark]:
        """The lines below the columns, which join above the sentence on where units meet."""
        units = self.columns.visible.lines
        middles = [self.columns.x(k) for k, unit in enumerate(units) if not isinstance(unit, Gap)]
        beam, end = y + MEETING_GAP / 2, y + MEETING_GAP - 3
        lines = [(("M", (x, y)), ("L", (x, beam))) for x in middles]
        middle = self.columns.middle
        lines.append((("M", (middles[0], beam)), ("L", (middles[-1], beam))))
        lines.append((("M", (middle, beam)), ("L", (middle, end))))
        return [Path(line, stroke="muted", stroke_width=wires.WIRE_WIDTH) for line in lines]

    def meeting(self) -> Sentence:
        """Where the units meet again: in a projected h, else at the next step."""
        proj_size = self.subject.weights.proj_size
        if proj_size:
            return sentence(
                "Units meet again in h, which is weight_hr @ (o * tanh(c)) and has length {}.",
                (proj_size, f"{self.subject.module_variable}.proj_size"),
                claim="h_prev.shape[-1] < c_prev.shape[-1]",
            )
        return sentence(
            "Units meet again at the next step, in weight_hh @ h.",
            claim="h_prev.shape[-1] == c_prev.shape[-1]",
        )

    def row(self, row: Row, bars: Bars | None, y: float) -> list[Mark]:
        """One row: its name, its numbers, and its code."""
        columns, values = self.columns, self.values(row.name)
        marks = columns.row(y, values, bars, id=self.row_id(row), term=self.term(row.name))
        marks.append(
            vectors.vector_name(
                (columns.left - 8, y),
                row.label,
                self.tensor(row.name),
                f"{self.row_id(row)}-*",
                "row",
                anchor="end",
            )
        )
        if self.has_code and row.code:
            paragraph, _ = words.paragraph(
                columns.right + 12, y - 9, sentence(row.code), CODE_WIDTH, size=words.SMALL
            )
            marks.append(paragraph)
        return marks

    def head(self) -> Head:
        subject = self.subject
        label = subject.step_number(self.t)
        notes = [
            sentence(
                "Dashed is what there is, filled what is let through; i·g begins where f·c_prev "
                "ends."
            )
        ]
        notes += left_out_notes(("unit", self.columns.visible, "c.shape[-1]"))
        if self.columns.has_statistics:
            notes.append(sentence("min, mean and max are over all units."))
        return Head(
            sentence("From its sums on, each unit stands alone"),
            sentence(
                "From the four sums z at the top down to the last row, no number "
                "leaves the column of its unit."
            ),
            provenance(subject, *step_items(subject, label)),
            tuple(notes),
            source(subject),
        )

    def description(self) -> str:
        """Each visible unit, then statistics over all units if some are left out."""
        sentences = [f"Step {self.subject.step_number(self.t)}."]
        sentences += map(self.unit_text, self.columns.visible.indices)
        if self.columns.has_statistics:
            last = self.blocks[-1][-1]
            for name, label in (*((g, g) for g in GATES), ("c", "c"), (last.name, last.label)):
                by_statistic = statistics(self.values(name))
                minimum, mean, maximum = (number_list([by_statistic[s]]) for s in STATISTICS)
                sentences.append(
                    f"Over all units {label} goes from {minimum} to {maximum}, on average {mean}."
                )
        return " ".join(sentences)

    def unit_text(self, unit: int) -> str:
        """The equations of a unit, with its numbers."""

        def text(name: str) -> str:
            return number_list([self.values(name)[unit]])

        last = self.blocks[-1][-1]
        gates = "; ".join(
            f"{gate} = {GATE_NAMES[gate].function}({text(f'z_{gate}')}) = {text(gate)}"
            for gate in GATES
        )
        return (
            f"Unit {unit}: {gates}; "
            f"c = {text('f')} × {text('c_prev')} + {text('i')} × {text('g')} = "
            f"{text('kept')} + {text('written')} = {text('c')}; "
            f"{last.label} = {text('o')} × tanh(c) = "
            f"{text('o')} × {text('tanh_c')} = {text(last.name)}."
        )
