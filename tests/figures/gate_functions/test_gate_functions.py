"""Compare the curves and points of `gate-functions` with torch."""

import math

import numpy as np
import pytest
import torch

from lstm_figs import draw, run, trace
from lstm_figs.model.lstm import Weights
from tests.figures import marks_by_id
from tests.proof import numbers, read, svg_of

PAIRS = {
    "z_i": ("i", torch.sigmoid),
    "z_f": ("f", torch.sigmoid),
    "z_o": ("o", torch.sigmoid),
    "z_g": ("g", torch.tanh),
    "c": ("tanh_c", torch.tanh),
}
"""Argument -> its result, and the function."""


def values_by_id(figure):
    """Id -> the exact value of a printed number."""
    root = read(svg_of(figure))
    id = figure.id
    return {n.get("id").removeprefix(f"{id}--"): float(n.get("data-value")) for n in numbers(root)}


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
