import torch

from tests.doc_scripts import load
from tests.site.facts.common import module, randn


def chunks_go_on_in_their_columns():
    sales = torch.arange(168 * 5).view(168, 5)
    chunks = load("forecast").chunks(sales, sales >= 0)
    return torch.equal(torch.cat([today for today, _, _ in chunks]), sales[:-1])


@torch.no_grad()
def c_outlasts_h():
    """Whether `c_0` is still in `c`, and `h_0` is not, if no gate reads `h`."""
    lstm, x, zeros = module(), randn(4, 1, 3), torch.zeros(1, 1, 2)
    lstm.weight_hh_l0.zero_()
    plain, of_h, of_c = (
        lstm(x, state)[1][1] for state in (None, (zeros + 1, zeros), (zeros, zeros + 1))
    )
    z = x @ lstm.weight_ih_l0.T + lstm.bias_ih_l0 + lstm.bias_hh_l0
    factors = z.chunk(4, dim=2)[1].sigmoid().prod(dim=0)
    return torch.equal(of_h, plain) and torch.allclose(of_c - plain, factors[None], atol=1e-6)
