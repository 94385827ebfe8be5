"""Count the words that a reader sees on the pages of built sites, as Markdown tables.

Code, formulas and figures with their captions and tools do not count, nor do pages
that are written by a program or are a record. Words in figures and in comments of
listings are counted apart.
"""

import re
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

OTHER_PAGES = ("reference", "commands", "changelog")
"""Pages whose words do not count."""

OTHER_WORDS = {"figures": "In figures and their captions", "listings": "In comments of listings"}
"""Kinds of words that are no text, and their rows."""

VOID = {"br", "hr", "img", "input", "link", "meta", "source", "wbr"}
"""Tags without an end."""

# Elements without words for a reader, by tag or class.
NO_TAGS = {"button", "input", "label", "math", "nav", "script", "select", "style", "template"}
NO_CLASSES = {"headerlink", "lf-live", "lf-moved", "lf-shapes", "lf-tools"}
WORD = re.compile(r"\w+(?:[-'’.]\w+)*")
LETTER_WORD = re.compile(r"[^\W\d_][\w'’-]*")
COMMENT = re.compile(r"(?:^|\s)#(?!include)\s*(.*)", re.MULTILINE)


class Words(HTMLParser):
    """The words of a page: of its `text`, its `figures` and comments of its `listings`.

    >>> Words("<article><p>Two words</p><pre>f(1)  # its proof</pre>").counts
    Counter({'text': 2, 'listings': 2})
    """

    def __init__(self, html: str):
        super().__init__()
        self.open: list[tuple[str, str]] = [("", "text")]
        self.seen: set[str] = set()
        self.listing = ""
        self.title = ""
        self.counts: Counter[str] = Counter()
        _, start, rest = html.partition("<article")
        self.feed(start + rest.partition("</article>")[0])
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Find out what kind of words an element has."""
        kind = self.open[-1][1]
        values = dict(attrs)
        classes = {*(values.get("class") or "").split()}
        if tag in NO_TAGS or classes & NO_CLASSES or "hidden" in values:
            kind = "none"
        elif kind != "none" and tag == "pre":
            kind = "listings"
        elif kind == "text" and (
            tag == "svg"
            or classes & {"lf-holder", "lf-vocabulary"}
            or ("lf" in classes and "lf-run" not in classes)
        ):
            kind = "figures"
        elif kind == "figures" and "lf-words" in classes:
            kind = "text"
        if tag == "img" and kind != "none":
            self.count_once(values.get("alt") or "")
        if tag not in VOID:
            self.open.append((tag, kind))

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and those in it that have no end."""
        if tag == "pre" and self.open[-1][1] == "listings":
            for comment in COMMENT.findall(self.listing):
                self.counts["listings"] += len(LETTER_WORD.findall(comment))
            self.listing = ""
        while len(self.open) > 1 and tag in (open_tag for open_tag, _ in self.open):
            if self.open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        """Count the words of a text."""
        kind = self.open[-1][1]
        if kind == "text":
            self.title += data if ("h1", "text") in self.open else ""
            self.counts["text"] += len(WORD.findall(data))
        elif kind == "listings":
            self.listing += data
        elif kind == "figures":
            self.count_once(data)

    def count_once(self, text: str) -> None:
        """Count the words of a figure, which has several forms, once a page."""
        if text not in self.seen:
            self.seen.add(text)
            self.counts["figures"] += len(LETTER_WORD.findall(text))


def words_of(site: Path) -> dict[str, Words]:
    """The words of each page of a site, by the name of the page."""
    files = {path.parent.name: path for path in site.glob("*/index.html")}
    files["index"] = site / "index.html"
    return {
        name: Words(path.read_text("utf-8"))
        for name, path in sorted(files.items())
        if name not in OTHER_PAGES
    }


def tables(sites: list[dict[str, Words]]) -> Iterator[str]:
    """The lines of a table of pages, and of one of words that are no text.

    Args:
        sites: The sites; the pages of the first one decide the order.
    """
    pages = {name: page for site in reversed(sites) for name, page in site.items()}
    counts = {
        name: [site[name].counts["text"] if name in site else 0 for site in sites] for name in pages
    }
    yield from _head("Page", sites)
    yield _row("All pages", [sum(column) for column in zip(*counts.values(), strict=True)])
    for name in sorted(pages, key=lambda name: (-counts[name][0], name)):
        yield _row(f"[{pages[name].title}]({name}.md)", counts[name])
    yield from ["", *_head("Elsewhere", sites)]
    for kind, title in OTHER_WORDS.items():
        yield _row(title, [sum(p.counts[kind] for p in site.values()) for site in sites])


def _head(title: str, sites: list[dict[str, Words]]) -> list[str]:
    columns = ["Words"] if len(sites) == 1 else ["Earlier", "Now", "Now / earlier"]
    return [f"| {' | '.join([title, *columns])} |", f"| --- |{' --: |' * len(columns)}"]


def _row(title: str, counts: list[int]) -> str:
    cells = [f"{count:,}" for count in counts]
    if len(counts) > 1:
        cells.append(f"{100 * counts[-1] / counts[0]:.0f} %" if counts[0] else "")
    return f"| {' | '.join([title, *cells])} |"


def main() -> None:
    """Print the tables of one or two sites."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("sites", type=Path, nargs="+", help="a built site, or an earlier one first")
    options = parser.parse_args()
    print(*tables([words_of(site) for site in options.sites]), sep="\n")


if __name__ == "__main__":
    main()
