import torch

from tests.site.facts.common import close, filled, module, randn


def band_of(row):
    """What a row of a GRU of two units makes: the reset, what is kept or written."""
    cell, h_0 = filled(torch.nn.GRUCell(1, 2), 0, bias_hh=[0.5] * 6), torch.full((2,), 2.0)
    before = cell(torch.zeros(1), h_0)
    cell.bias_ih.data[row] = 99
    h = cell(torch.zeros(1), h_0)
    share, new = torch.tensor(0.5).sigmoid(), torch.tensor(0.5).tanh()
    ends = {"r": share * 2 + (1 - share) * new, "z": 2.0, "n": share * 2 + (1 - share)}
    (band,) = [k for k, end in ends.items() if abs(h[h != before] - end) < 1e-5]
    return band


def biases_can_be_merged(band):
    torch.manual_seed(0)
    gru, x, rows = torch.nn.GRU(3, 2), randn(5, 1, 3), slice(2 * band, 2 * band + 2)
    before, _ = gru(x)
    gru.bias_ih_l0.data[rows] += gru.bias_hh_l0.data[rows]
    gru.bias_hh_l0.data[rows] = 0
    return close(gru(x)[0], before)


def h_stays_within_one():
    torch.manual_seed(0)
    gru = torch.nn.GRU(2, 99)
    for parameter in gru.parameters():
        torch.nn.init.normal_(parameter, std=9)
    return bool(gru(randn(30, 1, 2))[0].abs().max() <= 1)


def lstm_squashes_h_once_more():
    x = randn(5, 7, 3)
    _, (h, c) = module(3, 4)(x)
    output, h_n = torch.nn.GRU(3, 4)(x)
    return bool((h.abs() <= c.tanh().abs()).all()) and torch.equal(output[-1], h_n[0])


def state_after(z, n, start, steps=1):
    """The states of a GRU with these sums of the update gate and the new value."""
    gru = filled(torch.nn.GRU(1, 1), 0, bias_ih_l0=[0, z, n])
    return gru(torch.zeros(steps, 1, 1), torch.full((1, 1, 1), float(start)))[0].flatten()


def gru_cannot_keep_and_write():
    return all(close(state_after(z, 0, 1) + state_after(z, 99, 0), torch.ones(1)) for z in (-2, 2))
