"""Tensors as the Python that makes them again."""

import numpy as np

from .digits import exact
from .lstm import Array, Trace, Weights

LITERALS = 1000
"""The most numbers that a preamble spells out."""


def count(trace: Trace) -> int:
    """How many numbers `whole_setup` would spell out."""
    arrays = trace.weights[0].parameters().values()
    return trace.x.size + sum(array.size for array in arrays)


def whole_setup(trace: Trace) -> str:
    """Python that makes the module, the input and the first state."""
    return "\n".join(
        [
            build_module(trace.weights[0], trace.kind),
            f"x = torch.tensor({_rows(trace.x)})",
            first_state(trace),
        ]
    )


def build_module(weights: Weights, kind: str = "LSTM") -> str:
    """Python that builds `lstm` or `cell` from literals."""
    variable, suffix = ("cell", "") if kind == "LSTMCell" else ("lstm", "_l0")
    bias = "" if weights.bias_ih is not None else ", bias=False"
    lines = [
        f"{variable} = torch.nn.{kind}({weights.input_size}, "
        f"{weights.hidden_size}{bias})",
        f"{variable}.load_state_dict({{",
        *(
            f'    "{name}{suffix}": torch.tensor({_rows(array)}),'
            for name, array in weights.parameters().items()
        ),
        "})",
    ]
    return "\n".join(lines)


def first_state(trace: Trace) -> str:
    """Python that makes the state which a run starts from."""
    h_0, c_0 = trace.steps[0].h_prev, trace.steps[0].c_prev
    if not h_0.any() and not c_0.any():
        return f"h_0 = c_0 = torch.zeros(1, {h_0.shape[0]}, {h_0.shape[1]})"
    return (
        f"h_0 = torch.tensor([{literal(h_0)}])\n"
        f"c_0 = torch.tensor([{literal(c_0)}])"
    )


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
