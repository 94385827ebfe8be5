"""Compare the figure `keep-write-show` in a page with Python's.

`steps.txt` has random command lines: steps of texts of 1 to 130 characters, most
with changed weights, inputs and states, and with units and a focus. The twin
lays out both forms of each in a browser, and Python draws them here. No run is
so long that NumPy and torch differ.
"""

from pathlib import Path

import pytest

from lstm_figs.command.request import parse_header
from lstm_figs.html.live_controls import MAX_CHARS
from lstm_figs.sources.edits import read_edits
from tests.browser.twins import PARTS, faults, laid_out

LINES = Path(__file__).with_name("steps.txt").read_text(encoding="utf-8").splitlines()

LAY_OUT = """all => all.map(([text, edits, options]) => {
  const subject = new $twin_subject.Subject(text ?? undefined, edits);
  return keepWriteShow(subject, 'keep-write-show', options)
    .map(form => [form.svg, $twin_subject.proof(form)]);
})"""


def test_the_kept_steps_are_of_all_kinds():
    requests = [parse_header(line) for line in LINES]
    texts = [request.source.text or "" for request in requests]
    edits = [read_edits(request.source.set) for request in requests]
    options = [dict(request.options) for request in requests]
    assert len(set(LINES)) == len(LINES) > 300
    assert max(map(len, texts)) == MAX_CHARS
    assert sum(len(some) > 1 for some in edits) >= 150
    assert sum(any("." not in e.name for e in some) for some in edits) >= 100
    assert sum(any(abs(e.value) > 3 for e in some) for some in edits) >= 100
    assert {values.get("focus") for values in options} >= {"keep", "write", "show"}
    assert {values.get("units") for values in options} >= {(0,), (1,), (1, 0)}
    # The last step has no next one.
    last = sum(
        values.get("step", 2) == len(text) for values, text in zip(options, texts, strict=True)
    )
    assert last >= 30


@pytest.mark.parametrize("part", PARTS)
def test_the_twin_lays_out_what_python_draws(browser, tmp_path, part):
    lines = LINES[part::10]
    inputs = [
        [
            request.source.text,
            [list(edit) for edit in read_edits(request.source.set)],
            dict(request.options),
        ]
        for request in map(parse_header, lines)
    ]
    drawings = laid_out(browser, tmp_path, "keep_write_show", LAY_OUT, inputs)
    wrong = [*faults(lines, drawings)]
    assert not wrong, "\n".join(wrong[:20])
