"""What pages compare: larger or smaller, more or fewer, faster or slower."""

import math
from collections.abc import Callable
from functools import cache
from threading import Thread

import torch
from torch.nn.functional import ctc_loss, linear
from torch.utils.data import DataLoader

from tests.doc_scripts import load
from tests.site.facts.common import module, parameters, randn
from tests.site.facts_of_pages import Fact, of_torch, record
from tests.site.records import STREAMING


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


def likelihoods(temperature: float) -> torch.Tensor:
    return (torch.tensor([2.0, 1.0, 0.0]) / temperature).softmax(0)


def mean_of_masked(padding: int) -> float:
    """The mean of errors of one after they were multiplied by a mask."""
    mask = torch.cat([torch.ones(4), torch.zeros(padding)])
    return (torch.ones(4 + padding) * mask).mean().item()


def spoiled(output: torch.Tensor) -> list[int]:
    return output.isnan().any(2).any(1).nonzero().flatten().tolist()


def spoil(step: int) -> torch.Tensor:
    x = randn(4, 5, 3)
    x[step, 1] = torch.nan
    return module(3, 2)(x)[0]


def width(kind: str) -> int:
    """How many numbers a network that forecasts several steps yields."""
    return getattr(load("ahead"), kind)(5, 0).readout.out_features


COMPARISONS: dict[str, tuple[Fact, ...]] = {
    "why-a-memory": of_torch(
        (
            "That slope is at most one, and the weights begin small, so with "
            "every step back the gradient becomes smaller",
            lambda: (1 - randn(99).tanh() ** 2).max() <= 1,
            lambda: torch.nn.RNN(3, 8).weight_hh_l0.abs().max() < 0.5,
            lambda: (felt(torch.nn.RNN)[10:50:10].log().diff() > 1).all(),
        ),
        (
            "The further one is open, the less is forgotten.",
            lambda: torch.linspace(0, 1, 9).pow(60).diff().min() >= 0,
        ),
    ),
    "why-two-states": of_torch(
        (
            "its gradient can be larger than the product, smaller, or of the other sign.",
            lambda: max(map(factor_of_gradient, range(20))) > 1,
            lambda: any(0 < factor_of_gradient(s) < 1 for s in range(20)),
            lambda: min(map(factor_of_gradient, range(20))) < 0,
        )
    ),
    "weight-map": of_torch(
        (
            "a wider layer begins with [smaller weights](forget-bias.md#initialization)",
            lambda: (
                module(3, 256).weight_hh_l0.abs().max() < module(3, 16).weight_hh_l0.abs().max()
            ),
        ),
        (
            "So the same rate is a larger step for it:",
            lambda: (
                0.01 / module(3, 256).weight_hh_l0.std() > 0.01 / module(3, 16).weight_hh_l0.std()
            ),
        ),
    ),
    "step": of_torch(
        (
            "so `g` can raise or lower the cell state.",
            lambda: randn(9).tanh().min() < 0 < randn(9).tanh().max(),
        ),
        (
            "If what you print is larger, it is not `h`",
            lambda: module(3, 8)(1e3 * randn(9, 1, 3))[0].abs().max() <= 1,
        ),
    ),
    "state": record(
        STREAMING,
        ("it is faster.", "all(of('one call', s) < of('LSTMCell', s) for s in microseconds)"),
    ),
    "cost": of_torch(
        (
            "The T steps have to be done one after the other, so a long "
            "sequence is slow even if it keeps only a small part of a GPU "
            "busy. A larger batch then costs hardly any more time, until the "
            "GPU is fully used.",
            lambda: one_call(1) == one_call(50) < one_call(steps=9),
        )
    ),
    "batch": of_torch(
        (
            "In training you read many at once, because that is faster.",
            lambda: one_call(1) == one_call(50),
        ),
        (
            "That way one step is one contiguous slice of the input.",
            lambda: randn(4, 5, 3)[0].is_contiguous(),
            lambda: not randn(4, 5, 3)[:, 0].is_contiguous(),
        ),
    ),
    "forecast": of_torch(
        (
            "would divide by the padding as well, and a batch with much padding would weigh less.",
            lambda: mean_of_masked(9) < mean_of_masked(1) < mean_of_masked(0),
        ),
        (
            "Longer ones cost memory, one set of intermediate results for each "
            "step, and give fewer updates in the same time.",
            lambda: saved_for_backward(14) > saved_for_backward(7),
            lambda: 98 // 14 < 98 // 7,
        ),
    ),
    "streaming": of_torch(("Inside the block it is off for all threads.", is_off_for_all_threads)),
    "character-model": of_torch(
        (
            "Below one, division makes differences larger, and the likeliest "
            "wins more often; above one it makes them smaller.",
            lambda: likelihoods(0.5)[0] > likelihoods(1)[0],
            lambda: likelihoods(1)[0] > likelihoods(2)[0] > likelihoods(2)[1],
        )
    ),
    "layers": of_torch(
        (
            "each layer shows less of what differs between its inputs than the "
            "layer below, until the output is the same for all of them.",
            lambda: (spread_of_layers().diff() < 0).all(),
            lambda: spread_of_layers()[-1] < spread_of_layers()[0] / 9,
        ),
        (
            "So it cannot do more than a wider layer can, only with fewer weights.",
            lambda: 2 * parameters(module(3, 4)) < parameters(module(6, 8)),
        ),
    ),
    "directions": of_torch(
        (
            "it would make the mean smaller, and its zeros can be the largest.",
            lambda: torch.tensor([4.0, 2, 0, 0]).mean() < 3,
            lambda: torch.tensor([-4.0, -2, 0, 0]).max() == 0,
        )
    ),
    "packed": of_torch(
        (
            "Without packing it matters, because what is read last counts most.",
            lambda: felt()[-9:].diff().min() > 0,
            lambda: felt().argmax() == 59,
        ),
        (
            "The mean of the whole tensor would be smaller the more padding a "
            "batch has, so batches would count differently.",
            lambda: mean_of_masked(9) < mean_of_masked(1) < mean_of_masked(0),
        ),
    ),
    "chunks": of_torch(
        (
            "Longer chunks let it learn from further back and cost [more "
            "memory](cost.md#memory-for-training)",
            lambda: saved_for_backward(20) > saved_for_backward(10),
        ),
        (
            "with each step more, the state comes closer to the true one.",
            lambda: (distances()[1::4].diff() < 0).all(),
            lambda: distances()[-1] < distances()[0] / 99,
        ),
    ),
    "forget-bias": of_torch(
        ("And h stops showing a difference even earlier", lambda: 1 - math.tanh(4) < 0.001)
    ),
    "gru": of_torch(
        (
            "A count has to fit in there, and its steps become smaller the larger it may grow.",
            lambda: (counted_by_gru().diff().diff() < 0).all(),
            lambda: counted_by_gru().max() <= 1,
        ),
        (
            "A state from outside, which only you can pass, never moves further out.",
            lambda: (counted_by_gru(5.0).diff() < 0).all(),
        ),
        (
            "a quarter fewer parameters and multiplications are certain",
            lambda: parameters(torch.nn.GRU(3, 8)) * 4 == parameters(module(3, 8)) * 3,
        ),
    ),
    "custom-cell": of_torch(
        (
            "A ReLU in their place can grow in the same way, and never writes below zero.",
            lambda: randn(99).relu().min() == 0,
            lambda: torch.tensor(1e9).relu() == 1e9,
        )
    ),
    "edit-units": of_torch(
        (
            "If the second is the first times a factor, scale what you add by "
            "that factor; a correlation near minus one is a factor below zero.",
            lambda: torch.isclose(
                torch.stack([randn(99), -2 * randn(99)]).corrcoef()[0, 1], torch.tensor(-1.0)
            ),
        )
    ),
    "nan": of_torch(
        (
            "Earlier steps and other sequences of the batch are unharmed",
            lambda: spoiled(spoil(2)) == [2, 3],
            lambda: not spoil(2)[:, [0, 2, 3, 4]].isnan().any(),
        ),
        (
            "with one direction the pattern tells you where it began",
            lambda: [spoiled(spoil(k))[0] for k in range(4)] == [0, 1, 2, 3],
        ),
    ),
    "batch-size": of_torch(
        (
            "fine in training, where the order is different next time, and "
            "wrong in a test, which then leaves the same sequences out each "
            "time.",
            lambda: left_out(True)[0] != left_out(True)[1],
            lambda: left_out(False)[0] == left_out(False)[1] == {8, 9},
        ),
        (
            "If you average the losses of the batches, its sequences count more than the others",
            lambda: share_of_last([4, 4, 2]) > share_of_last([4, 4, 4]),
        ),
        (
            "a larger one makes fewer updates per epoch, with less noise in each",
            lambda: len(DataLoader(range(90), 9)) < len(DataLoader(range(90))),
            lambda: randn(90, 9).mean(1).std() < randn(90, 9)[:, 0].std(),
        ),
        (
            "rounding becomes smaller by many powers of ten, a mistake stays as it is.",
            lambda: torch.finfo(torch.double).eps < 1e-8 * torch.finfo().eps,
        ),
        (
            "On a GPU, half precision makes the steps larger.",
            lambda: torch.finfo(torch.half).eps > torch.finfo().eps,
        ),
    ),
    "digits": of_torch(("the second needs less memory", lambda: 8 * 16 < 8 * 4096)),
    "shapes": of_torch(
        (
            "A text that has no room, with more letters than steps, costs "
            "infinitely much; `zero_infinity` counts it as zero.",
            lambda: cost_of_text(3, 4) == math.inf,
            lambda: cost_of_text(4, 4) < math.inf,
            lambda: cost_of_text(5, 4) < math.inf,
        ),
        (
            "With a stride it hands on fewer steps",
            lambda: torch.nn.Conv1d(3, 3, 3, stride=2)(randn(1, 3, 9)).shape[2] < 9,
        ),
    ),
    "several-ahead": of_torch(
        (
            "| What differs | At once | Fed back | | --- | --- | --- | "
            "| Horizon | Fixed by the readout | Any |",
            lambda: width("AtOnce") == load("ahead").AHEAD,
            lambda: width("FedBack") != load("ahead").AHEAD,
        ),
        (
            "| Has to forecast | The target alone | Every column that it reads |",
            lambda: width("FedBack") == 5,
        ),
    ),
}
