"""Compare the JavaScript twin of `reading` with Python."""

import pytest

from lstm_figs.command.request import parse_header
from lstm_figs.html.live_controls import MAX_CHARS
from lstm_figs.sources.networks import moments
from tests.browser import test_keep_write_show
from tests.browser.lines import lines
from tests.browser.twins import PARTS, check_twin, inputs

LINES = lines("reading", "readings.txt", seed=22, without=(145, 354))

LAY_OUT = """all => all.map(([text, edits, view, after]) => {
  const { Subject, proof } = $twin_subject;
  const subject = new Subject(text ?? undefined, edits, after ?? undefined);
  return READING(subject, 'reading', view)
    .map(form => [form.svg, proof(form)]);
})"""
"""Draws each request by the twin: the SVG and the proof of both forms."""

LONG = (
    '(a "(b" (c) d) e "f)" ((g)) h "(" i (j (k (l) "m" n) o) p) q ")" r '
    '(s "t((" u) v w x y z (1 "2" (3 4) 5)'
)
"""A text that needs several bands."""

MOMENTS = [
    f"reading --network brackets --after {after} {more}"
    for more in (
        "",
        """--text 'f(a, ":)", (b))' --set lstm.weight_hh_l0[1,0]=0""",
        f"--only c --text '{LONG}'",
    )
    for after in (453, *(moment.after for moment in moments()))
]
"""Three texts at every moment of the training, and a batch between two of them."""


@pytest.mark.parametrize("all_lines", [LINES, test_keep_write_show.LINES])
def test_the_lines_have_short_and_long_texts_and_edits_of_all_kinds(all_lines):
    texts, edits, *_ = zip(*inputs(all_lines), strict=True)
    assert len({*all_lines}) >= 300
    assert {len(text or "") for text in texts} >= {0, 1, 2, 8, 9, 66, 67, MAX_CHARS}
    assert max(len(text or "") for text in texts) == MAX_CHARS
    assert sum(any(abs(value) >= 3 for *_, value in some) for some in edits) >= 150
    assert sum(any("." not in name for name, *_ in some) for some in edits) >= 100
    assert sum(len(some) > 50 for some in edits) >= 5


@pytest.mark.thorough
def test_titles_wrap_numbers_have_exponents_and_units_exchange_roles():
    forms = [parse_header(line).forms() for line in LINES]
    narrow = [form.render("svg", "light").decode() for _, form in forms]
    assert sum(svg.count('font-size="18"') > 1 for svg in narrow) >= 30
    contents = [[number.content for number in form.numbers()] for form, _ in forms]
    assert sum(any("e" in number for number in some) for some in contents) >= 30
    assert sum("unit 0 shuts" in form.description for form, _ in forms) >= 30


@pytest.mark.parametrize("part", PARTS)
def test_the_twin_lays_out_what_python_draws(browser, tmp_path, part):
    draw = LAY_OUT.replace("READING", "reading")
    check_twin(browser, tmp_path, "reading", draw, LINES[part::10])


@pytest.mark.parametrize("part", PARTS)
def test_the_twin_lays_out_moments_as_python_draws_them(browser, tmp_path, part):
    # The script of a figure with a slider contains more than the twin.
    draw = LAY_OUT.replace("READING", "$reading_reading.reading")
    check_twin(browser, tmp_path, "reading", draw, MOMENTS[part::10], entry="reading/training")
