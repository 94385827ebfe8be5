"""Faults of scales, digits and routes that are consistent with their bindings."""

from lstm_figs.figures import batch, direct_path, gate_functions
from lstm_figs.layout import number_lists, words
from lstm_figs.layout.motifs import charts, over_time, sums, wires
from lstm_figs.sources import Source
from tests.binding.breaking import Change, Fault, patched_sentences, wrapped, wrapped_everywhere


def constant(owner, name, value):
    """Make a patch that sets a constant to a different value."""
    return lambda monkeypatch: monkeypatch.setattr(owner, name, value)


def less(largest, *arguments):
    """Return too small a value for the largest."""
    return 0.4 * largest(*arguments)


def hanging(scale, low, high, start, stop):
    """Draw a scale that increases downwards."""
    return scale(low, high, stop, start)


def without_digits(number, *arguments, **more):
    """Print a number without decimals."""
    return number(*arguments, **{**more, "places": 0})


def spiked(line, *arguments, **more):
    """Draw a line with a peak between its first two steps."""
    (path,) = line(*arguments, **more)
    first, (_, (x, y)), *others = path.d
    d = first, ("L", (x - 9, y)), ("L", (x - 6, y - 9)), ("L", (x, y)), *others
    return [path._replace(d=d)]


def on_one_track(draw, first, out, down, left, *others, **more):
    """Draw all arrows on the track of the first."""
    down, left = (200, down[1]), (4, left[1])
    back, last = others
    return draw(first, (200, out[1]), down, left, (4, back[1]), last, **more)


class Through:
    """Route a wire from g through the node of i."""

    def __init__(self):
        self.of_i = ()

    def __call__(self, wire, *corners, **more):
        if more["tail"] == "i":
            self.of_i = corners
        if more["tail"] == "g":
            level = corners[0][1] + wires.OPERATOR_RADIUS
            start = corners[0][0] - wires.OPERATOR_RADIUS, level
            corners = start, (self.of_i[0][0], level), *self.of_i[1:]
        return wire(*corners, **more)


class Backwards:
    """Draw curves in the opposite direction, with leaders to their ends."""

    def __init__(self):
        self.ends = {}

    def __call__(self, monkeypatch):
        wrapped(charts, "curve", self.curve)(monkeypatch)
        wrapped(charts, "label_leader", self.leader)(monkeypatch)

    def curve(self, draw, plot, values, of, paint, **more):
        turned = of.replace(".flip(0)", "")
        path = draw(plot, values[::-1], turned, paint, **more)
        self.ends[path.id] = path.d[-1][1]
        return path

    def leader(self, draw, label, end, to):
        return draw(label, self.ends[to], to)


def one_step_more(sentence, template, *values, claim=""):
    """State a distance that is one step too large."""
    if "before the last" in template and values:
        ((value, of),) = values
        values = ((value + 1, f"{of} + 1"),)
    return sentence(template, *values, claim=claim)


FAULTS = {
    "thicknesses that hardly differ": Fault(
        ["four-weights", "perceptron"], constant(sums, "MIN_LINE_WIDTH", 5.0), "thick for 0"
    ),
    "the strongest of all before the largest value": Fault(
        ["four-weights", "perceptron"],
        wrapped_everywhere(number_lists, "largest_magnitude", less),
        "but its scale ends at",
    ),
    "bars that hang down": Fault(
        ["direct-path"], wrapped(direct_path, "Scale", hanging), "is shorter for larger values"
    ),
    "a bar that leaves nothing of another": Fault(
        ["direct-path"],
        constant(
            direct_path, "ROUTES", tuple(way._replace(offset=-7) for way in direct_path.ROUTES)
        ),
        "leaves nothing of",
    ),
    "numbers with too few digits": Fault(
        ["gate-order"], wrapped(words, "number", without_digits), "its value is 0."
    ),
    "a peak between two steps": Fault(
        ["gates-over-time"], wrapped(over_time, "step_line", spiked), "beside both steps"
    ),
    "arrows on one track": Fault(
        ["batch"],
        wrapped(batch, "round_arrow", on_one_track),
        "run on one line",
        widths=(360,),
        source=Source(batch_size=3),
    ),
    "a wire through the node of another": Fault(
        ["custom-cell"], wrapped(wires, "wire", Through()), "runs through i"
    ),
    "a median that is none": Fault(
        ["gate-functions"],
        constant(gate_functions, "PERCENTS", {**gate_functions.PERCENTS, "median": 60}),
        "no median",
        source=Source(input_size=3, hidden_size=20),
    ),
    "curves that go the other way": Fault(
        ["gradient-distance"], Backwards(), "but its number is at"
    ),
    "a distance that no number has": Fault(
        ["gradient-distance"],
        patched_sentences(one_step_more),
        r"but the numbers are \[59\] steps before",
    ),
}

CHANGES = {
    "a bar of a magnitude": Change(
        "cell", r'(-bar"[^>]*data-of=")(c\[\d, 0, 0\])"', r'\1(\2).abs()"', "but its number is"
    ),
    "colours that end too soon": Change(
        "batch", r'(data-draws="fill" data-map=")\d[\d.]* ', r"\g<1>0.5 ", "cells are beyond 0.5"
    ),
    "bars on a log scale": Change(
        "chunks",
        'data-draws="height" data-map="0 ',
        'data-draws="height" data-map="log 0.01 ',
        "is a bar on a log scale",
    ),
    "bars that begin above zero": Change(
        "chunks",
        'data-draws="height" data-map="0 ',
        'data-draws="height" data-map="0.01 ',
        "is a bar that begins at 0.01",
    ),
    "a gate on twice its scale": Change(
        "gates-over-time", r'(data-of="i\[[^>]*data-map="0) 1 ', r"\1 2 ", "has a scale from 0 to 2"
    ),
    "the state before the last as the last": Change(
        "gates-over-time", r'(--c_n-0"[^>]*data-of="c\[)3:', r"\g<1>2:", "no c_n"
    ),
}
