"""The blocks of a reference: `lstm-api` and `lstm-options`.

    /// lstm-api | trace draw
    ///

    /// lstm-options | draw
    ///

`reference` reads their content from docstrings and parsers.
"""

from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString

from ..errors import LstmFigsError
from .cache import fetch
from .page import LstmBlock
from .requests import BlockRequest

FIRST_LEVEL = 3
"""The level of an item's heading, below the headings of the page."""


class _Manual(LstmBlock):
    """Items, each with a heading and its documentation."""

    TAG = "div"

    def fill(self, element: Element, request: BlockRequest) -> None:
        """Insert every item that the header names."""
        element.set("class", "lf-manual")
        for item in fetch(request).payload:
            self.write_item(element, item, FIRST_LEVEL)

    def write_item(self, parent: Element, item: dict[str, Any], level: int) -> None:
        """Insert a heading, the code, the documentation, and the members of an item."""
        if item["id"] in self.page.ids:
            raise LstmFigsError(
                f"got {item['name']!r} a second time, expected it once in a page; leave one out"
            )
        self.page.ids.add(item["id"])
        heading = SubElement(parent, f"h{level}", {"id": item["id"]})
        _code(heading, item["name"])
        self.insert_code(parent, item["code"])
        for part in item["parts"]:
            if "code" in part:
                self.insert_code(parent, part["code"])
            if part.get("title"):
                title = SubElement(parent, "p", {"class": "lf-part"})
                title.text = part["title"]
            if part.get("text"):
                self.page.md.parser.parseChunk(parent, part["text"])
            if part.get("entries"):
                self.write_definitions(parent, part["entries"])
        for member in item["members"]:
            self.write_item(parent, member, level + 1)

    def insert_code(self, parent: Element, code: str) -> None:
        """Insert code that is highlighted already."""
        if code:
            self.page.insert(parent, f'<div class="highlight"><pre><code>{code}</code></pre></div>')

    def write_definitions(self, parent: Element, entries: list[list[str]]) -> None:
        """Insert names, each with its sentence."""
        listed = SubElement(parent, "dl")
        for name, text in entries:
            _code(SubElement(listed, "dt"), name)
            SubElement(listed, "dd").text = text


class ApiBlock(_Manual):
    """`lstm-api`: public names of this package, with their docstrings."""

    NAME = "lstm-api"


class OptionsBlock(_Manual):
    """`lstm-options`: a command and its options, or those of all figures."""

    NAME = "lstm-options"


def _code(parent: Element, name: str) -> None:
    SubElement(parent, "code").text = AtomicString(name)
