"""Figures fit in all widths between a phone and the default."""

import pytest

from lstm_figs.command.request import Request
from lstm_figs.figures import CATALOG
from tests import layout_faults


@pytest.mark.parametrize("name", CATALOG)
@pytest.mark.parametrize("width", [480, 500, 640])
def test_the_example_fits_any_width(name, width):
    sheet = Request(name, width=width).draw().sheet
    assert not layout_faults.faults(sheet, width)
