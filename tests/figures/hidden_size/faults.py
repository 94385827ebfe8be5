"""Deliberate faults of `hidden-size`, which its tests must find."""

from lstm_figs.layout import words
from lstm_figs.layout.motifs import gauges, weight_rows
from tests.binding.breaking import (
    Fault,
    labelled,
    reordered_bands,
    row_and_name_one_more,
    unit_one_more,
    wrapped,
)


def ribbon_from_another_row(ribbon, start, stop, paint, tail, head, **more):
    name, _, row = tail.partition("-")
    return ribbon(start, stop, paint, f"{name}-{int(row) ^ 1}", head, **more)


def ribbon_elsewhere(ribbon, start, stop, paint, tail, head, **more):
    stop = stop[0], stop[1] + 34
    return ribbon(start, stop, paint, tail, head, **more)


def another_unit_stands_out(label, x, y, content, *rest, **more):
    """Print the name of the second unit in bold instead of the first."""
    styles = {"unit 0": words.PLAIN, "unit 1": words.STRONG}
    style = styles.get(content, more["style"])
    return label(x, y, content, *rest, **{**more, "style": style})


FAULTS = {
    "a stored row that goes to another unit": Fault(
        ["hidden-size"],
        wrapped(gauges, "ribbon", ribbon_from_another_row),
        "copies .* to|ends .* from",
    ),
    "a ribbon that ends elsewhere": Fault(
        ["hidden-size"], wrapped(gauges, "ribbon", ribbon_elsewhere), "ends .* from"
    ),
    "a unit by another name": Fault(["hidden-size"], labelled(unit_one_more), "has unit="),
    "a row of a unit off by one": Fault(
        ["hidden-size"], labelled(row_and_name_one_more), "has row="
    ),
    "rows of units in another order": Fault(
        ["hidden-size"], wrapped(weight_rows.Rows, "row", reordered_bands), "has gate=[fg]"
    ),
    "a bold name of what does not stand out": Fault(
        ["hidden-size"],
        wrapped(words, "label", another_unit_stands_out),
        "bold, but what it names does",
    ),
}


DESCRIPTION_FAULTS = {
    "hidden-size": {
        "another row": ("owns rows 1, 3, 5, 7", "owns rows 1, 3, 5, 6"),
        "another unit": ("Unit 1", "Unit 0"),
    }
}
