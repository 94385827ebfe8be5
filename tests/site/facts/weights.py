"""What pages say of a weight or a bias by its name, such as `weight_hh`.

It is easily exchanged for that of its neighbour.
"""

import torch

from tests.site.facts.common import module, randn


def factor(name: str, **options: int) -> str:
    """What a weight is multiplied by: without it, this no longer matters."""
    lstm, x = module(3, 2, **options), randn(2, 1, 3)
    size = options.get("proj_size", 2)
    h, c = randn(1, 1, size), torch.zeros(1, 1, 2)
    with torch.no_grad():
        getattr(lstm, f"{name}_l0").zero_()
    output, _ = lstm(x[:1], (h, c))
    (result,) = [
        what
        for what, other in (("x", lstm(x[1:], (h, c))[0]), ("h", lstm(x[:1], (-h, c))[0]))
        if torch.equal(output, other)
    ]
    return result


def reads_x() -> bool:
    return factor("weight_ih") == "x"


def reads_h() -> bool:
    return factor("weight_hh") == "h"


def is_projected() -> bool:
    """Whether `weight_hr` makes each `h` of more numbers, at every step."""
    lstm = module(3, 4, proj_size=2)
    shape = lstm.weight_hr_l0.shape
    with torch.no_grad():
        lstm.weight_hr_l0.zero_()
    return shape == (2, 4) and not lstm(randn(5, 1, 3))[0].any()


def is_largest_where_wide() -> bool:
    """Whether `weight_hh` has most numbers of a layer with many units."""
    sizes = {k: v.numel() for k, v in module(64, 256).state_dict().items()}
    return max(sizes, key=sizes.__getitem__) == "weight_hh_l0"
