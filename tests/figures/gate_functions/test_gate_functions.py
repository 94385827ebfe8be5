"""Points of `gate-functions` where an argument is infinite."""

import math

import numpy as np

from lstm_figs import draw, run
from lstm_figs.model.lstm import Weights
from tests.figures import marks_by_id, values


def test_what_is_infinite_has_a_number_but_no_point():
    bias = np.zeros(8, np.float32)
    bias[1] = math.inf
    zeros = [np.zeros(s, np.float32) for s in ((8, 3), (8, 2), 8, (1, 1, 3))]
    weights = Weights(*zeros[:2], bias, zeros[2])
    figure = draw("gate-functions", run(weights, zeros[3]))
    assert values(figure)["z_i-0-1"] == math.inf
    assert "i-0-0-point" in marks_by_id(figure)
    assert "i-0-1-point" not in marks_by_id(figure)
