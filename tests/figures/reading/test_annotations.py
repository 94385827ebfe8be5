"""Compare arrows, notes, the brake and the legend of `reading` with torch."""

import re
from functools import cache
from itertools import pairwise

import pytest
import torch

import lstm_figs as lf
from lstm_figs.command.request import parse_header
from lstm_figs.scene.marks import Path, Text, bounds, walk
from tests.binding.drawing import drawing
from tests.proof import svg_of

TEXTS = (
    "",
    " --text 'print(\"no smile :)\")'",
    " --text '))('",
    " --text a",
    f" --text '{'(a)' * 5} \"{'()' * 4}\" ((b))'",
    " --text '" + 'p(k, "(") ' * 10 + "'",
    " --set lstm.weight_hh_l0[0,1]=0",
    " --network example --seq-len 24",
    " --network example",
    " --units 0 --only c",
)
"""Command lines with different annotations, without `reading`."""
WIDTHS = (720, 360)
each_text = pytest.mark.parametrize("typed", TEXTS)
both_widths = pytest.mark.parametrize("width", WIDTHS)


@cache
def figure(typed, width):
    return parse_header(f"reading{typed} --width {width}").draw()


@cache
def read(typed, width):
    return drawing(svg_of(figure(typed, width)))


def arrows_of_kind(seen, kind):
    """The arrows of a kind, by step and unit."""
    arrows = {}
    for mark in seen.data_marks:
        if re.fullmatch(rf"{kind}-\d+-\d+", mark.name):
            t, unit = map(int, mark.name.split("-")[1:])
            arrows[t, unit] = mark
    return arrows


def unit_length(mark):
    """The length of 1 on the scale of a mark."""
    low, high, start, stop = map(float, mark.get("data-map").split()[-4:])
    return (start - stop) / (high - low)


@each_text
@both_widths
def test_there_is_an_arrow_for_each_large_move_and_no_other(typed, width):
    seen = read(typed, width)
    visible_steps = sorted({t for m in c_curves(seen) for t in steps_of(m)})
    for mark in c_curves(seen):
        unit, pixels_of_one = int(mark.name.split("-")[2]), unit_length(mark)
        wrote = torch.tensor(seen.value(f"(i * g)[:, 0, {unit}]"))
        lost = torch.tensor(seen.value(f"(c_prev - f * c_prev)[:, 0, {unit}]"))
        for kind, sizes in (("write", wrote), ("forget", lost)):
            large = (sizes.abs() >= wrote.abs().max() / 2) & (sizes.abs() * pixels_of_one >= 8)
            expected = {t for t in visible_steps if large[t]}
            assert {t for t, u in arrows_of_kind(seen, kind) if u == unit} == expected


def c_curves(seen):
    """The line of c of each unit and band."""
    return [m for m in seen.data_marks if re.fullmatch(r"c-\d+-\d+", m.name)]


def steps_of(mark):
    """The steps of a line of c."""
    first, last = re.search(r"c\[(\d+):(\d+)", mark.expression).groups()
    return range(int(first), int(last))


@each_text
@both_widths
def test_no_note_lies_on_a_line_or_an_arrow(typed, width):
    marks = [*walk(figure(typed, width).sheet.marks)]
    note_texts = [m for m in marks if isinstance(m, Text) and is_note(m)]
    for text in note_texts:
        left, top, right, bottom = bounds([text])
        for mark in marks:
            if isinstance(mark, Path) and re.match(r"(c|depth|write|forget)-\d", mark.id):
                for (start_x, start_y), (end_x, end_y) in segments(mark):
                    is_outside = max(start_x, end_x) < left or right < min(start_x, end_x)
                    above_or_below = max(start_y, end_y) < top or bottom < min(start_y, end_y)
                    assert is_outside or above_or_below, (text.content, mark.id)


def is_note(text):
    return re.match(r"(shut|slip|write|forget)-\d", text.id) is not None


def segments(path):
    """The lines of a path, each with both its ends."""
    points = [point for _, *command_points in path.d for point in command_points]
    return pairwise(points)


@each_text
@both_widths
def test_the_legend_explains_exactly_the_marks_there(typed, width):
    seen = read(typed, width)
    words = {
        "c": "c",
        "c as trained": "trained",
        "open brackets": "depth",
        "i·g, added to c": "write",
        "forgotten: c shrinks": "forget",
        "in quotes": "quotes",
        "shut by unit 1": "brake",
        "wrong answer": "wrong",
    }
    drawn_stems = {
        stem
        for stem in words.values()
        if any(re.match(rf"{stem}-\d+(-\d+)?$", m.name) for m in seen.marks)
    }
    explained = set()
    for mark in seen.marks:
        # A sample of the legend names marks, but is no label.
        if mark.has("data-for") and not mark.has("data-names"):
            stems = {id.split("-")[0] for id in mark.get("data-for").split()}
            nearest = min(
                (
                    t
                    for t in seen.texts
                    if t.box.left > mark.box.right and abs(t.middle - mark.box.y) < 2
                ),
                key=lambda t: t.box.left,
            )
            assert {words[nearest.text]} == stems
            explained |= stems
    assert explained == drawn_stems


@each_text
@both_widths
def test_the_bar_is_under_the_steps_that_the_weight_shuts(typed, width):
    seen = read(typed, width)
    bars = [m for m in seen.marks if re.fullmatch(r"brake-\d+", m.name)]
    barred = set()
    for mark in bars:
        first, last = re.match(r"i\[(\d+):(\d+)", mark.expression).groups()
        barred |= {*range(int(first), int(last))}
    if not bars:
        assert "i_without" not in seen.preamble
        return
    names = seen.namespace
    lstm, i = names["lstm"], names["i"][:, 0, 0]
    before = torch.cat([names["h_0"][:, 0], names["output"][:-1, 0]])
    weight = lstm.weight_hh_l0.detach().clone()
    weight[0, 1] = 0
    z = names["x"][:, 0] @ lstm.weight_ih_l0.T + before @ weight.T
    z = z + lstm.bias_ih_l0 + lstm.bias_hh_l0
    without = torch.sigmoid(z[:, 0]).detach()
    shut = {*torch.nonzero((i <= 0.1) & (without >= 0.25)).flatten().tolist()}
    assert barred == shut & {t for m in c_curves(seen) for t in steps_of(m)}
    number = next(n for n in seen.numbers if n.name == "unbraked")
    t = int(re.search(r"\d+", number.expression)[0])
    assert float(number.get("data-value")) == pytest.approx(without[t].item())


@both_widths
def test_quotes_are_shaded_from_the_opening_to_the_closing_mark(width):
    text = 'p(k, q("(", (m)), r(n)) + "))" (s)'
    seen = read("", width)
    shaded = {
        t
        for mark in seen.marks
        if mark.name.startswith("quotes-")
        for curve in c_curves(seen)
        for k, t in enumerate(steps_of(curve))
        if mark.box.left < curve.box.left + (k + 0.5) * step_of(curve) < mark.box.right
        and mark.box.top < curve.box.top < mark.box.bottom
    }
    quoted = [m.span() for m in re.finditer('"[^"]*"', text)]
    assert shaded == {t for a, b in quoted for t in range(a, b)}


def step_of(curve):
    """The width of a step."""
    return (curve.box.right - curve.box.left) / len(steps_of(curve))


@pytest.mark.parametrize("typed", TEXTS[:2])
def test_every_unit_of_a_narrow_form_has_its_text(typed):
    seen = read(typed, 360)
    heights = {
        round(label.middle)
        for label in seen.labels
        if "tokens[" in label.get("data-says") and not label.name
    }
    assert len(heights) == len(c_curves(seen))


def test_a_long_text_is_drawn_where_most_happens():
    typed = TEXTS[5]
    wide, narrow = read(typed, 720), read(typed, 360)
    bands = {steps_of(m) for m in c_curves(narrow)}
    assert len(bands) == 2
    assert {t for m in c_curves(wide) for t in steps_of(m)} == {*range(100)}
    (sentence,) = [
        note.text
        for note in figure(typed, 360).scene.heading.notes
        if "parts of the sequence" in note.text
    ]
    assert sentence.startswith("2 of 5 parts of the sequence are drawn")


def test_units_are_drawn_so_that_the_one_that_shuts_stands_below():
    torch.manual_seed(0)
    module = torch.nn.LSTM(2, 2)
    with torch.no_grad():
        module.weight_hh_l0[1, 0], module.weight_ih_l0[1, 1] = -30, 5
        module.weight_ih_l0[5, 1] = 5
    trace = lf.trace(module, torch.eye(2)[[0, 0, 1, 1, 0, 1]][:, None])
    figure = lf.draw("reading", trace)
    texts = [t for t in walk(figure.sheet.marks) if isinstance(t, Text)]
    units = [t.content for t in texts if t.content.startswith("unit ")]
    shut = "shuts the input gate of unit 1" in figure.description
    assert units == (["unit 1", "unit 0"] if shut else ["unit 0", "unit 1"])


def test_at_a_moment_units_are_in_the_order_of_their_numbers():
    # After 454 batches unit 0 shuts unit 1; at the end unit 1 shuts unit 0.
    for after in (454, 6000):
        units = [
            text.y
            for unit in (0, 1)
            for text in walk(lf.draw("reading", after=after).sheet.marks)
            if isinstance(text, Text) and text.content == f"unit {unit}"
        ]
        assert len(units) == 2
        assert units == sorted(units)


@each_text
@both_widths
def test_an_answer_is_struck_where_it_is_wrong_and_nowhere_else(typed, width):
    seen = read(typed, width)
    struck = {m.name for m in seen.marks if m.name.startswith("wrong-")}
    if not any(m.name.startswith("says-") for m in seen.marks):
        assert not struck
        return
    wrong = seen.value("((answers[:, 0] > 0.5) != torch.stack([inside, depth == 0], 1)).nonzero()")
    drawn_steps = set()
    for mark in seen.marks:
        if mark.name.startswith("says-") and (
            part := re.search(r"\[(\d+):(\d+)", mark.get("data-of"))
        ):
            drawn_steps |= {*range(int(part[1]), int(part[2]))}
    assert struck == {f"wrong-{int(t)}-{int(k)}" for t, k in wrong if t in drawn_steps}
