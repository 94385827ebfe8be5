"""Compare the curves and points of `gate-functions` with torch."""

import math

import numpy as np
import pytest
import torch

from lstm_figs import draw, run, trace
from lstm_figs.command.request import Request
from lstm_figs.errors import UsageError
from lstm_figs.model.lstm import Weights
from lstm_figs.scene.marks import walk
from lstm_figs.sources import Source
from tests.proof import numbers, read

PAIRS = {
    "z_i": ("i", torch.sigmoid),
    "z_f": ("f", torch.sigmoid),
    "z_o": ("o", torch.sigmoid),
    "z_g": ("g", torch.tanh),
    "c": ("tanh_c", torch.tanh),
}
SOURCES = [Source(), Source(3, 5, 2, batch_size=2), Source(8, 8, 4)]


def values_by_id(figure):
    """The value of each number, by id."""
    root = read(figure.render("svg", "light").decode())
    id = figure.id
    return {n.get("id").removeprefix(f"{id}--"): float(n.get("data-value")) for n in numbers(root)}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("step", [1, 4])
def test_each_value_is_torchs_function_of_the_argument_beside_it(source, step):
    options = (("step", step),)
    values = values_by_id(Request("gate-functions", source, options=options).draw())
    t, units = step - 1, source.hidden_size or 2
    assert len(values) == 2 * len(PAIRS) * units
    for argument, (result, function) in PAIRS.items():
        for k in range(units):
            z = torch.tensor(values[f"{argument}-{t}-{k}"])
            expected = function(z).item()
            assert values[f"{result}-{t}-{k}"] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("source", SOURCES)
def test_the_points_lie_where_the_numbers_say(source):
    step = (("step", 1),)
    figure = Request("gate-functions", source, options=step).draw()
    values = values_by_id(figure)
    points = marks_by_id(figure)
    for argument, (result, _) in PAIRS.items():
        for k in range(source.hidden_size or 2):
            point = points[f"{result}-0-{k}-point"]
            place = point.bound[0]
            x, y = values[f"{argument}-0-{k}"], values[f"{result}-0-{k}"]
            middle = point.x + point.width / 2, point.y + point.height / 2
            assert middle == pytest.approx((place.x_scale(x), place.y_scale(y)))


def marks_by_id(figure):
    """Marks by id."""
    return {mark.id: mark for mark in walk(figure.scene.marks) if mark.id}


@pytest.mark.parametrize("factor", [1, 3, 1000])
def test_the_axes_reach_every_point_up_to_twenty_and_the_curves_are_torchs(factor):
    torch.manual_seed(1)
    module = torch.nn.LSTM(3, 4)
    with torch.no_grad():
        module.weight_ih_l0 *= factor
    figure = draw("gate-functions", trace(module, torch.randn(4, 1, 3)))
    values, marks = values_by_id(figure), marks_by_id(figure)
    beyond = 0
    for argument, (result, function) in PAIRS.items():
        curve = marks[f"{function.__name__}-curve"]
        down = curve.bound[0].scale
        point = marks[f"{result}-1-0-point"].bound[0]
        reach = point.x_scale.high
        assert (point.x_scale.low, reach % 2) == (-reach, 0)
        assert 4 <= reach <= 20
        ys = torch.linspace(-reach, reach, 161, dtype=torch.float64)
        expected = [down(y) for y in function(ys).tolist()]
        places = [points[0][1] for _, *points in curve.d[1:]]
        np.testing.assert_allclose(places, expected, atol=1e-6)
        for k in range(4):
            value = values[f"{argument}-1-{k}"]
            beyond += abs(value) > reach
            box = marks[f"{result}-1-{k}-point"]
            clamped = point.x_scale(min(max(value, -reach), reach))
            assert box.x + box.width / 2 == pytest.approx(clamped)
    foot = " ".join(note.text for note in figure.scene.heading.notes)
    assert (f"{beyond} argument" in foot) == (beyond > 0) == (factor == 1000)


def test_what_is_infinite_has_a_number_but_no_point():
    bias = np.zeros(8, np.float32)
    bias[1] = math.inf
    zeros = [np.zeros(s, np.float32) for s in ((8, 3), (8, 2), 8, (1, 1, 3))]
    weights = Weights(*zeros[:2], bias, zeros[2])
    figure = draw("gate-functions", run(weights, zeros[3]))
    assert values_by_id(figure)["z_i-0-1"] == math.inf
    assert "i-0-0-point" in marks_by_id(figure)
    assert "i-0-1-point" not in marks_by_id(figure)


@pytest.mark.parametrize("step", [0, 5])
def test_a_step_that_is_not_there_is_refused(step):
    with pytest.raises(UsageError, match="--step is"):
        draw("gate-functions", step=step)
