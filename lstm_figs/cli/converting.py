"""`lstm-figs convert`: write the weights of an LSTM, converted to or from a different library."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..command.parsing import KINDS, Commands
from ..errors import UsageError
from ..porting import TARGETS
from .destinations import parse_destination, write_and_tell

SUFFIXES = (".npz", ".safetensors")
"""The suffixes of output files."""


def add(commands: Commands, _: Sequence[str]) -> None:
    """Add the command to a parser."""
    parser = commands.add_parser(
        "convert", help="write the weights of an LSTM, converted to or from a different library"
    )
    parser.add_argument("file", metavar="FILE", help=KINDS)
    direction = parser.exclusive_group()
    direction.add_argument(
        "--to",
        choices=(*TARGETS, "torch"),
        help="convert to the tensors of that library; torch writes the state dict of the "
        "nn.LSTM alone",
    )
    direction.add_argument(
        "--from",
        choices=TARGETS,
        dest="origin",
        help="convert the tensors of that library, named as --to names them, to PyTorch's",
    )
    parser.add_argument(
        "--module",
        metavar="PREFIX",
        help="which LSTM of the file, by default the only one; with --from, the prefix of "
        "PyTorch's tensor names",
    )
    parser.add_argument(
        "-o",
        "--out",
        required=True,
        metavar="FILE",
        help="a file that ends in .npz or .safetensors; numbers are float32",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write the converted tensors, and print the path.

    Raises:
        LstmFigsError: If the file or its LSTM cannot be used, or the result
            cannot be written.
    """
    path = _path(arguments.out)
    from ..sources.convert import encoded, tensors_for, tensors_from

    tensors = (
        tensors_for(arguments.file, arguments.to, arguments.module)
        if arguments.to
        else tensors_from(arguments.file, arguments.origin, arguments.module)
    )
    data = encoded(tensors, path.suffix.lower())
    write_and_tell({path: data}, [arguments.file])


def _path(out: str) -> Path:
    """The file to write, after checking its suffix."""
    destination = parse_destination(out, SUFFIXES, folders=False)
    if destination.file is None or destination.file.suffix.lower() not in SUFFIXES:
        raise UsageError(
            f"got --out {out!r}, expected a file that ends in {' or '.join(SUFFIXES)}; name one"
        )
    return destination.file
