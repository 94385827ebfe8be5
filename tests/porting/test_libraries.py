"""The real libraries compute what the module computes, both ways."""

import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch

from lstm_figs.model.tensors import Weights
from lstm_figs.porting import TARGETS

SCRIPT = Path(__file__).with_name("sides.py")
CASES = [
    (3, 2, 1, False, True),
    (1, 1, 1, True, True),
    (2, 5, 2, False, True),
    (5, 4, 2, True, True),
    (3, 4, 2, True, False),
]
"""Of input_size, hidden_size, num_layers, bidirectional and bias."""


def made(i, h, layers, both, bias, seed):
    torch.manual_seed(seed)
    module = torch.nn.LSTM(i, h, layers, bias=bias, bidirectional=both)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.normal_()
    return module


def stack_of(module):
    """The module's tensors, told apart by torch's own names."""
    named = {n: p.detach().numpy() for n, p in module.named_parameters()}
    found = []
    for layer, reverse in product(
        range(module.num_layers), (False, True)[: 1 + module.bidirectional]
    ):
        suffix = f"_l{layer}{'_reverse' * reverse}"
        own = {
            n.removesuffix(suffix): a
            for n, a in named.items()
            if n[9 if n[0] == "w" else 7 :] == suffix
        }
        direction = "reverse" if reverse else "forward"
        found.append(Weights(**own, layer=layer, direction=direction))
    return found


def load(module, stack):
    """Put tensors into a module; it has biases, zero where there are none."""
    state = {
        name: torch.zeros(p.shape) for name, p in module.named_parameters()
    }
    for one in stack:
        for name, array in one.parameters().items():
            state[name + one.suffix] = torch.from_numpy(array.copy())
    module.load_state_dict(state)
    return module


def run(library, folder):
    done = subprocess.run(
        [sys.executable, SCRIPT, library, folder],
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("library", TARGETS)
def test_a_library_and_torch_yield_the_same_of_both_ones_tensors(
    library, tmp_path
):
    # All cases in one process, as to import a library takes longest.
    random, expected = np.random.default_rng(0), {}
    for k, case in enumerate(CASES):
        module = made(*case, seed=k)
        x = torch.randn(4, 2, case[0])
        given = TARGETS[library].to(stack_of(module))
        own = {
            name: random.standard_normal(a.shape, np.float32)
            for name, a in given.items()
        }
        stack = TARGETS[library].back(own)
        back = load(made(*case[:4], True, seed=k), stack)
        for way, tensors, by in (("to", given, module), ("from", own, back)):
            np.savez(tmp_path / f"{k}-{way}.npz", x=x.numpy(), **tensors)
            expected[k, way] = by(x)[0].detach().numpy()
    run(library, tmp_path)
    for (k, way), output in expected.items():
        got = np.load(tmp_path / f"{k}-{way}.npy")
        np.testing.assert_allclose(
            got, output, atol=1e-6, err_msg=f"{way} {library}, {CASES[k]}"
        )


def test_the_cell_of_flax_nnx_has_the_layout_of_keras(tmp_path):
    module, x = made(3, 2, 1, False, True, seed=0), torch.randn(4, 2, 3)
    tensors = TARGETS["keras"].to(stack_of(module))
    np.savez(tmp_path / "one.npz", x=x.numpy(), **tensors)
    run("nnx", tmp_path)
    expected = module(x)[0].detach().numpy()
    np.testing.assert_allclose(
        np.load(tmp_path / "one.npy"), expected, atol=1e-6
    )
