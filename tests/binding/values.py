"""The expressions behind the words of sentences must be the reviewed ones.

`sentences` verifies that each value matches its expression. It cannot notice if
two values are exchanged together with their expressions, or if an expression
uses a different tensor. So the last section of `templates.txt` records the
expressions, each in place of its value, followed by ? and the claim. # replaces
any number, … any list of numbers. Labels with words other than their names are
recorded too, with their targets in front.

A claim that is true for the current tensors must be stated, so a missing note
is a fault as well.
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
    """Words with a value or claim, in the format of `templates.txt`."""
    for sentence in sentences(drawing):
        if (
            sentence.text
            and not sentence.is_footer
            and (sentence.values or sentence.claim or sentence.is_label)
        ):
            claimed = f" ? {sentence.claim}" if sentence.claim else ""
            yield numberless(f"{_label_targets(sentence)}{words(sentence)}{claimed}")


def _label_targets(sentence: Sentence) -> str:
    """The ids of a label's targets, written in front of its words."""
    if not sentence.is_label or sentence.mark is None:
        return ""
    ids = map(numberless, sentence.mark.get("data-for").split())
    return f"{' '.join(dict.fromkeys(ids))}: "


def words(sentence: Sentence) -> str:
    """The words with each value replaced by its expression."""
    first, *others = sentence.template.split("{}")
    expressions = [expression for _, expression in sentence.values]
    if len(others) != len(expressions):
        return f"{sentence.template} {'; '.join(expressions)}"
    pairs = zip(expressions, others, strict=True)
    return first + "".join(f"{{{source}}}{after}" for source, after in pairs)


def numberless(text: str) -> str:
    """Replace the numbers and lists in an expression.

    Also unify the ways to construct the module, and the names of its parameters
    in different layers and directions.

    >>> numberless("c[3, 0, 1] < 0.5")
    'c[…] < #'
    """
    text = re.sub(r"\b\d+(\.\d+)?(e-?\d+)?|(?<=_l)\d+", "#", text)
    text = _PARAMETER.sub(r"\1", _MODULE.sub("module", text))
    return _LIST.sub("…", text)


def read(figure: str) -> tuple[str, ...]:
    """The recorded lines of a figure."""
    return parts_of(figure).get(VALUES, ())


def faults(drawing: Drawing) -> list[str]:
    """Words whose expressions differ from the recorded ones."""
    known = {*read(drawing.figure)}
    question = specs.review_question(drawing.figure, "the values in templates.txt")
    return [f"{line!r}: {question}" for line in dict.fromkeys(lines(drawing)) if line not in known]


def missing_notes(drawing: Drawing) -> Iterator[str]:
    """Sentences that are missing although their claim is true."""
    options = variant(drawing)
    if options is None:
        return
    placed = (template.partition(": ") for template in read_templates(drawing.figure, options))
    templates = {text for place, _, text in placed if place in ("lead", "note")}
    templates -= {sentence.template for sentence in sentences(drawing)}
    templates -= {*specs.constant(drawing.figure, "OPTIONAL_NOTES", ())}
    # A figure has one lead, worded differently for different modules.
    led = {sentence.claim for sentence in sentences(drawing) if sentence.place == "lead"}
    for line in read(drawing.figure):
        text, _, claim = line.rpartition(" ? ")
        if claim in led or re.sub(r"\{[^}]*\}", "{}", text) not in templates:
            continue
        # The actual numbers of such a claim are unknown here.
        if not re.search("[#…]", claim) and _is_true(claim, drawing):
            yield f"does not say {text!r}, though {claim}"


def _is_true(claim: str, drawing: Drawing) -> bool:
    try:
        return bool(eval(code_of(claim), drawing.namespace))
    except (AttributeError, LookupError, NameError, RuntimeError, TypeError):
        # The claim is about something that only a different case has.
        return False
