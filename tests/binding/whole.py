"""A figure in both widths: proven, readable, and all its words bound."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, NamedTuple

import lstm_figs
from lstm_figs import Figure
from lstm_figs.command.request import Request
from lstm_figs.errors import LstmFigsError, ProofError
from lstm_figs.figure import WIDTH
from lstm_figs.figures import WHOLE
from lstm_figs.render.svg import sheet_paints
from lstm_figs.scene.theme import css
from tests import sheets
from tests.binding import homes, meant, parts, values
from tests.binding.cases import BOUND, widths_of
from tests.binding.checking import faults
from tests.binding.drawing import drawing
from tests.binding.sentences import read_templates, variant
from tests.binding.write import templates
from tests.live import Live
from tests.proving import NUMBERLESS, metadata, prove_with

LARGEST_FILE = 300_000


class Looked(NamedTuple):
    """What was found in both widths of a figure.

    Attributes:
        wrong: What is wrong with it.
        said: Its sentences.
        meant: Its words with what they speak of.
        shapes: By width, what shapes it has that no value draws.
    """

    wrong: list[str]
    said: set[str]
    meant: set[str]
    shapes: dict[int, set[str]]


def looked_at(
    name: str,
    draw: Callable[[int], Figure],
    own: Mapping[str, Any],
    *,
    has_command: bool,
    parts_of: str | None = None,
    is_listed: bool = True,
) -> Looked:
    """Look at a figure in both widths, at a sheet in its own.

    Args:
        name: What is drawn.
        draw: Draws it in a width.
        own: What a preamble leaves to the reader, by name.
        has_command: Whether its metadata have one.
        parts_of: What `parts.txt` calls the case, if it has it.
        is_listed: Whether its sentences have to be among those that were read,
            which no list can hold for all options of all tensors.
    """
    if not homes.is_recorded(name):
        parts_of, is_listed = None, False
    found, said, shown = [], set(), {}
    spoken: set[str] = set()
    shapes: dict[int, set[str]] = {}
    for width in widths_of(name):
        figure = draw(width)
        svg = figure.render("svg", "light").decode()
        seen = drawing(svg, own)
        numbers = figure.numbers()
        # Of a scale on both sides of 0, one end is an element.
        shown[width] = {
            (t.number.expr, str(t.number.value)) for t in numbers if not t.id.endswith("-opposite")
        }
        room = None if figure.sheet.unit else width
        found += map(str, sheets.faults(figure.sheet, room))
        # That the file for both schemes is this and a style, `test_render`
        # knows.
        style = css(figure.id, "auto", sheet_paints(figure.sheet))
        if len(f"{svg}<style>{style}</style>\n".encode()) > LARGEST_FILE:
            found.append(f"more than {LARGEST_FILE} bytes at {width}")
        try:
            proven = prove_with(seen.root, seen.namespace)
            assert proven == len(numbers)
        except AssertionError as error:
            found.append(str(error))
        if figure.name in BOUND:
            here = templates([seen])
            more = () if is_listed else here
            known = read_templates(figure.name, variant(seen))
            found += faults(seen, (*known, *more), is_listed=is_listed)
            found += values.faults(seen) if is_listed else []
            found += values.unsaid(seen)
            spoken.update(values.lines(seen))
            shapes[width] = parts.kinds(seen)
            if parts_of is not None:
                found += parts.faults(seen, width, parts_of)
            said |= here
        if (metadata(seen.root)["command"] is not None) != has_command:
            found.append("a command without a source, or a source without one")
    if not shown[min(shown)] <= shown[720]:
        found.append("the narrow form has numbers that the wide one lacks")
    # Over many steps this chart has no room for numbers, and a scale of zeros
    # has no end.
    if (
        not shown[720]
        and figure.name not in {"gates-over-time", *NUMBERLESS}
        and not any(meant.are_zeros(seen, mark) for mark in seen.marks)
    ):
        found.append("no number is shown")
    return Looked(found, said, spoken, shapes)


def check_request(request: Request) -> None:
    """Draw what a command line asks for, and look at it.

    Raises:
        AssertionError: If something is wrong with it.
    """
    try:
        trace = request.source.trace()
        request.draw(trace)
    except LstmFigsError as error:
        check_refusal(error)
        return
    looked = looked_at(
        request.name,
        lambda width: replace(request, width=width).draw(trace),
        {},
        has_command=True,
        is_listed=False,
    )
    assert not looked.wrong, "\n".join(map(str, looked.wrong))


def check_live(
    name: str,
    case: Live,
    part: int = 0,
    options: Mapping[str, Any] = MappingProxyType({}),
    tokens: Sequence[str] = (),
) -> None:
    """Draw a module in memory, and look at it.

    Args:
        name: The figure.
        case: The module, and what it is called with.
        part: Which layer and direction, round and round.
        options: Of the figure.
        tokens: What each step reads.

    Raises:
        AssertionError: If something is wrong with it.
    """
    own = case.make()
    try:
        trace = lstm_figs.trace(*own.values(), tokens=tokens)
        of = trace.weights[part % len(trace.weights)]
        chosen = {} if name in WHOLE else {"layer": of.layer, "reverse": of.direction == "reverse"}
        wide = lstm_figs.draw(name, trace, **chosen, **options)
    except ProofError:
        raise
    except LstmFigsError as error:
        check_refusal(error)
        return
    looked = looked_at(
        name,
        lambda width: (
            wide
            if width == WIDTH
            else lstm_figs.draw(name, trace, width=width, **chosen, **options)
        ),
        own,
        has_command=False,
        is_listed=False,
    )
    assert not looked.wrong, "\n".join(map(str, looked.wrong))


def check_refusal(error: LstmFigsError) -> None:
    """Whether it is one sentence: what was got, and what was expected."""
    said = str(error)
    assert said.isprintable(), f"{said!r} has more than one line"
    assert "expected" in said, f"{said!r} does not say what was expected"
