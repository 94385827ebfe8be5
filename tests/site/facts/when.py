import torch
from torch.utils.flop_counter import FlopCounterMode

from tests.site.facts.common import module, randn


def work(steps):
    """Operations of attention over so many steps."""
    x = randn(steps, 8)
    with FlopCounterMode(display=False) as counter:
        _ = (x @ x.T).softmax(1) @ x
    return counter.get_total_flops()


def work_of_a_step(before):
    """Operations of a step after so many."""
    lstm = module()
    _, state = lstm(randn(before, 1, 3))
    with FlopCounterMode(display=False) as counter, torch.backends.mkldnn.flags(enabled=False):
        lstm(randn(1, 1, 3), state)
    return counter.get_total_flops()
