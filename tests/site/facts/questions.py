import torch
from torch.nn.utils.rnn import pack_padded_sequence

from tests.site.facts.common import filled, grad, module, randn, warned


def is_onednn(lengths=None, **options):
    """Whether oneDNN runs a call, by the name of its backward."""
    lstm, x = module(**options), randn(4, 2, 3).to(options.get("dtype"))
    results = []
    inputs = pack_padded_sequence(x, lengths) if lengths else x
    warned(lambda: results.append(lstm(inputs)[0]))
    return "Mkldnn" in (results[0].data if lengths else results[0]).grad_fn.name()


def grown_along_h(steps):
    """How much of a change of the first `h` is felt by one after so many."""
    h = torch.zeros(1, 1, 8, requires_grad=True)
    lstm = filled(module(1, 8), 0, weight_hh_l0=20 * module(1, 8).weight_hh_l0.detach())
    return grad(lstm(torch.zeros(steps, 1, 1), (h, 0 * h.detach()))[0][-1], h).norm().item()
