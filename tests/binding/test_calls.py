"""Faults in figures of calls are red as well."""

import re
from typing import get_args

import pytest

import lstm_figs
from lstm_figs.figures import dispatch
from lstm_figs.figures.dispatch import backends, columns
from lstm_figs.layout import words
from lstm_figs.model.calls import Call
from lstm_figs.sources import Source
from tests.binding.checking import faults
from tests.binding.drawing import drawing
from tests.binding.sentences import read_templates
from tests.binding.test_faults import wrapped


def found(call="float64"):
    figure = lstm_figs.draw("dispatch", call=call)
    return faults(drawing(figure.render("svg", "light").decode()))


@pytest.mark.parametrize("call", ["float64", "packed", "cell", "two-layers"])
def test_what_is_drawn_is_right(call):
    assert found(call) == []


OF_ONE_STEP = "lay steps side by side"
"""What only a packed sequence of one step has."""


@pytest.mark.parametrize("call", get_args(Call))
@pytest.mark.parametrize("steps", [1, 8])
def test_what_is_drawn_is_right_of_other_lengths(call, steps):
    trace = Source(seq_len=steps, batch_size=3).trace()
    svg = lstm_figs.draw("dispatch", trace, call=call).render("svg", "light")
    known = (*read_templates("dispatch"), OF_ONE_STEP)
    assert faults(drawing(svg.decode()), known) == []


def rows_changed(change):
    def changed(rows, called, steps):
        table = rows(called, steps)
        return {name: change(name, row) for name, row in table.items()}

    return wrapped(dispatch, "rows", changed)


def steps_changed(operator, change):
    return rows_changed(
        lambda name, row: (
            row._replace(steps=change(row.steps)) if name == operator else row
        )
    )


def label_changed(key, old, new, told=None):
    """Labels of a key say something else, and name what they named."""

    def changed(label, x, y, content, names, of, along, **more):
        if str(names.get(key)) == old:
            names = {**names, key: new}
            content = new if told is None else told
        return label(x, y, content, names, of, along, **more)

    return wrapped(words, "label", changed)


def counts_one_more(number, x, y, value, **more):
    expression = value.expr.replace('count("tanh")', 'count("mul")')
    return number(x, y, value._replace(expr=expression), **more)


def asks_as(change):
    def changed(rungs, called, call):
        return change(rungs(called, call))

    return wrapped(dispatch, "rungs", changed)


def lit_is(place):
    return lambda asked: [
        rung._replace(lit=k == place) for k, rung in enumerate(asked)
    ]


def bar_shorter(box, x, y, width, *more, **rest):
    return box(x, y, width * 0.7 if width > 99 else width, *more, **rest)


FAULTS = {
    "a call that is left out": (
        steps_changed("tanh", lambda steps: ((), *steps[1:])),
        "calls have",
    ),
    "a call that is drawn twice": (
        steps_changed("tanh", lambda steps: (steps[0] * 2, *steps[1:])),
        "calls have",
    ),
    "calls of another step": (
        steps_changed("tanh", lambda steps: (steps[1], steps[0], *steps[2:])),
        "has step=1 for",
    ),
    "calls in another order": (
        steps_changed("add_", lambda steps: tuple(s[::-1] for s in steps)),
        "not in the order of calls",
    ),
    "hues in another order": (
        steps_changed("sigmoid_", lambda steps: tuple(s[::-1] for s in steps)),
        "has the hue of",
    ),
    "a bar that is shorter": (
        wrapped(columns, "Box", bar_shorter),
        "is for the steps",
    ),
    "an operator called another": (
        label_changed("operator", "tanh", "tanh_"),
        "has operator=tanh_",
    ),
    "an operator with another text": (
        label_changed("operator", "tanh", "tanh", "sigmoid"),
        "does not say operator=tanh",
    ),
    "before that is called after": (
        label_changed("when", "before", "after"),
        "has when=after",
    ),
    "the count of another operator": (
        wrapped(words, "number", counts_one_more),
        "has operator=tanh for",
    ),
    "another order of asking": (
        asks_as(lambda asked: [asked[1], asked[0], *asked[2:]]),
        "joins what does not follow",
    ),
    "one who is not asked": (
        asks_as(
            lambda asked: [
                *asked[:2],
                asked[2]._replace(of=asked[1].of),
                *asked[3:],
            ]
        ),
        "joins what does not follow",
    ),
    "another who runs the call": (
        asks_as(lit_is(3)),
        "joins what does not follow",
    ),
    "another who says so": (
        wrapped(
            backends,
            "Says",
            lambda says, claim: says(claim=claim.removeprefix("not ")),
        ),
        "claims",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(fault, monkeypatch):
    patch, message = FAULTS[fault]
    patch(monkeypatch)
    assert any(re.search(message, one) for one in found()), found()


DESCRIBED = {
    "another count": ("sigmoid_ 12", "sigmoid_ 13"),
    "other steps": ("in float64, 4 steps", "in float64, 5 steps"),
    "another module": ("nn.LSTM(3, 2) in", "nn.LSTM(3, 4) in"),
    "another who runs it": ("native: runs this call", "native: not reached"),
    "another answer": ("oneDNN: no, float64", "oneDNN: runs this call"),
}


@pytest.mark.parametrize("fault", DESCRIBED)
def test_a_fault_in_what_is_heard_is_found(fault):
    figure = lstm_figs.draw("dispatch", call="float64")
    svg = figure.render("svg", "light").decode()
    old, new = DESCRIBED[fault]
    assert old in svg.partition("<metadata")[0]
    wrong = faults(drawing(svg.replace(old, new, 1)))
    assert any(one.startswith("the ") for one in wrong), wrong
