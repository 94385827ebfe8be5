from functools import cache

import torch

from lstm_figs.sources.networks import BATCHES
from tests.doc_scripts import load
from tests.site.facts import how_it_learned
from tests.site.facts.common import close, filled, grad, randn, session


def gradient_fades_by_f():
    torch.manual_seed(0)
    cell, x, h, c = torch.nn.LSTMCell(3, 2), *(randn(n) for n in (3, 2, 2))
    z = x @ cell.weight_ih.T + h @ cell.weight_hh.T + cell.bias_ih + cell.bias_hh
    felt = torch.autograd.functional.jacobian(lambda c: cell(x, (h, c))[1], c)
    return close(felt, z.chunk(4)[1].sigmoid().diag())


def shut_gate_hides_c():
    cell, x, zero = torch.nn.LSTMCell(3, 2), randn(1, 3), torch.zeros(1, 2)
    cell.bias_ih.data[6:8] = -200
    results = [cell(x, (zero, zero + c)) for c in (1.0, 9.0)]
    return all(not h.any() for h, _ in results) and not torch.equal(results[0][1], results[1][1])


def ratios(factor):
    """The gradient along c over the product of gates; `factor` scales how gates read h."""
    names, results = session("why-two-states"), []
    for seed in range(20):
        torch.manual_seed(seed)
        lstm = torch.nn.LSTM(3, 2)
        lstm.weight_hh_l0.data *= factor
        results.append(names["gradient"](lstm) / names["product_of_f"](lstm))
    return torch.stack(results)


def gradient_stays_without_f():
    lstm, c_0 = filled(torch.nn.LSTM(1, 1), 0, bias_ih_l0=[0, 200, 1, 0]), torch.ones(1, 1, 1)
    c_n = lstm(torch.zeros(500, 1, 1), (0 * c_0, c_0.requires_grad_()))[1][1]
    return grad(c_n, c_0).item() == 1


@cache
@torch.no_grad()
def strings_right(o=None):
    """How many of 1,000 fresh strings the network gets right; `o` fixes its output sums."""
    lstm, readout = how_it_learned.network_of(BATCHES)
    if o is not None:
        for parameter in lstm.parameters():
            parameter[6:] = 0
        lstm.bias_ih_l0[6:] = o
    right = load("brackets").right(lstm, readout, how_it_learned.strings())
    return int(right.all(dim=0).sum())


def open_brackets(text, count):
    outside = "".join(text[:count].split('"')[::2])
    return outside.count("(") - outside.count(")")
