"""Labels are drawn above their steps in figures over time."""

import json
from dataclasses import replace

import numpy as np
import pytest

import lstm_figs as lf
from lstm_figs import cli
from lstm_figs.command.request import parse_header
from lstm_figs.errors import LstmFigsError
from tests.binding.inspection import check_live
from tests.live_modules import Live
from tests.proof import read, svg_of

LABELS = {"even": [0, 1] * 30, "im Wort „Haus“": [*[True] * 7, *[False] * 53]}


@pytest.mark.parametrize("reverse", [0, 1])
@pytest.mark.parametrize("units", [2, 9])
@pytest.mark.parametrize("name", ["gates-over-time", "reading", "unit-map"])
def test_a_figure_with_labels_is_whole(name, units, reverse):
    case = Live(hidden_size=units, bidirectional=True, seq_len=60, seed=1)
    check_live(name, case, reverse, {"labels": LABELS}, [*"abc" * 20])


CASE = Live(hidden_size=9, bidirectional=True, seq_len=60)
TOKENS = [*"abc" * 20]


def labels_of(reverse, case=CASE):
    """Labels: units predict the first two, and a token and steps the others."""
    steps = lf.trace(*case.make().values()).part(reverse)
    c = np.array([step.c[0] for step in steps[:: -1 if reverse else 1]])
    return {
        **{f"c{k}": [*map(bool, c[:, k] > np.median(c[:, k]))] for k in (3, 6)},
        "a": [TOKENS[t % 60] == "a" for t in range(len(c))],
        "rare": [t < 2 for t in range(len(c))],
    }


@pytest.mark.parametrize(
    ("name", "reverse"), [("reading", 1), ("units", 0), ("writes", 0), ("keep-write-show", 0)]
)
def test_a_figure_that_draws_units_for_labels_is_whole(name, reverse):
    check_live(name, CASE, reverse, {"labels": labels_of(reverse)}, TOKENS)


def test_units_are_drawn_for_labels_that_nothing_else_tells():
    trace = lf.trace(*CASE.make().values(), tokens=TOKENS)
    figure = lf.draw("reading", trace, labels=labels_of(0))
    assert figure.title == "Unit 3 tells “c3” apart, unit 6 “c6”"
    assert "true-" in svg_of(figure)
    # Fewer than 30 steps say too little of a label.
    few = lf.trace(*Live(hidden_size=9, seq_len=29).make().values())
    figure = lf.draw("reading", few, labels={"c3": labels_of(0)["c3"][:29]})
    assert "tells" not in figure.title


@pytest.mark.parametrize("reverse", [0, 1])
def test_of_a_long_text_parts_are_drawn_in_which_labels_begin_and_end(reverse):
    case = replace(CASE, seq_len=180)
    labels, tokens = labels_of(reverse, case), TOKENS * 3
    check_live("reading", case, reverse, {"labels": labels}, tokens)
    trace = lf.trace(*case.make().values(), tokens=tokens)
    figure = lf.draw("reading", trace, reverse=bool(reverse), labels=labels)
    assert "tells" in figure.title
    text = svg_of(figure)
    assert "that are told begin and end most often" in text


@pytest.mark.parametrize("reverse", [False, True])
def test_a_row_is_full_at_the_steps_at_which_its_label_is_true(reverse):
    case = Live(hidden_size=2, bidirectional=True, seq_len=60)
    trace = lf.trace(*case.make().values())
    figure = lf.draw("gates-over-time", trace, reverse=reverse, labels=LABELS)
    root = read(svg_of(figure))
    for k, values in enumerate(LABELS.values()):
        start = f"gates-over-time--label{k}-"
        bars = [float(e.get("height")) for e in root.iter() if e.get("id", "").startswith(start)]
        order = values[::-1] if reverse else values
        assert [bool(bar) for bar in bars] == [bool(value) for value in order]


def test_python_takes_what_the_command_line_takes(tmp_path, capfd):
    file = tmp_path / "labels.json"
    file.write_text(json.dumps({"even": [False, True, False, True]}))
    header = f"unit-map --network example --labels {file}"
    expected = parse_header(header).draw().render("svg", "light")
    assert lf.draw("unit-map", network="example", labels=file).render("svg", "light") == expected
    with pytest.raises(LstmFigsError, match="got labels for cell, expected"):
        lf.draw("cell", labels={"even": [False, True, False, True]})
    with pytest.raises(LstmFigsError, match="has 1 values, expected 34"):
        lf.draw("unit-map", labels={"even": [True]})
    assert cli.main(["draw", "cell", "--labels", str(file)]) == 2
    assert capfd.readouterr().err.count("\n") == 1


def test_of_several_figures_those_take_labels_that_show_them(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "l.json").write_text(json.dumps({"even": [0, 1, 0, 1]}))
    words = ["draw", "cell", "reading", "--network", "example"]
    assert cli.main([*words, "--labels", "l.json"]) == 0
    assert capfd.readouterr().err == ""
    assert "label0-" in (tmp_path / "reading.svg").read_text("utf-8")
    assert "l.json" not in (tmp_path / "cell.svg").read_text("utf-8")
