"""Faults of places that no value determines, and of overlaps."""

from lstm_figs.figures import batch, bias_gradients, direct_path, gate_order, weight_map
from lstm_figs.layout import words
from lstm_figs.layout.motifs import heat, wires
from lstm_figs.sources import Source
from tests.binding.breaking import Change, Fault, wrapped


def at_corners(rows, table):
    """Start arrows at the upper edge of each row."""
    return [(y - batch.ROW_HEIGHT / 2, n) for y, n in rows(table)]


def over_each_other(monkeypatch):
    """Draw two bars of a state half over each other."""
    first, second = direct_path.ROUTES
    routes = first, second._replace(offset=-8)
    monkeypatch.setattr(direct_path, "ROUTES", routes)


def below_the_next_row(monkeypatch):
    """Draw bars nearer to the numbers of the next row."""
    monkeypatch.setattr(bias_gradients, "DOWN", 30.0)


def as_thick(box, x, y, width, height, **more):
    """Draw a thin bar as thick as the one above it."""
    thin = height == 2
    return box(x, y - 9 * thin, width, height + 18 * thin, **more)


def shifted_left(bar, value, bars, index, at, *rest):
    return bar(value, bars, index, (at[0] - 25, at[1]), *rest)


def far(reach, *vectors):
    return 4 * reach(*vectors)


def inside(tick, x, *rest):
    """Draw the number of an axis inside of the plot."""
    return tick(x + 20, *rest)


def above(ramp, cells, x, y, *rest):
    """Draw a scale between its map and the map above."""
    return ramp(cells, x, y - 36, *rest)


WIDE = (720,)

FAULTS = {
    "arrows from the corners of boxes": Fault(
        ["batch"], wrapped(batch, "_rows", at_corners), "ends at a corner", widths=WIDE
    ),
    "bars that lie over a part of each other": Fault(
        ["direct-path"], over_each_other, "lies over a part of", widths=WIDE
    ),
    "bars nearer to the next row": Fault(
        ["bias-gradients"], below_the_next_row, "is nearer to grad-", widths=WIDE
    ),
    "a bar on one of its own colour": Fault(
        ["weight-map"],
        wrapped(weight_map, "Box", as_thick),
        "cannot be seen on",
        widths=WIDE,
        source=Source(9, 65),
    ),
    "bars half a column beside their numbers": Fault(
        ["gate-order"],
        wrapped(gate_order, "bar", shifted_left),
        "beside the middle of",
        widths=WIDE,
    ),
    "bars with four times the room that they need": Fault(
        ["custom-cell"],
        wrapped(wires, "largest_visible", far),
        "but its largest value is",
        widths=WIDE,
        source=Source(2, 3, seq_len=400),
    ),
    "the number of an axis on an area": Fault(
        ["units"], wrapped(words, "tick", inside), "overlaps f-", widths=WIDE, source=Source(9, 65)
    ),
    "a scale nearer to another map": Fault(
        ["gates-over-time"],
        wrapped(heat, "colour_ramp", above),
        "is nearer to",
        widths=WIDE,
        source=Source(9, 65),
    ),
}

CHANGES = {
    "a lead right of the title": Change(
        "perceptron", r'x="24"( y="[\d.]+" font-size="13")', r'x="38"\1', "begin at .24.0, 38.0"
    )
}
