"""A request for a figure, from a command line or the header of a block."""

import argparse
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ..errors import UsageError
from ..figure import (
    NARROW,
    WIDTH,
    Aspect,
    Figure,
    check_aspect,
    check_form,
    check_labelled,
    check_options,
    check_parts,
    check_size,
    check_words,
    draw_figure,
)
from ..figures import (
    CATALOG,
    LABELLED,
    LEARNED,
    SHEETS,
    TRAINED,
    WHOLE_MODULE,
    composer,
    is_known,
    unknown,
)
from ..model.lstm import Trace
from ..names import WIDTHS_BY_SUFFIX, printable
from ..options import Value, as_typed, figure_options
from ..sources import Source
from .parsing import Parser, add_figure, add_source, read_lazily, source_of


@dataclass(frozen=True)
class Request:
    """One figure with its source and options.

    Raises:
        UsageError: If there is no such figure, or the id, the width or an
            option cannot be used.
    """

    name: str
    source: Source = field(default_factory=Source)
    id: str | None = None
    width: int = WIDTH
    options: tuple[tuple[str, Value], ...] = ()
    title: str | None = None
    note: str | None = None
    no_heading: bool = False
    no_notes: bool = False
    aspect: Aspect | None = None

    def __post_init__(self) -> None:
        if not is_known(self.name):
            raise unknown(self.name)
        check_form(self.id, self.width)
        check_size(self.name, self.width)
        check_words(self.name, self.width, self.title, self.note)
        check_parts(self.name, self.no_heading, self.no_notes)
        check_aspect(self.name, self.width, self.aspect)
        check_options(self.name, dict(self.options))
        if self.source.labels is not None and not self.source.earlier:
            check_labelled(self.name)
        object.__setattr__(self, "source", with_default_network(self.name, self.source))

    def command(self) -> str:
        """The command line that gives this figure, without defaults."""
        words = ["lstm-figs", "draw", self.name, *self.source.arguments()]
        for option in figure_options(composer(self.name)):
            value = dict(self.options).get(option.name, option.default)
            if value != option.default:
                words += [option.flag, as_typed(value)]
        for flag, text in (("--title", self.title), ("--note", self.note)):
            if text is not None:
                # Otherwise argparse would take a value that begins with - for an option.
                is_joined = text.startswith("-")
                words += [f"{flag}={text}"] if is_joined else [flag, text]
        words += ["--no-heading"] * self.no_heading + ["--no-notes"] * self.no_notes
        words += ["--aspect", self.aspect] if self.aspect else []
        if self.width != WIDTH:
            words += ["--width", str(self.width)]
        if self.id is not None and self.id != self.name:
            words += ["--id", self.id]
        return shlex.join(words)

    def draw(self, trace: Trace | None = None) -> Figure:
        """Draw the figure.

        Args:
            trace: The trace of `source`, if it has been run already.
        """
        return draw_figure(
            self.name,
            trace if trace is not None else self.source.trace(),
            dict(self.options),
            id=self.id,
            width=self.width,
            title=self.title,
            note=self.note,
            no_heading=self.no_heading,
            no_notes=self.no_notes,
            aspect=self.aspect,
            command=self.command(),
            layer=self.source.layer or 0,
            direction=self.source.direction,
        )

    def forms(self, trace: Trace | None = None, *, middle: bool = False) -> tuple[Figure, ...]:
        """Draw the forms for a page: the requested width, then the narrow one.

        A sheet, or a figure that is already narrow, has only one form.

        Args:
            trace: The trace of `source`, if it has been run already.
            middle: Whether to draw the middle form too, before the narrow one.
        """
        trace = trace if trace is not None else self.source.trace()
        figure = self.draw(trace)
        if figure.sheet.width <= NARROW or self.name in SHEETS:
            return (figure,)
        smaller = (
            replace(self, width=width, id=f"{figure.id}{suffix}")
            for suffix, width in WIDTHS_BY_SUFFIX.items()
            if middle or width == NARROW
        )
        return figure, *(form.draw(trace) for form in smaller)


def requests_of(arguments: argparse.Namespace, names: Sequence[str]) -> list[Request]:
    """One request for each name.

    With `all`, each option applies to the figures that have it.

    Raises:
        UnknownName: If a name is not in the catalogue.
        UsageError: If a named figure lacks an option that was given.
    """
    draws_all = list(names) == ["all"]
    chosen = list(CATALOG) if draws_all else list(dict.fromkeys(names))
    if "all" in names and not draws_all:
        raise UsageError("got all with other names, expected all alone; leave the other names out")
    requests = []
    for name in chosen:
        if not is_known(name):
            raise unknown(name, also="all")
        own = {o.name: o for o in figure_options(composer(name))}
        given_options = {
            key: value
            for key, value in vars(arguments).items()
            if key in arguments.figure_options and value is not None
        }
        for key in given_options:
            if key not in own and not draws_all:
                flags = ", ".join(o.flag for o in own.values())
                raise UsageError(
                    f"got --{key}, which {name} does not have, expected "
                    f"{flags or 'no option of its own'}; leave it out"
                )
        options = tuple((k, v) for k, v in given_options.items() if k in own)
        source = source_of(arguments, default=TRAINED.get(name))
        if draws_all and name in LEARNED:
            if not source.keeps_training:
                continue
            # All of its units are drawn, unless it compares files.
            options = tuple((k, v) for k, v in options if k != "units")
        own_source = fitting_source(name, source) if draws_all else source
        if any(other in LABELLED for other in names):
            own_source = _without_unused_labels(name, own_source)
        requests.append(
            Request(
                name,
                own_source,
                id=arguments.id,
                width=arguments.width,
                options=options,
                title=arguments.title,
                note=arguments.note,
                no_heading=arguments.no_heading,
                no_notes=arguments.no_notes,
                aspect=getattr(arguments, "aspect", None),
            )
        )
    if arguments.title is not None and len(requests) > 1:
        raise UsageError(
            f"got --title for {len(requests)} figures, expected one figure, because a title "
            "states its point; leave it out"
        )
    if arguments.id is not None and len(requests) > 1:
        raise UsageError(
            f"got --id for {len(requests)} figures, expected one figure; ids must be unique, "
            "so leave it out"
        )
    return requests


def fitting_source(name: str, source: Source) -> Source:
    """The source for one figure of `all`, without options that it does not show."""
    source = _without_unused_labels(name, source)
    if name not in WHOLE_MODULE:
        return source
    return replace(source, layer=None, reverse=False)


def _without_unused_labels(name: str, source: Source) -> Source:
    """The source for one of several figures, without labels if it shows none."""
    return source if name in LABELLED else replace(source, labels=None)


def with_default_network(name: str, source: Source) -> Source:
    """The source for a figure, with the figure's default network if none is given."""
    if not source.is_named:
        return source
    if name in TRAINED:
        return replace(source, network=source.network or TRAINED[name])
    return replace(source, network=None if source.network == "example" else source.network)


def files_of(requests: Iterable[Request]) -> tuple[str, ...]:
    """The files that requests read, without duplicates."""
    files = (name for request in requests for name in request.source.files())
    return tuple(dict.fromkeys(files))


def traces_of(requests: Iterable[Request]) -> dict[Request, Trace]:
    """Run the source of each request, and equal sources only once.

    Raises:
        LstmFigsError: If a source cannot be used.
    """
    by_source: dict[Source, Trace] = {}
    by_request = {}
    for request in requests:
        # A run computes all layers, whichever of them a figure shows.
        key = replace(request.source, layer=None, reverse=False)
        if key not in by_source:
            by_source[key] = request.source.trace()
        by_request[request] = by_source[key]
    return by_request


_FILE_FLAGS = (
    *("--format", "--theme", "--scale", "--dpi", "--out", "-o", "--strict"),
    *("--help", "-h"),
)
"""Options that only a command line has, because they say what file is written."""


def parse_header(header: str) -> Request:
    """The request in the header of a block, which has the arguments of `lstm-figs draw`.

    Raises:
        UsageError: If the header cannot be used.
    """
    try:
        words = shlex.split(header)
    except ValueError as error:
        raise UsageError(
            f"got {header!r} ({error}), expected words as in a terminal; close the quotation"
        ) from error
    for word in words:
        flag = word.partition("=")[0]
        if flag in _FILE_FLAGS:
            raise UsageError(
                f"got {flag}, expected only options that decide what a figure shows; a page "
                "chooses format, theme and place, so leave it out"
            )
    arguments = read_lazily(_parser, words)
    if arguments.program is not None:
        raise UsageError(
            "got --run, expected a source that runs no code, since a block is drawn whenever a "
            "page is built; write the figure to a file with lstm-figs embed"
        )
    if len(arguments.names) != 1 or arguments.names == ["all"]:
        names = printable(" ".join(arguments.names))
        raise UsageError(
            f"got {len(arguments.names) or 'no'} figure names"
            f"{f' ({names})' if names else ''}, "
            "expected the name of one figure; write one block for each"
        )
    if not is_known(arguments.names[0]):
        raise unknown(arguments.names[0])
    return requests_of(arguments, arguments.names)[0]


def _parser(names: Sequence[str]) -> Parser:
    """The parser of the header of a figure, with the options of these figures."""
    parser = Parser(prog="lstm-figs draw", add_help=False)
    parser.add_argument("names", nargs="*", metavar="NAME")
    add_source(parser)
    add_figure(parser, names)
    return parser
