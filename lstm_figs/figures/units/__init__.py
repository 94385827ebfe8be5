"""The figure `units`: what each unit of a layer does, all of them at once."""

from itertools import chain

from ...layout import words
from ...layout.motifs.population import Population
from ...layout.room import inner
from ...model.units import OPEN, SHUT
from ...proof.bindings import Sample, sentence
from ...proof.subject import Subject
from ...scene.marks import Box, Mark, shift
from ...scene.scenes import Diagram
from ...scene.theme import Paint
from . import few, named, said, strips
from .strips import Columns

GUTTER = 78.0
"""The width left of the columns."""
LEVEL = words.LINE * words.SMALL / words.NOTE / 2
"""From the top of a small line of words to its middle."""
SWATCH = 11.0
"""The side of a sample of a colour."""
BELOW = 26.0
"""From the rows to the numbers below them."""


def units(subject: Subject, room: float) -> Diagram:
    """A column for each unit: how long a write lasts, its gates, and its c.

    Of few units each has a row.
    """
    population = Population(subject)
    space = inner(room)
    columns = Columns.of(population, GUTTER, space)
    of = named.named(population)
    legend, top = _legend(population, space)
    top += 10
    marks, y = (
        few.rows(population, top + 6, space)
        if few.suits(population)
        else _strips(columns, of, top, space)
    )
    return Diagram(
        said.head(columns, of),
        said.description(columns, of),
        space,
        y,
        (*legend, *marks),
        room,
        said.setup(columns, of),
    )


def _strips(
    columns: Columns, of: tuple[named.Reasons, ...], top: float, space: float
) -> tuple[list[Mark], float]:
    """A column for each unit, below each other what it does, and their end."""
    population = columns.population
    y = top + named.OVER
    rows = []
    lasting = strips.lasting(columns, y)
    if lasting:
        rows.append(lasting)
        y += strips.LASTS + strips.BETWEEN
    for name in strips.GATES:
        rows.append(strips.gate(columns, name, y))
        y += strips.GATE + strips.BETWEEN
    rows.append(strips.ranges(columns, y))
    y += strips.RANGE
    marks = [mark for row in rows for mark in row.marks]
    if of:
        marks += named.above(columns, rows[0], of, top, space)
    if columns.are_numbered:
        ids = [id for row in rows for id in row.ids]
        marks += _numbers(columns, y + 14, ids)
        y += 18
    if of:
        table, bottom = named.table(population, of, space)
        marks += [shift(mark, 0, y + BELOW) for mark in table]
        y += BELOW + bottom
    return marks, y


def _legend(population: Population, space: float) -> tuple[list[Mark], float]:
    """What the three colours of a gate mean, and where that ends."""
    asks = sentence("share of steps at which a gate is")
    first, _ = words.paragraph(0, 0, asks, space, size=words.SMALL)
    x, y = words.width(asks.text, words.SMALL) + 14, LEVEL
    marks: list[Mark] = [first]
    for name, template, value in (
        ("open", "open: above {} %", said.percent(OPEN, "open_above")),
        ("ajar", "between", None),
        ("shut", "shut: below {} %", said.percent(SHUT, "shut_below")),
    ):
        text = sentence(template, value) if value else sentence(template)
        wide = words.width(text.text, words.SMALL)
        samples = _samples(population, name)
        if x + len(samples) * SWATCH + 6 + wide > space:
            x, y = 0.0, y + 18
        edged = name == "ajar" and few.suits(population)
        for paint, of in samples:
            marks.append(
                Box(
                    x,
                    y - SWATCH / 2,
                    SWATCH,
                    SWATCH,
                    fill=paint,
                    stroke=paint.partition(":")[0] if edged else None,
                    bound=(Sample(of),),
                )
            )
            x += SWATCH
        line, _ = words.paragraph(x + 6, y - LEVEL, text, wide + 20, size=words.SMALL)
        marks.append(line)
        x += 6 + wide + 20
    return marks, y + 8


def _samples(population: Population, name: str) -> list[tuple[Paint, tuple[str, ...]]]:
    """The colours of an opening, and the ids of what has each."""
    ids = {
        gate: tuple(f"share-{gate}-{unit}-{name}" for unit in population.order)
        if few.suits(population)
        else (f"{gate}-{name}",)
        for gate in strips.GATES
    }
    if name == "shut":
        return [(strips.SHUT_PAINT, tuple(chain(*ids.values())))]
    share = f":{strips.AJAR}" if name == "ajar" else ""
    return [(f"gate-{gate}{share}", own) for gate, own in ids.items()]


def _numbers(columns: Columns, y: float, ids: list[str]) -> list[Mark]:
    """The number of each unit, below its column."""
    marks: list[Mark] = [
        words.label(
            columns.middle(unit),
            y,
            str(unit),
            {"unit": unit},
            ids,
            "column",
            anchor="middle",
            style=words.FINE,
        )
        for unit in columns.population.order
    ]
    word, _ = words.paragraph(
        columns.left - 6, y - LEVEL, sentence("unit"), 40, size=words.SMALL, anchor="end"
    )
    return [word, *marks]
