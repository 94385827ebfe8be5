"""What `four-weights` quotes."""

import torch

from tests.site.facts.common import close, randn


def multiplies_a_column() -> bool:
    """Whether the product with a column is that of the layer with a row."""
    layer, x = torch.nn.Linear(3, 5, bias=False), randn(3)
    return close((layer.weight @ x[:, None]).T, layer(x[None]))
