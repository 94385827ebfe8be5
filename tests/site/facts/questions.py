"""What `questions` quotes."""

import warnings

import torch
from torch.nn.utils.rnn import pack_padded_sequence

from tests.site.facts.common import module, randn


def both_biases_move(step: float) -> tuple[float, float]:
    """How far the sum of both biases moves, and one of them alone."""
    lstm = module(3, 2)
    before = lstm.bias_ih_l0.clone(), lstm.bias_hh_l0.clone()
    lstm(randn(4, 1, 3))[0].sum().backward()
    torch.optim.SGD(lstm.parameters(), lr=step).step()
    change_ih = (lstm.bias_ih_l0 - before[0])[0].item()
    change_hh = (lstm.bias_hh_l0 - before[1])[0].item()
    return change_ih + change_hh, change_ih


def begins_from_zeros() -> bool:
    x, zeros = randn(4, 5, 3), torch.zeros(1, 5, 2)
    return torch.equal(module(3, 2)(x)[0], module(3, 2)(x, (zeros, zeros))[0])


def carries_into_the_next(**options: bool) -> list[int]:
    """Which samples change with sample 0 of a batch that comes first."""
    lstm, x = module(3, 2, **options), randn(4, 5, 3)
    before, _ = lstm(x)
    x[0] += 1
    changed = (lstm(x)[0] != before).any(dim=2).any(dim=1)
    return changed.nonzero().flatten().tolist()


def skips_the_padding() -> bool:
    packed = pack_padded_sequence(randn(4, 2, 3), torch.tensor([4, 2]))
    return len(packed.data) == 4 + 2 and packed.batch_sizes.tolist() == [*(2, 2, 1, 1)]


def as_two_modules() -> bool:
    both, x = module(3, 2, num_layers=2), randn(4, 5, 3)
    first, second = torch.nn.LSTM(3, 2), torch.nn.LSTM(2, 2)
    for layer_lstm, layer in ((first, 0), (second, 1)):
        layer_lstm.load_state_dict(
            {
                name: getattr(both, name.replace("l0", f"l{layer}"))
                for name in layer_lstm.state_dict()
            }
        )
    return torch.allclose(second(first(x)[0])[0], both(x)[0], atol=1e-6)


def runs_by(**options: object) -> str:
    """What runs a call, by the name of its backward."""
    dtype = options.pop("dtype", torch.float32)
    lengths = options.pop("lengths", None)
    lstm, x = module(3, 2, dtype=dtype, **options), randn(4, 2, 3).to(dtype)
    if lengths:
        packed = pack_padded_sequence(x, torch.tensor(lengths))
        return lstm(packed)[0].data.grad_fn.name()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a projection
        return lstm(x)[0].grad_fn.name()


def is_onednn(**options: object) -> bool:
    return "Mkldnn" in runs_by(**options)


def detached_learns_nothing_behind() -> bool:
    lstm, x = module(3, 2), randn(2, 1, 1, 3).requires_grad_()
    _, state = lstm(x[0])
    output, _ = lstm(x[1], tuple(part.detach() for part in state))
    output.sum().backward()
    return not x.grad[0].any() and bool(x.grad[1].any())


def is_one_product() -> bool:
    """Whether both products are one, of both weights side by side."""
    lstm, x, h = module(3, 2), randn(3), randn(2)
    w, u = lstm.weight_ih_l0, lstm.weight_hh_l0
    both = torch.cat([w, u], dim=1) @ torch.cat([x, h])
    return torch.allclose(w @ x + u @ h, both, atol=1e-6)


def grown_along_h(steps: int) -> float:
    """How much of a change of the first `h` is felt by one after so many."""
    lstm, h = module(1, 8), torch.zeros(1, 1, 8, requires_grad=True)
    with torch.no_grad():
        lstm.weight_hh_l0.mul_(20)
        lstm.bias_ih_l0.zero_()
        lstm.bias_hh_l0.zero_()
    output, _ = lstm(torch.zeros(steps, 1, 1), (h, torch.zeros(1, 1, 8)))
    (grad,) = torch.autograd.grad(output[-1].sum(), h)
    return grad.norm().item()
