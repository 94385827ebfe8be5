"""What pages compare: larger or smaller, more or fewer, faster or slower."""

from collections.abc import Callable
from functools import cache
from threading import Thread

import torch
from torch.nn.functional import ctc_loss, linear
from torch.utils.data import DataLoader

from tests.site.facts.common import module, randn


@cache
def felt(kind: type = torch.nn.LSTM) -> torch.Tensor:
    """How much the last output of a new module depends on each of 60 steps."""
    torch.manual_seed(0)
    rnn, x = kind(3, 8), randn(60, 1, 3).requires_grad_()
    (grad,) = torch.autograd.grad(rnn(x)[0][-1].sum(), x)
    return grad.norm(dim=(1, 2))


def spread_of_layers() -> torch.Tensor:
    """How much what each of four new layers shows differs between inputs."""
    x, spreads = randn(9, 20, 8), []
    for seed in range(4):
        torch.manual_seed(seed)
        x, _ = torch.nn.LSTM(8, 8)(x)
        spreads.append(x[-1].std(dim=0).mean())
    return torch.stack(spreads)


def factor_of_gradient(seed: int) -> float:
    """The gradient along a cell state, divided by the product of its gates."""
    torch.manual_seed(seed)
    lstm = torch.nn.LSTM(1, 2)
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter.mul_(4)
    c_0 = torch.zeros(1, 1, 2, requires_grad=True)
    x, h, c, product = randn(3, 1, 1, seed=seed), c_0 * 0, c_0, 1.0
    h = h.detach()
    for step in x:
        read = linear(step, lstm.weight_ih_l0, lstm.bias_ih_l0)
        z = read + linear(h[0], lstm.weight_hh_l0, lstm.bias_hh_l0)
        product = product * z.chunk(4, 1)[1][0, 0].sigmoid().item()
        _, (h, c) = lstm(step[None], (h, c))
    (grad,) = torch.autograd.grad(c[0, 0, 0], c_0)
    return grad[0, 0, 0].item() / product


def operators(call: Callable[[], object]) -> int:
    """How many operators a call runs."""
    with torch.profiler.profile() as profile:
        call()
    return sum(event.count for event in profile.key_averages())


def one_call(sequences: int = 1, steps: int = 4) -> int:
    x, lstm = randn(steps, sequences, 3).double(), module(3, 2).double()
    return operators(lambda: lstm(x))


def is_off_for_all_threads() -> bool:
    """Whether a block without oneDNN is so for another thread."""
    is_enabled: list[object] = []

    def look() -> None:
        is_enabled.append(torch.backends.mkldnn.enabled)

    with torch.backends.mkldnn.flags(enabled=False):
        thread = Thread(target=look)
        thread.start()
        thread.join()
    look()
    return is_enabled == [False, True]


def saved_for_backward(steps: int) -> int:
    """How many numbers a call keeps for backward."""
    sizes = []

    def pack(tensor: torch.Tensor) -> torch.Tensor:
        sizes.append(tensor.numel())
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        module(3, 2)(randn(steps, 1, 3))
    return sum(sizes)


def distances() -> torch.Tensor:
    """From the true state, after steps read from zeros: none, one, two."""
    lstm, x = module(3, 8), randn(30, 1, 3)
    _, (true, _) = lstm(x)
    states = [true * 0, *(lstm(x[-n:])[1][0] for n in range(1, 30))]
    return torch.stack([(state - true).norm() for state in states])


def counted_by_gru(start: float = 0.0) -> torch.Tensor:
    """The state of a GRU that always keeps most and takes a new value of 1."""
    gru = torch.nn.GRU(1, 1, bias=True)
    with torch.no_grad():
        for parameter in gru.parameters():
            parameter.zero_()
        gru.bias_ih_l0.copy_(torch.tensor([0.0, 2.0, 20.0]))
    output, _ = gru(torch.zeros(20, 1, 1), torch.full((1, 1, 1), start))
    return output.flatten()


def cost_of_text(steps: int, letters: int) -> float:
    """What CTC takes for a text that has no equal letters side by side."""
    scores = torch.zeros(steps, 1, 9).log_softmax(2)
    text = torch.arange(1, letters + 1)[None]
    return ctc_loss(scores, text, [steps], [letters]).item()


def left_out(shuffle: bool) -> list[set[int]]:
    """What an epoch without its last batch leaves out, twice."""
    generator = torch.Generator().manual_seed(0)
    loader = DataLoader(range(10), 4, shuffle=shuffle, drop_last=True, generator=generator)
    epochs = [{int(k) for batch in loader for k in batch} for _ in range(2)]
    return [{*range(10)} - epoch for epoch in epochs]


def share_of_last(sizes: list[int]) -> float:
    """What a sequence of the last batch counts in a mean of means."""
    return 1 / len(sizes) / sizes[-1]


def mean_of_masked(padding: int) -> float:
    """The mean of errors of one after they were multiplied by a mask."""
    mask = torch.cat([torch.ones(4), torch.zeros(padding)])
    return (torch.ones(4 + padding) * mask).mean().item()
