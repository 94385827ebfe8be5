"""A fault is killed if a drawing fails, or a check does."""

import json

import pytest

from lstm_figs.figures import chunks
from tests.binding.cases import DEFAULT
from tests.mutants import saved_drawings, trial


@pytest.fixture
def outcome(monkeypatch, tmp_path, capsys):
    """The outcome of a fault in a single drawing."""
    monkeypatch.setattr(saved_drawings, "cases_of", lambda figure: [DEFAULT])
    saved_drawings.save_drawings(tmp_path, ["chunks"])

    def run_trial():
        trial.main([str(tmp_path), "chunks"])
        return json.loads(capsys.readouterr().out)

    return run_trial


def test_a_drawing_that_nothing_has_changed_is_the_same(outcome):
    assert outcome() == ["same", ""]


def test_an_error_of_the_drawing_counts_as_killed(outcome, monkeypatch):
    monkeypatch.setattr(chunks._Chunks, "head", None)
    kind, where = outcome()
    assert kind == "killed"
    assert "TypeError" in where


def test_what_only_the_values_of_words_tell_counts_as_killed(outcome, monkeypatch):
    count_item = chunks.count_item
    monkeypatch.setattr(
        chunks, "count_item", lambda noun, count, of: count_item(noun, count, "len(x)")
    )
    kind, where = outcome()
    assert kind == "killed"
    assert "not those in parts.txt" in where


@pytest.mark.parametrize("tool", ["kind", "inspect_figure"])
def test_an_error_of_the_measurement_or_a_check_stops_it(tool, outcome, monkeypatch):
    monkeypatch.setattr(chunks._Chunks, "notes", lambda self: ())
    monkeypatch.setattr(saved_drawings, tool, lambda *_, **__: {}["down"])
    with pytest.raises(KeyError, match="down"):
        outcome()
