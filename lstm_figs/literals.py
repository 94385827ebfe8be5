"""Tensors as the Python that makes them again."""

import numpy as np

from .digits import exact
from .tensors import Array, Trace, Weights, signature

LITERALS = 1000
"""The most numbers that a preamble spells out."""


def count(trace: Trace) -> int:
    """How many numbers `whole_setup` would spell out."""
    return trace.x.size + sum(
        array.size
        for weights in trace.weights
        for array in weights.parameters().values()
    )


def whole_setup(trace: Trace) -> str:
    """Python that makes the module, the input and the first state."""
    return "\n".join(
        [
            build_module(trace.weights, trace.kind),
            f"x = torch.tensor({_rows(trace.x)})",
            first_state(trace),
        ]
    )


def build_module(stack: tuple[Weights, ...], kind: str = "LSTM") -> str:
    """Python that builds `lstm` or `cell` from literals."""
    cell = kind == "LSTMCell"
    variable = "cell" if cell else "lstm"
    lines = [
        f"{variable} = torch.nn.{signature(stack, kind)}",
        f"{variable}.load_state_dict({{",
        *(
            f'    "{name}{"" if cell else one.suffix}": '
            f"torch.tensor({_rows(array)}),"
            for one in stack
            for name, array in one.parameters().items()
        ),
        "})",
    ]
    return "\n".join(lines)


def first_state(trace: Trace) -> str:
    """Python that makes the state which a run starts from."""
    h_0, c_0 = trace.first()
    if h_0.any() or c_0.any():
        return (
            f"h_0 = torch.tensor({literal(h_0)})\n"
            f"c_0 = torch.tensor({literal(c_0)})"
        )
    h_shape, c_shape = (", ".join(map(str, a.shape)) for a in (h_0, c_0))
    if h_shape == c_shape:
        return f"h_0 = c_0 = torch.zeros({h_shape})"
    return f"h_0, c_0 = torch.zeros({h_shape}), torch.zeros({c_shape})"


def literal(array: Array) -> str:
    """An array as nested Python lists that read back exactly.

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
    """A literal with a line for each row of a matrix."""
    if array.ndim == 1:
        return literal(array)
    return "[\n" + "".join(f"        {literal(r)},\n" for r in array) + "    ]"
