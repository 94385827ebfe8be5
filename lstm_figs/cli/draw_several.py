"""Draw several figures of one source, leaving out those that cannot be drawn."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from ..command.parsing import Group
from ..command.request import Request
from ..errors import BeyondLimit, LstmFigsError, MissingTool
from .progress import with_progress
from .streams import print_error

T = TypeVar("T")


def draw_several(
    requests: Sequence[Request], make: Callable[[Request], T], *, leave_out: bool
) -> tuple[dict[str, T], dict[str, LstmFigsError]]:
    """Draw all figures that can be drawn.

    Args:
        requests: The requests.
        make: A function that draws one and returns its output.
        leave_out: Whether to leave out figures that lack a tool, or that cannot
            show the tensors.

    Returns:
        The outputs, and the errors of figures that were left out, by name.

    Raises:
        LstmFigsError: If a figure may not be left out, if none is left, or if
            no figure can use the value of an option.
    """
    results: dict[str, T] = {}
    left_out: dict[str, LstmFigsError] = {}
    # Figures with options come first, so that a wrong value is found early.
    with with_progress(sorted(requests, key=lambda r: not r.options)) as progress:
        for request in progress:
            try:
                results[request.name] = make(request)
            except (MissingTool, BeyondLimit) as error:
                if not leave_out:
                    raise
                left_out[request.name] = error
                _check_options(requests, left_out)
    if not results:
        raise next(iter(left_out.values()))
    names = [request.name for request in requests]
    return (
        {name: results[name] for name in names if name in results},
        {name: left_out[name] for name in names if name in left_out},
    )


def _check_options(requests: Sequence[Request], left_out: Mapping[str, LstmFigsError]) -> None:
    """Check that each option is used by a figure that was drawn.

    Raises:
        BeyondLimit: If a value excluded all figures that have the option.
    """
    for error in left_out.values():
        if isinstance(error, BeyondLimit) and error.option is not None:
            users = {r.name for r in requests if error.option in dict(r.options)}
            if users and users <= left_out.keys():
                raise error


def is_all(arguments: argparse.Namespace) -> bool:
    """Whether to draw all figures except those that cannot be drawn."""
    return arguments.names == ["all"] and not arguments.strict


def report_left_out(left_out: Mapping[str, LstmFigsError]) -> None:
    """Print to standard error which figures were left out, and why."""
    for name, error in left_out.items():
        print_error(f"{name} is left out: {error}")


def add_strict(group: Group) -> None:
    """Add the option that forbids leaving figures out."""
    group.add_argument(
        "--strict",
        action="store_true",
        help="leave no figure out of all: if one cannot be drawn, stop and write nothing",
    )
