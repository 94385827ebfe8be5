"""`lstm-figs draw`: figures as files."""

import argparse
import sys
from pathlib import Path

from ..errors import UsageError
from ..figure import default_theme
from ..files import write_files
from ..render import FORMATS, Format, suffix_format
from ..request import Commands, add_figure, add_source, requests_of


def add(commands: Commands) -> None:
    """Add the command to a parser."""
    parser = commands.add_parser("draw", help="draw figures to files")
    parser.add_argument(
        "names", nargs="+", metavar="NAME", help="a figure, or: all"
    )
    add_source(parser)
    add_figure(parser)
    output = parser.add_argument_group("output")
    output.add_argument(
        "--format", action="append", choices=FORMATS, metavar="FORMAT",
        help="svg, png or pdf; may be given several times; svg by default",
    )  # fmt: skip
    output.add_argument(
        "--theme", choices=("auto", "light", "dark"), metavar="THEME",
        help="auto, light or dark; by default auto for SVG, else light",
    )  # fmt: skip
    output.add_argument(
        "--out", metavar="FILE or DIR",
        help="a file if it ends in a known suffix, else a folder; the current "
        "folder by default; - is standard output",
    )  # fmt: skip
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Draw figures, then write all of them."""
    requests = requests_of(arguments, arguments.names)
    formats: list[Format] = list(dict.fromkeys(arguments.format or ()))
    out = arguments.out
    to_file = out not in (None, "-") and Path(out).suffix[1:] in FORMATS
    if to_file:
        named = suffix_format(Path(out))
        if formats not in ([], [named]):
            raise UsageError(
                f"got --out {out} and --format {' '.join(formats)}, expected "
                "one format that fits the suffix; leave --format out"
            )
        formats = [named]
    formats = formats or ["svg"]
    if len(requests) * len(formats) > 1 and (to_file or out == "-"):
        raise UsageError(
            f"got --out {out} for {len(requests) * len(formats)} outputs, "
            "expected a folder; name one with --out"
        )
    folder = Path(out) if out is not None and not to_file else Path()
    trace = requests[0].source.trace()
    contents: dict[Path, bytes] = {}
    for request in requests:
        figure = request.draw(trace)
        for format in formats:
            path = Path(out) if to_file else folder / f"{request.name}.{format}"
            contents[path] = figure.render(
                format, arguments.theme or default_theme(format)
            )
    if out == "-":
        (data,) = contents.values()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    write_files(contents)
    for path in contents:
        print(path)
