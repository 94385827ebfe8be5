"""`lstm-figs page`: one HTML file that explains one LSTM."""

import argparse
from collections.abc import Sequence
from dataclasses import replace

from ..command.parsing import MOST, Commands, add_source, source_of, wholes
from ..command.request import Request, fitting
from ..figures import CATALOG, LEARNED, composer
from ..options import figure_options, written
from ..proof.subject import Subject
from .noticing import tell_input, tell_noise
from .places import html_place, write_html
from .several import add_strict, draw_several, tell


def add(commands: Commands, _: Sequence[str]) -> None:
    """Add the command to a parser."""
    parser = commands.add_parser("page", help="write one HTML file with all figures of one LSTM")
    add_source(parser)
    parser.group("figure options").add_argument(
        "--units",
        type=wholes(0, MOST),
        metavar="K,…",
        help="the units that figures of chosen ones draw, at most eight; by "
        "default one that keeps and one that reacts",
    )
    output = parser.group("output")
    output.add_argument(
        "--title", metavar="TEXT", help="the heading; by default it names the module"
    )
    output.add_argument(
        "-o",
        "--out",
        metavar="FILE",
        default="lstm.html",
        help="a file that ends in .html; lstm.html by default; - is standard output",
    )
    add_strict(output)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Draw the catalogue and write the page."""
    from ..html.acting import around
    from ..html.page import page

    where = html_place(arguments.out)
    source = source_of(arguments)
    trace = source.trace()
    # All figures are of one network, also those that would choose another.
    one = source
    if source.is_named:
        one = replace(source, network=source.network or "example")
    chosen = arguments.units
    requests = [
        Request(
            name,
            fitting(name, one),
            options=(("units", chosen),) if chosen and _draws(name) else (),
        )
        for name in CATALOG
        if name not in LEARNED or one.keeps_training
    ]
    figures, left_out = draw_several(
        requests, lambda r: r.forms(trace), leave_out=not arguments.strict
    )
    acting = {
        request.name: around(request, trace, figures[request.name])
        for request in requests
        if request.name in figures
    }
    subject = Subject(trace, source.layer or 0, source.direction)
    more = ["--units", written(chosen)] if chosen else []
    if arguments.title is not None:
        more += ["--title", arguments.title]
    html = page(figures, subject, arguments.title, acting, more)
    write_html(html, where, source.files())
    tell(left_out)
    tell_noise(source)
    tell_input(source, trace)


def _draws(name: str) -> bool:
    """Whether a figure draws chosen units."""
    return any(o.name == "units" for o in figure_options(composer(name)))
