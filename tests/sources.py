"""Every kind of source that figures are drawn from, by name.

Every figure is drawn from each of these at both widths, and proven; see
`binding/test_figures.py`.
"""

from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch.nn import LSTM, Linear, LSTMCell
from torch.nn.utils.rnn import pack_padded_sequence

import lstm_figs
from lstm_figs import Trace
from lstm_figs.command.request import Request, fitting_source
from lstm_figs.figures import CATALOG, LEARNED
from lstm_figs.sources import Source
from tests.load.saving import as_npz, as_safetensors, as_zip

UNTRAINED_FIGURES = tuple(name for name in CATALOG if name not in LEARNED)
"""Figures of any source; those of training need its snapshots."""

every_figure = pytest.mark.parametrize("name", UNTRAINED_FIGURES)


@dataclass(frozen=True)
class Case:
    """A trace to draw.

    `own` are the variables that the preamble expects the reader to have.
    """

    trace: Trace
    source: Source | None = None
    own: tuple[tuple[str, Any], ...] = ()

    def draw(self, name, **more):
        if self.source is None:
            return lstm_figs.draw(name, self.trace, **more)
        request = Request(name, fitting_source(name, self.source))
        return replace(request, **more).draw(self.trace)


def from_options(**options):
    """A function that makes the case of a source with these options."""

    def make(folder):
        source = Source(**options)
        return Case(source.trace(), source)

    return make


def from_sizes(input_size, hidden_size, **options):
    return from_options(input_size=input_size, hidden_size=hidden_size, **options)


SAVERS = {".safetensors": as_safetensors, ".npz": as_npz, ".pt": as_zip}
"""Suffix -> the function that saves a module in such a file."""

_FILE_NUMBERS = count()
"""The names of weights files, the same in whichever order cases are drawn."""


def from_weights_file(suffix, make, **options):
    """The same for a file with the weights of the module that `make` returns."""
    number = next(_FILE_NUMBERS)

    def written(folder):
        torch.manual_seed(1)
        path = folder / f"{number}{suffix}"
        SAVERS[suffix](make(), path)
        return from_options(weights=str(path), **options)(folder)

    return written


def from_readout_file(*outputs):
    """The same for a file of an LSTM and a readout with these outputs."""

    def written(folder):
        torch.manual_seed(1)
        modules = {"lstm": LSTM(3, 4), "readout": Linear(4, len(outputs))}
        path = folder / "answering.safetensors"
        save_file(torch.nn.ModuleDict(modules).state_dict(), path, {"outputs": ", ".join(outputs)})
        return from_options(weights=str(path))(folder)

    return written


def from_module(make, shape, *, hx=None, cells=None, lengths=None, value=None):
    """A module in memory, with shapes of its input and of each initial state.

    `cells` is the last axis of c_0 if h is projected, `lengths` pack the input, and
    `value` replaces one weight and, negated, one bias.
    """

    def traced(folder):
        torch.manual_seed(5)
        module = make()
        dtype = next(module.parameters()).dtype
        if value is not None:
            with torch.no_grad():
                module.weight_ih_l0[2, 1] = value
                module.bias_hh_l0[5] = -value
        x = torch.randn(shape, dtype=dtype)
        if lengths is not None:
            x = pack_padded_sequence(x, lengths, enforce_sorted=False)
        state = hx and (
            torch.randn(hx, dtype=dtype),
            torch.randn((*hx[:-1], cells or hx[-1]), dtype=dtype),
        )
        trace = lstm_figs.trace(module, x, state)
        # A preamble writes out at most `literals.LITERALS` numbers, and expects others as
        # variables. No case is close to the limit.
        large = sum(p.numel() for p in module.parameters()) > 500
        own = (("module", module), ("x", x), ("hx", state)) if large else ()
        return Case(trace, own=own)

    return traced


SOURCES = {
    "the example": from_options(),
    "one step of the example": from_options(seq_len=1),
    "a batch of the example": from_options(batch_size=3),
    "nine steps and sequences": from_options(seq_len=9, batch_size=9),
    "a batch of 65": from_options(batch_size=65),
    "60 steps": from_options(seq_len=60),
    "the bracket network": from_options(network="brackets"),
    "a text with quotes": from_options(network="brackets", text='f("(")é'),
    "1 input, 1 unit": from_sizes(1, 1),
    "8 inputs, 8 units": from_sizes(8, 8, batch_size=2),
    "9 inputs, 8 units": from_sizes(9, 8),
    "8 inputs, 9 units": from_sizes(8, 9),
    "1 input, 9 units, one step": from_sizes(1, 9, seq_len=1),
    "9 inputs, 1 unit": from_sizes(9, 1, seq_len=9),
    "17 inputs, 33 units": from_sizes(17, 33),
    "65 inputs, 65 units": from_sizes(65, 65, batch_size=9),
    "5 inputs, 129 units": from_sizes(5, 129),
    "300 inputs, 2 units": from_sizes(300, 2),
    "3 inputs, 257 units": from_sizes(3, 257, seq_len=9),
    "float64": from_sizes(3, 2, dtype="float64"),
    "no bias": from_sizes(3, 2, no_bias=True),
    "many units in float64 without bias": from_sizes(4, 20, dtype="float64", no_bias=True),
    "two directions": from_sizes(3, 2, bidirectional=True),
    "two layers, the second reversed": from_sizes(
        3, 2, num_layers=2, bidirectional=True, layer=1, reverse=True
    ),
    "six layers of many units": from_sizes(9, 20, num_layers=6, layer=5),
    "a projection": from_sizes(3, 4, proj_size=2),
    "projections of two layers in two directions": from_sizes(
        3, 12, proj_size=9, num_layers=2, bidirectional=True, layer=1
    ),
    "a cell of a .safetensors file": from_weights_file(".safetensors", lambda: LSTMCell(9, 9)),
    "one step of a cell of a .pt file": from_weights_file(".pt", lambda: LSTMCell(3, 2), seq_len=1),
    "a cell without bias of an .npz file": from_weights_file(
        ".npz", lambda: LSTMCell(3, 2, bias=False), batch_size=2
    ),
    "a large cell": from_weights_file(".safetensors", lambda: LSTMCell(64, 256)),
    "a stack of a .pt file": from_weights_file(
        ".pt", lambda: LSTM(3, 9, 3, bidirectional=True), layer=2
    ),
    "a stack of a .safetensors file": from_weights_file(
        ".safetensors", lambda: LSTM(8, 8, 2), layer=1, batch_size=2
    ),
    "a projection of an .npz file": from_weights_file(".npz", lambda: LSTM(3, 4, proj_size=1)),
    "bfloat16": from_weights_file(".safetensors", lambda: LSTM(3, 2).bfloat16()),
    "a module with hx": from_module(lambda: LSTM(3, 2), (5, 2, 3), hx=(1, 2, 2)),
    "a module without a batch": from_module(lambda: LSTM(3, 2), (5, 3), hx=(1, 2)),
    "one step of a module": from_module(lambda: LSTM(3, 2), (1, 1, 3), hx=(1, 1, 2)),
    "a module with the batch first": from_module(
        lambda: LSTM(8, 8, batch_first=True), (3, 9, 8), hx=(1, 3, 8)
    ),
    "a long input without a batch": from_module(lambda: LSTM(8, 8, batch_first=True), (12, 8)),
    "a packed input": from_module(
        lambda: LSTM(3, 2, 2, bidirectional=True), (4, 3, 3), lengths=(2, 4, 1)
    ),
    "many units, packed, projected in two layers and directions": from_module(
        lambda: LSTM(20, 40, 2, bidirectional=True, proj_size=12),
        (11, 3, 20),
        lengths=(5, 11, 11),
        hx=(4, 3, 12),
        cells=40,
    ),
    "many units, packed, projected to few": from_module(
        lambda: LSTM(20, 40, bias=False, proj_size=3), (11, 3, 20), lengths=(5, 11, 11)
    ),
    "many units in three layers and two directions": from_module(
        lambda: LSTM(20, 40, 3, bidirectional=True), (4, 3, 20), hx=(6, 3, 40)
    ),
    "a module in float64": from_module(lambda: LSTM(3, 2).double(), (5, 2, 3), hx=(1, 2, 2)),
    "a live cell in float64": from_module(lambda: LSTMCell(3, 2).double(), (2, 3)),
    "a live cell without a batch": from_module(lambda: LSTMCell(3, 2, bias=False), (3,), hx=(2,)),
    "a live cell with many sequences": from_module(lambda: LSTMCell(8, 8), (70, 8), hx=(70, 8)),
    "a weight that is not a number": from_module(lambda: LSTM(3, 2), (4, 1, 3), value=float("nan")),
    "an infinite weight": from_module(lambda: LSTM(3, 9), (4, 2, 3), value=float("inf")),
    "a weight near the largest": from_module(lambda: LSTM(3, 2), (4, 1, 3), value=3e38),
    "a denormal weight": from_module(lambda: LSTM(3, 2), (4, 1, 3), value=1e-40),
}
"""Name -> a function that makes the case in a folder."""


@cache
def case(name, folder):
    return SOURCES[name](folder)
