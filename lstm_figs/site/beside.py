"""A Markdown extension: figures for phones beside what is said about them.

    # Questions { .lf-beside }

In a page whose title has that class, a heading begins a section where a figure
that is as narrow as a phone stands below it. The figures of a section are put
after its text, into a part of their own, so that a style sheet can show both
side by side, and a phone shows what is said first.
"""

from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

from .scan import HEADINGS

CLASS = "lf-beside"

SINGLE = "lf-single"
"""The class of a figure that has a form for phones and no other."""


class _Sections(Treeprocessor):
    def run(self, root: Element) -> None:
        title = root.find("h1")
        if title is None or CLASS not in title.get("class", "").split():
            return
        runs: list[list[Element]] = [[]]
        for element in list(root):
            if element.tag in HEADINGS:
                runs.append([])
            runs[-1].append(element)
            root.remove(element)
        before, *sections = runs
        root.extend(before)
        for run in sections:
            figures = [one for one in run if _is_single(one)]
            if not figures:
                root.extend(run)
                continue
            section = SubElement(root, "section", {"class": CLASS})
            heading, *rest = run
            section.append(heading)
            SubElement(section, "div").extend(
                one for one in rest if not _is_single(one)
            )
            SubElement(section, "div").extend(figures)


def _is_single(element: Element) -> bool:
    return SINGLE in element.get("class", "").split()


class BesideExtension(Extension):
    """The extension."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register it after what gives a heading its class."""
        md.treeprocessors.register(_Sections(md), "lstm-figs-beside", 7)


def makeExtension(**more: Any) -> Extension:  # noqa: N802
    """Python-Markdown's entry point."""
    return BesideExtension(**more)
