"""Tests that each figure has a test folder, and that duplicate entries are rejected."""

import pytest

from lstm_figs.figures import CATALOG, SHEETS
from tests.binding import checking, specs, write
from tests.binding.cases import BOUND, DEFAULT, REFUSED, read


def test_each_figure_has_a_test_folder_and_each_folder_a_figure():
    assert sorted(specs.figures()) == sorted([*CATALOG, *SHEETS])


@pytest.mark.parametrize("file", ["templates.txt", "parts.txt"])
def test_a_test_folder_has_its_records(file):
    assert [name for name in BOUND if not specs.lines(name, file)] == []


def test_a_key_in_two_folders_is_rejected():
    with pytest.raises(ValueError, match="'left' in TENSOR_AXES of cell and of batch"):
        specs.merged({"cell": {"left": 1}, "batch": {"left": 1}}, "TENSOR_AXES")


def test_unsupported_cases_are_reported_before_the_folder_is_written(monkeypatch):
    name, cases = next(iter(REFUSED.items()))
    assert write.refused(name) == []
    monkeypatch.setattr(write, "cases_of", lambda _: [DEFAULT, *cases])
    refusals = write.refused(name)
    assert [line.partition("': ")[0] for line in refusals] == [f"'{case}" for case in cases]


def test_a_missing_gate_is_reported_once(monkeypatch):
    parsed = read("cell", DEFAULT, 720)
    monkeypatch.setattr(specs.spec("cell"), "ACTING_GATES", {"c": "?"}, raising=False)
    (only,) = checking.faults(parsed)
    assert "ACTING_GATES in tests/figures/cell/__init__.py have a ?" in only
