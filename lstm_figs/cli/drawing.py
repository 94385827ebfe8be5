"""`lstm-figs draw`: draw figures to files."""

import argparse
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from ..command.parsing import Commands, add_figure, add_source, decimal_number, whole_number
from ..command.request import Request, files_of, requests_of, traces_of
from ..errors import UsageError
from ..figure import Aspect, default_theme
from ..names import printable
from ..render import DPI, FORMATS, SCALE, SCALES, Format, missing_characters, suffix_format
from .destinations import STDOUT, Destination, parse_destination, write_and_tell
from .draw_several import add_strict, draw_several, is_all, report_left_out
from .input_warnings import warn_of_input, warn_of_noise
from .streams import print_bytes, print_error

SUFFIXES = tuple(f".{format}" for format in FORMATS)
"""The suffixes of output files."""


def add(commands: Commands, names: Sequence[str]) -> None:
    """Add the command to a parser."""
    parser = commands.add_parser("draw", help="draw figures to files")
    parser.add_argument("names", nargs="+", metavar="NAME", help="a figure or a sheet, or: all")
    add_source(parser)
    add_figure(parser, names)
    output = parser.group("output")
    output.add_argument(
        "--aspect",
        choices=get_args(Aspect),
        metavar="ASPECT",
        help="wide, for a slide of 16 : 9; a figure that is too high refuses it",
    )
    output.add_argument(
        "--format",
        action="append",
        choices=FORMATS,
        metavar="FORMAT",
        help="svg, png or pdf; may be repeated; svg by default",
    )
    output.add_argument(
        "--theme",
        choices=("auto", "light", "dark"),
        metavar="THEME",
        help="auto, light or dark; by default auto for SVG, else light",
    )
    output.add_argument(
        "--scale",
        type=decimal_number(*SCALES),
        metavar="F",
        help=f"pixels of a PNG for each pixel of the figure's width, {SCALES[0]:g} to "
        f"{SCALES[1]:g}, {SCALE:g} by default",
    )
    low, high = (round(scale * DPI) for scale in SCALES)
    output.add_argument(
        "--dpi",
        type=whole_number(low, high),
        metavar="N",
        help=f"the same in pixels per inch, {low} to {high}; {DPI} is a scale of 1",
    )
    output.add_argument(
        "-o",
        "--out",
        metavar="FILE or DIR",
        help="a file if it ends in a known suffix, else a folder; the current "
        "folder by default; - is standard output",
    )
    add_strict(output)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Draw figures, then write all of them."""
    requests = requests_of(arguments, arguments.names)
    destination = parse_destination(arguments.out, SUFFIXES)
    formats = _formats(arguments, destination)
    count = len(requests) * len(formats)
    if count > 1 and destination.folder is None:
        raise UsageError(
            f"got --out {arguments.out!r} for {count} outputs, expected a "
            "folder; name one with --out"
        )
    scale = _scale(arguments, formats)
    traces = traces_of(requests)
    missing_letters: set[str] = set()

    def render_files(request: Request) -> dict[Path, bytes]:
        """Draw one request, and yield its files."""
        figure = request.draw(traces[request])
        for format in formats:
            missing_letters.update(missing_characters(figure.sheet, format))
        folder = destination.folder or Path()
        with warnings.catch_warnings():
            # `_warn_of_missing_letters` warns once, and says what to do.
            warnings.filterwarnings("ignore", "Glyph", UserWarning)
            return {
                destination.file or folder / f"{request.name}.{format}": (
                    figure.render(format, arguments.theme or default_theme(format), scale)
                )
                for format in formats
            }

    files_by_figure, left_out = draw_several(requests, render_files, leave_out=is_all(arguments))
    contents: dict[Path, bytes] = {}
    for files in files_by_figure.values():
        contents |= files
    if destination == STDOUT:
        (data,) = contents.values()
        print_bytes(data)
    else:
        write_and_tell(contents, files_of(requests))
    report_left_out(left_out)
    _warn_of_missing_letters(missing_letters)
    warn_of_input(requests[0].source, traces[requests[0]])
    warn_of_noise(requests[0].source, (request.name for request in requests))


def _warn_of_missing_letters(letters: set[str]) -> None:
    """Warn about letters that a picture shows as boxes, because the font lacks them."""
    if letters:
        print_error(
            f"no font on this machine has {printable(''.join(sorted(letters)))}, so PNG and "
            "PDF show boxes there; install a font for that script, or draw SVG, which uses its "
            "readers' fonts"
        )


def _formats(arguments: argparse.Namespace, destination: Destination) -> list[Format]:
    """The requested formats, by default that of the file's suffix."""
    formats: list[Format] = list(dict.fromkeys(arguments.format or ()))
    if destination.file is None:
        return formats or ["svg"]
    if destination.file.suffix.lower() not in SUFFIXES:
        return formats or ["svg"]  # For a device or a pipe.
    expected_format = suffix_format(destination.file)
    if formats not in ([], [expected_format]):
        raise UsageError(
            f"got --out {arguments.out!r} and --format {' '.join(formats)}, "
            "expected one format that fits the suffix; leave --format out"
        )
    return [expected_format]


def _scale(arguments: argparse.Namespace, formats: list[Format]) -> float:
    """The scale, from `--scale` or `--dpi`."""
    values = {"--scale": arguments.scale, "--dpi": arguments.dpi}
    flags = [option for option, value in values.items() if value is not None]
    if not flags:
        return SCALE
    if len(flags) > 1:
        raise UsageError(
            f"got --scale and --dpi, expected one of them; {DPI} dpi is a scale of 1, so leave "
            "one out"
        )
    if "png" not in formats:
        raise UsageError(
            f"got {flags[0]} for {' and '.join(formats)}, which have no "
            "pixels, expected PNG; add --format png or leave it out"
        )
    return float(arguments.scale or arguments.dpi / DPI)
