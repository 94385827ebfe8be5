"""How `keep-write-show` chooses a composition and its units."""

import numpy as np
import pytest
import torch

import lstm_figs as lf
from lstm_figs.proof.bindings import Flow, Shade
from lstm_figs.scene.marks import Group, visible_marks, walk
from tests.figures import texts


def make_trace(input_size, hidden_size, **more):
    torch.manual_seed(1)
    module = torch.nn.LSTM(input_size, hidden_size, **more)
    return lf.trace(module, torch.randn(3, 1, input_size))


def expressions(figure):
    """The expressions of all numbers."""
    return {number.number.expr for number in figure.numbers()}


def bound_marks(figure, kind):
    """Each mark that has a binding of a kind, with the binding."""
    return [
        (mark, binding)
        for mark in walk(figure.sheet.marks)
        for binding in mark.bound
        if isinstance(binding, kind)
    ]


@pytest.mark.parametrize(("width", "most"), [(720, (4, 4)), (360, (3, 2))])
def test_every_weight_is_a_number_up_to_this_size(width, most):
    figure = lf.draw("keep-write-show", make_trace(*most), width=width)
    input_size, hidden_size = most
    rows = 4 * hidden_size
    weights = {
        f"lstm.weight_{kind}_l0[{row}, {column}]"
        for kind, columns in (("ih", input_size), ("hh", hidden_size))
        for row in range(rows)
        for column in range(columns)
    }
    weights |= {f"lstm.bias_{kind}_l0[{row}]" for kind in ("ih", "hh") for row in range(rows)}
    assert weights <= expressions(figure)


def test_a_narrow_form_without_room_shows_the_weights_by_colour():
    figure = lf.draw("keep-write-show", make_trace(4, 4), width=360)
    assert not any("weight" in e for e in expressions(figure))
    shades = {shade.of for _, shade in bound_marks(figure, Shade)}
    assert "lstm.weight_hh_l0[15, 3]" in shades


def test_of_many_inputs_only_the_products_are_shown():
    drawn_expressions = expressions(lf.draw("keep-write-show", make_trace(30, 2)))
    assert "ih[1, 0, 0]" in drawn_expressions
    assert not any("weight_ih" in expression for expression in drawn_expressions)


def straight(figure, flow):
    """Lines of this kind: what they connect, and where each starts."""
    return {
        binding.tail: (binding.head, group.marks[0].d[0][1])
        for group, binding in bound_marks(figure, Flow)
        if binding.flow == flow
    }


@pytest.mark.parametrize(
    ("step", "width", "goes_on"), [(2, 720, True), (2, 360, True), (3, 720, False)]
)
def test_where_the_states_go_is_shown_of_every_step_but_the_last(step, width, goes_on):
    figure = lf.draw("keep-write-show", make_trace(3, 2), step=step, width=width)
    assert ("c goes to step 3" in texts(figure)) == goes_on
    assert bool(straight(figure, "returns")) == goes_on


USE = {"keep": {"f", "c_prev"}, "write": {"i", "g", "c"}, "show": {"o", "h"}}
"""Part of a step -> the gates and states that it uses."""


@pytest.mark.parametrize("width", [720, 360])
@pytest.mark.parametrize("focus", ["keep", "write", "show"])
def test_a_focus_fades_all_that_is_for_something_else(focus, width):
    figure = lf.draw("keep-write-show", width=width, focus=focus)
    plain = lf.draw("keep-write-show", width=width)
    shares = {mark.id: share for mark, share in visible_marks(figure.sheet.marks) if mark.id}
    for gate in "ifgo":
        own = gate in USE[focus]
        for unit in range(2):
            row = f"weight_ih-{2 * 'ifgo'.index(gate) + unit}-0"
            for id in (f"{gate}-1-{unit}", f"z-1-{gate}-{unit}", row):
                assert (shares[id] == 1) == own, id
    for use in USE:
        assert (shares[f"{use}-1-0"] == 1) == (use == focus)
    for name, use in (("of-c_prev", "keep"), ("c", "write"), ("h", "show")):
        assert (shares[f"{name}-1-0"] == 1) == (use == focus)
    # Marks that all units share stay, and nothing is missing or moved.
    assert shares["x-1-0"] == shares["unit-0"] == 1
    all_marks = [
        [m for m in walk(drawing.sheet.marks) if not isinstance(m, Group) and m.id]
        for drawing in (figure, plain)
    ]
    assert [m.id for m in all_marks[0]] == [m.id for m in all_marks[1]]


def test_two_different_units_that_change_most_are_shown():
    trace = make_trace(3, 20)
    step = trace.steps[1]
    change = abs(step.c[0] - step.c_prev[0])
    c = np.array([step.c[0] for step in trace.steps])
    are_alike = abs(np.corrcoef(c.T)[change.argmax()]) > 0.8
    change_of_unlike = np.where(are_alike, 0, change)
    # Otherwise the two that change most would pass as well.
    assert change_of_unlike.argmax() not in change.argsort()[-2:]
    first, second = sorted((change.argmax(), change_of_unlike.argmax()))
    figure = lf.draw("keep-write-show", trace, step=2)
    units = [text for text in texts(figure) if text.startswith("unit ")]
    assert units == [f"unit {first}", f"unit {second}"]


@pytest.mark.parametrize("width", [720, 360])
def test_words_are_two_units_above_their_gauge(width):
    marks = [*walk(lf.draw("keep-write-show", width=width).sheet.marks)]
    tops = {m.id: m.y for m in marks if m.id.startswith(("keep-1-", "write-1-", "show-1-"))}
    for use, gate in (("keep", "f"), ("write", "i"), ("show", "o")):
        for unit in range(2):
            (sentence,) = (m for m in marks if m.id == f"said-1-{gate}-{unit}")
            # The tail of a "p" is less than a quarter of the font size.
            assert tops[f"{use}-1-{unit}"] - (sentence.y + sentence.size / 4) >= 2
