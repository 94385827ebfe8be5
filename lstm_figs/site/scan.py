"""Find our blocks in a page, and what `pymdownx.blocks` would let through."""

import re
from difflib import get_close_matches
from typing import NamedTuple

BLOCKS = (
    "lstm-api",
    "lstm-figure",
    "lstm-gallery",
    "lstm-imports",
    "lstm-options",
    "lstm-picture",
    "lstm-run",
)
"""Every block of ours."""

_EXAMPLES = {
    "lstm-figure": ("figure", "unrolled"),
    "lstm-picture": ("figure", "unrolled"),
    "lstm-run": ("file", "code/pass.py"),
    "lstm-api": ("public name", "trace draw"),
    "lstm-options": ("command", "draw"),
}
"""Blocks whose header is needed: what it names, and an example."""

_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_START = re.compile(r"\s*(/{3,})\s*([\w-]+)\s*(?:\|\s*(.*?)\s*)?$")
_END = re.compile(r"\s*(/{3,})\s*$")


class Found(NamedTuple):
    """A block, or what is wrong with it."""

    line: int
    name: str
    header: str
    problem: str = ""


def scan(lines: list[str]) -> list[Found]:
    """Every block of ours, with its line counted from 1.

    >>> scan(["/// lstm-figure | unrolled", "///"])[0].header
    'unrolled'
    >>> scan(["/// lstm-figur | unrolled", "///"])[0].problem
    "unknown block 'lstm-figur', ...did you mean 'lstm-figure'?"
    """
    found: list[Found] = []
    fence = ""
    for index, line in enumerate(lines):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and not line.strip(" `~"):
            fence = ""
        start = None if fence else _START.match(line)
        if start and start[2].lower().startswith("lstm"):
            name, header = start[2].lower(), start[3] or ""
            problem = _problem(lines[index + 1 :], len(start[1]), name, header)
            found.append(Found(index + 1, name, header, problem))
    return found


def _problem(after: list[str], slashes: int, name: str, header: str) -> str:
    if name not in BLOCKS:
        near = get_close_matches(name, BLOCKS, n=1, cutoff=0)
        return (
            f"unknown block {name!r}, expected one of {', '.join(BLOCKS)}; "
            f"did you mean {near[0]!r}?"
        )
    if name in _EXAMPLES and not header:
        what, example = _EXAMPLES[name]
        return (
            f"got a block {name} without a {what}, expected its name after a "
            f"bar; write for example: /// {name} | {example}"
        )
    if name not in _EXAMPLES and header:
        return f"got {header!r} after {name}, expected nothing; leave it out"
    if after and after[0].startswith("    ") and after[0].strip():
        return (
            f"got {after[0].strip()!r} as an option in YAML, expected options "
            f"in the header; write for example: /// {name} | "
            f"{header or 'unrolled'} --width 360"
        )
    for line in after:
        end, start = _END.match(line), _START.match(line)
        if end and len(end[1]) == slashes:
            return ""
        if start and len(start[1]) == slashes:
            break
    return (
        f"got a block {name} without an end, expected a line of "
        f"{'/' * slashes}; add it below the caption"
    )
