"""The page that Markdown is converting, and the base class of our blocks."""

import hashlib
import posixpath
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from pymdownx.blocks.block import Block

from ..errors import LstmFigsError
from ..html.buttons import step_buttons
from ..names import check_own_id
from . import html, images
from .cache import Entry, fetch, minified_script, prefetch
from .context import Context, zensical_context
from .missed_blocks import (
    HEADINGS,
    missed_blocks,
    problem_of_end,
    problem_of_header,
    problem_of_option,
)
from .places import Place, Places, Spot
from .requests import KIND_BY_BLOCK, BlockRequest, block_request, requests_of_page

PREVIEW_KEY, CARD_KEY = "lstm_figs", "lstm_figs_card"
"""The keys of a page's metadata for its thumbnail and for its card."""


class Problem(NamedTuple):
    """An error on a page.

    Attributes:
        spot: The kind of block or text it is in, and the index among those.
        sentence: What is wrong.
        put_notice: A function that puts a notice, as HTML, in its place.
    """

    spot: Spot
    sentence: str
    put_notice: Callable[[str], None]


class Page(Preprocessor):
    """The page that Markdown is converting.

    It is a preprocessor, so that it is reset when Markdown gets the lines of
    the next page. A page with an error is converted a second time with marks,
    to find the lines of its errors (see `places`). A server converts it a third
    time, to show each error in its place.
    """

    REGISTERED = "lstm-figs-page"

    def __init__(self, md: Markdown):
        super().__init__(md)
        self.given_context: Context | None = None
        self.preview_kinds: tuple[str, ...] = ()
        self.places: Places | None = None
        self.known_places: dict[Spot, Place] | None = None
        self.begin([])

    @classmethod
    def of(cls, md: Markdown) -> "Page":
        """The one page of a Markdown object."""
        if cls.REGISTERED in md.preprocessors:
            known = md.preprocessors[cls.REGISTERED]
            assert isinstance(known, cls)
            return known
        page = cls(md)
        # Before the preprocessors of snippets, fenced code and raw HTML.
        md.preprocessors.register(page, cls.REGISTERED, 50)
        # After text and ids are complete, and before escapes are resolved.
        md.treeprocessors.register(_Check(md), "lstm-figs-check", 3)
        md.treeprocessors.register(_End(md), "lstm-figs-end", -100)
        return page

    @property
    def is_locating_errors(self) -> bool:
        """Whether this is the second conversion, which only finds the lines of errors."""
        return self.places is not None

    @property
    def is_showing_errors(self) -> bool:
        """Whether this is the third conversion, which puts errors in their places."""
        return self.known_places is not None

    def run(self, lines: list[str]) -> list[str]:
        """Begin a page, or mark its lines when it is converted again."""
        if self.places is None:
            self.begin(lines)
            # With a deferring plugin, all pages have been prefetched already.
            if not self.context.defer:
                self._prefetch()
            return lines
        numbers = self.context.line_numbers(lines)
        return [*self.places.marked_lines(lines, self._name, numbers)]

    def begin(self, lines: list[str]) -> None:
        """Reset everything to an empty page."""
        self.lines = lines
        self.context = self.given_context or zensical_context(self.md) or Context()
        self.problems: list[Problem] = []
        self.texts: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.open_blocks: list[LstmBlock] = []
        self.without_end: list[LstmBlock] = []
        self.ids: set[str] = set()
        self.figures: dict[str, tuple[LstmBlock, str]] = {}
        self.moved: dict[str, tuple[LstmBlock, Element]] = {}
        self.last_picture: BlockRequest | None = None
        self.sent_assets: set[str] = set()

    def _prefetch(self) -> None:
        """Start drawing this page, then the other pages of the site."""
        text = "\n".join(self.lines)
        prefetch(requests_of_page(text, self.context.source, self.preview_kinds))
        if self.context.docs_dir is not None:
            _prefetch_folder(self.context.docs_dir, self.preview_kinds)

    def spot(self, kind: str, text: str) -> Spot:
        """The next spot of a kind; in a marked page, its place is read from the text."""
        spot = (kind, self.counts[kind])
        self.counts[kind] += 1
        if self.places is not None:
            self.places.record(spot, text)
        return spot

    def fail(
        self, spot: Spot, sentence: str, put_notice: Callable[[str], None], text: str = ""
    ) -> None:
        """Report an error, which stops the build at the end of the page.

        Args:
            spot: The spot of the error.
            sentence: The message.
            put_notice: Puts a notice in its place.
            text: The text to find in the file, if the spot is not a block.
        """
        self.problems.append(Problem(spot, sentence, put_notice))
        self.texts.add(text)

    @contextmanager
    def catching_problems(self, block: "LstmBlock") -> Iterator[None]:
        """Report exceptions as errors of a block."""
        try:
            yield
        except LstmFigsError as error:
            self.fail(block.spot, str(error), block.become_notice)
        except OSError as error:
            self.fail(
                block.spot,
                f"cannot read {str(error.filename)!r} ({error.strerror}), expected a file that "
                "can be read; check its name and its permissions",
                block.become_notice,
            )

    def enter(self, block: "LstmBlock") -> None:
        """Note that a block begins; an open block of the same length has no end."""
        for outer in self.open_blocks:
            if outer.length == block.length:
                self.open_blocks.remove(outer)
                self.without_end.append(outer)
                return
        self.open_blocks.append(block)

    def check(self, root: Element) -> None:
        """Find blocks that came through as text, duplicate ids, and blocks without an end."""
        for line, problem, put_notice in missed_blocks(root, self.md):
            self.fail(self.spot("text", line), problem, put_notice)
        if self.figures and not self.is_locating_errors:
            self._check_ids(root)
        self.without_end += self.open_blocks
        if self.without_end:
            # Everything below is misread, so other errors would mislead.
            block = min(self.without_end, key=lambda block: block.spot)
            problem = problem_of_end(block.NAME, block.length)
            self.problems = [Problem(block.spot, problem, block.become_notice)]

    def register_figure(self, id: str, block: "LstmBlock", svg: str) -> None:
        """Reserve the ids of a figure.

        Args:
            id: The id of the figure. Its element gets the id `figure-<id>`, and
                the ids of its marks begin with `<id>`.
            block: The block of the figure.
            svg: The figure, if it is part of the page.

        Raises:
            LstmFigsError: If a figure above has the same id, or the id ends
                like those of narrow forms.
        """
        check_own_id(id)
        if id in self.ids:
            raise LstmFigsError(
                f"got a second figure with the id {id!r}, expected ids to be "
                f"unique in a page; add for example: --id {id}-2"
            )
        self.ids.add(id)
        self.figures[id] = (block, svg)
        block.element.set("id", f"figure-{id}")

    def _check_ids(self, root: Element) -> None:
        """Report ids of figures that another element of the page has too."""
        for element in root.iter():
            element_id = element.get("id")
            if not element_id:
                continue
            for id, (block, svg) in self.figures.items():
                is_own_anchor = element is block.element
                is_like_anchor = element_id == f"figure-{id}" and not is_own_anchor
                # The prefix first, because searching the SVG is slow.
                is_like_mark = element_id.startswith(id) and f' id="{element_id}"' in svg
                if is_like_anchor or is_like_mark:
                    is_heading = element.tag in HEADINGS
                    what = "a heading" if is_heading else "another element"
                    self.fail(
                        block.spot,
                        f"got the id {element_id!r} in a figure, which {what} of the "
                        "page has too, expected ids to be unique in a page; "
                        f"add for example: --id {id}-2",
                        block.become_notice,
                    )

    def end(self) -> str:
        """Convert the page again to locate its errors, and report them.

        Returns:
            The page with its errors in place, for a server; empty in a build,
            which stops.
        """
        problems = [*self.problems]
        self.open_blocks, self.without_end = [], []
        places = self.places = Places(self.texts)
        self.counts.clear()
        with places.in_snippets(self.md):
            self._convert_again()
        self.places = None
        located = [
            (places.places_by_spot.get(problem.spot), problem.sentence) for problem in problems
        ]
        # Markdown reads some text twice; report its errors once.
        sorted_problems = sorted(
            {(place, text): None for place, text in located if place},
            key=lambda problem: problem[0].sort_key(),
        )
        self.context.fail(
            [f"{place}: {text}" for place, text in sorted_problems]
            or [f"{self._name}: {text}" for _, text in located]
        )
        if not self.context.serving:
            return ""
        self.known_places = places.places_by_spot
        markup = self._convert_again()
        self.known_places = None
        return markup + html.assets("wrong")

    def show_problems(self) -> None:
        """Put a notice in the place of each error."""
        assert self.known_places is not None
        for spot, text, put_notice in self.problems:
            sentence = f"{self.known_places.get(spot, self._name)}: {text}"
            put_notice(self.md.htmlStash.store(html.notice(sentence)))

    @property
    def _name(self) -> str:
        """The file of the page, for messages."""
        return self.context.name or "this page"

    def _convert_again(self) -> str:
        """The page as HTML, from its current lines."""
        self.md.reset()
        return self.md.convert("\n".join(self.lines))

    def insert(self, parent: Element, text: str) -> None:
        """Add HTML to an element; a plugin may fill it in after the search index is made."""
        # Numbers in a figure would only clutter the search.
        marks = {"class": "lf-holder", "data-search-exclude": "true"}
        holder = SubElement(parent, "div", marks)
        if self.context.defer:
            text = self.context.add_placeholder(text)
        holder.text = AtomicString(self.md.htmlStash.store(text))

    def publish_images(self, entry: Entry) -> dict[tuple[str, str], str]:
        """Write a figure's images into the site.

        Returns:
            Their addresses by width, which is empty or `narrow-`, and scheme.

        Raises:
            LstmFigsError: If the folder of the site is unknown.
        """
        forms = {"": entry.payload}
        if "narrow" in entry.payload:
            forms["narrow-"] = entry.payload["narrow"]
        folder = _assets_path(self.context.base_address)
        return {
            (width, scheme): f"{folder}/{self._publish(entry, form[scheme], 'svg')}"
            for width, form in forms.items()
            for scheme in ("light", "dark")
        }

    def publish_pdf(self, entry: Entry) -> str:
        """Write a sheet's PDF into the site; its address."""
        name = self._publish(entry, entry.payload["pdf"], "pdf")
        return f"{_assets_path(self.context.base_address)}/{name}"

    def _publish(self, entry: Entry, digest: str, suffix: str) -> str:
        """Write one file of an entry into the site; its name.

        Raises:
            LstmFigsError: If the folder of the site is unknown.
        """
        if self.context.site_dir is None:
            raise LstmFigsError(
                "got images outside a site, expected MkDocs or Zensical to set where the site "
                "is built; use lstm-figure"
            )
        # With the digest, because two pages may use one id.
        name = f"{entry.payload['id']}-{digest}.{suffix}"
        images.publish(self.context.site_dir, name, entry, digest)
        self.context.images.add(name)
        return name

    def step_buttons(self, entry: Entry) -> tuple[str, str]:
        """The buttons that step through a figure, if it shows one of several steps.

        The drawings of the other steps are a file of the site, so without a
        site there are no buttons.

        Returns:
            The buttons, and the assets that they need.
        """
        steps = entry.payload.get("steps")
        if steps is None or self.context.site_dir is None:
            return "", ""
        name = self._publish(entry, steps["file"], "json")
        address = f"{_assets_path(self.context.address)}/{name}"
        markup = step_buttons(entry.payload["id"], steps, address)
        return markup, self.assets("steps")

    def publish_script(self, name: str) -> str:
        """Write a script into the site, for pages to load on demand; its address.

        The address is empty without a site.
        """
        if self.context.site_dir is None:
            return ""
        # A function keeps its variables local, as a module would.
        content = b"(() => {\n%s})();\n" % minified_script(name)
        digest = hashlib.sha256(content).hexdigest()[:16]
        file = f"{name.replace('/', '-')}-{digest}.js"
        images.write(self.context.site_dir, file, content)
        self.context.images.add(file)
        return f"{_assets_path(self.context.address)}/{file}"

    def source_files(self, payload: dict[str, Any]) -> list[html.File]:
        """The files that a figure is drawn from, if the site has all of them."""
        if "saved" not in payload:
            return []
        folder, files = self.context.base_address.rpartition("/")[0], []
        for path, name in payload["saved"]["names"]:
            place = self.context.published(path)
            if place is None:
                return []
            files.append(
                html.File(
                    name,
                    quote(posixpath.relpath(place, folder or ".")),
                    self.context.site_url + quote(place),
                )
            )
        return files

    def add_previews(self, figure: BlockRequest) -> None:
        """Make the thumbnail and the card of the page from its first figure.

        A theme reads them from the metadata of the page: `lstm_figs` has the
        addresses of a `light` and a `dark` image in the site, and their size;
        for `lstm_figs_card`, see `_add_card`.
        """
        meta = self.context.meta
        if meta is None or PREVIEW_KEY in meta or CARD_KEY in meta:
            return
        for request in figure.previews(self.preview_kinds):
            entry = fetch(request)
            if request.kind == "card":
                self._add_card(entry)
                continue
            meta[PREVIEW_KEY] = {
                "width": round(entry.payload["width"]),
                "height": round(entry.payload["height"]),
                **{
                    scheme: f"{images.FOLDER}/{self._publish(entry, entry.payload[scheme], 'svg')}"
                    for scheme in ("light", "dark")
                },
            }

    def add_title_card(self, root: Element) -> None:
        """Make a card from the title of a page without a figure."""
        meta, heading = self.context.meta, root.find("h1")
        if "card" not in self.preview_kinds or meta is None or CARD_KEY in meta:
            return
        heading_text = "" if heading is None else _heading_text(heading)
        if title := str(meta.get("title") or heading_text):
            self._add_card(fetch(BlockRequest("titled", title)))

    def _add_card(self, entry: Entry) -> None:
        """Put the address of the page's card and its text into the metadata."""
        assert self.context.meta is not None
        self.context.meta[CARD_KEY] = {
            "card": f"{images.FOLDER}/{self._publish(entry, entry.payload['png'], 'png')}",
            "said": entry.payload["title"],
        }

    def assets(self, name: str) -> str:
        """Styles and scripts by name, once a page; empty after that."""
        is_first = name not in self.sent_assets
        self.sent_assets.add(name)
        return html.assets(name) if is_first else ""


@cache
def _assets_path(place: str) -> str:
    """The relative path from a page of the site to the folder of images.

    >>> _assets_path("a/cell/"), _assets_path("cell.md")
    ('../../assets/lstm-figs', 'assets/lstm-figs')
    """
    return posixpath.relpath(images.FOLDER, place.rpartition("/")[0] or ".")


def _prefetch_folder(folder: Path, preview_kinds: tuple[str, ...]) -> None:
    """Start drawing all pages of a folder, once a process."""
    for page in sorted(folder.rglob("*.md")):
        with suppress(OSError, UnicodeError):
            text = page.read_text(encoding="utf-8-sig")
            prefetch(requests_of_page(text, page, preview_kinds))


class LstmBlock(Block):  # type: ignore[misc]
    """The base class of our blocks.

    A block makes one request from its header. `fill` fetches the entry, and
    passes it to the page for everything that the page publishes.
    """

    TAG = "figure"
    """The element of the block."""

    ARGUMENT = None
    """For pymdownx: a header is optional. `check` explains what is wrong with it."""

    has_ended = False
    """Whether `on_end` has finished the block."""

    @property
    def page(self) -> Page:
        """The page that contains the block."""
        return Page.of(self.md)

    def on_create(self, parent: Element) -> Element:
        """Make the block's element and fill it, reporting errors."""
        element = SubElement(parent, self.TAG, {"class": "lf"})
        self.element = element
        self.nested = parent is not self.page.md.parser.root
        self.is_narrow = self.nested and not _is_fold(parent)
        self.header = self.argument or ""
        self.spot = self.page.spot("block", self.header)
        self.page.enter(self)
        if not self.page.is_locating_errors:
            with self.page.catching_problems(self):
                self.check()
                self.fill(element, self.request())
        return element

    def check(self) -> None:
        """Raise an error if the header is missing or unexpected, or has options below it."""
        problem = problem_of_header(self.NAME, self.header)
        if not problem and self.options["attrs"]:
            problem = problem_of_option(self.NAME, self.header, "attrs")
        if problem:
            raise LstmFigsError(problem)

    def request(self) -> BlockRequest:
        """What the block shows."""
        return block_request(KIND_BY_BLOCK[self.NAME], self.header, self.page.context.source)

    def on_add(self, block: Element) -> Element:
        """The element for the text between the slashes, which is the caption."""
        return getattr(self, "caption", block)

    def on_end(self, block: Element) -> None:
        """Note that the block has ended, and finish it."""
        # A block may end twice if one above it has no end.
        if self.has_ended:
            return
        self.has_ended = True
        if self in self.page.open_blocks:
            self.page.open_blocks.remove(self)
        if self.page.is_locating_errors:
            return
        with self.page.catching_problems(self):
            first_paragraph = block.findtext(".//p", "")
            if first_paragraph.startswith("attrs:"):
                # In a quotation a tab is too short an indent, so options become text.
                raise LstmFigsError(problem_of_option(self.NAME, self.header, first_paragraph))
            self.finish(block)

    def become_notice(self, notice: str) -> None:
        """Replace the figure by a notice, above the text of the block."""
        content = self.on_add(self.element)
        self.element.tag = "div"
        self.element.attrib.clear()
        self.element.text = notice + (content.text or "")
        self.element[:] = [*content]
        self.caption = self.element

    def fill(self, element: Element, request: BlockRequest) -> None:
        """Fetch the request, and put it into the element."""
        raise NotImplementedError

    def finish(self, element: Element) -> None:
        """Do what depends on the caption."""

    def on_markdown(self) -> str:
        """The text between the slashes is parsed as blocks of Markdown."""
        return "block"


def _is_fold(element: Element) -> bool:
    """Whether an element is a folded part of a page, which is as wide as the page."""
    return element.tag == "details" and "lf-fold" in element.get("class", "").split()


def _heading_text(heading: Element) -> str:
    """The text of a heading, without its permalink."""
    words = [heading.text or ""]
    for child in heading:
        if child.get("class") != "headerlink":
            words += child.itertext()
        words.append(child.tail or "")
    return "".join(words).strip()


class _Check(Treeprocessor):
    """Reports blocks that were missed; without any, adds the card for link previews."""

    def run(self, root: Element) -> None:
        page = Page.of(self.md)
        page.check(root)
        if not page.is_locating_errors and not page.problems:
            page.add_title_card(root)


class _End(Treeprocessor):
    """Puts the errors of a page in place of it, if there are any."""

    def run(self, root: Element) -> Element | None:
        page = Page.of(self.md)
        if page.is_locating_errors or not page.problems:
            return None
        if page.is_showing_errors:
            page.show_problems()
            return None
        # A new root, because references of the old one are lost.
        new_root = Element(root.tag)
        new_root.text = self.md.htmlStash.store(page.end())
        return new_root
