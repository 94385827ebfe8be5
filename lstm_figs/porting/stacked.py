"""ONNX `LSTM` and OpenVINO `LSTMSequence`, whose first axis is the direction.

Both have PyTorch's rows with the gates in a different order. ONNX concatenates
both biases; OpenVINO stores their sum.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np

from ..model.tensors import Array, Weights
from .target import Target, Tensors, checked_tensor, in_order_of, in_torch_order, split_bias


def write(parts: Sequence[Weights], order: str, summed: bool) -> dict[str, Array]:
    """The tensors of a layer, whose names end like PyTorch's.

    Args:
        parts: The directions of the layer.
        order: The order of the gates, in PyTorch's letters.
        summed: Whether the biases are stored as their sum.

    Returns:
        `W_l0` of shape `(directions, 4*hidden_size, input_size)`, `R_l0` of
        shape `(directions, 4*hidden_size, hidden_size)`, and `B_l0` of shape
        `(directions, 8*hidden_size)`. A summed bias has half that length, and
        is zero if the module has no bias; otherwise `B_l0` is then omitted.

    >>> rows = np.arange(8.0)
    >>> one = Weights(rows[:, None], np.zeros((8, 2)), rows, 10 * rows)
    >>> onnx = write([one], "iofg", summed=False)
    >>> onnx["W_l0"].ravel().tolist(), onnx["B_l0"].shape
    ([0.0, 1.0, 6.0, 7.0, 2.0, 3.0, 4.0, 5.0], (1, 16))
    >>> write([one], "figo", summed=True)["B_l0"].tolist()
    [[22.0, 33.0, 0.0, 11.0, 44.0, 55.0, 66.0, 77.0]]
    """
    biases = [
        part.bias if summed else np.concatenate([part.bias_ih, part.bias_hh])
        for part in parts
        if summed or (part.bias_ih is not None and part.bias_hh is not None)
    ]
    stacks = {
        "W": [in_order_of(part.weight_ih, order) for part in parts],
        "R": [in_order_of(part.weight_hh, order) for part in parts],
        "B": [
            _reordered_biases(bias, 4 * part.hidden_size, order)
            for part, bias in zip(parts, biases, strict=False)
        ],
    }
    return {f"{name}_l{parts[0].layer}": np.stack(stack) for name, stack in stacks.items() if stack}


def _reordered_biases(bias: Array, rows: int, order: str) -> Array:
    """Reorder the gates of one bias, or of each of two."""
    parts = np.split(bias, len(bias) // rows)
    return np.concatenate([in_order_of(part, order) for part in parts])


def read(
    tensors: Tensors, layer: int, input_size: int | None, order: str, summed: bool
) -> list[Weights]:
    """The directions of a layer.

    Raises:
        InputError: If a tensor is missing.
        ShapeError: If one does not fit the others.

    >>> rows = np.arange(8.0)
    >>> one = Weights(rows[:, None], np.zeros((8, 2)), rows, 10 * rows)
    >>> onnx = write([one], "iofg", summed=False)
    >>> (again,) = read(onnx, 0, None, "iofg", summed=False)
    >>> again.bias_hh.tolist() == one.bias_hh.tolist()
    True
    """
    w, r, b = (f"{name}_l{layer}" for name in "WRB")
    directions, _, units = checked_tensor(tensors, r, None, None, None).shape
    rows = 4 * units
    # More than two directions are an error of the shape.
    checked_tensor(tensors, r, min(directions, 2), rows, units)
    checked_tensor(tensors, w, directions, rows, input_size)
    if b in tensors:
        checked_tensor(tensors, b, directions, rows if summed else 2 * rows)
    parts = []
    for k in range(directions):
        first, second = split_bias(None)
        if b in tensors:
            first, second = split_bias(in_torch_order(tensors[b][k, :rows], order))
            if not summed:
                second = in_torch_order(tensors[b][k, rows:], order)
        parts.append(
            Weights(
                weight_ih=in_torch_order(tensors[w][k], order),
                weight_hh=in_torch_order(tensors[r][k], order),
                bias_ih=first,
                bias_hh=second,
                layer=layer,
                direction="reverse" if k else "forward",
            )
        )
    return parts


def _target(label: str, module: str, order: str, summed: bool) -> Target:
    """A library that stores both directions in one array, such as ONNX."""
    letters = tuple("c" if gate == "g" else gate for gate in order)
    return Target(
        label=label,
        module=module,
        order=order,
        letters=letters,
        names=("W", "R", "B"),
        transposed=False,
        by_gate=False,
        has_one_bias=summed,
        write=partial(write, order=order, summed=summed),
        read=partial(read, order=order, summed=summed),
        has_layer=lambda tensors, layer: f"W_l{layer}" in tensors,
        name_pattern=r"[A-Z]_l\d+",
    )


ONNX = _target("ONNX", "the LSTM operator of ONNX", "iofg", summed=False)
"""The layout of ONNX."""
OPENVINO = _target("OpenVINO", "LSTMSequence of OpenVINO", "figo", summed=True)
"""The layout of OpenVINO."""
