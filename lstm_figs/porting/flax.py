"""Flax: `flax.linen.OptimizedLSTMCell`, with the same tensors as `LSTMCell`.

Each gate has its own transposed matrices and one bias, stored with the
recurrent matrix. Flax models name their cells themselves; here the names end
like PyTorch's, such as `cell_l0_reverse`.
"""

from collections.abc import Sequence

import numpy as np

from ..model.tensors import GATES, Array, Weights
from .target import Target, Tensors, checked_tensor, split_bias


def write(parts: Sequence[Weights]) -> dict[str, Array]:
    """The tensors of a layer.

    Returns:
        For each direction and each gate, here `f`: `if/kernel` of shape
        `(input_size, hidden_size)`, `hf/kernel` of shape `(hidden_size,
        hidden_size)`, and `hf/bias` of shape `(hidden_size,)`, which is zero
        without bias.

    >>> one = Weights(np.ones((8, 3)), np.ones((8, 2)), np.ones(8), np.ones(8))
    >>> ported = write([one])
    >>> ported["cell_l0/if/kernel"].shape
    (3, 2)
    >>> len(ported), ported["cell_l0/hf/bias"].tolist()
    (12, [2.0, 2.0])
    """
    tensors = {}
    for part in parts:
        # A gate's rows are a band of PyTorch's matrices.
        for band, gate in enumerate(GATES):
            rows = slice(band * part.hidden_size, (band + 1) * part.hidden_size)
            for name, array in (
                (f"i{gate}/kernel", part.weight_ih[rows].T),
                (f"h{gate}/kernel", part.weight_hh[rows].T),
                (f"h{gate}/bias", part.bias[rows]),
            ):
                tensors[f"cell{part.suffix}/{name}"] = array
    return tensors


def read(tensors: Tensors, layer: int, input_size: int | None) -> list[Weights]:
    """The directions of a layer.

    Raises:
        InputError: If a tensor is missing.
        ShapeError: If one does not fit the others.

    >>> one = Weights(np.ones((8, 3)), np.ones((8, 2)), np.ones(8), np.ones(8))
    >>> (again,) = read(write([one]), 0, None)
    >>> again.weight_ih.shape, again.bias_hh[0].item()
    ((8, 3), 0.0)
    """
    is_bidirectional = "cell_l0_reverse/ii/kernel" in tensors
    parts = []
    for reverse in (False, True) if is_bidirectional else (False,):
        cell = f"cell_l{layer}{'_reverse' * reverse}"
        units = len(checked_tensor(tensors, f"{cell}/hi/kernel", None, None))
        own_input_size = len(checked_tensor(tensors, f"{cell}/ii/kernel", input_size, units))
        weight_ih, weight_hh, bias = (
            np.concatenate(
                [checked_tensor(tensors, f"{cell}/{side}{gate}/{kind}", *shape).T for gate in GATES]
            )
            for side, kind, shape in (
                ("i", "kernel", (own_input_size, units)),
                ("h", "kernel", (units, units)),
                ("h", "bias", (units,)),
            )
        )
        parts.append(
            Weights(
                weight_ih, weight_hh, *split_bias(bias), layer, "reverse" if reverse else "forward"
            )
        )
    return parts


FLAX = Target(
    label="Flax",
    module="flax.linen.OptimizedLSTMCell",
    order="ifgo",
    letters=GATES,
    names=("i·/kernel", "h·/kernel", "h·/bias"),
    transposed=True,
    by_gate=True,
    has_one_bias=True,
    write=write,
    read=read,
    has_layer=lambda tensors, layer: f"cell_l{layer}/ii/kernel" in tensors,
    name_pattern=r"cell_l\d+(_reverse)?/.+",
)
"""The layout of Flax."""
