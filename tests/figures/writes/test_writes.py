"""How `writes` chooses what to draw of a cell state."""

import re

import numpy as np
import pytest
import torch

import lstm_figs as lf
from lstm_figs.command.request import Request
from lstm_figs.errors import BeyondLimit
from lstm_figs.scene.marks import Group, Path, Text, walk
from lstm_figs.sources import Source
from tests.binding.drawing import drawing

SONNET = "From fairest creatures we desire increase,\nThat thereby beauty's "
SONNET += "rose might never die,\n"


def traced(steps, units=3, **more):
    torch.manual_seed(1)
    return lf.trace(torch.nn.LSTM(2, units), torch.randn(steps, 1, 2) * 3, **more)


def marks_by_id(figure):
    return {mark.id: mark for mark in walk(figure.sheet.marks) if mark.id}


def bracket_figure(text, **options):
    source = Source(network="brackets", text=text)
    return Request("writes", source, None, 720, tuple(options.items())).draw()


def run_preamble(figure):
    """The namespace after the preamble of a figure."""
    names = {}
    exec(figure.metadata["preamble"], names)
    return names


def values_over_steps(trace, unit, name):
    return [float(getattr(step, name)[0, unit]) for step in trace.steps]


@pytest.mark.parametrize("hx", [False, True])
def test_a_cell_is_what_a_run_with_that_write_alone_ends_with(hx):
    torch.manual_seed(2)
    state = torch.randn(1, 1, 3), torch.randn(1, 1, 3)
    module, x = torch.nn.LSTM(2, 3), torch.randn(7, 1, 2)
    trace = lf.trace(module, x, state if hx else None)
    cells = run_preamble(lf.draw("writes", trace, units=(1,)))["cells"]
    f, i, g = (values_over_steps(trace, 1, name) for name in "fig")
    start = float(trace.c_0[0, 0, 1])
    for write in range(8):
        c = 0.0 if write else start
        for t in range(7):
            c = f[t] * c + (i[t] * g[t] if write == t + 1 else 0.0)
            assert cells[t, write, 1] == pytest.approx(c, abs=1e-7)
    torch.testing.assert_close(
        cells.sum(1)[:, 1].float(), torch.tensor(values_over_steps(trace, 1, "c"))
    )


@pytest.mark.parametrize(("step", "rows"), [(None, [12, 6]), (20, [19, 19])])
def test_the_row_of_the_largest_c_is_framed_or_the_one_that_is_asked(step, rows):
    figure = lf.draw("writes", **({"step": step} if step else {}))
    marks = marks_by_id(figure)
    for unit, row in enumerate(rows):
        c = values_over_steps(Source(network="brackets").trace(), unit, "c")
        assert step or np.argmax(np.abs(c)) == row
        assert marks[f"sum-{unit}"].number.value == np.float32(c[row])
        frame = marks[f"row-{unit}"]
        (heat,) = marks[f"map-{unit}"].bound
        high = (heat.frame[3] - heat.frame[1]) / 34
        middle = frame.y + frame.height / 2 - heat.frame[1]
        assert middle == pytest.approx((row + 0.5) * high)
        # It ends with what that step wrote.
        wide = (heat.frame[2] - heat.frame[0]) / 34
        right = frame.x + frame.width - heat.frame[0]
        assert right == pytest.approx((row + 1) * wide, abs=1.5)


def test_what_is_not_written_yet_is_grey_and_all_else_is_not():
    figure = lf.draw("writes", traced(9), units=(0,))
    marks = marks_by_id(figure)
    (heat,) = marks["map-0"].bound
    left, top, right, bottom = heat.frame
    outline = [point for _, *points in marks["future-0"].d for point in points]
    for row in range(9):
        y = top + (row + 0.5) * (bottom - top) / 9
        for column in range(9):
            x = left + (column + 0.5) * (right - left) / 9
            assert is_inside(x, y, outline) == (column > row)


def is_inside(x, y, outline):
    """Whether a point is inside an outline: a ray to the right crosses it once."""
    sides = zip(outline, [*outline[1:], outline[0]], strict=True)
    return sum(a > x and min(b, d) < y < max(b, d) for (a, b), (c, d) in sides if a == c) % 2 == 1


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
        there = {k for k in range(len(cells)) if cells[k]}
        assert own | others == there
        assert not own & others
        if others:
            least = min(abs(cells[k]) for k in own)
            assert least >= max(abs(cells[k]) for k in others)
        parts = re.compile(rf"(part-\d+|others)-{unit}")
        total = sum(m.number.value for id, m in marks.items() if parts.fullmatch(id))
        drawn_sum = marks[f"sum-{unit}"].number.value
        assert total == pytest.approx(drawn_sum, abs=1e-6)


@pytest.mark.parametrize(("step", "off"), [(13, False), (33, True)])
def test_it_says_so_where_printed_numbers_make_another_sum(step, off):
    figure = lf.draw("writes", units=(0,), step=step)
    content_by_id = {n.id: n.content for n in figure.numbers()}
    printed = {k: float(v.replace("−", "-")) for k, v in content_by_id.items()}
    parts = [v for k, v in printed.items() if k[:4] in ("part", "othe")]
    assert (abs(sum(parts) - printed["sum-0"]) > 0.0051) == off
    notes = " ".join(note.text for note in figure.scene.heading.notes)
    assert ("It is added up unrounded." in notes) == off


def test_bars_begin_where_the_bar_above_ends_and_the_last_is_their_sum():
    marks = marks_by_id(lf.draw("writes", units=(0,), step=23))
    bars = [m for id, m in marks.items() if id.endswith("-bar")]
    zero = bars[0].bound[0].scale(0)
    ends = [zero]
    for bar in bars:
        edges = bar.x, bar.x + bar.width
        start = zero if bar is bars[-1] else ends[-1]
        near, far = sorted(edges, key=lambda edge: abs(edge - start))
        assert near == pytest.approx(start, abs=1e-6)
        ends.append(far)
    assert ends[-1] == pytest.approx(ends[-2], abs=1e-3)


LONG = {
    "words of letters": ({"tokens": [*SONNET]}, 13),
    "lines of many words": ({"tokens": [*("ab\n" + "a b " * 21 + "\n") * 2]}, 4),
    "words in equal shares": ({"tokens": ["word"] * 90}, 30),
    "letters without a space": ({"tokens": ["a"] * 81}, 27),
    "steps without names": ({}, 38),
}


@pytest.mark.parametrize(("more", "columns"), LONG.values(), ids=LONG)
def test_neighbours_are_added_up_where_there_are_many_steps(more, columns):
    count = len(more.get("tokens", range(76)))
    trace = traced(count, units=1, **more)
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
    words = run_preamble(lf.draw("writes", traced(len(SONNET), tokens=[*SONNET])))
    assert words["words"][:4] == ["From", "fairest", "creatures", "we"]
    figure = lf.draw("writes", traced(len(SONNET), tokens=[*SONNET]))
    texts = [m.content for m in walk(figure.sheet.marks) if isinstance(m, Text)]
    assert {"fairest", "increase,"} <= {*texts}
    lines = [*("one two three four\n" + "a " * 44 + "\n")]
    figure = lf.draw("writes", traced(len(lines), tokens=lines))
    texts = [m.content for m in walk(figure.sheet.marks) if isinstance(m, Text)]
    assert "one two thr…" in texts


def test_a_step_within_a_word_ends_a_column_of_its_own():
    trace = traced(len(SONNET), tokens=[*SONNET])
    ends = run_preamble(lf.draw("writes", trace))["ends"]
    assert 8 not in ends
    split = lf.draw("writes", trace, step=8)
    assert run_preamble(split)["ends"] == sorted([*ends, 8])
    assert "After step 8 c is" in split.description


def test_a_line_stands_after_each_word():
    marks = lf.draw("writes", units=(0,)).scene.marks
    (heat,) = next(m for m in marks if m.id == "map-0").bound
    wide = (heat.frame[2] - heat.frame[0]) / 34
    (rules,) = [m for m in marks if isinstance(m, Path) and m.stroke == "rule:50"]
    places = [x for command, (x, _) in rules.d if command == "M"]
    text = Source(network="brackets").trace().origin.text
    assert places == pytest.approx(
        [heat.frame[0] + (k + 1) * wide for k, c in enumerate(text) if c == " "]
    )


@pytest.mark.parametrize("steps", [24, 25])
def test_the_narrow_form_is_a_map_up_to_24_steps_and_then_one_row(steps):
    figure = lf.draw("writes", traced(steps, units=1), width=360, step=7)
    marks = marks_by_id(figure)
    assert ("map-0" in marks) == (steps == 24)
    assert ("cell-7-0" in marks) == (steps == 25)
    assert "cell-8-0" not in marks


def test_cells_of_one_colour_are_one_path():
    (cells,) = [
        m
        for m in walk(lf.draw("writes", units=(0,)).sheet.marks)
        if isinstance(m, Group) and m.id == "map-0"
    ]
    colours = [path.stroke for path in cells.marks]
    assert len(colours) == len({*colours}) < 60
    assert len(drawing(lf.draw("writes").render("svg", "light").decode()).marks) < 520


@pytest.mark.parametrize(
    ("units", "message"),
    [
        ((3,), "--units is 3, expected 0 to 2"),
        ((1, 1), "got --units 1,1, expected at most 8, each once"),
    ],
)
def test_units_that_have_no_room_are_refused(units, message):
    with pytest.raises(BeyondLimit) as error:
        lf.draw("writes", traced(5), units=units)
    assert message in str(error.value)


def test_a_step_that_is_not_there_is_refused():
    with pytest.raises(BeyondLimit, match="--step is 6, expected 1 to 5"):
        lf.draw("writes", traced(5), step=6)


def test_of_many_units_the_one_is_drawn_whose_c_goes_farthest():
    trace = traced(12, units=9)
    farthest = np.abs([step.c[0] for step in trace.steps]).max(0).argmax()
    figure = lf.draw("writes", trace)
    assert f"map-{farthest}" in marks_by_id(figure)
    note = figure.scene.heading.notes[1].text
    assert note.startswith(f"Unit {farthest} of 9 is the one whose c goes")


@pytest.mark.parametrize("c_0", [0, 1])
def test_what_was_there_before_has_a_column_where_there_was_something(c_0):
    trace = traced(5, units=2)
    trace = lf.run(trace.weights, trace.x, c_0=trace.c_0 + np.float32(c_0))
    figure = lf.draw("writes", trace)
    texts = [m.content for m in walk(figure.sheet.marks) if isinstance(m, Text)]
    assert ("before" in texts) == bool(c_0)


def test_the_title_says_of_brackets_and_quotes_what_is_true_of_both():
    both = "Brackets are cancelled, quotes are erased"
    assert lf.draw("writes").title == both
    assert lf.draw("writes", units=(0,)).title == "Brackets are cancelled"
    assert lf.draw("writes", units=(1,)).title == "Quotes are erased"
    assert bracket_figure("((a))").title == "Brackets are cancelled"
    assert bracket_figure('"a" b').title == "Quotes are erased"
    for text in ("abc", "((", '"', ")("):
        assert bracket_figure(text).title.startswith("A write lasts")


def test_a_write_lasts_until_half_of_it_is_gone():
    torch.manual_seed(1)
    module = torch.nn.LSTM(2, 2)
    module.bias_ih_l0.data[2:4] = 1.5
    trace = lf.trace(module, torch.randn(30, 1, 2) * 3)
    medians = []
    for unit in range(2):
        f = values_over_steps(trace, unit, "f")
        lives = []
        for write in range(30):
            left, steps = 1.0, 0
            for forget in f[write + 1 :]:
                left, steps = left * forget, steps + 1
                if left < 0.5:
                    break
            lives.append(steps if left < 0.5 else np.inf)
        medians.append(sorted(lives)[15])
    figure = lf.draw("writes", trace)
    numbers = [int(n) for n in re.findall(r"\d+(?= step)", figure.title)]
    assert numbers == [*dict.fromkeys(map(int, medians))]


def test_it_says_cancelled_where_blue_and_red_leave_little():
    (label,) = [
        mark
        for mark in walk(lf.draw("writes", units=(0,)).sheet.marks)
        if isinstance(mark, Text) and mark.content == "– cancelled"
    ]
    marks = marks_by_id(lf.draw("writes", units=(0,)))
    (heat,) = marks["map-0"].bound
    high = (heat.frame[3] - heat.frame[1]) / 34
    row = int((label.y - 4 - heat.frame[1]) / high)
    names = run_preamble(lf.draw("writes", units=(0,)))
    pile = names["cells"][row, :, 0].abs().sum()
    assert abs(names["c"][row, 0, 0]) < pile / 4
    assert "cancelled" not in " ".join(
        m.content for m in walk(bracket_figure("((((a").sheet.marks) if isinstance(m, Text)
    )


def test_the_number_of_the_scale_stands_at_the_end_that_has_its_sign():
    for unit in (0, 1):
        figure = lf.draw("writes", units=(unit,))
        (number,) = [n for n in figure.numbers() if n.id == "scale"]
        groups = [m for m in figure.scene.marks if isinstance(m, Group)]
        ramp = next(m.marks for m in groups if len(m.marks) == 25)
        own = next(m for m in figure.scene.marks if m.id == "scale")
        assert (own.x < ramp[0].x) == (number.number.value < 0)


@pytest.mark.parametrize("width", [720, 360])
def test_equal_bars_are_equal_numbers_in_both_units(width):
    marks = marks_by_id(lf.draw("writes", width=width))
    lengths = {
        id: bar.width / abs(marks[id.removesuffix("-bar")].number.value)
        for id, bar in marks.items()
        if id.endswith("-bar")
    }
    assert {id.split("-")[-2] for id in lengths} == {"0", "1"}
    for length in lengths.values():
        assert length == pytest.approx(lengths["sum-0-bar"], rel=1e-3)
