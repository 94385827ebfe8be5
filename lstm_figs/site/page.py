"""A page on its way through Markdown, and what our blocks share."""

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
from ..html import scripts
from ..html.buttons import step_buttons
from . import html, images
from .cache import Entry, fetch, prefetch
from .context import Context, zensical_context
from .missed_blocks import (
    HEADINGS,
    missed_blocks,
    problem_of_end,
    problem_of_header,
    problem_of_option,
)
from .places import Place, Places, Spot
from .requests import BlockRequest, can_preview, figure_request, requests_of_page

PREVIEW_KEY, CARD_KEY = "lstm_figs", "lstm_figs_card"
"""Where a page says what stands for it, and what links to it show."""


class Problem(NamedTuple):
    """What is wrong with a page, and what puts something into its place."""

    spot: Spot
    sentence: str
    put_notice: Callable[[str], None]


class Page(Preprocessor):
    """One page on its way through Markdown.

    It is a preprocessor, so that the page begins when its lines come. One that
    is wrong is read again with marks, as `places` says, and by a server once
    more, when it is `known` from where everything came.
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
        """The page that a Markdown object reads, the same for all who ask."""
        if cls.REGISTERED in md.preprocessors:
            known = md.preprocessors[cls.REGISTERED]
            assert isinstance(known, cls)
            return known
        page = cls(md)
        # Before snippets, fenced code and raw HTML leave the lines.
        md.preprocessors.register(page, cls.REGISTERED, 50)
        # When text and ids are complete, and escapes still escape.
        md.treeprocessors.register(_Check(md), "lstm-figs-check", 3)
        md.treeprocessors.register(_End(md), "lstm-figs-end", -100)
        return page

    def run(self, lines: list[str]) -> list[str]:
        """Begin a page, or give its lines marks when it is read again."""
        if self.places is None:
            self.begin(lines)
            # Where figures come late, all pages have been looked at already.
            if not self.context.defer:
                self._prefetch()
            return lines
        numbers = self.context.line_numbers(lines)
        return [*self.places.marked_lines(lines, self._name, numbers)]

    def begin(self, lines: list[str]) -> None:
        """Forget the page before."""
        self.lines = lines
        self.context = self.given_context or zensical_context(self.md) or Context()
        self.problems: list[Problem] = []
        self.texts: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.open_blocks: list[LstmBlock] = []
        self.without_end: list[LstmBlock] = []
        self.ids: set[str] = set()
        self.figures: dict[str, tuple[LstmBlock, str]] = {}
        self.picture_header: str | None = None
        self.sent_assets: set[str] = set()

    def _prefetch(self) -> None:
        """Begin to draw the page, then what stands in the same folder."""
        text = "\n".join(self.lines)
        prefetch(requests_of_page(text, self.context.source, self.preview_kinds))
        if self.context.docs_dir is not None:
            _prefetch_folder(self.context.docs_dir, self.preview_kinds)

    def spot(self, kind: str, text: str) -> Spot:
        """The next thing of its kind, whose text has its mark if it has one."""
        spot = (kind, self.counts[kind])
        self.counts[kind] += 1
        if self.places is not None:
            self.places.record(spot, text)
        return spot

    def fail(
        self, spot: Spot, sentence: str, put_notice: Callable[[str], None], text: str = ""
    ) -> None:
        """Stop the build at the end of the page.

        Args:
            spot: What is wrong.
            sentence: What is wrong with it.
            put_notice: Puts something into its place.
            text: By what it is found in its file, if it is no block.
        """
        self.problems.append(Problem(spot, sentence, put_notice))
        self.texts.add(text)

    @contextmanager
    def catching_problems(self, block: "LstmBlock") -> Iterator[None]:
        """Note what is raised as wrong with a block."""
        try:
            yield
        except LstmFigsError as error:
            self.fail(block.spot, str(error), block.become_notice)
        except OSError as error:
            self.fail(
                block.spot,
                f"cannot read {str(error.filename)!r} ({error.strerror}), "
                "expected a file that can be read; check its name and its "
                "rights",
                block.become_notice,
            )

    def enter(self, block: "LstmBlock") -> None:
        """Note that a block begins, so that the one before it has to end."""
        for outer in self.open_blocks:
            if outer.length == block.length:
                self.open_blocks.remove(outer)
                self.without_end.append(outer)
                return
        self.open_blocks.append(block)

    def check(self, root: Element) -> None:
        """Find what Markdown let through, and blocks without an end."""
        for line, problem, put_notice in missed_blocks(root, self.md):
            self.fail(self.spot("text", line), problem, put_notice)
        if self.figures and self.places is None:
            self._check_ids(root)
        self.without_end += self.open_blocks
        if self.without_end:
            # All below is read wrongly, so nothing else is said of the page.
            block = min(self.without_end, key=lambda block: block.spot)
            problem = problem_of_end(block.NAME, block.length)
            self.problems = [Problem(block.spot, problem, block.become_notice)]

    def register_figure(self, id: str, block: "LstmBlock", svg: str) -> None:
        """Keep the ids of a figure for it alone.

        Args:
            id: The figure's id; its element's is `figure-<id>`, and its marks
                have ids that begin with it.
            block: The figure's block.
            svg: The figure, where it is a part of the page.

        Raises:
            LstmFigsError: If a figure above it has the id, or the id is one of
                those that narrow forms have.
        """
        if id.endswith("-narrow"):
            raise LstmFigsError(
                f"got the id {id!r}, expected none that ends in -narrow, which "
                "forms for phones have; take another"
            )
        if id in self.ids:
            raise LstmFigsError(
                f"got a second figure with the id {id!r}, expected ids to be "
                f"unique in a page; add for example: --id {id}-2"
            )
        self.ids.add(id)
        self.figures[id] = (block, svg)
        block.element.set("id", f"figure-{id}")

    def _check_ids(self, root: Element) -> None:
        """Refuse ids of figures that other elements of the page have too."""
        for element in root.iter():
            got = element.get("id")
            if not got:
                continue
            for id, (block, svg) in self.figures.items():
                own = element is block.element
                anchor = got == f"figure-{id}" and not own
                # Few ids begin like a figure's, whose text is long.
                inside = got.startswith(id) and f' id="{got}"' in svg
                if anchor or inside:
                    heading = element.tag in HEADINGS
                    what = "a heading" if heading else "another element"
                    self.fail(
                        block.spot,
                        f"got the id {got!r} in a figure, which {what} of the "
                        "page has too, expected ids to be unique in a page; "
                        f"add for example: --id {id}-2",
                        block.become_notice,
                    )

    def end(self) -> str:
        """Read the page again for the places of what is wrong, and say it.

        Returns:
            The page as a server shows it, with what is wrong where it stands,
            for which it is read once more. In a build nobody reads it.
        """
        problems = [*self.problems]
        self.open_blocks, self.without_end = [], []
        places = self.places = Places(self.texts)
        self.counts.clear()
        with places.in_snippets(self.md):
            self._convert_again()
        self.places = None
        located = [(places.places_by_spot.get(spot), text) for spot, text, _ in problems]
        # What Markdown reads more than once is told once.
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
        """Put what is wrong with the page where it stands."""
        assert self.known_places is not None
        for spot, text, put_notice in self.problems:
            sentence = f"{self.known_places.get(spot, self._name)}: {text}"
            put_notice(self.md.htmlStash.store(html.notice(sentence)))

    @property
    def _name(self) -> str:
        return self.context.name or "this page"

    def _convert_again(self) -> str:
        self.md.reset()
        return self.md.convert("\n".join(self.lines))

    def insert(self, parent: Element, text: str) -> None:
        """Put HTML below an element, now or when the search index is made."""
        # Nobody searches for the numbers of a figure.
        marks = {"class": "lf-holder", "data-search-exclude": "true"}
        holder = SubElement(parent, "div", marks)
        if self.context.defer:
            text = self.context.add_placeholder(text)
        holder.text = AtomicString(self.md.htmlStash.store(text))

    def publish_images(self, entry: Entry) -> dict[tuple[str, str], str]:
        """Make a drawing's images files of the site; their addresses.

        Returns:
            The addresses by width, empty or `narrow-`, and scheme.

        Raises:
            LstmFigsError: If it is not known where the site is built.
        """
        names = self._publish(entry)
        folder = _assets_path(self.context.base_address)
        return {key: f"{folder}/{name}" for key, name in names.items()}

    def step_buttons(self, entry: Entry) -> tuple[str, str]:
        """What goes through the steps of a figure, if it has several.

        Their drawings are a file of the site, so outside one there are none.

        Returns:
            It, and the assets that it needs.
        """
        steps = entry.payload.get("steps")
        if steps is None or self.context.site_dir is None:
            return "", ""
        name = f"{entry.payload['id']}-{steps['file']}.json"
        images.publish(self.context.site_dir, {name: (entry, steps["file"])})
        self.context.images.add(name)
        address = f"{_assets_path(self.context.address)}/{name}"
        markup = step_buttons(entry.payload["id"], steps, address)
        return markup, self.assets("steps")

    def publish_script(self, name: str) -> str:
        """The address of a script that a page loads when it is needed.

        It is a file of the site, so outside one there is none.
        """
        if self.context.site_dir is None:
            return ""
        code = scripts.script(name)
        # What a module has is its own.
        content = f"(() => {{\n{code}}})();\n".encode()
        digest = hashlib.sha256(content).hexdigest()[:16]
        file = f"{name.replace('/', '-')}-{digest}.js"
        images.write(self.context.site_dir, file, content)
        self.context.images.add(file)
        return f"{_assets_path(self.context.address)}/{file}"

    def source_files(self, payload: dict[str, Any]) -> list[html.File]:
        """The files that a figure is drawn from, if the site has all of them.

        Args:
            payload: The figure.
        """
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

    def add_previews(self, header: str, kind: str) -> None:
        """Let the first figure of the page stand for it elsewhere.

        A theme finds it as `lstm_figs` in what a page says of itself: the
        addresses of a `light` and a `dark` image in the site, and their size;
        and as `lstm_figs_card` what links show, see `_add_card`.

        Args:
            header: The figure.
            kind: Of the block that shows it.
        """
        meta = self.context.meta
        if meta is None or PREVIEW_KEY in meta or CARD_KEY in meta:
            return
        if "thumbnail" in self.preview_kinds:
            entry = fetch(figure_request("thumbnail", header))
            meta[PREVIEW_KEY] = {
                "width": round(entry.payload["width"]),
                "height": round(entry.payload["height"]),
                **{
                    scheme: f"{images.FOLDER}/{name}"
                    for (_, scheme), name in self._publish(entry).items()
                },
            }
        if "card" in self.preview_kinds and can_preview(kind, "card"):
            self._add_card(fetch(figure_request("card", header)))

    def add_title_card(self, root: Element) -> None:
        """Let a card with its title stand for a page without a figure.

        Args:
            root: The page.
        """
        meta, heading = self.context.meta, root.find("h1")
        if "card" not in self.preview_kinds or meta is None or CARD_KEY in meta:
            return
        heading_text = "" if heading is None else _heading_text(heading)
        if title := str(meta.get("title") or heading_text):
            self._add_card(fetch(BlockRequest("titled", title)))

    def _add_card(self, entry: Entry) -> None:
        """Say where the `card` of a page is, and what it says."""
        assert self.context.meta is not None
        self.context.meta[CARD_KEY] = {
            "card": f"{images.FOLDER}/{self._publish_file(entry, 'png')}",
            "said": entry.payload["title"],
        }

    def publish_pdf(self, entry: Entry) -> str:
        """Make a sheet's PDF a file of the site; its address."""
        return f"{_assets_path(self.context.base_address)}/{self._publish_file(entry, 'pdf')}"

    def _publish_file(self, entry: Entry, kind: str) -> str:
        """Make one file of a drawing a file of the site; its name."""
        self._require_site()
        assert self.context.site_dir is not None
        digest = entry.payload[kind]
        name = f"{entry.payload['id']}-{digest}.{kind}"
        images.publish(self.context.site_dir, {name: (entry, digest)})
        self.context.images.add(name)
        return name

    def _require_site(self) -> None:
        """Refuse files where no site is built.

        Raises:
            LstmFigsError: If it is not known where the site is built.
        """
        if self.context.site_dir is None:
            raise LstmFigsError(
                "got images outside a site, expected MkDocs or Zensical to "
                "say where the site is built; take lstm-figure"
            )

    def _publish(self, entry: Entry) -> dict[tuple[str, str], str]:
        """Make images files of the site; their names."""
        payload, id = entry.payload, entry.payload["id"]
        self._require_site()
        assert self.context.site_dir is not None
        forms = {"": payload}
        if "narrow" in payload:
            forms["narrow-"] = payload["narrow"]
        # Two pages may use one id.
        names = {
            (width, scheme): f"{id}-{form[scheme]}.svg"
            for width, form in forms.items()
            for scheme in ("light", "dark")
        }
        images.publish(
            self.context.site_dir,
            {name: (entry, forms[width][scheme]) for (width, scheme), name in names.items()},
        )
        self.context.images.update(names.values())
        return names

    def assets(self, name: str) -> str:
        """What `figures` or their `tools` need, once a page."""
        first = name not in self.sent_assets
        self.sent_assets.add(name)
        return html.assets(name) if first else ""


@cache
def _assets_path(place: str) -> str:
    """From a place in the site to the files that figures have in it.

    >>> _assets_path("a/cell/"), _assets_path("cell.md")
    ('../../assets/lstm-figs', 'assets/lstm-figs')
    """
    return posixpath.relpath(images.FOLDER, place.rpartition("/")[0] or ".")


def _prefetch_folder(folder: Path, preview_kinds: tuple[str, ...]) -> None:
    """Begin to draw the pages of a folder, once a process."""
    for page in sorted(folder.rglob("*.md")):
        with suppress(OSError, UnicodeError):
            text = page.read_text(encoding="utf-8-sig")
            prefetch(requests_of_page(text, page, preview_kinds))


class LstmBlock(Block):  # type: ignore[misc]
    """What our blocks have in common."""

    ARGUMENT = None

    ended = False

    @property
    def page(self) -> Page:
        """The page that the block stands in."""
        return Page.of(self.md)

    def on_create(self, parent: Element) -> Element:
        """Make the block's element, and note what is wrong with it."""
        element = SubElement(parent, "figure", {"class": "lf"})
        self.element = element
        self.nested = parent is not self.page.md.parser.root
        header = self.argument or ""
        self.spot = self.page.spot("block", header)
        self.page.enter(self)
        if self.page.places is None:
            with self.page.catching_problems(self):
                self.check(header)
                self.fill(element, header)
        return element

    def check(self, header: str) -> None:
        """Refuse a header, or options, that no block of its name has."""
        problem = problem_of_header(self.NAME, header)
        if not problem and self.options["attrs"]:
            problem = problem_of_option(self.NAME, header, "attrs")
        if problem:
            raise LstmFigsError(problem)

    def on_add(self, block: Element) -> Element:
        """What stands between the slashes is the caption."""
        return getattr(self, "caption", block)

    def on_end(self, block: Element) -> None:
        """Note that the block has an end."""
        # Where an end is missing above, a block may end twice.
        if self.ended:
            return
        self.ended = True
        if self in self.page.open_blocks:
            self.page.open_blocks.remove(self)
        if self.page.places is not None:
            return
        with self.page.catching_problems(self):
            first = block.findtext(".//p", "")
            if first.startswith("attrs:"):
                # In a quotation, a tab is less than options are indented by.
                header = self.argument or ""
                raise LstmFigsError(problem_of_option(self.NAME, header, first))
            self.finish(block)

    def become_notice(self, notice: str) -> None:
        """Become a notice above what the page says in the block."""
        content = self.on_add(self.element)
        self.element.tag = "div"
        self.element.attrib.clear()
        self.element.text = notice + (content.text or "")
        self.element[:] = [*content]
        self.caption = self.element

    def fill(self, element: Element, header: str) -> None:
        """Draw, and put it into the element."""
        raise LstmFigsError(header)

    def finish(self, element: Element) -> None:
        """Do what is left to do when the caption is known."""

    def on_markdown(self) -> str:
        """What stands between the slashes is made of blocks."""
        return "block"


def _heading_text(heading: Element) -> str:
    """A heading without the link to itself."""
    words = [heading.text or ""]
    for child in heading:
        if child.get("class") != "headerlink":
            words += child.itertext()
        words.append(child.tail or "")
    return "".join(words).strip()


class _Check(Treeprocessor):
    def run(self, root: Element) -> None:
        page = Page.of(self.md)
        page.check(root)
        if page.places is None and not page.problems:
            page.add_title_card(root)


class _End(Treeprocessor):
    def run(self, root: Element) -> Element | None:
        page = Page.of(self.md)
        if page.places is not None or not page.problems:
            return None
        if page.known_places is not None:
            page.show_problems()
            return None
        # What the page refers to is forgotten.
        new_root = Element(root.tag)
        new_root.text = self.md.htmlStash.store(page.end())
        return new_root
