"""Traces of live modules, and modules made from a seed."""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import torch

from .. import literals
from ..errors import ShapeError, UnsupportedModule
from ..lstm import run
from ..origin import Origin
from ..tensors import Array, Direction, Trace, Weights
from .compare import verify

REFUSED = (AttributeError, IndexError, RuntimeError, TypeError, ValueError)
"""What torch raises for an input that does not fit."""


class Seeded(NamedTuple):
    """What a seed gave."""

    weights: Weights
    x: Array
    torch: str


def version() -> str:
    """The version of torch, without the name of its build."""
    return str(torch.__version__).partition("+")[0]


def seeded(
    input_size: int, hidden_size: int, seed: int, seq_len: int, batch_size: int
) -> Seeded:
    """Make `torch.nn.LSTM` and an input from a seed.

    torch's own random state is as before afterwards.

    Returns:
        The weights, the input of shape `(seq_len, batch_size, input_size)`
        and torch's version.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module = torch.nn.LSTM(input_size, hidden_size)
        x = torch.randn(seq_len, batch_size, input_size)
    return Seeded(weights_of(module)[0], x.numpy(), version())


def weights_of(module: Any) -> tuple[Weights, ...]:
    """The parameters of a module, copied; an entry a layer and direction.

    Args:
        module: An `LSTMCell` or an `LSTM`, in float32.

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
        if parameter.dtype != torch.float32:
            raise UnsupportedModule(
                f"got {name} of {parameter.dtype}, expected torch.float32; "
                "convert the module with .float()"
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
        module: An `LSTMCell` or an `LSTM`, in float32.
        x: The input as the module takes it.
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
    output, h_n, c_n = _call(module, x, hx)

    # Ours is always (seq_len, batch, features), states (parts, batch, size).
    batched = x.dim() == (2 if cell else 3)
    sequence = x if batched else x.unsqueeze(0 if cell else 1)
    if cell:
        sequence = sequence.unsqueeze(0)
    elif module.batch_first and batched:
        sequence = sequence.transpose(0, 1)
    batch = sequence.shape[1]
    sizes = (stack[0].proj_size or stack[0].hidden_size, stack[0].hidden_size)
    first = [
        np.zeros((len(stack), batch, size), np.float32)
        if hx is None
        else _array(tensor).reshape(len(stack), batch, size)
        for size, tensor in zip(sizes, hx or (None, None), strict=True)
    ]
    trace = run(stack, _array(sequence), *first)
    theirs = [_array(tensor) for tensor in (output, h_n, c_n)]
    swap = not cell and module.batch_first and batched
    trace = replace(
        trace,
        output=theirs[0].swapaxes(0, 1) if swap else theirs[0],
        h_n=theirs[1],
        c_n=theirs[2],
        kind="LSTMCell" if cell else "LSTM",
    )
    verify(trace)
    setup = (
        literals.whole_setup(trace)
        if literals.count(trace) <= literals.LITERALS
        else _own_setup(module, batched, hx is not None, trace)
    )
    label = f"A live module, torch {version()}."
    return replace(
        trace,
        output=theirs[0],
        origin=Origin(label, setup, torch=version()),
    )


def _call(module: Any, x: Any, hx: Any) -> tuple[Any, Any, Any]:
    """What the module returns: output, h_n and c_n; a cell's output is h."""
    if not isinstance(x, torch.Tensor) or x.dtype != torch.float32:
        got = getattr(x, "dtype", type(x).__name__)
        raise UnsupportedModule(
            f"got an input of {got}, expected a float32 tensor; convert it"
        )
    try:
        with torch.no_grad():
            returned = module(x, hx) if hx is not None else module(x)
    except REFUSED as error:
        raise ShapeError(
            f"{type(module).__name__} refused the input of shape "
            f"{tuple(x.shape)} ({str(error).splitlines()[0]}); "
            "pass it as the module takes it"
        ) from error
    if isinstance(module, torch.nn.LSTMCell):
        return returned[0], *returned
    return returned[0], *returned[1]


def _own_setup(module: Any, batched: bool, given: bool, trace: Trace) -> str:
    """Python for a module that is too large to be spelt out."""
    lines = ["# `module`, `x` and `hx` are your own." if given else
             "# `module` and `x` are your own."]  # fmt: skip
    if trace.kind == "LSTMCell":
        lines += [
            "cell = module",
            "x = x[None]" if batched else "x = x[None, None]",
        ]
    elif module.batch_first:
        lines += [
            "import copy",
            "lstm = copy.deepcopy(module)",
            "lstm.batch_first = False",
            "x = x.transpose(0, 1)" if batched else "x = x[:, None]",
        ]
    else:
        lines += ["lstm = module"] + ([] if batched else ["x = x[:, None]"])
    shapes = [tuple(state.shape) for state in trace.first()]
    lines.append(
        f"h_0, c_0 = hx[0].reshape{shapes[0]}, hx[1].reshape{shapes[1]}"
        if given
        else f"h_0, c_0 = torch.zeros{shapes[0]}, torch.zeros{shapes[1]}"
    )
    return "\n".join(lines)


def _array(tensor: Any) -> Array:
    array: Array = tensor.detach().cpu().numpy().copy()
    return array
