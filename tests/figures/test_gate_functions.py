import math

import numpy as np
import pytest
import torch

from lstm_figs import draw, run, trace
from lstm_figs.command.request import Request
from lstm_figs.errors import UsageError
from lstm_figs.model.lstm import Weights
from lstm_figs.sources import Source
from tests.proving import numbers, read

PAIRS = {
    "z_i": ("i", torch.sigmoid),
    "z_f": ("f", torch.sigmoid),
    "z_o": ("o", torch.sigmoid),
    "z_g": ("g", torch.tanh),
    "c": ("tanh_c", torch.tanh),
}
SOURCES = [Source(), Source(3, 5, 2, batch_size=2), Source(8, 8, 4)]


def shown(figure):
    """The value of each number, by its id."""
    root = read(figure.render("svg", "light").decode())
    id = figure.id
    return {
        n.get("id").removeprefix(f"{id}--"): float(n.get("data-value"))
        for n in numbers(root)
    }


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("step", [1, 4])
def test_each_value_is_torchs_function_of_the_argument_beside_it(source, step):
    options = (("step", step),)
    values = shown(Request("gate-functions", source, options=options).draw())
    t, units = step - 1, source.hidden_size or 2
    assert len(values) == 2 * len(PAIRS) * units
    for argument, (result, function) in PAIRS.items():
        for k in range(units):
            z = torch.tensor(values[f"{argument}-{t}-{k}"])
            expected = function(z).item()
            assert values[f"{result}-{t}-{k}"] == pytest.approx(
                expected, abs=1e-6
            )


@pytest.mark.parametrize("source", SOURCES)
def test_the_points_lie_where_the_numbers_say(source):
    step = (("step", 1),)
    figure = Request("gate-functions", source, options=step).draw()
    values = shown(figure)
    points = {s.id: s for a in figure.scene.axes for s in a.series}
    for argument, (result, _) in PAIRS.items():
        for k in range(source.hidden_size or 2):
            point = points[f"{result}-unit-{k}"]
            assert not point.line
            assert point.xs == pytest.approx((values[f"{argument}-0-{k}"],))
            assert point.ys == pytest.approx((values[f"{result}-0-{k}"],))


@pytest.mark.parametrize("factor", [1, 3, 1000])
def test_the_axes_reach_every_point_and_the_curves_are_torchs(factor):
    torch.manual_seed(1)
    module = torch.nn.LSTM(3, 4)
    with torch.no_grad():
        module.weight_ih_l0 *= factor
    figure = draw("gate-functions", trace(module, torch.randn(4, 1, 3)))
    for axes, function in zip(
        figure.scene.axes, (torch.sigmoid, torch.tanh), strict=True
    ):
        low, high = axes.xlim
        assert (low, high % 1) == (-high, 0)
        assert high >= 4
        curve, *points = axes.series
        assert (curve.xs[0], curve.xs[-1]) == (low, high)
        expected = function(torch.tensor(curve.xs, dtype=torch.float64))
        np.testing.assert_allclose(curve.ys, expected, atol=1e-9)
        assert all(low <= x <= high for p in points for x in p.xs)


def test_what_is_infinite_has_a_number_but_no_point():
    bias = np.zeros(8, np.float32)
    bias[1] = math.inf
    zeros = [np.zeros(s, np.float32) for s in ((8, 3), (8, 2), 8, (1, 1, 3))]
    weights = Weights(*zeros[:2], bias, zeros[2])
    figure = draw("gate-functions", run(weights, zeros[3]))
    assert shown(figure)["z_i-0-1"] == math.inf
    ids = [s.id for a in figure.scene.axes for s in a.series]
    assert "i-unit-0" in ids
    assert "i-unit-1" not in ids


@pytest.mark.parametrize("step", [0, 5])
def test_a_step_that_is_not_there_is_refused(step):
    with pytest.raises(UsageError, match="--step is"):
        draw("gate-functions", step=step)
