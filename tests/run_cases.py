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
    """Sizes of a run, and the largest absolute value in each float32 tensor.

    `ih`, `hh` and `bias` are shares of the `weights` of `make`, and `x` is one of its
    `x`. A `bias` of None is no bias. The numbers of NumPy's legacy generator never change.
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

    def make(self, weights=1, x=1):
        """Make the tensors, with these largest absolute values of a weight and of the input."""
        random = np.random.RandomState(self.seed)

        def random_array(largest, *shape):
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


SHARES = (0, 0.01, 1)
"""Largest absolute values, as shares of what `make` is given."""

VALUES = {
    "input_size": (1, 2, 3, 8),
    "hidden_size": (1, 2, 5, 8),
    "seq_len": (1, 2, 8),
    "batch_size": (1, 2, 3),
    **dict.fromkeys(("ih", "hh", "x", "h", "c"), SHARES),
    "bias": (None, *SHARES),
}
"""Argument of `Run` -> values to choose from."""
RANDOM = np.random.RandomState(0)
RUNS = [
    Run(8, 8, 8, 3),
    # Sizes of 1, and all of `ih` to `c` are 0.
    Run(1, 1, 1, 1, *[0] * 6),
    *(
        Run(**{name: values[RANDOM.randint(len(values))] for name, values in VALUES.items()})
        for _ in range(24)
    ),
]
"""Both extremes, then random values."""
