import torch

from tests.site.facts.common import close, randn


def multiplies_a_column() -> bool:
    layer, x = torch.nn.Linear(3, 5, bias=False), randn(3)
    return close((layer.weight @ x[:, None]).T, layer(x[None]))
