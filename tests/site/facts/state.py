"""What `state` quotes."""

import torch

from tests.site.facts.common import drawn, module, returned
from tests.site.quoting import asked, figure


def are_left_alone_by_a_call() -> bool:
    """Whether the weights after a call are those before it."""
    lstm = module(3, 2)
    before = [weight.clone() for weight in lstm.parameters()]
    lstm(drawn(9, 1, 3))
    return all(map(torch.equal, before, lstm.parameters()))


FACTS = (
    *asked(
        (
            "The weights are the same at every step, and no step changes them.",
            are_left_alone_by_a_call,
        ),
    ),
    *asked(
        (
            "`output` is the hidden state of **every** step, - `h_n` is the "
            "hidden state of the **last** step, so it is the last entry of "
            "`output`, - `c_n` is the cell state of the last step.",
            lambda: returned()[0].shape == (4, 5, 2),
            lambda: torch.equal(returned()[0][-1], returned()[1][0][0]),
            lambda: (
                returned()[1][1].tanh().abs() >= returned()[0][-1].abs()
            ).all(),
        ),
    ),
    *figure(
        (
            "goes from {:.0f} to {:.2f}, is all but erased at step 2, and "
            "ends at {:.2f}",
            "c_prev[0, 0, 0]",
            "c[0, 0, 0]",
            "c[3, 0, 0]",
        ),
        ("is all but erased at step 2", "abs(c[1, 0, 0] / c[0, 0, 0]) < 0.1"),
        (
            "what `h` shows of it stays small",
            "output[:, 0, 0].abs().max() < 0.2",
        ),
        (
            "At step 3 a `)` stands between quotes, and both input gates are "
            "shut",
            "text[2] == ')' and i[2, 0].max() < 0.02",
        ),
        (
            "at the end all is closed, and both memories are back near zero",
            "c[-1].abs().max() < 0.1",
        ),
    ),
)
