"""A Markdown extension: sections with figures beside the text.

    # Questions { .lf-beside }

On a page with that class on its title, a heading begins a section if there is a
narrow figure below it. The figures of a section are moved after its text, into
an element of their own. So a style sheet can show both side by side, and on a
phone the text comes first.

    ## Keep

    /// lstm-scene | reading --focus keep
    ///

    The text of the scene.

On every page, the text that follows a figure is moved into it, above its tools, so
that nothing comes between a picture and its words.

A heading with a scene below it always begins a section: the heading, the
picture and the text up to the next heading. Consecutive scenes share one
element, in which each picture stays in view while its text scrolls.
"""

from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, SubElement

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE

from .missed_blocks import HEADINGS

CLASS = "lf-beside"
"""The class of two columns."""

SINGLE = "lf-single"
"""The class of a figure that has only its narrow form."""

STAGED = "lf-staged"
"""The class of the picture of a scene."""

TOOLS = "lf-after"
"""The class of the last element of a figure, its tools."""

CURRENT = "lf-now"
"""The class of the scene in view, which a script moves."""


class _Kind(NamedTuple):
    """A kind of section.

    Attributes:
        name: The class of the section.
        figure: The class of its figures.
    """

    name: str
    figure: str


_SCENE, _SIDE_BY_SIDE = _Kind("lf-scene", STAGED), _Kind(CLASS, SINGLE)
"""Both kinds of section: scenes that scroll past a figure, and text beside one."""


class _Sections(Treeprocessor):
    """Puts each section with a figure into two columns."""

    def run(self, root: Element) -> None:
        title = root.find("h1")
        is_side_by_side = title is not None and _has(title, CLASS)
        kinds = (_SCENE, _SIDE_BY_SIDE) if is_side_by_side else (_SCENE,)
        groups: list[list[Element]] = [[]]
        _move_words(root)
        for element in list(root):
            if element.tag in HEADINGS:
                groups.append([])
            groups[-1].append(element)
            root.remove(element)
        stage: Element | None = None
        for group in groups:
            kind = _kind(group, kinds)
            if kind is not _SCENE:
                stage = None
                root.extend([_side_by_side(group)] if kind else group)
                continue
            before, scene = _scene(group)
            root.extend(before)
            if stage is None:
                style = next(element.get("style", "") for element in group if _has(element, STAGED))
                stage = SubElement(root, "div", {"class": "lf-scenes", "style": style})
                scene.set("class", f"{_SCENE.name} {CURRENT}")
            stage.append(scene)


def _move_words(root: Element) -> None:
    """Move the text that follows a figure between its caption and its tools."""
    words: Element | None = None
    for element in list(root):
        if words is not None and _is_text(element):
            root.remove(element)
            words.append(element)
            continue
        words = None
        tools = element.find(f"div[@class='{TOOLS}']")
        if tools is not None and not _has(element, SINGLE):
            words = Element("div", {"class": "lf-words"})
            element.insert(list(element).index(tools), words)


def _is_text(element: Element) -> bool:
    """Whether an element is a paragraph, a list or an equation, not a listing."""
    is_listing = HTML_PLACEHOLDER_RE.fullmatch((element.text or "").strip())
    is_text = element.tag in ("p", "ul", "ol") and not is_listing
    return is_text or _has(element, "arithmatex")


def _has(element: Element, name: str) -> bool:
    """Whether an element has a class."""
    return name in element.get("class", "").split()


def _kind(group: list[Element], kinds: tuple[_Kind, ...]) -> _Kind | None:
    """The kind of section for a heading and its elements; None for no section."""
    if not group or group[0].tag not in HEADINGS:
        return None
    fitting = (k for k in kinds if any(_has(element, k.figure) for element in group))
    return next(fitting, None)


def _side_by_side(group: list[Element]) -> Element:
    """A section with its heading, its text and its figures."""
    section = Element("section", {"class": _SIDE_BY_SIDE.name})
    heading, *rest = group
    section.append(heading)
    figures = [element for element in rest if _has(element, SINGLE)]
    words = [element for element in rest if not _has(element, SINGLE)]
    SubElement(section, "div").extend(words)
    SubElement(section, "div").extend(figures)
    return section


def _scene(group: list[Element]) -> tuple[list[Element], Element]:
    """The title of the page if it is above the scene, and the scene."""
    index = next(k for k, element in enumerate(group) if _has(element, STAGED))
    start = index if group[0].tag == "h1" else 0
    scene = Element("section", {"class": _SCENE.name})
    scene.extend(group[start : index + 1])
    SubElement(scene, "div").extend(group[index + 1 :])
    return group[:start], scene


class SideBySideExtension(Extension):
    """The extension."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register it after the extension that gives headings their classes."""
        md.treeprocessors.register(_Sections(md), "lstm-figs-beside", 7)


def makeExtension(**more: Any) -> Extension:  # noqa: N802
    """Python-Markdown's entry point."""
    return SideBySideExtension(**more)
