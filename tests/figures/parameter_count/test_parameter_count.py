"""What `parameter-count` counts beyond a layer."""

import torch

import lstm_figs as lf
from tests.figures import values


def test_the_count_of_a_whole_module_stands_below_that_of_a_layer():
    module = torch.nn.LSTM(10, 20, 3, bidirectional=True)
    trace = lf.trace(module, torch.zeros(1, 1, 10))
    counts = values(lf.draw("parameter-count", trace, layer=1, reverse=True))
    assert counts["torch-every"] == 24_960
    assert counts["torch-all"] == 4 * 20 * (40 + 20 + 2)
