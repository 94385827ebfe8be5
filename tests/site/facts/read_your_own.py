"""What `read-your-own` quotes."""

import inspect
import re

import numpy as np
import torch
from torch.nn.utils.rnn import pack_padded_sequence

import lstm_figs as lf
from lstm_figs.command.request import parse_header
from lstm_figs.model.label_ranking import areas, two_sided_auc
from tests.doc_scripts import load
from tests.site.facts.common import module, randn
from tests.site.facts_of_pages import page

READER = "--weights docs/code/python_model.safetensors --module encoder.rnn"


def drawn(header: str):
    return parse_header(header).draw()


def lines_of_the_first_listing() -> int:
    """How many lines of code lead to the figures."""
    first = page("read-your-own").text.split("```")[1]
    return sum(bool(line.strip()) for line in first.splitlines()[1:])


def auc(values: np.ndarray) -> float:
    """How well these tell the last three of six steps."""
    return two_sided_auc(areas(values[:, None], np.arange(6) > 2))[0]


def is_the_chance_to_be_higher() -> bool:
    """Whether the area is the share of pairs that are in order."""
    values, true = randn(40).numpy(), randn(40, seed=1).numpy() > 0.3
    pairs = values[true][:, None] > values[~true][None]
    return bool(np.isclose(areas(values[:, None], true)[0], pairs.mean()))


def changes_weights_alone() -> bool:
    """Whether the model without a unit has other weights where its `h` is read, and no more."""
    script = load("take_away")
    model = script.PythonModel()
    before, frozen = model.state_dict(), script.without(model, 5, 0.25)
    changed = {k for k, v in frozen.state_dict().items() if not torch.equal(v, before[k])}
    rnn = "encoder.rnn.weight_hh_l0", "encoder.rnn.bias_hh_l0"
    return changed == {"readout.weight", "readout.bias", *rnn} and repr(frozen) == repr(model)


def measures_what_was_held() -> bool:
    """Whether it measures by label, on modules that were left out."""
    script = load("take_away")
    return (
        [*script.HeldOut(["x = [1]\n", "# so\n"]).labels]
        == ["everywhere", "in a string", "in prose", "in brackets"]
        and "[-HELD_OUT:]" in inspect.getsource(script)
        and "modules[:-HELD_OUT]" in inspect.getsource(load("python_model"))
    )


def takes_one_that_keeps_and_one_that_reacts() -> bool:
    """Whether two units are drawn, and it is said why."""
    data = "docs/code/python_model-input.safetensors --tokens docs/code/python_model-tokens.json"
    svg = drawn(f"reading {READER} --input {data}").render("svg", "light").decode()
    return all(re.search(rf"Unit \d+ {act}", svg) for act in ("keeps: c moves", "reacts: what it"))


def has_every_gate() -> bool:
    """Whether all layers and directions are there, batch-first or packed."""
    deep = {"num_layers": 2, "bidirectional": True}
    packed = lf.trace(module(3, 2, **deep), pack_padded_sequence(randn(5, 2, 3), [5, 3]))
    first = lf.trace(module(3, 2, batch_first=True, **deep), randn(2, 4, 3))
    return all(
        len({(s.layer, s.direction) for s in run.steps}) == 4 for run in (packed, first)
    ) and (all(getattr(first.steps[0], gate).shape == (2, 2) for gate in "ifgo"))
