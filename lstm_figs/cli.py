"""The command line: list, draw, trace."""

import argparse
import gc
import json
import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .errors import LstmFigsError, UsageError
from .figure import default_theme
from .figures import CATALOG
from .files import write_files
from .lstm import Trace
from .options import figure_options, summary
from .render import FORMATS, Format, suffix_format
from .request import (
    Parser,
    add_figure,
    add_source,
    requests_of,
    source_of,
)
from .version import VERSION

STEP_TENSORS = (
    "x", "h_prev", "c_prev", "z_i", "z_f", "z_g", "z_o", "i", "f", "g", "o",
    "c", "tanh_c", "h",
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line; 0 is done, 2 is input that cannot be used."""
    # A command is short: looking for cycles costs it more than they hold.
    thresholds = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
        return _run(argv)
    finally:
        gc.set_threshold(*thresholds)


def _run(argv: Sequence[str] | None) -> int:
    try:
        arguments = _parse(sys.argv[1:] if argv is None else argv)
        arguments.run(arguments)
    except LstmFigsError as error:
        print(f"lstm-figs: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader of our output is gone; nothing is left to be flushed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        print(
            f"lstm-figs: cannot write the output ({error.strerror}), expected "
            "a place with room; choose another",
            file=sys.stderr,
        )
        return 2
    except KeyboardInterrupt:
        print("lstm-figs: interrupted, nothing was written", file=sys.stderr)
        return 130
    return 0


def _parse(words: Sequence[str]) -> argparse.Namespace:
    """Parse with the parser of the command, which knows its options."""
    parser, commands = parsers()
    if words and words[0] in commands:
        return commands[words[0]].read(words[1:])
    return parser.parse_args(words or ["--help"])


def parsers() -> tuple[Parser, dict[str, Parser]]:
    """The parser of the whole, and that of each command by its name."""
    parser = Parser(
        prog="lstm-figs",
        description="Figures of PyTorch's LSTM, drawn from real tensors, in "
        "which every number can be proven.",
    )
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    listing = commands.add_parser("list", help="name every figure")
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.set_defaults(run=_list)

    drawing = commands.add_parser("draw", help="draw figures to files")
    drawing.add_argument(
        "names", nargs="+", metavar="NAME", help="a figure, or: all"
    )
    add_source(drawing)
    add_figure(drawing)
    output = drawing.add_argument_group("output")
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
    drawing.set_defaults(run=_draw)

    tracing = commands.add_parser(
        "trace", help="print every intermediate result"
    )
    add_source(tracing)
    tracing.add_argument("--json", action="store_true", help="as JSON")
    tracing.set_defaults(run=_trace)
    return parser, commands.choices


def _list(arguments: argparse.Namespace) -> None:
    if arguments.json:
        entries = [
            {
                "name": name,
                "summary": summary(figure),
                "options": {
                    o.flag: {"default": o.default, "help": o.help}
                    for o in figure_options(figure)
                },
            }
            for name, figure in CATALOG.items()
        ]
        print(json.dumps(entries, indent=2, ensure_ascii=False))
        return
    for name, figure in CATALOG.items():
        flags = " ".join(o.flag for o in figure_options(figure))
        print(f"{name:16} {summary(figure)} {flags}".rstrip())


def _draw(arguments: argparse.Namespace) -> None:
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


def _trace(arguments: argparse.Namespace) -> None:
    trace = source_of(arguments).trace()
    if arguments.json:
        print(json.dumps(_plain(trace)))
        return
    for step in trace.steps:
        print(f"step {step.t + 1}")
        for name in STEP_TENSORS:
            print(f"  {name:7}{_rows(getattr(step, name))}")
    print(f"output {tuple(trace.output.shape)}")
    print(f"h_n    {_rows(trace.h_n[0])}")
    print(f"c_n    {_rows(trace.c_n[0])}")


def _rows(array: Any) -> str:
    rows = (" ".join(f"{v: .6f}" for v in row) for row in array.tolist())
    return " | ".join(rows)


def _plain(trace: Trace) -> dict[str, object]:
    (weights,) = trace.weights
    return {
        "torch": trace.origin.torch,
        "input_size": weights.input_size,
        "hidden_size": weights.hidden_size,
        "num_layers": 1,
        "bidirectional": False,
        "proj_size": 0,
        "batch_first": False,
        "steps": [
            {
                "t": step.t,
                "layer": step.layer,
                "direction": step.direction,
                **{
                    name: _nested(getattr(step, name).tolist())
                    for name in STEP_TENSORS
                },
            }
            for step in trace.steps
        ],
        "output": _nested(trace.output.tolist()),
        "h_n": _nested(trace.h_n.tolist()),
        "c_n": _nested(trace.c_n.tolist()),
    }


def _nested(value: Any) -> Any:
    """Nested lists in which NaN and infinities are strings."""
    if isinstance(value, list):
        return [_nested(item) for item in value]
    return value if math.isfinite(value) else str(value)


if __name__ == "__main__":
    sys.exit(main())
