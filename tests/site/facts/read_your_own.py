"""Functions for the facts of docs/read-your-own.md."""

import inspect

import numpy as np
import torch

from lstm_figs.model.label_ranking import areas, two_sided_auc
from tests.doc_scripts import load
from tests.site.facts.common import randn
from tests.site.facts_of_pages import page


def lines_of_the_first_listing() -> int:
    first = page("read-your-own").text.split("```")[1]
    return sum(bool(line.strip()) for line in first.splitlines()[1:])


def auc(values: np.ndarray) -> float:
    """How well these tell the last three of six steps."""
    return two_sided_auc(areas(values[:, None], np.arange(6) > 2))[0]


def is_the_chance_to_be_higher() -> bool:
    values, true = randn(40).numpy(), randn(40, seed=1).numpy() > 0.3
    pairs = values[true][:, None] > values[~true][None]
    return bool(np.isclose(areas(values[:, None], true)[0], pairs.mean()))


def changes_weights_alone() -> bool:
    script = load("take_away")
    model = script.PythonModel()
    before, frozen = model.state_dict(), script.without(model, 5, 0.25)
    changed = {k for k, v in frozen.state_dict().items() if not torch.equal(v, before[k])}
    rnn = "encoder.rnn.weight_hh_l0", "encoder.rnn.bias_hh_l0"
    return changed == {"readout.weight", "readout.bias", *rnn} and repr(frozen) == repr(model)


def measures_what_was_held() -> bool:
    script = load("take_away")
    return (
        [*script.HeldOut(["x = [1]\n", "# so\n"]).labels]
        == ["everywhere", "in a string", "in prose", "in brackets"]
        and "[-HELD_OUT:]" in inspect.getsource(script)
        and "modules[:-HELD_OUT]" in inspect.getsource(load("python_model"))
    )
