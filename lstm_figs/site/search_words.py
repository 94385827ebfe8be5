"""What a page says for the search alone.

    ---
    words:
      title: what people call this, whole questions, messages
      id-of-a-heading: what they call what its section explains
    about: names of PyTorch that the page explains
    ---

People search in words of their own. These stand at the end of their section, in
a `template`: no browser shows it, no screen reader reads it and it is not in
the text of the page, but both builders put it into their index.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor

from ..errors import LstmFigsError
from .missed_blocks import HEADINGS
from .page import Page

TITLE = "title"
"""The section that begins with the title of a page."""


def words_of(meta: dict[str, Any]) -> dict[str, str]:
    """What a page says for the search, by the section where it is found.

    Args:
        meta: What the page says of itself.

    Raises:
        LstmFigsError: If it says that in another form.

    >>> words_of({"words": {"clip": "too large"}, "about": "nn.LSTM"})
    {'clip': 'too large', 'title': 'nn.LSTM'}
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
    title = f"{words.get(TITLE, '')} {about}".strip()
    return words | ({TITLE: title} if title else {})


class Words(Treeprocessor):
    """Puts the words into a page, when its headings have their ids."""

    def run(self, root: Element) -> None:
        """Put each section's at its end."""
        page = Page.of(self.md)
        spot = page.spot("words", "")
        if page.places is not None:
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
                template.text = text
                parent, last = section_ends[id]
                # What stands there already is found by what it is.
                parent.insert([*parent].index(last) + 1, template)
        except LstmFigsError as error:
            notice = Element("div")
            root.insert(0, notice)
            page.fail(spot, str(error), partial(setattr, notice, "text"))


def _section_ends(root: Element) -> Iterator[tuple[str, tuple[Element, Element]]]:
    """The last element of each section, with its parent, by its heading."""
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
