import torch

from tests.site.facts.common import close, module, randn


def loop_gives_every_step():
    lstm, x = module(num_layers=3), randn(4, 5, 3)
    output, (h_n, c_n) = lstm(x)
    state, h_steps = None, []
    for x_t in x.split(1):
        _, state = lstm(x_t, state)
        h_steps.append(state[0][-1])
    return close(torch.stack(h_steps), output) and close(state[0], h_n) and close(state[1], c_n)
