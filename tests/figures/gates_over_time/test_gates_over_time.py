"""The axes of `gates-over-time` leave no row empty."""

import torch

import lstm_figs as lf
from lstm_figs.proof.bindings import Course
from lstm_figs.scene.marks import walk
from tests.figures import texts


def test_a_lane_ends_at_the_values_of_its_unit():
    figure = lf.draw("gates-over-time")
    scales = {
        mark.id: binding.scale
        for mark in walk(figure.sheet.marks)
        for binding in mark.bound
        if isinstance(binding, Course) and mark.id.startswith(("c-", "h-"))
    }
    assert scales["c-0"].high == 0
    lengths = [(s.start - s.stop) / (s.high - s.low) for k, s in scales.items() if k[0] == "c"]
    assert max(lengths) - min(lengths) < 1e-6


def test_an_outlier_does_not_make_the_other_rows_pale():
    torch.manual_seed(0)
    module = torch.nn.LSTM(3, 12)
    with torch.no_grad():
        # One unit keeps and writes all it can.
        module.bias_hh_l0[5], module.bias_hh_l0[17], module.bias_hh_l0[29] = 9, 9, 9
    figure = lf.draw("gates-over-time", lf.trace(module, torch.randn(20, 1, 3)))
    assert any("Unit 5 is far beyond the colours of c." in text for text in texts(figure))
    (end,) = (n.number.value for n in figure.numbers() if n.id == "c-scale")
    assert abs(float(end)) < 5
