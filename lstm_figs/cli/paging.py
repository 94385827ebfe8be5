"""`lstm-figs page`: one HTML file that explains one LSTM."""

import argparse
from collections.abc import Sequence
from dataclasses import replace

from ..command.parsing import MAX_NUMBER, Commands, add_source, source_of, whole_numbers
from ..command.request import Request, fitting_source
from ..figures import CATALOG, LEARNED, composer
from ..model.layer_run import LayerRun
from ..options import as_typed, figure_options
from .destinations import parse_html_destination, write_html
from .draw_several import add_strict, draw_several, report_left_out
from .input_warnings import warn_of_input, warn_of_noise


def add(commands: Commands, _: Sequence[str]) -> None:
    """Add the command to a parser."""
    parser = commands.add_parser("page", help="write one HTML file with all figures of one LSTM")
    add_source(parser)
    parser.group("figure options").add_argument(
        "--units",
        type=whole_numbers(0, MAX_NUMBER),
        metavar="K,…",
        help="the units to draw in figures of chosen units, at most eight; by default one that "
        "keeps and one that reacts",
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
    from ..html.page import page
    from ..html.surroundings import surroundings

    destination = parse_html_destination(arguments.out)
    source = source_of(arguments)
    trace = source.trace()
    # All figures show one network, even those with a different default.
    shared_source = source
    if source.is_named:
        shared_source = replace(source, network=source.network or "example")
    chosen = arguments.units
    requests = [
        Request(
            name,
            fitting_source(name, shared_source),
            options=(("units", chosen),) if chosen and _draws_units(name) else (),
        )
        for name in CATALOG
        if name not in LEARNED or shared_source.keeps_training
    ]
    figures, left_out = draw_several(
        requests, lambda r: r.forms(trace), leave_out=not arguments.strict
    )
    surroundings_by_figure = {
        request.name: surroundings(request, trace, figures[request.name])
        for request in requests
        if request.name in figures
    }
    subject = LayerRun(trace, source.layer or 0, source.direction)
    page_flags = ["--units", as_typed(chosen)] if chosen else []
    if arguments.title is not None:
        page_flags += ["--title", arguments.title]
    html = page(figures, subject, arguments.title, surroundings_by_figure, page_flags)
    write_html(html, destination, source.files())
    report_left_out(left_out)
    warn_of_noise(source)
    warn_of_input(source, trace)


def _draws_units(name: str) -> bool:
    """Whether a figure of one network draws chosen units."""
    return name not in LEARNED and any(o.name == "units" for o in figure_options(composer(name)))
