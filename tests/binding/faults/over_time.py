"""Faults of steps, curves and gates."""

from dataclasses import replace

import numpy as np

from lstm_figs.layout import words
from lstm_figs.layout.motifs import charts, over_time
from lstm_figs.model.layer_run import LayerRun
from lstm_figs.model.reference import Ref
from lstm_figs.proof.bindings import Scale
from tests.binding.breaking import (
    EXCHANGED,
    Fault,
    gates_exchanged,
    labelled,
    letters_exchanged,
    number_one_more,
    patched_sentences,
    text_one_more,
    unit_one_more,
    values_exchanged,
    wrapped,
)

OVER_TIME = ("reading",)
STEP = ("keep-write-show",)
CURVES = ("gradient-distance", "forget-bias")
GATED = (*OVER_TIME, *STEP)
ALL_FIGURES = (*(*GATED, *CURVES), *("gate-functions", "direct-path", "independence", "writes"))


def label_text_one_more(label, x, y, content, names, of, *rest, **more):
    if "step" in names and content.isdecimal():
        content = str(int(content) + 1)
    return label(x, y, content, names, of, *rest, **more)


def label_and_names_one_more(label, x, y, content, names, of, *rest, **more):
    if "step" in names and content.isdecimal():
        content = str(int(content) + 1)
        names = {"step": int(content)}
    return label(x, y, content, names, of, *rest, **more)


def label_one_step_off(label, x, y, content, names, of, *rest, **more):
    if "step" in names and content.isdecimal():
        step = int(names["step"])
        content, names = str(step + 1), {"step": step + 1}
        of = [i.replace(f"-{step - 1}-", f"-{step}-") for i in of]
    return label(x, y, content, names, of, *rest, **more)


def hues_exchanged(columns, steps, top, height, values, paint, **more):
    for gate, other in EXCHANGED.items():
        if paint.startswith(f"gate-{gate}"):
            paint = paint.replace(f"gate-{gate}", f"gate-{other}")
            return columns(steps, top, height, values, paint, **more)
    return columns(steps, top, height, values, paint, **more)


def one_less(columns, steps, top, height, values, paint, **more):
    """Fill columns by 1 − f."""
    values = replace(values, values=1 - values.values)
    return columns(steps, top, height, values, paint, **more)


def one_less_with_proof(columns, steps, top, height, values, paint, **more):
    """Fill columns by 1 − f, with the matching expression."""
    of = Ref("1") - values.of
    values = replace(values, values=1 - values.values, of=of)
    return columns(steps, top, height, values, paint, **more)


def values_shifted(line, steps, scale, values, paint, **more):
    numbers = [values.values[0], *values.values[:-1]]
    values = replace(values, values=np.array(numbers))
    return line(steps, scale, values, paint, **more)


def line_shifted(line, steps, *arguments, **more):
    """Shift a whole line, with its scale, one step to the right."""
    steps = steps._replace(left=steps.left + steps.width)
    return line(steps, *arguments, **more)


def columns_shifted(columns, steps, *arguments, **more):
    steps = steps._replace(left=steps.left + steps.width)
    return columns(steps, *arguments, **more)


def drop_to_another(drop, start, end, label, to):
    """Draw the leader from a name to the curve below its own."""
    return drop(start, (end[0], end[1] + 9), label, to)


RUNS = {
    "RNN": ("0", "nn.LSTM", "bias 0"),
    "0": ("RNN", "nn.RNN", "bias 5"),
    "2": ("5", "+5", "bias 5"),
    "5": ("2", "+2", "bias 2"),
}


def names_exchanged(content, names):
    """Exchange the names of two curves, in text and binding."""
    if names.get("run") in RUNS:
        run, *words_of = RUNS[names["run"]]
        return words_of[content.startswith("bias")], {"run": run}


def without_log(words, self):
    return words(self).removeprefix("log ")


def curve_reversed(curve, plot, values, expr, paint, **more):
    return curve(plot, values[::-1], expr, paint, **more)


def curve_and_scale_reversed(curve, plot, values, expr, paint, **more):
    """Draw the distances in the opposite order, with a matching expression but the old axis."""
    turned = plot._replace(
        x_scale=plot.x_scale._replace(start=plot.x_scale.stop, stop=plot.x_scale.start)
    )
    return curve(turned, values, expr, paint, **more)


FAULTS = {
    "a label's text off by one": Fault(
        OVER_TIME, wrapped(words, "label", label_text_one_more), "says \\["
    ),
    "a label's text and names off by one": Fault(
        OVER_TIME, wrapped(words, "label", label_and_names_one_more), "of step .* is at|has step="
    ),
    "a label off by one with what it names": Fault(
        OVER_TIME,
        wrapped(words, "label", label_one_step_off),
        "is not over or under|the curves have it",
    ),
    "another unit": Fault(GATED, labelled(unit_one_more), "has unit="),
    "two gates exchanged, with their proofs": Fault(
        OVER_TIME, wrapped(LayerRun, "series", gates_exchanged), "has gate=[fi]"
    ),
    "two gates exchanged": Fault(
        OVER_TIME, wrapped(LayerRun, "series", values_exchanged), "reaches from|spans"
    ),
    "two gates of a step exchanged, with their proofs": Fault(
        STEP, wrapped(LayerRun, "vector", gates_exchanged), "has gate=[fi]"
    ),
    "two gates of a step exchanged": Fault(
        STEP, wrapped(LayerRun, "vector", values_exchanged), "reaches from"
    ),
    "two letters exchanged": Fault(GATED, labelled(letters_exchanged), "says the gate"),
    "two hues exchanged": Fault(
        OVER_TIME, wrapped(over_time, "columns", hues_exchanged), "has the hue"
    ),
    "a column as full as 1 - f": Fault(
        OVER_TIME, wrapped(over_time, "columns", one_less), "reaches from|spans"
    ),
    "a column as full as 1 - f, and proven": Fault(
        OVER_TIME, wrapped(over_time, "columns", one_less_with_proof), "no quantity"
    ),
    "a curve shifted by a step": Fault(
        OVER_TIME, wrapped(over_time, "step_line", values_shifted), "at index"
    ),
    "a curve shifted by a step with its scale": Fault(
        OVER_TIME, wrapped(over_time, "step_line", line_shifted), "the curves have"
    ),
    "columns shifted by a step": Fault(
        OVER_TIME, wrapped(over_time, "columns", columns_shifted), "of step"
    ),
    "a sentence with another number": Fault(
        ALL_FIGURES, patched_sentences(text_one_more), "is not in templates.txt"
    ),
    "a sentence with another number, and proven": Fault(
        ALL_FIGURES, patched_sentences(number_one_more), "says \\d+ for"
    ),
    "a curve turned round": Fault(CURVES, wrapped(charts, "curve", curve_reversed), ", not at"),
    "a curve turned round against its axis": Fault(
        CURVES,
        wrapped(charts, "curve", curve_and_scale_reversed),
        "is where no scale has its value|is not on the curve",
    ),
    "the names of two curves exchanged": Fault(CURVES, labelled(names_exchanged), "has run="),
    "a name that leads to another curve": Fault(
        ("gradient-distance",), wrapped(charts, "leader_line", drop_to_another), "ends .* from"
    ),
    "a log axis that is said to be none": Fault(
        CURVES, wrapped(Scale, "words", without_log), "no scale has"
    ),
}
