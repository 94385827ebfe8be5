"""Find the words of a page that are most similar to those of a lost fact."""

from collections import Counter
from difflib import SequenceMatcher

MIN_SIMILARITY = 0.5
"""The least share of common words in a similar passage."""

CANDIDATE_COUNT = 30


def nearest(expected, actual):
    """The start and end of the most similar words; None without similar ones.

    Rare words count more.

    >>> nearest("a b c d".split(), "e f a b c x d g".split())
    (2, 7)
    """
    counts, expected_words = Counter(actual), {*expected}
    # The sum of weights before each word; a difference is that of a passage.
    sums = [0.0]
    for word in actual:
        sums.append(sums[-1] + (1 / counts[word] if word in expected_words else 0))
    size = min(len(expected), len(actual))
    starts = sorted(range(len(actual) - size + 1), key=lambda k: sums[k] - sums[k + size])
    # Comparing is slow, so only the likeliest; the first of equals wins.
    likeness, minus_start = max(
        (_compare_words(expected, actual[k : k + size]).ratio(), -k)
        for k in starts[:CANDIDATE_COUNT]
    )
    if likeness <= MIN_SIMILARITY:
        return None
    # The page may have more words, so look around, and then cut the ends off.
    margin = max(3, size // 2)
    first, last = max(0, -minus_start - margin), min(len(actual), size - minus_start + margin)
    # twice, because a single change is the first and the last
    first_change, *_, last_change = _changes(expected, actual[first:last]) * 2
    return first + _surplus(*first_change), last - _surplus(*last_change)


def _surplus(kind, expected_start, expected_end, start, end):
    """How many words a change adds at an end of a passage."""
    return 0 if kind == "equal" else max(0, (end - start) - (expected_end - expected_start))


def differences(expected, actual):
    """The first difference, and the words that differ.

    >>> differences("a b c d".split(), "a b x d e".split())
    (2, "got 'x', expected 'c' and got 'e' in addition")
    """
    changes = [
        (start, _difference(" ".join(expected[a:b]), " ".join(actual[start:end])))
        for kind, a, b, start, end in _changes(expected, actual)
        if kind != "equal"
    ]
    first, _ = changes[0]
    # Words that are lost at the end would be after the last one.
    return min(first, len(actual) - 1), " and ".join(text for _, text in changes)


def _difference(expected, actual):
    if not expected:
        return f"got {actual!r} in addition"
    return f"got {actual!r}, expected {expected!r}" if actual else f"lost {expected!r}"


def _changes(expected, actual):
    """The opcodes of `difflib`, each with its ranges in both lists."""
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
