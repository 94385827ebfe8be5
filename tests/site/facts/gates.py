"""What pages say of a gate by its name, such as *forget gate*.

Its name is easily exchanged for that of another, and no listing would notice.
"""

import torch

from tests.site.facts.common import randn
from tests.site.facts.forget_bias import bands_that_keep


def is_second_alone() -> bool:
    """Whether the forget gates have the second of four bands, and no other."""
    return bands_that_keep() == [1]


def has_no_band_that_keeps_as_f() -> bool:
    """Whether no gate of a GRU, shut, clears what it had and nothing else.

    What is not kept is written; so there is no forget gate by itself, and none
    that shows.
    """
    gru, zero, full = torch.nn.GRU(1, 1), torch.zeros(1, 1, 1), torch.ones(1)
    with torch.no_grad():
        for parameter in gru.parameters():
            parameter.fill_(0)
        gru.bias_ih_l0[2] = 99  # the new value is one
        ends = []
        for gate in (0, 1):
            gru.bias_ih_l0[gate] = -99
            output, h_n = gru(zero, zero + 0.5)
            ends.append(h_n.item())
            assert torch.equal(output, h_n)
            gru.bias_ih_l0[gate] = 0
    return ends == [0.75, full.item()]


def keeps_where_z_is_large() -> bool:
    """Whether a large update gate of a GRU gives back what was there."""
    torch.manual_seed(0)
    gru, h = torch.nn.GRU(3, 2), randn(1, 1, 2)
    with torch.no_grad():
        gru.bias_ih_l0[2:4] = 99
        return torch.allclose(gru(randn(1, 1, 3), h)[1], h, atol=1e-6)


def is_open_with_a_large_bias() -> bool:
    return bool((torch.tensor([0.0, 1.0, 5.0]).sigmoid().diff() > 0).all())
