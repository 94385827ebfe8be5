"""What `reading --focus` draws, leaves out, and rejects."""

import re
from dataclasses import replace
from functools import cache
from typing import get_args

import pytest

from lstm_figs import cli
from lstm_figs.command.request import Request, parse_header
from lstm_figs.errors import UsageError
from lstm_figs.figures.reading.focus import PALE, Focus
from lstm_figs.scene.theme import colour, contrast
from lstm_figs.sources import Source
from tests.binding.drawing import drawing
from tests.binding.inspection import inspect_figure
from tests.proof import svg_of

TEXT = "--network brackets --text 'f(a, \":)\", (b))'"
CUT_WEIGHT = "--set lstm.weight_hh_l0[0,1]=0"
FOCUSES = [focus for focus in get_args(Focus) if focus != "all"]
each_focus = pytest.mark.parametrize("focus", FOCUSES)


@cache
def figure(focus, width=640, more=""):
    line = f"reading {TEXT} {more} --focus {focus} --width {width}"
    return parse_header(line).draw()


@cache
def read(focus, width=640, more=""):
    return drawing(svg_of(figure(focus, width, more)))


def bindings(seen):
    """The value, or the expression, of each mark with an id.

    How much of a curve is drawn, and where, does not matter.
    """
    return {
        mark.name: (mark.expression, mark.get("data-value"))
        for mark in seen.marks
        if mark.name and mark.expression
    }


@each_focus
@pytest.mark.parametrize("width", [640, 360])
def test_a_focus_leaves_out_and_changes_nothing(focus, width):
    complete, own = bindings(read("all", width)), bindings(read(focus, width))
    shared = own.keys() & complete.keys()
    assert len(shared) > 3
    assert {name: own[name] for name in shared} == {name: complete[name] for name in shared}


def places(focus, more=""):
    """The position of each plot, row and answer, relative to the title's end."""
    seen = read(focus, 640, more)
    top = next(m.box.top for m in seen.marks if m.name.startswith("says-"))
    return {
        mark.name: (round(mark.box.x, 1), round(mark.box.top - top, 1))
        for mark in seen.marks
        if re.fullmatch(r"(says|[figo])-all-\d", mark.name)
        or re.fullmatch(r"quotes-\d+", mark.name)
    }


@pytest.mark.parametrize(
    ("focus", "more"), [*((focus, "") for focus in FOCUSES), ("weight", CUT_WEIGHT)]
)
def test_a_part_has_the_same_place_in_every_focus(focus, more):
    own, last = places(focus, more), places("weight")
    # Shades of quotes reach down to whatever is drawn last.
    shared = {name for name in own.keys() & last.keys() if not name.startswith("quotes")}
    assert len(shared) >= 2
    for name in shared:
        (own_x, own_top), (x, top) = own[name], last[name]
        assert own_x == x, name
        # A row is as high as its highest column, so some tolerance is needed.
        if name.startswith("says"):
            assert own_top == pytest.approx(top, abs=14), name


def test_pale_words_can_be_read():
    for scheme in ("light", "dark"):
        assert contrast(colour(PALE, scheme), colour("paper", scheme)) >= 3


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--network brackets --focus keep --units 0", "with --units"),
        ("--network brackets --focus keep --only c", "with --only"),
        ("--network example --focus weight", "no weight shuts an input gate"),
        ("--network brackets --text aa --focus weight", "no weight shuts"),
        ("--network example --focus task", "right answers are not known"),
        ("--input-size 2 --hidden-size 1 --focus steer", "with 1 unit"),
    ],
)
def test_a_focus_that_has_nothing_to_show_is_refused(line, message):
    with pytest.raises(UsageError, match=re.escape(message)):
        parse_header(f"reading {line}").draw()


def test_a_weight_that_is_set_to_0_is_still_the_one_that_is_drawn():
    assert figure("weight", 640, CUT_WEIGHT).title == (
        "Without one weight, brackets in quotes are counted"
    )


def test_figures_that_are_drawn_together_keep_words_of_their_own(tmp_path, capsys):
    typed = ["draw", "reading", "keep-write-show", "--network", "brackets"]
    out = ["--out", str(tmp_path)]
    assert cli.main([*typed, *out, "--focus", "write"]) == 0
    assert cli.main([*typed, *out, "--focus", "steer"]) == 2
    assert "unknown focus of keep-write-show 'steer'" in capsys.readouterr().err


@pytest.mark.parametrize("focus", ["keep", "write", "show", "gradient"])
@pytest.mark.parametrize(
    "source",
    [
        Source(3, 8, 0, seq_len=20),
        Source(network="brackets", text="(" * 30),
        Source(2, 2, 0, seq_len=9, set=("lstm.bias_ih_l0[0]=nan",)),
    ],
    ids=["of units that are left out", "of a long axis", "without a number"],
)
def test_a_focus_is_true_of_networks_that_are_not_its_own(focus, source):
    request = Request("reading", source, options=(("focus", focus),))
    looked = inspect_figure(
        "reading",
        lambda width: replace(request, width=width).draw(),
        {},
        has_command=True,
        is_listed=False,
    )
    # For some, the only number is in a note that does not fit.
    assert {*map(str, looked.problems)} <= {"no number is shown"}
