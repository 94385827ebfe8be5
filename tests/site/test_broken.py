"""Broken blocks: where they are, and how both builders report them."""

import re
import subprocess
import sys
import textwrap
from functools import partial
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import pytest

from lstm_figs.figures import CATALOG
from lstm_figs.site.block import GalleryBlock
from lstm_figs.site.context import Context
from tests.site.conftest import both_builders, converted, write_project

LONG_NAME = "x" * 300

GALLERY_IDS = ["wrong-x-view" if n == "wrong-way" else n for n in CATALOG]
"""The ids that a gallery links to; the page of one figure gives it a different id."""


def gallery(names):
    cards = "".join(f"- [One](index.md#figure-{name})\n" for name in names)
    return f"/// lstm-gallery\n\n{cards}///\n"


def broken_pages():
    """Pages of broken.txt and others, each with its error's line and words."""
    text = (Path(__file__).parent / "broken.txt").read_text("utf-8")
    # Below each page is `=> LINE: WORDS … WORDS`, or `=> WORDS` for any line.
    for page, line, words in re.findall(r"(.*?\n)=> (?:(\d): )?([^\n]*)\n\n?", text, re.S):
        yield page, int(line or 0), words.split(" … ")
    for page, *words in (
        (f"/// lstm-run | {LONG_NAME}.py\n///\n", "xxx.py'", "File name too long"),
        (f"/// lstm-figure | cell --weights {LONG_NAME}.npz\n///\n", "xxx.npz'", "cannot be read"),
        (gallery([n for n in GALLERY_IDS if n != "cell"]), "links that end in #figure-cell"),
        (gallery([*GALLERY_IDS, "still"]), "remove links that end in #figure-still"),
    ):
        yield page, 0, words


MISTAKES = {
    "bar": ("/// lstm-figure cell\n///", "without a bar … write: /// lstm-figure | cell"),
    "name": (
        "/// lstm-figur | cell\n///",
        "unknown block 'lstm-figur' … did you mean 'lstm-figure'?",
    ),
    "end": ("/// lstm-figure | perceptron\n\nCaption.", "without an end, expected a line of ///"),
    "yaml": (
        "/// lstm-figure | perceptron\n    width: 360\n\n///",
        "got 'width: 360' as an option in YAML",
    ),
    "tab": ("/// lstm-figure | perceptron\n\tattrs: {class: x}\n///", "as an option in YAML"),
    "header": ("/// lstm-figure\n///", "without a figure … /// lstm-figure | unrolled"),
    "figure": (
        "/// lstm-figure | unroled\n///",
        "unknown figure 'unroled' … did you mean 'unrolled'?",
    ),
}
"""Mistake -> a block with it, and the words of its error."""


def indent(text, by="    "):
    return textwrap.indent(text, by, lambda _: True)


BLOCK_PLACES = {
    "list": (lambda t: f"- Text\n\n{indent(t)}", 2),
    "first in a list": (lambda t: f"- {indent(t, '  ').lstrip()}", 0),
    "list in a list": (lambda t: f"1. A\n\n    - B\n\n{indent(t, ' ' * 8)}", 4),
    "quotation": (lambda t: indent(t, "> "), 0),
    "quotation in a list": (lambda t: f"- A\n\n{indent(t, '    > ')}", 2),
    "admonition": (lambda t: f"!!! note\n\n{indent(t)}", 2),
    "details": (lambda t: f"??? note\n\n{indent(t)}", 2),
    "tab": (lambda t: f'=== "A"\n\n{indent(t)}', 2),
    "footnote": (lambda t: f"A.[^1]\n\n[^1]:\n{indent(t)}", 3),
    "Markdown in HTML": (lambda t: f"<div markdown>\n\n{t}\n\n</div>", 2),
    "below a line of text": (lambda t: f"Text\n{t}", 1),
}
"""Place -> a function that puts a block there, and the lines above the block."""


FIRST_LINE = 7
"""The line of a page below its front matter and its heading."""


def pages():
    """`PAGES`, with the name first; a text is None if it includes a file of `parts`."""
    for number, (page, line, words) in enumerate(broken_pages()):
        title = "-".join(re.findall(r"\w+", page)[:6])[:40]
        yield f"{number}-{title}", page, words, f":{FIRST_LINE + line}: "
    for mistake, (block, message) in MISTAKES.items():
        words = message.split(" … ")
        for place, (put, lines_above) in BLOCK_PLACES.items():
            kind = f"{mistake}, in {place}"
            yield kind, put(block) + "\n", words, f":{FIRST_LINE + lines_above}: "
        for part in ("a snippet", "a section of a snippet"):
            # The page includes the part two lines below its text.
            place = f":{FIRST_LINE + 2}: in docs/parts/{mistake}.txt:3: "
            yield f"{mistake}, in {part}", None, words, place


PAGES = {name.replace(" ", "-").replace(",", ""): rest for name, *rest in pages()}
"""File -> its text, the words of its error, and their place."""

CONFIG = """\
site_name: Test
plugins: [lstm-figs]
markdown_extensions:
  - admonition
  - attr_list
  - footnotes
  - md_in_html
  - pymdownx.details
  - pymdownx.snippets
  - pymdownx.superfences
  - pymdownx.tabbed:
      alternate_style: true
  - lstm_figs.site.math
  - lstm_figs.site.block
"""

ZENSICAL = """
import os, sys, zensical
from lstm_figs.site.context import Context

fail = Context.fail

def print_and_fail(self, sentences):
    print(*sentences, sep="\\n")
    fail(self, sentences)

Context.fail = print_and_fail
zensical.build(os.path.abspath("mkdocs.yml"), {"clean": True, "strict": True})
"""
"""Builds with Zensical, which reports only one of the errors, and prints all of them."""


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """A project in which each page has one mistake."""
    project = tmp_path_factory.mktemp("broken")
    write_project(project, CONFIG, index="# Home\n")
    docs, parts = project / "docs", project / "docs" / "parts"
    parts.mkdir()
    (docs / "fails.py").write_text("1 / 0\n")
    (docs / "latin.py").write_bytes(b"#\xff\n")
    (docs / "bytes.py").write_text("import sys\nsys.stdout.buffer.write(b'ab\\xff')\n")
    (docs / "locked.npz").write_bytes(b"no weights")
    (docs / "locked.npz").chmod(0)
    for mistake, (block, _) in MISTAKES.items():
        (parts / f"{mistake}.txt").write_text(
            f"A part.\n<!-- --8<-- [start:own] -->\n{block}\n<!-- --8<-- [end:own] -->\n"
        )
    for number, (page, (block, *_)) in enumerate(PAGES.items()):
        if block is None:
            part = f"docs/parts/{page.partition('-')[0]}.txt"
            section = ":own" if "section" in page else ""
            block = f'Text.\n\n--8<-- "{part}{section}"\n'
        text = f"---\ntitle: Broken\n---\n\n# A page\n\n{block}"
        line_ending = "\r\n" if number % 3 else "\n"
        (docs / f"{page}.md").write_text(text, newline=line_ending)
    return project


@pytest.fixture(scope="module")
def messages(broken, builder):
    """Builder -> page -> the errors that it reports."""
    mkdocs = builder("mkdocs", broken)
    zensical = subprocess.run(
        [sys.executable, "-c", ZENSICAL],
        cwd=broken,
        env=builder.environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    by_tool = {}
    for tool, done in (("mkdocs", mkdocs), ("zensical", zensical)):
        assert done.returncode == 1
        sentences = by_tool[tool] = {}
        for line in (done.stdout + done.stderr).splitlines():
            match = re.search(r"(?:^|  )(?:lstm-figs: )?(([\w-]+)\.md:.*)", line)
            if match:
                message, page = match.groups()
                sentence = re.sub(r" \(and \d+ more like it\)$", "", message)
                sentences.setdefault(page, set()).add(sentence)
    assert (mkdocs.stdout + mkdocs.stderr).count("ERROR") == 1
    assert "Traceback" not in mkdocs.stdout + mkdocs.stderr
    return by_tool


@both_builders
@pytest.mark.parametrize("page", PAGES)
def test_a_broken_page_stops_the_build_with_page_line_and_what_to_do(messages, tool, page):
    _, words, place = PAGES[page]
    (sentence,) = messages[tool][page]
    assert sentence.startswith(f"{page}.md{place}")
    for word in words:
        assert word in sentence
    assert "zlf" not in sentence  # the mark of a block


def test_both_builders_say_the_same_of_a_broken_page(messages):
    assert messages["mkdocs"] == messages["zensical"]


def notices(page):
    """The notices shown in a page instead of what is wrong."""
    sentences = re.findall(r'<span class="lf-wrong" role="alert">(.*?)</span>', page)
    return {unescape(sentence) for sentence in sentences}


@pytest.fixture(scope="module")
def served_messages(broken, builder):
    """Builder -> page -> the errors that its server shows in the page."""
    with (
        builder.serving("mkdocs", broken) as mkdocs,
        builder.serving("zensical", broken) as zensical,
    ):
        return {
            tool: {page: notices(server.page(f"{page}/", "lf-wrong")) for page in PAGES}
            for tool, server in (("mkdocs", mkdocs), ("zensical", zensical))
        }


@both_builders
def test_a_served_page_says_what_stops_a_build(served_messages, messages, tool):
    assert served_messages[tool] == messages[tool]


def test_zensical_ends_with_one_of_the_sentences(broken, messages, builder):
    done = builder("zensical", broken, "--clean")
    assert done.returncode == 1
    output = done.stdout + done.stderr
    assert any(sentence in output for page in messages["zensical"].values() for sentence in page)


RIGHT_PAGE = """\
# Home

Before.

/// lstm-figure | perceptron

The *caption*.
///

After.
"""


@both_builders
def test_a_server_shows_what_is_wrong_until_a_save_mends_it(tmp_path, builder, tool):
    write_project(tmp_path, f"{CONFIG}strict: true\n", other="# Other\n")
    index_page = tmp_path / "docs" / "index.md"
    spoil = partial(index_page.write_text, RIGHT_PAGE.replace(" | perceptron", ""))
    mend = partial(index_page.write_text, RIGHT_PAGE)
    spoil()
    with builder.serving(tool, tmp_path) as server:
        page = server.page(words="lf-wrong")
        (notice,) = notices(page)
        assert notice.startswith("index.md:5: got a block lstm-figure without")
        for words in ("Before.", "The <em>caption</em>.", "After."):
            assert words in page
        assert "Other</h1>" in server.page("other/")
        first_count = server.output().count(notice)
        assert first_count
        page = server.page(words='id="figure-perceptron"', save=mend)
        assert notices(page) == set()
        page = server.page(words="lf-wrong", save=spoil)
        assert notices(page) == {notice}
        assert server.output().count(notice) > first_count
    done = builder(tool, tmp_path)
    assert done.returncode == 1
    assert notice in done.stdout + done.stderr


FIGURE = "/// lstm-figure | perceptron\n///"
WRONG_BLOCK = "/// lstm-figur | cell\n///"
FENCE = f"```\n{WRONG_BLOCK}\n```"

LEFT_ALONE = {
    "block in a list": f"- A\n\n{indent(FIGURE)}",
    "block with a caption in a list": (
        "- A\n\n    /// lstm-figure | perceptron\n    Caption.\n    ///"
    ),
    "block in a list in a list": f"1. A\n\n    - B\n\n{indent(FIGURE, ' ' * 8)}",
    "indented code": f"Text.\n\n{indent(WRONG_BLOCK)}",
    "indented code in a list": f"- A\n\n{indent(WRONG_BLOCK, ' ' * 8)}",
    "fence": FENCE,
    "fence in a list": f"- A\n\n{indent(FENCE)}",
    "fence in a quotation": indent(FENCE, "> "),
    "fence in a caption": f"/// lstm-figure | perceptron\n\n{FENCE}\n///",
    "fence in a fence": f"~~~~\n```\n{WRONG_BLOCK}\n~~~~",
    "comment": f"<!--\n{WRONG_BLOCK}\n-->",
    "comment in a paragraph": "Text\n<!-- a\n/// lstm-figur | cell\n-->",
    "comment in a list": "- A\n\n    <!--\n    /// lstm-figur | x\n    -->",
    "comment in HTML": f"<div>\n<!--\n{WRONG_BLOCK}\n-->\n</div>",
    "code in HTML": f"<pre>\n{WRONG_BLOCK}\n</pre>",
    "inline code": "`/// lstm-figur | cell`",
    "inline code of two lines": "`a\n/// lstm-figur | cell`",
    "escape": "\\/// lstm-figur | cell",
    "words": "/// and LSTMs, see /// lstm-figur, // LSTM",
    "heading": "# /// lstm-figur",
    "equation of nothing": "$$\n$$\n\nA \\( \\).",
    "placeholder": f"<!--lstm-figs 99-->, <!--lstm-figs 0-->\n\n{FIGURE}",
    "figure whose id is the beginning of another": (
        f"## Perceptron one\n\n## Perceptron 2\n\n{FIGURE}"
    ),
}
"""Case -> a page in which only `FIGURE` is a block."""


@pytest.fixture(scope="module", params=["mkdocs", "zensical"])
def correct_site(request, tmp_path_factory, builder):
    project = write_project(
        tmp_path_factory.mktemp("whole"), CONFIG, index="# Home\n", **LEFT_ALONE
    )
    return builder.build(request.param, project)


@pytest.mark.parametrize("kind", LEFT_ALONE)
def test_what_only_looks_like_a_broken_block_is_left_alone(correct_site, kind):
    page = correct_site / kind / "index.html"
    figures = re.findall(r'<svg [^>]*id="perceptron"', page.read_text())
    has_figure = "lstm-figure | perceptron" in LEFT_ALONE[kind]
    assert len(figures) == int(has_figure)


def test_images_without_a_site_are_an_error_with_its_line(monkeypatch):
    context = Context(name="page.md", defer=True)
    entry = SimpleNamespace(payload={"id": "a", "light": "0", "dark": "1"})
    monkeypatch.setattr(GalleryBlock, "fill", lambda self, *_: setattr(self, "entries", [entry]))
    converted("# A\n\n/// lstm-gallery\n\n- [A](a.md)\n///\n", context)
    (error,) = context.errors
    assert error.startswith("page.md:3: got images outside a site")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_are_counted_in_the_file_whatever_a_plugin_does(tmp_path, end):
    page = tmp_path / "page.md"
    text = "---\ntitle: A\n---\n\n# A\n\nmacro\n\nLast.\n"
    page.write_text(text, newline=end)
    context = Context(source=page)
    plain = f"# A{end}{end}macro{end}{end}Last.{end}".split("\n")
    assert context.line_numbers(plain) == [5, 6, 7, 8, 9, 9]
    # A plugin replaced `macro` with three lines.
    expanded = ["# A", "", "what", "it", "makes", "", "Last.", ""]
    assert context.line_numbers(expanded) == [5, 6, 6, 6, 6, 8, 9, 9]
    assert Context().line_numbers(["a", "b"]) == [1, 2]
