"""Inspect a figure in both widths: proofs, readability and all its words."""

from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

import lstm_figs
from lstm_figs.errors import LstmFigsError, ProofError
from lstm_figs.figure import WIDTH
from lstm_figs.figures import WHOLE_MODULE
from lstm_figs.render.svg import sheet_paints
from lstm_figs.scene.theme import css
from tests import layout_faults
from tests.binding import look_words, parts, specs, wording
from tests.binding.cases import BOUND, widths_of
from tests.binding.checking import faults
from tests.binding.drawing import drawing
from tests.proof import NUMBERLESS, metadata, prove_with, svg_of

LARGEST_FILE = 300_000
"""In bytes, for one figure as SVG."""


class Inspection(NamedTuple):
    """The result of inspecting both widths of a figure.

    Attributes:
        problems: The faults found.
        shapes: Width -> its shapes that no value draws.
        words: The words for which an entry is looked up.
    """

    problems: list[str]
    shapes: dict[int, set[str]]
    words: set[str]


def inspect_figure(name, draw, own_names, *, has_command, section=None, is_listed=True):
    """Inspect a figure in both widths, or a sheet in its own width.

    Args:
        draw: Draws it in a given width.
        own_names: Variables that the preamble expects the reader to define.
        has_command: Whether its metadata contain a command.
        section: The section of `parts.txt` for this case, if there is one.
        is_listed: Whether each sentence must be in the recorded list; false for
        arbitrary requests, whose sentences no list can cover.
    """
    if not specs.is_recorded(name):
        section, is_listed = None, False
    problems, numbers_by_width = [], {}
    shapes, words = {}, set[str]()
    for width in widths_of(name):
        figure = draw(width)
        svg = svg_of(figure)
        parsed = drawing(svg, own_names)
        numbers = figure.numbers()
        # The two ends of a symmetric scale are the same element.
        numbers_by_width[width] = {
            (t.number.expr, str(t.number.value)) for t in numbers if not t.id.endswith("-opposite")
        }
        max_width = None if figure.sheet.unit else width
        problems += map(str, layout_faults.faults(figure.sheet, max_width))
        # `test_render` verifies that the file for both schemes is this SVG plus a style.
        style = css(figure.id, "auto", sheet_paints(figure.sheet))
        if len(f"{svg}<style>{style}</style>\n".encode()) > LARGEST_FILE:
            problems.append(f"more than {LARGEST_FILE} bytes at {width}")
        try:
            proven = prove_with(parsed.root, parsed.namespace)
            assert proven == len(numbers)
        except AssertionError as error:
            problems.append(str(error))
        if figure.name in BOUND:
            problems += faults(parsed, is_listed=is_listed)
            problems += wording.missing_notes(parsed)
            words |= wording.words_of(parsed)
            # New words change the parts as well.
            if section is not None and not any(wording.without_condition(parsed)):
                problems += parts.faults(parsed, width, section)
            shapes[width] = parts.kinds(parsed)
        if (metadata(parsed.root)["command"] is not None) != has_command:
            problems.append("a command without a source, or a source without one")
    if not numbers_by_width[min(numbers_by_width)] <= numbers_by_width[720]:
        problems.append("the narrow form has numbers that the wide one lacks")
    # With many steps the chart has no space for numbers, and a scale of zeros has no end.
    if (
        not numbers_by_width[720]
        and figure.name not in {"gates-over-time", *NUMBERLESS}
        and not any(look_words.are_zeros(parsed, mark) for mark in parsed.marks)
    ):
        problems.append("no number is shown")
    return Inspection(problems, shapes, words)


def check_request(request):
    """Draw what a command line requests, and inspect it."""
    try:
        trace = request.source.trace()
        request.draw(trace)
    except LstmFigsError as error:
        check_refusal(error)
        return
    inspection = inspect_figure(
        request.name,
        lambda width: replace(request, width=width).draw(trace),
        {},
        has_command=True,
        is_listed=False,
    )
    assert not inspection.problems, "\n".join(map(str, inspection.problems))


def check_live(name, case, part=0, options=MappingProxyType({}), tokens=()):
    """Draw a module in memory, and inspect it.

    Args:
        part: Index of the layer and direction, modulo their number.
        tokens: The token that each step reads.
    """
    inputs = case.make()
    try:
        trace = lstm_figs.trace(*inputs.values(), tokens=tokens)
        weights = trace.weights[part % len(trace.weights)]
        layer_options = (
            {}
            if name in WHOLE_MODULE
            else {"layer": weights.layer, "reverse": weights.direction == "reverse"}
        )
        wide_figure = lstm_figs.draw(name, trace, **layer_options, **options)
    except ProofError:
        raise
    except LstmFigsError as error:
        check_refusal(error)
        return
    inspection = inspect_figure(
        name,
        lambda width: (
            wide_figure
            if width == WIDTH
            else lstm_figs.draw(name, trace, width=width, **layer_options, **options)
        ),
        inputs,
        has_command=False,
        is_listed=False,
    )
    assert not inspection.problems, "\n".join(map(str, inspection.problems))


def check_refusal(error):
    """Check that an error is one sentence with the value and the expected one."""
    message = str(error)
    assert message.isprintable(), f"{message!r} has more than one line"
    assert "expected" in message, f"{message!r} does not say what was expected"
