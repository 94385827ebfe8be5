"""The figure `cell-output`: from the sums before the gates to c and h, one column a unit."""

from functools import cached_property
from typing import NamedTuple

from ..layout import styles, words
from ..layout.excerpts import Gap, excerpt, left_out_notes
from ..layout.margins import inner_width
from ..layout.motifs import vectors, wires
from ..layout.motifs.step_vectors import PRODUCTS, StepVectors
from ..layout.motifs.unit_columns import HEIGHT_WITH_BARS, STATISTICS, UnitColumns, statistics
from ..layout.motifs.vectors import Bars
from ..layout.number_lists import largest_magnitude, number_list
from ..layout.provenance import provenance, source, step_items
from ..model.layer_run import LayerRun
from ..model.lstm import GATES
from ..proof.bindings import Sentence, sentence
from ..scene.marks import Mark, Path
from ..scene.scenes import Diagram, Head
from ..scene.terms import GATE_NAMES, TERMS

GUTTER, CODE_WIDTH = 76.0, 130.0
"""The widths left of the columns, and right of them for the code of each row."""
MEETING_GAP = 26.0
"""The distance from the columns to the sentence on where units meet again."""
MAX_COLUMN_WIDTH, MIN_LARGE_WIDTH = 220.0, 56.0
"""The largest width of a column, and the least for numbers of normal size."""
NARROWEST_WIDE = 640
"""Narrower figures have no code at the right."""
BLOCK_GAP = 8.0
"""The gap above a block of rows."""
NAMES_WIDTH = 36.0
"""The width of the names of sums, between the columns and the words on their scale."""


class Row(NamedTuple):
    """A quantity that every unit has.

    Attributes:
        name: The vector, or one of `PRODUCTS`.
        part: The name of its block, as part of the ids.
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
    """A column for each unit, from its sums down to h.

    Attributes:
        columns: The columns of the units that fit.
        has_code: Whether there is code right of the columns.
    """

    def __init__(self, subject: LayerRun, t: int, width: float):
        super().__init__(subject, t)
        self.width = width
        narrow = width < NARROWEST_WIDE
        size = subject.weights.hidden_size
        units = excerpt(size, visible_count=4, max_unfolded=5) if narrow else excerpt(size)
        columns = UnitColumns(
            visible=units,
            left=GUTTER - 6 if narrow else GUTTER,
            look=vectors.vector_look(1, narrow=narrow),
            has_statistics=units.is_folded and not narrow,
        )
        self.has_code = not narrow and not columns.has_statistics
        space = inner_width(width) - columns.left - (CODE_WIDTH if self.has_code else 0)
        column_width = min(MAX_COLUMN_WIDTH, space / columns.total)
        look = columns.look
        if column_width < MIN_LARGE_WIDTH:
            look = vectors.vector_look(1, narrow=True)
        self.columns = columns._replace(look=look._replace(width=column_width)).formatted_for(
            *(self.values(row.name) for row in self.rows)
        )

    @cached_property
    def scale_max(self) -> float:
        """The largest magnitude that a bar or the outline of i·g reaches, at least 1."""
        names = ("c_prev", "kept", "c", "tanh_c", "g")
        # The outline of i·g is as long as g and begins where f·c_prev ends.
        kept_values, g = self.values("kept"), self.values("g")
        ends = [
            abs(float(kept_values[unit].value)) + abs(float(g[unit].value))
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
            [Row(f"z_{gate}", "sums", f"z_{gate}", "") for gate in GATES],
            [Row(gate, "gates", gate, f"{GATE_NAMES[gate].function}(z_{gate})") for gate in GATES],
            [
                Row("c_prev", "c", "c_prev", ""),
                Row("kept", "c", "f·c_prev", "f * c_prev"),
                Row("written", "c", "i·g", "i * g"),
                Row("c", "c", "c", "f * c_prev + i * g"),
            ],
            [Row("tanh_c", "h", "tanh c", "tanh(c)"), last],
        ]

    @property
    def rows(self) -> list[Row]:
        """All rows, from top to bottom."""
        return [row for block in self.blocks for row in block]

    @cached_property
    def max_sum(self) -> float:
        """The largest magnitude of a sum, which ends their scale."""
        indices = self.columns.visible.indices
        return largest_magnitude(self.values(f"z_{gate}")[k] for gate in GATES for k in indices)

    def bars(self, name: str) -> Bars | None:
        """The bars of a row; those of the sums are pale."""
        if name.startswith("z_"):
            gate = name.removeprefix("z_")
            # The longest bar ends before the edge of its column.
            return Bars(paint=f"{TERMS[gate].role}:72", max_magnitude=1.15 * self.max_sum)
        if name == "written":
            kept_values, g = self.values("kept"), self.values("g")
            return Bars(
                paint="gate-i",
                max_magnitude=self.scale_max,
                gated=kept_values + g,
                outline="gate-g",
                start=kept_values,
                ends=self.values("c"),
            )
        return super().bars(name)

    def marks(self) -> tuple[list[Mark], float]:
        """All marks, and the height of the table."""
        marks = self.columns.heads(14, [f"{self.row_id(row)}-{{}}" for row in self.rows])
        y = 22.0
        for block in self.blocks:
            y += BLOCK_GAP
            for row in block:
                # Numbers are above the middle of their row, because a bar is below them.
                marks += self.row(row, y + HEIGHT_WITH_BARS / 2 - 5)
                y += HEIGHT_WITH_BARS
            if block[0].part == "sums":
                marks += self.scale_of_sums(y - len(block) * HEIGHT_WITH_BARS, y)
        panels_bottom = y + 2
        middle = self.columns.middle
        lines, bottom = words.paragraph(
            middle,
            panels_bottom + MEETING_GAP,
            self.meeting(),
            2 * min(middle, inner_width(self.width) - middle),
            size=words.SMALL,
            anchor="middle",
        )
        panels, junction = self.columns.panels(panels_bottom), self.junction(panels_bottom)
        return [*panels, *marks, *junction, lines], bottom

    def junction(self, top: float) -> list[Mark]:
        """The lines below the columns, which join above the sentence on where units meet."""
        units = self.columns.visible.lines
        middles = [self.columns.x(k) for k, unit in enumerate(units) if not isinstance(unit, Gap)]
        joint_y, bottom = top + MEETING_GAP / 2, top + MEETING_GAP - 3
        middle = self.columns.middle
        lines = [
            *((("M", (x, top)), ("L", (x, joint_y))) for x in middles),
            (("M", (middles[0], joint_y)), ("L", (middles[-1], joint_y))),
            (("M", (middle, joint_y)), ("L", (middle, bottom))),
        ]
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

    def scale_of_sums(self, top: float, bottom: float) -> list[Mark]:
        """The words that the bars of the sums have their own scale, left of their names."""
        x, inset = self.columns.left - NAMES_WIDTH, HEIGHT_WITH_BARS / 4
        right = x - 3
        lines, _ = words.paragraph(
            right,
            (top + bottom) / 2 - words.line_height(words.SMALL),
            sentence("own scale"),
            right + 2,
            size=words.SMALL,
            anchor="end",
        )
        line = (("M", (x, top + inset)), ("L", (x, bottom - inset)))
        return [lines, Path(line, stroke="rule", stroke_width=styles.BOX.plain.weight)]

    def row(self, row: Row, y: float) -> list[Mark]:
        """One row: its name, its numbers with bars, and its code."""
        columns, values, bars = self.columns, self.values(row.name), self.bars(row.name)
        marks = columns.row(y, values, bars, id=self.row_id(row), term=self.term(row.name))
        marks.append(
            vectors.vector_name(
                (columns.left - 8, y),
                text=row.label,
                tensor=self.tensor(row.name),
                of=f"{self.row_id(row)}-*",
                along="row",
                anchor="end",
            )
        )
        if self.has_code and row.code:
            left, top = columns.right + 12, y - words.LINE_HEIGHT / 2
            lines, _ = words.paragraph(left, top, sentence(row.code), CODE_WIDTH, size=words.SMALL)
            marks.append(lines)
        return marks

    def head(self) -> Head:
        """The texts above and below the table."""
        subject = self.subject
        step = subject.step_number(self.t)
        notes = [
            sentence(
                "Dashed is the whole, filled the part that passes; i·g begins where f·c_prev ends."
            )
        ]
        notes += left_out_notes(("unit", self.columns.visible, "c.shape[-1]"))
        if self.columns.has_statistics:
            notes.append(sentence("min, mean and max are over all units."))
        return Head(
            sentence("After its sums, each unit is on its own"),
            sentence(
                "From the four sums z at the top down to the last row, no number "
                "leaves the column of its unit."
            ),
            provenance(subject, *step_items(subject, step)),
            tuple(notes),
            source(subject),
        )

    def description(self) -> str:
        """Each visible unit, then statistics over all units if some are left out."""
        sentences = [f"Step {self.subject.step_number(self.t)}."]
        sentences += map(self.unit_text, self.columns.visible.indices)
        if self.columns.has_statistics:
            labels = {**{gate: gate for gate in GATES}, "c": "c", self.last.name: self.last.label}
            for name, label in labels.items():
                by_statistic = statistics(self.values(name))
                minimum, mean, maximum = (
                    number_list([by_statistic[statistic]]) for statistic in STATISTICS
                )
                sentences.append(
                    f"Over all units {label} goes from {minimum} to {maximum}, on average {mean}."
                )
        return " ".join(sentences)

    @property
    def last(self) -> Row:
        """The last row: h, or o·tanh c if that is projected."""
        return self.rows[-1]

    def unit_text(self, unit: int) -> str:
        """The equations of a unit, with its numbers."""

        def text(name: str) -> str:
            return number_list([self.values(name)[unit]])

        gates = "; ".join(
            f"{gate} = {GATE_NAMES[gate].function}({text(f'z_{gate}')}) = {text(gate)}"
            for gate in GATES
        )
        return (
            f"Unit {unit}: {gates}; "
            f"c = {text('f')} × {text('c_prev')} + {text('i')} × {text('g')} = "
            f"{text('kept')} + {text('written')} = {text('c')}; "
            f"{self.last.label} = {text('o')} × tanh(c) = "
            f"{text('o')} × {text('tanh_c')} = {text(self.last.name)}."
        )
