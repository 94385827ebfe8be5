import torch

from tests.site.facts.common import module, randn


def bias_gradients(dtype):
    lstm = module(3, 8, dtype=dtype)
    result = lstm(randn(9, 4, 3).to(dtype))[0].sum()
    return torch.autograd.grad(result, (lstm.bias_ih_l0, lstm.bias_hh_l0))


def pulled(make, size):
    """How far weight decay alone moves a number of this size."""
    number = torch.nn.Parameter(torch.tensor([size]))
    number.grad = torch.zeros(1)
    make([number], lr=0.01, weight_decay=0.1).step()
    return size - number.item()


def decay_pulls_by_size(make):
    return 9 < pulled(make, 10.0) / pulled(make, 1.0) < 11


def moved(make=torch.optim.SGD):
    """How far a step of training moves `bias_ih` and `bias_hh`."""
    lstm, new = module(), module()
    lstm(randn(5, 1, 3))[0].sum().backward()
    make(lstm.parameters(), lr=0.5).step()
    return lstm.bias_ih_l0 - new.bias_ih_l0, lstm.bias_hh_l0 - new.bias_hh_l0


def has_zeros_in_one_step(state=None):
    """The weights whose gradient is zero after a single step."""
    lstm = module()
    lstm(randn(1, 1, 3), None if state is None else (state, state))[0].sum().backward()
    return [n for n, p in lstm.named_parameters() if not p.grad.any()]


def is_none(use):
    """Of an LSTM and a readout, in whose weights a gradient is `None` afterwards."""
    lstm, readout = module(), torch.nn.Linear(2, 1)
    use(lstm, readout, lambda: lstm(randn(5, 1, 3))[0])
    return [all(p.grad is None for p in model.parameters()) for model in (lstm, readout)]


def gradient_is_cut_off_by(cut):
    return is_none(lambda _, read, run: read(cut(run())).sum().backward()) == [True, False]


def loss_cannot_fall(loss):
    lstm = module(3, 1)
    loss(lstm(randn(5, 4, 3))[0]).backward()
    return not any(p.grad.any() for p in lstm.parameters())
