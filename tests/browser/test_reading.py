"""Compare the figure `reading` in a page with Python's.

`readings.txt` has random command lines: texts of 1 to 130 characters, half of them
with changed weights, the last ones with one unit or without gates. The twin lays
out both forms of each in a browser, and Python draws them here. `MOMENTS` are
lines with moments of the training, which a page with a slider has.
"""

from pathlib import Path

import pytest

from lstm_figs.command.request import parse_header
from lstm_figs.html.live_controls import MAX_CHARS
from lstm_figs.sources.edits import read_edits
from lstm_figs.sources.networks import moments
from tests.browser.twins import PARTS, faults, laid_out

LINES = Path(__file__).with_name("readings.txt").read_text(encoding="utf-8").splitlines()

TRAINING = "reading/training"
"""The script of a figure with a slider."""

LAY_OUT = """all => all.map(([text, edits, view, after]) => {
  const { Subject, proof } = $twin_subject;
  const subject = new Subject(text ?? undefined, edits, after ?? undefined);
  return READING(subject, 'reading', view)
    .map(form => [form.svg, proof(form)]);
})"""

BATCHES = [moment.after for moment in moments()]

LONG = (
    '(a "(b" (c) d) e "f)" ((g)) h "(" i (j (k (l) "m" n) o) p) q ")" r '
    '(s "t((" u) v w x y z (1 "2" (3 4) 5)'
)

MOMENTS = [
    f"reading --network brackets --after {after} {more}"
    for more in (
        "",
        """--text 'f(a, ":)", (b))' --set lstm.weight_hh_l0[1,0]=0""",
        f"--only c --text '{LONG}'",
    )
    for after in (453, *BATCHES)
]
"""Three texts at every moment, and a batch between two moments."""


def test_the_kept_texts_are_short_long_odd_and_of_other_weights():
    sources = [parse_header(line).source for line in LINES]
    texts = [source.text for source in sources]
    assert len(LINES) > 300
    assert {len(text) for text in texts} >= {1, 2, 8, 9, 66, 67, MAX_CHARS}
    assert max(map(len, texts)) == MAX_CHARS
    assert sum(bool(source.set) for source in sources) >= 150
    weight = "lstm.weight_hh_l0[0,1]"
    assert sum(weight in str(source.set) for source in sources) >= 50


@pytest.mark.parametrize("part", PARTS)
def test_the_twin_lays_out_what_python_draws(browser, tmp_path, part):
    check_lines(browser, tmp_path, LINES[part::10])


@pytest.mark.parametrize("part", PARTS)
def test_the_twin_lays_out_moments_as_python_draws_them(browser, tmp_path, part):
    lines = MOMENTS[part::10]
    check_lines(browser, tmp_path, lines, TRAINING, "$reading_reading.reading")


def check_lines(browser, folder, lines, entry="", reading="reading"):
    """Compare drawings and proofs of the twin with those of command lines."""
    inputs = [
        [
            request.source.text,
            [list(edit) for edit in read_edits(request.source.set)],
            dict(request.options),
            request.source.after,
        ]
        for request in map(parse_header, lines)
    ]
    draw = LAY_OUT.replace("READING", reading)
    drawings = laid_out(browser, folder, "reading", draw, inputs, entry=entry)
    wrong = [*faults(lines, drawings)]
    assert not wrong, "\n".join(wrong[:20])
