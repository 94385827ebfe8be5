"""How `writes` chooses what to draw of a cell state."""

import re
from itertools import pairwise

import numpy as np
import pytest
import torch

import lstm_figs as lf
from lstm_figs.command.request import Request
from lstm_figs.sources import Source
from tests.figures import make_trace, marks_by_id, run_preamble, texts
from tests.proof import svg_of

SONNET = "From fairest creatures we desire increase,\nThat thereby beauty's "
SONNET += "rose might never die,\n"


def bracket_figure(text, **options):
    """The figure of the bracket network reading a text."""
    source = Source(network="brackets", text=text)
    return Request("writes", source, None, 720, tuple(options.items())).draw()


def values_over_steps(trace, unit, name):
    """A result of a unit at each step."""
    return [float(getattr(step, name)[0, unit]) for step in trace.steps]


@pytest.mark.parametrize("hx", [False, True])
def test_python_returns_the_cells_that_are_drawn(hx):
    torch.manual_seed(2)
    state = torch.randn(1, 1, 3), torch.randn(1, 1, 3)
    module, x = torch.nn.LSTM(2, 3), torch.randn(7, 1, 2)
    trace = lf.trace(module, x, state if hx else None)
    cells = run_preamble(lf.draw("writes", trace, units=(1,)))["cells"]
    np.testing.assert_allclose(lf.writes(trace), cells, rtol=0, atol=1e-7)


@pytest.mark.parametrize(("step", "rows"), [(None, [12, 6]), (20, [19, 19])])
def test_a_frame_ends_with_what_its_step_wrote(step, rows):
    marks = marks_by_id(lf.draw("writes", **({"step": step} if step else {})))
    for unit, row in enumerate(rows):
        left, _, right, _ = marks[f"map-{unit}"].bound[0].frame
        frame = marks[f"row-{unit}"]
        expected = left + (row + 1) * (right - left) / 34
        assert frame.x + frame.width == pytest.approx(expected, abs=1.5)


def test_only_what_is_not_written_yet_is_grey():
    marks = marks_by_id(lf.draw("writes", make_trace(9), units=(0,)))
    left, top, right, bottom = marks["map-0"].bound[0].frame
    outline = [point for _, *points in marks["future-0"].d for point in points]
    sides = [*pairwise([*outline, outline[0]])]
    for row in range(8):
        y = top + (row + 0.5) * (bottom - top) / 9
        crossed = sorted(a for (a, b), (c, d) in sides if a == c and min(b, d) < y < max(b, d))
        assert crossed == pytest.approx([left + (row + 1) * (right - left) / 9, right])


@pytest.mark.parametrize("unit", [0, 1])
def test_a_row_is_written_out_whole_and_the_largest_by_themselves(unit):
    for step in (1, 2, 14, 23, 34):
        figure = lf.draw("writes", units=(unit,), step=step)
        cells = run_preamble(figure)["cells"][step - 1, :, unit]
        marks = marks_by_id(figure)
        own = {int(id.split("-")[1]) for id in marks if re.fullmatch(r"part-\d+-\d", id)}
        rest = marks.get(f"others-{unit}")
        listed = re.search(r"\[\d+, \[(.*?)\]", str(rest.number.of) if rest else "")
        others = {*map(int, listed[1].split(","))} if listed else set()
        assert own | others == {k for k in range(len(cells)) if cells[k]}
        assert not own & others
        if others:
            least = min(abs(cells[k]) for k in own)
            assert abs(rest.number.value) <= least
            assert least >= max(abs(cells[k]) for k in others)
        parts = re.compile(rf"(part-\d+|others)-{unit}")
        total = sum(m.number.value for id, m in marks.items() if parts.fullmatch(id))
        drawn_sum = marks[f"sum-{unit}"].number.value
        assert total == pytest.approx(drawn_sum, abs=1e-6)


@pytest.mark.parametrize(("step", "is_off"), [(13, False), (31, True)])
def test_it_says_so_where_printed_numbers_make_another_sum(step, is_off):
    figure = lf.draw("writes", units=(0,), step=step)
    content_by_id = {n.id: n.content for n in figure.numbers()}
    printed = {id: float(text.replace("−", "-")) for id, text in content_by_id.items()}
    parts = [value for id, value in printed.items() if id.startswith(("part", "others"))]
    # Two decimals are printed.
    assert (abs(sum(parts) - printed["sum-0"]) > 0.0051) == is_off
    notes = " ".join(note.text for note in figure.scene.heading.notes)
    assert ("Sums are of unrounded numbers." in notes) == is_off


# Sequences of more than 40 steps.
LONG = {
    "words of letters": ({"tokens": [*SONNET]}, 13),
    "lines of many words": ({"tokens": [*("ab\n" + "a b " * 21 + "\n") * 2]}, 4),
    "words in equal shares": ({"tokens": ["word"] * 90}, 30),
    "letters without a space": ({"tokens": ["a"] * 81}, 27),
    "steps without names": ({}, 38),
}
"""Case -> arguments of the trace, and the number of columns drawn."""


@pytest.mark.parametrize(("more", "columns"), LONG.values(), ids=LONG)
def test_neighbours_are_added_up_where_there_are_many_steps(more, columns):
    count = len(more.get("tokens", range(76)))
    trace = make_trace(count, units=1, **more)
    names = run_preamble(lf.draw("writes", trace))
    assert names["cells"].shape == (columns, columns + 1, 1)
    ends = [end - 1 for end in names["ends"]]
    assert ends[-1] == count - 1
    torch.testing.assert_close(names["cells"].sum(1)[:, 0].float(), names["c"][ends, 0, 0].detach())
    f = torch.tensor(values_over_steps(trace, 0, "f"), dtype=torch.float64)
    starts = [0, *(end + 1 for end in ends)]
    retained = [f[a : b + 1].prod() for a, b in zip(starts, ends, strict=False)]
    torch.testing.assert_close(names["kept"][:, 0], torch.stack(retained))


def test_a_word_is_called_by_its_letters_and_a_line_by_its_first():
    words = run_preamble(lf.draw("writes", make_trace(len(SONNET), tokens=[*SONNET])))
    assert words["words"][:4] == ["From", "fairest", "creatures", "we"]
    figure = lf.draw("writes", make_trace(len(SONNET), tokens=[*SONNET]))
    assert {"fairest", "increase,"} <= {*texts(figure)}
    lines = [*("one two three four\n" + "a " * 44 + "\n")]
    figure = lf.draw("writes", make_trace(len(lines), tokens=lines))
    assert "one two thr…" in texts(figure)


def test_a_step_within_a_word_ends_a_column_of_its_own():
    trace = make_trace(len(SONNET), tokens=[*SONNET])
    ends = run_preamble(lf.draw("writes", trace))["ends"]
    assert 8 not in ends
    split = lf.draw("writes", trace, step=8)
    assert run_preamble(split)["ends"] == sorted([*ends, 8])
    assert "After step 8 c is" in split.description


@pytest.mark.parametrize("width", [720, 360])
def test_rows_that_cancel_are_bracketed_in_both_forms(width):
    figure = lf.draw("writes", width=width)
    marks = marks_by_id(figure)
    assert {"map-0", "map-1"} <= {*marks}
    assert texts(figure).count("blue and red") == texts(figure).count("erased") == 1
    svg = svg_of(figure)
    assert "bool((c[[22, 23, 24, 25, 26, 27, 28], 0, 0].abs()" in svg


@pytest.mark.parametrize("c_0", [0, 1])
def test_what_was_there_before_has_a_column_where_there_was_something(c_0):
    trace = make_trace(5, units=2)
    trace = lf.run(trace.weights, trace.x, c_0=trace.c_0 + np.float32(c_0))
    figure = lf.draw("writes", trace)
    assert ("before" in texts(figure)) == bool(c_0)


def test_the_title_is_true_of_brackets_and_quotes():
    both = "Brackets cancel, quotes erase"
    assert lf.draw("writes").title == both
    assert lf.draw("writes", units=(0,)).title == "Brackets cancel"
    assert lf.draw("writes", units=(1,)).title == "Quotes erase"
    assert bracket_figure("((a))").title == "Brackets cancel"
    assert bracket_figure('"a" b').title == "Quotes erase"
    for text in ("abc", "((", '"', ")("):
        assert bracket_figure(text).title.startswith("A write lasts")
