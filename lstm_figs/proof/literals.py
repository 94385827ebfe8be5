"""Tensors as Python code that recreates them."""

from dataclasses import replace

import numpy as np

from ..model.origin import Origin, Readout
from ..model.plain_rnn import Plain
from ..model.tensors import Array, Trace, Weights, signature
from .digits import exact

LITERALS = 1000
"""The most numbers that a preamble writes as literals."""


def count(trace: Trace) -> int:
    """How many numbers `full_setup` would write as literals."""
    return trace.x.size + sum(
        array.size for weights in trace.weights for array in weights.parameters().values()
    )


def source_setup(trace: Trace) -> Trace:
    """A run of `lf.run` with a setup that recreates its tensors, if they are few."""
    types = {a.dtype for a in (trace.x, trace.h_0, trace.c_0)}
    types |= {a.dtype for weights in trace.weights for a in weights.parameters().values()}
    # torch needs all tensors to have one dtype.
    if trace.origin != Origin() or len(types) > 1 or count(trace) > LITERALS:
        return trace
    return replace(trace, origin=Origin(setup=full_setup(trace)))


def tokens(trace: Trace) -> str:
    """Python that defines `tokens`, the token of each step."""
    if trace.origin.text:
        return "tokens = list(text)"
    return f"tokens = [{', '.join(map(text, trace.tokens))}]"


def times(trace: Trace) -> str:
    """Python that defines `times`: of each step, or when steps begin and end in seconds."""
    if trace.clock and trace.clock.step_seconds:
        return (
            f"times = torch.arange(len(x) + 1, dtype=torch.float64) * {trace.clock.step_seconds!r}"
        )
    return f"times = [{', '.join(map(text, trace.step_names))}]"


def full_setup(trace: Trace) -> str:
    """Python that defines the module, the input and the initial state."""
    return "\n".join(
        [
            build_module(trace.weights, trace.kind),
            f"x = {_input(trace)}",
            first_state(trace.h_0, trace.c_0),
        ]
    )


def _input(trace: Trace) -> str:
    """Python that makes the input, packed if it was."""
    data = _tensor(_rows(trace.x), trace.x)
    if trace.batch_sizes is None:
        return data
    sizes = f"torch.tensor({list(trace.batch_sizes)})"
    return f"torch.nn.utils.rnn.PackedSequence({data}, {sizes})"


def build_module(stack: tuple[Weights, ...], kind: str = "LSTM") -> str:
    """Python that builds `lstm` or `cell` from literals."""
    cell = kind == "LSTMCell"
    variable = "cell" if cell else "lstm"
    lines = [
        f"{variable} = torch.nn.{signature(stack, kind)}",
        f"{variable}.load_state_dict({{",
        *(
            f'    "{name}{"" if cell else weights.suffix}": {_tensor(_rows(array), array)},'
            for weights in stack
            for name, array in weights.parameters().items()
        ),
        "})",
    ]
    return "\n".join(lines)


def build_plain(layer: Plain) -> str:
    """Python that builds the plain RNN `rnn` from literals."""
    units, inputs = layer.weight_ih.shape
    return "\n".join(
        [
            f"rnn = torch.nn.RNN({inputs}, {units})",
            "rnn.load_state_dict({",
            *(
                f'    "{name}_l0": {_tensor(_rows(array), array)},'
                for name, array in layer.parameters().items()
            ),
            "})",
        ]
    )


def build_readout(readout: Readout) -> str:
    """Python that builds `readout` from literals."""
    answers, size = readout.weight.shape
    bias = ", bias=False" if readout.bias is None else ""
    return "\n".join(
        [
            f"readout = torch.nn.Linear({size}, {answers}{bias})",
            "readout.load_state_dict({",
            *(
                f'    "{name}": {_tensor(_rows(array), array)},'
                for name, array in readout.parameters().items()
            ),
            "})",
        ]
    )


def first_state(h_0: Array, c_0: Array) -> str:
    """Python that defines the initial state of a run."""
    if h_0.any() or c_0.any():
        return "\n".join(
            f"{name} = {_tensor(literal(array), array)}"
            for name, array in (("h_0", h_0), ("c_0", c_0))
        )
    h_zeros, c_zeros = (
        f"torch.zeros({', '.join(map(str, array.shape))}{dtype(array)})" for array in (h_0, c_0)
    )
    if h_zeros == c_zeros:
        return f"h_0 = c_0 = {h_zeros}"
    return f"h_0, c_0 = {h_zeros}, {c_zeros}"


def text(string: str) -> str:
    r"""A string literal, in double quotes if no escapes are needed.

    >>> print(text("it's"), text('a "b"'), text(chr(10)))
    "it's" 'a "b"' "\n"
    """
    # repr uses double quotes for a string with an apostrophe.
    return repr(string) if '"' in string else f'"{repr(chr(39) + string)[2:]}'


def literal(array: Array) -> str:
    """An array as nested Python lists that parse to the same values.

    >>> literal(np.array([[0.5, -1], [0, 2]], np.float32))
    '[[0.5, -1.0], [0.0, 2.0]]'
    >>> literal(np.array([np.nan, -np.inf]))
    "[float('nan'), float('-inf')]"
    """
    if array.ndim:
        return f"[{', '.join(map(literal, array))}]"
    text = exact(array[()])
    return text if np.isfinite(array) else f"float('{text}')"


def _rows(array: Array) -> str:
    """A literal with one line for each row of a matrix."""
    if array.ndim == 1:
        return literal(array)
    return "[\n" + "".join(f"        {literal(r)},\n" for r in array) + "    ]"


def _tensor(written: str, array: Array) -> str:
    return f"torch.tensor({written}{dtype(array)})"


def dtype(array: Array) -> str:
    """The `dtype` argument, if the type is not torch's default."""
    return ", dtype=torch.float64" if array.dtype == np.float64 else ""
