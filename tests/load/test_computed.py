"""Parameters that files store only as the values they are computed from."""

import operator
import re
import zipfile

import numpy as np
import pytest
import torch
from torch.nn.utils import parametrizations, prune

from tests.load.reading import chosen_weights, modules_of, refusal
from tests.load.saving import SCRIPTS, an_input, model, quietly

utils = torch.nn.utils

COMPUTATIONS = {
    "weight norm": utils.weight_norm,
    "spectral norm": utils.spectral_norm,
    "pruning": lambda rnn, name: prune.l1_unstructured(rnn, name, 0.3),
    "parametrized weight norm": parametrizations.weight_norm,
    "parametrized spectral norm": parametrizations.spectral_norm,
    "orthogonal": parametrizations.orthogonal,
}
"""Case -> a function that makes torch compute a weight from others."""

NAMES = {"one": ["weight_hh_l0"], "all weights": ["weight_ih_l0", "weight_hh_l0"]}


def module_with_computed_weights(computation, names):
    module = model()
    with quietly():
        for name in names:
            COMPUTATIONS[computation](module.rnn, name)
    return module


@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize("computation", COMPUTATIONS)
def test_the_call_that_is_named_makes_a_file_that_can_be_read(computation, names):
    module = module_with_computed_weights(computation, NAMES[names])
    torch.save(module.state_dict(), "m.pt")
    message = refusal("m.pt", "from which it is computed, expected the tensor")
    call, listed = re.search(
        r"; call torch\.nn\.utils\.([\w.]+) for (.+) of the module", message
    ).groups()
    # Call it as the message says, for each weight that it lists.
    for name in re.findall(r"'(\w+)'", listed):
        operator.attrgetter(call)(utils)(module.rnn, name)
    torch.save(module.state_dict(), "again.pt")
    (read,) = chosen_weights("again.pt")
    for name, array in read.parameters().items():
        expected = getattr(module.rnn, f"{name}_l0").detach()
        np.testing.assert_array_equal(array, expected)


def test_pruned_biases_are_not_taken_for_none():
    module = model()
    for name in ("bias_ih_l0", "bias_hh_l0"):
        prune.l1_unstructured(module.rnn, name, 0.3)
    torch.save(module.state_dict(), "m.pt")
    refusal(
        "m.pt", "'rnn.bias_ih_l0' is not in the file", "prune.remove for 'bias_", "then save it"
    )


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
        assert modules_of("m.pt") == ["rnn"]
    torch.save(module_with_computed_weights("pruning", NAMES["one"]).state_dict() | state, "m.pt")
    assert modules_of("m.pt") == ["rnn"]


def test_a_program_of_torch_export_is_named_for_what_it_is():
    module = model().eval()
    with quietly():
        program = torch.export.export(module, (an_input(module),))
        torch.export.save(program, "m.pt2")
    with zipfile.ZipFile("earlier.pt2", "w") as archive:
        archive.writestr("serialized_exported_program.json", "{}")
        archive.writestr("serialized_state_dict.pt", b"")
    for path in ("m.pt2", "earlier.pt2"):
        refusal(
            path, f"'{path}' is a program from torch.export", "save the state_dict() of its module"
        )


@pytest.mark.parametrize("file", SCRIPTS)
def test_a_frozen_module_is_named_for_what_it_is(file):
    SCRIPTS[file](model().eval(), file)
    with quietly():
        torch.jit.freeze(torch.jit.load(file)).save("frozen.pt")
    refusal(
        "frozen.pt",
        "as torch.jit.freeze leaves them",
        "; save the state_dict() of the module before it is frozen",
    )


def test_a_script_without_parameters_is_not_said_to_be_frozen():
    with quietly():
        torch.jit.script(torch.nn.ReLU()).save("relu.pt")
    refusal("relu.pt", "holds no LSTM, but 0 tensors")
