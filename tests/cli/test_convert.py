"""`convert` between formats, there and back."""

from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

from lstm_figs.porting import TARGETS
from tests.load.saving import model


@pytest.fixture(autouse=True)
def module(folder):
    """The module whose state dict is in `model.pt`."""
    module = model(num_layers=2, bidirectional=True)
    torch.save(module.state_dict(), "model.pt")
    np.savez("other.npz", a=np.zeros(3))
    return module


def from_npz(path):
    return {name: torch.from_numpy(array) for name, array in np.load(path).items()}


@pytest.mark.parametrize("suffix", [".npz", ".SAFETENSORS"])
@pytest.mark.parametrize("library", TARGETS)
def test_a_file_goes_there_and_back(library, suffix, module, call):
    there, back = f"there{suffix}", f"new/back{suffix}"
    words = ["convert", "model.pt", "--to", library, "--out"]
    assert call(*words, there) == (0, f"{there}\n", "")
    assert call(*words, f"again{suffix}")[0] == 0
    assert Path(f"again{suffix}").read_bytes() == Path(there).read_bytes()
    words = ["convert", there, "--from", library, "--module", "rnn", "--out", back]
    assert call(*words) == (0, f"{back}\n", "")
    state = from_npz(back) if suffix == ".npz" else safetensors.torch.load_file(back)
    again, x = model(num_layers=2, bidirectional=True), torch.randn(3, 1, 3)
    again.load_state_dict({**module.state_dict(), **state})
    assert set(state) == {n for n in module.state_dict() if "rnn" in n}
    torch.testing.assert_close(again(x), module(x), atol=1e-6, rtol=0)


def test_to_torch_makes_the_state_dict_of_the_lstm_alone(call):
    assert call("convert", "model.pt", "--to", "torch", "--out", "torch.npz")[0] == 0
    state = from_npz("torch.npz")
    torch.nn.LSTM(3, 2, num_layers=2, bidirectional=True).load_state_dict(state)
    assert {tensor.dtype for tensor in state.values()} == {torch.float32}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("other.npz --to onnx --out x.npz", "no LSTM"),
        ("model.pt --module rn --to onnx --out x.npz", "did you mean 'rnn'?"),
    ],
)
def test_what_cannot_be_converted_is_one_sentence(words, message, refusal):
    assert message in refusal("convert", *words.split())
