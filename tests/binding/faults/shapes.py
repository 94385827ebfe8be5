"""Faults of boxes and lines without a value, and of loose arrows."""

from lstm_figs.figures import chunks, parameter_count
from lstm_figs.layout.motifs import charts, gauges, layer_stack, over_time, weight_rows, wires
from lstm_figs.scene.marks import Box, Path, shift
from tests.binding.breaking import RECORDED, Change, Fault, wrapped, wrapped_everywhere


def moved(is_one, dx=0.0, dy=0.0, **look):
    """Make a change that moves or restyles some of the marks a function draws."""

    def draw_changed(draw, *arguments, **more):
        return [
            shift(mark, dx, dy)._replace(**look) if is_one(mark) else mark
            for mark in draw(*arguments, **more)
        ]

    return draw_changed


def is_bare(mark):
    """Whether a mark is a box without a binding."""
    return isinstance(mark, Box) and not mark.bound


def is_line(mark):
    return isinstance(mark, Path) and not mark.bound


def is_band(mark):
    return is_bare(mark) and mark.width == 3


def is_outline(mark):
    return is_bare(mark) and bool(mark.dash)


def back_to_the_first(reach, self, variant, y):
    """Draw the gradient that detach stops, through the wall."""
    through = reach(self, self.variants[0], y)
    return reach(self, variant, y)._replace(marks=through.marks)


def lower(area, self, tensor, x, width):
    """Draw one area lower than the others."""
    box = area(self, tensor, x, width)
    share = 0.75 if tensor.term == "bias_ih" else 1
    return box._replace(height=box.height * share)


FAULTS = {
    "a frame of output around another layer": Fault(
        ["layers"],
        wrapped_everywhere(layer_stack, "output_outline", moved(is_bare, dy=150)),
        RECORDED,
    ),
    "a frame a little aside": Fault(
        ["layers"],
        wrapped_everywhere(layer_stack, "output_outline", moved(is_bare, dx=6)),
        RECORDED,
    ),
    "grounds lower than their columns": Fault(
        ["gates-over-time"],
        wrapped(over_time, "columns", moved(is_bare, dy=3)),
        "does not span its scale",
    ),
    "the zero of columns elsewhere": Fault(
        ["gates-over-time"],
        wrapped(over_time, "columns", moved(is_line, dy=3)),
        "is at no number of the axis",
    ),
    "lines of a plane beside their numbers": Fault(
        ["forget-bias", "gradient-distance"],
        wrapped(charts, "grid", moved(is_line, dx=6, dy=6)),
        "is at no number of the axis",
    ),
    "the zero of a bar elsewhere": Fault(
        ["cell", "projection"],
        wrapped(wires, "bar", moved(is_line, dx=3)),
        "is at no number of the axis",
    ),
    "all there is of a gate shorter": Fault(
        ["cell", "projection"],
        wrapped(wires, "bar", moved(is_outline, width=20)),
        "does not span its scale",
    ),
    "the bar of a band beside another band": Fault(
        ["hidden-size"],
        wrapped_everywhere(weight_rows, "gutter_marks", moved(is_band, dy=20)),
        RECORDED,
    ),
    "the bar of a band in another hue": Fault(
        ["hidden-size"],
        wrapped_everywhere(weight_rows, "gutter_marks", moved(is_band, fill="gate-g")),
        RECORDED,
    ),
    "a ribbon in another hue": Fault(
        ["hidden-size", "porting"],
        wrapped(gauges, "ribbon", moved(is_line, stroke="gate-o")),
        "has no line of its hue",
        widths=(720,),
    ),
    "a gradient that goes through a wall": Fault(
        ["chunks"], wrapped(chunks._Chunks, "reach", back_to_the_first), "does not end at"
    ),
    "an area that is lower than others": Fault(
        ["parameter-count"], wrapped(parameter_count._Panel, "area", lower), "for each number"
    ),
}

CHANGES = {
    "a head that belongs to nothing": Change(
        "cell",
        "</svg>",
        '<g><path d="M9 9L30 9" stroke="#5a6372"/><path d="M37 9L30 6L30 12Z" '
        'fill="#5a6372"/></g></svg>',
        "belongs to no arrow",
    ),
    "a wire through a sign": Change(
        "cell",
        r'(data-flow="makes" data-from="i-1" data-to="i-g-1"><path d="M)',
        r"\g<1>164 139.92L",
        "runs through text '×'",
    ),
    "a state that visits another step": Change(
        "wrong-way mistake=swapped-axes",
        'data-flow="visits" data-from="right-way-0-0" data-to="right-way-1-0"',
        'data-flow="visits" data-from="right-way-1-0" data-to="right-way-0-0"',
        "visit",
    ),
}
