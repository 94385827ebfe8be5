"""The tokens above or below a row of steps: all of them, or some."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...model.layer_run import LayerRun
from ...names import visible_token
from ...proof.bindings import Sentence, sentence
from ...scene.marks import Mark
from .. import words
from . import over_time
from .over_time import Steps

MIN_SLANTED_WIDTH, MIN_UPRIGHT_WIDTH = 18.0, 13.0
"""The minimum width of a step for slanted and for upright tokens."""
MAX_SLANTED_LENGTH, MAX_UPRIGHT_LENGTH = 108.0, 76.0
"""The maximum length of slanted and of upright tokens; longer ones are cut."""
WORD_GAP = 5.0
"""The minimum gap between horizontal words."""
FLAT_HEIGHT, MARGIN_BELOW = 18.0, 6.0
"""The height of horizontal tokens, and the margin below rotated ones."""


class Token(NamedTuple):
    """A text at a step.

    Attributes:
        step_number: The number of the step.
        text: The token, or the word that starts there.
        expr: The expression that yields the text.
    """

    step_number: int
    text: str
    expr: str


class TokenRow(NamedTuple):
    """A row of tokens.

    Attributes:
        marks: The marks.
        height: The height of the row.
        notes: The notes that it needs.
    """

    marks: list[Mark]
    height: float
    notes: list[Sentence]


def tokens_by_step(
    subject: LayerRun,
    steps: Steps,
    top: float,
    of: Sequence[str],
    *,
    overhang: float = 0,
    below: bool = False,
) -> TokenRow:
    """A row of tokens above or below their steps.

    Tokens are horizontal if they fit, otherwise slanted, otherwise upright. If
    single characters do not fit, they are joined to words, each at its first
    character. If words do not fit either, or a text has no spaces, only some
    are shown.

    Args:
        subject: The layer run to draw.
        steps: The columns of the steps.
        top: The top of the letters.
        of: The ids of the marks that a token names, with `{t}` for the step.
        overhang: How far a slanted token may reach beyond the last step.
        below: Whether the row is below the steps.
    """
    tokens = subject.trace.tokens
    if not tokens:
        return TokenRow([], 0, [])
    all_tokens = [Token(k + 1, token, f"tokens[{k}]") for k, token in enumerate(tokens)]
    letters, width = over_time.are_letters(tokens), steps.width
    measured = over_time.letters_of(tokens) if letters else tokens
    space = 0.0 if letters else WORD_GAP
    for size in (words.NUMBER, words.SMALL):
        if over_time.max_token_width(measured, size) + space <= width:
            named_tokens = [
                token
                for token in all_tokens
                if token.step_number in steps.labels and (token.text != " " or not letters)
            ]
            y = top + FLAT_HEIGHT / 2
            max_length = width - over_time.TOKEN_MARGIN if letters else math.inf
            marks = [*_marks(steps, named_tokens, y, of, size=size, max_length=max_length)]
            return TokenRow(marks, FLAT_HEIGHT, [])
    notes: list[Sentence] = []
    if letters and _are_readable(tokens):
        turn, max_length, candidates = 90, MAX_UPRIGHT_LENGTH, [*_words(tokens)]
        named_tokens = _spaced(steps, candidates)
        notes.append(sentence("A word stands at its first letter."))
        noun, named = "words", f"len({[token.step_number for token in named_tokens]})"
        count = f"len({[token.step_number for token in candidates]} * len(x[:1]))"
    elif letters:
        stride = math.ceil(over_time.max_token_width(measured) / width)
        turn, max_length = 0, stride * width - over_time.TOKEN_MARGIN
        candidates, named_tokens = all_tokens, all_tokens[::stride]
        noun, named, count = "tokens", f"len(tokens[::{stride}])", "len(tokens)"
    else:
        reach = overhang / math.cos(math.pi / 4)
        slanted = (
            width >= MIN_SLANTED_WIDTH and min(_longest(all_tokens), MAX_SLANTED_LENGTH) <= reach
        )
        turn, max_length = (45, MAX_SLANTED_LENGTH) if slanted else (90, MAX_UPRIGHT_LENGTH)
        stride = 1 if slanted else math.ceil(MIN_UPRIGHT_WIDTH / width)
        candidates, named_tokens = all_tokens, all_tokens[::stride]
        noun, named, count = "tokens", f"len(tokens[::{stride}])", "len(tokens)"
    visible_tokens = [token for token in named_tokens if token.step_number in steps.labels]
    if turn:
        long = min(_longest(visible_tokens), max_length)
        height = long * math.sin(math.radians(turn)) + MARGIN_BELOW
        y = top if below else top + height - MARGIN_BELOW
    else:
        height, y = FLAT_HEIGHT, top + FLAT_HEIGHT / 2
    marks = [*_marks(steps, visible_tokens, y, of, turn=turn, max_length=max_length, below=below)]
    if len(named_tokens) < len(candidates):
        notes.append(
            sentence(
                f"{{}} of {{}} {noun} are named.",
                (len(named_tokens), named),
                (len(candidates), count),
            )
        )
    return TokenRow(marks, height, notes)


def _longest(each: Sequence[Token]) -> float:
    """The width of the longest token."""
    return over_time.max_token_width([token.text for token in each])


def _words(letters: Sequence[str]) -> Iterator[Token]:
    """The words of a text of characters; a longer token is a word of its own.

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


def _are_readable(letters: Sequence[str]) -> bool:
    """Whether at least half of the words' total width would be visible.

    >>> _are_readable("to be"), _are_readable("GATTACA" * 9)
    (True, False)
    """
    sizes = [over_time.max_token_width([token.text]) for token in _words(letters)]
    return 2 * sum(min(size, MAX_UPRIGHT_LENGTH) for size in sizes) >= sum(sizes)


def _spaced(steps: Steps, tokens: Sequence[Token]) -> list[Token]:
    """The tokens that do not overlap the one before."""
    interval = math.ceil(MIN_UPRIGHT_WIDTH / steps.width)
    spaced: list[Token] = []
    for token in tokens:
        if not spaced or token.step_number - spaced[-1].step_number >= interval:
            spaced.append(token)
    return spaced


def _marks(
    steps: Steps,
    tokens: Sequence[Token],
    y: float,
    of: Sequence[str],
    *,
    size: float = words.SMALL,
    turn: int = 0,
    max_length: float = math.inf,
    below: bool = False,
) -> Iterator[Mark]:
    """The tokens, centred on their steps; rotated ones rise from there."""
    places = dict(zip(steps.labels, steps.ts, strict=True))
    for entry in tokens:
        t, token, expr = places[entry.step_number], visible_token(entry.text), entry.expr
        if math.isfinite(max_length):
            token, expr = over_time.shortened_token(entry.text, expr, max_length, size)
        style = words.Style(size, mono=True)
        yield over_time.token_label(steps, t, y, token, expr, of, style, turn=turn, below=below)
