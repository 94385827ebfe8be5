"""Tests that invariants hold for every LSTM and input, and that records are true."""

import pytest

from tests.binding.footers import known_sentences
from tests.binding.statements.extreme_runs import EXTREME_RUNS, run
from tests.binding.statements.invariants import INVARIANTS
from tests.binding.statements.records import RECORDS
from tests.binding.test_wording import unused


def test_every_invariant_and_record_is_a_sentence_of_some_figure():
    if lost := unused((*INVARIANTS, *RECORDS)):
        pytest.fail("\n".join(lost), pytrace=False)


def test_footer_sentences_begin_with_a_capital_and_end_with_a_point():
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in known_sentences())


@pytest.mark.parametrize("name", EXTREME_RUNS)
def test_invariants_hold_for_every_lstm_and_input(name):
    here = run(name)
    assert [
        sentence
        for sentence, invariant in INVARIANTS.items()
        if invariant.when(here) and not invariant.holds(here)
    ] == []


def test_each_invariant_applies_to_some_run():
    runs = [run(name) for name in EXTREME_RUNS]
    assert [s for s, invariant in INVARIANTS.items() if not any(map(invariant.when, runs))] == []


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("f", "i", "f * c_prev + i * g"),
        ("z_f", "z_i", "Every gate reads all of x and h_prev"),
        ("g", "o", "tanh(z_g)"),
        ("h", "c", "h = o * tanh_c"),
        ("h_prev", "c_prev", "z = x @ weight_ih.T + h_prev @ weight_hh.T"),
    ],
)
def test_an_invariant_fails_when_results_are_exchanged(first, second, sentence, monkeypatch):
    here = run("no bias")
    monkeypatch.setattr(here, "by_name", {**here.by_name, first: here[second], second: here[first]})
    assert not INVARIANTS[sentence].holds(here)


@pytest.mark.parametrize("sentence", RECORDS)
def test_a_record_is_true(sentence):
    assert RECORDS[sentence](sentence)
