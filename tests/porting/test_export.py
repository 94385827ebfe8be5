"""The page on ONNX export: its listings, and their results."""

import logging
import re

import numpy as np
import onnxruntime
import pytest
import torch

from lstm_figs.sources.load import read_weights, survey
from tests.doc_scripts import DOCS, output_of, source

LISTINGS = re.findall(
    r"/// lstm-code \| (\S+)\n.*?///\n.*?```text\n(.*?)```", source("onnx-export"), re.DOTALL
)

GENERATED_NAME = re.compile(r"\bval_\d+")


thorough = pytest.mark.thorough
"""Importing the new exporter takes seconds."""


@thorough
@pytest.mark.parametrize(("name", "printed"), LISTINGS)
def test_a_listing_prints_what_stands_below_it(name, printed, folder):
    # Run in this process, because importing the exporter takes longest. Names of tensors
    # depend on earlier exports.
    output = output_of(str(DOCS / name))
    assert GENERATED_NAME.sub("val", output) == GENERATED_NAME.sub("val", printed)


def test_the_page_names_a_release_as_new_as_the_one_that_tries_it():
    assert len(LISTINGS) == 3
    (named,) = re.findall(
        r"each new PyTorch release, last with `(\d+)\.(\d+)\.(\d+)`", source("onnx-export")
    )
    release, *_ = torch.__version__.partition("+")
    numbers = re.match(r"(\d+)\.(\d+)\.(\d+)", release).groups()
    assert [*map(int, named)] >= [*map(int, numbers)]


@pytest.fixture
def path(tmp_path, monkeypatch):
    """The file of an exported module."""
    monkeypatch.setattr(logging.getLogger("torch.onnx"), "level", logging.ERROR)
    return str(tmp_path / "module.onnx")


pytestmark = pytest.mark.filterwarnings("ignore")


@thorough
def test_with_batch_first_the_batch_is_the_first_axis_of_x_alone(path):
    batch = torch.export.Dim("batch")
    lstm = torch.nn.LSTM(3, 2, batch_first=True).eval()
    states = torch.zeros(1, 4, 2), torch.zeros(1, 4, 2)
    shapes = ({0: batch}, ({1: batch}, {1: batch}))
    inputs = torch.randn(4, 5, 3), states
    torch.onnx.export(lstm, inputs, path, dynamo=True, verbose=False, dynamic_shapes=shapes)
    session = onnxruntime.InferenceSession(path)
    x, h, c = torch.randn(7, 5, 3), torch.randn(1, 7, 2), torch.randn(1, 7, 2)
    names = [model_input.name for model_input in session.get_inputs()]
    inputs = dict(zip(names, (t.numpy() for t in (x, h, c)), strict=True))
    output, *_ = session.run(None, inputs)
    expected = lstm(x, (h, c))[0].detach().numpy()
    np.testing.assert_allclose(output, expected, atol=1e-6)


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = torch.nn.Embedding(5, 3)
        self.encoder = torch.nn.Module()
        self.encoder.rnn = torch.nn.LSTM(3, 2, 2, bidirectional=True)
        self.decoder = torch.nn.LSTM(4, 3, bias=False)

    def forward(self, ids):
        return self.decoder(self.encoder.rnn(self.embedding(ids))[0])[0]


@pytest.mark.parametrize(
    ("is_new", "name"),
    # The old exporter only knows modules that are called.
    [pytest.param(True, "encoder.rnn", marks=thorough), (False, "rnn")],
)
def test_what_is_exported_is_read_again(is_new, name, path):
    module = Model().eval()
    ids = torch.tensor([[1], [2], [0]])
    torch.onnx.export(module, (ids,), path, dynamo=is_new, verbose=False)
    checkpoint = read_weights(path)
    encoder, decoder = survey(checkpoint).lstms
    assert (encoder.module, decoder.module) == (name, "decoder")
    for found_module, own in ((encoder, module.encoder.rnn), (decoder, module.decoder)):
        state = own.state_dict()
        for parameter in found_module.names():
            array = checkpoint.array(parameter.name)
            # A missing bias is exported as zeros.
            expected = state.get(parameter._replace(module="").name, torch.zeros(array.shape))
            assert torch.equal(torch.from_numpy(array), expected)
