"""What `edit-units` quotes."""

from typing import Any

import torch
from safetensors.torch import load_file
from torch.nn.utils import prune

from tests.doc_scripts import CODE
from tests.site.facts.common import module, randn, session


def is_silent(band: str) -> bool:
    """Whether a unit shows nothing if its rows in this band are zero."""
    lstm = module(3, 4)
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter["ifgo".index(band) * 4 + 1] = 0
    return not lstm(randn(5, 1, 3))[0][..., 1].any()


def read_by(column: int) -> bool:
    """Whether a column of weight_hh is what all gates read of its unit."""
    lstm, h = module(3, 4), randn(1, 4)
    h[:, column] = 0
    z = h @ lstm.weight_hh_l0.T
    with torch.no_grad():
        lstm.weight_hh_l0[:, column] = 9
    return torch.equal(h @ lstm.weight_hh_l0.T, z)


def reads(row: int) -> list[int]:
    """The units whose `c` depends on the weights of a row."""
    lstm = module(3, 4)
    h, c = randn(1, 4), randn(1, 4, seed=1)
    _, (_, after) = lstm(randn(1, 3), (h, c))
    units = []
    for unit in range(4):
        (grad,) = torch.autograd.grad(after[0, unit], lstm.weight_hh_l0, retain_graph=True)
        units += [unit] if grad[row].any() else []
    return units


def moves_without_gradient(make) -> bool:
    """Whether an optimizer moves a number whose gradient is zero."""
    number = torch.nn.Parameter(torch.ones(1))
    number.grad = torch.zeros(1)
    make([number]).step()
    return number.item() != 1


def session_names() -> dict[str, Any]:
    """What the page defines."""
    return session("edit-units")


def same(lstm_before, readout_before, lstm_after, readout_after) -> bool:
    """Whether two networks answer the same."""
    x = randn(6, 2, 3)
    pairs = ((readout_before, lstm_before), (readout_after, lstm_after))
    return torch.allclose(*(read(lstm(x)[0]) for read, lstm in pairs), atol=1e-6)


def network_of(size: int) -> tuple[torch.nn.LSTM, torch.nn.Linear]:
    return module(3, size), torch.nn.Linear(size, 2)


def is_exact_if_nobody_reads(tensors: str) -> bool:
    """Whether a unit may go whose columns, or rows, are zero."""
    lstm, readout = network_of(4)
    with torch.no_grad():
        for weight in (lstm.weight_hh_l0, readout.weight):
            (weight if tensors == "columns" else weight.T)[:, 1] = 0
    smaller, answers = session_names()["keep"](lstm, readout, torch.tensor([0, 2, 3]))
    return same(lstm, readout, smaller, answers)


def split_and_merged() -> tuple[bool, bool]:
    """Whether a unit may be split, and both be one again."""
    lstm, readout = network_of(4)
    wider, halved = session_names()["split"](lstm, readout, 1)
    is_split = (
        torch.equal(wider.weight_hh_l0[:4, 1], lstm.weight_hh_l0[:4, 1] / 2)
        and torch.equal(wider.weight_ih_l0[4], lstm.weight_ih_l0[1])
        and same(lstm, readout, wider, halved)
    )
    merged, answers = session_names()["merge"](wider, halved, 1, 4)
    return is_split, same(lstm, readout, merged, answers)


def folds_a_mean() -> bool:
    """Whether a mean times a column is a bias."""
    lstm, readout = network_of(4)
    bias, column = readout.bias.clone(), readout.weight[:, 2].clone()
    session_names()["fold"](lstm, readout, 2, 0.5)
    return torch.allclose(readout.bias, bias + 0.5 * column)


def is_read_by_a_column(column: int) -> bool:
    """Whether a column of weight_hh is what a unit adds to all sums."""
    h, lstm = torch.zeros(4), module(3, 4)
    h[column] = 1
    return torch.allclose(lstm.weight_hh_l0 @ h, lstm.weight_hh_l0[:, column])


def moved_rows() -> list[list[int]]:
    """Of each gate, the units that learn although two are frozen."""
    return session_names()["rows_that_moved"](torch.optim.SGD)


def changes_from_the_second_step_on() -> bool:
    lstm, readout = network_of(4)
    others, x = torch.tensor([0, 1, 3]), randn(6, 2, 3)
    smaller, _ = session_names()["keep"](lstm, readout, others)
    changed = (smaller(x)[0] - lstm(x)[0][..., others]).abs() > 1e-5
    return not changed[0].any() and bool(changed[1:].any(2).any(1).all())


def is_wrong_without_an_error() -> bool:
    """Whether rows of other units load into a smaller module."""
    lstm, readout = network_of(4)
    rows, units = torch.arange(12), torch.tensor([0, 1, 2])
    smaller = torch.nn.LSTM(3, 3)
    smaller.load_state_dict(
        {
            "weight_ih_l0": lstm.weight_ih_l0[rows],
            "weight_hh_l0": lstm.weight_hh_l0[rows][:, units],
            "bias_ih_l0": lstm.bias_ih_l0[rows],
            "bias_hh_l0": lstm.bias_hh_l0[rows],
        }
    )
    right, _ = session_names()["keep"](lstm, readout, units)
    x = randn(6, 2, 3)
    return not torch.allclose(smaller(x)[0][0], right(x)[0][0], atol=1e-2)


def removes_nothing() -> bool:
    """Whether pruning leaves all shapes, with zeros in half of a weight."""
    lstm = module(3, 4)
    shape = lstm.weight_ih_l0.shape
    prune.l1_unstructured(lstm, "weight_ih_l0", amount=0.5)
    pruned = lstm.weight_ih_l0
    return pruned.shape == shape and (pruned == 0).float().mean() == 0.5


def reads_the_past_as_before() -> bool:
    """Whether all but a tensor that is frozen learns."""
    lstm = module(3, 4)
    lstm.weight_hh_l0.requires_grad_(False)
    lstm(randn(5, 2, 3))[0].sum().backward()
    return [n for n, p in lstm.named_parameters() if p.grad is None] == ["weight_hh_l0"]


def is_moved_by_momentum() -> bool:
    """Whether an optimizer that has trained a number moves it once more."""
    number = torch.nn.Parameter(torch.ones(1))
    optimizer = torch.optim.Adam([number])
    for size in (1.0, 0.0):
        before = number.item()
        number.grad = torch.full((1,), size)
        optimizer.step()
    return number.item() != before


def shows_as_before(is_alone: bool) -> bool:
    """Whether a frozen unit stays if it reads no units that learn."""
    lstm, x = module(3, 4), randn(6, 2, 3)
    if is_alone:
        with torch.no_grad():
            lstm.weight_hh_l0[[1, 5, 9, 13]] *= torch.eye(4)[1]
    before = lstm(x)[0][..., 1]
    session_names()["freeze"](lstm, torch.tensor([1]))
    optimizer = torch.optim.SGD(lstm.parameters(), lr=1)
    for _ in range(3):
        optimizer.zero_grad()
        (lstm(x)[0] - 1).square().mean().backward()
        optimizer.step()
    return torch.allclose(lstm(x)[0][..., 1], before, atol=1e-6)


def are_alike_with_other_weights() -> bool:
    """Whether what is shown finds a unit whose weights are opposite."""
    lstm, readout = network_of(4)
    wider, _ = session_names()["split"](lstm, readout, 1)
    with torch.no_grad():
        for parameter in wider.parameters():
            parameter[14] *= -1  # the new value of the unit that was added
    output = wider(randn(200, 4, 3))[0].detach().flatten(0, 1)
    correlation = torch.corrcoef(output.T)[1, 4]
    rows = wider.weight_ih_l0[[11, 14]]
    return correlation < -0.99 and not torch.allclose(*rows)


def is_a_permutation() -> bool:
    """Whether all units in another order answer the same."""
    lstm, readout = network_of(4)
    turned = session_names()["keep"](lstm, readout, torch.tensor([2, 0, 3, 1]))
    return same(lstm, readout, *turned)


def has_one_vector() -> bool:
    _, state = torch.nn.GRU(3, 4)(randn(5, 2, 3))
    return state.shape == (1, 2, 4)


def is_the_same_larger() -> bool:
    """Whether new inputs with weights of zero change nothing."""
    few, many = module(3, 4), torch.nn.LSTM(5, 4)
    grown = few.state_dict()
    wide = torch.cat([grown["weight_ih_l0"], torch.zeros(16, 2)], dim=1)
    many.load_state_dict(grown | {"weight_ih_l0": wide})
    x = randn(6, 1, 5)
    return torch.allclose(many(x)[0], few(x[..., :3])[0], atol=1e-6)


def takes_a_unit_more() -> bool:
    """Whether a unit that nobody reads yet leaves the others as they are."""
    lstm, readout = network_of(4)
    units = torch.tensor([0, 1, 2, 3, 0])
    wider, answers = session_names()["keep"](lstm, readout, units)
    with torch.no_grad():
        for weight in (wider.weight_hh_l0, answers.weight):
            weight[:, 4] = 0
        for parameter in wider.parameters():
            parameter[4::5] = 1.0
            if parameter.shape == (20, 5):
                parameter[:, 4] = 0
    return same(lstm, readout, wider, answers)


def has_as_many_in_reverse() -> bool:
    lstm = module(3, 4, bidirectional=True)
    return lstm.weight_hh_l0.shape == lstm.weight_hh_l0_reverse.shape


def reads_every_unit() -> bool:
    """Whether each column of a trained network is far from zero."""
    path = CODE / "python_model.safetensors"
    weights = load_file(path)["encoder.rnn.weight_hh_l0"]
    return bool(weights.abs().amax(dim=0).min() > 0.1)


def is_folded_with_little_loss() -> bool:
    """Whether a unit that hardly moves is its mean to those that read it."""
    lstm, readout = network_of(4)
    with torch.no_grad():
        for weight in (lstm.weight_ih_l0, lstm.weight_hh_l0):
            weight[2::4] *= 0.01  # its gates hardly feel what is read
    x = randn(60, 4, 3)
    output, state = lstm(x)
    mean = lstm(x, state)[0][20:, :, 2].mean().item()
    before = readout(lstm(x, state)[0]).detach()
    session_names()["fold"](lstm, readout, 2, mean)
    off = (readout(lstm(x, state)[0]) - before)[20:].abs().max()
    return bool(off < 0.02) and output.shape == (60, 4, 4)
