"""The Markdown extension: blocks that become figures.

    /// lstm-figure | four-weights --unit 0

    The caption, in **Markdown**.
    ///

The header is what follows `lstm-figs draw` in a terminal. The others are
`lstm-picture`, a figure as an image that loads late, `lstm-scene`, a picture
that stays while the words of its section pass, `lstm-proof`, the proof of the
picture above it, `lstm-live`, a figure that is laid out again of what a reader
sets, `lstm-sheet`, a sheet with its PDF,
`lstm-gallery`, every figure of the catalogue, `lstm-run`, a file that the build
runs, `lstm-table`, one whose output is a table of the page, `lstm-code`, one
that it does not run, `lstm-shapes`, a calculator of shapes, `lstm-imports`, the
import graph of this package, `lstm-vocabulary`, what figures are written in,
and `lstm-api` and `lstm-options`, which are made from docstrings and parsers.
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
from .page import LstmBlock, Page
from .reference_blocks import ApiBlock, OptionsBlock
from .requests import BlockRequest, figure_request, file_request, preview_kinds
from .search_words import Words
from .side_by_side import SINGLE, STAGED


class FigureBlock(LstmBlock):
    """`lstm-figure`: a figure with its caption and tools."""

    NAME = "lstm-figure"

    KIND = "figure"

    def fill(self, element: Element, header: str) -> None:
        """Draw the figure, then make room for its caption and its tools."""
        request = figure_request(self.KIND, header)
        self.page.context.files.update(request.files)
        entry = fetch(request)
        self.page.add_previews(header, self.KIND)
        payload, markup = entry.payload, self.show(entry)
        self.page.register_figure(payload["id"], self, markup)
        if self.KIND == "picture":
            self.page.picture_header = header
        self.page.insert(element, self.page.assets("figures") + markup)
        if html.is_single(payload):
            element.set("class", f"lf {SINGLE}")
        self.caption = SubElement(element, "figcaption")
        if self.KIND == "figure":
            assets = self.page.assets("tools")
            tools = html.tools(payload, self.page.source_files(payload))
            self.page.insert(element, assets + self.bar(entry, tools))

    def show(self, entry: Entry) -> str:
        """The figure itself."""
        return html.figure(entry.payload, self.nested)

    def bar(self, entry: Entry, tools: str) -> str:
        """All of its controls, which are what goes through its steps."""
        steps, assets = self.page.step_buttons(entry)
        return bar(tools, before=steps) + assets

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

    def show(self, entry: Entry) -> str:
        """Two images, which are files of the site."""
        addresses = self.page.publish_images(entry)
        return html.images(entry.payload, addresses, self.nested)


class SceneBlock(PictureBlock):
    """`lstm-scene`: a picture whose words are what follows in its section."""

    NAME = "lstm-scene"

    def check(self, header: str) -> None:
        """Refuse a scene that is not below a heading of its own."""
        super().check(header)
        above = [] if self.nested else [*self.page.md.parser.root][:-1]
        tags = [
            self.NAME if STAGED in element.get("class", "").split() else element.tag
            for element in above
        ]
        if problem := problem_of_scene(self.NAME, header, tags):
            raise LstmFigsError(problem)

    def fill(self, element: Element, header: str) -> None:
        """Draw the picture, which `beside` sets beside its words."""
        super().fill(element, header)
        element.set("class", f"{element.get('class')} {STAGED}")

    def show(self, entry: Entry) -> str:
        """The images, with what lets each stay while its words pass."""
        return self.page.assets("scene") + super().show(entry)


class ProofBlock(LstmBlock):
    """`lstm-proof`: the proof of the picture above it, and how to share it."""

    NAME = "lstm-proof"

    def fill(self, element: Element, header: str) -> None:
        """Prove the last picture, which has no tools of its own."""
        picture_header = self.page.picture_header
        if picture_header is None:
            raise LstmFigsError(
                "got a block lstm-proof without a picture above it, expected "
                "the proof below what it proves; put it below an lstm-picture "
                "or an lstm-scene"
            )
        element.tag = "div"
        payload = fetch(figure_request("figure", picture_header)).payload
        files = self.page.source_files(payload)
        tools = html.tools(payload, files, inline=False)
        self.page.insert(element, self.page.assets("tools") + bar(tools))
        self.caption = SubElement(element, "div")


class SheetBlock(FigureBlock):
    """`lstm-sheet`: a sheet as an image, and its files to be printed."""

    NAME = "lstm-sheet"
    KIND = "sheet"

    def show(self, entry: Entry) -> str:
        """Two images, which are files of the site, as its PDF is."""
        addresses = self.page.publish_images(entry)
        markup = html.sheet(entry.payload, addresses, self.page.publish_pdf(entry))
        return self.page.assets("sheets") + markup


class LiveBlock(FigureBlock):
    """`lstm-live`: a figure of what one types, or of numbers of one's own."""

    NAME = "lstm-live"

    def fill(self, element: Element, header: str) -> None:
        """Draw the figure among what a script shows."""
        self.live_payload = fetch(BlockRequest("live", header)).payload
        # A page may be painted when it has been read so far.
        self.page.insert(element, self.page.assets("controls"))
        super().fill(element, header)
        self.page.insert(element, self.page.assets("live"))
        if self.page.context.site_dir is None:
            self.page.insert(element, self.page.assets(self.live_payload["script"]))

    def show(self, entry: Entry) -> str:
        """The figure, with what a script shows above and below it."""
        below = self.live_payload["below"]
        if address := self.page.publish_script(self.live_payload["script"]):
            with_script = f'<div data-script="{address}" class="lf-live"'
            below = below.replace('<div class="lf-live"', with_script, 1)
        return f"{self.live_payload['above']}{super().show(entry)}\n{below}"

    def bar(self, entry: Entry, tools: str) -> str:
        """All of its controls; its script lays out other steps."""
        return bar(tools, rows=self.live_payload["rows"], before=self.live_payload["before"])


class GalleryBlock(LstmBlock):
    """`lstm-gallery`: every figure, small, as a link to what explains it.

    Its content is a list of links, one for each figure of the catalogue, in
    the catalogue's order.
    """

    NAME = "lstm-gallery"

    def fill(self, element: Element, header: str) -> None:
        """Draw the catalogue."""
        element.tag = "div"
        element.set("class", "lf-gallery")
        self.entries = [
            fetch(figure_request("picture", name))
            for name in fetch(BlockRequest("catalogue")).payload
        ]
        self.page.insert(element, self.page.assets("gallery") + html.FILTER)

    def finish(self, element: Element) -> None:
        """Put each figure above its link, and below it what it shows."""
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
            image = html.thumbnail(entry.payload, self.page.publish_images(entry))
            holder = self.holder(image)
            item.insert(0, holder)
            item.text, holder.tail = None, item.text
            item.append(self.holder(html.summary_html(entry.payload)))

    def holder(self, text: str) -> Element:
        """An element for HTML that is known at once."""
        holder = Element("div", {"class": "lf-holder"})
        holder.text = AtomicString(self.page.md.htmlStash.store(text))
        return holder


def _link_target(item: Element) -> str:
    """What a link that is still Markdown says behind `#figure-`."""
    _, _, rest = "".join(item.itertext()).partition("#figure-")
    return rest.partition(")")[0]


def _missing_links(targets: list[str], names: list[str]) -> str:
    """Which figures have no link, or which links no figure.

    A link in the place of a figure is its, whatever its end: a page may show
    that figure by another id.

    >>> _missing_links(["cell", "wrong-x"], ["cell", "batch", "layers", "wrong-way"])
    'add links that end in #figure-batch, #figure-layers, #figure-wrong-way'
    """
    # Late, because it is for errors alone, and takes time to import.
    from difflib import SequenceMatcher

    word, longer, shorter = "add", names, targets
    if len(targets) > len(names):
        word, longer, shorter = "remove", targets, names
    links: list[str] = []
    for _, i, j, k, m in SequenceMatcher(None, shorter, longer).get_opcodes():
        links += longer[k:m] if m - k > j - i else []
    return f"{word} links that end in {', '.join(f'#figure-{n}' for n in links)}"


class ImportsBlock(LstmBlock):
    """`lstm-imports`: the import graph of this package."""

    NAME = "lstm-imports"

    def fill(self, element: Element, header: str) -> None:
        """Draw the graph."""
        payload = fetch(BlockRequest("imports")).payload
        markup = html.figure(payload, self.nested)
        self.page.register_figure(payload["id"], self, markup)
        self.page.insert(element, self.page.assets("figures") + markup)
        self.caption = SubElement(element, "figcaption")


class VocabularyBlock(LstmBlock):
    """`lstm-vocabulary`: the pieces of `layout`, each with its picture."""

    NAME = "lstm-vocabulary"

    def fill(self, element: Element, header: str) -> None:
        """Draw each piece by the code that stands below it."""
        element.tag = "div"
        self.page.insert(element, self.page.assets("figures"))
        payload = fetch(BlockRequest("vocabulary")).payload
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
    KIND = "run"

    def fill(self, element: Element, header: str) -> None:
        """Show the file, which is named from the folder of the page."""
        payload = fetch(file_request(self.KIND, header, self.page.context.source)).payload
        element.set("class", "lf lf-run")
        self.page.insert(element, self.page.assets("figures") + html.code_listing(payload))
        self.caption = SubElement(element, "figcaption")


class TableBlock(LstmBlock):
    """`lstm-table`: a Python file that the build runs, which prints Markdown.

    What it prints becomes a part of the page, and the file stands below it.
    """

    NAME = "lstm-table"

    def fill(self, element: Element, header: str) -> None:
        """Show what the file prints, then the file."""
        request = file_request("run", header, self.page.context.source)
        payload = fetch(request).payload
        element.set("class", "lf lf-run")
        self.page.md.parser.parseChunk(element, payload["output"])
        self.caption = SubElement(element, "figcaption")
        self.page.insert(element, html.folded_code(payload))


class CodeBlock(RunBlock):
    """`lstm-code`: a Python file that takes too long for a build to run."""

    NAME = "lstm-code"
    KIND = "code"


class ShapesBlock(LstmBlock):
    """`lstm-shapes`: shapes and costs, with fields for other sizes.

    The header is what follows `lstm-figs shapes` in a terminal.
    """

    NAME = "lstm-shapes"

    def fill(self, element: Element, header: str) -> None:
        """Write what is true of the sizes in the header."""
        element.tag = "div"
        element.set("class", "lf-shapes")
        markup = fetch(BlockRequest("shapes", header)).payload["html"]
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
    ApiBlock,
    OptionsBlock,
)
"""Every block of ours."""


class LstmFigsExtension(BlocksExtension):  # type: ignore[misc]
    """The extension; a builder's plugin may pass a `context`."""

    def __init__(self, **more: Any):
        self.config = {
            "context": ["", "What a plugin knows of the page"],
            "thumbnails": [False, "Whether a page's first figure stands for it"],
            "cards": [False, "Whether links to a page show its first figure"],
            "words": [False, "Whether a page says words for the search alone"],
        }
        super().__init__(**more)

    def extendMarkdownBlocks(self, md: Markdown, blocks: Any) -> None:  # noqa: N802
        """Register the blocks, and what looks for those that are broken."""
        page = Page.of(md)
        page.given_context = self.getConfig("context") or None
        page.preview_kinds = preview_kinds(self.getConfigs())
        # After inline code has become elements.
        md.treeprocessors.register(TermMarker(md), "lstm-figs-terms", 15)
        if self.getConfig("words"):
            # After headings have ids, before what is wrong is looked for.
            md.treeprocessors.register(Words(md), "lstm-figs-words", 4)
        for block in BLOCKS:
            blocks.register(block, {})


def makeExtension(**more: Any) -> Extension:  # noqa: N802
    """Python-Markdown's entry point."""
    return LstmFigsExtension(**more)
