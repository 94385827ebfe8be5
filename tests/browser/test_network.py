"""The network in a page computes what torch computes.

The command lines that are kept for the twins have the networks: each of those
that are taken here has other weights than the ones before it.
"""

import numpy as np
import pytest
import torch

from lstm_figs.command.request import parse_header
from lstm_figs.sources.edits import read_edits
from lstm_figs.sources.networks import brackets
from lstm_figs.sources.trained import TEXT
from tests.browser import test_keep_write_show, test_reading
from tests.browser.twins import NEAR, laid_out

COUNT, MOST = 200, 30
"""Networks, and the most characters: later rounding has grown too large."""

RUN = """all => all.map(([text, edits]) => {
  const { steps, answers } = new $twin_subject.Subject(text, edits);
  return steps.map(({ h, c, scale }, t) => [...h, ...c, ...answers[t], scale]);
})"""


def networks():
    """Texts with edits, of which no two have the same parameters."""
    found = {}
    for line in (*test_reading.LINES, *test_keep_write_show.LINES):
        source = parse_header(line).source
        edits = read_edits(source.set)
        own = frozenset(edit for edit in edits if "." in edit.name)
        text = (source.text or TEXT)[:MOST]
        held = [e for e in edits if e.name != "x" or e.at[0] < MOST]
        found.setdefault(own, (text, held))
    return [*found.values()][:COUNT]


def answered(text, edits):
    """What torch makes of a text: h, c and the answers after each step."""
    network = brackets()
    weights, readout = network.weights, network.readout
    lstm, linear = torch.nn.LSTM(4, 2), torch.nn.Linear(2, 2)
    at = [max(network.alphabet.find(one), network.other) for one in text]
    given = {"x": torch.eye(4)[at][:, None]}
    given |= {name: torch.zeros(1, 1, 2) for name in ("h_0", "c_0")}
    for name, module, held in (
        ("lstm", lstm, weights.parameters()),
        ("readout", linear, readout.parameters()),
    ):
        end = "_l0" if name == "lstm" else ""
        module.load_state_dict({f"{k}{end}": torch.tensor(v) for k, v in held.items()})
        given |= {f"{name}.{k}": v for k, v in module.state_dict().items()}
    for edit in edits:
        given[edit.name][edit.at] = edit.value
    state, found = (given["h_0"], given["c_0"]), []
    with torch.no_grad():
        for x in given["x"].split(1):
            h, state = lstm(x, state)
            answers = linear(h).sigmoid()
            found.append(torch.cat([h, state[1], answers], 2).flatten())
    return torch.stack(found).numpy()


def test_two_hundred_networks_compute_what_torch_does(browser, tmp_path):
    kept = networks()
    assert len(kept) == COUNT
    given = [[text, [list(edit) for edit in edits]] for text, edits in kept]
    seen = laid_out(browser, tmp_path, "reading", RUN, given)
    for (text, edits), steps in zip(kept, seen, strict=True):
        *values, scale = np.array(steps).T
        drawn = answered(text, edits)
        near = NEAR * np.maximum(1, scale).max()
        assert np.stack(values, 1) == pytest.approx(drawn, abs=near), text
