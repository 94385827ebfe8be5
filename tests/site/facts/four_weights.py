"""What `four-weights` quotes."""

import torch

from tests.site.facts.common import randn


def multiplies_a_column() -> bool:
    """Whether the product with a column is that of the layer with a row."""
    layer, x = torch.nn.Linear(3, 5, bias=False), randn(3)
    return torch.allclose((layer.weight @ x[:, None]).T, layer(x[None]))


def is_silenced_by_a_gate_alone() -> bool:
    """Whether a gate brings both of two opposite values to zero.

    What is added to both of their sums does not.
    """
    sums = torch.tensor([2.0, -2.0])
    moved = (sums + torch.linspace(-9, 9, 181)[:, None]).tanh()
    return bool((moved.abs().amax(1) > 0.9).all()) and not (0 * sums).any()
