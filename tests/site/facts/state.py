import torch

from tests.site.facts.common import close, module, operators, randn


def are_left_alone_by_a_call() -> bool:
    lstm, before = module(), module()
    lstm(randn(9, 1, 3))
    return all(map(torch.equal, before.parameters(), lstm.parameters()))


def is_another_module() -> bool:
    lstm, cell, x = module(), torch.nn.LSTMCell(3, 2), randn(1, 3)
    cell.load_state_dict({k.removesuffix("_l0"): v for k, v in lstm.state_dict().items()})
    called = operators(lambda: lstm(x)), operators(lambda: cell(x))
    return close(lstm(x)[0], cell(x)[0]) and ["aten::lstm_cell" in c for c in called] == [
        False,
        True,
    ]
