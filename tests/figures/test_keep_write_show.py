"""Which composition `keep-write-show` takes, and which units."""

import pytest
import torch

import lstm_figs as lf
from lstm_figs.proof.bindings import Flow
from lstm_figs.scene.marks import Text, walk


def traced(input_size, hidden_size, **more):
    torch.manual_seed(1)
    module = torch.nn.LSTM(input_size, hidden_size, **more)
    return lf.trace(module, torch.randn(3, 1, input_size))


def expressions(figure):
    return {number.number.expr for number in figure.numbers()}


def ribbons(figure):
    return [
        binding
        for mark in walk(figure.sheet.marks)
        for binding in mark.bound
        if isinstance(binding, Flow) and binding.flow == "copies"
    ]


@pytest.mark.parametrize(("width", "most"), [(720, (4, 4)), (360, (3, 2))])
def test_every_weight_is_a_number_up_to_this_size(width, most):
    figure = lf.draw("keep-write-show", traced(*most), width=width)
    input_size, hidden_size = most
    rows = 4 * hidden_size
    weights = {
        f"lstm.weight_{kind}_l0[{row}, {column}]"
        for kind, columns in (("ih", input_size), ("hh", hidden_size))
        for row in range(rows)
        for column in range(columns)
    }
    weights |= {
        f"lstm.bias_{kind}_l0[{row}]" for kind in ("ih", "hh")
        for row in range(rows)
    }  # fmt: skip
    assert weights <= expressions(figure)


def test_a_narrow_form_without_room_shows_the_weights_by_colour():
    figure = lf.draw("keep-write-show", traced(4, 4), width=360)
    assert not any("weight" in e for e in expressions(figure))
    drawn = {
        binding.of
        for mark in walk(figure.sheet.marks)
        for binding in mark.bound
        if hasattr(binding, "end")
    }
    assert "lstm.weight_hh_l0[15, 3]" in drawn


def test_of_many_inputs_only_the_products_are_shown():
    shown = expressions(lf.draw("keep-write-show", traced(30, 2)))
    assert "ih[1, 0, 0]" in shown
    assert not any("weight_ih" in expression for expression in shown)


def test_ribbons_lead_from_every_gate_to_its_use():
    found = ribbons(lf.draw("keep-write-show"))
    gates = [flow.tail.partition("-")[0] for flow in found]
    assert sorted(gates) == sorted("ifgo" * 2)
    assert all(
        flow.tail.split("-")[:3] == flow.head.split("-")[:3] for flow in found
    )
    assert ribbons(lf.draw("keep-write-show", width=360)) == []


def test_of_many_units_those_are_shown_that_the_step_changes_most():
    trace = traced(3, 20)
    step = trace.steps[1]
    change = abs(step.c[0] - step.c_prev[0])
    first, second = sorted(change.argsort()[-2:])
    figure = lf.draw("keep-write-show", trace, step=2)
    texts = [m.content for m in walk(figure.sheet.marks) if isinstance(m, Text)]
    units = [text for text in texts if text.startswith("unit ")]
    assert units == [f"unit {first}", f"unit {second}"]
