import re
import warnings
from functools import cache
from typing import Any

import torch
from torch.nn.utils.rnn import pack_padded_sequence

from tests.site.facts.common import file_text, module, operators, randn, session

KEPT_FROM_ONEDNN = {"proj_size": 1}, {"dtype": torch.float64}, {"lengths": [4, 2]}
"""Options of calls that oneDNN does not run."""


def table() -> list[list[float]]:
    rows = re.findall(r"^ +\d+ +\d+ +\d+ +\d+ +[\d,]+ .*$", file_text("cost.md"), re.M)
    return [[float(n.replace(",", "")) for n in row.split()] for row in rows]


def last_rows() -> bool:
    before, after = table()[3:]
    times = after[2] / before[2]
    return before[4] == after[4] and abs(after[5] / before[5] - times) < 0.01


def is_as_its_head_says() -> bool:
    return all(
        learned == 4 * units * (inputs + units + 2)
        and abs(flops - 8e-9 * units * (inputs + units) * steps * batch) < 0.01
        and run < train
        for inputs, units, steps, batch, learned, flops, run, train in table()
    )


def node(dtype: torch.dtype) -> str:
    """What autograd records of a call."""
    x = randn(5, 1, 3).to(dtype)
    return module(dtype=dtype)(x)[0].grad_fn.name()


@cache
def from_session(name: str) -> Any:
    return session("cost")[name]


def work(steps: int, dtype: torch.dtype = torch.double, **with_: bool) -> int:
    """What PyTorch's counter counts in a call over so many steps."""
    x = randn(steps, 2, 3).to(dtype).requires_grad_(bool(with_))
    return from_session("flops")(module(3, 4, dtype=dtype), x, **with_)


def signs(line: int) -> list[str]:
    """The products of units, and the sums, in a line of the equations."""
    equations = file_text("keep-write-show.md").split("$$")[1].splitlines()[2:]
    return re.findall(r"odot|\+", equations[line])


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


def numbers_of_adam() -> int:
    """How many numbers exist for each parameter, with its gradient, after a step."""
    number = torch.nn.Parameter(torch.zeros(3))
    number.grad, adam = torch.ones(3), torch.optim.Adam([number])
    adam.step()
    return 2 + sum(buffer.shape == number.shape for buffer in adam.state[number].values())


def keeps_nothing() -> bool:
    with torch.inference_mode():
        return saved_for_backward(9) == 0


def small(lengths: list[int] | None = None, **options: Any) -> tuple[Any, Any]:
    """A module and its input, packed if there are lengths."""
    x = randn(4, 2, 3).to(options.get("dtype", torch.float32))
    if lengths:
        x = pack_padded_sequence(x, torch.tensor(lengths))
    return module(**options), x


def is_by_onednn(**options: Any) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a projection
        return from_session("runs_on_onednn")(*small(**options))


def complains(**options: Any) -> bool:
    """Whether PyTorch says that a call is not run by oneDNN."""
    lstm, x = small(**options)
    before = torch.is_warn_always_enabled()
    torch.set_warn_always(True)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        lstm(x)
    torch.set_warn_always(before)
    return any("oneDNN" in str(warning.message) for warning in caught)


def operators_of(steps: int, sequences: int) -> int:
    """How many operators PyTorch's own code runs in a call."""
    lstm = module().double()
    return operators(lambda: lstm(randn(steps, sequences, 3).double())).total()
