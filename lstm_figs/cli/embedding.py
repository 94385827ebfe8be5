"""`lstm-figs embed`: figures as HTML for any blog."""

import argparse
from collections.abc import Sequence
from dataclasses import replace

from ..figure import WIDTH, check_own_id
from ..parsing import BOTH, Commands, add_figure, add_source
from ..request import Request, requests_of
from .places import html_place, write_html
from .progress import shown


def add(commands: Commands, names: Sequence[str]) -> None:
    """Add the command to a parser."""
    parser = commands.add_parser(
        "embed", help="print figures as HTML for any page"
    )
    parser.add_argument(
        "names", nargs="+", metavar="NAME", help="a figure, or: all"
    )
    add_source(parser)
    add_figure(parser, names, both=True)
    output = parser.add_argument_group(
        "output",
        "ids must be unique in a page: with --id and several figures, each id "
        "is ID-NAME",
    )
    output.add_argument(
        "--theme", choices=("auto", "light", "dark"), default="auto",
        metavar="THEME",
        help="light, dark, or auto, the default, which follows the page",
    )  # fmt: skip
    output.add_argument(
        "--out", metavar="FILE", default="-",
        help="a file that ends in .html; standard output by default",
    )  # fmt: skip
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Draw figures and write one HTML element for each."""
    from ..html.embed import embed

    both = arguments.width == BOTH
    if both:
        arguments.width = WIDTH
    requests = _requests(arguments)
    where = html_place(arguments.out)
    trace = requests[0].source.trace()
    parts = []
    with shown(requests) as each:
        for request in each:
            wide, *narrow = (
                request.forms(trace) if both else (request.draw(trace),)
            )
            parts.append(embed(wide, arguments.theme, *narrow))
    write_html("".join(parts), where)


def _requests(arguments: argparse.Namespace) -> list[Request]:
    id, arguments.id = arguments.id, None
    check_own_id(id)
    requests = requests_of(arguments, arguments.names)
    if id is None:
        return requests
    if len(requests) == 1:
        return [replace(requests[0], id=id)]
    return [replace(r, id=f"{id}-{r.name}") for r in requests]
