"""Find blocks with mistakes that became text.

`pymdownx.blocks` leaves a block as text if its name is misspelt, its bar is
missing or its options are unknown. Such text is found in the page that Markdown
has converted. So it may be in a list, a quotation or a snippet, while code and
comments are ignored.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from functools import partial
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown

from .requests import KIND_BY_BLOCK

_EXAMPLES = {
    "lstm-figure": ("figure", "unrolled"),
    "lstm-picture": ("figure", "unrolled"),
    "lstm-scene": ("figure", "reading --network brackets"),
    "lstm-sheet": ("sheet", "cheat-sheet"),
    "lstm-live": ("figure", "reading --network brackets"),
    "lstm-run": ("file", "code/pass.py"),
    "lstm-code": ("file", "code/pass.py"),
    "lstm-table": ("file", "code/pass.py"),
    "lstm-api": ("public name", "trace draw"),
    "lstm-options": ("command", "draw"),
    "lstm-shapes": ("size", "--input-size 10 --hidden-size 20"),
}
"""Blocks that need a header: the thing that it names, and an example."""

CODE = frozenset({"code", "pre", "script", "style", "textarea"})
"""Elements with verbatim text."""

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
"""The tags of headings."""

_NO_BLOCKS = HEADINGS | {"td", "th"}
"""Elements that cannot contain a block."""

_START = re.compile(r"[\s>]*(/{2,})\s*([\w-]+)(.*)", re.DOTALL)
"""The first line of a block: slashes, name, and the rest."""


def match_start(line: str) -> re.Match[str] | None:
    """Slashes, name and rest of a line that was meant to start our block.

    >>> match_start("/// lstm-figure cell").groups()
    ('///', 'lstm-figure', ' cell')
    >>> match_start("/// lsmt-figure | cell")[2]
    'lsmt-figure'
    >>> match_start("/// note"), match_start("// LSTM layers"), match_start("see /// lstm-run")
    (None, None, None)
    """
    match = _START.match(line)
    if not match:
        return None
    name = match[2].lower()
    is_clear = len(match[1]) > 2 and name.startswith("lstm")
    return match if is_clear or get_close_matches(name, KIND_BY_BLOCK, 1, 0.8) else None


def problem_of_text(line: str, after: str) -> str:
    """The error of a line that was meant to start a block.

    >>> problem_of_text("/// lstm-figur | cell", "")
    "unknown block 'lstm-figur', ...did you mean 'lstm-figure'?"
    >>> problem_of_text("/// lstm-figure cell", "").partition("; ")[2]
    'write: /// lstm-figure | cell'
    """
    match = match_start(line)
    assert match
    slashes, name, header = match[1], match[2].lower(), match[3].strip()
    if name not in KIND_BY_BLOCK:
        nearest = get_close_matches(name, KIND_BY_BLOCK, n=1, cutoff=0)
        return (
            f"unknown block {match[2]!r}, expected one of {', '.join(KIND_BY_BLOCK)}; "
            f"did you mean {nearest[0]!r}?"
        )
    bare = header.lstrip("|:= ")
    corrected = f"{name} | {bare}" if name in _EXAMPLES and bare else name
    if len(slashes) < 3:
        return f"got {slashes} before {name}, expected three slashes; write: /// {corrected}"
    if header and not header.startswith("|"):
        return (
            f"got {line.strip()!r} without a bar, expected one between the "
            f"block and its header; write: {slashes} {corrected}"
        )
    if after.startswith("    ") and after.strip().strip("/>"):
        return problem_of_option(name, bare, after.strip())
    return (
        f"got {line.strip()!r} within a paragraph, expected it where a block "
        "can begin; put an empty line above it, and indent it like its list "
        "or quotation"
    )


def problem_of_header(name: str, header: str) -> str:
    """The error in the header of a block, or an empty string."""
    if name in _EXAMPLES and not header:
        what, example = _EXAMPLES[name]
        return (
            f"got a block {name} without a {what}, expected its name after a "
            f"bar; write for example: /// {name} | {example}"
        )
    if name not in _EXAMPLES and header:
        return f"got {header!r} after {name}, expected nothing; leave it out"
    return ""


def problem_of_scene(name: str, header: str, above: Sequence[str]) -> str:
    """The error in the place of a scene, or an empty string.

    Args:
        name: The name of the block.
        header: Its header.
        above: The tags of the elements above it, with the name of the block for
            scenes; empty if the block is nested in a list or a quotation.

    >>> problem_of_scene("lstm-scene", "cell", ["h1", "p", "h2"])
    ''
    """
    start = len(above)
    while start and above[start - 1] not in HEADINGS:
        start -= 1
    heading, between = above[start - 1 : start], above[start:]
    # A lead may come between the title and the first scene.
    may_have_text_between = heading == ["h1"] and name not in between
    if heading and (not between or may_have_text_between):
        return ""
    return (
        f"got a block {name} that is not directly below a heading of the page, "
        "expected a heading, one scene and then its words; write for example: "
        f"## A scene above /// {name} | {header}"
    )


def problem_of_option(name: str, header: str, option: str) -> str:
    """The error of an option below the header."""
    return (
        f"got {option!r} as an option in YAML, expected options in the "
        f"header; write for example: /// {name} | {header or 'unrolled'} "
        "--width 360"
    )


def problem_of_end(name: str, slashes: int) -> str:
    """The error of a block without an end."""
    return (
        f"got a block {name} without an end, expected a line of "
        f"{'/' * slashes}; add it below the caption"
    )


def missed_blocks(root: Element, md: Markdown) -> Iterator[tuple[str, str, Callable[[str], None]]]:
    """Lines of text that were meant to start blocks.

    Args:
        root: The page, after inline code and links have become elements.
        md: The Markdown object, with its stash of HTML.

    Yields:
        A line, its error, and a function that replaces it by a notice.
    """
    for element, part, starts in _texts(root, md):
        text = getattr(element, part)
        if "//" not in text:
            continue
        lines = text.split("\n")
        for index, line in enumerate(lines):
            if starts and match_start(line):
                after = "".join(lines[index + 1 : index + 2])
                put_notice = partial(_replace_line, element, part, index)
                yield line, problem_of_text(line, after), put_notice
            starts = True
    raw_blocks = md.htmlStash.rawHtmlBlocks
    for index, html in enumerate(raw_blocks):
        if isinstance(html, str) and "//" in html and "lstm" in html:
            for line in _Outside(html).text.split("\n"):
                if match_start(line):
                    yield (
                        line,
                        f"got {line.strip()!r} in HTML, which Markdown does "
                        "not read, expected it in Markdown; put it outside, "
                        "or give the tag the attribute markdown, with the "
                        "extension md_in_html",
                        partial(_append_below, raw_blocks, index),
                    )


def _replace_line(element: Element, part: str, index: int, new: str) -> None:
    """Replace a line of an element's text or tail."""
    lines = getattr(element, part).split("\n")
    lines[index] = new
    setattr(element, part, "\n".join(lines))


def _append_below(raw_blocks: list[Any], index: int, new: str) -> None:
    """Add something below HTML in the stash."""
    raw_blocks[index] += new


def _texts(root: Element, md: Markdown) -> Iterator[tuple[Element, str, bool]]:
    """Texts and tails outside code, and whether each begins a line."""
    for element in root.iter():
        tag = element.tag
        starts = md.is_block_level(tag)
        if element.text and tag not in CODE and tag not in _NO_BLOCKS:
            yield element, "text", starts
        if element.tail:
            yield element, "tail", starts or tag == "br"


class _Outside(HTMLParser):
    """The text of HTML outside code and comments."""

    def __init__(self, html: str):
        super().__init__()
        self.text = ""
        self.inside: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, _: object) -> None:
        if tag in CODE:
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            self.inside.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.text += data
