"""Group the faults of many drawings, so that each cause is reported once."""

import re

LONGEST = 400
"""Length limit of a reported cause, in characters."""

_LACKING = re.compile(r"TENSOR_AXES in \S+ lacks \S+;")
"""A fault that names in preambles have no axes."""
_QUOTED = re.compile(r"'[^']*'|`[^`]*`|(?<=says ).*(?= for )|\[.*\]")
"""Matches what faults of the same cause say differently: names, words and lists."""

_NUMBER = re.compile(r"[−-]?\d[\d,.]*(e[−-]?\d+)?")
_GATE = re.compile(r"(?<![A-Za-z])[ifgo](?![A-Za-z])")
"""The letter of a gate."""


def distinct_causes(faults):
    """Group faults that differ only in numbers and names.

    Returns one line for each cause: its count and an example.

    >>> distinct_causes([("a", "'x' is 1"), ("b", "'y' is 2"), ("b", "no z")])
    ["2 times, first in a: 'x' is 1", 'once, in b: no z']
    >>> distinct_causes([("a", "bar-i is marked"), ("a", "bar-o is marked")])
    ['2 times, first in a: bar-i is marked']
    >>> [len(line) for line in distinct_causes([("a", "x" * 9000)])]
    [400]
    """
    faults_by_cause = {}
    for location, fault in faults:
        faults_by_cause.setdefault(_cause(fault), []).append(f"{location}: {fault}")
    return [
        _short(f"{len(alike)} times, first in {alike[0]}")
        if alike[1:]
        else _short(f"once, in {alike[0]}")
        for alike in faults_by_cause.values()
    ]


def _cause(fault):
    """The part of a message that faults of one cause share."""
    if lacking := _LACKING.search(fault):
        return lacking[0]
    return _GATE.sub("#", _NUMBER.sub("#", _QUOTED.sub("…", fault)))


def _short(line):
    """Shorten a message but keep its end, which says what to do."""
    if len(line) <= LONGEST:
        return line
    half, gap = LONGEST // 2, " … "
    return f"{line[:half]}{gap}{line[len(gap) - half :]}"
