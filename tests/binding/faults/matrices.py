"""Faults of rows and heat maps."""

import re
from dataclasses import replace

from lstm_figs.figures.cell_input import addends, products
from lstm_figs.layout import words
from lstm_figs.layout.motifs import gauges, heat, rows
from lstm_figs.proof.bindings import Flow
from lstm_figs.proof.reference import Number
from lstm_figs.sources import Source
from tests.binding.breaking import (
    Fault,
    cells_at_other_places,
    labelled,
    letters_exchanged,
    other_bands,
    row_is_one_more,
    row_says_one_more,
    row_stands_one_off,
    unit_one_more,
    wrapped,
)

ELEMENTS, BLOCKS = Source(8, 9), Source(40, 256)
"""What has a cell for each element, and for each block."""


def another_band(heat_, found, band, *arguments, **more):
    bands = (*found.bands[1:], found.bands[0])
    return heat_(found._replace(bands=bands), band, *arguments, **more)


def turned(heat_, found, band, *arguments, **more):
    bands = tuple(each[:, ::-1] for each in found.bands)
    return heat_(found._replace(bands=bands), band, *arguments, **more)


def hues_turned(heat_, found, band, *arguments, **more):
    hues = (*found.hues[1:], found.hues[0])
    return heat_(found._replace(hues=hues), band, *arguments, **more)


def other_blocks(heat_, found, band, *arguments, **more):
    rows_ = found.rows._replace(block=found.rows.block + 1)
    return heat_(found._replace(rows=rows_), band, *arguments, **more)


def larger_scale(bar, found, *arguments, **more):
    end = replace(
        found.end, value=found.end.value * 2, of=f"2 * ({found.end.expr})"
    )
    return bar(found._replace(end=end), *arguments, **more)


def index_one_more(label, x, y, content, names, of, along, **more):
    if along == "column" and re.fullmatch(r"[xh]\[\d+\]", content):
        key = next(iter(names))
        names = {key: names[key] + 1}
        content = f"{content[0]}[{names[key]}]"
    return label(x, y, content, names, of, along, **more)


def shape_turned(content, names):
    if "shape" in names:
        sides = str(names["shape"]).split(",")[::-1]
        return f"({', '.join(sides)})", {"shape": ",".join(sides)}


def last_row_one_more(content, names):
    if "row" in names and int(names["row"]) % 2:
        return str(int(content) + 1), {"row": int(content) + 1}


def bars_of_another(bars, where, each, values, z, *arguments):
    """The first two addends exchanged, not their proofs."""
    first, second, *others = values
    turned = {first: values[second], second: values[first]}
    turned |= {name: values[name] for name in others}
    return bars(where, each, turned, z, *arguments)


def feeds_of_another(feeds, where, name, column, *arguments):
    return [
        mark._replace(
            bound=tuple(
                b._replace(tail={"x-1": "h_prev-1", "h_prev-1": "x-1"}[b.tail])
                if isinstance(b, Flow)
                else b
                for b in mark.bound
            )
        )
        for mark in feeds(where, name, column, *arguments)
    ]


def products_turned(made, subject, t, row, part):
    """Each weight times the value beside its own, and proven."""
    right = made(subject, t, row, part)
    count = len(right)
    turned = []
    for k, one in enumerate(right):
        weight, _, _ = one.expr.partition(" * ")
        other = right[(k + 1) % count].expr.partition(" * ")[2]
        value = subject.parameter(f"weight_{part.name}", row, k).value
        factor = subject.vector(part.vector, t)[(k + 1) % count].value
        turned.append(Number(value * factor, f"{weight} * {other}"))
    return turned


def ribbon_from_another_row(ribbon, start, stop, paint, tail, head, **more):
    name, _, row = tail.partition("-")
    return ribbon(start, stop, paint, f"{name}-{int(row) ^ 1}", head, **more)


def ribbon_elsewhere(ribbon, start, stop, paint, tail, head, **more):
    stop = stop[0], stop[1] + 34
    return ribbon(start, stop, paint, tail, head, **more)


def other_unit(row, self, gate, unit):
    return row(self, gate, 1 - unit)


FAULTS = {
    "a row's text off by one": Fault(
        ["weight-map"], labelled(row_says_one_more), "says \\["
    ),
    "a row's text and names off by one": Fault(
        ["weight-map"], labelled(row_is_one_more), "has row="
    ),
    "a row off by one with what it names": Fault(
        ["weight-map"],
        wrapped(words, "label", row_stands_one_off),
        "not on the line of",
    ),
    "two letters exchanged": Fault(
        ["weight-map"], labelled(letters_exchanged), "says the gate"
    ),
    "rows in another order of gates": Fault(
        ["weight-map"], wrapped(rows.Rows, "row", other_bands), "has row="
    ),
    "rows of two units exchanged": Fault(
        ["weight-map"],
        wrapped(rows, "cells", cells_at_other_places),
        "not on the line of",
    ),
    "a column's index off by one": Fault(
        ["weight-map"],
        wrapped(words, "label", index_one_more),
        "has (input|unit)=",
    ),
    "a shape turned round": Fault(
        ["weight-map"], labelled(shape_turned), "has shape="
    ),
    "elements of another band": Fault(
        ["weight-map"],
        wrapped(heat, "heat", another_band),
        "has \\(",
        source=ELEMENTS,
    ),
    "elements from right to left": Fault(
        ["weight-map"],
        wrapped(heat, "heat", turned),
        "has \\(",
        source=ELEMENTS,
    ),
    "the index of a column of elements off by one": Fault(
        ["weight-map"],
        wrapped(words, "label", index_one_more),
        "is not over|has (input|unit)=",
        source=ELEMENTS,
    ),
    "the last row of elements off by one": Fault(
        ["weight-map"],
        labelled(last_row_one_more),
        "has row=|is not on the line",
        source=ELEMENTS,
    ),
    "elements whose scale says twice as much": Fault(
        ["weight-map"],
        wrapped(heat, "bar", larger_scale),
        "which stands nowhere",
        source=ELEMENTS,
    ),
    "blocks of another band": Fault(
        ["weight-map"],
        wrapped(heat, "heat", another_band),
        "has \\(",
        source=BLOCKS,
    ),
    "blocks in the hue of another gate": Fault(
        ["weight-map"],
        wrapped(heat, "heat", hues_turned),
        "has \\(",
        source=BLOCKS,
    ),
    "blocks that are said to be larger": Fault(
        ["weight-map"],
        wrapped(heat, "heat", other_blocks),
        "has cells",
        source=BLOCKS,
    ),
    "blocks whose scale says twice as much": Fault(
        ["weight-map"],
        wrapped(heat, "bar", larger_scale),
        "which stands nowhere",
        source=BLOCKS,
    ),
    "an addend that ends elsewhere": Fault(
        ["cell-input"],
        wrapped(addends, "_bars", bars_of_another),
        "reaches from",
    ),
    "a vector that is said to make the products of the other": Fault(
        ["cell-input"],
        wrapped(addends, "_feeds", feeds_of_another),
        "ends .* from|is not made of",
        (720,),
    ),
    "sums of another gate": Fault(
        ["cell-input"], labelled(letters_exchanged), "says the gate"
    ),
    "a product with another value": Fault(
        ["cell-input unit=0"],
        wrapped(products, "products", products_turned),
        "do not meet",
    ),
    "rows of another unit": Fault(
        ["cell-input unit=0"],
        wrapped(rows.Rows, "row", other_unit),
        "has row=",
        (720,),
    ),
    "a stored row that goes to another unit": Fault(
        ["hidden-size"],
        wrapped(gauges, "ribbon", ribbon_from_another_row),
        "copies .* to|ends .* from",
    ),
    "a ribbon that ends elsewhere": Fault(
        ["hidden-size"],
        wrapped(gauges, "ribbon", ribbon_elsewhere),
        "ends .* from",
    ),
    "a unit by another name": Fault(
        ["hidden-size"], labelled(unit_one_more), "has unit="
    ),
    "a row of a unit off by one": Fault(
        ["hidden-size"], labelled(row_is_one_more), "has row="
    ),
    "rows of units in another order": Fault(
        ["hidden-size"], wrapped(rows.Rows, "row", other_bands), "has gate=[fg]"
    ),
    "a shape of blocks turned round": Fault(
        ["weight-map"], labelled(shape_turned), "has shape=", source=BLOCKS
    ),
}


HEARD = {
    "hidden-size": {
        "another row": ("owns rows 1, 3, 5, 7", "owns rows 1, 3, 5, 6"),
        "another unit": ("Unit 1", "Unit 0"),
    },
    "cell-input": {
        "another number": ("= −0.88", "= −0.89"),
        "two addends exchanged": ("1.00 + 0 =", "0 + 1.00 ="),
        "another gate": ("Gate g, row 4", "Gate f, row 4"),
    },
    "weight-map": {
        "another number": (
            "weight_hh −0.75, −0.25;",
            "weight_hh −0.75, −0.24;",
        ),
        "another row": ("row 5:", "row 6:"),
        "a number less": ("2.00, −2.00, 1.75", "2.00, −2.00"),
        "another word": ("in the order input, forget", "in the order forget"),
    },
}
