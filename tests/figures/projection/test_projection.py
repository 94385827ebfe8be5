"""`projection`, and the projections that it makes itself."""

import pytest
import torch

import lstm_figs
from lstm_figs.errors import UsageError
from tests.figures import values
from tests.layout_faults import faults


@pytest.mark.parametrize("options", [{}, {"project": 3}])
def test_a_projection_is_made_of_weight_hh(options):
    torch.manual_seed(2)
    module = torch.nn.LSTM(3, 5)
    trace = lstm_figs.trace(module, torch.randn(4, 1, 3))
    figure = lstm_figs.draw("projection", trace, **options)
    half = 2
    size = options.get("project", half)
    figure_values = values(figure)
    for row in range(size):
        for unit in range(5):
            weight = module.weight_hh_l0[row, unit]
            assert figure_values[f"weight_hr-{row}-{unit}"] == weight
    # Each element of h, at the step with the index 1, and none beyond its length.
    assert f"h-projected-1-{size - 1}" in figure_values
    assert f"h-projected-1-{size}" not in figure_values
    assert not any(id.startswith(f"weight_hr-{size}-") for id in figure_values)


@pytest.mark.parametrize(("own", "asked"), [(0, 4), (0, 9), (2, 1)])
def test_a_projection_that_does_not_fit_is_a_sentence(own, asked):
    module = torch.nn.LSTM(3, 4, proj_size=own)
    trace = lstm_figs.trace(module, torch.randn(4, 1, 3))
    with pytest.raises(UsageError, match=r"got .*expected .*; ") as raised:
        lstm_figs.draw("projection", trace, project=asked)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("width", [720, 360])
@pytest.mark.parametrize("name", ["cell", "unrolled", "projection"])
def test_a_short_h_that_is_higher_than_an_excerpt_of_c_has_room(name, width):
    torch.manual_seed(0)
    module = torch.nn.LSTM(9, 9, proj_size=8)
    trace = lstm_figs.trace(module, torch.randn(3, 1, 9))
    options = {} if name == "unrolled" else {"step": 3}
    sheet = lstm_figs.draw(name, trace, width=width, **options).sheet
    assert faults(sheet, width) == []
