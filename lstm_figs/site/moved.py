"""The block `lstm-moved`, which leads old addresses to their new ones.

    /// lstm-moved
    - [old-anchor](other-page.md#new-anchor)
    ///

Each item is an ordinary link, so a builder resolves and checks its address. Its
text is an anchor that the page had. The item `[page](other-page.md)` is the new
home of the whole page, which then has only a title and this block.

A script follows the link of the anchor in the address. Without scripts, the item
of that anchor is shown.
"""

import re
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

from markdown.treeprocessors import Treeprocessor

from ..errors import LstmFigsError
from .missed_blocks import HEADINGS
from .page import LstmBlock, Page
from .requests import BlockRequest

PAGE = "page"
"""The text of the item for the whole page."""

_ITEM = re.compile(r"\[([^\]\s]+)\]\(([^)\s]+)\)")
"""A link, from an old place to a new one."""
_TITLE = re.compile(r"^# +(.*?)(?: *\{[^}]*\})? *$", re.MULTILINE)
"""The title of a page."""


class MovedBlock(LstmBlock):
    """`lstm-moved`: a list of old anchors, each linked to its new place."""

    NAME = "lstm-moved"
    TAG = "div"

    def fill(self, element: Element, request: BlockRequest) -> None:
        """Make an element that only scripts and `:target` use."""
        element.attrib.clear()
        element.set("data-search-exclude", "true")

    def finish(self, element: Element) -> None:
        """Replace each item by a sentence with its link."""
        targets = [_anchor_and_target(text) for text in _items(element)]
        element.clear()
        element.set("data-search-exclude", "true")
        for anchor, target in targets:
            if anchor in self.page.moved:
                raise LstmFigsError(
                    f"got the old anchor {anchor!r} twice, expected it once in a "
                    "page; leave one out"
                )
            what = "page" if anchor == PAGE else "section"
            sentence = SubElement(element, "p", {"class": f"lf-moved lf-moved-{what}"})
            sentence.text = f"This {what} is now {self._place(what, target)}."
            self.page.moved[anchor] = (self, sentence)
        self.page.insert(element, self.page.assets("moved"))

    def _place(self, what: str, target: str) -> str:
        """Where it is, with a link in Markdown that has the title of its page."""
        source = self.page.context.source
        file = source.parent / target.partition("#")[0] if source else Path()
        is_page = not target.startswith("#") and file.suffix == ".md" and file.is_file()
        title = _TITLE.search(file.read_text(encoding="utf-8-sig")) if is_page else None
        if title is None:
            return f"[here]({target})"
        return f"{'part of' if what == 'page' else 'on the page'} [{title[1]}]({target})"


def _items(element: Element) -> list[str]:
    """The items of a block as Markdown.

    Raises:
        LstmFigsError: If the block is not one list.
    """
    lists = [*element]
    if [child.tag for child in lists] != ["ul"] or (element.text or "").strip():
        raise LstmFigsError(
            "got a block lstm-moved without a list, expected a list of links "
            "whose texts are old anchors; write for example: "
            "- [old-anchor](page.md#new-anchor)"
        )
    return ["".join(item.itertext()).strip() for item in lists[0]]


def _anchor_and_target(text: str) -> tuple[str, str]:
    """The old anchor and the new address of an item.

    >>> _anchor_and_target("[a](b.md#c)")
    ('a', 'b.md#c')
    """
    match = _ITEM.fullmatch(text)
    if not match:
        raise LstmFigsError(
            f"got {text!r} in lstm-moved, expected a link whose text is an old "
            "anchor; write for example: - [old-anchor](page.md#new-anchor)"
        )
    return match[1].removeprefix("#"), match[2]


class MovedIds(Treeprocessor):
    """Gives each sentence the id of its anchor.

    It runs after headings got their ids, so no heading avoids an old one.
    """

    def run(self, root: Element) -> None:
        """Set the ids, and report anchors that the page still has."""
        page = Page.of(self.md)
        tags = {element.get("id"): element.tag for element in root.iter()}
        blocks = {id(block.element) for block, _ in page.moved.values()}
        has_text = any(e.tag != "h1" and id(e) not in blocks for e in root)
        for anchor, (block, sentence) in page.moved.items():
            problem = ""
            if anchor == PAGE and has_text:
                problem = (
                    "got an item [page] on a page with text, expected only a title "
                    "above the block; leave out the text or the item"
                )
            elif anchor in tags:
                what = "a heading" if tags[anchor] in HEADINGS else "an element"
                problem = (
                    f"got the old anchor {anchor!r}, which {what} of the page still "
                    "has, expected one that the page no longer has; leave it out"
                )
            if problem:
                page.fail(block.spot, problem, block.become_notice)
            elif anchor != PAGE:
                sentence.set("id", anchor)
