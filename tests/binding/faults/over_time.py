"""Faults of steps, curves and gates."""

from dataclasses import replace

import numpy as np

from lstm_figs.figures import direct_path as path_module
from lstm_figs.figures import independence as matrix_module
from lstm_figs.figures import keep_write_show as step_module
from lstm_figs.figures import writes as writes_module
from lstm_figs.figures.gate_functions import plane
from lstm_figs.layout import words
from lstm_figs.layout.motifs import charts, curves, gauges, over_time, rows
from lstm_figs.proof.bindings import Course, Flow, Node, Scale, sentence
from lstm_figs.proof.reference import Ref
from lstm_figs.proof.subject import Subject
from lstm_figs.scene.marks import Group, Path
from tests.binding.breaking import (
    EXCHANGED,
    Fault,
    cells_at_other_places,
    every_sentence,
    gates_exchanged,
    labelled,
    letters_exchanged,
    number_one_more,
    other_bands,
    row_is_one_more,
    row_says_one_more,
    row_stands_one_off,
    text_one_more,
    unit_one_more,
    values_exchanged,
    wrapped,
)

OVER_TIME = ("reading", "writes")
STEP = ("keep-write-show",)
FUNCTIONS = ("gate-functions",)
PATHS = ("direct-path",)
MATRICES = ("independence",)
CURVES = ("gradient-distance", "forget-bias")
GATED = (*OVER_TIME, *STEP)
EVERY = (*GATED, *CURVES, *FUNCTIONS, *PATHS, *MATRICES)


def label_says_one_more(label, x, y, content, names, of, along, **more):
    if "step" in names and not more.get("says"):
        content = str(int(content) + 1)
    return label(x, y, content, names, of, along, **more)


def label_is_one_more(label, x, y, content, names, of, along, **more):
    if "step" in names and not more.get("says"):
        content = str(int(content) + 1)
        names = {"step": int(content)}
    return label(x, y, content, names, of, along, **more)


def label_stands_one_off(label, x, y, content, names, of, along, **more):
    if "step" in names and not more.get("says"):
        step = int(names["step"])
        content, names = str(step + 1), {"step": step + 1}
        of = [i.replace(f"-{step - 1}-", f"-{step}-") for i in of]
    return label(x, y, content, names, of, along, **more)


def hues_exchanged(columns, steps, top, height, values, paint, **more):
    for gate, other in EXCHANGED.items():
        if paint == f"gate-{gate}":
            return columns(steps, top, height, values, f"gate-{other}", **more)
    return columns(steps, top, height, values, paint, **more)


def one_less(columns, steps, top, height, values, paint, **more):
    """Columns as full as 1 − f."""
    values = replace(values, values=1 - values.values)
    return columns(steps, top, height, values, paint, **more)


def one_less_said(columns, steps, top, height, values, paint, **more):
    """The same, and proven."""
    of = Ref("1") - values.of
    values = replace(values, values=1 - values.values, of=of)
    return columns(steps, top, height, values, paint, **more)


def values_shifted(line, steps, scale, values, paint, **more):
    numbers = [values.values[0], *values.values[:-1]]
    values = replace(values, values=np.array(numbers))
    return line(steps, scale, values, paint, **more)


def line_shifted(line, steps, *arguments, **more):
    """The whole line with its scale one step to the right."""
    steps = steps._replace(left=steps.left + steps.width)
    return line(steps, *arguments, **more)


def columns_shifted(columns, steps, *arguments, **more):
    steps = steps._replace(left=steps.left + steps.width)
    return columns(steps, *arguments, **more)


def area_shifted(area, steps, scale, stripe, k, paint):
    steps = steps._replace(left=steps.left + steps.width)
    return area(steps, scale, stripe, k, paint)


def stripes_reversed(stripes, subject, unit, count):
    """The stripes with the last below, as drawn and as said."""
    found = stripes(subject, unit, count)
    piles = {True: np.zeros(count), False: np.zeros(count)}
    turned = []
    for one in reversed(found):
        up = bool(one.heights.sum() > 0)
        low, piles[up] = piles[up], piles[up] + one.heights
        turned.append(one._replace(low=low, high=piles[up]))
    return turned


def stripe_of_another(area, steps, scale, stripe, k, paint):
    """Each stripe drawn as what it is not said to be."""
    drawn = area(steps, scale, stripe, k, paint)
    (course,) = drawn.bound
    other = k - 1 if k else k + 1
    return drawn._replace(
        bound=(Course(f"edges[{other}]", "area", course.steps, course.scale),)
    )


def stripe_of_other_sign(area, steps, scale, stripe, k, paint):
    other = paint.replace("pos", "x").replace("neg", "pos").replace("x", "neg")
    return area(steps, scale, stripe, k, other)


def passes_one_less(gauge, one, y, scale):
    """What the gate keeps back."""
    return gauge(
        one._replace(passed=one.start + one.there - one.passed), y, scale
    )


def passes_one_less_said(gauge, one, y, scale):
    """The same, and proven, of what is kept."""
    if one.id.startswith("keep"):
        one = one._replace(
            passed=one.there - one.passed,
            passed_of=f"{one.there_of} - {one.passed_of}",
        )
    return gauge(one, y, scale)


def gauge_hues_exchanged(gauge, one, y, scale):
    paint = {"gate-f": "gate-o", "gate-o": "gate-f"}.get(one.paint, one.paint)
    return gauge(one._replace(paint=paint), y, scale)


def write_begins_at_zero(gauge, one, y, scale):
    if one.id.startswith("write"):
        by = one.start
        one = one._replace(
            start=0.0, there=one.there - by, passed=one.passed - by
        )
    return gauge(one, y, scale)


def point_of_another(curve, x, y, z, gate, paint, **more):
    """The point of a sum that is larger by 1."""
    return curve(x, y, replace(z, value=z.value + 1), gate, paint, **more)


def point_of_the_other_function(curve, x, y, z, gate, paint, *, tanh, **more):
    return curve(x, y, z, gate, paint, tanh=not tanh, **more)


def on_to_the_step_after_next(on, subject, t):
    """It says one step more, and claims what is true of the next."""
    said = on(subject, t)
    later = sentence(said.text.replace(str(t + 2), "{}"), (t + 3, str(t + 3)))
    return later._replace(says=later.says._replace(claim=said.says.claim))


def states_of_another_step(on, subject, t):
    said = on(subject, t)
    claim = said.says.claim.replace(f"[{t}", f"[{t - 1}")
    return said._replace(says=said.says._replace(claim=claim))


def link_the_other_way(link, start, stop, tail, head, **turn):
    return link(stop, start, head, tail, **turn)


def drop_to_another(drop, start, end, label, to):
    """A line from a name to the curve below its own."""
    return drop(start, (end[0], end[1] + 9), label, to)


RUNS = {
    "RNN": ("0", "nn.LSTM", "bias 0"),
    "0": ("RNN", "nn.RNN", "bias 5"),
    "2": ("5", "+5", "bias 5"),
    "5": ("2", "+2", "bias 2"),
}


def names_exchanged(content, names):
    """What two curves are called, and which they are said to be."""
    if names.get("run") in RUNS:
        run, *words_of = RUNS[names["run"]]
        return words_of[content.startswith("bias")], {"run": run}


def transposed(number, self, row, column):
    return number(self, column, row)


def names_of_the_other(names, one, of):
    other = {"h": "c", "c": "h"}[one.state]
    return names(one._replace(state=other), of)


def other_sign(shade, value, end):
    return shade(-value, end)


def arrow_from_the_start(states, subject, places, last):
    (x, y), end = (places[0], path_module.CELL), path_module.HIDDEN
    extra = path_module._arrow((x, y), (x, end), "c-0", "h-0")
    return [*states(subject, places, last), extra]


def without_arrows_along_h(states, subject, places, last):
    return [
        mark
        for mark in states(subject, places, last)
        if not (
            isinstance(mark, Group)
            and isinstance(mark.bound[0], Flow)
            and mark.bound[0].tail.startswith("h")
            and mark.bound[0].head.startswith("h")
        )
    ]


def bars_exchanged(bars, one, places, top, ids):
    """The bars of both ways, as drawn and as said."""
    turned = one._replace(direct=one.total, total=one.direct)
    return bars(turned, places, top, ids)


def lines_thicker(line, *arguments):
    """Each line along c as thick as that of a larger f."""
    return [
        mark._replace(stroke_width=mark.stroke_width + 0.5)
        if isinstance(mark, Path)
        else mark
        for mark in line(*arguments)
    ]


def paths_exchanged(content, names):
    ways = {"along c": "all paths", "all paths": "along c"}
    return ways.get(content, content), names


def point_one_on(point, plot, z, made, paint, **more):
    return point(plot, replace(z, value=z.value + 1), made, paint, **more)


def drop_to_another_point(drop, start, end, *more):
    return drop(start, (end[0], end[1] + 9), *more)


def ticks_one_on(places, plot, values):
    return {unit: x + 1 for unit, x in places(plot, values).items()}


def drop_from_another(drop, start, end, paint, argument, result):
    """A line from the argument of another gate at the same place."""
    other = argument.replace("z_i", "z_f")
    return drop(start, end, paint, other, result)


def lanes_exchanged(lane, plot, name, result, values, y, t, passing):
    """The sums of two gates, in lanes that are named as before."""
    drawn = lane(plot, name, result, values, y, t, passing)
    other = {"z_i": "z_f", "z_f": "z_i"}.get(name, name)
    return [
        mark._replace(bound=(Node(f"{other}[{t}, 0]"),))
        if mark.id == f"{name}-lane"
        else mark
        for mark in drawn
    ]


def log_unsaid(words, self):
    return words(self).removeprefix("log ")


def curve_turned_round(curve, plot, values, expr, paint, **more):
    return curve(plot, values[::-1], expr, paint, **more)


def curve_turned_round_and_said(curve, plot, values, expr, paint, **more):
    """The distances the other way, under an axis that says the first way."""
    turned = plot._replace(
        across=plot.across._replace(
            start=plot.across.stop, stop=plot.across.start
        )
    )
    return curve(turned, values, expr, paint, **more)


FAULTS = {
    "a label's text off by one": Fault(
        OVER_TIME, wrapped(words, "label", label_says_one_more), "says \\["
    ),
    "a label's text and names off by one": Fault(
        OVER_TIME,
        wrapped(words, "label", label_is_one_more),
        "of step .* is at|has step=",
    ),
    "a label off by one with what it names": Fault(
        OVER_TIME,
        wrapped(words, "label", label_stands_one_off),
        "is not over or under",
    ),
    "another unit": Fault(
        GATED, labelled(unit_one_more), "has unit="
    ),
    "two gates exchanged, with their proofs": Fault(
        OVER_TIME, wrapped(Subject, "series", gates_exchanged), "has gate=[fi]"
    ),
    "two gates exchanged": Fault(
        OVER_TIME, wrapped(Subject, "series", values_exchanged), "reaches from"
    ),
    "two gates of a step exchanged, with their proofs": Fault(
        STEP, wrapped(Subject, "vector", gates_exchanged), "has gate=[fi]"
    ),
    "two gates of a step exchanged": Fault(
        STEP, wrapped(Subject, "vector", values_exchanged), "reaches from"
    ),
    "two letters exchanged": Fault(
        GATED, labelled(letters_exchanged), "says the gate"
    ),
    "two hues exchanged": Fault(
        OVER_TIME, wrapped(over_time, "columns", hues_exchanged), "has the hue"
    ),
    "a column as full as 1 - f": Fault(
        OVER_TIME, wrapped(over_time, "columns", one_less), "reaches from"
    ),
    "a column as full as 1 - f, and proven": Fault(
        OVER_TIME, wrapped(over_time, "columns", one_less_said), "no quantity"
    ),
    "a curve shifted by a step": Fault(
        OVER_TIME, wrapped(over_time, "line", values_shifted), "at index"
    ),
    "a curve shifted by a step with its scale": Fault(
        OVER_TIME, wrapped(over_time, "line", line_shifted), "the curves have"
    ),
    "columns shifted by a step": Fault(
        OVER_TIME, wrapped(over_time, "columns", columns_shifted), "of step"
    ),
    "a stripe shifted by a step with its scale": Fault(
        ["writes"], wrapped(writes_module, "_area", area_shifted), "the curves"
    ),
    "stripes in another order": Fault(
        ["writes"],
        wrapped(writes_module, "_stripes", stripes_reversed),
        "claims own == sorted",
    ),
    "a stripe at the place of another": Fault(
        ["writes"], wrapped(writes_module, "_area", stripe_of_another), "spans"
    ),
    "a stripe in the hue of the other sign": Fault(
        ["writes"],
        wrapped(writes_module, "_area", stripe_of_other_sign),
        "has the hue of (plus|minus)",
    ),
    "a sentence with another number": Fault(
        EVERY, every_sentence(text_one_more), "is not in templates.txt"
    ),
    "a sentence with another number, and proven": Fault(
        EVERY, every_sentence(number_one_more), "says \\d+ for"
    ),
    "a row's text off by one": Fault(
        STEP, labelled(row_says_one_more), "says \\["
    ),
    "a row's text and names off by one": Fault(
        STEP, labelled(row_is_one_more), "has row="
    ),
    "a row off by one with what it names": Fault(
        STEP, wrapped(words, "label", row_stands_one_off), "not on the line of"
    ),
    "rows in another order of gates": Fault(
        STEP, wrapped(rows.Rows, "row", other_bands), "has gate=[fg]"
    ),
    "rows of two units exchanged": Fault(
        STEP, wrapped(rows, "cells", cells_at_other_places), "not on the line"
    ),
    "a gauge as full as 1 - f": Fault(
        STEP, wrapped(gauges, "gauge", passes_one_less), "reaches from"
    ),
    "a gauge as full as 1 - f, and proven": Fault(
        STEP, wrapped(gauges, "gauge", passes_one_less_said), "no quantity"
    ),
    "the hues of two gauges exchanged": Fault(
        STEP, wrapped(gauges, "gauge", gauge_hues_exchanged), "has the hue"
    ),
    "a write that begins at 0": Fault(
        STEP, wrapped(gauges, "gauge", write_begins_at_zero), "reaches from"
    ),
    "a point at another sum": Fault(
        STEP, wrapped(curves, "curve", point_of_another), "is at .*, and"
    ),
    "a point on the other function": Fault(
        STEP,
        wrapped(curves, "curve", point_of_the_other_function),
        "on the curve",
    ),
    "a curve turned round": Fault(
        CURVES, wrapped(charts, "curve", curve_turned_round), "and not"
    ),
    "a curve turned round against its axis": Fault(
        CURVES,
        wrapped(charts, "curve", curve_turned_round_and_said),
        "is where no scale has its value|is not on the curve",
    ),
    "the names of two curves exchanged": Fault(
        CURVES, labelled(names_exchanged), "has run="
    ),
    "an arrow from c to the h that does not depend on it": Fault(
        PATHS, wrapped(path_module, "_states", arrow_from_the_start),
        "is not made of",
    ),
    "no arrow from an h to the next": Fault(
        PATHS, wrapped(path_module, "_states", without_arrows_along_h),
        "no arrow makes h-",
    ),
    "rows and columns exchanged": Fault(
        MATRICES, wrapped(matrix_module.Jacobian, "number", transposed),
        "is not over|has unit=",
    ),
    "a matrix that is called the other": Fault(
        MATRICES, wrapped(matrix_module, "_names", names_of_the_other),
        "has tensor=",
    ),
    "cells in the shade of others": Fault(
        MATRICES, wrapped(rows, "shade", other_sign), "has the fill"
    ),
    "bars exchanged": Fault(
        PATHS, wrapped(path_module, "_bars", bars_exchanged), "has the hue"
    ),
    "a line thicker than its f": Fault(
        PATHS, wrapped(path_module, "_line", lines_thicker), "thick, and not"
    ),
    "the names of both paths exchanged": Fault(
        PATHS, labelled(paths_exchanged), "says nothing of"
    ),
    "a point of another sum": Fault(
        FUNCTIONS, wrapped(plane, "point", point_one_on), "is at .*, and"
    ),
    "a unit that leads to the point of another": Fault(
        FUNCTIONS, wrapped(plane, "drop", drop_to_another_point),
        "ends .* from",
    ),
    "a line up from the sum of another gate": Fault(
        FUNCTIONS, wrapped(plane, "drop", drop_from_another),
        "ends .* from|joins what does not follow",
    ),
    "ticks beside their sums": Fault(
        FUNCTIONS, wrapped(plane, "places", ticks_one_on), "reaches from",
    ),
    "two lanes exchanged": Fault(
        FUNCTIONS, wrapped(plane, "lane", lanes_exchanged), "has tensor=z_",
    ),
    "a name that leads to another curve": Fault(
        CURVES, wrapped(charts, "drop", drop_to_another), "ends .* from"
    ),
    "a log axis that is said to be none": Fault(
        CURVES, wrapped(Scale, "words", log_unsaid), "no scale has"
    ),
    "states that go on to the step after next": Fault(
        STEP, wrapped(step_module, "_on", on_to_the_step_after_next),
        "which is nothing that it shows",
    ),
    "states of another step that go on": Fault(
        STEP, wrapped(step_module, "_on", states_of_another_step),
        "which is False",
    ),
    "a link the other way": Fault(
        STEP, wrapped(gauges, "link", link_the_other_way), "does not follow"
    ),
}  # fmt: skip


HEARD = {
    "reading": {
        "another number": ("c becomes 1.90", "c becomes 1.91"),
        "another step": ("step 13 ", "step 14 "),
        "another token": ('step 8 (")', "step 8 (()"),
        "another unit": ("Unit 1:", "Unit 0:"),
        "another word": ("c becomes", "h becomes"),
        "another title": ("Unit 0 counts", "Unit 1 counts"),
    },
    "keep-write-show": {
        "another number": ("keeps 0.37", "keeps 0.38"),
        "two gates exchanged": ("writes 0.29 of 0.82", "writes 0.82 of 0.29"),
        "another row": ("row 5:", "row 6:"),
        "another gate": ("Gate f of unit 1", "Gate g of unit 1"),
        "another word": ("keeps", "loses"),
        "a number less": ("x is 0, 1, 0", "x is 0, 1"),
    },
    "forget-bias": {
        "another number": ("after 5.46 steps", "after 5.47 steps"),
        "another gate": ("f is 0.731", "f is 0.732"),
        "another bias": ("Bias 1:", "Bias 2:"),
        "another word": ("a half is left", "a third is left"),
    },
    "independence": {
        "another number": ("row 0: −0.005", "row 0: −0.006"),
        "another row": ("_prev row 0", "_prev row 1"),
        "another count": ("2 of 4 are", "3 of 4 are"),
        "another matrix": ("Of ∂h/∂h_prev 4", "Of ∂c/∂c_prev 4"),
    },
    "direct-path": {
        "another number": ("directly 0.083", "directly 0.084"),
        "another path": ("on all paths 0.086", "on all paths 0.083"),
        "another unit": ("Unit 1.", "Unit 0."),
        "another gate": ("f is 0.371", "f is 0.372"),
    },
    "gate-functions": {
        "another number": ("is i 0.29", "is i 0.30"),
        "another gate": ("σ of z_i", "σ of z_f"),
        "another function": ("tanh of z_g", "σ of z_g"),
        "another step": ("Step 2.", "Step 3."),
    },
    "gradient-distance": {
        "another number": ("59 steps back: 3.0e−69", "59 steps back: 3.1e−69"),
        "another distance": ("10 steps back", "11 steps back"),
        "another run": ("+5 59", "+2 59"),
        "another count": ("5 curves", "6 curves"),
    },
    "writes": {
        "another number": ("c is −0.08", "c is −0.09"),
        "another share": ("of which 0.13 is", "of which 0.14 is"),
        "another step": ("step 13 ", "step 14 "),
        "another unit": ("of unit 0", "of unit 1"),
        "another word": ("left at", "lost at"),
    },
}
