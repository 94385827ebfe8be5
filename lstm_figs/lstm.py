"""The equations of `torch.nn.LSTM`, in NumPy, with every result kept.

    z = weight_ih @ x + bias_ih + weight_hh @ h_prev + bias_hh
    z_i, z_f, z_g, z_o = z in four equal parts
    i, f, g, o = σ(z_i), σ(z_f), tanh(z_g), σ(z_o)
    c = f * c_prev + i * g
    h = o * tanh(c)

Names and the order of the rows (i, f, g, o) are PyTorch's. Every array has the
batch as its first axis, so the products are written `x @ weight_ih.T`.

Source: the documentation of `torch.nn.LSTM`; Hochreiter and Schmidhuber
(1997); forget gate, Gers, Schmidhuber and Cummins (2000).
"""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .errors import ShapeError
from .origin import Origin

Array = NDArray[Any]
Direction = Literal["forward", "reverse"]

GATES = ("i", "f", "g", "o")
"""The gates in the order of their rows."""


@dataclass(frozen=True, eq=False)
class Weights:
    """The parameters of one layer in one direction.

    Attributes:
        weight_ih: From the input, shape `(4*hidden_size, input_size)`.
        weight_hh: From the hidden state, `(4*hidden_size, hidden_size)`.
        bias_ih: Shape `(4*hidden_size,)`, or None without bias.
        bias_hh: Shape `(4*hidden_size,)`, or None without bias.
        layer: Counts from 0.
        direction: `forward` or `reverse`.

    Raises:
        ShapeError: If the shapes contradict each other.
    """

    weight_ih: Array
    weight_hh: Array
    bias_ih: Array | None = None
    bias_hh: Array | None = None
    layer: int = 0
    direction: Direction = "forward"

    def __post_init__(self) -> None:
        if (self.bias_ih is None) != (self.bias_hh is None):
            raise ShapeError(
                "got one of bias_ih and bias_hh, expected both or neither; "
                "pass zeros as the other"
            )
        rows = 4 * self.weight_hh.shape[-1]
        expected = {
            "weight_ih": (rows, self.weight_ih.shape[-1]),
            "weight_hh": (rows, self.weight_hh.shape[-1]),
            "bias_ih": (rows,),
            "bias_hh": (rows,),
        }
        for name, array in self.parameters().items():
            if array.shape != expected[name]:
                raise ShapeError(
                    f"{name} has shape {array.shape}, expected "
                    f"{expected[name]} beside weight_hh of shape "
                    f"{self.weight_hh.shape}; pass the four tensors of one "
                    "layer and direction"
                )

    @property
    def input_size(self) -> int:
        """Number of input features."""
        return int(self.weight_ih.shape[1])

    @property
    def hidden_size(self) -> int:
        """Number of units, the length of h and of c."""
        return int(self.weight_hh.shape[1])

    @property
    def bias(self) -> Array:
        """The sum of both biases, zeros without bias."""
        if self.bias_ih is None or self.bias_hh is None:
            return np.zeros(len(self.weight_ih), self.weight_ih.dtype)
        return self.bias_ih + self.bias_hh

    def parameters(self) -> dict[str, Array]:
        """The tensors that exist, in the order of `named_parameters()`."""
        named = {
            "weight_ih": self.weight_ih,
            "weight_hh": self.weight_hh,
            "bias_ih": self.bias_ih,
            "bias_hh": self.bias_hh,
        }
        return {name: a for name, a in named.items() if a is not None}

    def row(self, gate: str, unit: int) -> int:
        """The row that one gate of one unit owns.

        >>> weights = Weights(np.zeros((8, 3)), np.zeros((8, 2)))
        >>> [weights.row(gate, unit=1) for gate in GATES]
        [1, 3, 5, 7]
        """
        return GATES.index(gate) * self.hidden_size + unit


@dataclass(frozen=True, eq=False)
class Step:
    """Every tensor of one time step, named as in the equations.

    Each has the shape `(batch, hidden_size)`, but `x` `(batch, input_size)`
    and the products `ih = x @ weight_ih.T` and `hh = h_prev @ weight_hh.T`,
    which have `(batch, 4*hidden_size)`.

    Attributes:
        t: The step, counted from 0.
        scale: The largest sum of absolute addends behind any result of the
            step. Rounding errors grow with it.
    """

    t: int
    layer: int
    direction: Direction
    x: Array
    h_prev: Array
    c_prev: Array
    ih: Array
    hh: Array
    z_i: Array
    z_f: Array
    z_g: Array
    z_o: Array
    i: Array
    f: Array
    g: Array
    o: Array
    c: Array
    tanh_c: Array
    h: Array
    scale: float


@dataclass(frozen=True, eq=False)
class Trace:
    """A run over a sequence, with what the module returns.

    Attributes:
        weights: One entry for each layer and direction, in PyTorch's order.
        x: The input, shape `(seq_len, batch, input_size)`.
        steps: Every step of every layer and direction.
        output: Shape `(seq_len, batch, hidden_size)`.
        h_n: Shape `(1, batch, hidden_size)`.
        c_n: Shape `(1, batch, hidden_size)`.
        kind: `LSTM` or `LSTMCell`, whichever the tensors belong to.
        origin: Where the tensors come from.

    The shapes of `output`, `h_n` and `c_n` are those that the module itself
    returned when the trace was captured from one.
    """

    weights: tuple[Weights, ...]
    x: Array
    steps: tuple[Step, ...]
    output: Array
    h_n: Array
    c_n: Array
    kind: Literal["LSTM", "LSTMCell"] = "LSTM"
    origin: Origin = field(default_factory=Origin)


def sigmoid(z: Array) -> Array:
    """The logistic function σ, which never overflows.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0])).tolist()
    [0.0, 0.5, 1.0]
    """
    with np.errstate(invalid="ignore"):
        return np.asarray(np.exp(-np.logaddexp(0, -z)), dtype=z.dtype)


@np.errstate(over="ignore", invalid="ignore")
def step(
    weights: Weights, x: Array, h_prev: Array, c_prev: Array, t: int = 0
) -> Step:
    """Advance by one time step, as `torch.nn.LSTMCell` does.

    Args:
        weights: The parameters.
        x: Input, shape `(batch, input_size)`.
        h_prev: Previous hidden state, shape `(batch, hidden_size)`.
        c_prev: Previous cell state, shape `(batch, hidden_size)`.
        t: Which step this is, counted from 0.

    Returns:
        All tensors of the step.

    Raises:
        ShapeError: If a shape does not fit `weights`.

    >>> weights = Weights(np.ones((4, 1)), np.zeros((4, 1)))
    >>> zero = np.zeros((1, 1))
    >>> step(weights, np.ones((1, 1)), zero, zero).h.round(4).tolist()
    [[0.3696]]
    """
    state = (len(x), weights.hidden_size)
    for name, array, shape in (
        ("x", x, (len(x), weights.input_size)),
        ("h_prev", h_prev, state),
        ("c_prev", c_prev, state),
    ):
        if array.shape != shape:
            raise ShapeError(
                f"{name} has shape {array.shape}, expected {shape} for "
                f"input_size {weights.input_size} and hidden_size "
                f"{weights.hidden_size}; reshape it"
            )

    ih = x @ weights.weight_ih.T
    hh = h_prev @ weights.weight_hh.T
    z_i, z_f, z_g, z_o = np.split(ih + hh + weights.bias, 4, axis=1)
    i, f, g, o = sigmoid(z_i), sigmoid(z_f), np.tanh(z_g), sigmoid(z_o)
    c = f * c_prev + i * g
    tanh_c = np.tanh(c)
    h = o * tanh_c

    addends = abs(x) @ abs(weights.weight_ih.T)
    addends = addends + abs(h_prev) @ abs(weights.weight_hh.T)
    for bias in (weights.bias_ih, weights.bias_hh):
        if bias is not None:
            addends = addends + abs(bias)
    scale = max(
        addends.max(initial=0), (abs(f * c_prev) + abs(i * g)).max(initial=0)
    )
    return Step(
        t, weights.layer, weights.direction, x, h_prev, c_prev, ih, hh,
        z_i, z_f, z_g, z_o, i, f, g, o, c, tanh_c, h, float(scale),
    )  # fmt: skip


def run(
    weights: Weights,
    x: Array,
    h_0: Array | None = None,
    c_0: Array | None = None,
) -> Trace:
    """Run over a sequence, as a one-layer `torch.nn.LSTM` does.

    Args:
        weights: The parameters.
        x: Input, shape `(seq_len, batch, input_size)`.
        h_0: First hidden state, `(batch, hidden_size)`; zeros by default.
        c_0: First cell state, `(batch, hidden_size)`; zeros by default.

    Raises:
        ShapeError: If a shape does not fit `weights`, or `x` has no step.
    """
    if x.ndim != 3 or not len(x) or x.shape[2] != weights.input_size:
        raise ShapeError(
            f"the input has shape {x.shape}, expected (seq_len, batch, "
            f"{weights.input_size}) with at least one step; reshape it"
        )
    zeros = np.zeros((x.shape[1], weights.hidden_size), x.dtype)
    h = zeros if h_0 is None else h_0
    c = zeros if c_0 is None else c_0
    steps = []
    for t, x_t in enumerate(x):
        steps.append(step(weights, x_t, h, c, t))
        h, c = steps[-1].h, steps[-1].c
    output = np.stack([s.h for s in steps])
    return Trace((weights,), x, tuple(steps), output, h[None], c[None])
