"""Generate the test folder of a new figure from its drawings.

A `?` marks what the drawings cannot provide. A test fails until it is replaced.
"""

import ast
import json
import re
from itertools import chain
from textwrap import wrap

import torch

from lstm_figs.errors import BeyondLimit, LstmFigsError
from tests import sources
from tests.binding import lengths, wording
from tests.binding.axes import TENSOR_AXES
from tests.binding.cases import DEFAULT, cases_of, folder, read
from tests.binding.clauses import RESULT
from tests.binding.descriptions import CLAUSE_ENDS, NUMBER
from tests.binding.drawing import drawing
from tests.binding.sentences import sentences
from tests.proof import SVG

SIZES = {7: "step", 2: "sample", 3: "unit", 5: "input", 12: "row"}
"""Size -> axis, for a source in which all sizes differ."""

_SINGLE_NUMBER = rf"(?<![\w.])(?:{NUMBER})(?![\w])"
_COUNTED = re.compile(r"(?i)\b(unit|step|row|layer|sample) \d+\b")
"""Matches a word with an index, which the description names."""


def code(figure):
    """The content of `__init__.py`."""
    drawing, of_all_sizes = read(figure, DEFAULT, 720), _drawing_of_distinct_sizes(figure)
    axes = {name: _axes(of_all_sizes, name) for name in _unknown(drawing)}
    parts = ["from tests.binding.clauses import RESULT"] if RESULT in axes.values() else []
    if axes:
        rows = [f"    {_quote(n)}: {_axes_code(of)}," for n, of in axes.items()]
        parts.append("\n".join(["TENSOR_AXES = {", *rows, "}"]))
    if _has_hues(drawing, axes):
        # No drawing shows which gate acts on a tensor.
        rows = [f'    {_quote(name)}: "?",' for name in axes]
        parts.append("\n".join(["ACTING_GATES = {", *rows, "}"]))
    rows = [f"    {_quote(words)}," for words in clauses(drawing)]
    parts.append("\n".join(["DESCRIPTION_CLAUSES = (", *rows, ")"]))
    return "\n\n".join(parts) + "\n"


def _has_hues(drawing, axes):
    """Whether a mark of these tensors has the hue of a gate."""
    return any(lengths.hues(mark) and axes.keys() & {*_names(mark)} for mark in drawing.marks)


def templates(figure):
    """The content of `templates.txt`: unlisted words, each with a ? below."""
    result = {}
    known = wording.entries(figure)
    for case in cases_of(figure):
        try:
            drawing = read(figure, case, 720)
        except BeyondLimit:
            continue
        for sentence in sentences(drawing):
            if sentence.text and not (sentence.is_footer or sentence.is_custom):
                parts = wording.split_sentence(sentence, known)
                result.update(dict.fromkeys(words for words, _ in parts))
    return "".join(
        f"{words}\n ?\n"
        for words in result
        if words not in known and not wording.needs_no_entry(words)
    )


def clauses(drawing):
    """The clauses of the description, without their numbers."""
    description = drawing.root.findtext(f"{SVG}desc") or ""
    return list(
        dict.fromkeys(filter(None, map(_with_placeholders, CLAUSE_ENDS.split(description))))
    )


def _with_placeholders(clause):
    """A clause with a placeholder for each number.

    >>> _with_placeholders("Step 2 unit 0 has 0.5, 3 more, 0.25 of h_0 at 1.5")
    'Step {step} unit {unit} has {*?} of h_0 at {?}'
    """
    clause = _COUNTED.sub(lambda m: f"{m[1]} {{{m[1].lower()}}}", clause)
    clause = re.sub(rf"{_SINGLE_NUMBER}(?:, (?:\d+ more|{_SINGLE_NUMBER}))+", "{*?}", clause)
    return re.sub(_SINGLE_NUMBER, "{?}", clause)


def _quote(words):
    """A text as a Python literal, split over lines if long."""
    lines = wrap(words, 70, drop_whitespace=False)
    return "\n    ".join(json.dumps(line, ensure_ascii=False) for line in lines)


def _axes_code(axes):
    if axes == RESULT:
        return "RESULT"
    return f"({' '.join(f'{_quote(axis)},' for axis in axes)})"


def _drawing_of_distinct_sizes(figure):
    """The figure for a source in which no two axes have the same size."""
    try:
        sized_case = sources.from_sizes(5, 3, seq_len=7, batch_size=2)(folder())
        svg = sized_case.draw(figure, width=720).render("svg", "light")
    except LstmFigsError:
        return read(figure, DEFAULT, 720)
    return drawing(svg.decode())


def _unknown(drawing):
    """The figure's tensors without known axes, in order."""
    names = dict.fromkeys(chain.from_iterable(map(_names, drawing.marks)))
    return [
        name
        for name in names
        if name not in TENSOR_AXES and isinstance(drawing.namespace.get(name), torch.Tensor)
    ]


def _names(mark):
    tree = ast.walk(ast.parse(mark.expression or "()", mode="eval"))
    return [node.id for node in tree if isinstance(node, ast.Name)]


def _axes(drawing, name):
    """The axes of a tensor, guessed from its sizes."""
    shape = drawing.namespace[name].shape
    return tuple(SIZES.get(size, "?") for size in shape)
