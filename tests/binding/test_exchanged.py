"""What is said of one of two that stand beside each other is of that one."""

import pytest

from tests.binding import homes
from tests.binding.cases import DEFAULT, VARIANTS, options, read
from tests.binding.sentences import CROSS, TICK, read_templates, sentence_faults, sentences

BESIDE = homes.of_each("BESIDE")
CASES = [(name, what) for name in BESIDE for what in (DEFAULT, *VARIANTS.get(name, ()))]


@pytest.mark.parametrize(("name", "what"), CASES)
@pytest.mark.parametrize("width", [720, 360])
def test_what_is_said_of_two_sides_cannot_be_exchanged(name, what, width):
    seen = read(name, what, width)
    known = {*read_templates(name, options(name, what))}
    first, second = (
        [
            one
            for one in sentences(seen)
            if side in one.place.split("-") and (one.claim or one.said or one.text in (TICK, CROSS))
        ]
        for side in BESIDE[name]
    )
    exchanged = [
        (a._replace(place=b.place, of=b.of), b._replace(place=a.place, of=a.of))
        for a, b in zip(first, second, strict=False)
        if a.text != b.text
    ]
    assert exchanged
    for pair in exchanged:
        assert any(sentence_faults(seen, one, known) for one in pair), pair
