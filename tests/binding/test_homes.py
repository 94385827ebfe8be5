"""Each figure has a home, and what two have is refused."""

import pytest

from lstm_figs.figures import CATALOG, SHEETS
from tests.binding import homes
from tests.binding.cases import BOUND


def test_each_figure_has_a_home_and_each_home_a_figure():
    assert sorted(homes.figures()) == sorted([*CATALOG, *SHEETS])


@pytest.mark.parametrize("file", ["templates.txt", "parts.txt"])
def test_a_home_knows_what_its_figure_says_and_is_made_of(file):
    assert [name for name in BOUND if not homes.lines(name, file)] == []


def test_a_key_that_two_homes_have_is_refused():
    with pytest.raises(ValueError, match="'left' in AXES of cell and of batch"):
        homes.merged({"cell": {"left": 1}, "batch": {"left": 1}}, "AXES")


def test_a_key_that_is_shared_is_refused_in_a_home(monkeypatch):
    monkeypatch.setattr(homes, "of_each", lambda what: {"cell": {"x": ()}})
    with pytest.raises(ValueError, match="what figures share and of cell"):
        homes.gathered("AXES", {"x": ()})
