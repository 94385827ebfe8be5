"""The figure `hidden-size`: the rows of the weights that belong to each unit."""

from itertools import pairwise

from ..layout import styles, words
from ..layout.margins import inner_width
from ..layout.motifs import gauges, weight_rows
from ..layout.provenance import origin, provenance
from ..model.layer_run import LayerRun
from ..model.lstm import GATES
from ..proof.bindings import Node, Sentence, sentence
from ..scene.marks import Box, Mark, Path
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS

NARROWEST_WIDE = 480
"""Figures narrower than this have short bars."""
STORED_WIDTH, STORED_WIDTH_NARROW = 190.0, 80.0
"""The length of a row as stored."""
UNIT_WIDTH, UNIT_WIDTH_NARROW = 230.0, 120.0
"""The width of a unit."""
MIN_STORED_PITCH, MAX_STORED_PITCH, BAND_GAP = 22.0, 34.0, 12.0
"""The least and the largest distance between two stored rows, and the gap between bands."""
BAR_MARGIN, LETTER_MARGIN, NAME_MIDDLE = 10.0, 18.0, 13.0
"""From the left of a unit to its rows and its name, and to the letters of gates; and from
its top to the middle of its name."""
INDEX_MARGIN, STRIDE_WIDTH = 54.0, 48.0
"""From the right of a unit to the right of row indices, and the width of the brackets from
row to row with the number beside them."""
BRACKET_LEFT, BRACKET_RIGHT, STRIDE_MARGIN = 45.0, 39.0, 8.0
"""From the right of a unit to the ends of a bracket, and to the right of its number."""
BRACKET_GAP = 2.0
"""The gap between the middle of a row and the bracket to the next one."""
MAX_UNITS = 4
"""The most units to draw."""
IS_FIRST_UNIT = "unit == 0"
"""The condition for a row to stand out."""
ROW_PITCH, BAR_HEIGHT = 21.0, 17.0
"""The distance between two rows of a unit, and the height of a bar."""
NAME_HEIGHT, UNIT_GAP = 24.0, 14.0
"""The height of a unit's name, and the gap between two units."""
UNIT_HEIGHT = NAME_HEIGHT + 4 * ROW_PITCH + 4
"""The height of a unit."""
HEADING_HEIGHT = 30.0
"""The height of the headings above the rows."""


def hidden_size(subject: LayerRun, width: float) -> Diagram:
    """Which rows belong to which unit: all rows as stored, and those of each unit."""
    picture = _Picture(subject, width)
    return Diagram(
        heading=picture.head(),
        description=picture.description(),
        width=picture.right,
        height=picture.bottom,
        marks=tuple(picture.marks()),
        figure_width=width,
    )


class _Picture:
    """Rows as stored at the left, grouped by unit at the right, with ribbons between.

    Attributes:
        units: The units that are drawn.
        first: The unit that stands out.
        stored: The positions of the rows as stored.
        stored_right: The right end of these rows.
        left: The left of the units.
        right: The right of the units and of the drawing.
        top: The top of the first unit.
        bottom: The bottom of the drawing.
    """

    def __init__(self, subject: LayerRun, width: float):
        self.subject, size = subject, subject.weights.hidden_size
        self.units = (0, 1, 2, size - 1) if size > MAX_UNITS else tuple(range(size))
        self.first = self.units[0]
        is_narrow, count = width < NARROWEST_WIDE, len(self.units)
        units_height = count * (UNIT_HEIGHT + UNIT_GAP) - UNIT_GAP
        # Stored rows fill the height of the units, as far as their limits allow.
        gaps = (len(GATES) - 1) * BAND_GAP
        pitch = (units_height - gaps) / (len(GATES) * count)
        self.stored = weight_rows.Rows(
            self.units,
            size,
            HEADING_HEIGHT,
            min(MAX_STORED_PITCH, max(MIN_STORED_PITCH, pitch)),
            gap=BAND_GAP,
            is_narrow=is_narrow,
        )
        stored_width = STORED_WIDTH_NARROW if is_narrow else STORED_WIDTH
        self.stored_right = self.stored.left + stored_width
        self.right = inner_width(width)
        self.left = self.right - (UNIT_WIDTH_NARROW if is_narrow else UNIT_WIDTH)
        spare = self.stored.bottom - HEADING_HEIGHT - units_height
        self.top = HEADING_HEIGHT + max(0.0, spare / 2)
        self.bottom = max(self.stored.bottom, self.top + units_height)

    def unit_top(self, unit: int) -> float:
        """The top of a unit."""
        return self.top + self.units.index(unit) * (UNIT_HEIGHT + UNIT_GAP)

    def row_middle(self, gate: str, unit: int) -> float:
        """The middle of a row within its unit."""
        return self.unit_top(unit) + NAME_HEIGHT + (GATES.index(gate) + 0.5) * ROW_PITCH

    def marks(self) -> list[Mark]:
        marks = weight_rows.gutter_marks(self.stored, ["stored-{row}"])
        # Draw the first unit last, so that its ribbons are on top.
        for unit in reversed(self.units):
            marks += self.ribbons(unit)
        for gate, unit in self.stored.gate_unit_pairs:
            marks.append(self.stored_bar(gate, unit))
        for unit in self.units:
            marks += self.unit(unit)
        return [*marks, *self.stride(), *self.captions()]

    def stored_bar(self, gate: str, unit: int) -> Box:
        """A row in storage order."""
        height = self.stored.height - 4  # A gap between two rows.
        top = self.stored.y(gate, unit) - height / 2
        bar = Box(self.stored.left, top, self.stored_right - self.stored.left, height)
        return self.bar(bar, "stored", gate, unit)

    def owned_bar(self, gate: str, unit: int) -> Box:
        """A row within its unit."""
        top = self.row_middle(gate, unit) - BAR_HEIGHT / 2
        width = self.right - self.left - BAR_MARGIN - STRIDE_WIDTH
        bar = Box(self.left + BAR_MARGIN, top, width, BAR_HEIGHT)
        return self.bar(bar, "owned", gate, unit)

    def bar(self, box: Box, prefix: str, gate: str, unit: int) -> Box:
        """A box as the bar of a row, whose index follows the prefix in its id."""
        row, paint = self.stored.row(gate, unit), TERMS[gate].role
        is_first = unit == self.first
        look = styles.BAND.strong if is_first else styles.BAND.plain
        bar = box._replace(
            radius=4,
            stroke=paint,
            stroke_width=look.weight,
            fill=f"{paint}:{look.tint}",
            id=f"{prefix}-{row}",
            term=gate,
            bound=(Node(self.subject.ref("weight_ih")[row]),),
        )
        return styles.emphasized(bar, IS_FIRST_UNIT if is_first else "")

    def ribbons(self, unit: int) -> list[Mark]:
        """Ribbons from the stored rows of a unit to the unit."""
        is_first = unit == self.first
        ribbon = styles.RIBBON.strong if is_first else styles.RIBBON.muted
        thread = styles.THREAD.strong if is_first else styles.THREAD.muted
        marks: list[Mark] = []
        for gate in GATES:
            row = self.stored.row(gate, unit)
            ribbon_path, thread_path = gauges.ribbon(
                (self.stored_right + 3, self.stored.y(gate, unit)),
                (self.left + 7, self.row_middle(gate, unit)),
                TERMS[gate].role,
                f"stored-{row}",
                f"owned-{row}",
            )
            assert isinstance(ribbon_path, Path)
            assert isinstance(thread_path, Path)
            marks += [
                ribbon_path._replace(stroke_width=ribbon.weight, opacity=ribbon.opacity),
                styles.emphasized(
                    thread_path._replace(stroke_width=thread.weight, opacity=thread.opacity),
                    IS_FIRST_UNIT if is_first else "",
                ),
            ]
        return marks

    def unit(self, unit: int) -> list[Mark]:
        """A unit: its name, and its four rows with their indices."""
        left, top, width = self.left, self.unit_top(unit), self.right - self.left
        bars = {gate: self.owned_bar(gate, unit) for gate in GATES}
        marks: list[Mark] = [
            Box(left, top, width, UNIT_HEIGHT, radius=6, stroke="rule", fill="panel"),
            words.label(
                left + BAR_MARGIN,
                top + NAME_MIDDLE,
                f"unit {unit}",
                names={"unit": unit},
                of=[*bars.values()],
                along="block",
                style=words.STRONG if unit == self.first else words.PLAIN,
                fill="ink",
            ),
        ]
        for gate, bar in bars.items():
            y, row = self.row_middle(gate, unit), self.stored.row(gate, unit)
            marks += [
                bar,
                words.label(
                    left + LETTER_MARGIN,
                    y,
                    gate,
                    names={"gate": gate},
                    of=[bar],
                    style=words.STRONG,
                    term=gate,
                ),
                words.label(
                    left + width - INDEX_MARGIN,
                    y,
                    str(row),
                    names={"row": row},
                    of=[bar],
                    style=words.FINE,
                    fill="ink",
                    anchor="end",
                ),
            ]
        return marks

    def stride(self) -> list[Mark]:
        """The distance between the rows of the first unit, at a bracket from each to the next."""
        marks: list[Mark] = []
        for first, second in pairwise(GATES):
            top, bottom = (self.row_middle(gate, self.first) for gate in (first, second))
            left, right = self.right - BRACKET_LEFT, self.right - BRACKET_RIGHT
            bracket = (
                ("M", (left, top + BRACKET_GAP)),
                ("L", (right, top + BRACKET_GAP)),
                ("L", (right, bottom - BRACKET_GAP)),
                ("L", (left, bottom - BRACKET_GAP)),
            )
            marks.append(Path(bracket, stroke="muted"))
            label, _ = words.paragraph(
                self.right - STRIDE_MARGIN,
                (top + bottom) / 2 - words.line_height(words.SMALL) / 2,
                sentence("+{}", (self.stored.hidden_size, "c.shape[-1]")),
                60,
                size=words.SMALL,
                anchor="end",
                fill="ink",
                bold=True,
            )
            marks.append(label)
        return marks

    def captions(self) -> list[Mark]:
        """The headings of both sides."""
        return [
            words.paragraph(
                x,
                0,
                sentence(caption),
                200,
                size=words.LABEL,
                anchor="middle",
                fill="ink",
                bold=True,
            )[0]
            for caption, x in (
                ("as stored", (self.stored.left + self.stored_right) / 2),
                ("by unit", (self.left + self.right) / 2),
            )
        ]

    def head(self) -> Head:
        subject, module = self.subject, self.subject.module_variable
        size = subject.weights.hidden_size
        notes = [self.count_note()]
        if subject.weights.proj_size:
            notes.append(
                sentence(
                    "weight_hr has no bands and is not drawn.", claim=f"{module}.proj_size > 0"
                )
            )
        if len(self.units) < size:
            *some, last = map(str, self.units)
            notes.append(
                sentence(
                    "The rows of units {}, of {}, are drawn.",
                    (f"{', '.join(some)} and {last}", str(self.units)),
                    (size, "c.shape[-1]"),
                )
            )
        return Head(
            sentence("Every unit owns one row of each band"),
            sentence(
                "hidden_size is the number of units, and the rows of one unit are {} (hidden_size) "
                "apart.",
                (size, "c.shape[-1]"),
            ),
            provenance(subject, ("{} rows", f"{4 * size:,}", f"len({subject.ref('weight_ih')})")),
            tuple(notes),
            origin(subject),
        )

    def count_note(self) -> Sentence:
        """How many parameters there are, and with one more unit."""
        weights, module = self.subject.weights, self.subject.module_variable
        biases = 2 if weights.bias_ih is not None else 0
        # The columns of weight_ih and weight_hh together; h has `size` elements.
        columns = weights.input_size + weights.size
        if weights.proj_size:
            widened_tensor, recurrent_columns = "weight_hr", f"{module}.proj_size"
            projection_count = f" + {module}.proj_size"
        else:
            # One more unit also makes h one element longer.
            columns += 1
            widened_tensor, recurrent_columns = "weight_hh", f"{module}.hidden_size + 1"
            projection_count = ""
        with_one_more = (weights.hidden_size + 1) * (4 * (columns + biases) + weights.proj_size)
        expr = (
            f"({module}.hidden_size + 1) * (4 * ({module}.input_size + {recurrent_columns} + 2 * "
            f"{module}.bias){projection_count})"
        )
        count = sum(array.size for array in weights.parameters().values())
        return sentence(
            "{} parameters, {} with one more unit: each band gains a row, and "
            f"{widened_tensor} a column.",
            (f"{count:,}", f"sum(p.numel() for p in {module}.parameters())"),
            (f"{with_one_more:,}", expr),
        )

    def description(self) -> str:
        weights = self.subject.weights
        sentences = [
            "The rows of the weights and biases are stored gate by gate, "
            f"{weights.hidden_size} for each, in the order i, f, g, o"
        ]
        sentences += [
            f"Unit {unit} owns rows " + ", ".join(str(weights.row(gate, unit)) for gate in GATES)
            for unit in self.units
        ]
        return ". ".join(sentences) + "."
