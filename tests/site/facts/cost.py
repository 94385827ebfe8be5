import re
from functools import cache

import torch

from tests.site.facts.common import file_text, module, randn, session


def table():
    rows = re.findall(r"^ +\d+ +\d+ +\d+ +\d+ +[\d,]+ .*$", file_text("cost.md"), re.M)
    return [[float(n.replace(",", "")) for n in row.split()] for row in rows]


def table_is_as_its_head_says():
    return all(
        learned == 4 * units * (inputs + units + 2)
        and abs(flops - 8e-9 * units * (inputs + units) * steps * batch) < 0.01
        and run < train
        for inputs, units, steps, batch, learned, flops, run, train in table()
    )


@cache
def from_session(name):
    return session("cost")[name]


def work(steps, dtype=torch.double, **with_):
    """What PyTorch's counter counts in a call over so many steps."""
    x = randn(steps, 2, 3).to(dtype).requires_grad_(bool(with_))
    return from_session("flops")(module(3, 4, dtype=dtype), x, **with_)


def saved_for_backward(steps):
    """How many numbers a call keeps for `backward`."""
    x = randn(steps, 2, 3).double()
    return from_session("kept_for_backward")(module(3, 4, dtype=torch.double), x)


@torch.inference_mode()
def at_once(layers=1, steps=50, pieces=1):
    """How many numbers exist at once in calls over pieces of a sequence."""
    lstm = module(8, 16, num_layers=layers, dtype=torch.double)

    def run(x):
        state = None
        for piece in x.chunk(pieces):
            output, state = lstm(piece, state)
        return output, state

    return from_session("peak")(run, randn(steps, 4, 8).double())


def numbers_of_adam():
    """How many numbers exist for a parameter after a step."""
    number = torch.nn.Parameter(torch.zeros(3))
    number.grad, adam = torch.ones(3), torch.optim.Adam([number])
    adam.step()
    return 2 + sum(buffer.shape == number.shape for buffer in adam.state[number].values())
