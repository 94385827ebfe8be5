"""What `reading` chooses to draw, and when its title claims more."""

from itertools import chain, groupby, pairwise
from typing import NamedTuple

import numpy as np
import pytest
import torch

import lstm_figs as lf
from lstm_figs.command.request import Request, parse_header
from lstm_figs.model.tensors import MAX_TOKEN_CHARS
from lstm_figs.scene.marks import Text, walk
from lstm_figs.sources import Source
from tests.binding.inspection import check_request
from tests.figures import make_trace, run_preamble, texts
from tests.proof import prove_all, svg_of

COUNTING_TITLE = "Unit 0 counts brackets, unit 1 is on in quotes"


def token_marks_of(figure):
    """The texts that are tokens."""
    return [m for m in walk(figure.sheet.marks) if is_token(m)]


def rows_of(figure):
    """The same in rows; rows repeated at the next unit are left out."""
    rows = [
        tuple(mark.content for mark in row)
        for _, row in groupby(token_marks_of(figure), lambda mark: mark.y)
    ]
    return [row for row, _ in groupby(rows)]


def notes_of(figure):
    """The sentences in the foot."""
    return [note.text for note in figure.scene.heading.notes]


def bracket_figure(text):
    return Request("reading", Source(network="brackets", text=text)).draw()


class TurnedWords(NamedTuple):
    """How many words a figure of this width has, how they are turned, and in how many rows."""

    count: int
    width: int
    turn: int
    rows: int


@pytest.mark.parametrize(
    TurnedWords._fields,
    [
        TurnedWords(count=8, width=720, turn=0, rows=1),
        TurnedWords(count=8, width=360, turn=45, rows=2),
        TurnedWords(count=20, width=720, turn=45, rows=1),
        TurnedWords(count=20, width=360, turn=90, rows=2),
        TurnedWords(count=42, width=720, turn=90, rows=1),
        TurnedWords(count=60, width=720, turn=45, rows=2),
        TurnedWords(count=60, width=360, turn=90, rows=4),
    ],
)
def test_words_are_slanted_or_upright_before_a_sequence_is_broken(count, width, turn, rows):
    tokens = [f"word{k:02}" for k in range(count)]
    figure = lf.draw("reading", make_trace(count, tokens=tokens), width=width)
    token_marks = [m for m in token_marks_of(figure) if m.content in tokens]
    assert {m.turn for m in token_marks} == {turn}
    # The narrow form repeats them for each of its two units.
    assert len({round(m.y, 3) for m in token_marks}) == rows
    # Four rows of a narrow form are two bands, the most that are drawn.
    parts = [n for n in notes_of(figure) if "parts of the sequence" in n]
    assert len(parts) == (rows == 4)


@pytest.mark.parametrize("token", ["naïve", "Straße", "кот", "漢字", "كتاب"])
@pytest.mark.parametrize("name", ["reading", "gates-over-time", "writes"])
def test_a_token_of_any_language_is_drawn_as_it_is(name, token):
    assert token in texts(lf.draw(name, make_trace(1, tokens=[token])))


def test_letters_that_may_be_as_wide_as_two_stand_apart():
    marks = token_marks_of(lf.draw("reading", make_trace(48, tokens=["漢"] * 48)))
    letters = [mark for mark in marks if mark.content == "漢"]
    assert len(letters) == 48
    for mark, after in pairwise(letters):
        assert mark.y != after.y or after.x - mark.x >= mark.size


SIGNS = {
    "": "∅",
    " ": "␣",
    "\n": "⏎",
    "\t": "⇥",
    "\u00a0": "␣",
    " cat": "␣cat",
    "\u200c": "□",
    "a\u200db": "a□b",
    "\udcff": "□",
    "\0": "□",
    "\u202e": "□",
}
"""Tokens of real tokenizers, and how each is drawn."""


@pytest.mark.parametrize("width", [720, 360])
@pytest.mark.parametrize("name", ["reading", "gates-over-time", "writes"])
def test_a_token_that_cannot_be_seen_is_drawn_as_a_sign(name, width):
    trace = make_trace(len(SIGNS), tokens=[*SIGNS])
    figure = lf.draw(name, trace, width=width)
    if name == "writes":
        # Rows and columns both have them, and two tokens may be drawn alike.
        drawn_tokens = [m.content for m in walk(figure.sheet.marks) if is_token(m)]
        assert {*drawn_tokens} == {*SIGNS.values()}
        drawn_tokens = drawn_tokens[: len(SIGNS)]
    else:
        drawn_tokens = list(chain.from_iterable(rows_of(figure)))
    # In narrow columns all are left out, and steps have only numbers.
    assert drawn_tokens == ([*SIGNS.values()] if drawn_tokens else [])
    assert drawn_tokens or width == 360
    names = run_preamble(figure)
    assert names.get("tokens", [*SIGNS]) == [*SIGNS]
    assert ("tokens" in names) == (bool(drawn_tokens) or name == "reading")
    prove_all(figure)
    if name == "reading":
        signs = " ".join(SIGNS.values())
        assert f"{len(SIGNS)} steps: {signs}." in figure.description


def is_token(mark):
    return (
        isinstance(mark, Text)
        and mark.mono
        and any(
            expression.startswith("tokens[")
            for binding in mark.bound
            for expression in binding.expressions()
        )
    )


@pytest.mark.parametrize("character", ["a", "&", "\0", "\U000e0001", "漢"])
@pytest.mark.parametrize("steps", [4, 400])
def test_a_file_stays_small_however_long_tokens_are(character, steps):
    written = len(repr(character)) - 2
    tokens = [character * (MAX_TOKEN_CHARS // written // steps)] * steps
    trace = make_trace(steps, tokens=tokens)
    for name in ("reading", "gates-over-time", "writes"):
        svg = lf.draw(name, trace).render("svg", "auto")
        assert len(svg) < 300_000


@pytest.mark.parametrize("steps", [3, 6, 12])
def test_of_many_units_two_are_drawn_that_change_most_and_differ(steps):
    trace = make_trace(steps, 40)
    change = trace_range(trace)
    first = int(change.argmax())
    c = np.array([step.c[0] for step in trace.steps])
    are_alike = abs(np.corrcoef(c.T)[first]) > 0.8
    second = int(np.where(are_alike, 0, change).argmax())
    are_most_changing = {first, second} == {*change.argsort()[-2:].tolist()}
    figure = lf.draw("reading", trace)
    units = [t for t in texts(figure) if t.startswith("unit ")]
    assert {*units} == {f"unit {first}", f"unit {second}"}
    assert (
        "2 of 40 units are drawn"
        + (
            ", those whose c changes most."
            if are_most_changing
            else f": c changes most in unit {first}, and in unit {second} of those "
            "unlike it (correlation at most 80 %)."
        )
    ) in [note.text for note in figure.scene.heading.notes]


def trace_range(trace):
    """The range of c of each unit."""
    c = torch.stack([torch.from_numpy(step.c[0]) for step in trace.steps])
    return (c.max(0).values - c.min(0).values).numpy()


def test_the_title_says_what_units_learned_only_where_it_is_true():
    assert lf.draw("reading").title == COUNTING_TITLE
    assert bracket_figure('((a)"b")').title == COUNTING_TITLE
    # Nothing in these texts shows that a unit counts, or tracks quotes.
    for text in ("abc", "((a))", '"a" b'):
        assert bracket_figure(text).title == "What 2 units keep, write and show"


def test_answers_to_many_steps_make_no_large_file():
    check_request(Request("reading", Source(network="brackets", seq_len=400)))


def test_what_is_left_out_of_a_long_sequence_is_said():
    torch.manual_seed(0)
    trace = lf.trace(torch.nn.LSTM(1, 2), torch.randn(600, 1, 1))
    figure = lf.draw("reading", trace)
    (note,) = [note for note in figure.scene.heading.notes if "left out" in note.text]
    last_step = 600 - int(note.text.split()[2])
    steps = [t for t in texts(figure) if t.isdigit()]
    assert max(map(int, steps)) <= last_step < 600


@pytest.mark.parametrize(
    ("text", "edit", "title"),
    [
        (
            'f(a, ":)", (b))',
            "lstm.weight_hh_l0[0,1]=0",
            "Without one weight, brackets in quotes are counted",
        ),
        (
            'f(a, ":)", (b))',
            "lstm.weight_hh_l0[0,1]=-0.5",
            "After this change, 5 of 30 answers are wrong",
        ),
        ("(a)", "lstm.weight_hh_l0[0,1]=-9", "After this change, every answer is still right"),
        ("(a)", "x[1,0,2]=1", "After this change, 1 of 6 answers is wrong"),
    ],
)
def test_a_title_says_what_a_change_of_the_trained_network_did(text, edit, title):
    source = Source(network="brackets", text=text, set=(edit,))
    request = Request("reading", source)
    assert request.draw().title == title
    check_request(request)


def test_a_picture_of_c_alone_says_nothing_of_answers_that_it_does_not_show():
    source = Source(network="brackets", text="f(a)", set=("lstm.bias_ih_l0[2]=-9",))
    options = (("units", (0,)), ("only", "c"))
    title = Request("reading", source, options=options).draw().title
    assert title == "What unit 0 remembers"


@pytest.mark.parametrize(
    ("options", "is_drawn"),
    [
        ("--after 600", True),
        ("--after 10", False),
        ("--text a", False),
        ("--set readout.weight[1,0]=0", False),
    ],
)
def test_a_threshold_is_left_out_where_it_leaves_its_scale(options, is_drawn):
    figure = parse_header(f"reading --network brackets --focus show {options}").draw()
    assert ("--threshold-0" in svg_of(figure)) == is_drawn
