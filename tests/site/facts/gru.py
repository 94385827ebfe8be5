"""What `gru` quotes."""

import torch

from tests.site.facts.common import module, randn


def band_of(row: int) -> str:
    """What a row of a GRU of two units makes, asked of a cell.

    From a state of two, with a first bias that makes what could be written
    one: what is kept is all there is, and the reset acts on what is written.
    """
    cell, h_0 = torch.nn.GRUCell(1, 2), torch.full((2,), 2.0)
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.zero_()
        cell.bias_hh.fill_(0.5)
        before = cell(torch.zeros(1), h_0)
        cell.bias_ih[row] = 99
        h = cell(torch.zeros(1), h_0)
    (unit,) = (h != before).nonzero().flatten().tolist()
    share, new = torch.tensor(0.5).sigmoid(), torch.tensor(0.5).tanh()
    ends = {
        "r": share * 2 + (1 - share) * new,
        "z": torch.tensor(2.0),
        "n": share * 2 + (1 - share),
    }
    (band,) = [k for k, end in ends.items() if torch.isclose(end, h[unit])]
    return band


def can_be_merged(band: int) -> bool:
    """Whether the second bias of a band may be added to the first."""
    torch.manual_seed(0)
    gru, x = torch.nn.GRU(3, 2), randn(5, 1, 3)
    before, _ = gru(x)
    rows = slice(2 * band, 2 * band + 2)
    with torch.no_grad():
        gru.bias_ih_l0[rows] += gru.bias_hh_l0[rows]
        gru.bias_hh_l0[rows] = 0
    return torch.allclose(gru(x)[0], before, atol=1e-6)


def stays_within_one(std: float = 9.0) -> bool:
    """Whether no weights, however large, lead out from zeros."""
    is_within = []
    for seed in range(9):
        torch.manual_seed(seed)
        gru = torch.nn.GRU(2, 3)
        for parameter in gru.parameters():
            torch.nn.init.normal_(parameter, std=std)
        is_within.append(gru(randn(30, 1, 2, seed=seed))[0].abs().max() <= 1)
    return all(is_within)


def is_squashed_once_more() -> bool:
    """Whether an LSTM shows at most the tanh of what it has, a GRU all."""
    lstm, gru, x = module(3, 4), torch.nn.GRU(3, 4), randn(5, 7, 3)
    _, (h, c) = lstm(x)
    output, h_n = gru(x)
    return bool((h.abs() <= c.tanh().abs()).all()) and torch.equal(output[-1], h_n[0])


def operators(rnn: torch.nn.Module) -> int:
    with torch.inference_mode(), torch.profiler.profile() as profile:
        rnn(randn(9, 1, 3))
    return sum(event.count for event in profile.key_averages())


def lstm_biases_are_one() -> bool:
    lstm, x = module(3, 2), randn(4, 1, 3)
    before, _ = lstm(x)
    with torch.no_grad():
        lstm.bias_ih_l0 += lstm.bias_hh_l0
        lstm.bias_hh_l0.zero_()
    return torch.allclose(lstm(x)[0], before, atol=1e-6)
