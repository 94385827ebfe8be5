"""What `projection` quotes."""

import warnings
from functools import partial
from typing import Any

import torch

from tests.processor import has_onednn
from tests.site.facts.common import module, randn


def reads_the_short_h() -> bool:
    """Whether each layer has as many columns for `h` as `h` is long."""
    unidirectional = module(3, 6, num_layers=2, proj_size=2)
    bidirectional = module(3, 6, num_layers=2, proj_size=2, bidirectional=True)
    return [
        unidirectional.weight_hh_l0.shape[1],
        unidirectional.weight_ih_l1.shape[1],
        bidirectional.weight_ih_l1.shape[1],
    ] == [2, 2, 2 * 2]


def refuses(units: int, size: int) -> bool:
    try:
        module(3, units, proj_size=size)
    except ValueError as error:
        return "has to be smaller" in str(error)
    return False


def is_projected_at_every_step() -> bool:
    """Whether each `h` that goes out is the product, and `c` stays long."""
    lstm, x = module(3, 6, proj_size=2), randn(4, 1, 3)
    output, (h, c) = lstm(x)
    _, (before, c_before) = lstm(x[:3])
    z = x[3] @ lstm.weight_ih_l0.T + lstm.bias_ih_l0 + lstm.bias_hh_l0
    i, f, g, o = (z + before[0] @ lstm.weight_hh_l0.T).chunk(4, dim=1)
    after = f.sigmoid() * c_before[0] + i.sigmoid() * g.tanh()
    projected = (o.sigmoid() * after.tanh()) @ lstm.weight_hr_l0.T
    return (
        torch.allclose(projected, output[3], atol=1e-6)
        and torch.allclose(after, c[0], atol=1e-6)
        and torch.equal(output[3], h[0])
    )


def runs_its_own_code() -> bool:
    """Whether no call of oneDNN is made, as it is without a projection."""
    uses_onednn = []
    for size in (0, 2):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with torch.profiler.profile() as profile:
                module(3, 6, proj_size=size)(randn(4, 1, 3))
        names = {event.key for event in profile.key_averages()}
        uses_onednn.append("aten::mkldnn_rnn_layer" in names)
    return uses_onednn == [has_onednn(), False]


NAMES = {
    24: "4 * hidden_size",
    6: "hidden_size",
    3: "input_size",
    2: "proj_size",
    5: "seq_len",
    7: "batch",
}
"""The sizes of `shaped` by their names, no two of which are equal."""


def shaped(tensor: str, names: dict[int, object]) -> str:
    """The shape of what a module has or returns, with names for sizes."""
    lstm = module(3, 6, proj_size=2)
    output, (h_n, c_n) = lstm(randn(5, 7, 3))
    has = {**lstm.state_dict(), "output": output, "h_n": h_n, "c_n": c_n}
    sizes = [str(names.get(size, size)) for size in has[tensor].shape]
    return f"({', '.join(sizes)}{',' * (len(sizes) == 1)})"


def row(*tensors: str, heads: str = "") -> tuple[Any, ...]:
    """A row of the table of shapes, whose listing has a batch of one."""
    code = ", ".join(f"`{tensor}`" for tensor in tensors)
    return (
        f"{heads}| {code} | `{{}}` | `{{}}` |",
        partial(shaped, tensors[-1], NAMES),
        partial(shaped, tensors[-1], {7: 1}),
    )
