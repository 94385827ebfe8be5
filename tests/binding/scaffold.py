"""The home of a new figure, with all that its drawings tell.

What they cannot tell is a `?`, which a test asks to be filled in.
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
from tests.binding.drawing import Drawing, Mark, drawing
from tests.binding.sentences import sentences
from tests.proof import SVG

SIZES = {7: "step", 2: "sample", 3: "unit", 5: "input", 12: "row"}
"""Of tensors whose sizes tell which axis each is of."""

_SINGLE_NUMBER = rf"(?<![\w.])(?:{NUMBER})(?![\w])"
_COUNTED = re.compile(r"(?i)\b(unit|step|row|layer|sample) \d+\b")


def code(figure: str) -> str:
    """The `__init__.py` of its home."""
    seen, of_all_sizes = read(figure, DEFAULT, 720), _drawing_of_distinct_sizes(figure)
    axes = {name: _axes(of_all_sizes, name) for name in _unknown(seen)}
    parts = [f'"""What holds `{figure}` to the truth."""']
    if RESULT in axes.values():
        parts.append("from tests.binding.clauses import RESULT")
    if axes:
        rows = [f"    {_quoted(n)}: {_listed(of)}," for n, of in axes.items()]
        parts.append("\n".join(["TENSOR_AXES = {", *rows, "}"]))
    if _has_hues(seen, axes):
        # Which gate acts on which of them no drawing tells.
        rows = [f'    {_quoted(name)}: "?",' for name in axes]
        parts.append("\n".join(["ACTING_GATES = {", *rows, "}"]))
    rows = [f"    {_quoted(words)}," for words in clauses(seen)]
    parts.append("\n".join(["DESCRIPTION_CLAUSES = (", *rows, ")"]))
    return "\n\n".join(parts) + "\n"


def _has_hues(seen: Drawing, axes: dict[str, tuple[str, ...]]) -> bool:
    """Whether something of these names has the hue of a gate."""
    return any(lengths.hues(mark) and axes.keys() & {*_names(mark)} for mark in seen.marks)


def words(figure: str) -> str:
    """The `words.txt` of its home: what nothing holds yet, with a ? below."""
    result: dict[str, None] = {}
    known = wording.entries(figure)
    for case in cases_of(figure):
        try:
            seen = read(figure, case, 720)
        except BeyondLimit:
            continue
        for sentence in sentences(seen):
            if sentence.text and not (sentence.is_footer or sentence.is_custom):
                parts = wording.split_sentence(sentence, known)
                result.update(dict.fromkeys(words for words, _ in parts))
    return "".join(
        f"{words}\n    ?\n"
        for words in result
        if words not in known and not wording.needs_no_entry(words)
    )


def clauses(seen: Drawing) -> list[str]:
    """What a description says, clause by clause, without its numbers."""
    description = seen.root.findtext(f"{SVG}desc") or ""
    return list(
        dict.fromkeys(filter(None, map(_with_placeholders, CLAUSE_ENDS.split(description))))
    )


def _with_placeholders(clause: str) -> str:
    """A clause with a place for each number.

    >>> _with_placeholders("Step 2 unit 0 has 0.5, 3 more, 0.25 of h_0 at 1.5")
    'Step {step} unit {unit} has {*?} of h_0 at {?}'
    """
    clause = _COUNTED.sub(lambda m: f"{m[1]} {{{m[1].lower()}}}", clause)
    clause = re.sub(rf"{_SINGLE_NUMBER}(?:, (?:\d+ more|{_SINGLE_NUMBER}))+", "{*?}", clause)
    return re.sub(_SINGLE_NUMBER, "{?}", clause)


def _quoted(words: str) -> str:
    """Words as Python, on several lines where they are long."""
    lines = wrap(words, 70, drop_whitespace=False)
    return "\n    ".join(json.dumps(line, ensure_ascii=False) for line in lines)


def _listed(axes: tuple[str, ...]) -> str:
    if axes == RESULT:
        return "RESULT"
    return f"({' '.join(f'{_quoted(axis)},' for axis in axes)})"


def _drawing_of_distinct_sizes(figure: str) -> Drawing:
    """A figure of tensors in which no two axes have one size."""
    try:
        sized_case = sources.from_sizes(5, 3, seq_len=7, batch_size=2)(folder())
        svg = sized_case.draw(figure, width=720).render("svg", "light")
    except LstmFigsError:
        return read(figure, DEFAULT, 720)
    return drawing(svg.decode())


def _unknown(seen: Drawing) -> list[str]:
    """Tensors of its own that a figure shows, in their order."""
    names = dict.fromkeys(chain.from_iterable(map(_names, seen.marks)))
    return [
        name
        for name in names
        if name not in TENSOR_AXES and isinstance(seen.namespace.get(name), torch.Tensor)
    ]


def _names(mark: Mark) -> list[str]:
    """The names in what a mark stands for."""
    tree = ast.walk(ast.parse(mark.expression or "()", mode="eval"))
    return [node.id for node in tree if isinstance(node, ast.Name)]


def _axes(seen: Drawing, name: str) -> tuple[str, ...]:
    """The axes of a tensor, by their sizes."""
    shape = seen.namespace[name].shape
    return tuple(SIZES.get(size, "?") for size in shape)
