"""Deliberate faults of `writes`, which its tests must find."""

from lstm_figs.figures import writes as figure
from lstm_figs.figures.writes import cells, memory, side_plots, texts, total
from lstm_figs.proof.bindings import Says
from lstm_figs.scene.marks import Path, shift
from lstm_figs.sources import Source
from tests.binding.breaking import RECORDED, Fault, labelled, wrapped

MANY_UNITS = Source(input_size=3, hidden_size=9)


def a_row_late(runs, grid, column):
    """Draw each run of cells a row further down."""
    for paint, first, last in runs(grid, column):
        yield paint, min(first + 1, grid.rows - 1), last


def a_row_early(rules, grid):
    """Start the lines between steps a row too early, before the step is written."""
    return rules(grid._replace(top=grid.top - grid.row_height))


def other_sign(paint, value, limit):
    return paint(-value, limit)


def a_row_down(draw, column, level):
    """Draw a line or bars a row below their numbers."""
    return [
        shift(mark, 0, column.grid.row_height)._replace(bound=mark.bound)
        if isinstance(mark, Path) and mark.id
        else mark
        for mark in draw(column, level)
    ]


def next_step(step, self, row):
    return step(self, min(row + 1, len(self.columns) - 1))


def next_column(written, self, column):
    return written(self, min(column + 1, len(self.columns)))


def other_token(named, subject, k, first, last, read):
    """Name the token of the previous step."""
    label, _ = named(subject, k, first, last, read)
    _, says = named(subject, k, first - 1, last - 1, [*read[1:], *read[:1]])
    return label, says or Says()


def bar_of_another(bar, row_total, line, scale, y):
    other = row_total.lines[(row_total.lines.index(line) + 1) % len(row_total.lines)]
    boxes = bar(row_total, line, scale, y)
    of = bar(row_total, other, scale, y)
    return [a._replace(x=b.x, width=b.width) for a, b in zip(boxes, of, strict=True)]


def step_one_more(content, names):
    """Print the next step, with the same binding."""
    if "step" in names and content.isdecimal():
        return str(int(content) + 1), names


def column_one_more(content, names):
    """Print and bind the next column."""
    if {*names} == {"write"} and content.isdecimal():
        more = str(int(content) + 1)
        return more, {"write": more}


def frame_below(framed, grid):
    return shift(framed(grid), 0, grid.row_height)


def all_rows(low, memory, place):
    return list(range(len(memory.columns)))


def another_unit(units_of, subject, requested):
    (unit,) = units_of(subject, requested)
    return (unit - 1 if unit else unit + 1,)


def last_row(remembered, subject, requested, step):
    """Write out the row after that of the largest magnitude."""
    memory = remembered(subject, requested, step)
    return memory._replace(written_out_rows=tuple(row + 1 for row in memory.written_out_rows))


def shorter(lives, f):
    return lives(f) - 1


def of_one_column(total, memory, place):
    """Draw the sum of all other columns as if one were missing."""
    original = total(memory, place)
    first, last = original.others.ends
    others = original.others._replace(ends=(first, last + 0.3))
    return original._replace(others=others)


FAULTS = {
    "cells a row further down": Fault(
        ["writes"], wrapped(cells, "_runs", a_row_late), "has .* at", widths=(720,)
    ),
    "lines between steps a row early": Fault(
        ["writes"], wrapped(cells, "_rules", a_row_early), RECORDED, widths=(720,)
    ),
    "cells in the hue of the other sign": Fault(
        ["writes"], wrapped(cells, "paint", other_sign), "has .* for|hue of"
    ),
    "c a row lower": Fault(
        ["writes"], wrapped(side_plots, "c_line", a_row_down), "at index", widths=(720,)
    ),
    "f a row lower": Fault(
        ["writes"], wrapped(side_plots, "keep_bars", a_row_down), "at index", widths=(720,)
    ),
    "a row that is called by the next step": Fault(
        ["writes"], wrapped(memory.Memory, "step", next_step), "is not on the line|says|step="
    ),
    "a column that is called by the next step": Fault(
        ["writes"], wrapped(memory.Memory, "written", next_column), "write="
    ),
    "a step as it is said": Fault(["writes"], labelled(step_one_more), "says", source=MANY_UNITS),
    "a column as it is said and named": Fault(
        ["writes"], labelled(column_one_more), "write=", source=MANY_UNITS
    ),
    "what was read a step before": Fault(
        ["writes"], wrapped(memory, "_label", other_token), "says"
    ),
    "a bar as long as another": Fault(
        ["writes"], wrapped(total, "_bar", bar_of_another), "reaches from"
    ),
    "the rest longer than it is": Fault(
        ["writes"], wrapped(total, "total", of_one_column), "reaches from"
    ),
    "a frame around the row below": Fault(
        ["writes"], wrapped(cells, "frame", frame_below), "row-.* covers", widths=(720,)
    ),
    "a tick where most is kept": Fault(
        ["writes"], wrapped(side_plots, "low_rows", all_rows), "claims", widths=(720,)
    ),
    "cancelled where nothing is": Fault(
        ["writes"], wrapped(cells, "cancelled", all_rows), "claims", widths=(720,)
    ),
    "a unit that does not go farthest": Fault(
        ["writes"], wrapped(memory, "units_of", another_unit), "claims", source=MANY_UNITS
    ),
    "a row that is not that of the largest": Fault(
        ["writes"], wrapped(figure, "memory_of", last_row), "claims"
    ),
    "a write that lasts a step less": Fault(
        ["writes"], wrapped(texts, "lives_of", shorter), "says|claims", source=MANY_UNITS
    ),
    "quotes that are erased where there are none": Fault(
        ["writes"], wrapped(texts, "_erases", lambda *_: True), "claims", source=MANY_UNITS
    ),
}


DESCRIPTION_FAULTS = {
    "writes": {
        "another number": ("c is −0.08", "c is −0.09"),
        "another part": ("of step 2 0.87 is", "of step 2 0.78 is"),
        "another step": ("of step 2 ", "of step 3 "),
        "another row": ("fter step 13 ", "fter step 12 "),
        "another unit": ("of unit 0", "of unit 1"),
        "another word": ("is left", "is lost"),
        "another rest": ("all others together 0.005", "all others together 0.05"),
    }
}
