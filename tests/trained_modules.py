"""Modules with weights of the size that training leaves."""

from dataclasses import replace

import numpy as np
import torch

from lstm_figs.model.lstm import run
from lstm_figs.model.origin import Origin, Statement
from lstm_figs.model.tensors import Weights
from tests.test_lstm import module_of

OUTLIERS = 4
"""How many input weights are about 40."""


def trained(input_size, hidden_size, seed=0, outlier=40.0):
    """An LSTM with normal weights and a few outliers."""
    generator = torch.Generator().manual_seed(seed)
    module = torch.nn.LSTM(input_size, hidden_size)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.normal_(0, 0.5, generator=generator)
        for weight in (module.weight_ih_l0, module.weight_hh_l0):
            flat = weight.view(-1)
            places = torch.randint(flat.numel(), (OUTLIERS,), generator=generator)
            flat[places] = torch.tensor([outlier, -outlier, outlier, -outlier])
    return module


def sequence(seq_len, batch_size, input_size, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(seq_len, batch_size, input_size, generator=generator)


def trained_trace(input_size, hidden_size, *, seed=0, bias=True, special=(), seq_len=3):
    """A trace, and the variables that its preamble expects the reader to have.

    `special` are values that replace the first weights of weight_hh.
    """
    random = np.random.RandomState(seed)

    def normal(*shape, spread=0.5):
        return random.normal(0, spread, shape).astype(np.float32)

    weight_ih = normal(4 * hidden_size, input_size)
    weight_hh = normal(4 * hidden_size, hidden_size, spread=0.2)
    places = random.choice(weight_ih.size, min(OUTLIERS, weight_ih.size), False)
    weight_ih.flat[places] = np.resize([41, -61], len(places))
    weight_hh.flat[: len(special)] = special
    rows = 4 * hidden_size
    both = (normal(rows), normal(rows)) if bias else ()
    weights = Weights(weight_ih, weight_hh, *both)
    x = normal(seq_len, 1, input_size, spread=1)
    module = module_of(weights).requires_grad_()
    zeros = torch.zeros(1, 1, hidden_size)
    namespace = {"lstm": module, "x": torch.from_numpy(x), "h_0": zeros, "c_0": zeros}
    origin = Origin(Statement("A trained LSTM."))
    return replace(run(weights, x), origin=origin), namespace
