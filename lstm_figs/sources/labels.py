"""What is true at each step, as `--labels` reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..errors import InputError, quoted
from ..model.tensors import Trace
from ..names import shown
from .inputs import read_json

EXPECTED = (
    "expected for --labels a .json file with an object: a name, and for each step true or false"
)


def read_labels(name: str, steps: int) -> dict[str, list[bool]]:
    """Read the labels of a sequence.

    Args:
        name: A `.json` file with an object: for each name a list of true and
            false, or of 1 and 0.
        steps: How many steps there are.

    Raises:
        InputError: If there is no such file, or it holds something else.
    """
    found = read_json("--labels", name, EXPECTED)
    return checked(found, steps, f"--labels {shown(name)}")


def checked(found: Any, steps: int, what: str) -> dict[str, list[bool]]:
    """Labels by their names, as values that are true or false.

    Args:
        found: What is given.
        steps: How many steps there are.
        what: What it is called in an error.

    Raises:
        InputError: If it is something else.
    """
    if not isinstance(found, Mapping) or not found:
        got = type(found).__name__ if found else "nothing"
        raise InputError(f"{what} holds {got}, {EXPECTED}; name them")
    for label, values in found.items():
        _check(f"{quoted(label)} of {what}", values, steps)
    return {str(label): [*map(bool, own)] for label, own in found.items()}


def labelled(trace: Trace, labels: Mapping[str, Sequence[bool]]) -> Trace:
    """A run with what is true at each of its steps."""
    own = tuple((name, tuple(values)) for name, values in labels.items())
    return replace(trace, labels=own)


def _check(what: str, values: Any, steps: int) -> None:
    if not isinstance(values, list):
        raise InputError(f"{what} is {type(values).__name__}, {EXPECTED}; make it a list")
    if len(values) != steps:
        raise InputError(
            f"{what} has {len(values)} values, expected {steps}, one for each "
            "step; leave some out or add some"
        )
    odd = [one for one in values if one not in (0, 1)]
    if odd:
        raise InputError(
            f"{what} holds {shown(str(odd[0]))}, expected true or false; say "
            "which of them count as true"
        )
