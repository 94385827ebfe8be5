"""Laws hold for every LSTM and input, and records are what was done."""

import pytest

from tests.binding.cases import BOUND
from tests.binding.footers import known_sentences
from tests.binding.sayings.hostile import EXTREME_RUNS, run
from tests.binding.sayings.laws import LAWS
from tests.binding.sayings.records import RECORDS
from tests.binding.sentences import read_templates

SENTENCES = {line.partition(": ")[2] for figure in BOUND for line in read_templates(figure, None)}


def test_a_law_or_a_record_is_what_some_figure_says():
    assert {*LAWS, *RECORDS} - SENTENCES == set()


def test_the_sentences_of_feet_are_in_order_and_each_is_one():
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in known_sentences())


@pytest.mark.parametrize("name", EXTREME_RUNS)
def test_laws_hold_of_every_lstm_and_input(name):
    here = run(name)
    assert [
        sentence for sentence, law in LAWS.items() if law.when(here) and not law.holds(here)
    ] == []


def test_each_law_was_evaluated():
    runs = [run(name) for name in EXTREME_RUNS]
    assert [s for s, law in LAWS.items() if not any(map(law.when, runs))] == []


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("f", "i", "f * c_prev + i * g"),
        ("z_f", "z_i", "Every gate reads all of x and h_prev"),
        ("g", "o", "tanh(z_g)"),
        ("h", "c", "h = o * tanh_c"),
        (*("h_prev", "c_prev"), "z = x @ weight_ih.T + h_prev @ weight_hh.T"),
    ],
)
def test_a_law_is_false_of_results_that_are_exchanged(first, second, sentence, monkeypatch):
    here = run("no bias")
    monkeypatch.setattr(here, "by_name", {**here.by_name, first: here[second], second: here[first]})
    assert not LAWS[sentence].holds(here)


@pytest.mark.parametrize("sentence", RECORDS)
def test_a_record_is_what_was_done(sentence):
    assert RECORDS[sentence](sentence)
