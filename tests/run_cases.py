"""Weights, an input and a state of one layer, each defined in one line."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lstm_figs.model.lstm import Array, Weights


class RunInputs(NamedTuple):
    """The arguments of `lstm_figs.model.lstm.run`; both states have no layer axis."""

    weights: Weights
    x: Array
    h_0: Array
    c_0: Array


@dataclass(frozen=True)
class Run:
    """Sizes of a run, and the range of the numbers of each float32 tensor, up to 1 by default.

    Attributes:
        input_size: Columns of weight_ih.
        hidden_size: Units.
        seq_len: Steps.
        batch_size: Sequences.
        ih: The largest absolute value in weight_ih, as a share of `weights`.
        hh: The same for weight_hh.
        bias: The same for both biases; None for no bias.
        x: The largest absolute value in the input, as a share of `x`.
        h: The largest absolute value in h_0.
        c: The largest absolute value in c_0.
        seed: Seed of NumPy's legacy generator, whose numbers never change.
    """

    input_size: int
    hidden_size: int
    seq_len: int
    batch_size: int
    ih: float = 1
    hh: float = 1
    bias: float | None = 1
    x: float = 1
    h: float = 1
    c: float = 1
    seed: int = 0

    def make(self, weights: float = 1, x: float = 1) -> RunInputs:
        """Make the tensors.

        Args:
            weights: The largest absolute value of a weight or bias.
            x: The largest absolute value in the input.
        """
        random = np.random.RandomState(self.seed)

        def random_array(largest: float, *shape: int) -> Array:
            return random.uniform(-largest, largest, shape).astype(np.float32)

        rows, state_shape = 4 * self.hidden_size, (self.batch_size, self.hidden_size)
        biases = [] if self.bias is None else [self.bias * weights] * 2
        return RunInputs(
            Weights(
                random_array(self.ih * weights, rows, self.input_size),
                random_array(self.hh * weights, rows, self.hidden_size),
                *(random_array(largest, rows) for largest in biases),
            ),
            random_array(self.x * x, self.seq_len, self.batch_size, self.input_size),
            random_array(self.h, *state_shape),
            random_array(self.c, *state_shape),
        )


RUNS = [
    Run(input_size=8, hidden_size=8, seq_len=8, batch_size=3),
    Run(input_size=1, hidden_size=1, seq_len=1, batch_size=1, ih=0, hh=0, bias=0, x=0, h=0, c=0),
    Run(input_size=2, hidden_size=1, seq_len=2, batch_size=3, ih=0, bias=0, x=0, h=0.01, c=0.01),
    Run(input_size=8, hidden_size=8, seq_len=1, batch_size=1, ih=0.01),
    Run(input_size=1, hidden_size=2, seq_len=8, batch_size=2, hh=0, x=0.01, h=0, c=0.01),
    Run(input_size=3, hidden_size=5, seq_len=1, batch_size=2, hh=0.01, bias=None, h=0.01, c=0),
    Run(
        input_size=1, hidden_size=8, seq_len=8, batch_size=3, ih=0.01, hh=0.01, bias=0.01, x=0, c=0
    ),
    Run(
        input_size=3, hidden_size=2, seq_len=2, batch_size=1, ih=0, hh=0, bias=0.01, x=0.01, h=0.01
    ),
    Run(input_size=8, hidden_size=1, seq_len=2, batch_size=2, ih=0.01, hh=0, bias=0, x=0.01, c=0),
    Run(input_size=2, hidden_size=1, seq_len=8, batch_size=1, hh=0.01, bias=0, h=0),
    Run(
        input_size=8,
        hidden_size=5,
        seq_len=1,
        batch_size=3,
        ih=0,
        hh=0,
        bias=None,
        x=0,
        h=0,
        c=0.01,
    ),
    Run(input_size=2, hidden_size=2, seq_len=1, batch_size=1, ih=0.01, bias=None, x=0.01, c=0),
    Run(input_size=3, hidden_size=8, seq_len=2, batch_size=2, bias=0.01, x=0, h=0, c=0.01),
    Run(input_size=1, hidden_size=2, seq_len=2, batch_size=3, ih=0, hh=0.01, h=0.01, c=0.01),
    Run(input_size=8, hidden_size=5, seq_len=8, batch_size=3, bias=0.01, x=0.01, h=0.01),
    Run(input_size=3, hidden_size=8, seq_len=8, batch_size=1, ih=0, hh=0, bias=0, c=0.01),
    Run(input_size=1, hidden_size=1, seq_len=1, batch_size=1, ih=0.01, bias=None, x=0, h=0.01),
    Run(input_size=3, hidden_size=5, seq_len=2, batch_size=3, ih=0.01, hh=0.01, x=0, h=0, c=0),
    Run(
        input_size=2, hidden_size=8, seq_len=2, batch_size=2, ih=0, hh=0, bias=None, x=0.01, h=0.01
    ),
    Run(input_size=1, hidden_size=5, seq_len=1, batch_size=1, hh=0.01, bias=0, x=0.01, c=0),
    Run(
        input_size=2,
        hidden_size=1,
        seq_len=1,
        batch_size=3,
        ih=0.01,
        hh=0,
        bias=0.01,
        h=0.01,
        c=0.01,
    ),
    Run(input_size=8, hidden_size=2, seq_len=2, batch_size=1, hh=0.01, bias=0, x=0, c=0.01),
    Run(input_size=2, hidden_size=1, seq_len=2, batch_size=1, ih=0, hh=0.01, x=0, h=0.01, c=0),
    Run(
        input_size=2,
        hidden_size=5,
        seq_len=8,
        batch_size=1,
        ih=0.01,
        bias=None,
        x=0.01,
        h=0.01,
        c=0.01,
    ),
    Run(input_size=3, hidden_size=1, seq_len=1, batch_size=2, ih=0, x=0, h=0, c=0.01),
]
"""Both extremes, then each pair of values of two properties at least once."""
