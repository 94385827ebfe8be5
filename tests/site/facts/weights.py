"""What pages say of a weight by its name, such as `weight_hh`.

It is easily exchanged for that of its neighbour.
"""

import torch

from tests.site.facts.common import module, randn


def factor(name):
    """What a weight is multiplied by: without it, this no longer matters."""
    lstm, x, h, c = module(), randn(2, 1, 3), randn(1, 1, 2), torch.zeros(1, 1, 2)
    getattr(lstm, f"{name}_l0").data.zero_()
    output, _ = lstm(x[:1], (h, c))
    others = {"x": lstm(x[1:], (h, c))[0], "h": lstm(x[:1], (-h, c))[0]}
    (result,) = [what for what, other in others.items() if torch.equal(output, other)]
    return result


def reads_x():
    return factor("weight_ih") == "x"


def reads_h():
    return factor("weight_hh") == "h"
