"""What `state` quotes."""

import torch

from tests.site.facts.common import module, randn


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
