"""Parsers and options that command lines and headers of blocks share."""

import argparse
import math
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import Any, NoReturn, TypeAlias, get_args

from ..errors import UnknownName, UsageError, quoted
from ..figure import WIDTH
from ..figures import CATALOG, LABELLED, LEARNED, SHEETS, TRAINED, Name, composer
from ..model.arguments import MAX_NUMBERS, MAX_SIZE, STORED_PER_UNIT
from ..names import IDENTIFIER, is_identifier
from ..options import Option, figure_options
from ..sources import Source
from ..sources.networks import BATCHES
from ..sources.source import NetworkName

KINDS = (
    ".safetensors, .npz, or .pt, .pth, .ckpt, .bin from torch; with the extra formats also "
    ".onnx, and .keras, .h5 from Keras"
)
"""The formats of weights files, for `--help`."""

MAX_CHECKPOINTS = 12
"""The most weights files that one figure compares."""


class _Help(argparse.HelpFormatter):
    """Help as wide as the terminal, without importing `shutil`.

    argparse asks `shutil` for the width whenever an option is added. `shutil`
    imports every kind of compression, which takes longer than parsing.
    """

    def __init__(self, prog: str):
        try:
            width = int(os.environ.get("COLUMNS", 0))
            width = width or os.get_terminal_size().columns
        except (ValueError, OSError):
            width = 80
        super().__init__(prog, width=width - 2)


@dataclass
class Group:
    """A group of options in a parser's help.

    argparse has no public list of a parser's options, so this keeps one.

    Attributes:
        title: The heading of the group.
        description: A sentence about all its options.
        add: The function of argparse that adds an option.
        options: The options.
    """

    title: str
    description: str
    add: Callable[..., argparse.Action]
    options: list[argparse.Action] = field(default_factory=list)

    def add_argument(self, *names: str, **keywords: Any) -> argparse.Action:
        """Add an option, as argparse does."""
        self.options.append(self.add(*names, **keywords))
        return self.options[-1]


class Parser(argparse.ArgumentParser):
    """A parser that raises an error instead of ending the process.

    Attributes:
        groups: The groups of its options; the first has those without a group.
    """

    def __init__(self, **keywords: Any):
        # Before super().__init__, in which argparse adds --help.
        self.groups = [Group("", "", super().add_argument)]
        super().__init__(allow_abbrev=False, formatter_class=_Help, **keywords)

    @property
    def options(self) -> list[argparse.Action]:
        """All options and positional arguments."""
        return [option for group in self.groups for option in group.options]

    def add_argument(self, *names: str, **keywords: Any) -> argparse.Action:
        """Add an option without a group."""
        return self.groups[0].add_argument(*names, **keywords)

    def group(self, title: str, about: str = "") -> Group:
        """Begin a group of options."""
        argparse_group = self.add_argument_group(title, about or None)
        self.groups.append(Group(title, about, argparse_group.add_argument))
        return self.groups[-1]

    def exclusive_group(self) -> Group:
        """Begin options without a group, exactly one of which is required."""
        argparse_group = self.add_mutually_exclusive_group(required=True)
        return Group("", "", argparse_group.add_argument, self.groups[0].options)

    def error(self, message: str) -> NoReturn:
        """Raise argparse's message, with the place where options are listed."""
        raise UsageError(f"{message}; see {self.prog} --help")

    def read(self, words: Sequence[str]) -> argparse.Namespace:
        """Parse; the error about an unknown option names the nearest one."""
        arguments, unknown = self.parse_known_args(words)
        for word in unknown:
            if word.startswith("--"):
                flags = (o for option in self.options for o in option.option_strings)
                known = [o for o in flags if o.startswith("--")]
                raise UnknownName("option", word.partition("=")[0], known)
            raise UsageError(
                f"got {word!r}, which belongs to no option, expected nothing there; see "
                f"{self.prog} --help"
            )
        return arguments


STEP_SECONDS = (1e-9, 1e9)
"""The range of the duration of a step."""

Commands: TypeAlias = "argparse._SubParsersAction[Parser]"
"""The object to which a command adds its parser."""


def _list_names(names: Collection[str]) -> str:
    """Names in the order of the gallery, for `--help`.

    >>> _list_names({"units", "reading", "writes"})
    'reading, writes and units'
    """
    *others, last = [name for name in get_args(Name) if name in names]
    return f"{', '.join(others)} and {last}"


def _defaults(network: str) -> str:
    """The figures that are drawn from a network by default, in words."""
    names = sorted(name for name, default in TRAINED.items() if default == network)
    return f"--network {network} for {', '.join(names)}"


def add_source(parser: Parser) -> None:
    """Add the options for the weights and the input."""
    group = parser.group(
        "source",
        "by default the example network, nn.LSTM(3, 2); "
        f"{_defaults('brackets')}; {_defaults('brackets-16')}; a module has at most "
        f"{MAX_NUMBERS:,} parameters, and a run stores at most as many numbers"
        f", {STORED_PER_UNIT} for each unit, step and sequence",
    )
    size = whole_number(1, MAX_SIZE)
    group.add_argument(
        "--network",
        metavar="NAME",
        help="example; brackets: nn.LSTM(4, 2), trained to follow brackets and quotes; "
        "or brackets-16, the same with 16 units",
    )
    group.add_argument(
        "--after",
        type=whole_number(0, BATCHES),
        metavar="N",
        help=f"0 to {BATCHES}; the bracket network after this many batches of its training, or "
        "at the last recorded moment before",
    )
    group.add_argument("--input-size", type=size, metavar="I", help=f"1 to {MAX_SIZE}")
    group.add_argument("--hidden-size", type=size, metavar="H", help=f"1 to {MAX_SIZE}")
    group.add_argument(
        "--num-layers", type=whole_number(1, 64), metavar="L", help="with sizes; 1 by default"
    )
    group.add_argument("--bidirectional", action="store_true", help="with sizes")
    group.add_argument(
        "--proj-size",
        type=whole_number(0, MAX_SIZE - 1),
        metavar="P",
        help="with sizes; smaller than hidden_size, 0 for none",
    )
    group.add_argument("--no-bias", action="store_true", help="with sizes")
    group.add_argument(
        "--dtype", choices=("float32", "float64"), help="with sizes; float32 by default"
    )
    group.add_argument(
        "--seed",
        type=whole_number(0, 2**63 - 1),
        metavar="S",
        help="the seed of random weights, and of a random input; 0 by default",
    )
    group.add_argument(
        "--weights",
        action="append",
        metavar="FILE",
        help=f"{KINDS}; several times for learning, which compares them in this order",
    )
    group.add_argument(
        "--run",
        dest="program",
        metavar="FILE.py:FUNCTION",
        help="a function that returns a model and a tuple of its arguments; the file is run, "
        "and figures show what the LSTM inside the model computes",
    )
    group.add_argument(
        "--call-index",
        type=whole_number(0, 10**6),
        metavar="K",
        help="the only call of that LSTM to show, counted from 0; by default all calls, each "
        "of which has to begin with the state of the one before",
    )
    group.add_argument(
        "--module",
        metavar="PREFIX",
        help="which LSTM of the file, as `lstm-figs inspect FILE` names it; "
        "by default the only one",
    )
    group.add_argument(
        "--layer",
        type=whole_number(0, 10**4),
        metavar="K",
        help="the layer that figures show; 0 by default",
    )
    group.add_argument("--reverse", action="store_true", help="show the reverse direction")
    group.add_argument(
        "--input", metavar="FILE", help=".npy, .json or .safetensors of shape (T, I) or (T, N, I)"
    )
    group.add_argument(
        "--text",
        metavar="TEXT",
        help="the text to read, one character per step; for --network brackets or "
        "brackets-16, or a .safetensors file whose metadata has an alphabet",
    )
    group.add_argument(
        "--tokens",
        metavar="FILE",
        help="names of the steps: a .json file with a list of strings; numbers that grow are "
        "times, of which some are printed",
    )
    group.add_argument(
        "--step-seconds",
        type=decimal_number(*STEP_SECONDS),
        metavar="S",
        help="the seconds of a step, for an axis of time in place of step numbers",
    )
    group.add_argument(
        "--labels",
        metavar="FILE",
        help="labels of the steps: a .json file with an object of names, each with true or "
        f"false for each step; for {_list_names(LABELLED)}, and for `lstm-figs units` and "
        "`lstm-figs influence`",
    )
    group.add_argument(
        "--sample",
        type=whole_number(0, 10**6),
        metavar="K",
        help="run only this sequence of a batch, counted from 0; all by default, of which "
        "figures of one sequence show the first",
    )
    group.add_argument(
        "--set",
        action="append",
        metavar="NAME[I,J]=VALUE",
        help="change one number of a parameter, x, h_0 or c_0, such as "
        "lstm.weight_hh_l0[0,1]=0; may be repeated; a text is still printed as typed",
    )
    group.add_argument(
        "--seq-len",
        type=whole_number(1, 1000),
        metavar="T",
        help="1 to 1000; 4 by default, for --network brackets or brackets-16 its whole text",
    )
    group.add_argument(
        "--batch-size", type=whole_number(1, 1000), metavar="N", help="1 to 1000, 1 by default"
    )


def source_of(arguments: argparse.Namespace, default: NetworkName | None = None) -> Source:
    """The source that parsed options describe.

    Args:
        arguments: The options.
        default: The network if none is named; None for the example.
    """
    network = arguments.network
    files = arguments.weights or (None,)
    if len(files) > 1 and set(getattr(arguments, "names", ())) != LEARNED:
        raise UsageError(
            f"got --weights {len(files)} times, expected one file; only the figure "
            f"{' and '.join(sorted(LEARNED))} compares several, drawn by itself"
        )
    if len(files) > MAX_CHECKPOINTS:
        raise UsageError(
            f"got --weights {len(files)} times, expected at most {MAX_CHECKPOINTS}; leave some out"
        )
    weights = (arguments.weights, arguments.program, arguments.input_size, arguments.hidden_size)
    if all(value is None for value in (network, *weights)):
        network = default
    return Source(
        input_size=arguments.input_size,
        hidden_size=arguments.hidden_size,
        seed=arguments.seed,
        input=arguments.input,
        seq_len=arguments.seq_len,
        batch_size=arguments.batch_size,
        weights=files[-1],
        earlier=tuple(files[:-1]),
        program=arguments.program,
        call_index=arguments.call_index,
        module=arguments.module,
        layer=arguments.layer,
        reverse=arguments.reverse,
        num_layers=arguments.num_layers,
        bidirectional=arguments.bidirectional,
        proj_size=arguments.proj_size,
        no_bias=arguments.no_bias,
        dtype=arguments.dtype,
        network=network,
        after=arguments.after,
        text=arguments.text,
        tokens=arguments.tokens,
        step_seconds=arguments.step_seconds,
        labels=arguments.labels,
        sample=arguments.sample,
        set=tuple(arguments.set or ()),
    )


def named_figures(words: Sequence[str]) -> Sequence[str]:
    """The figures that may be named on a command line.

    >>> named_figures(["draw", "cell", "--step", "2"])
    ('cell',)
    """
    all_figures = (*CATALOG, *SHEETS)
    if {"all", "-h", "--help"} & {*words}:
        return all_figures
    return tuple(name for name in all_figures if name in words)


def read_source(
    options: Mapping[str, object], *, default: NetworkName | None = None, figure: object = None
) -> Source:
    """The source for options from Python, checked like a command line.

    Args:
        options: Values by names such as `input_size`; None leaves an option
            out, and True sets a flag.
        default: See `source_of`.
        figure: The figure that is drawn.

    Raises:
        UsageError: If there is no such option, or a value cannot be used.
    """
    parser = Parser(prog="lstm-figs draw", add_help=False)
    add_source(parser)
    words: list[str] = []
    for name, value in options.items():
        flag = f"--{name.replace('_', '-')}"
        for item in value if isinstance(value, tuple | list) else (value,):
            if item is None or item is False:
                continue
            if name == "input" and hasattr(item, "shape"):
                raise UsageError(
                    f"got input of shape {tuple(item.shape)}, expected the name of a file; "
                    'save it first: numpy.save("x.npy", x)'
                )
            if not isinstance(item, str | Real | os.PathLike):
                raise UsageError(
                    f"got {name}={quoted(item)}, expected text or a number; pass one of them"
                )
            words.append(flag if isinstance(item, bool) else f"{flag}={item}")
    parser.set_defaults(names=(figure,))
    return source_of(parser.read(words), default)


def read_lazily(
    make: Callable[[Sequence[str]], Parser], words: Sequence[str]
) -> argparse.Namespace:
    """Parse with the options of the named figures only, because that is fast.

    If this fails, parse again with the options of all figures, so that the
    error message knows all of them.
    """
    try:
        return make(named_figures(words)).read(words)
    except UsageError:
        return make((*CATALOG, *SHEETS)).read(words)


MAX_NUMBER = 10**6
"""The largest number as an option of a figure."""
BOTH = "both"
"""The `--width` of an embed with a wide, a middle and a narrow form."""


def add_figure(parser: Parser, names: Sequence[str], *, both: bool = False) -> None:
    """Add the options of figures, and those that all figures share.

    Args:
        parser: The parser; its namespace gets their names as `figure_options`.
        names: The names of the figures.
        both: Whether the width can be `both`.
    """
    group = parser.group("figure options")
    helps: dict[str, dict[str, list[str]]] = {}
    options: dict[str, Option] = {}
    keys = []
    for name in names:
        for option in figure_options(composer(name)):
            keys.append(option.name)
            # Figures may allow different words; each checks its own later.
            known = options.setdefault(option.flag, option).choices
            both_know = tuple(dict.fromkeys((*known, *option.choices)))
            options[option.flag] = option._replace(choices=both_know)
            figures_by_help = helps.setdefault(option.flag, {})
            figures_by_help.setdefault(option.help, []).append(name)
    for flag, figures_by_help in helps.items():
        lines = (f"{', '.join(names)}: {text}" for text, names in figures_by_help.items())
        option, help = options[flag], " ".join(lines)
        if option.choices:
            group.add_argument(
                flag,
                choices=option.choices,
                metavar=option.name.upper(),
                help=f"{help} One of {', '.join(option.choices)}.",
            )
        else:
            group.add_argument(flag, type=_parser(option), metavar=option.metavar, help=help)
    parser.set_defaults(figure_options=frozenset(keys))
    width = whole_number(360, WIDTH)
    if both:
        group.add_argument(
            "--width",
            type=lambda text: text if text == BOTH else width(text),
            metavar="N",
            default=WIDTH,
            help=f"360 to 720, 720 by default; {BOTH} for 720, 560 and 360, of which the page "
            "shows the widest that fits its column",
        )
    else:
        group.add_argument(
            "--width",
            type=width,
            metavar="N",
            default=WIDTH,
            help="360 to 720, 720 by default; panels that do not fit side by side are stacked",
        )
    group.add_argument(
        "--title", metavar="TEXT", help="replaces the figure's title; marked as yours, not proven"
    )
    group.add_argument(
        "--note", metavar="TEXT", help="a sentence at the foot; marked as yours, not proven"
    )
    group.add_argument(
        "--no-heading",
        action="store_true",
        help="leave out the title and the lines below it, for a page with a caption of its own",
    )
    group.add_argument(
        "--no-notes", action="store_true", help="leave out the figure's own sentences at the foot"
    )
    group.add_argument(
        "--id",
        type=identifier,
        metavar="ID",
        help="the prefix of ids in the SVG; the figure's name by default",
    )


def _parser(option: Option) -> Any:
    """The parser for the numbers of an option."""
    if option.is_decimal:
        return decimal_number(-MAX_NUMBER, MAX_NUMBER)
    return whole_numbers(0, MAX_NUMBER) if option.is_list else whole_number(0, MAX_NUMBER)


def whole_number(low: int, high: int) -> Any:
    """A parser for integers in a range."""
    return _number(int, "a whole number", low, high)


def whole_numbers(low: int, high: int) -> Any:
    """A parser for lists of integers in a range, such as `5,2,3`."""
    number = whole_number(low, high)

    def parse(text: str) -> tuple[int, ...]:
        try:
            return tuple(map(number, text.split(",")))
        except argparse.ArgumentTypeError:
            raise argparse.ArgumentTypeError(
                f"got {text!r}, expected whole numbers from {low} to {high} "
                "with commas between them"
            ) from None

    return parse


def decimal_number(low: float, high: float) -> Any:
    """A parser for numbers in a range."""
    return _number(float, "a number", low, high)


def _number(kind: Callable[[str], float], description: str, low: float, high: float) -> Any:
    """A parser of numbers from `low` to `high`, for argparse."""

    def parse(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(
                f"got {text!r}, expected {description} from {low} to {high}"
            )
        return value

    return parse


def identifier(text: str) -> str:
    """An id; see `names.IDENTIFIER`."""
    if not is_identifier(text):
        raise argparse.ArgumentTypeError(f"got {text!r}, expected {IDENTIFIER}")
    return text
