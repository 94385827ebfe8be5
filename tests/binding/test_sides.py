"""Tests of sentences about one of two panels."""

import pytest

from tests.binding import specs
from tests.binding.cases import DEFAULT, VARIANTS, read
from tests.binding.sentences import CROSS, TICK, sentence_faults, sentences
from tests.binding.wording import condition_faults

SIDES = specs.constants("SIDES")
"""Figure -> the id prefix of each panel -> the prefix of the names in its expressions."""
CASES = [(name, case) for name in SIDES for case in (DEFAULT, *VARIANTS.get(name, ()))]


@pytest.mark.parametrize(("name", "case"), CASES)
@pytest.mark.parametrize("width", [720, 360])
def test_sentences_of_two_panels_cannot_be_exchanged(name, case, width):
    parsed = read(name, case, width)
    first, second = (
        [
            sentence
            for sentence in sentences(parsed)
            if side in sentence.place.split("-")
            and (sentence.claim or sentence.values or sentence.text in (TICK, CROSS))
        ]
        for side in SIDES[name]
    )
    exchanged = [
        (
            a._replace(place=b.place, place_expression=b.place_expression),
            b._replace(place=a.place, place_expression=a.place_expression),
        )
        for a, b in zip(first, second, strict=False)
        if a.text != b.text
    ]
    assert exchanged
    for pair in exchanged:
        assert any(
            fault
            for sentence in pair
            for faults in (sentence_faults, condition_faults)
            for fault in faults(parsed, sentence)
        ), pair
