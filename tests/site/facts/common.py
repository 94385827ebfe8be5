"""What several pages count, and how their facts ask torch."""

import doctest
import inspect
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from functools import cache
from io import StringIO
from typing import Any

import torch

from tests.listings import blocks

GATES = "len(lstm.weight_ih_l0) // lstm.hidden_size"
"""Bands of weights."""

WEIGHTS = "sum(name.startswith('weight') for name in lstm.state_dict())"
BIASES = "sum(name.startswith('bias') for name in lstm.state_dict())"
STATES = "len(lstm(x)[1])"
DIRECTIONS = (
    "len(torch.nn.LSTM(3, 2, bidirectional=True)(torch.ones(1, 3))[1][0])"
)

TRAINED = (
    "sum('-' not in path.stem for path in "
    "__import__('pathlib').Path('docs/code').glob('*.safetensors'))"
)
"""Networks that pages train, beside the one that reads brackets."""


def text(path: str) -> str:
    """What a file of the site holds, as Python."""
    return f"__import__('pathlib').Path('docs/{path}').read_text()"


def occurrences(words: str, page: str) -> str:
    """How often words stand on a page, as Python."""
    return f"{text(page + '.md')}.count({words!r})"


EQUATIONS = occurrences("&=", "keep-write-show")
"""How many equations a step has."""


def listed(pattern: str, path: str) -> str:
    """A number that a listing says, as Python.

    Args:
        pattern: What stands around it; a group is the number.
        path: The page or script.
    """
    found = f"__import__('re').search({pattern!r}, {text(path)})[1]"
    return f"__import__('ast').literal_eval({found})"


def drawn(*shape: int, seed: int = 0) -> torch.Tensor:
    """Numbers from a normal distribution, the same in each process."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def module(*sizes: int, **options: Any) -> torch.nn.LSTM:
    """An `nn.LSTM` whose weights are the same in each process."""
    torch.manual_seed(0)
    return torch.nn.LSTM(*sizes, **options)


def parameters(one: torch.nn.Module) -> int:
    """How many numbers a module learns."""
    return sum(parameter.numel() for parameter in one.parameters())


def default(call: Callable[..., Any], name: str) -> Any:
    """What an argument is if it is left out."""
    return inspect.signature(call).parameters[name].default


@cache
def session(page: str) -> dict[str, Any]:
    """What the sessions of a page define; a test holds what they print."""
    names: dict[str, Any] = {}
    parser = doctest.DocTestParser()
    for example in parser.get_examples("\n".join(blocks(page, "pycon"))):
        with redirect_stdout(StringIO()), suppress(Exception):
            exec(compile(example.source, page, "single"), names)
    return names
