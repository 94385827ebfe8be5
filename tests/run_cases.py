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
    """Sizes of a run, and the range of the numbers of each float32 tensor.

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
    ih: float
    hh: float
    bias: float | None
    x: float
    h: float
    c: float
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
    # input_size, hidden_size, seq_len, batch_size, ih, hh, bias, x, h, c
    Run(8, 8, 8, 3, 1, 1, 1, 1, 1, 1),
    Run(1, 1, 1, 1, 0, 0, 0, 0, 0, 0),
    Run(2, 1, 2, 3, 0, 1, 0, 0, 0.01, 0.01),
    Run(8, 8, 1, 1, 0.01, 1, 1, 1, 1, 1),
    Run(1, 2, 8, 2, 1, 0, 1, 0.01, 0, 0.01),
    Run(3, 5, 1, 2, 1, 0.01, None, 1, 0.01, 0),
    Run(1, 8, 8, 3, 0.01, 0.01, 0.01, 0, 1, 0),
    Run(3, 2, 2, 1, 0, 0, 0.01, 0.01, 0.01, 1),
    Run(8, 1, 2, 2, 0.01, 0, 0, 0.01, 1, 0),
    Run(2, 1, 8, 1, 1, 0.01, 0, 1, 0, 1),
    Run(8, 5, 1, 3, 0, 0, None, 0, 0, 0.01),
    Run(2, 2, 1, 1, 0.01, 1, None, 0.01, 1, 0),
    Run(3, 8, 2, 2, 1, 1, 0.01, 0, 0, 0.01),
    Run(1, 2, 2, 3, 0, 0.01, 1, 1, 0.01, 0.01),
    Run(8, 5, 8, 3, 1, 1, 0.01, 0.01, 0.01, 1),
    Run(3, 8, 8, 1, 0, 0, 0, 1, 1, 0.01),
    Run(1, 1, 1, 1, 0.01, 1, None, 0, 0.01, 1),
    Run(3, 5, 2, 3, 0.01, 0.01, 1, 0, 0, 0),
    Run(2, 8, 2, 2, 0, 0, None, 0.01, 0.01, 1),
    Run(1, 5, 1, 1, 1, 0.01, 0, 0.01, 1, 0),
    Run(2, 1, 1, 3, 0.01, 0, 0.01, 1, 0.01, 0.01),
    Run(8, 2, 2, 1, 1, 0.01, 0, 0, 1, 0.01),
    Run(2, 1, 2, 1, 0, 0.01, 1, 0, 0.01, 0),
    Run(2, 5, 8, 1, 0.01, 1, None, 0.01, 0.01, 0.01),
    Run(3, 1, 1, 2, 0, 1, 1, 0, 0, 0.01),
]
"""Both extremes, then each pair of values of two properties at least once."""
