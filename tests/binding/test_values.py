"""Tests that words with a changed expression are noticed."""

import copy
import json

import pytest

from tests.binding import values
from tests.binding.cases import DEFAULT, read
from tests.binding.drawing import Drawing
from tests.binding.sentences import faults, sentences
from tests.proof import SVG


@pytest.mark.parametrize("width", [720, 360])
def test_exchanged_values_are_noticed_even_with_their_expressions(width):
    root = copy.deepcopy(read("projection", DEFAULT, width).root)
    assert values.faults(Drawing(root)) == []
    lead = next(
        sentence.mark.element for sentence in sentences(Drawing(root)) if sentence.place == "lead"
    )
    pairs = json.loads(lead.get("data-says"))
    lead.set("data-says", json.dumps(pairs[::-1]))
    turn = {ord(a[0]): b[0] for a, b in zip(pairs, pairs[::-1], strict=True)}
    for line in lead.iter(f"{SVG}text"):
        line.text = line.text.translate(turn)
    # No other check knows that c is longer than h.
    assert [*faults(Drawing(root))] == []
    assert len(values.faults(Drawing(root))) == 1


def test_a_label_with_words_other_than_its_names_is_recorded():
    root = copy.deepcopy(read("perceptron", DEFAULT, 720).root)
    assert values.faults(Drawing(root)) == []
    label = next(label for label in Drawing(root).labels if label.text == "y")
    label.element.text = "x"
    assert values.faults(Drawing(root)) != []


def test_a_different_claim_is_noticed():
    root = copy.deepcopy(read("chunks", DEFAULT, 720).root)
    assert values.faults(Drawing(root)) == []
    title = next(iter(sentences(Drawing(root)))).mark.element
    title.set("data-claim", "len(x) > 1")
    assert values.faults(Drawing(root)) != []


def test_a_missing_note_is_noticed_where_its_claim_is_true():
    case = "--input-size 3 --hidden-size 2 --no-bias --mistake forget-bias-twice"
    root = copy.deepcopy(read("wrong-way", case, 720).root)
    assert not [*values.missing_notes(Drawing(root))]
    note = next(
        sentence.mark.element
        for sentence in sentences(Drawing(root))
        if sentence.claim == "not one.bias"
    )
    around = next(element for element in root.iter() if note in element)
    around.remove(note)
    (fault,) = values.missing_notes(Drawing(root))
    assert "though not one.bias" in fault
