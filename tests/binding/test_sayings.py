"""Laws hold for every LSTM and input, and records are what was done."""

import pytest

from tests.binding.cases import BOUND
from tests.binding.feet import known
from tests.binding.sayings.hostile import HOSTILE, run
from tests.binding.sayings.laws import LAWS
from tests.binding.sayings.records import RECORDS
from tests.binding.sentences import read_templates

SAID = {line.partition(": ")[2] for figure in BOUND for line in read_templates(figure, None)}


def test_a_law_or_a_record_is_what_some_figure_says():
    assert {*LAWS, *RECORDS} - SAID == set()


def test_the_sentences_of_feet_are_in_order_and_each_is_one():
    assert all(one[0].isupper() and one.endswith(".") for one in known())


@pytest.mark.parametrize("name", HOSTILE)
def test_laws_hold_of_every_lstm_and_input(name):
    here = run(name)
    assert [
        sentence for sentence, law in LAWS.items() if law.when(here) and not law.holds(here)
    ] == []


def test_each_law_was_evaluated():
    runs = [run(name) for name in HOSTILE]
    assert [s for s, law in LAWS.items() if not any(map(law.when, runs))] == []


@pytest.mark.parametrize(
    ("one", "two", "said"),
    [
        ("f", "i", "f * c_prev + i * g"),
        ("z_f", "z_i", "Every gate reads all of x and h_prev"),
        ("g", "o", "tanh(z_g)"),
        ("h", "c", "h = o * tanh_c"),
        (*("h_prev", "c_prev"), "z = x @ weight_ih.T + h_prev @ weight_hh.T"),
    ],
)
def test_a_law_is_false_of_results_that_are_exchanged(one, two, said, monkeypatch):
    here = run("no bias")
    monkeypatch.setattr(here, "by_name", {**here.by_name, one: here[two], two: here[one]})
    assert not LAWS[said].holds(here)


@pytest.mark.parametrize("sentence", RECORDS)
def test_a_record_is_what_was_done(sentence):
    assert RECORDS[sentence](sentence)
