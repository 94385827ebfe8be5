"""Keras: `keras.layers.LSTM`, alone or in `keras.layers.Bidirectional`.

Its gates are named i, f, c, o. That is PyTorch's order, because Keras' c is g.
So both matrices are transposed, both biases are added, and nothing else
changes.
"""

from collections.abc import Sequence

from ..model.tensors import Array, Weights
from .target import Target, Tensors, checked_tensor, split_bias


def path(layer: int, reverse: bool, bidirectional: bool) -> str:
    """The default path of a layer's cell in Keras.

    >>> path(0, False, False), path(1, True, True)
    ('lstm/lstm_cell', 'bidirectional_1/backward_lstm_1/lstm_cell')
    """
    number = f"_{layer}" if layer else ""
    if not bidirectional:
        return f"lstm{number}/lstm_cell"
    direction = "backward" if reverse else "forward"
    return f"bidirectional{number}/{direction}_lstm{number}/lstm_cell"


def write(parts: Sequence[Weights]) -> dict[str, Array]:
    """The tensors of a layer.

    Returns:
        For each direction `kernel` of shape `(input_size, 4*hidden_size)`,
        `recurrent_kernel` of shape `(hidden_size, 4*hidden_size)`, and `bias`
        of shape `(4*hidden_size,)`, unless there is no bias (`use_bias=False`).

    >>> import numpy as np
    >>> one = Weights(np.ones((8, 3)), np.ones((8, 2)), np.ones(8), np.ones(8))
    >>> for name, array in write([one]).items():
    ...     print(name, array.shape)
    lstm/lstm_cell/kernel (3, 8)
    lstm/lstm_cell/recurrent_kernel (2, 8)
    lstm/lstm_cell/bias (8,)
    """
    tensors = {}
    for part in parts:
        cell = path(part.layer, part.direction == "reverse", len(parts) > 1)
        tensors[f"{cell}/kernel"] = part.weight_ih.T
        tensors[f"{cell}/recurrent_kernel"] = part.weight_hh.T
        if part.bias_ih is not None:
            tensors[f"{cell}/bias"] = part.bias
    return tensors


def read(tensors: Tensors, layer: int, input_size: int | None) -> list[Weights]:
    """The directions of a layer, recognized by tensor names.

    Raises:
        InputError: If a tensor is missing.
        ShapeError: If one does not fit the others.

    >>> import numpy as np
    >>> one = Weights(np.ones((8, 3)), np.ones((8, 2)), np.ones(8), np.ones(8))
    >>> (again,) = read(write([one]), 0, None)
    >>> again.bias_ih[0].item(), again.bias_hh[0].item()
    (2.0, 0.0)
    """
    is_bidirectional = _is_bidirectional(tensors)
    parts = []
    for reverse in (False, True) if is_bidirectional else (False,):
        cell = path(layer, reverse, is_bidirectional)
        units = len(checked_tensor(tensors, f"{cell}/recurrent_kernel", None, None))
        shape = units, 4 * units
        recurrent = checked_tensor(tensors, f"{cell}/recurrent_kernel", *shape)
        kernel = checked_tensor(tensors, f"{cell}/kernel", input_size, 4 * units)
        bias = (
            checked_tensor(tensors, f"{cell}/bias", 4 * units)
            if f"{cell}/bias" in tensors
            else None
        )
        parts.append(
            Weights(
                kernel.T, recurrent.T, *split_bias(bias), layer, "reverse" if reverse else "forward"
            )
        )
    return parts


def _is_bidirectional(tensors: Tensors) -> bool:
    return f"{path(0, False, True)}/kernel" in tensors


def _has_layer(tensors: Tensors, layer: int) -> bool:
    cell = path(layer, False, _is_bidirectional(tensors))
    return f"{cell}/kernel" in tensors


KERAS = Target(
    label="Keras",
    module="keras.layers.LSTM",
    order="ifgo",
    letters=("i", "f", "c", "o"),
    names=("kernel", "recurrent_kernel", "bias"),
    transposed=True,
    by_gate=False,
    has_one_bias=True,
    write=write,
    read=read,
    has_layer=_has_layer,
    name_pattern=r"(bidirectional(_\d+)?/\w+|lstm(_\d+)?)/lstm_cell/.+",
)
"""The layout of Keras."""
