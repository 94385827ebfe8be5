"""A page on its way through Markdown, and what our blocks share."""

import posixpath
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.util import AtomicString
from pymdownx.blocks.block import Block

from ..errors import LstmFigsError
from . import html, images
from .context import BlockError, Context, zensical_context
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
        self.sent: set[str] = set()
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
            key = str(len(self.context.entries))
            self.context.entries[key] = text
            text = f"<!--lstm-figs {key}-->"
        holder.text = AtomicString(self.md.htmlStash.store(text))

    def images(self, id: str, drawn: dict[str, Any]) -> str:
        """A drawing in both schemes as images, which are files of the site."""
        if self.context.site_dir is None:
            raise LstmFigsError(
                "got images outside a site, expected MkDocs or Zensical to "
                "say where the site is built; take lstm-figure"
            )
        forms = {"": drawn}
        if "narrow" in drawn:
            forms["narrow-"] = drawn["narrow"]
        # Two pages may use one id.
        names = {
            (width, scheme): f"{id}-{form['digest']}-{scheme}.svg"
            for width, form in forms.items()
            for scheme in ("light", "dark")
        }
        files = {name: forms[w][scheme] for (w, scheme), name in names.items()}
        images.publish(self.context.site_dir, files)
        self.context.images.update(files)
        here = self.context.place.rpartition("/")[0]
        way = posixpath.relpath(images.FOLDER, here or ".")
        addresses = {which: f"{way}/{name}" for which, name in names.items()}
        return html.images({**drawn, "id": id}, addresses)

    def assets(self, name: str) -> str:
        """What `figures` or their `tools` need, once a page."""
        first = name not in self.sent
        self.sent.add(name)
        return html.assets(name) if first else ""


class Ours(Block):  # type: ignore[misc]
    """What our blocks have in common."""

    ARGUMENT = None

    @property
    def page(self) -> Page:
        """The page that the block stands in."""
        page: Page = self.config["page"]
        return page

    def on_create(self, parent: Element) -> Element:
        """Make the block's element, or stop the build."""
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
        """What stands between the slashes is made of blocks."""
        return "block"
