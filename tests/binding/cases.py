"""The figures that are bound, and the tensors that they are drawn of."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import torch

import lstm_figs
from lstm_figs import figures
from lstm_figs.figures import CATALOG
from lstm_figs.request import Request
from lstm_figs.sources import Source
from tests.binding.drawing import Drawing, drawing

FIGURES = Path(figures.__file__).parent


def source_of(home: str) -> str:
    """The code of a figure, which has a file or a folder."""
    module = home.partition(".")[0]
    found = (FIGURES.glob(f"{module}{end}.py") for end in ("", "/*"))
    return "".join(path.read_text() for paths in found for path in paths)


BOUND = [
    name for name, home in CATALOG.homes.items() if "Head(" in source_of(home)
]
"""Figures whose words are bound: those that have a `Head`."""


class Live(NamedTuple):
    """A module in memory, the shape of its input and its first states."""

    module: torch.nn.Module
    shape: tuple[int, ...]
    hx: tuple[torch.Tensor, torch.Tensor] | None = None


def not_a_number() -> Live:
    """One weight of the input gate of unit 0."""
    module = torch.nn.LSTM(3, 2)
    with torch.no_grad():
        module.weight_ih_l0[0, 1] = float("nan")
    return Live(module, (4, 1, 3))


DEFAULT = "what it shows by itself"

CASES: dict[str, Callable[[], Any]] = {
    DEFAULT: dict,
    "the example": lambda: Source(),
    "one step": lambda: Source(seq_len=1),
    "1 input, 1 unit": lambda: Source(1, 1),
    "4 inputs, 4 units, batch": lambda: Source(4, 4, batch_size=2),
    "8 inputs, 8 units, 30 steps": lambda: Source(8, 8, seq_len=30),
    "64 units": lambda: Source(9, 64, seq_len=9),
    "a projection": lambda: Source(3, 4, proj_size=2),
    "no bias": lambda: Source(3, 2, no_bias=True, dtype="float64"),
    "the second layer, reversed": lambda: Source(
        3, 2, num_layers=2, bidirectional=True, layer=1, reverse=True
    ),
    "500 steps": lambda: Source(2, 3, seq_len=500),
    "a cell": lambda: Live(torch.nn.LSTMCell(3, 2), (2, 3)),
    "a state at the start": lambda: Live(
        torch.nn.LSTM(3, 2),
        (5, 1, 3),
        (torch.ones(1, 1, 2), torch.tensor([[[2.0, -1.0]]])),
    ),
    "a weight that is not a number": not_a_number,
}
"""Sources, and modules that are alive."""


@cache
def source(case: str) -> Any:
    """A source, or a trace."""
    torch.manual_seed(4)
    made = CASES[case]()
    if isinstance(made, Live):
        return lstm_figs.trace(made.module, torch.randn(made.shape), made.hx)
    return made


@cache
def trace(case: str) -> Any:
    """The run of a source, once for all figures."""
    made = source(case)
    return made.trace() if isinstance(made, Source) else made


@cache
def svg(name: str, case: str, width: int) -> str:
    """One figure of one case."""
    if case == DEFAULT:
        figure = lstm_figs.draw(name, width=width)
    elif isinstance(source(case), Source):
        request = replace(Request(name, source(case)), width=width)
        figure = request.draw(trace(case))
    else:
        figure = lstm_figs.draw(name, trace(case), width=width)
    return figure.render("svg", "light").decode()


@cache
def read(name: str, case: str, width: int) -> Drawing:
    """It as a drawing."""
    return drawing(svg(name, case, width))
