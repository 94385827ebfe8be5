"""The figure `units`: what every unit of a layer does."""

from itertools import chain

from ...layout import words
from ...layout.margins import inner_width
from ...layout.motifs.population import Population
from ...model.layer_run import LayerRun
from ...model.units import OPEN_ABOVE, SHUT_BELOW
from ...proof.bindings import Sample, sentence
from ...scene.marks import Box, Mark, Path, shift
from ...scene.scenes import Diagram
from ...scene.theme import Paint
from . import strips, texts, unit_names, unit_rows
from .strips import Columns

GUTTER_WIDTH = 78.0
"""The width left of the columns."""
LINE_MIDDLE = words.line_height(words.SMALL) / 2
"""The distance from the top of a line of small text to its middle."""
SWATCH_SIZE, SWATCH_GAP, ENTRY_GAP = 11.0, 6.0, 20.0
"""The size of a colour sample in the legend, the gap between samples and their text, and
the gap between two entries."""
LEGEND_LINE, LAST_LINE_HALF = 18.0, 8.0
"""The height of a line of the legend, and from the middle of the last one to its bottom."""
LEGEND_GAP = 10.0
"""The gap between the legend and the drawing."""
COLUMN_NUMBERS_HEIGHT = 18.0
"""The height of the numbers of units below their columns."""
TABLE_GAP = 26.0
"""The gap between the columns and the table below them."""


def units(subject: LayerRun, width: float) -> Diagram:
    """What each unit does over the steps: how long a write lasts, its gates, and its c.

    A unit is a row, or with many units a column.
    """
    population = Population(subject)
    space = inner_width(width)
    columns = Columns.of(population, GUTTER_WIDTH, space)
    named_units = unit_names.named_units_of(population)
    legend, top = _legend(population, space)
    top += LEGEND_GAP
    if not _has_gates(population):
        legend, top = [], 0.0
    marks, y = (
        unit_rows.rows(population, top + unit_rows.TOP_GAP, space)
        if unit_rows.has_unit_rows(population)
        else _strips(columns, named_units, top, space)
    )
    return Diagram(
        heading=texts.head(columns, named_units),
        description=texts.description(columns, named_units),
        width=space,
        height=y,
        marks=(*legend, *marks),
        figure_width=width,
        setup=texts.setup(columns, named_units),
    )


def _has_gates(population: Population) -> bool:
    """Return whether gates are drawn; columns of gates that are all between show nothing."""
    return unit_rows.has_unit_rows(population) or not texts.is_untouched(population)


def _strips(
    columns: Columns, named_units: tuple[unit_names.NamedUnit, ...], top: float, space: float
) -> tuple[list[Mark], float]:
    """Draw a column for each unit, above a table; return the marks and their bottom."""
    population = columns.population
    y = top + unit_names.NAMES_HEIGHT
    rows = []
    lasting = strips.lasting(columns, y)
    if lasting:
        rows.append(lasting)
        y += strips.LASTS_HEIGHT + strips.ROW_GAP
    # c gets some of the space of gates that are not drawn.
    range_height = strips.RANGE_HEIGHT if _has_gates(population) else 2 * strips.RANGE_HEIGHT
    if _has_gates(population):
        for name in strips.GATES:
            rows.append(strips.gate(columns, name, y))
            y += strips.GATE_HEIGHT + strips.ROW_GAP
    rows.append(strips.ranges(columns, y, range_height))
    y += range_height
    marks = [mark for row in rows for mark in row.marks]
    if named_units:
        marks += unit_names.above(columns, rows[0], named_units, top, space)
    if columns.are_numbered:
        marks += _column_numbers(columns, y + 14, [area for row in rows for area in row.areas])
        y += COLUMN_NUMBERS_HEIGHT
    if named_units:
        table, bottom = unit_names.table(population, named_units, space)
        marks += [shift(mark, 0, y + TABLE_GAP) for mark in table]
        y += TABLE_GAP + bottom
    return marks, y


def _legend(population: Population, space: float) -> tuple[list[Mark], float]:
    """Draw the legend of the gate colours; return the marks and their bottom."""
    question = sentence("share of steps at which a gate is")
    first, _ = words.paragraph(0, 0, question, space, size=words.SMALL)
    x, y = words.width(question.text, words.SMALL) + 14, LINE_MIDDLE  # Of the next entry.
    marks: list[Mark] = [first]
    for name, template, value in (
        ("open", "open: above {}", (OPEN_ABOVE, "str(open_above)")),
        ("ajar", "between", None),
        ("shut", "shut: below {}", (SHUT_BELOW, "str(shut_below)")),
    ):
        text = sentence(template, value) if value else sentence(template)
        text_width = words.width(text.text, words.SMALL)
        samples = _samples(population, name)
        if x + len(samples) * SWATCH_SIZE + SWATCH_GAP + text_width > space:
            x, y = 0.0, y + LEGEND_LINE
        # In rows, the pale part of a bar has an outline in the hue of its gate.
        is_outlined = name == "ajar" and unit_rows.has_unit_rows(population)
        for paint, ids in samples:
            marks.append(
                Box(
                    x,
                    y - SWATCH_SIZE / 2,
                    SWATCH_SIZE,
                    SWATCH_SIZE,
                    fill=paint,
                    stroke=paint.partition(":")[0] if is_outlined else None,
                    bound=(Sample(ids),),
                )
            )
            x += SWATCH_SIZE
        line, _ = words.paragraph(
            x + SWATCH_GAP, y - LINE_MIDDLE, text, text_width + ENTRY_GAP, size=words.SMALL
        )
        marks.append(line)
        x += SWATCH_GAP + text_width + ENTRY_GAP
    return marks, y + LAST_LINE_HALF


def _samples(population: Population, name: str) -> list[tuple[Paint, tuple[str, ...]]]:
    """Return the colours of a state of gates, each with the ids of the marks that have it.

    Args:
        population: The units.
        name: The state: `open`, `ajar` (neither open nor shut) or `shut`.
    """
    order = population.order
    rows = range(len(order)) if unit_rows.are_compact(population) else order
    ids = {
        gate: tuple(f"share-{gate}-{row}-{name}" for row in rows)
        if unit_rows.has_unit_rows(population)
        else (f"{gate}-{name}",)
        for gate in strips.GATES
    }
    if name == "shut":
        return [(strips.SHUT_PAINT, tuple(chain(*ids.values())))]
    strength = f":{strips.AJAR_PERCENT}" if name == "ajar" else ""
    return [(f"gate-{gate}{strength}", gate_ids) for gate, gate_ids in ids.items()]


def _column_numbers(columns: Columns, y: float, areas: list[Path]) -> list[Mark]:
    """Print the number of each unit below its column."""
    marks: list[Mark] = [
        words.label(
            columns.middle(unit),
            y,
            str(unit),
            names={"unit": unit},
            of=areas,
            anchor="middle",
            style=words.FINE,
        )
        for unit in columns.population.order
    ]
    word, _ = words.paragraph(
        columns.left - 6, y - LINE_MIDDLE, sentence("unit"), 40, size=words.SMALL, anchor="end"
    )
    return [word, *marks]
