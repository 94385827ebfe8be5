"""Faults of text style, and of marks beside or through texts."""

from lstm_figs.figures import bias_gradients, cell, gate_functions
from lstm_figs.figures.gru import gauge_stack
from lstm_figs.layout.motifs import charts, curves, heat, wires
from lstm_figs.scene.marks import shift
from lstm_figs.sources import Source
from tests.binding.breaking import Change, Fault, wrapped

TEXT = r"(<text[^>]*)"


def shifted_right(distance):
    """Make a change that moves everything a function draws to the right."""

    def draw_shifted(draw, *arguments, **more):
        return [shift(mark, distance, 0) for mark in draw(*arguments, **more)]

    return draw_shifted


def crossed(wire, *corners, tail, **more):
    """Cross the wires of i and g."""
    side = {"i": 20, "g": -20}.get(tail[0], 0) * tail.endswith("1")
    moved = [(x + side * (k > 1), y) for k, (x, y) in enumerate(corners)]
    return wire(*moved, tail=tail, **more)


def wider(funnel, self):
    """Draw a funnel with its narrow end at the top."""
    (path,) = funnel(self)
    y = self.levels.boxes
    turned = [(c, *((a, 2 * y - b) for a, b in rest)) for c, *rest in path.d]
    return [path._replace(d=tuple(turned))]


def large(point, *arguments, term, **more):
    """Draw a point of f twice as large as the others."""
    box = point(*arguments, term=term, **more)
    half = box.width / 2 * (term == "f")
    return box._replace(
        x=box.x - half, y=box.y - half, width=box.width + 2 * half, height=box.height + 2 * half
    )


def uneven(ticks, plot, y):
    """Draw axis ticks with one at half its distance from zero."""
    *some, tick, last = ticks(plot, y)
    end = plot.x_scale.high / 4
    return [*some, tick._replace(x=plot.x_scale(end), content=f"{end:g}"), last]


def on_colours(bar, *arguments, **more):
    """Draw the number of a scale on its colours."""
    ramp, name, number = bar(*arguments, **more)
    return [ramp, name, shift(number, 0, -heat.BAR_HEIGHT)]


def into_its_label(leader, label, end, to):
    return leader(label._replace(x=label.x + 12), end, to)


FAULTS = {
    "wires that cross to another's side": Fault(
        ["data-flow"], wrapped(wires, "wire", crossed), "run on one line", widths=(720,)
    ),
    "a wire through the curves of gates": Fault(
        ["gru"],
        lambda monkeypatch: monkeypatch.setattr(curves, "WIDTH", 12.0),
        "runs through torch.linspace",
        widths=(720,),
    ),
    "a leader into the name that it leads to": Fault(
        ["gradient-distance"],
        wrapped(charts, "label_leader", into_its_label),
        "runs through name-",
        widths=(720,),
    ),
    "a funnel that becomes wider": Fault(
        ["cell"],
        wrapped(cell._Cell, "funnel", wider),
        "no mark has that look",
        widths=(720,),
        source=Source(3, 4, proj_size=2),
    ),
    "a point that is larger than others": Fault(
        ["gate-functions"],
        wrapped(gate_functions, "point", large),
        "-point is 14 thick, but",
        widths=(720,),
    ),
    "ticks at uneven distances": Fault(
        ["gate-functions"],
        wrapped(gate_functions, "ticks", uneven),
        "numbers of an axis are",
        widths=(720,),
    ),
    "the name of a column beside it": Fault(
        ["bias-gradients"],
        wrapped(bias_gradients._Table, "name", shifted_right(40)),
        "but not over its middle",
        widths=(720,),
    ),
    "a result far from the end of its bar": Fault(
        ["gru"],
        wrapped(gauge_stack, "result", shifted_right(-60)),
        "but far from its end",
        widths=(720,),
    ),
    "a number on the colours of its scale": Fault(
        ["independence"],
        wrapped(heat, "colour_bar", on_colours),
        "-scale .* overlaps",
        widths=(720,),
        source=Source(9, 65),
    ),
}

CHANGES = {
    "an index that is not below the line": Change(
        "cell-output", "z<tspan[^>]*>i</tspan>", "zi", "has zi without an index"
    ),
    "a letter in another size": Change(
        "gate-order",
        r'y="374\.32" font-size="15"([^>]*>o</text>)',
        r'y="372.88" font-size="11"\1',
        "'o' has a different size",
    ),
    "the name of an element in another type": Change(
        "independence",
        TEXT + r' font-family="[^"]*"([^>]*>h_prev\[0\])',
        r"\1\2",
        "has a different type",
    ),
    "a number with more digits than others": Change(
        "gate-order",
        r'(data-value="0\.5" data-expr="lit_f[^>]*>0\.50)',
        r"\g<1>0",
        "more digits after the point",
    ),
    "a number beside the line of its row": Change(
        "cell-output",
        r'y="227\.96"([^>]* id="cell-output--i-gates-1-1")',
        r'y="231"\1',
        "off the line of",
    ),
    "a line into a number": Change(
        "reading", r"L475\.97 384\.04M567", "L497 384.04M567", "o-0-0-line runs through"
    ),
    "a ribbon that hides what is below": Change(
        "hidden-size", 'opacity="0.1"', 'opacity="0.95"', "hides what is below it"
    ),
    "a wire that goes back": Change(
        "data-flow", r'(data-flow="makes"[^>]*><path d="M69 [\d.]+)L', r"\1L69 170L", "turns back"
    ),
}
