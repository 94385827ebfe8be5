"""Labels, which are true or false at each step, for `--labels`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..errors import InputError, quoted
from ..model.tensors import Trace
from ..names import quoted_name
from .inputs import read_json

EXPECTED = (
    "expected a .json file with an object of names for --labels, each with true or false for "
    "each step"
)
"""The end of error messages."""


def read_labels(name: str, steps: int) -> dict[str, list[bool]]:
    """Read the labels of a sequence.

    Args:
        name: A `.json` file with an object: for each name a list of true and
            false, or of 1 and 0.
        steps: The number of steps.

    Raises:
        InputError: If there is no such file, or its content is different.
    """
    labels = read_json("--labels", name, EXPECTED)
    return checked_labels(labels, steps, f"--labels {quoted_name(name)}")


def checked_labels(labels: Any, steps: int, what: str) -> dict[str, list[bool]]:
    """Check labels, and convert their values to Booleans.

    Args:
        labels: The labels by name.
        steps: The number of steps.
        what: A name for the labels in error messages.

    Raises:
        InputError: If they are malformed.
    """
    if not isinstance(labels, Mapping) or not labels:
        got = type(labels).__name__ if labels else "nothing"
        raise InputError(f"{what} holds {got}, {EXPECTED}; name them")
    for label, values in labels.items():
        _check(f"{quoted(label)} of {what}", values, steps)
    return {str(label): [*map(bool, sequence)] for label, sequence in labels.items()}


def with_labels(trace: Trace, labels: Mapping[str, Sequence[bool]]) -> Trace:
    """A trace with labels."""
    as_tuples = tuple((name, tuple(values)) for name, values in labels.items())
    return replace(trace, labels=as_tuples)


def _check(what: str, values: Any, steps: int) -> None:
    """Raise an error if a label is not one truth value for each step."""
    if not isinstance(values, list):
        raise InputError(f"{what} is {type(values).__name__}, {EXPECTED}; make it a list")
    if len(values) != steps:
        raise InputError(
            f"{what} has {len(values)} values, expected {steps}, one for each "
            "step; leave some out or add some"
        )
    invalid = [value for value in values if value not in (0, 1)]
    if invalid:
        raise InputError(
            f"{what} holds {quoted_name(str(invalid[0]))}, expected true or false; choose "
            "which values count as true"
        )
