"""Parameters that files store only as the values they are computed from."""

import re
import warnings
import zipfile

import numpy as np
import pytest
import torch
from torch.nn.utils import parametrizations, prune

from lstm_figs.sources.load import read_weights, survey
from tests.load.saving import SCRIPTS, an_input, model
from tests.load.test_load import chosen_weights, refusal

utils = torch.nn.utils
COMPUTATIONS = {
    "weight norm": utils.weight_norm,
    "spectral norm": utils.spectral_norm,
    "pruning": lambda rnn, name: prune.l1_unstructured(rnn, name, 0.3),
    "parametrized weight norm": parametrizations.weight_norm,
    "parametrized spectral norm": parametrizations.spectral_norm,
    "orthogonal": parametrizations.orthogonal,
}
NAMES = {"one": ["weight_hh_l0"], "all weights": ["weight_ih_l0", "weight_hh_l0"]}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


def computed(way, names):
    module = model()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in names:
            COMPUTATIONS[way](module.rnn, name)
    return module


@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize("way", COMPUTATIONS)
def test_the_call_that_is_named_makes_a_file_that_can_be_read(way, names):
    module = computed(way, NAMES[names])
    torch.save(module.state_dict(), "m.pt")
    message = refusal("m.pt", "of which it is computed, expected the tensor")
    call, listed = re.search(
        r"; call torch\.nn\.utils\.([\w.]+) for (.+) of the module", message
    ).groups()
    for name in re.findall(r"'(\w+)'", listed):
        *path, last = call.split(".")
        namespace = utils if not path else getattr(utils, path[0])
        getattr(namespace, last)(module.rnn, name)
    torch.save(module.state_dict(), "again.pt")
    (read,) = chosen_weights("again.pt")
    for name, array in read.parameters().items():
        own = getattr(module.rnn, f"{name}_l0").detach()
        np.testing.assert_array_equal(array, own)


def test_pruned_biases_are_not_taken_for_none():
    module = model()
    for name in ("bias_ih_l0", "bias_hh_l0"):
        prune.l1_unstructured(module.rnn, name, 0.3)
    torch.save(module.state_dict(), "m.pt")
    refusal("m.pt", "'rnn.bias_ih_l0' is not in the file", "prune.remove")


def test_a_cell_is_told_the_name_that_it_has():
    cell = torch.nn.LSTMCell(3, 2)
    parametrizations.weight_norm(cell, "weight_hh")
    torch.save(cell.state_dict(), "m.pt")
    refusal("m.pt", "remove_parametrizations for 'weight_hh' of the module")


def test_what_only_has_such_a_name_does_no_harm():
    module = model()
    state = module.state_dict()
    for name in ("weight_hh_l0_g", "weight_hh_l0_mask", "weight_hh_l0_v"):
        torch.save(state | {f"rnn.{name}": torch.ones(8)}, "m.pt")
        assert [f.module for f in survey(read_weights("m.pt")).lstms] == ["rnn"]
    torch.save(computed("pruning", NAMES["one"]).state_dict() | state, "m.pt")
    assert [f.module for f in survey(read_weights("m.pt")).lstms] == ["rnn"]


def test_a_whole_module_beside_one_that_is_computed_is_read():
    part = computed("weight norm", NAMES["one"]).state_dict()
    complete = {f"other.{k}": v for k, v in model().rnn.state_dict().items()}
    torch.save(part | complete, "m.pt")
    result = survey(read_weights("m.pt"))
    assert [module.module for module in result.lstms] == ["other"]
    assert [*result.broken] == ["rnn"]


def test_a_program_of_torch_export_is_named_for_what_it_is():
    module = model().eval()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.export.export(module, (an_input(module),))
        torch.export.save(program, "m.pt2")
    refusal("m.pt2", "'m.pt2' is a program of torch.export", "state_dict()")


def test_a_program_of_an_earlier_torch_export_is_named_as_well():
    with zipfile.ZipFile("m.pt2", "w") as archive:
        archive.writestr("serialized_exported_program.json", "{}")
        archive.writestr("serialized_state_dict.pt", b"")
    refusal("m.pt2", "'m.pt2' is a program of torch.export", "state_dict()")


@pytest.mark.parametrize("way", SCRIPTS)
def test_a_frozen_module_is_named_for_what_it_is(way):
    SCRIPTS[way](model().eval(), way)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.freeze(torch.jit.load(way)).save("frozen.pt")
    refusal("frozen.pt", "as torch.jit.freeze leaves them", "state_dict()")


def test_a_script_without_parameters_is_not_said_to_be_frozen():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.script(torch.nn.ReLU()).save("relu.pt")
    refusal("relu.pt", "holds no LSTM, but 0 tensors")
