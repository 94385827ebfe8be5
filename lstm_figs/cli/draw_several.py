"""Figures of one source, of which some may be left out."""

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
        requests: What to draw.
        make: Draws one, as what is kept of it.
        leave_out: Whether a figure may be left out that lacks a tool, or whose
            own limit excludes it.

    Returns:
        What was made, and why figures were left out, by their names.

    Raises:
        LstmFigsError: If a figure may not be left out, if none is left, or if
            no figure can use the value of an option.
    """
    results: dict[str, T] = {}
    left_out: dict[str, LstmFigsError] = {}
    # Those with options come first, so that a wrong value is found early.
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
    """Refuse an option that was given for nothing.

    Raises:
        BeyondLimit: If its value excluded a figure, and none is left that has
            it.
    """
    for error in left_out.values():
        if isinstance(error, BeyondLimit) and error.option is not None:
            users = {r.name for r in requests if error.option in dict(r.options)}
            if users and users <= left_out.keys():
                raise error


def is_all(arguments: argparse.Namespace) -> bool:
    """Whether all figures are asked for, as far as they can be drawn."""
    return arguments.names == ["all"] and not arguments.strict


def report_left_out(left_out: Mapping[str, LstmFigsError]) -> None:
    """Say on standard error which figures were left out, and why."""
    for name, error in left_out.items():
        print_error(f"{name} is left out: {error}")


def add_strict(group: Group) -> None:
    """Add the option that lets no figure be left out."""
    group.add_argument(
        "--strict",
        action="store_true",
        help="of all figures leave none out: where one cannot be drawn, stop and write nothing",
    )
