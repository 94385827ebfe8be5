"""The Markdown extension: blocks that become figures.

    /// lstm-figure | four-weights --unit 0

    The caption, in **Markdown**.
    ///

The header has the arguments of `lstm-figs draw`. Every block:

- `lstm-figure`: a figure with its tools
- `lstm-picture`: a figure as an image that loads late
- `lstm-scene`: a picture that stays in view beside the text of its section
- `lstm-proof`: the proof of the picture above it
- `lstm-live`: a figure with controls, which a script draws again
- `lstm-sheet`: a sheet with its PDF
- `lstm-gallery`: every figure of the catalogue
- `lstm-run`: a Python file and its output
- `lstm-table`: a Python file that prints part of the page
- `lstm-code`: a Python file that the build does not run
- `lstm-shapes`: a calculator of shapes
- `lstm-moved`: old anchors of the page, each with its new address
- `lstm-imports`: the import graph of this package
- `lstm-vocabulary`: the pieces that figures are made of
- `lstm-api` and `lstm-options`: references from docstrings and parsers

How to add a block is in *A page element* of `docs/architecture.md`.
"""

from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Extension, Markdown
from markdown.util import AtomicString
from pymdownx.blocks import BlocksExtension

from ..errors import LstmFigsError
from ..html.buttons import bar
from . import html
from .cache import Entry, fetch
from .marking import TermMarker
from .missed_blocks import problem_of_scene
from .moved import MovedBlock, MovedIds
from .page import LstmBlock, Page
from .reference_blocks import ApiBlock, OptionsBlock
from .requests import BlockRequest, preview_kinds
from .search_words import Words
from .side_by_side import SINGLE, STAGED, TOOLS


class FigureBlock(LstmBlock):
    """`lstm-figure`: a figure with its caption and tools."""

    NAME = "lstm-figure"

    def fill(self, element: Element, request: BlockRequest) -> None:
        """Insert the figure, its caption and its tools."""
        self.page.context.files.update(request.files)
        entry = fetch(request)
        self.page.add_previews(request)
        payload, markup = entry.payload, self.show(entry)
        self.page.register_figure(payload["id"], self, markup)
        if request.kind == "picture":
            self.page.last_picture = request
        self.page.insert(element, self.page.assets("figures") + markup)
        if html.is_single(payload):
            element.set("class", f"lf {SINGLE}")
        if request.kind != "figure":
            self.caption = SubElement(element, "figcaption")
            return
        self.page.insert(element, self.page.assets("tools") + self.controls(entry))
        self.caption = SubElement(element, "figcaption")
        tools = html.tools(payload, self.page.source_files(payload))
        self.page.insert(SubElement(element, "div", {"class": TOOLS}), bar(tools))

    def show(self, entry: Entry) -> str:
        """The HTML of the figure."""
        return html.figure(entry.payload, self.is_narrow)

    def controls(self, entry: Entry) -> str:
        """The bar between the figure and its caption: its step buttons."""
        steps, assets = self.page.step_buttons(entry)
        return bar(steps) + assets

    def finish(self, element: Element) -> None:
        """Remove an empty caption."""
        caption = getattr(self, "caption", None)
        if caption is not None and not len(caption) and not caption.text:
            element.remove(caption)


class PictureBlock(FigureBlock):
    """`lstm-picture`: a figure as an image, for pages with many figures.

    Browsers load it when the reader scrolls near it. It has no tools.
    """

    NAME = "lstm-picture"

    def show(self, entry: Entry) -> str:
        """Images, which are files of the site."""
        addresses = self.page.publish_images(entry)
        return html.images(entry.payload, addresses, self.is_narrow)


class SceneBlock(PictureBlock):
    """`lstm-scene`: a picture beside the text of its section."""

    NAME = "lstm-scene"

    def check(self) -> None:
        """Raise an error unless the scene is directly below its own heading."""
        super().check()
        above = [] if self.nested else [*self.page.md.parser.root][:-1]
        tags = [
            self.NAME if STAGED in element.get("class", "").split() else element.tag
            for element in above
        ]
        if problem := problem_of_scene(self.NAME, self.header, tags):
            raise LstmFigsError(problem)

    def fill(self, element: Element, request: BlockRequest) -> None:
        """Insert the picture, which `side_by_side` puts beside the text."""
        super().fill(element, request)
        element.set("class", f"{element.get('class')} {STAGED}")
        element.set("style", f"--lf-width:{fetch(request).payload['width']:g}px")

    def show(self, entry: Entry) -> str:
        """The images, with the script that keeps each in view while its text scrolls."""
        return self.page.assets("scene") + super().show(entry)


class ProofBlock(LstmBlock):
    """`lstm-proof`: the proof of the picture above it, and how to share it."""

    NAME = "lstm-proof"
    TAG = "div"

    def request(self) -> BlockRequest:
        """The last picture as a figure, because only figures have proofs."""
        picture = self.page.last_picture
        if picture is None:
            raise LstmFigsError(
                "got a block lstm-proof without a picture above it, expected "
                "the proof below what it proves; put it below an lstm-picture "
                "or an lstm-scene"
            )
        return picture.in_kind("figure")

    def fill(self, element: Element, request: BlockRequest) -> None:
        """Insert the tools of the last picture, which has none of its own."""
        payload = fetch(request).payload
        files = self.page.source_files(payload)
        tools = html.tools(payload, files, inline=False)
        self.page.insert(element, self.page.assets("tools") + bar(tools))
        self.caption = SubElement(element, "div")


class SheetBlock(FigureBlock):
    """`lstm-sheet`: a sheet as an image, and its files for printing."""

    NAME = "lstm-sheet"

    def show(self, entry: Entry) -> str:
        """Two images and a PDF, which are files of the site."""
        addresses = self.page.publish_images(entry)
        markup = html.sheet(entry.payload, addresses, self.page.publish_pdf(entry))
        return self.page.assets("sheets") + markup


class LiveBlock(FigureBlock):
    """`lstm-live`: a figure of text or numbers that the reader enters."""

    NAME = "lstm-live"

    def fill(self, element: Element, request: BlockRequest) -> None:
        """Insert the figure between its controls, which a script shows."""
        self.live_payload = fetch(request.in_kind("live")).payload
        # First, because a browser may paint what it has read so far.
        self.page.insert(element, self.page.assets("controls"))
        super().fill(element, request)
        self.page.insert(element, self.page.assets("live"))
        if self.page.context.site_dir is None:
            self.page.insert(element, self.page.assets(self.live_payload["script"]))

    def show(self, entry: Entry) -> str:
        """The figure between its controls."""
        below = self.live_payload["below"]
        if address := self.page.publish_script(self.live_payload["script"]):
            with_script = f'<div data-script="{address}" class="lf-live"'
            below = below.replace('<div class="lf-live"', with_script, 1)
        return f"{self.live_payload['above']}{super().show(entry)}\n{below}"

    def controls(self, entry: Entry) -> str:
        """The bar with controls in place of step buttons; a script draws other steps."""
        return bar(self.live_payload["rows"], self.live_payload["before"])


LARGE = ".lf-large"
"""The class of a link in a gallery whose thumbnail is large."""


class GalleryBlock(LstmBlock):
    """`lstm-gallery`: a thumbnail of every figure, linked to its explanation.

    The block contains a list of links, one for each figure in the order of the
    catalogue. A link with the class of `LARGE` has a large thumbnail.
    """

    NAME = "lstm-gallery"
    TAG = "div"

    def fill(self, element: Element, request: BlockRequest) -> None:
        """Fetch every figure, and insert the search field."""
        element.set("class", "lf-gallery")
        self.entries = [fetch(BlockRequest("picture", name)) for name in fetch(request).payload]
        self.page.insert(element, self.page.assets("gallery") + html.FILTER)

    def finish(self, element: Element) -> None:
        """Put each figure above its link, and its title below."""
        links = element.findall(".//li")
        entries = getattr(self, "entries", None)
        if entries is None:
            return
        if len(links) != len(entries):
            names = [entry.payload["name"] for entry in entries]
            targets = [_link_target(link) for link in links]
            raise LstmFigsError(
                f"got {len(links)} links in a gallery, expected {len(names)}, "
                "one for each figure in the order of the catalogue; "
                + _missing_links(targets, names)
            )
        for entry, item in zip(entries, links, strict=True):
            is_large = LARGE in "".join(item.itertext())
            addresses = self.page.publish_images(entry)
            holder = self.holder(html.thumbnail(entry.payload, addresses, is_large=is_large))
            item.insert(0, holder)
            words = SubElement(item, "div")
            item.text, words.text = None, item.text
            words.append(self.holder(html.card_text(entry.payload)))

    def holder(self, text: str) -> Element:
        """An element with HTML that no plugin fills in later."""
        holder = Element("div", {"class": "lf-holder"})
        holder.text = AtomicString(self.page.md.htmlStash.store(text))
        return holder


def _link_target(item: Element) -> str:
    """The text after `#figure-` in a link that is still Markdown."""
    _, _, rest = "".join(item.itertext()).partition("#figure-")
    return rest.partition(")")[0]


def _missing_links(targets: list[str], names: list[str]) -> str:
    """A sentence about figures without a link, or links without a figure.

    A link counts for the figure in its place even if its target differs,
    because a page may show that figure with a different id.

    >>> _missing_links(["cell", "wrong-x"], ["cell", "batch", "layers", "wrong-way"])
    'add links that end in #figure-batch, #figure-layers, #figure-wrong-way'
    """
    # Imported here, because only errors need it and it is slow to import.
    from difflib import SequenceMatcher

    word, longer, shorter = "add", names, targets
    if len(targets) > len(names):
        word, longer, shorter = "remove", targets, names
    links: list[str] = []
    for _, start, stop, longer_start, longer_stop in SequenceMatcher(
        None, shorter, longer
    ).get_opcodes():
        if longer_stop - longer_start > stop - start:
            links += longer[longer_start:longer_stop]
    return f"{word} links that end in {', '.join(f'#figure-{n}' for n in links)}"


class ImportsBlock(LstmBlock):
    """`lstm-imports`: the import graph of this package."""

    NAME = "lstm-imports"

    def fill(self, element: Element, request: BlockRequest) -> None:
        """Insert the graph."""
        payload = fetch(request).payload
        markup = html.figure(payload, self.is_narrow)
        self.page.register_figure(payload["id"], self, markup)
        self.page.insert(element, self.page.assets("figures") + markup)
        self.caption = SubElement(element, "figcaption")


class VocabularyBlock(LstmBlock):
    """`lstm-vocabulary`: the pieces of `layout`, each with its picture."""

    NAME = "lstm-vocabulary"
    TAG = "div"

    def fill(self, element: Element, request: BlockRequest) -> None:
        """Insert each piece with the code that draws it."""
        self.page.insert(element, self.page.assets("figures"))
        payload = fetch(request).payload
        start = SubElement(SubElement(element, "pre"), "code")
        start.text = AtomicString(payload["start"])
        pieces = SubElement(element, "div", {"class": "lf-vocabulary"})
        for piece in payload["pieces"]:
            item = SubElement(pieces, "section")
            name = SubElement(SubElement(item, "p"), "code")
            name.text = AtomicString(piece["name"])
            SubElement(item, "p").text = piece["summary"]
            self.page.insert(item, piece["svg"])
            code = SubElement(SubElement(item, "pre"), "code")
            code.text = AtomicString(piece["code"])


class RunBlock(LstmBlock):
    """`lstm-run`: a Python file that the build runs, and what it prints."""

    NAME = "lstm-run"

    def fill(self, element: Element, request: BlockRequest) -> None:
        """Insert the file and its output."""
        payload = fetch(request).payload
        element.set("class", "lf lf-run")
        self.page.insert(element, self.page.assets("figures") + html.code_listing(payload))
        self.caption = SubElement(element, "figcaption")


class TableBlock(LstmBlock):
    """`lstm-table`: a Python file that the build runs, which prints Markdown.

    The output becomes part of the page, and the file is shown below it.
    """

    NAME = "lstm-table"

    def fill(self, element: Element, request: BlockRequest) -> None:
        """Insert the output, then the file."""
        payload = fetch(request).payload
        element.set("class", "lf lf-run")
        self.page.md.parser.parseChunk(element, payload["output"])
        self.caption = SubElement(element, "figcaption")
        self.page.insert(element, html.folded_code(payload))


class CodeBlock(RunBlock):
    """`lstm-code`: a Python file that the build does not run."""

    NAME = "lstm-code"


class ShapesBlock(LstmBlock):
    """`lstm-shapes`: shapes and costs, with fields for other sizes.

    The header has the arguments of `lstm-figs shapes`.
    """

    NAME = "lstm-shapes"
    TAG = "div"

    def fill(self, element: Element, request: BlockRequest) -> None:
        """Insert the calculator with the sizes in the header."""
        element.set("class", "lf-shapes")
        markup = fetch(request).payload["html"]
        self.page.insert(element, markup + self.page.assets("shapes"))
        self.caption = SubElement(element, "div")


BLOCKS = (
    FigureBlock,
    PictureBlock,
    SceneBlock,
    ProofBlock,
    SheetBlock,
    LiveBlock,
    GalleryBlock,
    ImportsBlock,
    VocabularyBlock,
    RunBlock,
    TableBlock,
    CodeBlock,
    ShapesBlock,
    MovedBlock,
    ApiBlock,
    OptionsBlock,
)
"""Every block."""


class LstmFigsExtension(BlocksExtension):  # type: ignore[misc]
    """The extension; a plugin may pass a `context`."""

    def __init__(self, **more: Any):
        self.config = {
            "context": ["", "What a plugin knows of the page"],
            "thumbnails": [False, "Whether a page's first figure stands for it"],
            "cards": [False, "Whether links to a page show its first figure"],
            "words": [False, "Whether a page says words for the search alone"],
        }
        super().__init__(**more)

    def extendMarkdownBlocks(self, md: Markdown, blocks: Any) -> None:  # noqa: N802
        """Register the blocks, and the checks for broken ones."""
        page = Page.of(md)
        page.given_context = self.getConfig("context") or None
        page.preview_kinds = preview_kinds(self.getConfigs())
        # After inline code is parsed.
        md.treeprocessors.register(TermMarker(md), "lstm-figs-terms", 15)
        # After headings have ids, and before the checks.
        md.treeprocessors.register(MovedIds(md), "lstm-figs-moved", 3.5)
        if self.getConfig("words"):
            # After headings have ids, and before the checks.
            md.treeprocessors.register(Words(md), "lstm-figs-words", 4)
        for block in BLOCKS:
            blocks.register(block, {})


def makeExtension(**more: Any) -> Extension:  # noqa: N802
    """Python-Markdown's entry point."""
    return LstmFigsExtension(**more)
