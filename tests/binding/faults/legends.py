"""Faults of legends: samples, colour scales and their sentences."""

from lstm_figs.figures import parameter_count
from lstm_figs.layout.motifs import gauges, heat
from lstm_figs.sources import Source
from tests.binding.breaking import Change, Fault, wrapped

MANY = Source(input_size=20, hidden_size=20)
FEW = Source(input_size=12, hidden_size=14)
"""Small enough for one cell with a sign for each weight."""
GAUGES = (*("cell", "cell-output", "data-flow", "projection", "keep-write-show"),)


def reversed_ramp(ramp, *arguments):
    """Draw the colours of a scale from the high end to the low end."""
    group = ramp(*arguments)
    fills = [box.fill for box in group.marks]
    boxes = zip(group.marks, reversed(fills), strict=True)
    return group._replace(marks=tuple(box._replace(fill=fill) for box, fill in boxes))


def numbers_exchanged(bar, *arguments, **more):
    """Exchange the numbers at the ends of a scale."""
    marks = bar(*arguments, **more)
    if not marks:
        return marks
    *ramp, low, high, name = marks
    return [
        *ramp,
        high._replace(x=low.x, anchor=low.anchor),
        low._replace(x=high.x, anchor=high.anchor),
        name,
    ]


def one_end_alone(bar, *arguments, **more):
    """Draw only one number on a scale that extends to both sides of 0."""
    marks = bar(*arguments, **more)
    if not marks:
        return marks
    *ramp, low, high, name = marks
    keep = low if high.id.endswith("-opposite") else high
    return [*ramp, keep, name]


def dashes_exchanged(gauge, *arguments, **more):
    """Draw a solid outline and a dashed filled part."""
    marks = gauge(*arguments, **more)
    if not marks:
        return marks
    outline, passed = marks
    return [outline._replace(dash=""), passed._replace(dash=outline.dash)]


def swatches_exchanged(lines, self):
    """Exchange the swatches of the first two tensors in a list."""
    paints = dict(parameter_count.PAINTS)
    first, second = (tensor.term for tensor in self.tensors[:2])
    exchanged = {first: paints[second], second: paints[first]}
    before = parameter_count.PAINTS
    parameter_count.PAINTS = paints | exchanged
    try:
        return lines(self)
    finally:
        parameter_count.PAINTS = before


FAULTS = {
    "a scale from its high end": Fault(
        ("weight-map", "gates-over-time", "independence"),
        wrapped(heat, "colour_ramp", reversed_ramp),
        "the scale of .* has",
        source=MANY,
    ),
    "numbers at the other ends of their scale": Fault(
        ("weight-map",),
        wrapped(heat, "colour_bar", numbers_exchanged),
        "is at the other end",
        source=FEW,
    ),
    "a scale with one of its ends": Fault(
        ("weight-map",), wrapped(heat, "colour_bar", one_end_alone), "ends with", source=FEW
    ),
    "a solid outline": Fault(
        GAUGES, wrapped(gauges, "gauge_marks", dashes_exchanged), "has no dashed outline"
    ),
    "swatches exchanged": Fault(
        ("parameter-count",),
        wrapped(parameter_count._Panel, "lines", swatches_exchanged),
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
        "a sample at .* has no data-for",
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
        "has no dashed outline",
    ),
}
