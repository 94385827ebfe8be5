import re

import numpy as np
import torch

from lstm_figs.capture.module import weights_of
from lstm_figs.porting import ORDERS, TARGETS
from tests.site.facts.common import filled, module
from tests.site.facts_of_pages import page


def bias_comes_back_with_zeros():
    weights, with_bias = weights_of(module(bias=False)), {}
    for name, target in TARGETS.items():
        bias = target.to_pytorch(target.to_target(weights))[0].bias_ih
        with_bias |= {name: np.any(bias)} if bias is not None else {}
    return with_bias == {"flax": False, "openvino": False}


def probed(start, band):
    """What a cell gives whose bias is large in one band."""
    cell, zero = filled(torch.nn.LSTMCell(1, 1), 0, bias_ih=10 * torch.eye(4)[band]), torch.zeros(1)
    return torch.cat(cell(zero, (zero, zero + start)))


def both_ways():
    return module(num_layers=2, bidirectional=True)


def ported(target):
    """What a library has of two layers in two directions."""
    return TARGETS[target].to_target(weights_of(both_ways()))


def port_goes_both_ways():
    expected = weights_of(both_ways())
    return all(
        np.array_equal(before.weight_hh, after.weight_hh)
        for name, target in TARGETS.items()
        for before, after in zip(expected, target.to_pytorch(ported(name)), strict=True)
    )


def table_matches_libraries():
    _, table = page("porting").text.split("| Order | Run | Read |\n")
    rows = {}
    for row in table.split("\n\n")[0].splitlines()[1:]:
        bare = re.sub(r"\[(\w[^]]*)\]\([^)]*\)|'s\b| by default", r"\1", row)
        order, *cells = (cell.strip() for cell in bare.split("|")[1:-1])
        libraries = [[n for n in re.split(r", |; | and ", cell) if n] for cell in cells]
        rows[order.replace(", ", "")] = libraries
    return rows == {"".join(o.order): [[*o.tested], [*o.documented]] for o in ORDERS}
