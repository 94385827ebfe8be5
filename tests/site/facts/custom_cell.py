import warnings
from typing import Any

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from tests.site.facts.common import module, quietly, randn, session


def keeps_the_state_of_what_has_ended(**options: bool) -> bool:
    """Whether a packed sequence ends as it does by itself, and outputs zeros after it."""
    lstm, x = module(**options), randn(5, 2, 3)
    output, states = lstm(pack_padded_sequence(x, [5, 3]))
    _, alone = lstm(x[:3, 1:])
    return not pad_packed_sequence(output)[0][3:, 1].any() and all(
        torch.allclose(state[:, 1:], end, atol=1e-6)
        for state, end in zip(states, alone, strict=True)
    )


def change_of_c(c: float) -> torch.Tensor:
    """How much `c` changes if it was one larger before: what is kept of it."""
    torch.manual_seed(0)
    cell, x, h = torch.nn.LSTMCell(3, 2), randn(1, 3).expand(2, 3), randn(1, 2).expand(2, 2)
    return cell(x, (h, torch.tensor([[c] * 2, [c + 1] * 2])))[1].diff(dim=0)


def from_session(name: str) -> Any:
    return session("custom-cell")[name]


def twin(name: str, **options: Any) -> Any:
    """A cell of the page that has the weights of a module."""
    return from_session("with_weights_of")(module(), from_session(name)(3, 2, **options))


def run(cell: torch.nn.Module) -> torch.Tensor:
    return from_session("run")(cell, randn(5, 1, 3))[0]


def is_the_plain_cell(name: str, **options: Any) -> bool:
    return torch.allclose(run(twin(name, **options)), module()(randn(5, 1, 3))[0], atol=1e-6)


def sees_its_own_c_alone() -> bool:
    cell, x, h = from_session("PeepholeCell")(3, 4), randn(1, 3), randn(1, 4)
    torch.nn.init.constant_(cell.peephole, 0.5)
    jacobian = torch.autograd.functional.jacobian(lambda c: cell(x, h, c)[1], randn(1, 4))
    return torch.equal(jacobian[0, :, 0] != 0, torch.eye(4) == 1) and cell.peephole.shape == (3, 4)


@torch.no_grad()
def moves_if_larger(name: str) -> float:
    """How far a cell's results move if weights and biases are ten times as large."""
    cell = twin(name)
    before = run(cell)
    for parameter in (*cell.ih.parameters(), *cell.hh.parameters()):
        parameter.mul_(10)
    return (run(cell) - before).abs().max().item()


@torch.no_grad()
def grown(name: str) -> float:
    """The largest `h` of a cell whose weights are large."""
    cell = from_session(name)(3, 2)
    for parameter in cell.parameters():
        parameter.fill_(2)
    return from_session("run")(cell, torch.ones(20, 1, 3))[0].max().item()


def locked(*shape: int) -> torch.Tensor:
    torch.manual_seed(0)
    return from_session("LockedDropout")(p=0.5)(torch.ones(*shape))


def dropped(p: float) -> torch.Tensor:
    return from_session("weight_dropped")(module(), randn(5, 1, 3), p=p)[0]


def gradients_of_dropped() -> tuple[bool, bool]:
    lstm = module()
    from_session("weight_dropped")(lstm, randn(5, 1, 3), p=1.0)[0].sum().backward()
    return bool(lstm.weight_hh_l0.grad.any()), bool(lstm.weight_ih_l0.grad.all())


def weight_normed() -> torch.nn.LSTM:
    return torch.nn.utils.parametrizations.weight_norm(module(), "weight_hh_l0")


def is_length_times_direction() -> bool:
    normed = weight_normed()
    length, direction = normed.parametrizations.weight_hh_l0.parameters()
    by_hand = length * direction / direction.norm(dim=1, keepdim=True)
    return torch.allclose(normed.weight_hh_l0, by_hand) and length.shape == (4 * 2, 1)


def graphs(name: str, **config: bool) -> int:
    """How many graphs are made of a module of the page."""
    with warnings.catch_warnings(), torch._dynamo.config.patch(**config):
        warnings.simplefilter("ignore")
        return from_session("count_graphs")(from_session(name)(), randn(5, 1, 3))


def is_checked(dtype: torch.dtype) -> bool:
    lstm, x = module(dtype=dtype), randn(2, 1, 3).to(dtype).requires_grad_()
    check = torch.autograd.gradcheck
    return quietly(check, lambda x: lstm(x)[0], x, raise_exception=False)
