import inspect
import json
from functools import cache

import numpy as np
import torch

from lstm_figs.model.influence import MAX_ALL as MAX_ALL
from lstm_figs.model.label_ranking import areas, two_sided_auc
from tests.doc_scripts import DOCS, load
from tests.site.facts_of_pages import page
from tests.test_command import run

CLOSED = """--network brackets --text 'f(a, ":)", (b))' --step 8 --output 'all closed'"""
PYTHON = "docs/code/python_model"
LABELLED = (
    f"--weights {PYTHON}.safetensors --input {PYTHON}-input.safetensors "
    f"--labels {PYTHON}-labels.json --step 50"
)


@cache
def influence(words):
    return json.loads(run(f"lstm-figs influence {words} --json"))


def edit_shuts_the_gate():
    trace = json.loads(run(f"lstm-figs trace --json {CLOSED.partition(' --step')[0]}"))
    return trace["steps"][7]["i"][0][0] < 0.02


def edit_leaves_of_the_answer():
    """With what --set leaves of the answer, in the same network."""
    (entry,) = influence(CLOSED)
    first = entry["weights"][0]
    (cut,) = influence(f"--set '{first['names'][0]}=0' {CLOSED}")
    return bool(np.isclose(cut["value"], entry["value"] + first["change"], atol=1e-5))


def answer_turns_at_the_middle():
    """Whether an answer is the distance to the middle of two means."""
    entry = influence(LABELLED)[0]
    state, unit = entry["state"].split(" of unit ")
    steps = json.loads(run(f"lstm-figs trace --json {LABELLED.partition(' --labels')[0]}"))["steps"]
    values = np.array([step[state][0][int(unit)] for step in steps])
    labels = json.loads((DOCS.parent / f"{PYTHON}-labels.json").read_text())
    is_true = np.array(labels[entry["answer"]], bool)
    middle = (values[is_true].mean() + values[~is_true].mean()) / 2
    sign = np.sign(values[is_true].mean() - middle)
    return bool(np.isclose(entry["value"], sign * (values[50 - 1] - middle), atol=1e-5))


def lines_of_the_first_listing():
    first = page("read-your-own").text.split("```")[1]
    return sum(bool(line.strip()) for line in first.splitlines()[1:])


def auc(values):
    """How well these tell the last three of six steps."""
    return two_sided_auc(areas(values[:, None], np.arange(6) > 2))[0]


def without_changes_weights_alone():
    script = load("take_away")
    model = script.PythonModel()
    before, frozen = model.state_dict(), script.without(model, 5, 0.25)
    changed = {k for k, v in frozen.state_dict().items() if not torch.equal(v, before[k])}
    rnn = "encoder.rnn.weight_hh_l0", "encoder.rnn.bias_hh_l0"
    return changed == {"readout.weight", "readout.bias", *rnn} and repr(frozen) == repr(model)


def script_measures_held_out_code():
    script = load("take_away")
    return (
        [*script.HeldOut(["x = [1]\n", "# so\n"]).labels]
        == ["everywhere", "in a string", "in prose", "in brackets"]
        and "[-HELD_OUT:]" in inspect.getsource(script)
        and "modules[:-HELD_OUT]" in inspect.getsource(load("python_model"))
    )
