"""Faults of legends: samples, scales of colours, and what a sentence says."""

from lstm_figs.figures import parameter_count
from lstm_figs.layout.motifs import gauges, heat
from lstm_figs.sources import Source
from tests.binding.breaking import Change, Fault, wrapped

MANY = Source(input_size=20, hidden_size=20)
GAUGES = (
    *("cell", "cell-output", "data-flow", "projection", "keep-write-show"),
)


def reversed_ramp(ramp, *arguments):
    """The colours of a scale from its high end to its low one."""
    drawn = ramp(*arguments)
    fills = [box.fill for box in drawn.marks]
    boxes = zip(drawn.marks, reversed(fills), strict=True)
    return drawn._replace(
        marks=tuple(box._replace(fill=fill) for box, fill in boxes)
    )


def number_at_the_other_end(bar, *arguments, **more):
    """The number at the end of a scale, below the other end."""
    marks = bar(*arguments, **more)
    if not marks:
        return marks
    *ramp, name, number = marks
    return [
        *ramp,
        name._replace(x=number.x, anchor=number.anchor),
        number._replace(x=name.x, anchor=name.anchor),
    ]


def dashes_exchanged(gauge, *arguments, **more):
    """A solid outline, and what is in it dashed."""
    marks = gauge(*arguments, **more)
    if not marks:
        return marks
    there, passed = marks
    return [there._replace(dash=""), passed._replace(dash=there.dash)]


def swatches_exchanged(rows, subject, tensors, y, id):
    """A list in which the first two tensors have each other's swatch."""
    paints = dict(parameter_count.PAINTS)
    first, second = (one.term for one in tensors[:2])
    both = {first: paints[second], second: paints[first]}
    before = parameter_count.PAINTS
    parameter_count.PAINTS = paints | both
    try:
        return rows(subject, tensors, y, id)
    finally:
        parameter_count.PAINTS = before


FAULTS = {
    "a scale from its high end": Fault(
        ("weight-map", "gates-over-time", "independence"),
        wrapped(heat, "ramp", reversed_ramp),
        "the scale of .* has",
        source=MANY,
    ),
    "a number at the other end of its scale": Fault(
        ("weight-map",),
        wrapped(heat, "bar", number_at_the_other_end),
        "stands below the other end",
        source=MANY,
    ),
    "a solid outline": Fault(
        GAUGES, wrapped(gauges, "gauge", dashes_exchanged), "no dashed outline"
    ),
    "swatches exchanged": Fault(
        ("parameter-count",),
        wrapped(parameter_count, "_list", swatches_exchanged),
        "the sample of .* has the fill",
    ),
}

CHANGES = {
    "a line that is sampled in another paint": Change(
        "reading",
        r'stroke="#1f2430" stroke-width="2.5"(?= data-for)',
        'stroke="#3d4658" stroke-width="2.5"',
        "the sample of .* has the stroke",
    ),
    "a sample of nothing": Change(
        "parameter-count",
        r' data-for="torch-weight_ih-area"(?=/>)',
        "",
        "a sample at .* is of nothing",
    ),
    "a line that is sampled thinner": Change(
        "reading",
        r'stroke-width="2.5"(?= data-for)',
        'stroke-width="1.25"',
        "the sample of .* has the stroke-width",
    ),
    "a dashed line that is sampled solid": Change(
        "reading",
        r' stroke-dasharray="5 3"(?= data-for)',
        "",
        "the sample of .* has the stroke-dasharray",
    ),
    "a gate that has a solid outline": Change(
        "cell",
        r' stroke-dasharray="2.5 2"(?=/><rect[^>]*id="cell--f-1-0-bar")',
        "",
        "no dashed outline",
    ),
}
