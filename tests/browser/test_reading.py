"""The figure `reading` in a page is what Python draws of the same text.

`readings.txt` has command lines that were drawn once at random: texts of 1 to
130 characters, half of them with different weights, the last ones of one unit
or without gates. The twin lays out both forms of
each in a browser, and Python draws them here.
"""

from pathlib import Path

import pytest

from lstm_figs.command.request import parse_header
from lstm_figs.html.live import LONGEST
from lstm_figs.sources.edits import read_edits
from tests.browser.twins import PARTS, faults, laid_out

LINES = (
    Path(__file__)
    .with_name("readings.txt")
    .read_text(encoding="utf-8")
    .splitlines()
)

DRAW = """all => all.map(([text, edits, view]) => {
  const subject = new $twin_subject.Subject(text ?? undefined, edits);
  return reading(subject, 'reading', view)
    .map(form => [form.svg, $twin_subject.proof(form)]);
})"""


def test_the_kept_texts_are_short_long_odd_and_of_other_weights():
    sources = [parse_header(line).source for line in LINES]
    texts = [source.text for source in sources]
    assert len(LINES) > 300
    assert {len(text) for text in texts} >= {1, 2, 8, 9, 66, 67, LONGEST}
    assert max(map(len, texts)) == LONGEST
    assert sum(bool(source.set) for source in sources) >= 150
    weight = "lstm.weight_hh_l0[0,1]"
    assert sum(weight in str(source.set) for source in sources) >= 50


@pytest.mark.parametrize("part", PARTS)
def test_the_twin_lays_out_what_python_draws(browser, tmp_path, part):
    lines = LINES[part::10]
    given = [
        [
            asked.source.text,
            [list(edit) for edit in read_edits(asked.source.set)],
            dict(asked.options),
        ]
        for asked in map(parse_header, lines)
    ]
    found = laid_out(browser, tmp_path, "reading", DRAW, given)
    wrong = [*faults(lines, found)]
    assert not wrong, "\n".join(wrong[:20])
