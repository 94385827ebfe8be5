"""Which composition `keep-write-show` takes, and which units."""

import pytest
import torch

import lstm_figs as lf
from lstm_figs.layout.motifs.rows import FAINT
from lstm_figs.proof.bindings import Shade
from lstm_figs.scene.marks import Box, Path, Text, walk


def traced(input_size, hidden_size, **more):
    torch.manual_seed(1)
    module = torch.nn.LSTM(input_size, hidden_size, **more)
    return lf.trace(module, torch.randn(3, 1, input_size))


def expressions(figure):
    return {number.number.expr for number in figure.numbers()}


def drawn(figure, kind):
    """What is drawn by that kind of binding, and the binding."""
    return [
        (mark, binding)
        for mark in walk(figure.sheet.marks)
        for binding in mark.bound
        if isinstance(binding, kind)
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
    shades = {shade.of for _, shade in drawn(figure, Shade)}
    assert "lstm.weight_hh_l0[15, 3]" in shades


def test_of_many_inputs_only_the_products_are_shown():
    shown = expressions(lf.draw("keep-write-show", traced(30, 2)))
    assert "ih[1, 0, 0]" in shown
    assert not any("weight_ih" in expression for expression in shown)


@pytest.mark.parametrize("width", [720, 360])
@pytest.mark.parametrize("step", [1, 2])
def test_a_weight_is_pale_where_it_meets_a_zero(width, step):
    figure = lf.draw("keep-write-show", width=width, step=step)
    value = {mark.id: mark.number.value for mark in figure.numbers()}
    for above, weight in (("x", "weight_ih"), ("h_prev", "weight_hh")):
        for mark, shade in drawn(figure, Shade):
            name, _, column = mark.id.removesuffix("-cell").rpartition("-")
            if name.startswith(weight):
                zero = value[f"{above}-{step - 1}-{column}"] == 0
                assert shade.end == 2 * (FAINT if zero else 1)


@pytest.mark.parametrize("size", [(3, 2), (1, 1)])
def test_what_meets_a_column_stands_over_it_and_leads_to_it(size):
    figure = lf.draw("keep-write-show", traced(*size))
    middle = {
        mark.id: (mark.x + mark.width / 2, mark.y)
        for mark in walk(figure.sheet.marks)
        if isinstance(mark, Box)
    }
    heads = [
        mark.d[0][1]
        for mark in walk(figure.sheet.marks)
        if isinstance(mark, Path) and len(mark.d) == 4 and mark.fill == "muted"
    ]
    right = max(
        mark.x + mark.width
        for mark in walk(figure.sheet.marks)
        if isinstance(mark, Box) and mark.term == "h_prev"
    )
    # The line from the units comes back to what the next step reads.
    assert any(0 < tip - right < 9 for tip, _ in heads)
    for weight, count in zip(("weight_ih", "weight_hh"), size, strict=True):
        for column in range(count):
            x, y = middle[f"{weight}-0-{column}-cell"]
            assert any(
                abs(tip - x) < 0.1 and 0 < y - below < 6 for tip, below in heads
            )


@pytest.mark.parametrize(
    ("step", "width", "said"), [(2, 720, True), (2, 360, True), (3, 720, False)]
)
def test_where_the_states_go_is_said_of_every_step_but_the_last(
    step, width, said
):
    figure = lf.draw("keep-write-show", traced(3, 2), step=step, width=width)
    texts = [m.content for m in walk(figure.sheet.marks) if isinstance(m, Text)]
    assert ("h and c go on to step 3 as h_prev and c_prev" in texts) == said


def test_of_many_units_those_are_shown_that_the_step_changes_most():
    trace = traced(3, 20)
    step = trace.steps[1]
    change = abs(step.c[0] - step.c_prev[0])
    first, second = sorted(change.argsort()[-2:])
    figure = lf.draw("keep-write-show", trace, step=2)
    texts = [m.content for m in walk(figure.sheet.marks) if isinstance(m, Text)]
    units = [text for text in texts if text.startswith("unit ")]
    assert units == [f"unit {first}", f"unit {second}"]


@pytest.mark.parametrize("width", [720, 360])
def test_the_units_alone_say_what_they_say_below_the_weights(width):
    figures = (
        lf.draw("keep-write-show", detail=detail, width=width)
        for detail in ("all", "units")
    )
    whole, alone = (
        {mark.id: mark.number.value for mark in figure.numbers()}
        for figure in figures
    )
    assert alone == {
        id: value
        for id, value in whole.items()
        if id.endswith("-again") or id.startswith(("c-", "h-"))
    }
    assert len(alone) == 16
