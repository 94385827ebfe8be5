"""What `every-state` quotes."""

import torch

from tests.site.facts.common import (
    are_directions_in_order,
    drawn,
    module,
    returned,
)
from tests.site.quoting import asked


def gives_every_step() -> bool:
    """Whether states of single steps are those of the whole call."""
    lstm, x = module(3, 2, num_layers=3), drawn(4, 5, 3)
    output, (h_n, c_n) = lstm(x)
    state, every = None, []
    for x_t in x.split(1):
        _, state = lstm(x_t, state)
        every.append(state)
    h, c = (torch.stack(parts) for parts in zip(*every, strict=True))
    return (
        torch.allclose(h[:, -1], output, atol=1e-6)
        and torch.allclose(h[-1], h_n, atol=1e-6)
        and torch.allclose(c[-1], c_n, atol=1e-6)
    )


def takes_steps_first() -> bool:
    """Whether an input with the batch first, turned, is what is expected."""
    rows = module(3, 2, batch_first=True)
    x = drawn(5, 4, 3)
    turned, _ = module(3, 2)(x.transpose(0, 1))
    return torch.allclose(rows(x)[0].transpose(0, 1), turned, atol=1e-6)


def is_a_score_for_each_step() -> bool:
    output, (h_n, _) = module(3, 2, num_layers=2)(drawn(4, 5, 3))
    scores = (output * h_n[-1]).sum(dim=2)
    return torch.allclose(scores[-1], output[-1].square().sum(dim=1))


FACTS = asked(
    (
        "If the last state of the LSTM asks in place of a learned query, "
        "`(output * h_n[-1]).sum(dim=2)`",
        is_a_score_for_each_step,
    ),
    (
        "`nn.LSTM` returns the hidden state h of the last layer at every "
        "step, and h and c of every layer at the last step.",
        gives_every_step,
    ),
    (
        "| h of the last layer, every step | `output` |",
        lambda: returned(num_layers=3)[0].shape == (4, 5, 2),
        gives_every_step,
    ),
    (
        "| h of every layer and direction, last step | `h_n` | | c of every "
        "layer and direction, last step | `c_n` |",
        gives_every_step,
        are_directions_in_order,
    ),
    (
        "The last layer of these is `output`, and the last step is what the "
        "whole call returns",
        gives_every_step,
    ),
    (
        "Forward, the last state is at the last step; in reverse at the first.",
        are_directions_in_order,
    ),
    (
        "With `batch_first=True`, give it `x.transpose(0, 1)`.",
        takes_steps_first,
    ),
)
