"""A Markdown extension: sections in which figures and words share the width.

    # Questions { .lf-beside }

In a page whose title has that class, a heading begins a section where a figure
that is as narrow as a phone is below it. The figures of a section are put after
its text, into a part of their own, so that a style sheet can show both side by
side, and a phone shows what is said first.

    ## Keep

    /// lstm-scene | reading --focus keep
    ///

    The words of the scene.

A heading with a scene below it always begins a section: the heading, the
picture and the words up to the next heading. Scenes that follow each other
share one element, in which each picture stays while its words pass.
"""

from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, SubElement

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

from .scan import HEADINGS

CLASS = "lf-beside"

SINGLE = "lf-single"
"""The class of a figure that has a form for phones and no other."""

STAGED = "lf-staged"
"""The class of the picture of a scene."""

NOW = "lf-now"
"""The class of the scene whose picture is shown, which a script changes."""


class _Kind(NamedTuple):
    """A kind of section.

    Attributes:
        name: The class of the section.
        figure: The class of its figures.
    """

    name: str
    figure: str


_SCENE, _BESIDE = _Kind("lf-scene", STAGED), _Kind(CLASS, SINGLE)


class _Sections(Treeprocessor):
    def run(self, root: Element) -> None:
        title = root.find("h1")
        asked = title is not None and _has(title, CLASS)
        kinds = (_SCENE, _BESIDE) if asked else (_SCENE,)
        runs: list[list[Element]] = [[]]
        for element in list(root):
            if element.tag in HEADINGS:
                runs.append([])
            runs[-1].append(element)
            root.remove(element)
        stage: Element | None = None
        for run in runs:
            kind = _kind(run, kinds)
            if kind is not _SCENE:
                stage = None
                root.extend([_beside(run)] if kind else run)
                continue
            before, scene = _scene(run)
            root.extend(before)
            if stage is None:
                stage = SubElement(root, "div", {"class": "lf-scenes"})
                scene.set("class", f"{_SCENE.name} {NOW}")
            stage.append(scene)


def _has(element: Element, name: str) -> bool:
    return name in element.get("class", "").split()


def _kind(run: list[Element], kinds: tuple[_Kind, ...]) -> _Kind | None:
    """What a run of elements becomes; it stays as it is without a heading."""
    if not run or run[0].tag not in HEADINGS:
        return None
    found = (k for k in kinds if any(_has(one, k.figure) for one in run))
    return next(found, None)


def _beside(run: list[Element]) -> Element:
    """A heading, what is said below it, and the figures."""
    section = Element("section", {"class": _BESIDE.name})
    heading, *rest = run
    section.append(heading)
    figures = [one for one in rest if _has(one, SINGLE)]
    words = [one for one in rest if not _has(one, SINGLE)]
    SubElement(section, "div").extend(words)
    SubElement(section, "div").extend(figures)
    return section


def _scene(run: list[Element]) -> tuple[list[Element], Element]:
    """What is above a scene, which is the title of the page, and the scene."""
    place = next(k for k, one in enumerate(run) if _has(one, STAGED))
    start = place if run[0].tag == "h1" else 0
    scene = Element("section", {"class": _SCENE.name})
    scene.extend(run[start : place + 1])
    SubElement(scene, "div").extend(run[place + 1 :])
    return run[:start], scene


class BesideExtension(Extension):
    """The extension."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register it after what gives a heading its class."""
        md.treeprocessors.register(_Sections(md), "lstm-figs-beside", 7)


def makeExtension(**more: Any) -> Extension:  # noqa: N802
    """Python-Markdown's entry point."""
    return BesideExtension(**more)
