"""What words speak of: the expression of each value in them, and their claim.

That a value is what its expression yields is held by `sentences`; that it is
what the words around it say, no rule can tell: two values may change places
with their expressions, or one be of another tensor. So the expressions stand in
the last part of `templates.txt`, each in the place of its value, and behind a ?
what is claimed; # stands for any number, … for any list of them. There are
labels as well whose words are not their names: before those is what they name.

What is claimed of some tensors is said of all for which it is true: a note that
is left out is missed.
"""

import re
from collections.abc import Iterator

from tests.binding import specs
from tests.binding.drawing import Drawing
from tests.binding.sentences import VALUES, Sentence, parts_of, read_templates, sentences, variant
from tests.proof import code_of

_MODULE = re.compile(r'f"nn\.LSTM(Cell)?\([^"]*\)"')
_PARAMETER = re.compile(r"\b(?:lstm|cell)\.((?:weight|bias)_[ih][hr])(?:_l#)?(?:_reverse)?(?!\w)")
_LIST = re.compile(r"#(, #)+,?")


def lines(drawing: Drawing) -> Iterator[str]:
    """Words with a value or a claim, as `templates.txt` has them."""
    for sentence in sentences(drawing):
        if (
            sentence.text
            and not sentence.is_footer
            and (sentence.values or sentence.claim or sentence.is_label)
        ):
            claimed = f" ? {sentence.claim}" if sentence.claim else ""
            yield numberless(f"{_label_targets(sentence)}{words(sentence)}{claimed}")


def _label_targets(sentence: Sentence) -> str:
    """The ids of what a label names, before what it says."""
    if not sentence.is_label or sentence.mark is None:
        return ""
    ids = map(numberless, sentence.mark.get("data-for").split())
    return f"{' '.join(dict.fromkeys(ids))}: "


def words(sentence: Sentence) -> str:
    """Words with what is behind each value."""
    first, *others = sentence.template.split("{}")
    expressions = [expression for _, expression in sentence.values]
    if len(others) != len(expressions):
        return f"{sentence.template} {'; '.join(expressions)}"
    pairs = zip(expressions, others, strict=True)
    return first + "".join(f"{{{source}}}{after}" for source, after in pairs)


def numberless(text: str) -> str:
    """A text without its numbers, whatever the length of its lists.

    The module that is shown is built in many ways, and its parameters have the
    names of layers and directions.

    >>> numberless("c[3, 0, 1] < 0.5")
    'c[…] < #'
    """
    text = re.sub(r"\b\d+(\.\d+)?(e-?\d+)?|(?<=_l)\d+", "#", text)
    text = _PARAMETER.sub(r"\1", _MODULE.sub("module", text))
    return _LIST.sub("…", text)


def read(figure: str) -> tuple[str, ...]:
    """Those of a figure, as they were last read."""
    return parts_of(figure).get(VALUES, ())


def faults(drawing: Drawing) -> list[str]:
    """Words whose values are of something else than was read."""
    known = {*read(drawing.figure)}
    question = specs.review_question(drawing.figure, "the values in templates.txt")
    return [f"{line!r}: {question}" for line in dict.fromkeys(lines(drawing)) if line not in known]


def missing_notes(drawing: Drawing) -> Iterator[str]:
    """Sentences that are not said, though what they claim is true here."""
    options = variant(drawing)
    if options is None:
        return
    placed = (template.partition(": ") for template in read_templates(drawing.figure, options))
    templates = {text for place, _, text in placed if place in ("lead", "note")}
    templates -= {sentence.template for sentence in sentences(drawing)}
    templates -= {*specs.constant(drawing.figure, "OPTIONAL_NOTES", ())}
    # A figure has one lead, in other words for another module.
    led = {sentence.claim for sentence in sentences(drawing) if sentence.place == "lead"}
    for line in read(drawing.figure):
        text, _, claim = line.rpartition(" ? ")
        if claim in led or re.sub(r"\{[^}]*\}", "{}", text) not in templates:
            continue
        # Of a number or a list nobody knows here which it would be.
        if not re.search("[#…]", claim) and _is_true(claim, drawing):
            yield f"does not say {text!r}, though {claim}"


def _is_true(claim: str, drawing: Drawing) -> bool:
    try:
        return bool(eval(code_of(claim), drawing.namespace))
    except (AttributeError, LookupError, NameError, RuntimeError, TypeError):
        # It is about something that only another case has.
        return False
