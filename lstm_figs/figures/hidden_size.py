"""The figure `hidden-size`: the rows of the weights that belong to each unit."""

from itertools import pairwise
from typing import NamedTuple

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
MAX_UNITS = 4
"""The most units to draw."""
IS_FIRST_UNIT = "unit == 0"
"""The condition for a row to stand out."""
ROW_PITCH, BAR_HEIGHT = 21.0, 17.0
"""The distance between two rows of a unit, and the height of a bar."""
NAME_HEIGHT, UNIT_GAP = 24.0, 14.0
"""The height of a unit's name, and the gap between two units."""
HEADING_HEIGHT = 30.0
"""The height of the headings above the rows."""


class Places(NamedTuple):
    """Where rows are, in storage order and grouped by unit.

    Attributes:
        layout: The rows in storage order.
        bar_width: The width of a bar in storage order.
        left: The left edge of the units.
        right: The right edge of the units.
        top: The top edge of the first unit.
    """

    layout: weight_rows.Rows
    bar_width: float
    left: float
    right: float
    top: float

    def stored_end(self, gate: str, unit: int) -> tuple[float, float]:
        """Return the right end of a row in storage order."""
        return self.layout.left + self.bar_width, self.layout.y(gate, unit)

    def unit_corner(self, unit: int) -> tuple[float, float]:
        """Return the top left corner of a unit."""
        place = self.layout.units.index(unit)
        return self.left, self.top + place * (self.unit_height + UNIT_GAP)

    @property
    def unit_height(self) -> float:
        """The height of a unit."""
        return NAME_HEIGHT + 4 * ROW_PITCH + 4

    def row_middle(self, gate: str, unit: int) -> float:
        """Return the middle of a row within its unit."""
        _, top = self.unit_corner(unit)
        return top + NAME_HEIGHT + (GATES.index(gate) + 0.5) * ROW_PITCH


def hidden_size(subject: LayerRun, width: float) -> Diagram:
    """Which rows belong to which unit: all rows as stored, and those of each unit."""
    size = subject.weights.hidden_size
    units = tuple(range(size))
    if size > MAX_UNITS:
        units = (0, 1, 2, size - 1)
    space, is_narrow = inner_width(width), width < NARROWEST_WIDE
    count = len(units)
    units_height = count * (NAME_HEIGHT + 4 * ROW_PITCH + 4 + UNIT_GAP) - UNIT_GAP
    height = min(34.0, max(22.0, (units_height - 3 * 12) / (4 * count)))
    layout = weight_rows.Rows(units, size, HEADING_HEIGHT, height, gap=12, narrow=is_narrow)
    top = HEADING_HEIGHT + max(0.0, (layout.bottom - HEADING_HEIGHT - units_height) / 2)
    places = Places(
        layout, 80 if is_narrow else 190, space - (120 if is_narrow else 230), space, top
    )
    marks: list[Mark] = weight_rows.gutter_marks(layout, ["stored-{row}"])
    # Draw the first unit last, so that its ribbons are on top.
    for unit in reversed(units):
        marks += _ribbons(places, unit, strong=unit == units[0])
    for gate, unit in layout.gate_unit_pairs:
        marks.append(_stored(subject, places, gate, unit))
    for unit in units:
        marks += _unit(subject, places, unit)
    marks += _stride(subject, places)
    for caption, x in (
        ("as stored", layout.left + places.bar_width / 2),
        ("by unit", (places.left + places.right) / 2),
    ):
        lines, _ = words.paragraph(
            x, 0, sentence(caption), 200, size=words.LABEL, anchor="middle", fill="ink", bold=True
        )
        marks.append(lines)
    bottom = max(layout.bottom, top + units_height)
    return Diagram(
        _head(subject, units), _description(subject, units), space, bottom, tuple(marks), width
    )


def _row(subject: LayerRun, row: int) -> Node:
    return Node(subject.ref("weight_ih")[row])


def _bar(x: float, y: float, width: float, height: float, gate: str, *, strong: bool) -> Box:
    role = TERMS[gate].role
    look = styles.BAND.strong if strong else styles.BAND.plain
    bar = Box(
        x,
        y - height / 2,
        width,
        height,
        radius=4,
        stroke=role,
        stroke_width=look.weight,
        fill=f"{role}:{look.tint}",
    )
    return styles.strong(bar, IS_FIRST_UNIT if strong else "")


def _stored(subject: LayerRun, places: Places, gate: str, unit: int) -> Box:
    layout = places.layout
    row = layout.row(gate, unit)
    bar = _bar(
        layout.left,
        layout.y(gate, unit),
        places.bar_width,
        layout.height - 4,
        gate,
        strong=unit == layout.units[0],
    )
    return bar._replace(id=f"stored-{row}", term=gate, bound=(_row(subject, row), *bar.bound))


def _ribbons(places: Places, unit: int, *, strong: bool) -> list[Mark]:
    """Draw ribbons from the stored rows of a unit to the unit."""
    marks: list[Mark] = []
    ribbon = styles.RIBBON.strong if strong else styles.RIBBON.back
    thread = styles.THREAD.strong if strong else styles.THREAD.back
    for gate in GATES:
        row = places.layout.row(gate, unit)
        x, y = places.stored_end(gate, unit)
        ribbon_path, thread_path = gauges.ribbon(
            (x + 3, y),
            (places.left + 7, places.row_middle(gate, unit)),
            TERMS[gate].role,
            f"stored-{row}",
            f"owned-{row}",
        )
        assert isinstance(ribbon_path, Path)
        assert isinstance(thread_path, Path)
        marks += [
            ribbon_path._replace(stroke_width=ribbon.weight, opacity=ribbon.opacity),
            styles.strong(
                thread_path._replace(stroke_width=thread.weight, opacity=thread.opacity),
                IS_FIRST_UNIT if strong else "",
            ),
        ]
    return marks


def _unit(subject: LayerRun, places: Places, unit: int) -> list[Mark]:
    """Draw a unit: its name, and its four rows with their indices."""
    layout, (left, top) = places.layout, places.unit_corner(unit)
    strong = unit == layout.units[0]
    width = places.right - left
    owned = [layout.row(gate, unit) for gate in GATES]
    marks: list[Mark] = [
        Box(left, top, width, places.unit_height, radius=6, stroke="rule", fill="panel"),
        words.label(
            left + 10,
            top + 13,
            f"unit {unit}",
            {"unit": unit},
            [f"owned-{row}" for row in owned],
            "block",
            style=words.STRONG if strong else words.PLAIN,
            fill="ink",
        ),
    ]
    for gate, row in zip(GATES, owned, strict=True):
        y = places.row_middle(gate, unit)
        bar = _bar(left + 10, y, width - 58, BAR_HEIGHT, gate, strong=strong)
        marks += [
            bar._replace(id=f"owned-{row}", term=gate, bound=(_row(subject, row), *bar.bound)),
            words.label(
                left + 18,
                y,
                gate,
                {"gate": gate},
                [f"owned-{row}"],
                "row",
                style=words.STRONG,
                term=gate,
            ),
            words.label(
                left + width - 54,
                y,
                str(row),
                {"row": row},
                [f"owned-{row}"],
                "row",
                style=words.FINE,
                fill="ink",
                anchor="end",
            ),
        ]
    return marks


def _stride(subject: LayerRun, places: Places) -> list[Mark]:
    """Print the distance between the rows of the first unit."""
    unit = places.layout.units[0]
    size = places.layout.hidden_size
    marks: list[Mark] = []
    for first, second in pairwise(GATES):
        y = (places.row_middle(first, unit) + places.row_middle(second, unit)) / 2
        label, _ = words.paragraph(
            places.right - 8,
            y - words.LINE * words.SMALL / words.NOTE / 2,
            sentence("+{}", (size, "c.shape[-1]")),
            60,
            size=words.SMALL,
            anchor="end",
            fill="ink",
            bold=True,
        )
        marks.append(label)
    return marks


def _head(subject: LayerRun, units: tuple[int, ...]) -> Head:
    sizes, module = subject.weights, subject.module_variable
    size, projected = sizes.hidden_size, sizes.proj_size > 0
    biases = 2 if sizes.bias_ih is not None else 0
    columns = sizes.input_size + sizes.size
    if not projected:
        # One more unit also makes h one element longer.
        columns += 1
    parameters_with_one_more = (size + 1) * (4 * (columns + biases) + sizes.proj_size)
    recurrent_columns = f"{module}.proj_size" if projected else f"{module}.hidden_size + 1"
    projection_count = f" + {module}.proj_size" if projected else ""
    expr = (
        f"({module}.hidden_size + 1) * (4 * ({module}.input_size + {recurrent_columns} + 2 * "
        f"{module}.bias){projection_count})"
    )
    count = f"sum(p.numel() for p in {module}.parameters())"
    widened_tensor = "weight_hr" if projected else "weight_hh"
    numbers = sum(array.size for array in sizes.parameters().values())
    notes = [
        sentence(
            "There are {} parameters. One more unit would make that {}: every "
            f"band gains a row, and {widened_tensor} a column as well.",
            (f"{numbers:,}", count),
            (f"{parameters_with_one_more:,}", expr),
        )
    ]
    if projected:
        notes.append(
            sentence("weight_hr has no bands and is not drawn.", claim=f"{module}.proj_size > 0")
        )
    if len(units) < size:
        *some, last = map(str, units)
        notes.append(
            sentence(
                "The rows of units {}, of {}, are drawn.",
                (f"{', '.join(some)} and {last}", str(units)),
                (size, "c.shape[-1]"),
            )
        )
    return Head(
        _title(),
        sentence(
            "hidden_size is the number of units. Rows are stored gate by "
            "gate, so those of one unit lie {} (hidden_size) apart.",
            (size, "c.shape[-1]"),
        ),
        provenance(subject, ("{} rows", f"{4 * size:,}", f"len({subject.ref('weight_ih')})")),
        tuple(notes),
        origin(subject),
    )


def _title() -> Sentence:
    return sentence("Every unit owns one row of each band")


def _description(subject: LayerRun, units: tuple[int, ...]) -> str:
    size = subject.weights.hidden_size
    sentences = [
        f"The rows of the weights and biases are stored gate by gate, {size} "
        "for each, in the order i, f, g, o"
    ]
    sentences += [
        f"Unit {unit} owns rows "
        + ", ".join(str(subject.weights.row(gate, unit)) for gate in GATES)
        for unit in units
    ]
    return ". ".join(sentences) + "."
