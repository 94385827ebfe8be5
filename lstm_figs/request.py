"""What somebody wants drawn, from a terminal or from a block's header."""

import argparse
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeAlias

from .errors import UnknownName, UsageError
from .figure import WIDTH, Figure, draw_figure
from .figures import CATALOG
from .lstm import Trace
from .options import Value, figure_options
from .sources import Source

SIZES = 4096
"""The largest size that can be asked for."""


@dataclass(frozen=True)
class Request:
    """One figure, with everything that decides what it shows.

    Raises:
        UnknownName: If there is no such figure.
    """

    name: str
    source: Source = field(default_factory=Source)
    id: str | None = None
    width: int = WIDTH
    options: tuple[tuple[str, Value], ...] = ()

    def __post_init__(self) -> None:
        if self.name not in CATALOG:
            raise UnknownName("figure", self.name, CATALOG)

    def command(self) -> str:
        """The command line that gives this figure, without defaults."""
        words = ["lstm-figs", "draw", self.name, *self.source.arguments()]
        for option in figure_options(CATALOG[self.name]):
            value = dict(self.options).get(option.name, option.default)
            if value != option.default:
                words += [option.flag, str(value)]
        if self.id is not None and self.id != self.name:
            words += ["--id", self.id]
        if self.width != WIDTH:
            words += ["--width", str(self.width)]
        return shlex.join(words)

    def draw(self, trace: Trace | None = None) -> Figure:
        """Draw it.

        Args:
            trace: What `source` yields, where it has been run already.
        """
        return draw_figure(
            self.name,
            trace if trace is not None else self.source.trace(),
            dict(self.options),
            id=self.id,
            width=self.width,
            command=self.command(),
            layer=self.source.layer or 0,
            direction=self.source.direction,
        )


class Parser(argparse.ArgumentParser):
    """A parser that raises one sentence instead of leaving the process."""

    def __init__(self, **more: Any):
        super().__init__(allow_abbrev=False, **more)

    def error(self, message: str) -> NoReturn:
        """Say what argparse found, and where the options are listed."""
        raise UsageError(f"{message}; see {self.prog} --help")

    def read(self, words: Sequence[str]) -> argparse.Namespace:
        """Parse, and name the nearest option to one that does not exist."""
        found, unknown = self.parse_known_args(words)
        for word in unknown:
            if word.startswith("--"):
                known = [
                    o for o in self._option_string_actions if o[:2] == "--"
                ]
                raise UnknownName("option", word.partition("=")[0], known)
            raise UsageError(
                f"got {word!r} that belongs to no option, expected nothing "
                f"there; see {self.prog} --help"
            )
        return found


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"
"""Where a command adds its parser."""


def add_source(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where weights and input come from."""
    group = parser.add_argument_group(
        "source", "by default the example network, nn.LSTM(3, 2)"
    )
    size = whole(1, SIZES)
    group.add_argument(
        "--input-size", type=size, metavar="I", help=f"1 to {SIZES}"
    )
    group.add_argument(
        "--hidden-size", type=size, metavar="H", help=f"1 to {SIZES}"
    )
    group.add_argument(
        "--seed", type=whole(0, 2**63 - 1), metavar="S",
        help="of sizes, or of the input of a weights file; 0 by default",
    )  # fmt: skip
    group.add_argument(
        "--weights", metavar="FILE",
        help=".safetensors, .npz, or .pt, .pth, .ckpt, .bin of torch",
    )  # fmt: skip
    group.add_argument(
        "--module", metavar="PREFIX",
        help="which LSTM of the file, as `lstm-figs inspect FILE` names it; "
        "by default the only one",
    )  # fmt: skip
    group.add_argument(
        "--layer", type=whole(0, 10**4), metavar="K",
        help="the layer that figures show; 0 by default",
    )  # fmt: skip
    group.add_argument(
        "--reverse", action="store_true",
        help="figures show the reverse direction",
    )  # fmt: skip
    group.add_argument(
        "--input", metavar="FILE",
        help=".npy, .json or .safetensors of shape (T, I) or (T, N, I)",
    )  # fmt: skip
    group.add_argument(
        "--seq-len",
        type=whole(1, 1000),
        metavar="T",
        help="1 to 1000, 4 by default",
    )
    group.add_argument(
        "--batch-size",
        type=whole(1, 1000),
        metavar="N",
        help="1 to 1000, 1 by default",
    )


def source_of(found: argparse.Namespace) -> Source:
    """The source that parsed options describe."""
    return Source(
        input_size=found.input_size,
        hidden_size=found.hidden_size,
        seed=found.seed,
        input=found.input,
        seq_len=found.seq_len,
        batch_size=found.batch_size,
        weights=found.weights,
        module=found.module,
        layer=found.layer,
        reverse=found.reverse,
    )


def add_figure(parser: argparse.ArgumentParser) -> None:
    """Add the options of every figure, and those that all figures share."""
    group = parser.add_argument_group("figure options")
    helps: dict[str, dict[str, list[str]]] = {}
    choices: dict[str, tuple[str, ...]] = {}
    for name, figure in CATALOG.items():
        for option in figure_options(figure):
            choices[option.flag] = option.choices
            said = helps.setdefault(option.flag, {})
            said.setdefault(option.help, []).append(name)
    for flag, said in helps.items():
        lines = (f"{', '.join(names)}: {text}" for text, names in said.items())
        if choices[flag]:
            group.add_argument(
                flag, choices=choices[flag], help=" ".join(lines)
            )
        else:
            group.add_argument(
                flag, type=whole(0, 10**6), metavar="K", help=" ".join(lines)
            )
    group.add_argument(
        "--width", type=whole(360, WIDTH), metavar="N", default=WIDTH,
        help="360 to 720, 720 by default; panels that do not fit beside "
        "each other stand below each other",
    )  # fmt: skip
    group.add_argument(
        "--id", type=identifier, metavar="ID",
        help="what ids in the SVG begin with; the figure's name by default",
    )  # fmt: skip


def requests_of(
    found: argparse.Namespace, names: Sequence[str]
) -> list[Request]:
    """One request for each name.

    Raises:
        UnknownName: If a name is not in the catalogue.
        UsageError: If a named figure lacks an option that was given. With
            `all`, an option goes where it fits.
    """
    every = list(names) == ["all"]
    chosen = list(CATALOG) if every else list(dict.fromkeys(names))
    if "all" in names and not every:
        raise UsageError(
            "got all beside other names, expected all alone; leave the other "
            "names out"
        )
    source = source_of(found)
    requests = []
    for name in chosen:
        if name not in CATALOG:
            raise UnknownName("figure", name, [*CATALOG, "all"])
        own = {o.name: o for o in figure_options(CATALOG[name])}
        given = {
            key: value
            for key, value in vars(found).items()
            if key in _option_names() and value is not None
        }
        for key in given:
            if key not in own and not every:
                flags = ", ".join(o.flag for o in own.values())
                raise UsageError(
                    f"got --{key}, which {name} does not have, expected "
                    f"{flags or 'no option of its own'}; leave it out"
                )
        options = tuple((k, v) for k, v in given.items() if k in own)
        requests.append(Request(name, source, found.id, found.width, options))
    if found.id is not None and len(requests) > 1:
        raise UsageError(
            f"got --id for {len(requests)} figures, expected one figure; ids "
            "are to be unique, so leave it out"
        )
    return requests


def parse_header(header: str) -> Request:
    """A request from the header of a block: what follows `lstm-figs draw`.

    Raises:
        UsageError: If the header cannot be used.
    """
    try:
        words = shlex.split(header)
    except ValueError as error:
        raise UsageError(
            f"got {header!r} ({error}), expected words as in a terminal; "
            "close the quotation"
        ) from error
    parser = Parser(prog="lstm-figs draw", add_help=False)
    parser.add_argument("names", nargs="*", metavar="NAME")
    add_source(parser)
    add_figure(parser)
    for word in words:
        flag = word.partition("=")[0]
        if flag in ("--format", "--theme", "--out", "--help", "-h"):
            raise UsageError(
                f"got {flag}, expected only what decides what a figure shows; "
                "a page chooses format, theme and place, so leave it out"
            )
    found = parser.read(words)
    if len(found.names) != 1 or found.names == ["all"]:
        raise UsageError(
            f"got {len(found.names) or 'no'} figure names"
            f"{' (' + ' '.join(found.names) + ')' if found.names else ''}, "
            "expected the name of one figure; write one block for each"
        )
    return requests_of(found, found.names)[0]


def whole(low: int, high: int) -> Any:
    """A parser of whole numbers in a range."""

    def parse(text: str) -> int:
        expected = f"expected a whole number from {low} to {high}"
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(
                f"got {text!r}, {expected}"
            ) from None
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"got {value}, {expected}")
        return value

    return parse


def identifier(text: str) -> str:
    """An id that needs no escaping in SVG, HTML, CSS or an address."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", text) or "--" in text:
        raise argparse.ArgumentTypeError(
            f"got {text!r}, expected a letter, then letters, digits, '_' and "
            "single '-'"
        )
    return text


def _option_names() -> set[str]:
    return {o.name for f in CATALOG.values() for o in figure_options(f)}
