"""Each figure has a home, and what two have is refused."""

import pytest
import torch

from lstm_figs.figures import CATALOG, SHEETS
from tests.binding import axes, checking, specs, write
from tests.binding.cases import BOUND, DEFAULT, REFUSED, read


def test_each_figure_has_a_home_and_each_home_a_figure():
    assert sorted(specs.figures()) == sorted([*CATALOG, *SHEETS])


@pytest.mark.parametrize("file", ["templates.txt", "parts.txt"])
def test_a_home_knows_what_its_figure_says_and_is_made_of(file):
    assert [name for name in BOUND if not specs.lines(name, file)] == []


def test_a_key_that_two_homes_have_is_refused():
    with pytest.raises(ValueError, match="'left' in TENSOR_AXES of cell and of batch"):
        specs.merged({"cell": {"left": 1}, "batch": {"left": 1}}, "TENSOR_AXES")


def test_a_key_that_is_shared_is_refused_in_a_home(monkeypatch):
    monkeypatch.setattr(specs, "constants", lambda what: {"cell": {"x": ()}})
    with pytest.raises(ValueError, match="what figures share and of cell"):
        specs.merged_with_shared("TENSOR_AXES", {"x": ()})


def test_what_a_figure_refuses_is_told_before_its_home_is_written(monkeypatch):
    name, cases = next(iter(REFUSED.items()))
    assert write.refused(name) == []
    monkeypatch.setattr(write, "cases_of", lambda _: [DEFAULT, *cases])
    refusals = write.refused(name)
    assert [line.partition("': ")[0] for line in refusals] == [f"'{case}" for case in cases]


def test_a_name_of_ones_own_has_the_gates_that_its_home_says(monkeypatch):
    parsed = read("cell", DEFAULT, 720)
    spec = specs.spec("cell")
    for name, own in (("moved", ("gate",)), ("moved_o", ("step",))):
        monkeypatch.setitem(axes.TENSOR_AXES, name, own)
        monkeypatch.setitem(parsed.namespace, name, torch.zeros(4))
    fixed = {"moved_o": {"gate": ("o",)}}
    monkeypatch.setattr(spec, "FIXED_INDICES", fixed, raising=False)
    assert axes.meaning_of(parsed, "moved[1]").keys["gate"] == {"f"}
    assert axes.meaning_of(parsed, "moved_o[1]").keys["gate"] == {"o"}


def test_a_gate_that_is_not_filled_in_is_one_cause(monkeypatch):
    parsed = read("cell", DEFAULT, 720)
    monkeypatch.setattr(specs.spec("cell"), "ACTING_GATES", {"c": "?"}, raising=False)
    (only,) = checking.faults(parsed)
    assert "ACTING_GATES in tests/figures/cell/__init__.py have a ?" in only
