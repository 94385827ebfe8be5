"""Which words of a page come nearest to those of a fact that it lost."""

from collections import Counter
from difflib import SequenceMatcher

ALIKE = 0.5
"""A passage with more than this share of words in common comes near."""


def nearest(wanted: list[str], there: list[str]) -> tuple[int, int] | None:
    """The first of the nearest words, and past the last; None if none is near.

    Words count the more, the fewer times they are there.

    >>> nearest("a b c d".split(), "e f a b c x d g".split())
    (2, 7)
    """
    often, known = Counter(there), {*wanted}
    sums = [0.0]
    for word in there:
        sums.append(sums[-1] + (1 / often[word] if word in known else 0))
    size = min(len(wanted), len(there))
    starts = sorted(range(len(there) - size + 1), key=lambda k: sums[k] - sums[k + size])
    likeness, first = max((_compared(wanted, there[k : k + size]).ratio(), -k) for k in starts[:30])
    if likeness <= ALIKE:
        return None
    more = max(3, size // 2)
    last = min(len(there), size - first + more)
    first = max(0, -first - more)
    begin, *_, end = _changes(wanted, there[first:last]) * 2
    return first + _surplus(*begin), last - _surplus(*end)


def _surplus(kind: str, a: int, b: int, c: int, d: int) -> int:
    """How many words at an end of a passage are in place of no others."""
    return 0 if kind == "equal" else max(0, (d - c) - (b - a))


def differences(wanted: list[str], there: list[str]) -> tuple[int, str]:
    """Where the first difference is, and which words are in place of which.

    >>> differences("a b c d".split(), "a b x d e".split())
    (2, "got 'x', expected 'c' and got 'e' in addition")
    """
    found = [
        (place, _told(" ".join(wanted[a:b]), " ".join(there[place:d])))
        for kind, a, b, place, d in _changes(wanted, there)
        if kind != "equal"
    ]
    place, _ = found[0]
    return min(place, len(there) - 1), " and ".join(said for _, said in found)


def _told(wanted: str, there: str) -> str:
    if not wanted:
        return f"got {there!r} in addition"
    return f"got {there!r}, expected {wanted!r}" if there else f"lost {wanted!r}"


def _changes(wanted: list[str], there: list[str]) -> list[tuple[str, int, int, int, int]]:
    return _compared(wanted, there).get_opcodes()


def _compared(wanted: list[str], there: list[str]) -> SequenceMatcher[str]:
    """Compares words; a fact may begin or end within one."""
    first, last = wanted[0], wanted[-1]
    there = [*there] or [""]
    if there[0].endswith(first):
        there[0] = first
    if there[-1].startswith(last):
        there[-1] = last
    return SequenceMatcher(None, wanted, there, autojunk=False)
