"""What `when` quotes."""

import torch
from torch.utils.flop_counter import FlopCounterMode

from tests.site.facts.common import module, randn


def work(steps: int) -> int:
    """Operations of attention over so many steps."""
    x = randn(steps, 8)
    with FlopCounterMode(display=False) as counter:
        _ = (x @ x.T).softmax(1) @ x
    return counter.get_total_flops()


def work_of_a_step(before: int) -> int:
    """Operations of a step after so many."""
    lstm = module(3, 2)
    _, state = lstm(randn(before, 1, 3))
    with FlopCounterMode(display=False) as counter, torch.backends.mkldnn.flags(enabled=False):
        lstm(randn(1, 1, 3), state)
    return counter.get_total_flops()


def weights(model: torch.nn.Module) -> int:
    """Numbers that are learned."""
    return sum(parameter.numel() for parameter in model.parameters())


def is_never_quite_open() -> bool:
    """Whether a count ends where a gate of 0.99 loses what is added."""
    gate, c = torch.tensor(30.0).double().sigmoid(), 0.0
    for _ in range(3000):
        c = 0.99 * c + 1
    return gate < 1 and abs(c - 100) < 1e-6


def is_found_from_far_back() -> dict[str, bool]:
    """What can still say a value that it read a thousand steps before.

    Attention asks by its key; a linear rule keeps a share of what it has, as
    an LSTM whose gates are open as at first; a matrix is a sum of values by
    keys, as xLSTM has it.
    """
    values, keys = randn(1000, 8), randn(1000, 8, seed=1)
    keys = keys / keys.norm(dim=1, keepdim=True)
    asked_for = (99 * keys @ keys[0]).softmax(0) @ values
    lstm, linear, other = module(8, 8), torch.zeros(8), values.clone()
    other[0] += 1
    first, second = (lstm(sequence[:, None])[1][1] for sequence in (values, other))
    for value in values:
        linear = 0.9 * linear + value
    by_keys = torch.zeros(8, 8)
    for key, value in zip(torch.eye(8), values[:8], strict=True):
        by_keys += torch.outer(key, value)
    return {
        "attention": torch.allclose(asked_for, values[0], atol=0.1),
        "LSTM": not torch.equal(first, second),
        "linear": 0.9**1000 > 1e-9,
        "matrix": torch.equal(torch.eye(8)[0] @ by_keys, values[0]),
    }


def counts_by_attention() -> bool:
    """Whether a mean of equal steps, which attention is, says how many."""
    sequences = [torch.ones(count, 4) for count in (3, 30)]
    few, many = ((steps @ steps[0]).softmax(0) @ steps for steps in sequences)
    return not torch.allclose(few, many)
