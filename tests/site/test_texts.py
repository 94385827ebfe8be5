"""The pages as plain Markdown, llms.txt, the feed and the sitemap."""

import re
import runpy
from pathlib import Path
from xml.etree import ElementTree

import pytest

import lstm_figs
from lstm_figs.cli.commands import parsers
from lstm_figs.figures import CATALOG
from tests.site.conftest import PAGES, ROOT

TEXTS = runpy.run_path(str(ROOT / "scripts" / "texts.py"))
"""The functions of the script that writes these files."""

URL = "https://example.org/lstm/"
CONFIG = {
    "site_name": "LSTM",
    "site_description": "Figures.",
    "nav": [{"Home": "index.md"}, {"Use": [{"More": [{"A": "a.md"}]}]}],
}
SOURCE = """---
description: >-
  Why and
  how.
---

# A page { #a }

/// lstm-figure | cell --step 2

What it shows.
///

/// lstm-code | code/own.py

The whole of it.
///

/// lstm-moved
- [old](b.md)
///
"""
PLAIN = """# A page { #a }

Figure: `lstm-figs draw cell --step 2`

What it shows.

```python
print(1)
```

The whole of it.


"""


@pytest.fixture
def docs(tmp_path):
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "own.py").write_text("print(1)\n")
    for name in ("index.md", "a.md", "changelog.md"):
        (tmp_path / name).write_text(SOURCE)
    return tmp_path


def test_a_page_is_markdown_that_needs_no_builder(docs):
    assert TEXTS["twin"](TEXTS["page"]("a.md", SOURCE), docs) == PLAIN


def test_the_list_names_each_page_under_its_part(docs):
    pages = {name: TEXTS["page"](name, SOURCE) for name in ("index.md", "a.md")}
    text = TEXTS["page_list"](CONFIG, pages, URL)
    assert text.startswith("# LSTM\n\n> Figures.\n")
    assert f"## Home\n\n- [A page]({URL}index.md): Why and how.\n" in text
    assert f"## Use\n\n- [A page]({URL}a.md): Why and how.\n" in text


def test_each_version_is_an_entry_of_the_feed_and_unreleased_is_none():
    changes = (
        "## Unreleased\n\n- Soon.\n\n"
        "## 0.2.0 - 2027-02-03\n\n- x < y & z.\n\n"
        "## 0.1.0 - 2026-12-01\n\n- All.\n"
    )
    root = ElementTree.fromstring(TEXTS["feed"](changes, "LSTM", URL))
    atom = "{http://www.w3.org/2005/Atom}"
    days = [entry.findtext(f"{atom}updated") for entry in root.iter(f"{atom}entry")]
    assert days == ["2027-02-03T00:00:00Z", "2026-12-01T00:00:00Z"]
    assert root.findtext(f"{atom}updated") == days[0]
    assert root.find(f"{atom}entry/{atom}content").text == "- x < y & z."
    assert TEXTS["feed"]("## Unreleased\n", "LSTM", URL) == ""


def test_a_page_that_moved_is_not_in_the_sitemap(docs):
    (docs / "gone.md").write_text("# Gone\n\n/// lstm-moved\n- [page](a.md)\n///\n")
    entry = "\n  <url>\n    <loc>{}{}/</loc>\n  </url>"
    kept_entry = entry.format(URL, "a")
    assert TEXTS["without_moved"](entry.format(URL, "gone") + kept_entry, docs) == kept_entry


def test_our_site_has_them_and_each_page_links_to_its_own(build_site):
    site = build_site("mkdocs")
    paths = {str(p.relative_to(site)) for p in site.glob("*.md")}
    assert paths == {p.name for p in PAGES}
    text = (site / "llms.txt").read_text("utf-8")
    listed = re.findall(r"\]\(https://[^)]*/([\w-]+\.md)\)", text)
    assert sorted(listed) == sorted(paths)
    for path in paths:
        assert not re.search("^///", (site / path).read_text(), re.M)
        folder = site if path == "index.md" else site / Path(path).stem
        html = (folder / "index.html").read_text("utf-8")
        (link,) = re.findall(r'type="text/markdown" href="([^"]*)"', html)
        assert (folder / link).resolve() == (site / path).resolve()
    reference = (site / "reference.md").read_text("utf-8")
    # The errors are items of their module.
    items = re.findall(r"^#+ `(?:errors\.)?(.*)`$", reference, re.M)
    assert {*lstm_figs.__all__} - {*items} == set()
    commands = (site / "commands.md").read_text("utf-8")
    for name, parser in parsers(tuple(CATALOG)).items():
        assert f"### `lstm-figs {name}`" in commands
        for action in parser.options:
            assert action.dest == "help" or action.help in commands
    assert "sitemap.xml" in (site / "robots.txt").read_text()
