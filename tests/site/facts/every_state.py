"""What facts of docs/every-state.md call."""

import torch

from tests.site.facts.common import close, module, randn


def gives_every_step():
    lstm, x = module(num_layers=3), randn(4, 5, 3)
    output, (h_n, c_n) = lstm(x)
    state, h_steps = None, []
    for x_t in x.split(1):
        _, state = lstm(x_t, state)
        h_steps.append(state[0][-1])
    return close(torch.stack(h_steps), output) and close(state[0], h_n) and close(state[1], c_n)


def reaches_the_parameters():
    cell, lstm = torch.nn.LSTMCell(3, 2, device="meta"), module()
    weights = {name: getattr(lstm, f"{name}_l0") for name, _ in cell.named_parameters()}
    torch.func.functional_call(cell, weights, (randn(1, 3),))[0].sum().backward()
    return bool(lstm.weight_ih_l0.grad.any()) and not cell.weight_ih.data_ptr()
