"""The Markdown extension: blocks that become figures.

    /// lstm-figure | four-weights --unit 0

    The caption, in **Markdown**.
    ///

The header is what follows `lstm-figs draw` in a terminal. Beside it stand
`lstm-gallery`, every figure of the catalogue, `lstm-run`, a file that the
build runs, and `lstm-imports`, the import graph of this package.
"""

import hashlib
import posixpath
import shlex
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from markdown.util import AtomicString
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block

from ..errors import LstmFigsError
from ..files import write_files
from . import html
from .cache import fetch
from .context import BlockError, Context, zensical_context
from .marking import TermMarker
from .scan import Found, scan


class Page:
    """One page on its way through Markdown."""

    def __init__(self, md: Markdown, given: Context | None):
        self.md = md
        self.given = given
        self.start([])

    def start(self, lines: list[str]) -> None:
        """Begin a page: find its blocks, refuse those that are broken."""
        self.context = self.given or zensical_context(self.md) or Context()
        self.offset = self.context.lines_before(lines) if lines else 0
        self.waiting: list[Found] = []
        self.ids: set[str] = set()
        self.styled = False
        for found in scan(lines):
            self.waiting.append(found)
            if found.problem:
                self.fail(found.line, found.problem)

    def found(self, name: str, header: str) -> Found:
        """What the scan says of the next block with that name and header."""
        for found in self.waiting:
            if (found.name, found.header) == (name, header):
                self.waiting.remove(found)
                return found
        return Found(0, name, header)

    def fail(self, line: int, sentence: str) -> None:
        """Stop the build with page and line, or let the plugin stop it."""
        place = self.context.name or "this page"
        message = f"{place}:{line + self.offset}: {sentence}"
        if not self.context.defer:
            raise BlockError(message)
        self.context.errors.append(message)

    def insert(self, parent: Element, text: str) -> None:
        """Put HTML below an element, now or when the search index is made."""
        holder = SubElement(parent, "div", {"class": "lf-holder"})
        if self.context.defer:
            key = hashlib.sha256(text.encode()).hexdigest()
            self.context.entries[key] = text
            text = f"<!--lstm-figs {key}-->"
        holder.text = AtomicString(self.md.htmlStash.store(text))

    def publish(self, files: dict[str, str]) -> dict[str, str]:
        """Write files of the site; return their addresses from this page."""
        if self.context.site_dir is None:
            raise LstmFigsError(
                "got a gallery outside a site, expected MkDocs or Zensical to "
                "say where the site is built; draw the figures one by one"
            )
        folder = "assets/lstm-figs"
        write_files(
            {
                self.context.site_dir / folder / name: data.encode()
                for name, data in files.items()
            }
        )
        here = self.context.place.rpartition("/")[0]
        way = posixpath.relpath(folder, here or ".")
        return {name: f"{way}/{name}" for name in files}

    def assets(self) -> str:
        """The style and the script of figures, once a page."""
        first, self.styled = not self.styled, True
        return html.assets() if first else ""


class _Ours(Block):  # type: ignore[misc]
    """What our blocks have in common."""

    ARGUMENT = None

    @property
    def page(self) -> Page:
        page: Page = self.config["page"]
        return page

    def on_create(self, parent: Element) -> Element:
        element = SubElement(parent, "figure", {"class": "lf"})
        header = self.argument or ""
        found = self.page.found(self.NAME, header)
        self.line = found.line
        if not found.problem:
            try:
                self.fill(element, header)
            except LstmFigsError as error:
                self.page.fail(self.line, str(error))
        return element

    def on_add(self, block: Element) -> Element:
        """What stands between the slashes is the caption."""
        return getattr(self, "caption", block)

    def fill(self, element: Element, header: str) -> None:
        """Draw, and put it into the element."""
        raise LstmFigsError(header)

    def on_markdown(self) -> str:
        return "block"


class FigureBlock(_Ours):
    """`lstm-figure`: a figure with its caption and tools."""

    NAME = "lstm-figure"

    def fill(self, element: Element, header: str) -> None:
        """Draw the figure, then make room for its caption and its tools."""
        files = _files(header)
        self.page.context.files.update(files)
        drawn = fetch("figure", header, files)
        id = drawn["id"]
        if id in self.page.ids:
            raise LstmFigsError(
                f"got a second figure with the id {id!r}, expected ids to be "
                f"unique in a page; add for example: --id {id}-2"
            )
        self.page.ids.add(id)
        element.set("id", f"figure-{id}")
        self.page.insert(element, self.page.assets() + html.picture(drawn))
        self.caption = SubElement(element, "figcaption")
        self.page.insert(element, html.tools(drawn))

    def on_end(self, block: Element) -> None:
        """Leave out a caption that nobody wrote."""
        caption = getattr(self, "caption", None)
        if caption is not None and not len(caption) and not caption.text:
            block.remove(caption)


class GalleryBlock(_Ours):
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
        self.page.insert(element, self.page.assets())

    def on_end(self, block: Element) -> None:
        """Put each figure above its link."""
        links = block.findall(".//li")
        entries = getattr(self, "entries", [])
        if len(links) != len(entries):
            self.page.fail(
                self.line,
                f"got {len(links)} links in a gallery, expected one for each "
                f"of {', '.join(e['name'] for e in entries)}; write a list "
                "of them in this order",
            )
            return
        schemes = ("light", "dark")
        addresses = self.page.publish(
            {
                f"{entry['name']}-{scheme}.svg": entry[scheme]
                for entry in entries
                for scheme in schemes
            }
        )
        for entry, item in zip(entries, links, strict=True):
            sources = {
                scheme: addresses[f"{entry['name']}-{scheme}.svg"]
                for scheme in schemes
            }
            holder = Element("div", {"class": "lf-holder"})
            holder.text = AtomicString(
                self.page.md.htmlStash.store(html.thumbnail(entry, sources))
            )
            item.insert(0, holder)
            item.text, holder.tail = None, item.text


class ImportsBlock(_Ours):
    """`lstm-imports`: the import graph of this package."""

    NAME = "lstm-imports"

    def fill(self, element: Element, header: str) -> None:
        """Draw the graph."""
        drawn = fetch("imports", "")
        self.page.ids.add(drawn["id"])
        self.page.insert(element, self.page.assets() + html.picture(drawn))
        self.caption = SubElement(element, "figcaption")


class RunBlock(_Ours):
    """`lstm-run`: a Python file that the build runs, and what it prints."""

    NAME = "lstm-run"

    def fill(self, element: Element, header: str) -> None:
        """Run the file, which is named from the folder of the page."""
        source = self.page.context.source
        path = (source.parent if source else Path()) / header
        drawn = fetch("run", str(path), (str(path),), named=header)
        element.set("class", "lf lf-run")
        self.page.insert(element, self.page.assets() + html.listing(drawn))
        self.caption = SubElement(element, "figcaption")


class _Scanner(Preprocessor):
    def __init__(self, page: Page):
        super().__init__(page.md)
        self.page = page

    def run(self, lines: list[str]) -> list[str]:
        self.page.start(lines)
        return lines


class LstmFigsExtension(BlocksExtension):  # type: ignore[misc]
    """The extension; a builder's plugin may pass a `context`."""

    def __init__(self, **more: Any):
        self.config = {"context": ["", "What a plugin knows of the page"]}
        super().__init__(**more)

    def extendMarkdownBlocks(self, md: Markdown, blocks: Any) -> None:  # noqa: N802
        """Register the scan of a page's lines, then the blocks."""
        page = Page(md, self.getConfig("context") or None)
        # Before fenced code and raw HTML are taken out of the lines.
        md.preprocessors.register(_Scanner(page), "lstm-figs-scan", 50)
        # After inline code has become elements.
        md.treeprocessors.register(TermMarker(md), "lstm-figs-terms", 15)
        for block in (FigureBlock, GalleryBlock, ImportsBlock, RunBlock):
            blocks.register(block, {"page": page})


def _files(header: str) -> tuple[str, ...]:
    """Files that a header names, without parsing the rest of it."""
    try:
        words = shlex.split(header)
    except ValueError:
        return ()
    return tuple(
        value
        for word, after in zip(words, [*words[1:], ""], strict=True)
        for option, _, joined in [word.partition("=")]
        if option in ("--input", "--weights")
        for value in [joined or after]
    )


def makeExtension(**more: Any) -> Extension:  # noqa: N802
    """Python-Markdown's entry point."""
    return LstmFigsExtension(**more)
