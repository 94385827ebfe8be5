"""A plain recurrent network: what `torch.nn.RNN` computes."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Plain(NamedTuple):
    """The parameters of a `torch.nn.RNN` of one layer, as PyTorch names them.

    Attributes:
        weight_ih: Shape `(hidden_size, input_size)`.
        weight_hh: Shape `(hidden_size, hidden_size)`.
        bias_ih: Shape `(hidden_size,)`.
        bias_hh: Shape `(hidden_size,)`.
    """

    weight_ih: Array
    weight_hh: Array
    bias_ih: Array
    bias_hh: Array

    @property
    def hidden_size(self) -> int:
        """The number of units."""
        return len(self.weight_ih)

    def parameters(self) -> dict[str, Array]:
        """The parameters by name, in PyTorch's order."""
        return self._asdict()

    def run(self, x: Array) -> Array:
        """The h of every step of one sequence, starting from zeros.

        Args:
            x: Shape `(seq_len, input_size)`.

        Returns:
            Shape `(seq_len, hidden_size)`.

        >>> one = np.ones((1, 1), np.float32)
        >>> Plain(one, one, 0 * one[0], 0 * one[0]).run(one[:, :1]).round(4)
        array([[0.7616]], dtype=float32)
        """
        h = np.zeros(self.hidden_size, x.dtype)
        states = []
        for step in x:
            read = self.weight_ih @ step + self.bias_ih
            h = np.tanh(read + (self.weight_hh @ h + self.bias_hh))
            states.append(h)
        return np.array(states)
