"""What `cost` quotes."""

import re
import warnings
from functools import cache
from typing import Any

import torch
from torch.nn.utils.rnn import pack_padded_sequence
from torch.utils._python_dispatch import TorchDispatchMode

from tests.site.conftest import ROOT
from tests.site.facts.common import module, parameters, randn, session

PAGE = "cost.md"


def wider(*sizes: int) -> float:
    """How many times as many parameters there are as with 64 and 64."""
    return parameters(module(*sizes)) / parameters(module(64, 64))


def table() -> list[list[float]]:
    """The rows that the page prints."""
    page = (ROOT / "docs" / PAGE).read_text(encoding="utf-8")
    rows = re.findall(r"^ +\d+ +\d+ +\d+ +\d+ +[\d,]+ .*$", page, re.M)
    return [[float(n.replace(",", "")) for n in row.split()] for row in rows]


def last_rows() -> bool:
    """Whether parameters stay and work grows as the sequences do."""
    before, after = table()[3:]
    times = after[2] / before[2]
    is_so = before[4] == after[4] and abs(after[5] / before[5] - times) < 0.01
    return is_so and before[2] < after[2]


def is_as_its_head_says() -> bool:
    """Whether columns are I, H, T, N, parameters, FLOPs, and two memories."""
    return all(
        learned == 4 * units * (inputs + units + 2)
        and abs(flops - 8e-9 * units * (inputs + units) * steps * batch) < 0.01
        and run < train
        for inputs, units, steps, batch, learned, flops, run, train in table()
    )


def is_mostly_weight_hh() -> bool:
    lstm = module(64, 512)
    return lstm.weight_hh_l0.numel() > parameters(lstm) / 2


def node(dtype: torch.dtype) -> str:
    """What autograd records of a call."""
    x = randn(5, 1, 3).to(dtype)
    return module(3, 2, dtype=dtype)(x)[0].grad_fn.name()


def share_at_once() -> float:
    """What exists at once, of all bytes that the command counts."""
    page = (ROOT / "docs" / PAGE).read_text(encoding="utf-8")
    bytes, numbers = (
        float(re.search(pattern, page)[1].replace(",", ""))
        for pattern in (r"([\d,]+) bytes to run", r"([\d,]+) numbers that exist")
    )
    return 4 * numbers / bytes


def is_mostly_what_backward_needs() -> bool:
    """Whether in the last row parameters are a small part of training."""
    *_, learned, _, _, train = table()[-1]
    return 4 * 4 * learned / 2**20 < train / 10


@cache
def from_session(name: str) -> Any:
    """What the sessions of the page make, by its name."""
    return session("cost")[name]


def work(steps: int, dtype: torch.dtype = torch.double, **with_: bool) -> int:
    """What PyTorch's counter counts in a call over so many steps."""
    x = randn(steps, 2, 3).to(dtype).requires_grad_(bool(with_))
    return from_session("flops")(module(3, 4, dtype=dtype), x, **with_)


class Named(TorchDispatchMode):
    """Writes down what is called."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        """What the operator returns."""
        self.names.append(func.overloadpacket.__name__)
        return func(*args, **kwargs or {})


def operations() -> tuple[list[str], ...]:
    """What is multiplied and added for `c`, for `h`, and in all bands."""
    cell, x, h, c = torch.nn.LSTMCell(3, 2), randn(1, 3), *randn(2, 1, 2)
    projected, recurrent = x @ cell.weight_ih.T, h @ cell.weight_hh.T
    with Named() as sums:
        z = projected + recurrent + (cell.bias_ih + cell.bias_hh)
    i, f, g, o = z.chunk(4, dim=1)
    i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
    with Named() as of_c:
        c_next = f * c + i * g
    squashed = c_next.tanh()
    with Named() as of_h:
        h_next = o * squashed
    assert torch.allclose(torch.cat(cell(x, (h, c))), torch.cat([h_next, c_next]))
    return of_c.names, of_h.names, sums.names


def saved_for_backward(steps: int) -> int:
    """How many numbers a call keeps for `backward`."""
    x = randn(steps, 2, 3).double()
    return from_session("kept_for_backward")(module(3, 4, dtype=torch.double), x)


@torch.inference_mode()
def at_once(layers: int = 1, steps: int = 50, pieces: int = 1) -> float:
    """How many numbers exist at once in calls over pieces of a sequence."""
    lstm = module(8, 16, num_layers=layers, dtype=torch.double)

    def run(x: torch.Tensor) -> object:
        state = None
        for piece in x.chunk(pieces):
            output, state = lstm(piece, state)
        return output, state

    return from_session("peak")(run, randn(steps, 4, 8).double())


def keeps_nothing() -> bool:
    with torch.inference_mode():
        return saved_for_backward(9) == 0


def holds_more_than_it_returns() -> bool:
    returned = (50 + 2) * 4 * 16
    return at_once() > 2 * returned


def is_the_same_in_chunks() -> bool:
    lstm, x = module(3, 2), randn(9, 1, 3)
    first, state = lstm(x[:4])
    both = torch.cat([first, lstm(x[4:], state)[0]])
    return torch.allclose(both, lstm(x)[0], atol=1e-6)


def kept_of_a_chunk() -> int:
    """How many steps of the input a loss of the second chunk reaches."""
    lstm, x = module(3, 2), randn(8, 1, 3).requires_grad_()
    _, state = lstm(x[:4])
    lstm(x[4:], [part.detach() for part in state])[0].sum().backward()
    return int(x.grad.any(dim=2).sum())


def small(lengths: list[int] | None = None, **options: Any) -> tuple[Any, Any]:
    """A module and its input, packed if there are lengths."""
    x = randn(4, 2, 3).to(options.get("dtype", torch.float32))
    if lengths:
        x = pack_padded_sequence(x, torch.tensor(lengths))
    return module(3, 2, **options), x


def is_by_onednn(**options: Any) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a projection
        return from_session("runs_on_onednn")(*small(**options))


def complains(**options: Any) -> bool:
    """Whether PyTorch says that a call is not run by oneDNN."""
    lstm, x = small(**options)
    before = torch.is_warn_always_enabled()
    torch.set_warn_always(True)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            lstm(x)
    finally:
        torch.set_warn_always(before)
    return any("oneDNN" in str(warning.message) for warning in caught)


def of(kind: type[torch.nn.RNNBase], units: int, **options: int) -> int:
    """How many parameters a module has."""
    return parameters(kind(64, units, **options))
