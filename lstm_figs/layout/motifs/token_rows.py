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
    row = _horizontal_row(all_tokens, steps, top, of)
    if row:
        return row
    selected = _selection(all_tokens, steps, overhang)
    visible = [token for token in selected.named if token.step_number in steps.labels]
    turn, max_length = selected.turn, selected.max_length
    if turn:
        long = min(_longest(visible), max_length)
        height = long * math.sin(math.radians(turn)) + MARGIN_BELOW
        y = top if below else top + height - MARGIN_BELOW
    else:
        height, y = FLAT_HEIGHT, top + FLAT_HEIGHT / 2
    marks = [*_marks(steps, visible, y, of, turn=turn, max_length=max_length, below=below)]
    return TokenRow(marks, height, selected.notes())


def _horizontal_row(
    all_tokens: Sequence[Token], steps: Steps, top: float, of: Sequence[str]
) -> TokenRow | None:
    """All tokens, horizontal in the largest size that fits, or None."""
    tokens, width = [token.text for token in all_tokens], steps.width
    letters = over_time.are_letters(tokens)
    measured = over_time.letters_of(tokens) if letters else tokens
    space = 0.0 if letters else WORD_GAP
    for size in (words.NUMBER, words.SMALL):
        if over_time.max_token_width(measured, size) + space <= width:
            named = [
                token
                for token in all_tokens
                if token.step_number in steps.labels and (token.text != " " or not letters)
            ]
            y = top + FLAT_HEIGHT / 2
            max_length = width - over_time.TOKEN_MARGIN if letters else math.inf
            marks = [*_marks(steps, named, y, of, size=size, max_length=max_length)]
            return TokenRow(marks, FLAT_HEIGHT, [])
    return None


class _Selection(NamedTuple):
    """The texts to draw if not all tokens fit horizontally.

    Attributes:
        noun: `words` or `tokens`.
        named: The texts that are drawn.
        named_count: The expression of how many are drawn.
        candidates: All texts.
        total: The expression of how many there are.
        turn: The rotation in degrees.
        max_length: The maximum length of a text.
    """

    noun: str
    named: Sequence[Token]
    named_count: str
    candidates: Sequence[Token]
    total: str
    turn: int
    max_length: float

    def notes(self) -> list[Sentence]:
        """The notes on what is drawn."""
        notes: list[Sentence] = []
        if self.noun == "words":
            notes.append(sentence("A word is at its first letter."))
        if len(self.named) < len(self.candidates):
            notes.append(
                sentence(
                    f"{{}} of {{}} {self.noun} are named.",
                    (len(self.named), self.named_count),
                    (len(self.candidates), self.total),
                )
            )
        return notes


def _selection(all_tokens: Sequence[Token], steps: Steps, overhang: float) -> _Selection:
    """Choose words, slanted tokens, upright tokens, or every n-th token."""
    tokens, width = [token.text for token in all_tokens], steps.width
    letters = over_time.are_letters(tokens)
    if letters and _are_readable(tokens):
        candidates = [*_words(tokens)]
        named = _without_overlaps(steps, candidates)
        return _Selection(
            noun="words",
            named=named,
            named_count=f"len({[token.step_number for token in named]})",
            candidates=candidates,
            # `len(x[:1])` is 1, and makes the total depend on the input.
            total=f"len({[token.step_number for token in candidates]} * len(x[:1]))",
            turn=90,
            max_length=MAX_UPRIGHT_LENGTH,
        )
    if letters:
        longest = over_time.max_token_width(over_time.letters_of(tokens))
        stride = math.ceil(longest / width)
        turn, max_length = 0, stride * width - over_time.TOKEN_MARGIN
    else:
        # The longest token at 45 degrees that reaches no farther than the overhang.
        max_reach = overhang / math.cos(math.pi / 4)
        slanted_length = min(_longest(all_tokens), MAX_SLANTED_LENGTH)
        if width >= MIN_SLANTED_WIDTH and slanted_length <= max_reach:
            turn, max_length, stride = 45, MAX_SLANTED_LENGTH, 1
        else:
            turn, max_length = 90, MAX_UPRIGHT_LENGTH
            stride = math.ceil(MIN_UPRIGHT_WIDTH / width)
    return _Selection(
        noun="tokens",
        named=all_tokens[::stride],
        named_count=f"len(tokens[::{stride}])",
        candidates=all_tokens,
        total="len(tokens)",
        turn=turn,
        max_length=max_length,
    )


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
    # The space after the last letter ends the last word.
    for k, letter in enumerate([*letters, " "]):
        is_word = len(letter) > 1
        if not is_word and not letter.isspace():
            continue
        if start < k:
            text = "".join(letters[start:k])
            yield Token(start + 1, text, f'"".join(tokens[{start}:{k}])')
        if is_word:
            yield Token(k + 1, letter, f"tokens[{k}]")
        start = k + 1


def _are_readable(letters: Sequence[str]) -> bool:
    """Whether at least half of the words' total width would be visible.

    >>> _are_readable("to be"), _are_readable("GATTACA" * 9)
    (True, False)
    """
    sizes = [over_time.max_token_width([token.text]) for token in _words(letters)]
    return 2 * sum(min(size, MAX_UPRIGHT_LENGTH) for size in sizes) >= sum(sizes)


def _without_overlaps(steps: Steps, tokens: Sequence[Token]) -> list[Token]:
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
    t_by_number = dict(zip(steps.labels, steps.ts, strict=True))
    style = words.Style(size, mono=True)
    for token in tokens:
        t, text, expr = t_by_number[token.step_number], visible_token(token.text), token.expr
        if math.isfinite(max_length):
            text, expr = over_time.shortened_token(token.text, expr, max_length, size)
        yield over_time.token_label(steps, t, y, text, expr, of, style, turn=turn, below=below)
