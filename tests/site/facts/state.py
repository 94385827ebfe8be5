"""What `state` quotes."""

import torch

from tests.site.facts.common import module, randn, returned
from tests.site.facts_of_pages import figure, of_torch


def are_left_alone_by_a_call() -> bool:
    """Whether the weights after a call are those before it."""
    lstm = module(3, 2)
    before = [weight.clone() for weight in lstm.parameters()]
    lstm(randn(9, 1, 3))
    return all(map(torch.equal, before, lstm.parameters()))


def is_another_module() -> bool:
    """Whether an LSTM holds no cell, and calls another operator than it."""
    lstm, cell, x = module(3, 2), torch.nn.LSTMCell(3, 2), randn(1, 3)
    cell.load_state_dict({k.removesuffix("_l0"): v for k, v in lstm.state_dict().items()})
    names = []
    for model in (lstm, cell):
        with torch.profiler.profile() as profile:
            model(x)
        keys = {event.key for event in profile.key_averages()}
        names.append(keys & {"aten::lstm", "aten::lstm_cell"})
    return (
        not [*lstm.children()]
        and torch.allclose(lstm(x)[0], cell(x)[0], atol=1e-6)
        and names == [{"aten::lstm"}, {"aten::lstm_cell"}]
    )


FACTS = (
    *of_torch(
        (
            "`nn.LSTM` does not contain a cell, though: the two are separate "
            "modules with the same equations, and [different "
            "code](dispatch.md#lstm-and-lstmcell) runs them.",
            is_another_module,
        )
    ),
    *of_torch(
        (
            "The weights are the same at every step, and no step changes them.",
            are_left_alone_by_a_call,
        )
    ),
    *of_torch(
        (
            "`output` is the hidden state of **every** step, - `h_n` is the "
            "hidden state of the **last** step, so it is the last entry of "
            "`output`, - `c_n` is the cell state of the last step.",
            lambda: returned()[0].shape == (4, 5, 2),
            lambda: torch.equal(returned()[0][-1], returned()[1][0][0]),
            lambda: (returned()[1][1].tanh().abs() >= returned()[0][-1].abs()).all(),
        )
    ),
    *figure(
        (
            "goes from {:.0f} to {:.2f}, is all but erased at step 2, and ends at {:.2f}",
            "c_prev[0, 0, 0]",
            "c[0, 0, 0]",
            "c[3, 0, 0]",
        ),
        ("is all but erased at step 2", "abs(c[1, 0, 0] / c[0, 0, 0]) < 0.1"),
        ("what `h` shows of it stays small", "output[:, 0, 0].abs().max() < 0.2"),
        (
            "At step 3 a `)` stands between quotes, and both input gates are shut",
            "text[2] == ')' and i[2, 0].max() < 0.02",
        ),
        (
            "at the end all is closed, and both memories are back near zero",
            "c[-1].abs().max() < 0.1",
        ),
    ),
)
