"""Texts of the site for programs: pages as Markdown, a list of pages, a feed.

Both builders make the same pages, so this works on the output of either:
`python scripts/texts.py site`.
"""

import re
import sys
from collections.abc import Iterator
from html import escape, unescape
from os import environ
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from lstm_figs.site.cache import fetch
from lstm_figs.site.requests import KIND_BY_BLOCK, block_request

ROOT = Path(__file__).parents[1]

BLOCK = re.compile(r"^/// (lstm-\S+)(?: \| ([^\n]+))?\n(.*?)^///$", re.M | re.S)
"""A block of this project: its kind, its header and its body."""

FIGURE_BLOCKS = frozenset(
    f"lstm-{kind}" for kind in ("figure", "picture", "scene", "sheet", "live")
)
"""Blocks that show a figure."""

PRINTED_BLOCKS = frozenset(f"lstm-{kind}" for kind in ("api", "options", "code", "run", "table"))
"""Blocks whose content is text."""

MOVED_PAGE = re.compile(r"^/// lstm-moved\n(?:\s*- .*\n)*?\s*- \[page\]\(", re.M)
"""The block of a page that only redirects to a different one."""

RELEASE = re.compile(r"^## (\d\S*) [-–] (\d{4}-\d\d-\d\d)$", re.M)
"""The heading of a version in the changelog, with its date."""


class Page(NamedTuple):
    """The source of a page: its text is everything after the front matter."""

    path: str
    title: str
    description: str
    text: str


def page(path: str, source: str) -> Page:
    r"""Parse the source of a page.

    >>> page("a.md", "---\ndescription: Why.\n---\n\n# A page\n").title
    'A page'
    """
    _, matter, text = source.split("---\n", 2)
    text = text.strip() + "\n"
    title = text.partition("\n")[0].removeprefix("# ")
    description = " ".join(yaml.safe_load(matter).get("description", "").split())
    return Page(path, re.sub(r" *\{[^}]*\}$", "", title), description, text)


def twin(page: Page, docs: Path) -> str:
    """A page as plain Markdown, without blocks of this project.

    A figure becomes the command that draws it and its caption. Listings, what they
    print, and the items of references are inserted.
    """

    def plain(block: re.Match[str]) -> str:
        kind, header, body = block.groups()
        text = body.strip()
        if kind in PRINTED_BLOCKS:
            payload = fetch(block_request(KIND_BY_BLOCK[kind], header, docs / page.path)).payload
            if isinstance(payload, list):
                return "\n\n".join(part for item in payload for part in _item(item, 3))
            printed = payload.get("output", "")
            if kind == "lstm-table":
                return f"{printed.strip()}\n\n{text}".strip()
            parts = [_listing(payload["code"], "python"), _fence(printed, "text"), text]
            return "\n\n".join(filter(None, parts))
        if kind in FIGURE_BLOCKS:
            return f"Figure: `lstm-figs draw {header}`\n\n{text}".strip()
        return "" if kind == "lstm-moved" else text

    return BLOCK.sub(plain, page.text)


def _item(item: dict[str, Any], level: int) -> Iterator[str]:
    """The paragraphs of an item of a reference, and of its members."""
    yield f"{'#' * level} `{item['name']}`"
    for part in [item, *item["parts"]]:
        if title := part.get("title"):
            yield f"**{title}**"
        if code := part.get("code"):
            language = "sh" if code.startswith("lstm-figs ") else "python"
            yield _listing(code, language)
        if text := part.get("text"):
            yield text
        if entries := part.get("entries"):
            yield "\n".join(f"- `{name}`: {about}" for name, about in entries)
    for member in item["members"]:
        yield from _item(member, level + 1)


def _listing(code: str, language: str) -> str:
    """Highlighted code as plain text, in a fence."""
    return _fence(unescape(re.sub("<[^>]+>", "", code)), language)


def _fence(text: str, language: str) -> str:
    """A text in a fence, nothing without one."""
    return f"```{language}\n{text.strip()}\n```" if text else ""


def page_list(config: dict[str, Any], pages: dict[str, Page], url: str) -> str:
    """The list of pages for language models, in the format of llmstxt.org."""
    description = " ".join(config["site_description"].split())
    lines = [f"# {config['site_name']}", "", f"> {description}", ""]
    lines += ["These are the sources; people read them with / in place of .md.", ""]
    for part in config["nav"]:
        ((name, entry),) = part.items()
        if isinstance(entry, str):
            entry = [part]
        lines += [f"## {name}", ""]
        for path in _paths(entry):
            page = pages[path]
            lines.append(f"- [{page.title}]({url}{path}): {page.description}")
        lines.append("")
    return "\n".join(lines)


def _paths(entries: list[dict[str, Any]]) -> Iterator[str]:
    for part in entries:
        (below,) = part.values()
        yield from [below] if isinstance(below, str) else _paths(below)


def feed(changelog: str, name: str, url: str) -> str:
    """The versions of the changelog as an Atom feed; empty without a version.

    >>> "<updated>2026-12-01T00:00:00Z" in feed("## 0.1.0 - 2026-12-01", "", "")
    True
    """
    parts = RELEASE.split(changelog)
    versions = [*zip(parts[1::3], parts[2::3], parts[3::3], strict=True)]
    if not versions:
        return ""
    entries = [
        f"<entry><title>{escape(version)}</title>"
        f"<id>{escape(url)}changelog/#{escape(version)}</id>"
        f'<link href="{escape(url)}changelog/"/>'
        f"<updated>{day}T00:00:00Z</updated>"
        f'<content type="text">{escape(text.strip())}</content></entry>'
        for version, day, text in versions
    ]
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{escape(name)}</title><id>{escape(url)}</id>"
        f"<author><name>{escape(name)}</name></author>"
        f'<link rel="self" href="{escape(url)}feed.xml"/>'
        f"<updated>{versions[0][1]}T00:00:00Z</updated>"
        f"{''.join(entries)}</feed>\n"
    )


def texts(config: dict[str, Any], docs: Path, url: str) -> dict[str, str]:
    """All files, by their paths in the site."""
    pages = {path: page(path, (docs / path).read_text("utf-8")) for path in _paths(config["nav"])}
    files = {path: twin(source_page, docs) for path, source_page in pages.items()}
    files["llms.txt"] = page_list(config, pages, url)
    files["robots.txt"] = f"User-agent: *\nAllow: /\n\nSitemap: {url}sitemap.xml\n"
    changes = feed(pages["changelog.md"].text, config["site_name"], url)
    return files | ({"feed.xml": changes} if changes else {})


def without_moved(sitemap: str, docs: Path) -> str:
    """A sitemap without the pages that only redirect."""
    for path in docs.glob("*.md"):
        if MOVED_PAGE.search(path.read_text("utf-8")):
            place = f"/{path.stem}(?:/|\\.html)</loc>"
            sitemap = re.sub(rf"\s*<url>\s*<loc>[^<]*{place}.*?</url>", "", sitemap, flags=re.S)
    return sitemap


def write(site: Path, config: dict[str, Any], docs: Path, url: str) -> None:
    """Write all files into a site, and take pages that moved off its sitemap."""
    sitemap = site / "sitemap.xml"
    sitemap.write_text(without_moved(sitemap.read_text("utf-8"), docs), "utf-8")
    for path, text in texts(config, docs, url).items():
        (site / path).write_text(text, "utf-8")


class _Config(yaml.SafeLoader):
    """A loader of `mkdocs.yml` that ignores the tags of MkDocs."""


_Config.add_multi_constructor("", lambda loader, tag, node: None)


def main(site: str) -> None:
    """Add the files to a built site."""
    config = yaml.load((ROOT / "mkdocs.yml").read_bytes(), _Config)
    url = environ.get("SITE_URL", "https://lstm-figs.github.io/lstm-figs/")
    write(Path(site), config, ROOT / "docs", url.rstrip("/") + "/")


if __name__ == "__main__":
    main(*sys.argv[1:])
