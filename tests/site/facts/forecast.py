"""What `forecast` quotes."""

from functools import cache

import torch
from torch.nn.utils.rnn import pack_padded_sequence
from torch.utils.data import DataLoader, TensorDataset

from tests.doc_scripts import load
from tests.site.facts.common import module, parameters, randn
from tests.site.records import FORECASTS, names_of


def go_on_in_their_columns() -> bool:
    """Whether chunks under each other are the batch, but for its end."""
    sales = torch.arange(168 * 5).view(168, 5)
    chunks = load("forecast").chunks(sales, sales >= 0)
    return torch.equal(torch.cat([c for c, _, _ in chunks]), sales[:-1])


def end_in_zeros() -> bool:
    """Whether a series is known up to its end, and zero after it."""
    torch.manual_seed(0)
    sales, known = load("forecast").shops(20)
    ends = (known.int().diff(dim=0) <= 0).all() and not known[-1].all()
    return bool(ends) and not sales[~known].any()


def outlasts_h() -> bool:
    """Whether the first `c` goes by the forget gates, and `h` by its matrix."""
    lstm, x, zeros = module(3, 2), randn(4, 1, 3), torch.zeros(1, 1, 2)
    with torch.no_grad():
        lstm.weight_hh_l0.zero_()
        _, (_, plain) = lstm(x, (zeros, zeros))
        _, (_, of_h) = lstm(x, (zeros + 1, zeros))
        _, (_, of_c) = lstm(x, (zeros, zeros + 1))
        z = x @ lstm.weight_ih_l0.T + lstm.bias_ih_l0 + lstm.bias_hh_l0
    product = z.chunk(4, dim=2)[1].sigmoid().prod(dim=0)
    return torch.equal(of_h, plain) and (torch.allclose(of_c - plain, product[None], atol=1e-6))


@cache
def handed(keeps: bool) -> list[bool]:
    """Whether each chunk begins from the state that the last one left."""
    script = load("forecast")
    torch.manual_seed(0)
    model, continues, left = script.Forecast(), [], [None]

    def look(_, inputs, result):
        state = inputs[1]
        continues.append(state is not None and torch.equal(state[0], left[-1]))
        left.append(result[1][0])

    model.lstm.register_forward_hook(look)
    script.errors(model, keeps)
    return continues


def is_with_and_without_memory() -> bool:
    """Whether only a state that is kept goes from chunk to chunk."""
    with_memory, without_memory = handed(True), handed(False)
    return not any(without_memory) and with_memory == [False, *([True] * (len(with_memory) - 1))]


@cache
def sales_and_known() -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    return load("forecast").shops(200)


def are_closed_on_one_day() -> bool:
    """Whether sales, which are all that is read, are zero once a week."""
    sales, known = sales_and_known()
    closed = (sales == 0) & known
    weeks = closed[: 12 * 7 // 2].unflatten(0, (-1, 7))[:6]
    days = closed[:7].int().argmax(dim=0)
    return (
        (weeks.sum(dim=1) == 1).all()
        and len(days.unique()) == 7
        and load("forecast").Forecast().lstm.input_size == 1
    )


def have_other_lengths() -> bool:
    _, known = sales_and_known()
    return len(known.sum(dim=0).unique()) > 9 and end_in_zeros()


def looks_like_any_day() -> bool:
    """Whether sales on the day before a closed one are like the others."""
    sales, known = sales_and_known()
    is_open = (sales != 0) & known
    before = is_open[:-1] & (sales[1:] == 0) & known[1:]
    others = is_open[:-1] & ~before
    return bool(
        (sales[:-1][before].mean() - sales[:-1][others].mean()).abs() < 0.01
        and (sales[:-1][before].std() - sales[:-1][others].std()).abs() < 0.01
    )


def fades_in_a_long_series() -> bool:
    """Whether a first state is soon gone, and costs a few numbers."""
    lstm, x, zeros = module(1, 16), randn(100, 1, 1), torch.zeros(1, 1, 16)
    output, _ = lstm(x, (zeros, zeros))
    other, _ = lstm(x, (zeros + 0.5, zeros + 0.5))
    off = (other - output).abs().amax(dim=(1, 2))
    return bool(off[0] > 0.1 > 1e4 * off[-1]) and 0.05 * parameters(lstm) > 2 * 16


def harms_nothing_before() -> bool:
    """Whether padding changes no output before it, and has no target."""
    lstm, x, other = module(1, 4), randn(6, 1, 1), randn(6, 1, 1)
    other[4:] = 0
    sales, known = torch.ones(30, 1), (torch.arange(30) < 20)[:, None]
    (_, _, there), *_ = [*load("forecast").chunks(sales, known)][1:]
    return torch.equal(lstm(x)[0][:4], lstm(other)[0][:4]) and (
        there[:, 0].tolist() == [True] * 5 + [False] * 9
    )


def cannot_pack_what_has_ended() -> bool:
    """Whether a chunk can be packed unless a series has no steps in it."""
    pack_padded_sequence(randn(5, 2, 3), [5, 3])
    try:
        pack_padded_sequence(randn(5, 2, 3), [5, 0])
    except RuntimeError:
        return True
    return False


def shows_two_closed_days(days: int) -> bool:
    """Whether a chunk can read a closed day and be asked for the next."""
    closed = torch.arange(168) % 7 == 3
    windows = closed.unfold(0, days + 1, 1)
    return any(
        window[:days].any() and window[1:].sum() + window[0].int() >= 2 for window in windows
    )


def changes_what_is_said_alone() -> bool:
    """Whether a vector at the readout leaves the state as it is."""
    lstm, readout = module(1, 8), torch.nn.Linear(8 + 3, 1)
    static = randn(5, 3).requires_grad_()
    _, (h_n, _) = lstm(randn(14, 5, 1))
    forecast = readout(torch.cat([h_n[-1], static], dim=1))
    (grad,) = torch.autograd.grad(forecast.sum(), static)
    return grad.any() and h_n.shape == (1, 5, 8)


def goes_backward_twice() -> bool:
    """Whether a state that is kept and not detached is refused."""
    lstm, x = module(3, 2), randn(4, 1, 3)
    _, state = lstm(x)
    state[0].sum().backward(retain_graph=False)
    try:
        lstm(x, state)[0].sum().backward()
    except RuntimeError as error:
        return "backward through the graph a second time" in str(error)
    return False


def is_poor_if_cleared() -> bool:
    """Whether a network that is used without its state guesses at first."""
    errors = names_of(FORECASTS)
    return errors["cleared"][0] > 10 * errors["kept"][0]


def foretells_one_number() -> bool:
    model = load("forecast").Forecast()
    sales, known = sales_and_known()
    today, tomorrow, _ = next(load("forecast").chunks(sales, known))
    return model.lstm.input_size == model.readout.out_features == 1 and torch.equal(
        today[1:], tomorrow[:-1]
    )


def is_alike_on_all_days() -> bool:
    errors = names_of(FORECASTS)
    return max(errors["kept"]) < 1.2 * min(errors["kept"]) and (
        max(errors["cleared"]) > 10 * min(errors["cleared"])
    )


def is_left_out_of_the_mean() -> bool:
    """Whether what is padded counts neither above nor below the line."""
    forecasts, targets = randn(5, 3), randn(5, 3, seed=1)
    there = torch.arange(5)[:, None] < torch.tensor([5, 3, 2])
    loss = (forecasts - targets)[there].square().mean()
    known = (forecasts - targets).square()[there].sum() / (5 + 3 + 2)
    return torch.isclose(loss, known)


def counts_padding_as_right() -> bool:
    """Whether zeros that are easily foretold make a mean lower."""
    errors = torch.cat([torch.ones(10), torch.zeros(10)])
    return errors.mean() < errors[:10].mean()


def comes_back_after_a_week() -> bool:
    sales, known = sales_and_known()
    closed = ((sales == 0) & known)[:, 0].nonzero().flatten()
    return (closed.diff() == 7).all()


def keeps_a_trace() -> bool:
    """Whether a new network's state still differs by what it read before."""
    lstm, x, other = module(1, 16), randn(6, 1, 1), randn(6, 1, 1)
    other[0] += 3
    return bool((lstm(x)[0][3] - lstm(other)[0][3]).abs().max() > 1e-3)


def uses_it_at_any_time() -> bool:
    """Whether a vector beside each step is read at each of them."""
    static = randn(1, 3).requires_grad_()
    x = torch.cat([randn(14, 1, 1), static.expand(14, -1, -1)], dim=2)
    x.retain_grad()
    module(4, 8)(x)[0][-1].sum().backward()
    return x.grad[:, 0, 1:].any(1).all()


def puts_the_batch_first() -> bool:
    """Whether a loader of series with the batch first stacks them so."""
    data = TensorDataset(randn(5, 14, 1), randn(5, 3))
    days, fixed = next(iter(DataLoader(data, batch_size=2)))
    return torch.equal(days, data[:2][0]) and torch.equal(fixed, data[:2][1])
