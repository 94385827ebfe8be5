"""What is read at the steps of a row: all of it, or some."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...names import visible
from ...proof.bindings import Says, Sentence, sentence
from ...proof.subject import Subject
from ...scene.marks import Mark
from .. import words
from . import over_time
from .over_time import Steps

SLANTED, UPRIGHT = 18.0, 13.0
"""From which width of a step on a word has room that is slanted, or upright."""
LONGEST, TALLEST = 108.0, 76.0
"""The longest that such a word may be; the rest of it is cut."""
BETWEEN = 5.0
"""The least space between flat words."""
FLAT, BELOW = 18.0, 6.0
"""The height of flat letters, and what is left below others."""


class Token(NamedTuple):
    """What stands at a step.

    Attributes:
        label: What the step is called.
        text: What is read there, or from there on.
        expr: The expression that yields it.
    """

    label: int
    text: str
    expr: str


class Read(NamedTuple):
    """What is read at the steps.

    Attributes:
        marks: What it is drawn with.
        height: Of all.
        notes: What is to be said of it.
    """

    marks: list[Mark]
    height: float
    notes: list[Sentence]


def beside(
    subject: Subject,
    steps: Steps,
    top: float,
    of: Sequence[str],
    *,
    aside: float = 0,
    below: bool = False,
) -> Read:
    """Tokens above their steps, or below them.

    They are flat where they have room, else slanted, else upright. Where that
    does not help, letters are put together to words, each at its first letter;
    of words, and of letters of a text without spaces, some are named.

    Args:
        subject: What is drawn.
        steps: The steps.
        top: The top of the letters.
        of: Ids of what a step names, with `{t}` for the step.
        aside: How far a slanted word may reach beyond the last step.
        below: Whether they stand below what their steps show.
    """
    tokens = subject.trace.tokens
    if not tokens:
        return Read([], 0, [])
    each = [Token(k + 1, token, f"tokens[{k}]") for k, token in enumerate(tokens)]
    letters, width = over_time.are_letters(tokens), steps.width
    measured = over_time.letters_of(tokens) if letters else tokens
    space = 0.0 if letters else BETWEEN
    for size in (words.NUMBER, words.SMALL):
        if over_time.longest(measured, size) + space <= width:
            shown = [
                one
                for one in each
                if one.label in steps.labels and (one.text != " " or not letters)
            ]
            y = top + FLAT / 2
            most = width - over_time.AIR if letters else math.inf
            marks = [*_marks(steps, shown, y, of, size=size, most=most)]
            return Read(marks, FLAT, [])
    notes: list[Sentence] = []
    if letters and _are_seen(tokens):
        turn, most, every = 90, TALLEST, [*_words(tokens)]
        shown = _apart(steps, every)
        notes.append(sentence("A word stands at its first letter."))
        noun, named = "words", f"len({[one.label for one in shown]})"
        count = f"len({[one.label for one in every]} * len(x[:1]))"
    elif letters:
        by = math.ceil(over_time.longest(measured) / width)
        turn, most = 0, by * width - over_time.AIR
        every, shown = each, each[::by]
        noun, named, count = "tokens", f"len(tokens[::{by}])", "len(tokens)"
    else:
        reach = aside / math.cos(math.pi / 4)
        slanted = width >= SLANTED and min(_longest(each), LONGEST) <= reach
        turn, most = (45, LONGEST) if slanted else (90, TALLEST)
        by = 1 if slanted else math.ceil(UPRIGHT / width)
        every, shown = each, each[::by]
        noun, named, count = "tokens", f"len(tokens[::{by}])", "len(tokens)"
    drawn = [one for one in shown if one.label in steps.labels]
    if turn:
        long = min(_longest(drawn), most)
        height = long * math.sin(math.radians(turn)) + BELOW
        y = top if below else top + height - BELOW
    else:
        height, y = FLAT, top + FLAT / 2
    marks = [*_marks(steps, drawn, y, of, turn=turn, most=most, below=below)]
    if len(shown) < len(every):
        notes.append(
            sentence(f"{{}} of {{}} {noun} are named.", (len(shown), named), (len(every), count))
        )
    return Read(marks, height, notes)


def _longest(each: Sequence[Token]) -> float:
    """The width of the longest of some tokens."""
    return over_time.longest([one.text for one in each])


def _words(letters: Sequence[str]) -> Iterator[Token]:
    """The words of a text, of which each token is a letter, or a word alone.

    >>> [word.text for word in _words("to be")]
    ['to', 'be']
    >>> [word.text for word in _words(["<s>", *"to be"])]
    ['<s>', 'to', 'be']
    """
    start = 0
    for k, letter in enumerate([*letters, " "]):
        alone = len(letter) > 1
        if not alone and not letter.isspace():
            continue
        if start < k:
            text = "".join(letters[start:k])
            yield Token(start + 1, text, f'"".join(tokens[{start}:{k}])')
        if alone:
            yield Token(k + 1, letter, f"tokens[{k}]")
        start = k + 1


def _are_seen(letters: Sequence[str]) -> bool:
    """Whether words show at least half of their letters.

    >>> _are_seen("to be"), _are_seen("GATTACA" * 9)
    (True, False)
    """
    sizes = [over_time.longest([one.text]) for one in _words(letters)]
    return 2 * sum(min(size, TALLEST) for size in sizes) >= sum(sizes)


def _apart(steps: Steps, every: Sequence[Token]) -> list[Token]:
    """Those that have room beside the one before."""
    apart = math.ceil(UPRIGHT / steps.width)
    found: list[Token] = []
    for one in every:
        if not found or one.label - found[-1].label >= apart:
            found.append(one)
    return found


def _marks(
    steps: Steps,
    shown: Sequence[Token],
    y: float,
    of: Sequence[str],
    *,
    size: float = words.SMALL,
    turn: int = 0,
    most: float = math.inf,
    below: bool = False,
) -> Iterator[Mark]:
    """Tokens on the middles of their steps; what is turned rises."""
    places = dict(zip(steps.labels, steps.ts, strict=True))
    for one in shown:
        t, token, expr = places[one.label], visible(one.text), one.expr
        if math.isfinite(most):
            token, expr = over_time.cut(one.text, expr, most, size)
        said = words.label(
            steps.middle(t),
            y,
            token,
            {"step": one.label},
            [steps.column_id(id, t) for id in of],
            "column",
            style=words.Style(size, mono=True),
            anchor="middle",
            says=Says(((token, expr),)),
        )
        if turn:
            # The middle of its letters goes through the middle of its step.
            aside = words.middle(size) * math.sin(math.radians(turn))
            said = said._replace(
                anchor="end" if below else "start", turn=turn, x=said.x + aside, y=y
            )
        yield said
