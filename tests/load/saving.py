"""Save a model in each format that can be read."""

import copy
import json
import warnings
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import safetensors.numpy
import safetensors.torch
import torch


class Model(torch.nn.Module):
    """A model with an LSTM named `rnn`."""

    def __init__(self, **options):
        super().__init__()
        self.rnn = torch.nn.LSTM(3, 2, **options)
        self.fc = torch.nn.Linear(2, 1)

    def forward(self, x):
        return self.rnn(x)[0]


def model(**options):
    torch.manual_seed(0)
    return Model(**options)


def an_input(module):
    return torch.ones(2, 1, 3, dtype=next(module.parameters()).dtype)


def as_safetensors(module, path):
    safetensors.torch.save_file(module.state_dict(), path)


def as_npz(module, path, save=np.savez):
    save(path, **{k: v.numpy() for k, v in module.state_dict().items()})


def as_small_npz(module, path):
    as_npz(module, path, np.savez_compressed)


def as_zip(module, path):
    torch.save(module.state_dict(), path)


def as_legacy(module, path):
    torch.save(module.state_dict(), path, _use_new_zipfile_serialization=False)


def as_parameters(module, path):
    torch.save(dict(module.named_parameters()), path)


def as_training(module, path):
    trained = copy.deepcopy(module)
    optimizer = torch.optim.Adam(trained.parameters())
    trained(an_input(module)).sum().backward()
    optimizer.step()
    torch.save(
        {
            "epoch": 3,
            "model_state": module.state_dict(),
            "optimizer": optimizer.state_dict(),
            "optimizer_states": [{"exp_avg": {k: v * 0 for k, v in module.state_dict().items()}}],
            "loss": torch.tensor(0.5),
        },
        path,
    )


def as_lightning(module, path):
    torch.save(
        {
            "epoch": 1,
            "global_step": 10,
            "pytorch-lightning_version": "2.5.0",
            "state_dict": module.state_dict(),
            "loops": {"fit_loop": {"state_dict": {}}},
            "optimizer_states": [{"state": {}, "param_groups": []}],
            "hyper_parameters": {"lr": 0.1},
        },
        path,
    )


@contextmanager
def quietly():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@quietly()
def as_traced(module, path):
    torch.jit.trace(module, an_input(module)).save(str(path))


@quietly()
def as_scripted(module, path):
    torch.jit.script(module).save(str(path))


OF_OTHERS = {"model.safetensors": as_safetensors, "model.npz": as_npz, "small.npz": as_small_npz}
SCRIPTS = {"traced.pt": as_traced, "scripted.pt": as_scripted}
OF_TORCH = {
    "model.pt": as_zip,
    "pytorch_model.bin": as_zip,
    "legacy.pth": as_legacy,
    "parameters.pt": as_parameters,
    "training.pt": as_training,
    "last.ckpt": as_lightning,
}
"""Formats of other libraries, scripts of torch, and its other files."""

INPUT_SAVERS = {
    ".npy": np.save,
    ".json": lambda path, x: Path(path).write_text(json.dumps(x.tolist())),
    ".safetensors": lambda path, x: safetensors.numpy.save_file({"x": x}, path),
}
"""Suffix -> a function that saves an array in a file."""

STRANGE = ["<script>alert(1)</script>", "a'b\"c", "two\nlines", "e\u0301é"]
"""Names that must be escaped in HTML, in quotes or in a terminal, or normalized."""

SAVERS = OF_OTHERS | SCRIPTS | OF_TORCH
"""File -> the function that saves a module in it."""


def saved(name, module=None):
    """Save in one of the ways, in the current folder, and return the name."""
    SAVERS[name](module or model(), name)
    return name
