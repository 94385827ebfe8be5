"""Compare the JavaScript twin of `keep-write-show` with Python."""

import pytest

from tests.browser.lines import lines
from tests.browser.twins import PARTS, check_twin, inputs

LINES = lines("keep-write-show", "steps.txt", seed=23, without=(228, 270))

LAY_OUT = """all => all.map(([text, edits, options]) => {
  const subject = new $twin_subject.Subject(text ?? undefined, edits);
  return keepWriteShow(subject, 'keep-write-show', options)
    .map(form => [form.svg, $twin_subject.proof(form)]);
})"""
"""Draws each request by the twin: the SVG and the proof of both forms."""


def test_each_option_of_a_step_is_among_its_lines():
    options = [chosen for *_, chosen, _ in inputs(LINES)]
    assert {chosen.get("focus") for chosen in options} == {None, "keep", "write", "show"}
    assert {chosen.get("units") for chosen in options} == {None, (0,), (1,), (0, 1), (1, 0)}
    assert sum("detail" in chosen for chosen in options) >= 30
    # The last step has no next one.
    steps = [chosen.get("step", 2) == len(text) for text, _, chosen, _ in inputs(LINES) if text]
    assert sum(steps) >= 30


@pytest.mark.parametrize("part", PARTS)
def test_the_twin_lays_out_what_python_draws(browser, tmp_path, part):
    check_twin(browser, tmp_path, "keep_write_show", LAY_OUT, LINES[part::10])
