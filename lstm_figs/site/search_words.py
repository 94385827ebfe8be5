"""A Markdown extension: words on a page that only the search reads.

    ---
    words:
      title: synonyms for the topic, whole questions, error messages
      id-of-a-heading: the same for its section
    about: names in PyTorch that the page explains
    ---

The words are put at the end of their section, in a `template`. No browser shows
it and no screen reader reads it, but both builders put it into their index.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor

from ..errors import LstmFigsError
from .missed_blocks import HEADINGS
from .page import Page

MARK = "\u2063"
"""An invisible separator, by which `docs/assets/search.js` finds the words in the index."""

TITLE = "title"
"""The key of the section that begins with the title of the page."""


def words_of(meta: dict[str, Any]) -> dict[str, str]:
    """The words of a page for the search, by section.

    Args:
        meta: The metadata of the page.

    Raises:
        LstmFigsError: If `words` or `about` is malformed.

    >>> words_of({"words": {"clip": "too large"}, "about": "nn.LSTM"})
    {'clip': 'too large', 'title': 'nn.LSTM nn.LSTM'}
    """
    words, about = meta.get("words", {}), meta.get("about", "")
    if not isinstance(about, str):
        raise LstmFigsError(
            f"got {about!r} as about, expected names in one text; write for "
            "example: about: nn.LSTM nn.LSTMCell"
        )
    if not isinstance(words, dict) or not all(isinstance(text, str) for text in words.values()):
        raise LstmFigsError(
            f"got {words!r} as words, expected a text for each id of a "
            "heading, or for title; write for example: words: {title: "
            "text}"
        )
    # Twice, because few other pages that use a name should come before it.
    title = f"{words.get(TITLE, '')} {about} {about}".strip()
    return words | ({TITLE: title} if title else {})


class Words(Treeprocessor):
    """Adds the words to a page after its headings have ids."""

    def run(self, root: Element) -> None:
        """Add a template at the end of each section."""
        page = Page.of(self.md)
        spot = page.spot("words", "")
        if page.is_locating_errors:
            return
        try:
            section_ends = dict(_section_ends(root))
            for id, text in words_of(page.context.meta or {}).items():
                if id not in section_ends:
                    raise LstmFigsError(
                        f"got words of {id!r}, expected the id of a heading of "
                        f"the page, or {TITLE}; its headings have the ids "
                        f"{', '.join(sorted(section_ends.keys() - {TITLE}))}"
                    )
                template = Element("template")
                template.text = MARK + text
                parent, last = section_ends[id]
                # By identity, because insertions above change the indices.
                parent.insert([*parent].index(last) + 1, template)
        except LstmFigsError as error:
            notice = Element("div")
            root.insert(0, notice)
            page.fail(spot, str(error), partial(setattr, notice, "text"))


def _section_ends(root: Element) -> Iterator[tuple[str, tuple[Element, Element]]]:
    """The last element of each section and its parent, by the heading's id."""
    for parent in root.iter():
        id = None
        last: Element | None = None
        for child in parent:
            if child.tag in HEADINGS:
                if id is not None and last is not None:
                    yield id, (parent, last)
                id = TITLE if child.tag == "h1" else child.get("id")
            last = child
        if id is not None and last is not None:
            yield id, (parent, last)
