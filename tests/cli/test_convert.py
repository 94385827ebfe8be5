from pathlib import Path

import numpy as np
import pytest
import torch

from lstm_figs import cli
from lstm_figs.porting import TARGETS
from tests.load.saving import model


@pytest.fixture(autouse=True)
def module(tmp_path, monkeypatch):
    """A saved model with an LSTM `rnn`, in the current folder."""
    monkeypatch.chdir(tmp_path)
    saved = model(num_layers=2, bidirectional=True)
    torch.save(saved.state_dict(), "model.pt")
    np.savez("other.npz", a=np.zeros(3))
    Path("folder.npz").mkdir()
    return saved


def call(capfd, *words):
    code = cli.main(["convert", *words])
    return code, *capfd.readouterr()


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
@pytest.mark.parametrize("library", TARGETS)
def test_a_file_goes_there_and_back(library, suffix, module, capfd):
    there, back = f"there{suffix}", f"new/back{suffix}"
    assert call(capfd, "model.pt", "--to", library, "--out", there) == (0, f"{there}\n", "")
    words = [there, "--from", library, "--module", "rnn", "--out", back]
    assert call(capfd, *words) == (0, f"{back}\n", "")
    if suffix == ".npz":
        state = {n: torch.from_numpy(a) for n, a in np.load(back).items()}
    else:
        import safetensors.torch

        state = safetensors.torch.load_file(back)
    again, x = model(num_layers=2, bidirectional=True), torch.randn(3, 1, 3)
    again.load_state_dict({**module.state_dict(), **state})
    assert set(state) == {n for n in module.state_dict() if "rnn" in n}
    torch.testing.assert_close(again(x), module(x), atol=1e-6, rtol=0)


def test_the_same_file_gives_the_same_bytes(capfd):
    for name in ("a.npz", "b.npz"):
        call(capfd, "model.pt", "--to", "onnx", "--out", name)
    assert Path("a.npz").read_bytes() == Path("b.npz").read_bytes()


REFUSED = {
    "no library": (["model.pt", "--out", "x.npz"], "--to --from is required"),
    "both ways": (
        ["model.pt", "--to", "onnx", "--from", "onnx", "--out", "x.npz"],
        "not allowed with",
    ),
    "an unknown library": (["model.pt", "--to", "caffe", "--out", "x.npz"], "'caffe'"),
    "no place": (["model.pt", "--to", "onnx"], "--out"),
    "a folder": (["model.pt", "--to", "onnx", "--out", "x"], "'x'"),
    "a folder that is there": (["model.pt", "--to", "onnx", "--out", "folder.npz"], "is a folder"),
    "another suffix": (["model.pt", "--to", "onnx", "--out", "x.pt"], ".npz"),
    "standard output": (["model.pt", "--to", "onnx", "--out", "-"], "'-'"),
    "no file": (["none.pt", "--to", "onnx", "--out", "x.npz"], "not a file"),
    "no LSTM": (["other.npz", "--to", "onnx", "--out", "x.npz"], "no LSTM"),
    "no such LSTM": (
        ["model.pt", "--module", "rn", "--to", "onnx", "--out", "x.npz"],
        "did you mean 'rnn'?",
    ),
    "tensors of another library": (["model.pt", "--from", "keras", "--out", "x.npz"], "is missing"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_converted_is_one_sentence(case, capfd):
    words, message = REFUSED[case]
    before = sorted(Path().rglob("*"))
    code, out, error = call(capfd, *words)
    assert (code, out, error.count("\n")) == (2, "", 1)
    assert message in error
    assert "Traceback" not in error
    assert sorted(Path().rglob("*")) == before
