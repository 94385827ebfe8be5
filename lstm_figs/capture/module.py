"""Traces of live modules, and modules made from a seed."""

from dataclasses import asdict, replace
from typing import Any, NamedTuple

import torch
from torch.nn.utils.rnn import PackedSequence

from .. import literals
from ..errors import ShapeError, UnsupportedModule
from ..form import Form
from ..lstm import run
from ..origin import Origin
from ..tensors import Array, Direction, Trace, Weights
from .compare import verify

REFUSED = (AttributeError, IndexError, RuntimeError, TypeError, ValueError)
"""What torch raises for an input that does not fit."""


class Seeded(NamedTuple):
    """What a seed gave."""

    stack: tuple[Weights, ...]
    x: Array
    torch: str


def version() -> str:
    """The version of torch, without the name of its build."""
    return str(torch.__version__).partition("+")[0]


def seeded(form: Form, seed: int, seq_len: int, batch_size: int) -> Seeded:
    """Make `torch.nn.LSTM` and an input from a seed.

    torch's own random state is as before afterwards.

    Returns:
        The weights, the input of shape `(seq_len, batch_size, input_size)`
        and torch's version.
    """
    sizes = asdict(form)
    dtype = getattr(torch, sizes.pop("dtype"))
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            module = torch.nn.LSTM(**sizes, dtype=dtype)
            x = torch.randn(seq_len, batch_size, form.input_size, dtype=dtype)
    except RuntimeError as error:
        # torch has no error of its own for this.
        if "allocate" in str(error):
            raise MemoryError(str(error)) from error
        raise
    return Seeded(weights_of(module), x.numpy(), version())


def weights_of(module: Any) -> tuple[Weights, ...]:
    """The parameters of a module, copied; an entry a layer and direction.

    Args:
        module: An `LSTMCell` or an `LSTM`, in float32 or float64.

    Raises:
        UnsupportedModule: If the module is of another form.
    """
    if not isinstance(module, torch.nn.LSTM | torch.nn.LSTMCell):
        raise UnsupportedModule(
            f"got {type(module).__name__}, expected torch.nn.LSTM or "
            "torch.nn.LSTMCell; pass the recurrent layer itself"
        )
    arrays: dict[str, Array] = {}
    for name, parameter in module.named_parameters():
        if parameter.dtype not in (torch.float32, torch.float64):
            raise UnsupportedModule(
                f"got {name} of {parameter.dtype}, expected torch.float32 or "
                "torch.float64; convert the module with .float()"
            )
        arrays[name] = _array(parameter)
    if isinstance(module, torch.nn.LSTMCell):
        return (_part(arrays, ""),)
    directions: tuple[Direction, ...] = ("forward", "reverse")
    return tuple(
        _part(
            arrays,
            f"_l{layer}" + "_reverse" * (direction == "reverse"),
            layer,
            direction,
        )
        for layer in range(module.num_layers)
        for direction in directions[: 1 + module.bidirectional]
    )


def _part(
    arrays: dict[str, Array],
    suffix: str,
    layer: int = 0,
    direction: Direction = "forward",
) -> Weights:
    return Weights(
        arrays[f"weight_ih{suffix}"],
        arrays[f"weight_hh{suffix}"],
        arrays.get(f"bias_ih{suffix}"),
        arrays.get(f"bias_hh{suffix}"),
        layer,
        direction,
        arrays.get(f"weight_hr{suffix}"),
    )


def capture(module: Any, x: Any, hx: Any = None) -> Trace:
    """Run a module and keep every intermediate result.

    Args:
        module: An `LSTMCell` or an `LSTM`, in float32 or float64.
        x: The input as the module takes it, a `PackedSequence` too.
        hx: The first state as the module takes it, zeros by default.

    Returns:
        A trace whose `output`, `h_n` and `c_n` are the module's own.

    Raises:
        UnsupportedModule: If the module or the input is of another form.
        ShapeError: If torch refuses the input.
        ProofError: If our equations and the module disagree.
    """
    stack = weights_of(module)
    cell = isinstance(module, torch.nn.LSTMCell)
    if not cell and module.training and module.dropout and len(stack) > 1:
        raise UnsupportedModule(
            f"got an LSTM in training with dropout={module.dropout}, expected "
            "one that gives the same result twice; call .eval() first"
        )
    output, h_n, c_n = (_array(tensor) for tensor in _call(module, x, hx))
    ours = _standard(module, x)
    trace = run(stack, ours.x, *_first(stack, ours, hx), ours.batch_sizes)
    theirs = (output, h_n, c_n)
    if ours.batch_first:
        theirs = (output.swapaxes(0, 1), h_n, c_n)
    elif ours.order is not None:
        theirs = (output, h_n[:, ours.order], c_n[:, ours.order])
    trace = replace(
        trace,
        output=theirs[0],
        h_n=theirs[1],
        c_n=theirs[2],
        kind="LSTMCell" if cell else "LSTM",
    )
    verify(trace)
    setup = (
        literals.whole_setup(trace)
        if literals.count(trace) <= literals.LITERALS
        else _own_setup(module, x, hx is not None, trace)
    )
    label = f"A live module, torch {version()}."
    return replace(
        trace,
        output=output,
        h_n=h_n,
        c_n=c_n,
        origin=Origin(label, setup, torch=version()),
    )


class _Standard(NamedTuple):
    """An input as we take it: time first, with a batch.

    Attributes:
        x: Shape `(seq_len, batch, input_size)`, or packed data.
        batch_sizes: Of a packed sequence.
        order: Of a packed sequence that was sorted, the order of its rows.
        batch_first: Whether the two first axes were swapped.
    """

    x: Array
    batch_sizes: tuple[int, ...] | None = None
    order: Array | None = None
    batch_first: bool = False


def _standard(module: Any, x: Any) -> _Standard:
    if isinstance(x, PackedSequence):
        order = x.sorted_indices
        return _Standard(
            _array(x.data),
            tuple(x.batch_sizes.tolist()),
            None if order is None else _array(order),
        )
    if isinstance(module, torch.nn.LSTMCell):
        return _Standard(_array(x if x.dim() == 2 else x[None])[None])
    if x.dim() == 2:
        return _Standard(_array(x.unsqueeze(1)))
    if module.batch_first:
        return _Standard(_array(x.transpose(0, 1)), batch_first=True)
    return _Standard(_array(x))


def _first(
    stack: tuple[Weights, ...], ours: _Standard, hx: Any
) -> tuple[Array | None, Array | None]:
    """The first states, `(parts, batch, size)` each, sorted as the rows."""
    if hx is None:
        return None, None
    states = []
    batch = ours.batch_sizes[0] if ours.batch_sizes else ours.x.shape[1]
    for tensor in hx:
        state = _array(tensor)
        state = state.reshape(len(stack), batch, state.shape[-1])
        states.append(state if ours.order is None else state[:, ours.order])
    return states[0], states[1]


def _call(module: Any, x: Any, hx: Any) -> tuple[Any, Any, Any]:
    """What the module returns: output, h_n and c_n; a cell's output is h."""
    cell = isinstance(module, torch.nn.LSTMCell)
    dtype = module.weight_ih.dtype if cell else module.weight_ih_l0.dtype
    tensor = x.data if isinstance(x, PackedSequence) else x
    if not isinstance(tensor, torch.Tensor) or tensor.dtype != dtype:
        got = getattr(tensor, "dtype", type(x).__name__)
        raise UnsupportedModule(
            f"got an input of {got}, expected a tensor of {dtype}, the "
            "module's type; convert it"
        )
    try:
        with torch.no_grad():
            returned = module(x, hx) if hx is not None else module(x)
    except REFUSED as error:
        raise ShapeError(
            f"{type(module).__name__} refused the input of shape "
            f"{tuple(tensor.shape)} ({str(error).splitlines()[0]}); "
            "pass it as the module takes it"
        ) from error
    if cell:
        return returned[0], *returned
    output, (h_n, c_n) = returned
    if isinstance(x, PackedSequence):
        output = output.data
    return output, h_n, c_n


def _own_setup(module: Any, x: Any, given: bool, trace: Trace) -> str:
    """Python for a module that is too large to be spelt out."""
    lines = ["# `module`, `x` and `hx` are your own." if given else
             "# `module` and `x` are your own."]  # fmt: skip
    packed = isinstance(x, PackedSequence)
    swapped = trace.kind == "LSTM" and module.batch_first
    if trace.kind == "LSTMCell":
        lines += [
            "cell = module",
            "x = x[None]" if x.dim() == 2 else "x = x[None, None]",
        ]
    elif swapped:
        lines += [
            "import copy",
            "lstm = copy.deepcopy(module)",
            "lstm.batch_first = False",
        ]
    else:
        lines.append("lstm = module")
    order = ""
    if packed:
        if x.sorted_indices is not None:
            order = "[:, order]"
            lines.append("order = x.sorted_indices")
        lines.append(
            "x = torch.nn.utils.rnn.PackedSequence(x.data, x.batch_sizes)"
        )
    elif trace.kind == "LSTM" and (swapped or x.dim() == 2):
        lines.append(
            "x = x.transpose(0, 1)" if x.dim() == 3 else "x = x[:, None]"
        )
    shapes = [state.shape for state in (trace.h_0, trace.c_0)]
    data = "x.data" if packed else "x"
    lines.append(
        f"h_0 = hx[0].reshape{shapes[0]}{order}\n"
        f"c_0 = hx[1].reshape{shapes[1]}{order}"
        if given
        else f"h_0 = {data}.new_zeros({shapes[0]})\n"
        f"c_0 = {data}.new_zeros({shapes[1]})"
    )
    return "\n".join(lines)


def _array(tensor: Any) -> Array:
    array: Array = tensor.detach().cpu().numpy().copy()
    return array
