"""Pages with mistakes, and correct pages that look like mistakes."""

import os
import re
import subprocess
import sys
import textwrap
from functools import partial
from html import unescape
from types import SimpleNamespace

import markdown
import pytest

from lstm_figs.figures import CATALOG
from lstm_figs.site.block import GalleryBlock
from lstm_figs.site.context import Context

LONG_NAME = "x" * 300

LINK_ENDINGS = ["wrong-x-view" if n == "wrong-way" else n for n in CATALOG]
"""The endings of a gallery's links; one figure has an id of its own."""


def gallery(names):
    links = "".join(f"- [One](index.md#figure-{name})\n" for name in names)
    return f"/// lstm-gallery\n\n{links}///\n"


BROKEN = {
    "unknown figure": (
        "/// lstm-figure | unroled\n///\n",
        ["unknown figure 'unroled'", "did you mean 'unrolled'?"],
    ),
    "figure that went": (
        "/// lstm-figure | step\n///\n",
        ["got 'step', which cell-input --unit 0 replaced; draw that"],
    ),
    "unknown option": (
        "/// lstm-figure | four-weights --untt 1\n///\n",
        ["unknown option '--untt'", "did you mean '--unit'?"],
    ),
    "option of another figure": (
        "/// lstm-figure | unrolled --unit 1\n///\n",
        ["got --unit, which unrolled does not have"],
    ),
    "value out of range": (
        "/// lstm-figure | four-weights --unit 2\n///\n",
        ["--unit is 2, expected 0 to 1"],
    ),
    "value of the wrong kind": (
        "/// lstm-figure | four-weights --unit one\n///\n",
        ["got 'one', expected a whole number"],
    ),
    "missing file": (
        "/// lstm-figure | unrolled --input nothing.npy\n///\n",
        ["'nothing.npy' is not a file"],
    ),
    "two figures in one block": (
        "/// lstm-figure | unrolled perceptron\n///\n",
        ["got 2 figure names", "write one block for each"],
    ),
    "all figures in one block": (
        "/// lstm-figure | all\n///\n",
        ["expected the name of one figure"],
    ),
    "output options": (
        "/// lstm-figure | unrolled --theme dark\n///\n",
        ["got --theme, expected only what decides what a figure shows"],
    ),
    "open quotation": ("/// lstm-figure | unrolled --id 'a\n///\n", ["No closing quotation"]),
    "the same id twice": (
        "/// lstm-figure | unrolled --id a\n///\n\n/// lstm-figure | perceptron --id a\n///\n",
        ["got a second figure with the id 'a'", "--id a-2"],
        3,
    ),
    "misspelt block": (
        "/// lstm-figur | unrolled\n///\n",
        ["unknown block 'lstm-figur'", "did you mean 'lstm-figure'?"],
    ),
    "header without a figure": (
        "/// lstm-figure\n///\n",
        ["without a figure", "/// lstm-figure | unrolled"],
    ),
    "bar without a figure": ("/// lstm-figure |\n///\n", ["without a figure"]),
    "options in YAML": (
        "/// lstm-figure | unrolled\n    width: 360\n\n///\n",
        ["got 'width: 360' as an option in YAML"],
    ),
    "file that is not there": ("/// lstm-run | nothing.py\n///\n", ["'nothing.py' is not a file"]),
    "listing that is not there": (
        "/// lstm-code | nothing.py\n///\n",
        ["'nothing.py' is not a file"],
    ),
    "listing without a file": (
        "/// lstm-code\n///\n",
        ["without a file", "/// lstm-code | code/pass.py"],
    ),
    "file that fails": (
        "/// lstm-run | fails.py\n///\n",
        ["'fails.py' failed", "ZeroDivisionError", "run it with Python"],
    ),
    "run without a file": (
        "/// lstm-run\n///\n",
        ["without a file", "/// lstm-run | code/pass.py"],
    ),
    "unknown public name": (
        "/// lstm-api | trce\n///\n",
        ["unknown public name 'trce'", "did you mean 'trace'?"],
    ),
    "reference of nothing": (
        "/// lstm-api\n///\n",
        ["without a public name", "/// lstm-api | trace draw"],
    ),
    "public name twice": ("/// lstm-api | step step\n///\n", ["got 'step' a second time"]),
    "unknown command": (
        "/// lstm-options | drow\n///\n",
        ["unknown command 'drow'", "did you mean 'draw'?"],
    ),
    "shapes of what cannot be": (
        "/// lstm-shapes | --hidden-size 2 --proj-size 2\n///\n",
        ["got proj_size 2, expected one that is smaller than hidden_size 2"],
    ),
    "live figure of another network": (
        "/// lstm-live | reading --weights m.npz\n///\n",
        ["as a live figure, expected reading or keep-write-show with", "take lstm-figure"],
    ),
    "live figure of another name": (
        "/// lstm-live | cell\n///\n",
        ["'lstm-figs draw cell' as a live figure", "take lstm-figure"],
    ),
    "live figure of a step that is not there": (
        "/// lstm-live | keep-write-show --network brackets --step 99\n///\n",
        ["--step is 99, expected 1 to 34", "choose one of these"],
    ),
    "live figure without a name": (
        "/// lstm-live\n///\n",
        ["without a figure", "/// lstm-live | reading --network brackets"],
    ),
    "shapes without sizes": (
        "/// lstm-shapes\n///\n",
        ["without a size", "/// lstm-shapes | --input-size 10"],
    ),
    "scene without a figure": (
        "/// lstm-scene\n///\n",
        ["without a figure", "/// lstm-scene | reading --network brackets"],
    ),
    "scene without a bar": (
        "/// lstm-scene cell\n///\n",
        ["without a bar", "write: /// lstm-scene | cell"],
    ),
    "scene without an end": (
        "/// lstm-scene | cell\n\nIts words.\n",
        ["got a block lstm-scene without an end"],
    ),
    "scene in a list": (
        "- Text\n\n    /// lstm-scene | cell\n    ///\n",
        ["got a block lstm-scene that is not directly below a heading"],
        2,
    ),
    "scene below its words": (
        "## Two\n\nWords.\n\n/// lstm-scene | cell\n///\n",
        ["not directly below a heading", "## A scene above /// lstm-scene |"],
        4,
    ),
    "second scene below one heading": (
        "/// lstm-scene | cell\n///\n\n/// lstm-scene | unrolled\n///\n",
        ["expected a heading, one scene and then its words"],
        3,
    ),
    "proof of nothing": (
        "/// lstm-figure | cell\n///\n\n/// lstm-proof\n///\n",
        ["got a block lstm-proof without a picture above it"],
        3,
    ),
    "proof with a header": (
        "/// lstm-picture | cell\n///\n\n/// lstm-proof | cell\n///\n",
        ["got 'cell' after lstm-proof, expected nothing"],
        3,
    ),
    "no end": (
        "/// lstm-figure | unrolled\n\nCaption.\n",
        ["without an end, expected a line of ///"],
    ),
    "gallery with a wrong number of links": (
        "/// lstm-gallery\n\n- [One](index.md)\n///\n",
        ["got 1 links in a gallery", "add links that end in #figure-reading, "],
    ),
    "gallery that lacks a figure": (
        gallery([name for name in LINK_ENDINGS if name != "cell"]),
        ["links that end in #figure-cell"],
    ),
    "gallery with a figure that there is not": (
        gallery([*LINK_ENDINGS, "still"]),
        ["remove links that end in #figure-still"],
    ),
    "file that is not text": (
        "/// lstm-run | latin.py\n///\n",
        ["'latin.py' is not UTF-8 (byte 0xff at 1)"],
    ),
    "file that prints bytes": (
        "/// lstm-run | bytes.py\n///\n",
        ["what 'bytes.py' prints is not UTF-8 (byte 0xff at 2)"],
    ),
    "file with a name that is too long": (
        f"/// lstm-run | {LONG_NAME}.py\n///\n",
        ["xxx.py'", "File name too long"],
    ),
    "weights with a name that is too long": (
        f"/// lstm-figure | perceptron --weights {LONG_NAME}.npz\n///\n",
        ["xxx.npz'", "cannot be read"],
    ),
    "input with a name that is too long": (
        f"/// lstm-figure | perceptron --input {LONG_NAME}.npy\n///\n",
        ["xxx.npy'"],
    ),
    "weights that cannot be read": (
        "/// lstm-figure | perceptron --weights docs/locked.npz\n///\n",
        ["'docs/locked.npz'"],
    ),
    "equation": (
        "A $\\beta$ and `$\\frac{$`.\n\nAn $\\frac{$ open brace.\n",
        [r"cannot read the equation $\frac{$", "check its braces"],
        2,
    ),
    "equation on lines of its own": (
        "> $$\n> \\left( x\n> $$\n",
        [r"cannot read the equation $\left( x$"],
        1,
    ),
    "equation as an environment": (
        "Text.\n\n\\begin{equation}\\frac{\\end{equation}\n",
        [r"cannot read the equation $\begin{equation}\frac{"],
        2,
    ),
    "id of a heading": (
        "## Perceptron\n\n/// lstm-figure | perceptron\n///\n",
        ["got the id 'perceptron' in a figure", "--id perceptron-2"],
        2,
    ),
    "id of a heading below": (
        "/// lstm-figure | perceptron\n///\n\n## Here { #perceptron }\n",
        ["got the id 'perceptron' in a figure", "--id perceptron-2"],
    ),
    "anchor of another element": (
        "/// lstm-figure | perceptron\n///\n\nA.\n{ #figure-perceptron }\n",
        ["'figure-perceptron' in a figure, which another element"],
    ),
    "id of a narrow form": (
        "/// lstm-figure | perceptron --id a-narrow\n///\n",
        ["got the id 'a-narrow', expected none that ends in -narrow"],
    ),
    "bar alone forgotten": (
        "/// lstm-figure cell\n///\n",
        ["without a bar", "write: /// lstm-figure | cell"],
    ),
    "two slashes": (
        "// lstm-figure | cell\n///\n",
        ["expected three slashes; write: /// lstm-figure | cell"],
    ),
    "name without its middle": ("/// lstmfigure | cell\n///\n", ["unknown block 'lstmfigure'"]),
    "letters of a name exchanged": (
        "/// lsmt-figure | cell\n///\n",
        ["unknown block 'lsmt-figure'", "did you mean 'lstm-figure'?"],
    ),
    "option that pymdownx knows": (
        "/// lstm-figure | perceptron\n    attrs: {class: x}\n\n///\n",
        ["got 'attrs' as an option in YAML"],
    ),
    "block in HTML": (
        "<div>\n/// lstm-figure | cell\n///\n</div>\n",
        ["in HTML, which Markdown does not read", "md_in_html"],
        1,
    ),
    "second of two equal lines": (
        "```\n/// lstm-figur | cell\n```\n\n/// lstm-figur | cell\n",
        ["unknown block 'lstm-figur'"],
        4,
    ),
    "no end above another block": (
        "/// lstm-figure | perceptron\n\nA.\n\n/// lstm-api | trace\n///\n",
        ["got a block lstm-figure without an end"],
    ),
    "no end directly above another block": (
        "/// lstm-figure | perceptron\n/// lstm-api | trace\n///\n\n/// lstm-api | draw\n///\n",
        ["got a block lstm-figure without an end"],
    ),
    "no end first in a list": (
        "- /// lstm-figure | perceptron\n/// lstm-run\n\nCaption.\n///\n",
        ["got a block lstm-figure without an end"],
    ),
    "first in a list, with four spaces below": (
        "- /// lstm-figure | cell\n    ///\n",
        ["within a paragraph", "put an empty line above it"],
    ),
    "after a list item that opens with a fence": (
        "- ```\n  x\n  ```\n\n/// lstm-figur | cell\n///\n",
        ["unknown block 'lstm-figur'"],
        4,
    ),
    "after a line that begins with code": (
        "```x``` is code\n\n/// lstm-figur | cell\n///\n",
        ["unknown block 'lstm-figur'"],
        2,
    ),
}

MISTAKES = {
    "bar": ("/// lstm-figure cell\n///", "without a bar"),
    "name": ("/// lstm-figur | cell\n///", "unknown block"),
    "end": ("/// lstm-figure | perceptron\n\nCaption.", "without an end"),
    "yaml": (
        "/// lstm-figure | perceptron\n    width: 360\n\n///",
        "got 'width: 360' as an option in YAML",
    ),
    "tab": ("/// lstm-figure | perceptron\n\tattrs: {class: x}\n///", "as an option in YAML"),
    "header": ("/// lstm-figure\n///", "without a figure"),
    "figure": ("/// lstm-figure | unroled\n///", "unknown figure 'unroled'"),
}
"""Mistakes that are tried wherever a block can be."""


def indented(text, by="    "):
    return textwrap.indent(text, by, lambda _: True)


BLOCK_PLACES = {
    "list": (lambda t: f"- Text\n\n{indented(t)}", 2),
    "first in a list": (lambda t: f"- {indented(t, '  ').lstrip()}", 0),
    "list in a list": (lambda t: f"1. A\n\n    - B\n\n{indented(t, ' ' * 8)}", 4),
    "quotation": (lambda t: indented(t, "> "), 0),
    "quotation in a list": (lambda t: f"- A\n\n{indented(t, '    > ')}", 2),
    "admonition": (lambda t: f"!!! note\n\n{indented(t)}", 2),
    "details": (lambda t: f"??? note\n\n{indented(t)}", 2),
    "tab": (lambda t: f'=== "A"\n\n{indented(t)}', 2),
    "footnote": (lambda t: f"A.[^1]\n\n[^1]:\n{indented(t)}", 3),
    "Markdown in HTML": (lambda t: f"<div markdown>\n\n{t}\n\n</div>", 2),
    "below a line of text": (lambda t: f"Text\n{t}", 1),
}
"""Where a block can be, and how many lines are above it there."""


def pages():
    """Every broken page, with the message and line of its error."""
    for kind, (block, words, *below) in BROKEN.items():
        line = 7 + (below[0] if below else 0)
        yield kind, block, words, f":{line}: "
    for mistake, (block, words) in MISTAKES.items():
        for place, (put, above) in BLOCK_PLACES.items():
            kind = f"{mistake}, in {place}"
            yield kind, put(block) + "\n", [words], f":{7 + above}: "
        yield (f"{mistake}, in a snippet", None, [words], (f":9: in docs/parts/{mistake}.txt:3: "))
        yield (
            f"{mistake}, in a section of a snippet",
            None,
            [words],
            (f":9: in docs/parts/{mistake}.txt:3: "),
        )


PAGES = {kind.replace(" ", "-").replace(",", ""): rest for kind, *rest in pages()}

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

def told(self, sentences):
    print(*sentences, sep="\\n")
    fail(self, sentences)

# It reads all pages, and says what is wrong with one.
Context.fail = told
zensical.build(os.path.abspath("mkdocs.yml"), {"clean": True, "strict": True})
"""


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """A project in which every page but the first is broken."""
    project = tmp_path_factory.mktemp("broken")
    docs, parts = project / "docs", project / "docs" / "parts"
    parts.mkdir(parents=True)
    (project / "mkdocs.yml").write_text(CONFIG)
    (docs / "index.md").write_text("# Home\n")
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
        # Any line ending works; every third page is from Windows.
        ends = "\r\n" if number % 3 else "\n"
        (docs / f"{page}.md").write_text(text, newline=ends)
    return project


@pytest.fixture(scope="module")
def messages(broken, build):
    """The messages of each builder for each page."""
    mkdocs = build("mkdocs", broken)
    zensical = subprocess.run(
        [sys.executable, "-c", ZENSICAL],
        cwd=broken,
        env={**os.environ, "LSTM_FIGS_CACHE": str(build.cache)},
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
                sentence = re.sub(r" \(and \d+ more like it\)$", "", match[1])
                sentences.setdefault(match[2], set()).add(sentence)
    assert (mkdocs.stdout + mkdocs.stderr).count("ERROR") == 1
    assert "Traceback" not in mkdocs.stdout + mkdocs.stderr
    return by_tool


@pytest.mark.parametrize("tool", ["mkdocs", "zensical"])
@pytest.mark.parametrize("page", PAGES)
def test_a_broken_page_stops_the_build_with_page_line_and_what_to_do(messages, tool, page):
    _, words, place = PAGES[page]
    (sentence,) = messages[tool][page]
    assert sentence.startswith(f"{page}.md{place}")
    for word in words:
        assert word in sentence
    assert "zlf" not in sentence


def test_both_builders_say_the_same_of_a_broken_page(messages):
    assert messages["mkdocs"] == messages["zensical"]


def notices(page):
    """The notices shown in a page instead of what is wrong."""
    sentences = re.findall(r'<span class="lf-wrong" role="alert">(.*?)</span>', page)
    return {unescape(sentence) for sentence in sentences}


@pytest.fixture(scope="module")
def served_messages(broken, build):
    """The notices of each page, as served by each builder."""
    with build.serving("mkdocs", broken) as mkdocs, build.serving("zensical", broken) as zensical:
        return {
            tool: {page: notices(server.page(f"{page}/", "lf-wrong")) for page in PAGES}
            for tool, server in (("mkdocs", mkdocs), ("zensical", zensical))
        }


@pytest.mark.parametrize("tool", ["mkdocs", "zensical"])
def test_a_served_page_says_what_stops_a_build(served_messages, messages, tool):
    assert served_messages[tool] == messages[tool]


def test_zensical_ends_with_one_of_the_sentences(broken, messages, build):
    done = build("zensical", broken, "--clean")
    assert done.returncode == 1
    output = done.stdout + done.stderr
    assert any(
        sentence in output for sentences in messages["zensical"].values() for sentence in sentences
    )


RIGHT_PAGE = """\
# Home

Before.

/// lstm-figure | perceptron

The *caption*.
///

After.
"""


@pytest.mark.parametrize("tool", ["mkdocs", "zensical"])
def test_a_server_shows_what_is_wrong_until_a_save_mends_it(tmp_path, build, tool):
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text(f"{CONFIG}strict: true\n")
    (tmp_path / "docs" / "other.md").write_text("# Other\n")
    index_page = tmp_path / "docs" / "index.md"
    spoil = partial(index_page.write_text, RIGHT_PAGE.replace(" | perceptron", ""))
    mend = partial(index_page.write_text, RIGHT_PAGE)
    spoil()
    with build.serving(tool, tmp_path) as server:
        page = server.page(words="lf-wrong")
        (notice,) = notices(page)
        assert notice.startswith("index.md:5: got a block lstm-figure without")
        for words in ("Before.", "The <em>caption</em>.", "After."):
            assert words in page
        assert "Other</h1>" in server.page("other/")
        once = server.output().count(notice)
        assert once
        page = server.page(words='id="figure-perceptron"', save=mend)
        assert notices(page) == set()
        page = server.page(words="lf-wrong", save=spoil)
        assert notices(page) == {notice}
        assert server.output().count(notice) > once
    done = build(tool, tmp_path)
    assert done.returncode == 1
    assert notice in done.stdout + done.stderr


FIGURE = "/// lstm-figure | perceptron\n///"
WRONG_BLOCK = "/// lstm-figur | cell\n///"
FENCE = f"```\n{WRONG_BLOCK}\n```"

LEFT_ALONE = {
    "block in a list": f"- A\n\n{indented(FIGURE)}\n",
    "block with a caption in a list": (
        "- A\n\n    /// lstm-figure | perceptron\n    Caption.\n    ///\n"
    ),
    "block in a list in a list": (f"1. A\n\n    - B\n\n{indented(FIGURE, ' ' * 8)}\n"),
    "indented code": f"Text.\n\n{indented(WRONG_BLOCK)}\n",
    "indented code in a list": f"- A\n\n{indented(WRONG_BLOCK, ' ' * 8)}\n",
    "fence": FENCE + "\n",
    "fence in a list": f"- A\n\n{indented(FENCE)}\n",
    "fence in a quotation": indented(FENCE, "> ") + "\n",
    "fence in a caption": (f"/// lstm-figure | perceptron\n\n{FENCE}\n///\n"),
    "fence in a fence": f"~~~~\n```\n{WRONG_BLOCK}\n~~~~\n",
    "comment": f"<!--\n{WRONG_BLOCK}\n-->\n",
    "comment in a paragraph": "Text\n<!-- a\n/// lstm-figur | cell\n-->\n",
    "comment in a list": "- A\n\n    <!--\n    /// lstm-figur | x\n    -->\n",
    "comment in HTML": f"<div>\n<!--\n{WRONG_BLOCK}\n-->\n</div>\n",
    "code in HTML": f"<pre>\n{WRONG_BLOCK}\n</pre>\n",
    "inline code": "`/// lstm-figur | cell`\n",
    "inline code of two lines": "`a\n/// lstm-figur | cell`\n",
    "escape": "\\/// lstm-figur | cell\n",
    "words": "/// and LSTMs, see /// lstm-figur, // LSTM\n",
    "heading": "# /// lstm-figur\n",
    "equation of nothing": "$$\n$$\n\nA \\( \\).\n",
    "placeholder": f"<!--lstm-figs 99-->, <!--lstm-figs 0-->\n\n{FIGURE}\n",
    "figure whose id is the beginning of another": (
        f"## Perceptron one\n\n## Perceptron 2\n\n{FIGURE}\n"
    ),
}


@pytest.fixture(scope="module", params=["mkdocs", "zensical"])
def correct_site(request, tmp_path_factory, build):
    """A site of correct pages that look broken."""
    project = tmp_path_factory.mktemp("whole")
    (project / "docs").mkdir()
    (project / "mkdocs.yml").write_text(CONFIG)
    (project / "docs" / "index.md").write_text("# Home\n")
    for kind, text in LEFT_ALONE.items():
        (project / "docs" / f"{kind.replace(' ', '-')}.md").write_text(text)
    done = build(request.param, project)
    assert done.returncode == 0, done.stdout + done.stderr
    return project / "site"


@pytest.mark.parametrize("kind", LEFT_ALONE)
def test_what_only_looks_like_a_broken_block_is_left_alone(correct_site, kind):
    page = correct_site / kind.replace(" ", "-") / "index.html"
    figures = re.findall(r'<svg [^>]*id="perceptron"', page.read_text())
    has_figure = "lstm-figure | perceptron" in LEFT_ALONE[kind]
    assert len(figures) == int(has_figure)


def test_images_without_a_site_are_an_error_with_its_line(monkeypatch):
    context = Context(name="page.md", defer=True)
    entry = SimpleNamespace(payload={"id": "a", "light": "0", "dark": "1"})
    monkeypatch.setattr(GalleryBlock, "fill", lambda self, *_: setattr(self, "entries", [entry]))
    markdown.markdown(
        "# A\n\n/// lstm-gallery\n\n- [A](a.md)\n///\n",
        extensions=["lstm_figs.site.block"],
        extension_configs={"lstm_figs.site.block": {"context": context}},
    )
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
    expanded = ["# A", "", "what", "it", "makes", "", "Last.", ""]
    assert context.line_numbers(expanded) == [5, 6, 6, 6, 6, 8, 9, 9]
    assert Context().line_numbers(["a", "b"]) == [1, 2]
