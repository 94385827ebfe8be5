"""`lstm-figs embed`: print figures as HTML for any page."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace

from ..command.parsing import BOTH, Commands, add_figure, add_source
from ..command.request import Request, files_of, requests_of, traces_of
from ..errors import UsageError
from ..figure import WIDTH
from ..names import check_own_id
from .destinations import parse_html_destination, write_html
from .draw_several import add_strict, draw_several, is_all, report_left_out
from .input_warnings import warn_of_input, warn_of_noise


def add(commands: Commands, names: Sequence[str]) -> None:
    """Add the command to a parser."""
    parser = commands.add_parser(
        "embed",
        help="print figures as HTML for any page",
        epilog="The figures are static. In the file of lstm-figs page, numbers answer to a "
        "pointer; the block lstm-live of a site also reads typed text.",
    )
    parser.add_argument("names", nargs="+", metavar="NAME", help="a figure, or: all")
    add_source(parser)
    add_figure(parser, names, both=True)
    output = parser.group(
        "output", "ids must be unique in a page: with --id and several figures, each id is ID-NAME"
    )
    output.add_argument(
        "--theme",
        choices=("auto", "light", "dark"),
        default="auto",
        metavar="THEME",
        help="light, dark, or auto, the default, which follows the page",
    )
    output.add_argument(
        "--caption",
        metavar="TEXT",
        help="the text of the caption; by default the title and the lead of the figure",
    )
    output.add_argument(
        "--for",
        choices=("html", "mdx"),
        default="html",
        dest="language",
        metavar="LANGUAGE",
        help="html, the default, or mdx for Docusaurus and Next.js",
    )
    output.add_argument(
        "-o",
        "--out",
        metavar="FILE",
        default="-",
        help="a file that ends in .html; standard output by default",
    )
    add_strict(output)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Draw figures and write one HTML element for each."""
    from ..html.embed import embed

    both = arguments.width == BOTH
    if both:
        arguments.width = WIDTH
    requests = _requests(arguments)
    _check_caption(arguments.caption, len(requests))
    destination = parse_html_destination(arguments.out)
    traces = traces_of(requests)

    def embed_figure(request: Request) -> str:
        """The HTML or MDX of one figure."""
        trace = traces[request]
        forms = request.forms(trace, middle=True) if both else (request.draw(trace),)
        html = embed(forms[0], arguments.theme, *forms[1:], caption=arguments.caption)
        return _in_mdx(html) if arguments.language == "mdx" else html

    elements, left_out = draw_several(requests, embed_figure, leave_out=is_all(arguments))
    write_html("".join(elements.values()), destination, files_of(requests))
    report_left_out(left_out)
    warn_of_input(requests[0].source, traces[requests[0]])
    warn_of_noise(requests[0].source, (request.name for request in requests))


def _check_caption(caption: str | None, count: int) -> None:
    """Check that a caption is one line of text, for one figure.

    Raises:
        UsageError: If it is not.
    """
    if caption is None:
        return
    if not caption.strip() or not caption.isprintable():
        raise UsageError(f"got caption={caption!r}, expected one line of text; write another")
    if count > 1:
        raise UsageError(
            f"got --caption for {count} figures, expected one figure, because a caption is about "
            "what it shows; leave it out"
        )


def _in_mdx(html: str) -> str:
    r"""HTML as an element of MDX, which would parse raw HTML as JSX.

    >>> print(_in_mdx('<svg class="a">{}</svg>'), end="")
    <div dangerouslySetInnerHTML={{__html: "<svg class=\"a\">{}</svg>"}} />
    """
    return f"<div dangerouslySetInnerHTML={{{{__html: {json.dumps(html)}}}}} />\n"


def _requests(arguments: argparse.Namespace) -> list[Request]:
    """The figures to embed, with ids from `--id`."""
    id, arguments.id = arguments.id, None
    check_own_id(id or "")
    requests = requests_of(arguments, arguments.names)
    if id is None:
        return requests
    if len(requests) == 1:
        return [replace(requests[0], id=id)]
    return [replace(r, id=f"{id}-{r.name}") for r in requests]
