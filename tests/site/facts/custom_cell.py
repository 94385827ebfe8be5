"""What `custom-cell` quotes."""

import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from tests.site.facts.common import module, randn, session
from tests.site.facts_of_pages import page


def turned() -> tuple[torch.nn.LSTM, torch.nn.LSTM]:
    """An LSTM in both directions, and its reverse one by itself."""
    both, alone = module(3, 2, bidirectional=True), torch.nn.LSTM(3, 2)
    alone.load_state_dict({name: getattr(both, f"{name}_reverse") for name in alone.state_dict()})
    return both, alone


def gives_other_numbers_with_a_relu() -> bool:
    """Whether the same weights give something else with a ReLU."""
    torch.manual_seed(0)
    tanh, relu = torch.nn.RNN(3, 2), torch.nn.RNN(3, 2, nonlinearity="relu")
    relu.load_state_dict(tanh.state_dict())
    x = randn(5, 1, 3)
    return not torch.allclose(tanh(x)[0], relu(x)[0], atol=1e-2)


def reads_from_the_last() -> bool:
    both, alone = turned()
    x = randn(5, 1, 3)
    expected = alone(x.flip(0))[0].flip(0)
    return torch.allclose(both(x)[0][..., 2:], expected, atol=1e-6)


def begins_at_the_end_of_each() -> bool:
    both, alone = turned()
    x = randn(5, 2, 3)
    packed = pack_padded_sequence(x, [5, 3])
    output, _ = pad_packed_sequence(both(packed)[0])
    reverse, _ = alone(x[2:3, 1:])
    return torch.allclose(output[2:3, 1:, 2:], reverse, atol=1e-6)


def does_not_notice_at_first() -> bool:
    lstm, x = module(3, 2), randn(5, 1, 3)
    before, _ = lstm(x)
    with torch.no_grad():
        lstm.weight_hh_l0.zero_()
    after, _ = lstm(x)
    return torch.equal(before[0], after[0]) and not torch.allclose(before, after)


def takes_no_packed_sequence() -> bool:
    packed = pack_padded_sequence(randn(5, 2, 3), [5, 3])
    try:
        torch.nn.LSTMCell(3, 2)(packed)
    except (AttributeError, TypeError):
        return len(module(3, 2)(packed)) == 2
    return False


def keeps_the_state_of_what_has_ended() -> bool:
    lstm, x = module(3, 2), randn(5, 2, 3)
    output, (h_n, c_n) = lstm(pack_padded_sequence(x, [5, 3]))
    _, (h, c) = lstm(x[:3, 1:])
    padded, _ = pad_packed_sequence(output)
    return (
        torch.allclose(h_n[:, 1:], h, atol=1e-6)
        and torch.allclose(c_n[:, 1:], c, atol=1e-6)
        and not padded[3:, 1].any()
    )


def written(c: float) -> torch.Tensor:
    """What a cell writes beside what it keeps of this cell state."""
    torch.manual_seed(0)
    cell = torch.nn.LSTMCell(3, 2)
    x, h = randn(1, 3), randn(1, 2)
    ends = [cell(x, (h, torch.full((1, 2), v)))[1] for v in (c, c + 1)]
    return ends[1] - ends[0]


def is_the_same_for_any_scale() -> bool:
    norm, z = torch.nn.LayerNorm(8), randn(2, 8)
    return torch.allclose(norm(z), norm(10 * z), atol=1e-4)


def draws_before_the_loop() -> bool:
    """Whether the page draws a mask once and multiplies h at each step."""
    code = page("custom-cell").text.partition("def run_locked")[2]
    places = [code.index(w) for w in ("mask = ", "for x_t in", "mask * h")]
    return places == sorted(places)


def loads_neither() -> bool:
    """Whether a wrapped module's weights pass by a plain one."""
    saved = session("custom-cell")["saved"]
    plain = module(3, 2)
    before = {name: t.clone() for name, t in plain.state_dict().items()}
    result = plain.load_state_dict(saved, strict=False)
    return len(result.unexpected_keys) == len(saved) and all(
        torch.equal(before[name], t) for name, t in plain.state_dict().items()
    )


@cache
def from_session(name: str) -> Any:
    """What a session of the page makes, by its name."""
    return session("custom-cell")[name]


def twin(make: Callable[..., torch.nn.Module], **options: Any) -> Any:
    """A module and a cell of the page that has its weights."""
    lstm = module(3, 2)
    return lstm, from_session("with_weights_of")(lstm, make(3, 2, **options))


def is_the_plain_cell(name: str, **options: Any) -> bool:
    lstm, cell = twin(from_session(name), **options)
    x = randn(5, 1, 3)
    return torch.allclose(from_session("run")(cell, x)[0], lstm(x)[0], atol=1e-6)


def has_the_gradient_of_the_module() -> bool:
    lstm, cell = twin(from_session("Cell"))
    x = randn(5, 1, 3)
    lstm(x)[0].sum().backward()
    from_session("run")(cell, x)[0].sum().backward()
    same = torch.allclose(lstm.weight_hh_l0.grad, cell.hh.weight.grad, atol=1e-6)
    return same and "backward" not in vars(from_session("Cell"))


def broadcasts_a_first_state() -> bool:
    cell, x, first = from_session("Cell")(3, 2), randn(4, 3), randn(2)
    h, c = cell(x, first, first)
    expanded = cell(x, *(first.expand(4, 2),) * 2)
    return torch.allclose(h, expanded[0]) and torch.allclose(c, expanded[1])


def is_checked(dtype: torch.dtype, calls: list[int] | None = None) -> bool:
    """Whether differences are close enough to tell."""
    lstm, x = module(3, 2, dtype=dtype), randn(2, 1, 3).to(dtype)

    def run(x: torch.Tensor) -> torch.Tensor:
        if calls is not None:
            calls.append(1)
        return lstm(x)[0]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of float32
        return torch.autograd.gradcheck(run, x.requires_grad_(), raise_exception=False)


def twice_for_each_number() -> bool:
    calls: list[int] = []
    is_checked(torch.float64, calls)
    return 2 * 6 <= len(calls) < 3 * 6


def sees_its_own_c_alone() -> bool:
    cell = from_session("PeepholeCell")(3, 4)
    torch.nn.init.constant_(cell.peephole, 0.5)
    x, h = randn(1, 3), randn(1, 4)
    jacobian = torch.autograd.functional.jacobian(lambda c: cell(x, h, c)[1], randn(1, 4))
    is_apart = torch.equal(jacobian[0, :, 0] != 0, torch.eye(4) == 1)
    return is_apart and cell.peephole.shape == (3, 4)


def moves_if_larger(run: Callable[..., torch.Tensor], cell: Any) -> float:
    """How far results move if weights and biases become ten times as large."""
    before = run(cell)
    with torch.no_grad():
        for name, parameter in cell.named_parameters():
            if "norm" not in name:
                parameter.mul_(10)
    return (run(cell) - before).abs().max().item()


def of_cell(cell: Any) -> torch.Tensor:
    return from_session("run")(cell, randn(5, 1, 3))[0]


def of_normed_output(lstm: Any) -> torch.Tensor:
    return torch.nn.functional.layer_norm(lstm(randn(5, 1, 3))[0], [2])


def grown(name: str) -> float:
    """The largest `h` of a cell whose weights are large."""
    cell = from_session(name)(3, 2)
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.fill_(2)
    return from_session("run")(cell, torch.ones(20, 1, 3))[0].max().item()


def is_another_mask(dropout: Callable[..., torch.Tensor]) -> bool:
    """Whether a dropout drops other features at the second step."""
    torch.manual_seed(0)
    dropped = dropout(torch.ones(2, 1, 64))
    return bool((dropped == 0).any()) and not torch.equal(*dropped)


def drops_nothing() -> bool:
    locked, x = from_session("LockedDropout"), randn(5, 1, 3)
    return torch.equal(locked(p=0.0)(x), x) and torch.equal(locked(p=0.5).eval()(x), x)


def shares_a_mask_without_error() -> bool:
    """Whether sequences in the first axis are dropped alike."""
    torch.manual_seed(0)
    dropped = from_session("LockedDropout")(p=0.5)(torch.ones(4, 5, 8))
    alike = torch.equal(dropped, dropped[:1].expand(4, 5, 8))
    return alike and not torch.equal(dropped[:, 0], dropped[:, 1])


def dropped(p: float, training: bool = True) -> torch.Tensor:
    lstm = module(3, 2).train(training)
    return from_session("weight_dropped")(lstm, randn(5, 1, 3), p=p)[0]


def gradients_of_dropped() -> tuple[bool, bool]:
    """Whether weights that were dropped, and others, get a gradient."""
    lstm = module(3, 2)
    from_session("weight_dropped")(lstm, randn(5, 1, 3), p=1.0)[0].sum().backward()
    grads = lstm.weight_hh_l0.grad, lstm.weight_ih_l0.grad
    return bool(grads[0].any()), bool(grads[1].all())


def is_as_before_a_drop() -> bool:
    """Whether the real weight is as it was after a call with zeros."""
    lstm = module(3, 2)
    before = lstm.weight_hh_l0.clone()
    from_session("weight_dropped")(lstm, randn(5, 1, 3), p=0.9)
    return torch.equal(lstm.weight_hh_l0, before)


def left_in_place() -> list[int]:
    """How many weights are left of call to call if zeros are written."""
    weight, left = randn(8, 2), []
    for seed in range(20):
        torch.manual_seed(seed)
        weight.copy_(torch.nn.functional.dropout(weight, 0.5))
        left.append(int(weight.count_nonzero()))
    return left


def weight_normed() -> torch.nn.LSTM:
    return torch.nn.utils.parametrizations.weight_norm(module(3, 2), "weight_hh_l0")


def is_length_times_direction() -> bool:
    normed = weight_normed()
    length, direction = normed.parametrizations.weight_hh_l0.parameters()
    by_hand = length * direction / direction.norm(dim=1, keepdim=True)
    learned = length.requires_grad and direction.requires_grad
    return torch.allclose(normed.weight_hh_l0, by_hand) and length.shape == (4 * 2, 1) and learned


def feels_a_length() -> bool:
    """Whether sums of weights that were normalized grow with a length."""
    normed, x = weight_normed(), randn(5, 1, 3)
    before, _ = normed(x)
    length, _ = normed.parametrizations.weight_hh_l0.parameters()
    with torch.no_grad():
        length.mul_(10)
    return not torch.allclose(normed(x)[0], before, atol=1e-2)


def graphs(name: str, **config: bool) -> int:
    """How many graphs are made of a module of the page."""
    with warnings.catch_warnings(), torch._dynamo.config.patch(**config):
        warnings.simplefilter("ignore")
        return from_session("count_graphs")(from_session(name)(), randn(5, 1, 3))


def is_of_all_inputs_at_once() -> bool:
    cell, x = from_session("Cell")(3, 2), randn(5, 1, 3)
    steps = torch.stack([cell.ih(x_t) for x_t in x])
    return torch.allclose(cell.ih(x), steps, atol=1e-6)


def reads_no_h() -> bool:
    """Whether gates of the page's minGRU are all known beforehand."""
    code = page("custom-cell").text
    return "z, new = to_z(x).sigmoid(), to_new(x)\n" in code


def layered(turned_within: bool) -> bool:
    """Whether two cells, with the batch first, give what two layers give."""
    lstm, x = module(3, 2, num_layers=2, batch_first=True), randn(5, 4, 3)
    lower, upper = torch.nn.LSTM(3, 2), torch.nn.LSTM(2, 2)
    for layer_lstm, layer in ((lower, 0), (upper, 1)):
        layer_lstm.load_state_dict(
            {
                name: getattr(lstm, name.replace("l0", f"l{layer}"))
                for name in layer_lstm.state_dict()
            }
        )
    between, _ = lower(x.transpose(0, 1))
    if turned_within:
        output, _ = upper(between.transpose(0, 1))
    else:
        output = upper(between)[0].transpose(0, 1)
    return torch.allclose(output, lstm(x)[0], atol=1e-6)


def is_made_anew() -> bool:
    normed = weight_normed()
    return normed.weight_hh_l0 is not normed.weight_hh_l0


def is_a_chain() -> bool:
    """Whether the page's rounds give what step by step gives."""
    factors, addends = randn(50, 2).sigmoid(), randn(50, 2, seed=1)
    h, outputs = torch.zeros(2), []
    for k, w in zip(factors, addends, strict=True):
        h = k * h + w
        outputs.append(h)
    result = from_session("chain")(factors, addends)
    return torch.allclose(result, torch.stack(outputs), atol=1e-5)


def is_linear_without_a_function() -> bool:
    """Whether inputs that are added give states that are added, and grow."""

    def state(x):
        h = torch.zeros(2)
        for step in x:
            h = step + 2 * torch.eye(2) @ h
        return h

    first, second = randn(2, 9, 2)
    added = torch.allclose(state(first + second), state(first) + state(second))
    return added and state(torch.ones(30, 2)).min().item() > 1e8
