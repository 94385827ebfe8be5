"""Tests that each figure has a test folder, and that duplicate entries are rejected."""

import pytest
import torch

from lstm_figs.figures import CATALOG, SHEETS
from tests.binding import axes, checking, specs, write
from tests.binding.cases import DEFAULT, REFUSED, read


def test_each_figure_has_a_test_folder_and_each_folder_a_figure():
    assert sorted(specs.figures()) == sorted([*CATALOG, *SHEETS])


def test_a_shared_key_is_rejected_in_a_folder(monkeypatch):
    monkeypatch.setattr(specs, "constants", lambda what: {"cell": {"x": ()}})
    with pytest.raises(ValueError, match="what figures share and of cell"):
        specs.merged_with_shared("TENSOR_AXES", {"x": ()})


def test_unsupported_cases_are_reported_before_the_folder_is_written(monkeypatch):
    name, cases = next(iter(REFUSED.items()))
    assert write.refused(name) == []
    monkeypatch.setattr(write, "cases_of", lambda _: [DEFAULT, *cases])
    refusals = write.refused(name)
    assert [line.partition("': ")[0] for line in refusals] == [f"'{case}" for case in cases]


def test_a_new_name_has_the_gates_of_its_folder(monkeypatch):
    parsed = read("cell", DEFAULT, 720)
    spec = specs.spec("cell")
    for name, own in (("moved", ("gate",)), ("moved_o", ("step",))):
        monkeypatch.setitem(axes.TENSOR_AXES, name, own)
        monkeypatch.setitem(parsed.namespace, name, torch.zeros(4))
    fixed = {"moved_o": {"gate": ("o",)}}
    monkeypatch.setattr(spec, "FIXED_INDICES", fixed, raising=False)
    assert axes.meaning_of(parsed, "moved[1]").keys["gate"] == {"f"}
    assert axes.meaning_of(parsed, "moved_o[1]").keys["gate"] == {"o"}


def test_a_missing_gate_is_reported_once(monkeypatch):
    parsed = read("cell", DEFAULT, 720)
    monkeypatch.setattr(specs.spec("cell"), "ACTING_GATES", {"c": "?"}, raising=False)
    (only,) = checking.faults(parsed)
    assert "ACTING_GATES in tests/figures/cell/__init__.py have a ?" in only
