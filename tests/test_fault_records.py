"""How records of deliberate faults are read."""

import pytest

from tests.fault_records import parse

RECORD = """\
[x[j] and y change places] says [xy]
cell --width 360
~ «x[j]→y»
~ «y→x[j]»
"""


@pytest.mark.parametrize("text", ["x[j]", "x[j], y, y"])
def test_a_text_that_does_not_occur_exactly_once_raises_an_error(text):
    (exchanged,) = parse(RECORD)
    with pytest.raises(LookupError, match=r"of cell --width 360, expected one; write the fault 'x"):
        exchanged.edited(text)


def test_texts_that_overlap_raise_an_error():
    (fault,) = parse("[two]\ncell\n~ a«b→»\n~ «b→»c\n")
    with pytest.raises(LookupError, match="overlap"):
        fault.edited("abc")


@pytest.mark.parametrize("text", ["[no command]\n~ «a→b»\n", "[no change]\ncell\n~ a\n"])
def test_a_record_in_a_different_form_raises_an_error(text):
    with pytest.raises(ValueError, match="expected a name in brackets"):
        parse(text)
