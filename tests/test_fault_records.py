"""How records of deliberate faults are read."""

import pytest

from tests.fault_records import parse

RECORDS = """\
# Two faults.

[x[j] and y change places] says [xy]
cell --width 360
~ «x[j]→y»
~ «y→x[j]»

[a line less]
pytest tests/test_lstm.py -k "one or two"
lstm_figs/figures/cell.py
~ first«
    second→»
  last
"""


def test_a_record_has_a_name_a_pattern_a_command_a_path_and_pairs():
    exchanged, shorter = parse(RECORDS)
    assert exchanged[:4] == ("x[j] and y change places", "says [xy]", "cell --width 360", "")
    assert (exchanged.figure, exchanged.tests) == ("cell", ())
    assert (shorter.expected, shorter.path) == ("", "lstm_figs/figures/cell.py")
    assert (shorter.figure, shorter.tests) == ("", ("tests/test_lstm.py", "-k", "one or two"))


def test_a_record_without_a_command_has_that_of_the_record_before():
    *_, last = parse(f"{RECORDS}[less]\n~ first«\n→»\n")
    assert (last.tests, last.path) == (
        ("tests/test_lstm.py", "-k", "one or two"),
        "lstm_figs/figures/cell.py",
    )


def test_all_texts_of_a_record_are_replaced_at_once():
    exchanged, shorter = parse(RECORDS)
    assert exchanged.edited("(x[j], y)") == "(y, x[j])"
    assert shorter.edited("first\n  second\nlast\n") == "first\nlast\n"


@pytest.mark.parametrize("text", ["x[j]", "x[j], y, y"])
def test_a_text_that_does_not_occur_exactly_once_raises_an_error(text):
    exchanged, _ = parse(RECORDS)
    with pytest.raises(LookupError, match=r"of cell --width 360, expected one; write the fault 'x"):
        exchanged.edited(text)


def test_texts_that_overlap_raise_an_error():
    (fault,) = parse("[two]\ncell\n~ a«b→»\n~ «b→»c\n")
    with pytest.raises(LookupError, match="overlap"):
        fault.edited("abc")


@pytest.mark.parametrize(
    "text",
    [
        "[no command]\n~ «a→b»\n",
        "[no text]\ncell\n",
        "[no change]\ncell\n~ a\n",
        "[one change of two]\ncell\n~ «a→b»\n~ c\n",
        "[a text without a sign]\ncell\n  «a→b»\n",
        "[three lines]\ncell\na.py\nb.py\n~ «a→b»\n",
        "[no end\ncell\n~ «a→b»\n",
    ],
)
def test_a_record_in_a_different_form_raises_an_error(text):
    with pytest.raises(ValueError, match="expected a name in brackets"):
        parse(text)
