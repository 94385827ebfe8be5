"""`lstm-figs draw`: figures as files."""

import argparse
import warnings
from collections.abc import Sequence
from pathlib import Path

from ..command.parsing import Commands, add_figure, add_source, decimal, whole
from ..command.request import Request, files_of, requests_of, traces_of
from ..errors import UsageError
from ..figure import default_theme
from ..names import plain
from ..render import DPI, FORMATS, SCALE, SCALES, Format, lacking, suffix_format
from .noticing import tell_input, tell_noise
from .places import STDOUT, Place, place, write_and_tell
from .several import add_strict, draw_several, is_all, tell
from .streams import complain, say_bytes

SUFFIXES = tuple(f".{format}" for format in FORMATS)
"""Of the files that are written."""


def add(commands: Commands, names: Sequence[str]) -> None:
    """Add the command to a parser."""
    parser = commands.add_parser("draw", help="draw figures to files")
    parser.add_argument("names", nargs="+", metavar="NAME", help="a figure or a sheet, or: all")
    add_source(parser)
    add_figure(parser, names)
    output = parser.group("output")
    output.add_argument(
        "--format",
        action="append",
        choices=FORMATS,
        metavar="FORMAT",
        help="svg, png or pdf; may be given several times; svg by default",
    )
    output.add_argument(
        "--theme",
        choices=("auto", "light", "dark"),
        metavar="THEME",
        help="auto, light or dark; by default auto for SVG, else light",
    )
    output.add_argument(
        "--scale",
        type=decimal(*SCALES),
        metavar="F",
        help=f"pixels of a PNG for each unit of the figure, {SCALES[0]:g} to "
        f"{SCALES[1]:g}, {SCALE:g} by default",
    )
    low, high = (round(scale * DPI) for scale in SCALES)
    output.add_argument(
        "--dpi",
        type=whole(low, high),
        metavar="N",
        help=f"the same as pixels an inch, {low} to {high}; {DPI} are a scale of 1",
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
    where = place(arguments.out, SUFFIXES)
    formats = _formats(arguments, where)
    count = len(requests) * len(formats)
    if count > 1 and where.folder is None:
        raise UsageError(
            f"got --out {arguments.out!r} for {count} outputs, expected a "
            "folder; name one with --out"
        )
    scale = _scale(arguments, formats)
    traces = traces_of(requests)
    boxes: set[str] = set()

    def rendered(request: Request) -> dict[Path, bytes]:
        figure = request.draw(traces[request])
        for format in formats:
            boxes.update(lacking(figure.sheet, format))
        folder = where.folder or Path()
        with warnings.catch_warnings():
            # `_tell_boxes` says it once, and what to do.
            warnings.filterwarnings("ignore", "Glyph", UserWarning)
            return {
                where.file or folder / f"{request.name}.{format}": (
                    figure.render(format, arguments.theme or default_theme(format), scale)
                )
                for format in formats
            }

    drawn, left_out = draw_several(requests, rendered, leave_out=is_all(arguments))
    contents = {p: data for part in drawn.values() for p, data in part.items()}
    if where == STDOUT:
        (data,) = contents.values()
        say_bytes(data)
    else:
        write_and_tell(contents, files_of(requests))
    tell(left_out)
    _tell_boxes(boxes)
    tell_input(requests[0].source, traces[requests[0]])
    if is_all(arguments):
        tell_noise(requests[0].source)


def _tell_boxes(letters: set[str]) -> None:
    """Say on standard error which letters a picture shows as boxes."""
    if letters:
        complain(
            f"no font on this machine has {plain(''.join(sorted(letters)))}, "
            "so PNG and PDF show boxes there; install a font of that script, "
            "or draw SVG, which takes the fonts of its readers"
        )


def _formats(arguments: argparse.Namespace, where: Place) -> list[Format]:
    formats: list[Format] = list(dict.fromkeys(arguments.format or ()))
    if where.file is None:
        return formats or ["svg"]
    if where.file.suffix.lower() not in SUFFIXES:
        return formats or ["svg"]  # A device or a pipe.
    named = suffix_format(where.file)
    if formats not in ([], [named]):
        raise UsageError(
            f"got --out {arguments.out!r} and --format {' '.join(formats)}, "
            "expected one format that fits the suffix; leave --format out"
        )
    return [named]


def _scale(arguments: argparse.Namespace, formats: list[Format]) -> float:
    asked = {"--scale": arguments.scale, "--dpi": arguments.dpi}
    given = [option for option, value in asked.items() if value is not None]
    if not given:
        return SCALE
    if len(given) > 1:
        raise UsageError(
            f"got --scale and --dpi, expected one of them; {DPI} dpi are a "
            "scale of 1, so leave one out"
        )
    if "png" not in formats:
        raise UsageError(
            f"got {given[0]} for {' and '.join(formats)}, which have no "
            "pixels, expected PNG; add --format png or leave it out"
        )
    return float(arguments.scale or arguments.dpi / DPI)
