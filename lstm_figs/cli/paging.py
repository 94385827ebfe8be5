"""`lstm-figs page`: write one HTML file with all figures of one LSTM."""

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ..command.parsing import MAX_NUMBER, Commands, add_source, source_of, whole_numbers
from ..command.request import Request, fitting_source
from ..figures import CATALOG, LEARNED, composer
from ..model.layer_run import LayerRun
from ..options import as_typed, figure_options
from ..sources.edits import read_edits
from .destinations import parse_html_destination, write_html
from .draw_several import add_strict, draw_several, report_left_out
from .input_warnings import warn_of_input, warn_of_noise
from .streams import print_error

if TYPE_CHECKING:
    from ..html.surroundings import Surroundings

MAX_SIZE = 2_000_000
"""The most bytes of a page with a live network, unless nothing more can be left out."""


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
    from ..html.own_reading import why_not_live, with_units
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
    subject = LayerRun(trace, source.layer or 0, source.direction)
    # Empty, `live`, or why the figure `reading` of this network does not move.
    own_reading = ""
    if trace.tokens and not trace.origin.network:
        own_reading = why_not_live(subject, read_edits(source.set)) or "live"
    if own_reading == "live":
        requests = [with_units(r, trace) if r.name == "reading" else r for r in requests]
    figures, left_out = draw_several(
        requests, lambda r: r.forms(trace), leave_out=not arguments.strict
    )
    surroundings_by_figure = {
        request.name: surroundings(request, trace, figures[request.name])
        for request in requests
        if request.name in figures
    }
    page_flags = ["--units", as_typed(chosen)] if chosen else []
    if arguments.title is not None:
        page_flags += ["--title", arguments.title]
    html = page(figures, subject, arguments.title, surroundings_by_figure, page_flags)
    is_limited = own_reading == "live" and not arguments.strict
    omitted = LeftOut((), ())
    if is_limited:
        omitted = _what_to_leave_out(html, surroundings_by_figure)
    if omitted.steps_of:
        for name in omitted.steps_of:
            surroundings_by_figure[name] = surroundings_by_figure[name]._replace(before="")
        for name in omitted.figures:
            del figures[name]
        html = page(figures, subject, arguments.title, surroundings_by_figure, page_flags)
    write_html(html, destination, source.files())
    report_left_out(left_out)
    if own_reading not in ("", "live"):
        print_error(f"reading does not move in this page, because {own_reading}")
    _report(omitted)
    warn_of_noise(source)
    warn_of_input(source, trace)


class LeftOut(NamedTuple):
    """What is left out of a page with a live network, so that it stays small.

    Attributes:
        steps_of: The figures that lose the drawings of their other steps.
        figures: The figures that are left out whole.
    """

    steps_of: tuple[str, ...]
    figures: tuple[str, ...]


def _what_to_leave_out(html: str, surroundings_by_figure: "Mapping[str, Surroundings]") -> LeftOut:
    """What to leave out until the page is small enough, the last figures first."""
    from ..html.size_sentences import SECTIONS

    size = len(html.encode(errors="replace"))
    steps_of, figures = [], []
    for name, surrounding in reversed([*surroundings_by_figure.items()]):
        if size > MAX_SIZE and surrounding.before and not surrounding.rows:
            # The buttons for other steps contain their drawings.
            size -= len(surrounding.before)
            steps_of.append(name)
    # What is the same for every LSTM goes first.
    sections = sorted(SECTIONS, key=lambda section: section.is_same)
    removable = [name for section in sections for name in section.figures if name != "reading"]
    for name in reversed(removable):
        element = re.search(f'<figure id="figure-{name}">.*?</figure>', html, re.DOTALL)
        if size > MAX_SIZE and element:
            # The drawings of its other steps are subtracted already.
            subtracted = len(surroundings_by_figure[name].before) if name in steps_of else 0
            size -= len(element[0].encode(errors="replace")) - subtracted
            figures.append(name)
    return LeftOut(tuple(steps_of[::-1]), tuple(figures[::-1]))


def _report(omitted: LeftOut) -> None:
    """Print what is left out, and how to get it."""
    steps = [name for name in omitted.steps_of if name not in omitted.figures]
    if omitted.figures:
        print_error(
            f"{', '.join(omitted.figures)} are left out, so that the file stays under "
            f"{MAX_SIZE // 10**6} MB; draw them with `lstm-figs draw`, or add --strict"
        )
    if steps:
        print_error(
            f"of {', '.join(steps)} one step is drawn, so that the file stays under "
            f"{MAX_SIZE // 10**6} MB; draw others with --step, or add --strict"
        )


def _draws_units(name: str) -> bool:
    """Whether a figure of one network draws chosen units."""
    return name not in LEARNED and any(o.name == "units" for o in figure_options(composer(name)))
