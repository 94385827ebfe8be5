"""Modules in memory, with an input and a state, each told in a line."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.nn.utils.rnn import pack_sequence


@dataclass(frozen=True, kw_only=True)
class Live:
    """A module of some form, and what it is called with.

    Attributes:
        cell: Whether it is an LSTMCell, which has no layers and no steps.
        input_size: Of the module.
        hidden_size: Of the module.
        num_layers: Of the module.
        bidirectional: Of the module.
        proj_size: Of the module.
        bias: Of the module.
        batch_first: Of the module.
        dropout: Of the module, which is not in training.
        dtype: Of the module, `float32` or `float64`.
        seq_len: Steps of the input.
        batch_size: Sequences; None for an input without that axis.
        lengths: Of packed sequences; empty for an input that is not packed.
        has_state: Whether there is an hx.
        factor: What all parameters are multiplied by.
        value: One weight, and with the other sign one bias.
        seed: Of the numbers, which NumPy draws in the same way for ever.
    """

    cell: bool = False
    input_size: int = 3
    hidden_size: int = 2
    num_layers: int = 1
    bidirectional: bool = False
    proj_size: int = 0
    bias: bool = True
    batch_first: bool = False
    dropout: float = 0
    dtype: str = "float32"
    seq_len: int = 1
    batch_size: int | None = 1
    lengths: tuple[int, ...] = ()
    has_state: bool = False
    factor: float = 1
    value: float | None = None
    seed: int = 0

    @property
    def parts(self) -> int:
        """How many pairs of layer and direction there are."""
        return self.num_layers * (1 + self.bidirectional)

    def make(self) -> dict[str, Any]:
        """The module, its `x` and its `hx`, as a preamble calls them."""
        random = np.random.RandomState(self.seed)
        dtype = getattr(torch, self.dtype)

        def random_tensor(*shape: int) -> torch.Tensor:
            return torch.from_numpy(random.standard_normal(shape)).to(dtype)

        module = self._module(dtype)
        with torch.no_grad():
            for parameter in module.parameters():
                values = random_tensor(*parameter.shape) / self.hidden_size
                parameter.copy_(values * self.factor)
            if self.value is not None:
                weight, _, *biases = module.parameters()
                weight[-1, -1] = self.value
                if self.bias:
                    biases[0][0] = -self.value
        batch_axes = [] if self.batch_size is None else [self.batch_size]
        batch_axes = [len(self.lengths)] if self.lengths else batch_axes
        if self.cell:
            x = random_tensor(*batch_axes, self.input_size)
        elif self.lengths:
            sequences = [random_tensor(n, self.input_size) for n in self.lengths]
            x = pack_sequence(sequences, enforce_sorted=False)
        else:
            axes = [self.seq_len, *batch_axes]
            axes = axes[::-1] if self.batch_first else axes
            x = random_tensor(*axes, self.input_size)
        hx = None
        if self.has_state:
            layers = [] if self.cell else [self.parts]
            sizes = (self.proj_size or self.hidden_size, self.hidden_size)
            hx = tuple(random_tensor(*layers, *batch_axes, size) for size in sizes)
        return {"module": module, "x": x, "hx": hx}

    def _module(self, dtype: torch.dtype) -> torch.nn.Module:
        if self.cell:
            return torch.nn.LSTMCell(self.input_size, self.hidden_size, self.bias, dtype=dtype)
        return torch.nn.LSTM(
            self.input_size,
            self.hidden_size,
            self.num_layers,
            self.bias,
            self.batch_first,
            self.dropout,
            self.bidirectional,
            self.proj_size,
            dtype=dtype,
        ).eval()


FORMS = [
    Live(cell=True, hidden_size=1, batch_size=None, bias=False),
    Live(cell=True, hidden_size=5, batch_size=3, dtype="float64", has_state=True),
    Live(cell=True, hidden_size=2, batch_size=None, has_state=True),
    Live(hidden_size=1, num_layers=2, batch_first=True, dropout=0.5, batch_size=3, has_state=True),
    Live(bidirectional=True, proj_size=1, bias=False, dtype="float64", batch_size=None),
    Live(hidden_size=5, num_layers=3, bidirectional=True, proj_size=4, lengths=(2, 5, 5)),
    Live(
        hidden_size=5,
        num_layers=3,
        proj_size=1,
        bias=False,
        batch_first=True,
        dropout=0.5,
        dtype="float64",
        lengths=(5,),
        has_state=True,
    ),
    Live(hidden_size=1, num_layers=2, bidirectional=True, bias=False, dtype="float64", seq_len=5),
    Live(proj_size=1, batch_first=True, seq_len=5, batch_size=3, has_state=True),
    Live(
        hidden_size=5,
        num_layers=2,
        proj_size=4,
        bias=False,
        dropout=0.5,
        batch_size=None,
        has_state=True,
    ),
    Live(
        num_layers=3,
        bidirectional=True,
        batch_first=True,
        dropout=0.5,
        dtype="float64",
        lengths=(1, 1, 1),
    ),
    Live(hidden_size=1, num_layers=3, batch_first=True, dropout=0.5, seq_len=5, batch_size=None),
    Live(hidden_size=5, proj_size=4, bias=False, batch_first=True, dtype="float64", batch_size=3),
    Live(
        hidden_size=1,
        bidirectional=True,
        bias=False,
        batch_first=True,
        dtype="float64",
        lengths=(1,),
        has_state=True,
    ),
    Live(
        num_layers=2,
        bidirectional=True,
        proj_size=1,
        bias=False,
        dtype="float64",
        lengths=(1, 5, 3),
        has_state=True,
    ),
    Live(
        hidden_size=5,
        num_layers=3,
        bidirectional=True,
        bias=False,
        batch_first=True,
        dtype="float64",
        seq_len=5,
        batch_size=3,
    ),
    Live(seq_len=2, batch_size=2),
]
"""Cells, then every pair of two properties of a module once at least."""
