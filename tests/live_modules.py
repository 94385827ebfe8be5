"""Modules in memory with an input and a state, each defined in one line."""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.utils.rnn import pack_sequence


@dataclass(frozen=True, kw_only=True)
class Live:
    """A module, its input and its state; what is not explained is as in nn.LSTM.

    A `cell` has no layers and no steps. The module is in eval mode, so dropout acts nowhere.
    A `batch_size` of None is an unbatched input, and `lengths` are of packed sequences. All
    parameters are multiplied by `factor`; `value` replaces one weight and, negated, one bias.
    The numbers of NumPy's legacy generator never change.
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
    def parts(self):
        """The number of (layer, direction) pairs."""
        return self.num_layers * (1 + self.bidirectional)

    def make(self):
        """The module, its `x` and its `hx`, with the names that preambles use."""
        random = np.random.RandomState(self.seed)
        dtype = getattr(torch, self.dtype)

        def random_tensor(*shape):
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

    def _module(self, dtype):
        if self.cell:
            return torch.nn.LSTMCell(self.input_size, self.hidden_size, self.bias, dtype=dtype)
        names = ("num_layers", "bias", "batch_first", "dropout", "bidirectional", "proj_size")
        options = {name: getattr(self, name) for name in names}
        return torch.nn.LSTM(self.input_size, self.hidden_size, dtype=dtype, **options).eval()


def random_case(random):
    """A module with random sizes and options, in the limits that torch sets."""

    def one_of(*values):
        return values[random.randint(len(values))]

    size, layers = one_of(1, 2, 3, 5), one_of(1, 2, 3)
    return Live(
        hidden_size=size,
        num_layers=layers,
        bidirectional=one_of(False, True),
        # 0 is no projection; otherwise it is smaller than the state.
        proj_size=one_of(0, min(1, size - 1), size - 1),
        bias=one_of(False, True),
        batch_first=one_of(False, True),
        dropout=one_of(0, 0.5) * (layers > 1),
        dtype=one_of("float32", "float64"),
        seq_len=one_of(1, 5),
        batch_size=one_of(None, 1, 3),
        lengths=one_of((), (), (1, 1, 1), (2, 5, 5), (1, 5, 3)),
        has_state=one_of(False, True),
    )


CASES = [
    Live(cell=True, hidden_size=1, batch_size=None, bias=False),
    Live(cell=True, hidden_size=5, batch_size=3, dtype="float64", has_state=True),
    Live(cell=True, hidden_size=2, batch_size=None, has_state=True),
    # One generator, so that all 20 differ.
    *map(random_case, [np.random.RandomState(0)] * 20),
]
"""Cells and random modules of each kind."""
