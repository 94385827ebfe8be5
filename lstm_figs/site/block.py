"""The Markdown extension: blocks that become figures.

    /// lstm-figure | four-weights --unit 0

    The caption, in **Markdown**.
    ///

The header is what follows `lstm-figs draw` in a terminal. Beside it stand
`lstm-picture`, a figure as an image that loads late, `lstm-gallery`, every
figure of the catalogue, `lstm-run`, a file that the build runs,
`lstm-imports`, the import graph of this package, and `lstm-api` and
`lstm-options`, which are made from docstrings and parsers.
"""

import shlex
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Extension, Markdown
from markdown.util import AtomicString
from pymdownx.blocks import BlocksExtension

from . import html
from .cache import fetch
from .manual import ApiBlock, OptionsBlock
from .marking import TermMarker
from .page import Ours, Page


class FigureBlock(Ours):
    """`lstm-figure`: a figure with its caption and tools."""

    NAME = "lstm-figure"

    KIND = "figure"

    def fill(self, element: Element, header: str) -> None:
        """Draw the figure, then make room for its caption and its tools."""
        files = _files(header)
        self.page.context.files.update(files)
        drawn = fetch(self.KIND, header, files)
        shown = self.show(drawn)
        self.page.take(drawn["id"], self.spot, element, shown)
        self.page.insert(element, self.page.assets("figures") + shown)
        self.caption = SubElement(element, "figcaption")
        if self.KIND == "figure":
            assets = self.page.assets("tools")
            self.page.insert(element, assets + html.tools(drawn))

    def show(self, drawn: dict[str, Any]) -> str:
        """The figure itself."""
        return html.figure(drawn, self.nested)

    def finish(self, element: Element) -> None:
        """Leave out a caption that nobody wrote."""
        caption = getattr(self, "caption", None)
        if caption is not None and not len(caption) and not caption.text:
            element.remove(caption)


class PictureBlock(FigureBlock):
    """`lstm-picture`: a figure as an image, for pages of many figures.

    It is loaded when the reader comes near, and has no tools.
    """

    NAME = "lstm-picture"
    KIND = "picture"

    def show(self, drawn: dict[str, Any]) -> str:
        """Two images, which are files of the site."""
        return self.page.images(drawn["id"], drawn, self.nested)


class GalleryBlock(Ours):
    """`lstm-gallery`: every figure, with a link to the page that explains it.

    Its content is a list of links, one for each figure of the catalogue, in
    the catalogue's order.
    """

    NAME = "lstm-gallery"

    def fill(self, element: Element, header: str) -> None:
        """Draw the catalogue."""
        element.tag = "div"
        element.set("class", "lf-gallery")
        self.entries = fetch("gallery", "")
        self.page.insert(element, self.page.assets("figures"))

    def finish(self, element: Element) -> None:
        """Put each figure above its link."""
        links = element.findall(".//li")
        entries = getattr(self, "entries", None)
        if entries is None:
            return
        if len(links) != len(entries):
            self.page.fail(
                self.spot,
                f"got {len(links)} links in a gallery, expected one for each "
                f"of {', '.join(e['name'] for e in entries)}; write a list "
                "of them in this order",
            )
            return
        for entry, item in zip(entries, links, strict=True):
            holder = Element("div", {"class": "lf-holder"})
            shown = self.page.images(entry["name"], entry, False)
            name = f"<p><code>{entry['name']}</code></p>"
            holder.text = AtomicString(
                self.page.md.htmlStash.store(shown + name)
            )
            item.insert(0, holder)
            item.text, holder.tail = None, item.text


class ImportsBlock(Ours):
    """`lstm-imports`: the import graph of this package."""

    NAME = "lstm-imports"

    def fill(self, element: Element, header: str) -> None:
        """Draw the graph."""
        drawn = fetch("imports", "")
        shown = html.figure(drawn, True)
        self.page.take(drawn["id"], self.spot, element, shown)
        self.page.insert(element, self.page.assets("figures") + shown)
        self.caption = SubElement(element, "figcaption")


class RunBlock(Ours):
    """`lstm-run`: a Python file that the build runs, and what it prints."""

    NAME = "lstm-run"

    def fill(self, element: Element, header: str) -> None:
        """Run the file, which is named from the folder of the page."""
        source = self.page.context.source
        path = (source.parent if source else Path()) / header
        drawn = fetch("run", str(path), (str(path),), named=header)
        element.set("class", "lf lf-run")
        self.page.insert(
            element, self.page.assets("figures") + html.listing(drawn)
        )
        self.caption = SubElement(element, "figcaption")


BLOCKS = (
    FigureBlock,
    PictureBlock,
    GalleryBlock,
    ImportsBlock,
    RunBlock,
    ApiBlock,
    OptionsBlock,
)
"""Every block of ours."""


class LstmFigsExtension(BlocksExtension):  # type: ignore[misc]
    """The extension; a builder's plugin may pass a `context`."""

    def __init__(self, **more: Any):
        self.config = {"context": ["", "What a plugin knows of the page"]}
        super().__init__(**more)

    def extendMarkdownBlocks(self, md: Markdown, blocks: Any) -> None:  # noqa: N802
        """Register the blocks, and what looks for those that are broken."""
        Page.of(md).given = self.getConfig("context") or None
        # After inline code has become elements.
        md.treeprocessors.register(TermMarker(md), "lstm-figs-terms", 15)
        for block in BLOCKS:
            blocks.register(block, {})


_OF_FILES = ("--input", "--weights")


def _files(header: str) -> tuple[str, ...]:
    """Files that a header names, without parsing the rest of it."""
    if not any(option in header for option in _OF_FILES):
        return ()
    try:
        words = shlex.split(header)
    except ValueError:
        return ()
    return tuple(
        value
        for word, after in zip(words, [*words[1:], ""], strict=True)
        for option, _, joined in [word.partition("=")]
        if option in _OF_FILES
        for value in [joined or after]
    )


def makeExtension(**more: Any) -> Extension:  # noqa: N802
    """Python-Markdown's entry point."""
    return LstmFigsExtension(**more)
