"""The tensors of `torch.nn.LSTM`: its parameters, and the results of a run."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from ..errors import ShapeError, UsageError, check_known, quoted
from ..options import is_whole_number
from .origin import Origin
from .writes import split

Array = NDArray[Any]
Direction = Literal["forward", "reverse"]
"""Whether a layer reads the sequence from its first step on, or from its last."""

GATES = ("i", "f", "g", "o")
"""The gates in the order of their rows."""

MAX_ROWS = 24
"""The most tensors that a notebook lists for a run: those of four layers."""
MAX_WRITES = 50_000_000
"""The most numbers of `Trace.writes`, which take 400 MB."""
MAX_TOKEN_CHARS = 10_000
"""The most characters of all tokens together, written as Python literals."""


def check_arrays(**arrays: Any) -> None:
    """Raise an error for anything but a NumPy array of float32 or float64.

    Raises:
        UsageError: If one is not a NumPy array of float32 or float64.
    """
    for name, array in arrays.items():
        # Other subclasses override arithmetic.
        if type(array) not in (np.ndarray, np.memmap):
            kind = type(array).__name__
        elif array.dtype.type not in (np.float32, np.float64):
            kind = str(array.dtype)
        else:
            continue
        raise UsageError(
            f"got {name} of {kind}, expected a NumPy array of float32 or float64; convert it"
        )


@dataclass(frozen=True, eq=False)
class Weights:
    """The parameters of one layer in one direction.

    Attributes:
        weight_ih: From the input, shape `(4*hidden_size, input_size)`.
        weight_hh: From the hidden state, `(4*hidden_size, hidden_size)`, or
            `(4*hidden_size, proj_size)` with a projection.
        bias_ih: Shape `(4*hidden_size,)`, or None without bias.
        bias_hh: Shape `(4*hidden_size,)`, or None without bias.
        layer: The layer, counted from 0.
        direction: `forward` or `reverse`.
        weight_hr: The projection of h, `(proj_size, hidden_size)`, or None.

    Raises:
        ShapeError: If the shapes contradict each other.
        UsageError: If one is not a NumPy array of float32 or float64, or the
            layer or direction is invalid.
    """

    weight_ih: Array
    weight_hh: Array
    bias_ih: Array | None = None
    bias_hh: Array | None = None
    layer: int = 0
    direction: Direction = "forward"
    weight_hr: Array | None = None

    def __post_init__(self) -> None:
        if not is_whole_number(self.layer) or self.layer < 0:
            raise UsageError(
                f"got layer={quoted(self.layer)}, expected a whole number from 0; pass an int"
            )
        check_known("direction", self.direction, get_args(Direction))
        if (self.bias_ih is None) != (self.bias_hh is None):
            raise ShapeError(
                "got one of bias_ih and bias_hh, expected both or neither; pass zeros as the other"
            )
        parameters = self.parameters()
        # `parameters` leaves out None, which neither of these may be.
        required = {"weight_ih": self.weight_ih, "weight_hh": self.weight_hh}
        check_arrays(**required | parameters)
        if any(array.size == 0 or array.ndim == 0 for array in parameters.values()):
            raise ShapeError(
                f"got weight_ih of shape {self.weight_ih.shape}, expected "
                "sizes of at least 1; there is nothing to compute"
            )
        size = self.weight_hh.shape[-1]
        units = size if self.weight_hr is None else self.weight_hr.shape[-1]
        rows = 4 * units
        expected = {
            "weight_ih": (rows, self.weight_ih.shape[-1]),
            "weight_hh": (rows, size),
            "bias_ih": (rows,),
            "bias_hh": (rows,),
            "weight_hr": (size, units),
        }
        for name, array in self.parameters().items():
            if array.shape != expected[name]:
                raise ShapeError(
                    f"{name} has shape {array.shape}, expected {expected[name]} next to "
                    f"weight_hh of shape {self.weight_hh.shape}; pass the tensors of one layer "
                    "and direction"
                )

    @property
    def input_size(self) -> int:
        """Number of input features."""
        return int(self.weight_ih.shape[1])

    @property
    def hidden_size(self) -> int:
        """Number of units, the length of c."""
        return len(self.weight_ih) // 4

    @property
    def proj_size(self) -> int:
        """The length of h with a projection, otherwise 0."""
        return 0 if self.weight_hr is None else len(self.weight_hr)

    @property
    def size(self) -> int:
        """The length of h: proj_size with a projection, otherwise hidden_size."""
        return self.proj_size or self.hidden_size

    @property
    def bias(self) -> Array:
        """The sum of both biases; zeros without bias."""
        if self.bias_ih is None or self.bias_hh is None:
            return np.zeros(len(self.weight_ih), self.weight_ih.dtype)
        return self.bias_ih + self.bias_hh

    @property
    def suffix(self) -> str:
        """The suffix of parameter names in `nn.LSTM`, such as `_l1_reverse`."""
        suffix = f"_l{self.layer}"
        return f"{suffix}_reverse" if self.direction == "reverse" else suffix

    def parameters(self) -> dict[str, Array]:
        """The tensors that exist, in the order of `named_parameters()`."""
        named = {
            "weight_ih": self.weight_ih,
            "weight_hh": self.weight_hh,
            "bias_ih": self.bias_ih,
            "bias_hh": self.bias_hh,
            "weight_hr": self.weight_hr,
        }
        return {name: a for name, a in named.items() if a is not None}

    def row(self, gate: str, unit: int) -> int:
        """The index of the row for one gate of one unit.

        Raises:
            UsageError: If there is no such gate or unit.

        >>> weights = Weights(np.zeros((8, 3)), np.zeros((8, 2)))
        >>> [weights.row(gate, unit=1) for gate in GATES]
        [1, 3, 5, 7]
        """
        check_known("gate", gate, GATES)
        if not is_whole_number(unit) or not 0 <= unit < self.hidden_size:
            raise UsageError(
                f"got unit={quoted(unit)}, expected a whole number from 0 to "
                f"{self.hidden_size - 1}; choose another"
            )
        return GATES.index(gate) * self.hidden_size + unit


@dataclass(frozen=True, eq=False)
class Step:
    """Every tensor of one time step, named as in the equations.

    Each has the shape `(batch, hidden_size)`, with three exceptions. `x` has
    `(batch, input_size)`. The products `ih = x @ weight_ih.T` and `hh = h_prev
    @ weight_hh.T` have `(batch, 4*hidden_size)`. With a projection, `h_prev`
    and `h` have `(batch, proj_size)`.

    Attributes:
        t: The step, counted from 0; it indexes `output`.
        layer: The layer, counted from 0.
        direction: `forward` or `reverse`; in reverse, the previous step is `t +
            1`.
        scale: The largest sum of the absolute values of the addends of any
            result: of the products and biases of a row, of `f*c_prev` and
            `i*g`, and of the products of a projection. The rounding error of a
            result is at most proportional to it.
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


class Clock(NamedTuple):
    """When the steps are: at equal intervals, or each at a time of its own.

    Attributes:
        step_seconds: The duration of a step in seconds; 0 if it is unknown.
        times: The time of each step as typed; empty if a duration is given.
    """

    step_seconds: float = 0.0
    times: tuple[str, ...] = ()


def are_times(tokens: Sequence[str]) -> bool:
    """Whether tokens are numbers that grow, so they are times rather than words.

    >>> are_times(["0.0", "0.0", "0.1"]), are_times(["2", "1"]), are_times(["7", "7"])
    (True, False, False)
    >>> are_times(["0", "a"]), are_times([])
    (False, False)
    """
    try:
        numbers = [float(token) for token in tokens]
    except ValueError:
        return False
    return all(map(math.isfinite, numbers)) and numbers == sorted(numbers) and len({*numbers}) > 1


@dataclass(frozen=True, eq=False)
class Trace:
    """A run over a sequence, with what the module returns.

    Attributes:
        weights: One entry for each layer and direction, in PyTorch's order:
            layer 0 forward, layer 0 reverse, layer 1 forward, and so on.
        x: The input, shape `(seq_len, batch, input_size)`.
        steps: Every step of every layer and direction, in the order of
            `weights`, then of `t`.
        output: Shape `(seq_len, batch, directions*size)`, where `size` is
            hidden_size, or proj_size with a projection.
        h_n: Shape `(num_layers*directions, batch, size)`.
        c_n: Shape `(num_layers*directions, batch, hidden_size)`.
        h_0: The initial hidden state, in the shape of `h_n`.
        c_0: The initial cell state, in the shape of `c_n`.
        batch_sizes: For a packed sequence, how many sequences each step has.
        kind: The class of the module, `LSTM` or `LSTMCell`.
        origin: Where the tensors come from.
        tokens: The token of each step of the first sequence, in the order of
            `x`; empty if steps have no tokens.
        clock: When these steps are, for figures that have an axis of time.
        labels: Conditions on these steps: for each its name, and whether it is
            true at each step.
        earlier: Runs of earlier checkpoints on the same input, oldest first.

    If the trace was captured from a module, `output`, `h_n` and `c_n` have the
    shapes that the module returned. For a packed sequence, `x` and `output` are
    the packed data, `(sum of batch_sizes, features)`. Each step then has only
    the sequences that reach it, and its states are sorted by length.
    """

    weights: tuple[Weights, ...]
    x: Array
    steps: tuple[Step, ...]
    output: Array
    h_n: Array
    c_n: Array
    h_0: Array
    c_0: Array
    batch_sizes: tuple[int, ...] | None = None
    kind: Literal["LSTM", "LSTMCell"] = "LSTM"
    origin: Origin = field(default_factory=Origin)
    tokens: tuple[str, ...] = ()
    clock: Clock | None = None
    labels: tuple[tuple[str, tuple[bool, ...]], ...] = ()
    earlier: tuple["Trace", ...] = ()

    def __repr__(self) -> str:
        return f"<Trace of {self.module} over {self.step_count} steps>"

    def _repr_html_(self) -> str:
        """The display in a notebook: each tensor, and how large its values are."""
        rows = [("x", self.x), ("output", self.output)]
        rows += [("h_n", self.h_n), ("c_n", self.c_n)]
        for k, weights in enumerate(self.weights):
            for name in ("i", "f", "g", "o", "c"):
                # In a packed batch, later steps have fewer sequences.
                steps = [getattr(step, name) for step in self.part(k)]
                rows.append((f"{name}{weights.suffix}", np.concatenate(steps)))
        head = "".join(f"<th scope=col>{name}</th>" for name in ("", "shape", "min", "max"))
        body = "".join(
            f"<tr><th scope=row>{name}</th><td>{array.shape}</td>"
            f"<td>{array.min():.3g}</td><td>{array.max():.3g}</td></tr>"
            for name, array in rows[:MAX_ROWS]
        )
        return (
            f"<table><caption>{escape(repr(self))}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )

    @property
    def step_count(self) -> int:
        """The number of steps of the sequence; `steps` has them for each layer and direction."""
        return len(self.steps) // len(self.weights)

    @property
    def bidirectional(self) -> bool:
        """Whether there are two directions."""
        return self.weights[-1].direction == "reverse"

    @property
    def num_layers(self) -> int:
        """Number of layers."""
        return self.weights[-1].layer + 1

    @property
    def module(self) -> str:
        """The constructor call of the module, such as `LSTM(3, 2, num_layers=2)`."""
        return signature(self.weights, self.kind)

    @property
    def step_names(self) -> tuple[str, ...]:
        """The token or the time of each step; empty if neither is given."""
        return self.tokens or (self.clock.times if self.clock else ())

    def timed(self, step_seconds: object) -> "Trace":
        """The same run, with steps of a duration.

        Raises:
            UsageError: If the duration is no positive number.
        """
        if step_seconds is None:
            return self
        if (
            isinstance(step_seconds, bool)
            or not isinstance(step_seconds, int | float)
            or not 0 < step_seconds < math.inf
        ):
            raise UsageError(
                f"got step_seconds={quoted(step_seconds)}, expected the seconds of a step, above "
                "zero; pass a number"
            )
        return replace(self, clock=Clock(float(step_seconds)))

    def named(self, tokens: Sequence[str], *, is_text: bool = False) -> "Trace":
        """The same run, with a token for each step, or a time if all are numbers that grow.

        Args:
            tokens: One token for each step, in the order of `x`; or none.
            is_text: Whether they are the characters of a text, never times.

        Raises:
            UsageError: If one is not a string, their number differs from the
                number of steps, or they are too long for a figure.

        >>> from .lstm import run
        >>> weights = Weights(np.zeros((4, 1)), np.zeros((4, 1)))
        >>> run(weights, np.zeros((3, 1, 1))).named(["a", "cat", "sat"]).tokens
        ('a', 'cat', 'sat')
        """
        if not isinstance(tokens, Sequence):
            raise UsageError(
                f"got {quoted(tokens)} as tokens, expected a list of strings, "
                "one for each step; pass one"
            )
        names = tuple(tokens)
        for name in names:
            if not isinstance(name, str):
                raise UsageError(
                    f"got {type(name).__name__} among the tokens, expected strings; replace it"
                )
        # The tokens are stored in the figure's file, with escapes. Quotes do not count.
        length = sum(len(repr(name)) - 2 for name in names)
        if length > MAX_TOKEN_CHARS:
            raise UsageError(
                f"got tokens of {length:,} characters in all, expected at most "
                f"{MAX_TOKEN_CHARS:,}, because a figure's file contains them; shorten them, or "
                "choose fewer steps"
            )
        if names and len(names) != self.step_count:
            advice = "leave some out or add some"
            if self.step_count == 1 and len(names) == len(self.steps[0].x):
                advice = (
                    f"the first axis of an input is time, and these are {len(names)} "
                    "sequences: transpose it with x.transpose(0, 1)"
                )
            raise UsageError(
                f"got {len(names)} tokens, expected {self.step_count}, one for each step; {advice}"
            )
        if not is_text and are_times(names):
            return replace(self, clock=Clock(times=names))
        return replace(self, tokens=names)

    def index(self, layer: int, direction: Direction) -> int:
        """The index of a layer and direction in `weights`, `h_n` and `c_n`.

        Raises:
            UsageError: If the module has no such layer or direction.
        """
        check_known("direction", direction, get_args(Direction))
        for index, weights in enumerate(self.weights if is_whole_number(layer) else ()):
            if (weights.layer, weights.direction) == (layer, direction):
                return index
        raise UsageError(
            f"got layer {quoted(layer)}, {direction}, expected layer 0"
            f"{f' to {self.num_layers - 1}' if self.num_layers > 1 else ''}, "
            f"{'forward or reverse' if self.bidirectional else 'forward'}, "
            f"for {self.module}; choose one of these"
        )

    def part(self, index: int) -> tuple[Step, ...]:
        """The steps of one layer and direction, in the order of processing.

        Args:
            index: The index in `weights`.

        Raises:
            UsageError: If there is no such index.
        """
        if not is_whole_number(index) or not 0 <= index < len(self.weights):
            raise UsageError(
                f"got index={quoted(index)}, expected a whole number from 0 "
                f"to {len(self.weights) - 1}; choose another"
            )
        count = self.step_count
        steps = self.steps[index * count : (index + 1) * count]
        reverse = self.weights[index].direction == "reverse"
        return steps[::-1] if reverse else steps

    def writes(
        self,
        layer: int = 0,
        direction: Direction = "forward",
        units: Sequence[int] | None = None,
        sample: int = 0,
    ) -> Array:
        """What each step, and the initial state, still contributes to c.

        Args:
            layer: The layer, counted from 0.
            direction: `forward` or `reverse`.
            units: The units; all by default.
            sample: Which sequence of a batch, counted from 0.

        Returns:
            An array of float64, shape `(steps, 1 + steps, units)`, with steps
            in the order of processing. `writes[t, 0]` is what the initial state
            contributes to c after step `t`, and `writes[t, 1 + k]` what step
            `k` wrote and later forget gates left of it. A row adds up to c up
            to the rounding of the run: 4 times the machine epsilon of its
            dtype, times the sum of |f·c_prev| + |i·g| over the steps so far.

        Raises:
            UsageError: If there is no such layer, unit or sequence, or the
                array would have more than 50 million numbers.

        >>> from .lstm import run
        >>> weights = Weights(np.ones((4, 1)), np.zeros((4, 1)))
        >>> run(weights, np.ones((2, 1, 1))).writes()[:, :, 0].round(2).tolist()
        [[0.0, 0.56, 0.0], [0.0, 0.41, 0.56]]
        """
        index = self.index(layer, direction)
        steps, size = self.part(index), self.weights[index].hidden_size
        # Shorter sequences of a packed batch are not run at all steps.
        count = min(len(step.c) for step in steps)
        if not is_whole_number(sample) or not 0 <= sample < count:
            raise UsageError(
                f"got sample={quoted(sample)}, expected a whole number from 0 to "
                f"{count - 1}, the sequences that reach every step; choose another"
            )
        chosen = [*range(size)] if units is None else units
        is_list = isinstance(chosen, Sequence) and not isinstance(chosen, str)
        if not is_list or not all(is_whole_number(unit) and 0 <= unit < size for unit in chosen):
            raise UsageError(
                f"got units={quoted(units)}, expected a list of whole numbers from 0 to "
                f"{size - 1}; choose some of these"
            )
        if (numbers := len(steps) * (len(steps) + 1) * len(chosen)) > MAX_WRITES:
            raise UsageError(
                f"got {len(steps)} steps and {len(chosen)} units, whose writes are {numbers:,} "
                f"numbers, expected at most {MAX_WRITES:,}; choose fewer units"
            )
        columns = [*chosen]
        written = [np.multiply(step.i[sample, columns], step.g[sample, columns]) for step in steps]
        return split(
            np.array([step.f[sample, columns] for step in steps]),
            np.array([steps[0].c_prev[sample, columns], *written]),
            range(len(steps)),
        )


def signature(weights: tuple[Weights, ...], kind: str, batch_first: bool = False) -> str:
    """The constructor call of a module, with only the arguments that differ from defaults.

    Args:
        weights: One entry for each layer and direction.
        kind: `LSTM` or `LSTMCell`.
        batch_first: The argument of the module.

    >>> zeros = np.zeros((8, 3), np.float32), np.zeros((8, 2), np.float32)
    >>> signature((Weights(*zeros),), "LSTM")
    'LSTM(3, 2, bias=False)'
    """
    first, last = weights[0], weights[-1]
    arguments = [str(first.input_size), str(first.hidden_size)]
    if last.layer > 0:
        arguments.append(f"num_layers={last.layer + 1}")
    if first.bias_ih is None:
        arguments.append("bias=False")
    if batch_first:
        arguments.append("batch_first=True")
    if last.direction == "reverse":
        arguments.append("bidirectional=True")
    if first.proj_size > 0:
        arguments.append(f"proj_size={first.proj_size}")
    if first.weight_ih.dtype == np.float64:
        arguments.append("dtype=torch.float64")
    return f"{kind}({', '.join(arguments)})"
