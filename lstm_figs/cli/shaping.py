"""`lstm-figs shapes`: print the shape of every tensor of an nn.LSTM, and its cost."""

import argparse
import json
import shlex
from collections.abc import Sequence

from ..command.parsing import Commands, Parser, whole_number
from ..errors import UsageError
from ..model.arguments import ModuleArguments
from ..model.sizes import Sizes, shape
from .streams import print_text

MAX_SIZE, MAX_LAYERS = 10**6, 1000
"""The largest size, and the most layers, that `shapes` accepts; nothing is allocated."""


def add(commands: Commands, _: Sequence[str]) -> None:
    """Add the command to a parser."""
    parser = commands.add_parser(
        "shapes", help="print the shape of every tensor of an nn.LSTM, and its cost"
    )
    _add_sizes(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def _add_sizes(parser: Parser) -> None:
    """Add the options for sizes to a parser."""
    size = whole_number(1, MAX_SIZE)
    parser.add_argument("--input-size", type=size, metavar="I", default=3, help="3 by default")
    parser.add_argument("--hidden-size", type=size, metavar="H", default=2, help="2 by default")
    parser.add_argument(
        "--num-layers",
        type=whole_number(1, MAX_LAYERS),
        metavar="L",
        default=1,
        help="1 by default",
    )
    parser.add_argument("--bidirectional", action="store_true", help="read in both directions")
    parser.add_argument(
        "--proj-size",
        type=whole_number(0, MAX_SIZE),
        metavar="P",
        default=0,
        help="smaller than hidden_size, 0 for none",
    )
    parser.add_argument("--no-bias", action="store_true", help="without biases")
    parser.add_argument("--batch-first", action="store_true", help="with batch_first=True")
    parser.add_argument(
        "--unbatched", action="store_true", help="one sequence without a batch axis"
    )
    parser.add_argument("--seq-len", type=size, metavar="T", default=4, help="4 by default")
    parser.add_argument("--batch-size", type=size, metavar="N", help="1 by default")


def sizes_of(arguments: argparse.Namespace) -> Sizes:
    """The sizes in the arguments.

    Raises:
        UsageError: If the arguments contradict each other.
    """
    if arguments.unbatched and arguments.batch_size is not None:
        raise UsageError(
            "got --unbatched with --batch-size, expected one of them; a single sequence has no "
            "batch axis"
        )
    module = ModuleArguments(
        input_size=arguments.input_size,
        hidden_size=arguments.hidden_size,
        num_layers=arguments.num_layers,
        bidirectional=arguments.bidirectional,
        proj_size=arguments.proj_size,
        bias=not arguments.no_bias,
    )
    batch = None if arguments.unbatched else arguments.batch_size or 1
    return Sizes(module, arguments.seq_len, batch, arguments.batch_first)


def read_sizes(header: str) -> Sizes:
    """The sizes in the arguments of `lstm-figs shapes`.

    Raises:
        UsageError: If the options are unknown, or contradict each other.
    """
    parser = Parser(prog="lstm-figs shapes", add_help=False)
    _add_sizes(parser)
    return sizes_of(parser.read(shlex.split(header)))


def command(sizes: Sizes) -> str:
    """The command that prints the sizes, without options that have default values.

    >>> command(read_sizes("--input-size 3 --hidden-size 5 --unbatched"))
    'lstm-figs shapes --hidden-size 5 --unbatched'
    """
    module = sizes.arguments
    parser = Parser(add_help=False)
    _add_sizes(parser)
    values = {
        **vars(module),
        "no_bias": not module.bias,
        "batch_first": sizes.batch_first,
        "unbatched": sizes.batch is None,
        "seq_len": sizes.seq_len,
        "batch_size": None if sizes.batch == 1 else sizes.batch,
    }
    words = ["lstm-figs shapes"]
    for action in parser.options:
        value = values[action.dest]
        if value != action.default:
            words.append(action.option_strings[0])
            words += [] if value is True else [str(value)]
    return " ".join(words)


def run(arguments: argparse.Namespace) -> None:
    """Print shapes, the number of parameters, and what a call costs."""
    sizes = sizes_of(arguments)
    if arguments.json:
        print_text(json.dumps(_json(sizes), indent=2))
        return
    print_text(sizes.constructor_call)
    rows = {**sizes.call_axes, **sizes.parameter_axes}
    name_width = max(map(len, rows))
    shape_width = max(len(str(shape(axes))) for axes in rows.values())
    for name, axes in rows.items():
        axis_labels = ", ".join(label for label, _ in axes)
        lengths = str(shape(axes))
        print_text(f"{name:{name_width}}  {lengths:{shape_width}}  {axis_labels}")
    for phrase in sizes.cost_phrases:
        print_text(phrase)


def _json(sizes: Sizes) -> dict[str, object]:
    """What `--json` prints."""
    return {
        **{name: shape(axes) for name, axes in sizes.call_axes.items()},
        "parameters": {name: shape(axes) for name, axes in sizes.parameter_axes.items()},
        "count": sizes.arguments.parameters,
        "multiplications": sizes.updates * sizes.multiplications,
        "held_at_once": sizes.at_once,
        "kept_for_backward": sizes.stored_numbers,
        "bytes_to_run": sizes.bytes_to_run,
        "bytes_to_train": sizes.bytes_to_train,
    }
