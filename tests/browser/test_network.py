"""Compare the network in a page with torch.

The networks come from the command lines for the twins; each has different
weights than the ones before.
"""

import numpy as np
import pytest
import torch

from lstm_figs.command.request import parse_header
from lstm_figs.sources import Source
from lstm_figs.sources.edits import read_edits
from lstm_figs.sources.trained import TEXT
from tests.browser import test_keep_write_show, test_reading
from tests.browser.twins import TOLERANCE, laid_out
from tests.test_networks import namespace

COUNT, MAX_CHARACTERS = 200, 20
"""The number of networks, and the most characters; with more, rounding errors grow
too large.
"""

RUN = """all => all.map(([text, edits]) => {
  const { steps, answers } = new $twin_subject.Subject(text, edits);
  return steps.map(({ h, c, scale }, t) => [...h, ...c, ...answers[t], scale]);
})"""
"""Runs the network in JavaScript for each text with its edits."""


def networks():
    """A text and edits for each set of weights in the command lines."""
    by_weights = {}
    for line in (*test_reading.LINES, *test_keep_write_show.LINES):
        source = parse_header(line).source
        edits = read_edits(source.set)
        own = frozenset(edit for edit in edits if "." in edit.name)
        text = (source.text or TEXT)[:MAX_CHARACTERS]
        early_edits = [e for e in edits if e.name != "x" or e.at[0] < MAX_CHARACTERS]
        by_weights.setdefault(own, (text, early_edits))
    return [*by_weights.values()][:COUNT]


def torch_results(text, edits):
    source = Source(network="brackets", text=text, set=tuple(map(str, edits)))
    names = namespace(source, "c[0, 0, 0]", "answers[0, 0, 0]")
    tensors = [names[name][:, 0] for name in ("output", "c", "answers")]
    return torch.cat(tensors, 1).detach().numpy()


def test_two_hundred_networks_compute_what_torch_does(browser, tmp_path):
    cases = networks()
    assert len(cases) == COUNT
    inputs = [[text, [list(edit) for edit in edits]] for text, edits in cases]
    seen = laid_out(browser, tmp_path, "reading", RUN, inputs)
    for (text, edits), steps in zip(cases, seen, strict=True):
        *values, scale = np.array(steps).T
        expected = torch_results(text, edits)
        tolerance = TOLERANCE * np.maximum(1, scale).max()
        assert np.stack(values, 1) == pytest.approx(expected, abs=tolerance), text
