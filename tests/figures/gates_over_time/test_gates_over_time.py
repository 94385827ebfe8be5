"""The axes of `gates-over-time` leave no row empty."""

import torch

import lstm_figs as lf
from lstm_figs.scene.marks import walk
from tests.figures import texts


def test_a_lane_ends_at_the_values_of_its_unit():
    figure = lf.draw("gates-over-time")
    (c_0, *_) = (
        mark.bound[0].scale for mark in walk(figure.sheet.marks) if mark.id in ("c-0", "c-1")
    )
    # All of unit 0 is below zero.
    assert c_0.high == 0


def test_an_outlier_does_not_make_the_other_rows_pale():
    torch.manual_seed(0)
    module = torch.nn.LSTM(3, 12)
    with torch.no_grad():
        # One unit keeps and writes all it can.
        module.bias_hh_l0[5], module.bias_hh_l0[17], module.bias_hh_l0[29] = 9, 9, 9
    figure = lf.draw("gates-over-time", lf.trace(module, torch.randn(20, 1, 3)))
    assert any("Beyond the colours of c: 1 unit." in text for text in texts(figure))
    (end,) = (n.number.value for n in figure.numbers() if n.id == "c-scale")
    assert abs(float(end)) < 5
