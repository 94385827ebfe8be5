"""Tests of sentences about one of two panels."""

import pytest

from tests.binding import specs
from tests.binding.cases import DEFAULT, VARIANTS, options, read
from tests.binding.sentences import CROSS, TICK, read_templates, sentence_faults, sentences

SIDES = specs.constants("SIDES")
CASES = [(name, case) for name in SIDES for case in (DEFAULT, *VARIANTS.get(name, ()))]


@pytest.mark.parametrize(("name", "case"), CASES)
@pytest.mark.parametrize("width", [720, 360])
def test_sentences_of_two_panels_cannot_be_exchanged(name, case, width):
    parsed = read(name, case, width)
    known = {*read_templates(name, options(name, case))}
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
        assert any(sentence_faults(parsed, sentence, known) for sentence in pair), pair
