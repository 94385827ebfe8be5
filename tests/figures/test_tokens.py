"""Tokens are drawn at their steps in every figure over time."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

import lstm_figs
from lstm_figs.layout.motifs import over_time
from lstm_figs.layout.motifs.over_time import Steps
from lstm_figs.scene.marks import Text, bounds, walk
from tests.binding.cases import read as parsed
from tests.binding.checking import faults as binding_faults
from tests.binding.inspection import check_live
from tests.layout_faults import faults
from tests.live_modules import Live

REVIEW = (
    "This movie was surprisingly unconventional and I would not recommend "
    "internationalization to anyone who values quiet evenings at home"
)
WORDS = REVIEW.split()
LETTERS = "to be, or not to be: that is the question\nwhether 'tis nobler"
TOKEN_CASES = {
    "letters": [*"p(k, q"],
    "letters that are joined to words": [*LETTERS],
    "letters without a space": [*"GATTACA" * 20],
    "letters after a sign of more": ["<s>", *LETTERS, "</s>"],
    "words": WORDS[:8],
    "words that are cut": WORDS[:14],
    "words of which some are named": 3 * WORDS,
    "what cannot be seen": ["", " ", "\n", "\t", "\0", "naïve", "日"],
}
"""Case -> the tokens that the steps read."""


@pytest.mark.parametrize("reverse", [0, 1])
@pytest.mark.parametrize("read", TOKEN_CASES)
@pytest.mark.parametrize("units", [2, 9])
@pytest.mark.parametrize("name", ["gates-over-time", "unit-map"])
def test_a_figure_of_any_tokens_is_whole(name, units, read, reverse):
    tokens = TOKEN_CASES[read]
    case = Live(hidden_size=units, bidirectional=True, seq_len=len(tokens), seed=1)
    check_live(name, case, reverse, {}, tokens)


def token_texts(trace, name, width):
    """The monospaced texts of a figure, which are tokens."""
    figure = lstm_figs.draw(name, trace, width=width)
    return [
        mark.content for mark in walk(figure.sheet.marks) if isinstance(mark, Text) and mark.mono
    ]


@pytest.mark.parametrize("width", [720, 360])
@pytest.mark.parametrize("name", ["gates-over-time", "unit-map"])
def test_each_word_of_a_text_is_read_where_there_is_room(name, width):
    case = Live(hidden_size=9, seq_len=len(LETTERS)).make()
    trace = lstm_figs.trace(*case.values(), tokens=[*LETTERS])
    read = set(token_texts(trace, name, width))
    words = {*LETTERS.split()}
    assert {*LETTERS} - {" ", "\n"} <= read or len(words & read) >= 8


@pytest.mark.parametrize("name", ["reading", "unit-map"])
def test_a_few_longer_tokens_do_not_turn_a_row_of_letters(name):
    tokens = ["<s>", *LETTERS[:22], "</s>"]
    case = Live(hidden_size=9, seq_len=len(tokens)).make()
    figure = lstm_figs.draw(name, lstm_figs.trace(*case.values(), tokens=tokens))
    read = [
        mark
        for mark in walk(figure.sheet.marks)
        if isinstance(mark, Text) and mark.mono and not mark.number
    ]
    assert not any(mark.turn for mark in read)
    ends = [mark.content for mark in read if mark.content.startswith("<")]
    assert len(ends) == 2
    assert {*LETTERS[:22]} - {" "} <= {mark.content for mark in read}


@pytest.mark.parametrize("width", [720, 360])
@pytest.mark.parametrize("name", ["writes", "reading", "gates-over-time"])
def test_a_longer_token_lies_on_no_letter(name, width):
    tokens = ["<s>", *LETTERS[:22], "</s>"]
    case = Live(hidden_size=2, seq_len=len(tokens)).make()
    trace = lstm_figs.trace(*case.values(), tokens=tokens)
    figure = lstm_figs.draw(name, trace, width=width)
    assert faults(figure.sheet, width) == []


@pytest.mark.parametrize("first", [1, 88, 990])
@pytest.mark.parametrize("width", [4.0, 7.3, 12.2, 24.5])
def test_the_numbers_of_steps_stand_apart(first, width):
    labels = tuple(range(first, first + 30))
    _, *numbers = over_time.step_labels(Steps(0, labels, 80, width), 0, ["f-{t}"])
    ends = [bounds([number]) for number in numbers]
    assert len(ends) >= 2
    for before, after in pairwise(ends):
        assert after.left - before.right >= 4.5


@pytest.mark.parametrize("more", ["", " --bidirectional --reverse"])
@pytest.mark.parametrize("option", ["--step-seconds 900", "--tokens t.json"])
@pytest.mark.parametrize("name", ["reading", "gates-over-time", "unit-map", "writes", "units"])
def test_an_axis_of_time_is_right_and_changes_no_choice(name, option, more, folder):
    Path("t.json").write_text(json.dumps([f"{k * 0.05:.1f}" for k in range(47)]))
    # So many that `writes` pools them, and the last column has fewer.
    size = f"--input-size 3 --hidden-size 9 --seq-len 47{more}"
    for width in (720, 360):
        plain, timed = (parsed(name, line, width) for line in (size, f"{size} {option}"))
        assert binding_faults(timed) == []
        assert plain.root.findtext("{*}desc") == timed.root.findtext("{*}desc")
