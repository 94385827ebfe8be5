"""The expressions behind the words of sentences must be the reviewed ones.

`sentences` verifies that each value matches its expression. It cannot notice if
two values are exchanged together with their expressions, or if an expression
uses a different tensor. So `templates.txt` records the expressions, each in place
of its value, and the claims. # replaces any number, … any list of numbers. Labels
with words other than their names are recorded too, with their targets in front.

A claim that is true for the current tensors must be stated, so a missing note
is a fault as well.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from tests.binding import recorded, specs
from tests.binding.drawing import Drawing
from tests.binding.recorded import Claims, Entry, Statement
from tests.binding.sentences import BETWEEN, Sentence, sentences, variant
from tests.proof import code_of

_MODULE = re.compile(r'f"nn\.LSTM(Cell)?\([^"]*\)"')
_PARAMETER = re.compile(r"\b(?:lstm|cell)\.((?:weight|bias)_[ih][hr])(?:_l#)?(?:_reverse)?(?!\w)")
_IDIOMS = {
    r"\(lambda every, own: every\[own\]\.min\(\) >= every\.index_fill\(#, torch\.tensor\(own\), #\)"
    r"\.max\(\) \* #\)\(\((.*?)\)\.nan_to_num\(torch\.inf, torch\.inf\), ": r"largest(\1, ",
    r"\(lambda made, meant: made\.shape == meant\.shape and torch\.allclose\(made, meant, "
    r"rtol=#, atol=#(?:, equal(_nan)=True)?\)\)\(": r"close\1(",
}
"""Patterns of code that many claims share -> how `templates.txt` has it."""
_LIST = re.compile(r"#(, #)+,?")
"""Matches a list of numbers, each replaced by #."""


def statements(drawing: Drawing) -> Iterator[Statement]:
    """The words with expressions, in lines of `templates.txt`, and the claims of each text."""
    for sentence in sentences(drawing):
        if sentence.text and not sentence.is_footer:
            lines = (
                f"{sentence.row}: {_fill(template, map(numberless, expressions))}"
                for template, expressions in sentence.pieces
            )
            yield tuple(lines), claims(sentence.claim)


def words(sentence: Sentence) -> str:
    """The words with each value replaced by its expression."""
    return _fill(sentence.template, (expression for _, expression in sentence.values))


def _fill(template: str, sources: Iterable[str]) -> str:
    """A template with expressions in braces; if their count differs, they follow it."""
    first, *others = template.split("{}")
    expressions = [*sources]
    if len(others) != len(expressions):
        return f"{template} {'; '.join(expressions)}"
    pairs = zip(expressions, others, strict=True)
    return first + "".join(f"{{{source}}}{after}" for source, after in pairs)


@lru_cache(maxsize=2**12)
def claims(claim: str) -> Claims:
    """The parts of a claim that must each be true.

    >>> claims("(h_0 > 1).any() and not lstm.bias")
    ('(h_0 > #).any()', 'not lstm.bias')
    """
    if not claim:
        return ()
    tree = ast.parse(claim, mode="eval").body
    if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And):
        parts = tree.values
    else:
        parts = [tree]
    code = (ast.get_source_segment(claim, part) or "" for part in parts)
    return tuple(dict.fromkeys(map(numberless, code)))


def numberless(text: str) -> str:
    """Replace the numbers and lists in an expression.

    Also unify the ways to construct the module, and the names of its parameters
    in different layers and directions.

    >>> numberless("c[3, 0, 1] < 0.5")
    'c[…] < #'
    """
    text = re.sub(r"\b\d+(\.\d+)?(e-?\d+)?|(?<=_l)\d+", "#", text)
    text = _PARAMETER.sub(r"\1", _MODULE.sub("module", text))
    for pattern, short in _IDIOMS.items():
        text = re.sub(pattern, short, text)
    return _LIST.sub("…", text)


def entries(drawing: Drawing) -> set[Entry]:
    """All that a drawing says, as lines of `templates.txt`."""
    record = recorded.lines(drawing.figure)
    return {
        (line, own)
        for statement in statements(drawing)
        for line, own in recorded.entries(statement, record)
    }


def faults(drawing: Drawing) -> list[str]:
    """Words and claims whose expressions differ from the recorded ones."""
    record = recorded.lines(drawing.figure)
    # No check reads words without a value or a claim, so a person has to confirm them.
    unbound = {
        line: [words]
        for sentence in sentences(drawing)
        if not (sentence.values or sentence.claim or sentence.is_label)
        for line, (words, _) in zip(sentence.lines, sentence.pieces, strict=True)
    }
    strange: dict[str, None] = {}
    for statement in statements(drawing):
        rest = {*statement[1]}
        for line, own in recorded.entries(statement, record):
            rest -= {*own}
            if line not in record:
                strange[line] = None
            elif own not in (record[line] or [()]):
                strange[f"{line} ? {' & '.join(own) or 'nothing'}"] = None
        strange |= {f"{statement[0][0]} ? {claim}": None for claim in sorted(rest)}
    return [
        f"{line!r}: "
        + specs.review_question(drawing.figure, "templates.txt", unbound.get(line, ()))
        for line in strange
    ]


def missing_notes(drawing: Drawing) -> Iterator[str]:
    """Sentences that are missing although their claim is true."""
    options = variant(drawing)
    if options is None:
        return
    own = {line for sentence in sentences(drawing) for line in sentence.lines}
    optional = specs.constant(drawing.figure, "OPTIONAL_NOTES", ())
    known = {piece for note in optional for piece in BETWEEN.split(note)}
    # A figure has one lead, worded differently for different modules.
    led = {claims(sentence.claim) for sentence in sentences(drawing) if sentence.place == "lead"}
    for line, alternatives in recorded.lines(drawing.figure, options).items():
        place, _, text = recorded.template(line).partition(": ")
        if place in ("lead", "note") and text not in known and f"{place}: {text}" not in own:
            for claimed in alternatives:
                claim = " and ".join(f"({part})" for part in claimed)
                # The actual numbers of such a claim are unknown here.
                is_known = claim and claimed not in led and not re.search("[#…]", claim)
                if is_known and _is_true(claim, drawing):
                    yield f"does not say {text!r}, though {' and '.join(claimed)}"


def _is_true(claim: str, drawing: Drawing) -> bool:
    try:
        return bool(eval(code_of(claim), drawing.namespace))
    except (AttributeError, LookupError, NameError, RuntimeError, TypeError):
        # The claim is about something that only a different case has.
        return False
