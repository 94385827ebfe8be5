"""Deliberate faults of `weight-map`, which its tests must find."""

import re
from dataclasses import replace

from lstm_figs.layout import words
from lstm_figs.layout.motifs import heat, weight_rows
from lstm_figs.sources import Source
from tests.binding.breaking import (
    Fault,
    labelled,
    letters_exchanged,
    reordered_bands,
    reversed_cells,
    row_and_name_one_more,
    row_one_place_off,
    row_text_one_more,
    wrapped,
)

ELEMENT_SOURCE = Source(8, 9)
BLOCK_SOURCE = Source(65, 65, set=("lstm.weight_ih_l0[0,0]=9", "lstm.weight_hh_l0[0,0]=9"))
"""Sizes with a cell for each element, and for each block. One large weight keeps the
blocks of a band from having one colour.
"""


def another_band(heat_, cells, band, *arguments, **more):
    bands = (*cells.bands[1:], cells.bands[0])
    return heat_(cells._replace(bands=bands), band, *arguments, **more)


def columns_turned(heat_, cells, band, *arguments, **more):
    bands = tuple(each[:, ::-1] for each in cells.bands)
    return heat_(cells._replace(bands=bands), band, *arguments, **more)


def hues_turned(heat_, cells, band, *arguments, **more):
    hues = (*cells.hues[1:], cells.hues[0])
    return heat_(cells._replace(hues=hues), band, *arguments, **more)


def other_blocks(heat_, cells, band, *arguments, **more):
    rows_ = cells.rows._replace(block=cells.rows.block + 1)
    return heat_(cells._replace(rows=rows_), band, *arguments, **more)


def larger_scale(bar, cells, *arguments, **more):
    end = replace(
        cells.scale_end, value=cells.scale_end.value * 2, of=f"2 * ({cells.scale_end.expr})"
    )
    return bar(cells._replace(scale_end=end), *arguments, **more)


def index_one_more(label, x, y, content, names, *rest, **more):
    if re.fullmatch(r"[xh]\[\d+\]", content):
        key = next(iter(names))
        names = {key: names[key] + 1}
        content = f"{content[0]}[{names[key]}]"
    return label(x, y, content, names, *rest, **more)


def shape_turned(content, names):
    if "shape" in names:
        sides = str(names["shape"]).split(",")[::-1]
        return f"({', '.join(sides)})", {"shape": ",".join(sides)}


def last_row_one_more(content, names):
    if "row" in names and int(names["row"]) % 2:
        return str(int(content) + 1), {"row": int(content) + 1}


FAULTS = {
    "a row's text off by one": Fault(["weight-map"], labelled(row_text_one_more), "says \\["),
    "a row's text and names off by one": Fault(
        ["weight-map"], labelled(row_and_name_one_more), "has row="
    ),
    "a row off by one with what it names": Fault(
        ["weight-map"], wrapped(words, "label", row_one_place_off), "not on the line of"
    ),
    "two letters exchanged": Fault(["weight-map"], labelled(letters_exchanged), "says the gate"),
    "rows in another order of gates": Fault(
        ["weight-map"], wrapped(weight_rows.Rows, "row", reordered_bands), "has row="
    ),
    "rows of two units exchanged": Fault(
        ["weight-map"], wrapped(weight_rows, "cells", reversed_cells), "not on the line of"
    ),
    "a column's index off by one": Fault(
        ["weight-map"], wrapped(words, "label", index_one_more), "has (input|unit)="
    ),
    "a shape turned round": Fault(["weight-map"], labelled(shape_turned), "has shape="),
    "elements of another band": Fault(
        ["weight-map"], wrapped(heat, "heat_map", another_band), "has \\(", source=ELEMENT_SOURCE
    ),
    "elements from right to left": Fault(
        ["weight-map"], wrapped(heat, "heat_map", columns_turned), "has \\(", source=ELEMENT_SOURCE
    ),
    "the index of a column of elements off by one": Fault(
        ["weight-map"],
        wrapped(words, "label", index_one_more),
        "is not over|has (input|unit)=",
        source=ELEMENT_SOURCE,
    ),
    "the last row of elements off by one": Fault(
        ["weight-map"],
        labelled(last_row_one_more),
        "has row=|is not on the line",
        source=ELEMENT_SOURCE,
    ),
    "elements whose scale says twice as much": Fault(
        ["weight-map"],
        wrapped(heat, "colour_bar", larger_scale),
        "but no number says so",
        source=ELEMENT_SOURCE,
    ),
    "blocks of another band": Fault(
        ["weight-map"], wrapped(heat, "heat_map", another_band), "has \\(", source=BLOCK_SOURCE
    ),
    "blocks in the hue of another gate": Fault(
        ["weight-map"], wrapped(heat, "heat_map", hues_turned), "has \\(", source=BLOCK_SOURCE
    ),
    "blocks that are said to be larger": Fault(
        ["weight-map"], wrapped(heat, "heat_map", other_blocks), "has cells", source=BLOCK_SOURCE
    ),
    "blocks whose scale says twice as much": Fault(
        ["weight-map"],
        wrapped(heat, "colour_bar", larger_scale),
        "but no number says so",
        source=BLOCK_SOURCE,
    ),
    "a shape of blocks turned round": Fault(
        ["weight-map"], labelled(shape_turned), "has shape=", source=BLOCK_SOURCE
    ),
}


DESCRIPTION_FAULTS = {
    "weight-map": {
        "another number": ("weight_hh −0.75, −0.25;", "weight_hh −0.75, −0.24;"),
        "another row": ("row 5:", "row 6:"),
        "a number less": ("2.00, −2.00, 1.75", "2.00, −2.00"),
        "another word": ("in the order input, forget", "in the order forget"),
    }
}
