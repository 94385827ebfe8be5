"""Find the words of a page that are most similar to those of a lost fact."""

from collections import Counter
from difflib import SequenceMatcher

MIN_SIMILARITY = 0.5
"""The least share of common words in a similar passage."""


def nearest(expected, actual):
    """The start and end of the most similar words; None without similar ones.

    Rare words count more.

    >>> nearest("a b c d".split(), "e f a b c x d g".split())
    (2, 7)
    """
    often, known = Counter(actual), {*expected}
    sums = [0.0]
    for word in actual:
        sums.append(sums[-1] + (1 / often[word] if word in known else 0))
    size = min(len(expected), len(actual))
    starts = sorted(range(len(actual) - size + 1), key=lambda k: sums[k] - sums[k + size])
    likeness, first = max(
        (_compare_words(expected, actual[k : k + size]).ratio(), -k) for k in starts[:30]
    )
    if likeness <= MIN_SIMILARITY:
        return None
    more = max(3, size // 2)
    last = min(len(actual), size - first + more)
    first = max(0, -first - more)
    begin, *_, end = _changes(expected, actual[first:last]) * 2
    return first + _surplus(*begin), last - _surplus(*end)


def _surplus(kind, a, b, c, d):
    """How many words at an end of a passage replace no other words."""
    return 0 if kind == "equal" else max(0, (d - c) - (b - a))


def differences(expected, actual):
    """The first difference, and the words that differ.

    >>> differences("a b c d".split(), "a b x d e".split())
    (2, "got 'x', expected 'c' and got 'e' in addition")
    """
    changes = [
        (place, _difference(" ".join(expected[a:b]), " ".join(actual[place:d])))
        for kind, a, b, place, d in _changes(expected, actual)
        if kind != "equal"
    ]
    place, _ = changes[0]
    return min(place, len(actual) - 1), " and ".join(text for _, text in changes)


def _difference(expected, actual):
    if not expected:
        return f"got {actual!r} in addition"
    return f"got {actual!r}, expected {expected!r}" if actual else f"lost {expected!r}"


def _changes(expected, actual):
    return _compare_words(expected, actual).get_opcodes()


def _compare_words(expected, actual):
    """Compare words; a fact may start or end within a word."""
    first, last = expected[0], expected[-1]
    actual = [*actual] or [""]
    if actual[0].endswith(first):
        actual[0] = first
    if actual[-1].startswith(last):
        actual[-1] = last
    return SequenceMatcher(None, expected, actual, autojunk=False)
