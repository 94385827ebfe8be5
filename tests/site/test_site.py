"""The built site: numbers, links, metadata and search index of both builders."""

import doctest
import filecmp
import json
import re
from html import unescape
from itertools import pairwise
from types import SimpleNamespace
from urllib.parse import unquote, urljoin, urlsplit

import numpy as np
import pytest
import torch
from packaging.version import Version
from PIL import Image

from lstm_figs.command.request import Request
from lstm_figs.figures import CATALOG, SHEETS
from lstm_figs.scene.terms import TERMS
from lstm_figs.site.rendering import page_figure
from tests.doc_scripts import CODE, output_of, python, source
from tests.doc_scripts import blocks as blocks_of
from tests.processor import has_onednn
from tests.proof import is_close, metadata, numbers, prove_in_fresh_process, read
from tests.site import facts_of_pages
from tests.site.comments import Runner, check_code, problems
from tests.site.conftest import (
    MOVED,
    PAGES,
    ROOT,
    Builder,
    both_builders,
    converted,
    copy_project,
    is_page,
    plain_text,
)
from tests.site.facts import FACTS
from tests.site.test_words import CONFIG, TEACHING_PAGES

STUBS = sorted(path.stem for path in (ROOT / "docs").glob("*.md") if not is_page(path))
"""Pages that only redirect to different ones."""

CALLS_OPERATORS = Version(torch.__version__) >= Version("2.13")
"""Whether this torch calls the operators that a page names."""


def figures_of(site):
    """The SVG of all figures of a site, in pages and in images."""
    figures = []
    for page in sorted(site.rglob("*.html")):
        text = page.read_text("utf-8")
        figures += re.findall(r'<svg [^>]*class="lf-figure".*?</svg>', text, re.DOTALL)
    images = sorted(site.glob("assets/lstm-figs/*.svg"))
    figures += [image.read_text("utf-8") for image in images]
    # Thumbnails have no metadata.
    return [figure for figure in figures if "<metadata>{}</metadata>" not in figure]


def test_every_number_on_the_site_is_what_torch_computes(site, record_proven):
    # Zensical's site has the same figures, as another test checks.
    figures = [*dict.fromkeys(figures_of(site))]
    names = {metadata(read(figure))["figure"] for figure in figures}
    assert names == {*CATALOG, *SHEETS}
    count = prove_in_fresh_process(figures)
    assert count >= 500
    record_proven("the site", count)


def test_both_builders_show_the_same_figures(site_by_tool):
    mkdocs, zensical = (figures_of(site) for site in site_by_tool.values())
    assert mkdocs == zensical


def pages_in(site):
    """The path of each page, `.` for the first one, and its HTML."""
    for page in site.rglob("index.html"):
        yield page.parent.relative_to(site).as_posix(), page.read_text("utf-8")


SIGNED = re.compile(r"−\d+\.\d+(?:e−\d+)?")
"""A number with the minus sign of figures; listings have a hyphen."""


@pytest.mark.parametrize(
    ("tool", "name"), [("mkdocs", "search/search_index.json"), ("zensical", "search.json")]
)
def test_figures_are_kept_out_of_the_search_index(site_by_tool, tool, name):
    index = json.loads((site_by_tool[tool] / name).read_text("utf-8"))
    words = json.dumps(index, ensure_ascii=False)
    assert "data-expr" not in words
    assert "lstm-figs draw data-flow" not in words
    quoted = {
        number for name in FACTS for number in SIGNED.findall(facts_of_pages.page(name).prose)
    }
    # A number is in the index if a sentence quotes it.
    assert {*SIGNED.findall(words)} == quoted
    assert "Read the function" in words


ADDRESS = "https://lstm-figs.github.io/lstm-figs/"


@both_builders
def test_each_page_has_its_address_and_is_in_the_sitemap(site_by_tool, tool):
    addresses = set()
    for here, html in pages_in(site_by_tool[tool]):
        address = ADDRESS + ("" if here == "." else f"{here}/")
        link = f'<link rel="canonical" href="{address}">'
        assert link in html
        (facts,) = re.findall('<script type="application/ld.json">(.*?)<', html)
        assert json.loads(facts)["url"] == address
        if here not in STUBS:
            addresses.add(address)
    sitemap = (site_by_tool[tool] / "sitemap.xml").read_text("utf-8")
    # After Zensical, `scripts/texts.py` takes them off the sitemap.
    stubs = {f"{ADDRESS}{name}/" for name in STUBS if tool == "zensical"}
    assert set(re.findall("<loc>(.*)</loc>", sitemap)) == addresses | stubs
    assert "lastmod" not in sitemap


NAME = "PyTorch's LSTM, figure by figure"
META_TAG = re.compile(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">')


@both_builders
def test_a_link_to_a_page_shows_its_title_and_a_card(site_by_tool, tool):
    with Image.open(site_by_tool[tool] / "assets/card.png") as card:
        size, description = card.size, card.info["Description"]
    titles, cards = set(), set()
    for here, text in pages_in(site_by_tool[tool]):
        if here in STUBS:
            continue
        (tab,) = re.findall("<title>(.*)</title>", text)
        tags = {key: unescape(content) for key, content in META_TAG.findall(text)}
        is_home = here == "."
        if is_home:
            assert tags["og:title"] == NAME
        else:
            title, _, name = tags["og:title"].rpartition(" · ")
            assert name == NAME
            assert title
        assert unescape(tab) == tags["og:title"]
        titles.add(tags["og:title"])
        assert tags["og:site_name"] == "lstm-figs"
        assert tags["og:description"] == tags["description"]
        assert tags["og:type"] == ("website" if is_home else "article")
        assert tags["og:url"] == ADDRESS + ("" if is_home else f"{here}/")
        image, alt = tags["og:image"], tags["og:image:alt"]
        if image == f"{ADDRESS}assets/card.png":
            assert is_home
            assert alt == description
        else:
            with Image.open(site_by_tool[tool] / image.removeprefix(ADDRESS)) as own:
                assert (own.size, own.info["Title"]) == (size, alt)
            cards.add(image)
        assert tags["og:image:width"] == str(size[0])
        assert tags["og:image:height"] == str(size[1])
        assert tags["twitter:card"] == "summary_large_image"
    # Pages with the same first figure share a card.
    assert len(cards) > 50
    assert len(titles) == len(PAGES)
    assert f"Packed sequences · {NAME}" in titles


LINK = re.compile(r'<[^>]*\s(?:href|src|data-script|data-address)="([^"]*)"')
"""An address in HTML, also of what a script loads."""


@both_builders
def test_every_link_to_the_site_itself_leads_to_a_file_and_a_place(site_by_tool, tool):
    lost, count = [], 0
    # page -> its ids
    ids = {}
    # The page for wrong addresses may be seen at any; its links to itself work.
    text = (site_by_tool[tool] / "404.html").read_text("utf-8").replace('"#', "")
    wrong = "no/such/page", text
    for here, text in [*pages_in(site_by_tool[tool]), wrong]:
        for link in set(LINK.findall(text)):
            target = urlsplit(urljoin(f"{ADDRESS}{here}/", unescape(link)))
            address = target._replace(query="", fragment="").geturl()
            if target.netloc == urlsplit(ADDRESS).netloc:
                count += 1
                file = site_by_tool[tool] / unquote(address.removeprefix(ADDRESS))
                if file.is_dir():
                    file /= "index.html"
                if file.suffix == ".html" and file not in ids:
                    there = file.read_text("utf-8")
                    ids[file] = {"", *re.findall(r' (?:id|name)="([^"]+)"', there)}
                place = unquote(target.fragment)
                if not file.is_file() or place not in ids.get(file, {place}):
                    lost.append((here, link))
    assert lost == []
    assert count > 1000
    assert len(LINK.findall(wrong[1])) > len(PAGES)


ANCHOR = re.compile(r' id="([^"]+)"')
MOVED_TO = re.compile(r'<p class="lf-moved lf-moved-page">.*?<a href="([^"]+)"')


@both_builders
def test_every_old_address_leads_to_a_place(site_by_tool, tool):
    # Each line has a page and its anchors; `@` begins that of a figure.
    saved = (ROOT / "tests/site/addresses.txt").read_text("utf-8")
    lost = []
    for name, *anchors in map(str.split, saved.splitlines()):
        page = site_by_tool[tool] / name / "index.html"
        text = page.read_text("utf-8") if page.is_file() else ""
        # Other tests follow the links of anchors that moved, which have their ids.
        ids = {*ANCHOR.findall(text)}
        # The anchors of a page that moved as a whole work on the new page.
        if (target := MOVED_TO.search(text)) and "#" not in target[1]:
            text = (page.parent / target[1] / "index.html").read_text("utf-8")
            ids |= {*ANCHOR.findall(text)}
        old_ids = {re.sub("^@", "figure-", anchor) for anchor in anchors}
        lost += [f"{name}.md#{anchor}" for anchor in sorted(old_ids - ids)]
    assert lost == [], "add them to a block lstm-moved at the end of the page"


def test_no_placeholder_is_left_and_no_id_is_used_twice(site):
    for page in site.rglob("*.html"):
        text = page.read_text("utf-8")
        assert "<!--lstm-figs" not in text
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert sorted(ids) == sorted(set(ids)), page


@pytest.mark.thorough
def test_two_builds_in_two_folders_give_the_same_bytes(site, tmp_path):
    project = copy_project(tmp_path / "another" / "below")
    fresh = Builder(tmp_path / "cache")
    done = fresh("mkdocs", project, PYTHONHASHSEED="2", TZ="Asia/Tokyo")
    assert done.returncode == 0, done.stderr
    sites = [site, project / "site"]
    first, second = (sorted(p.relative_to(s) for p in s.rglob("*") if p.is_file()) for s in sites)
    names = [str(p) for p in first]
    assert first == second
    same, different, errors = filecmp.cmpfiles(*sites, names, shallow=False)
    assert (len(same), different, errors) == (len(names), [], [])


# Builds the site, and prints which slow modules that imported.
HEAVY = """
import os, sys
from mkdocs.__main__ import cli
try:
    cli(["build", "--quiet"])
except SystemExit as end:
    assert not end.code
heavy = ("torch", "matplotlib", "numpy", "griffe")
print([m for m in heavy if m in sys.modules])
"""


@pytest.mark.usefixtures("site")
def test_a_warm_build_imports_nothing_that_draws_or_reads(builder, tmp_path):
    folder = copy_project(tmp_path / "warm")
    printed = python("-c", HEAVY, cwd=folder, env=builder.environment())
    assert printed.strip().splitlines()[-1] == "[]"


OF_ONEDNN = doctest.register_optionflag("OF_ONEDNN")
"""The output of the example differs without oneDNN."""


class Releases(doctest.OutputChecker):
    """Compares messages up to text added by newer releases.

    Python 3.13 suggests another name; torch 2.15 starts with the operator.
    """

    ADDED = re.compile(r"\. Did you mean: '\w+'\?|\b(?:add)?mm: (?=mat1)")

    def check_output(self, want, got, flags):
        is_same = super().check_output(want, self.ADDED.sub("", got), flags)
        should_differ = bool(flags & OF_ONEDNN) and not has_onednn()
        return is_same != should_differ


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_the_python_on_a_page_prints_what_the_page_says(page, monkeypatch):
    monkeypatch.syspath_prepend(CODE)
    blocks = re.findall(r"```pycon\n(.*?)```", page.read_text(), re.DOTALL)
    # One page is one session: later blocks use names of earlier ones.
    session = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, page.name, str(page), 0)
    for example in session.examples:
        example.options[OF_ONEDNN] = "# with oneDNN" in example.source
    runner = Runner(page.stem, Releases())
    # torch.compile removes the names that it added.
    runner.run(session, clear_globs=False)
    assert runner.failures == 0 or (page.stem == "dispatch" and not CALLS_OPERATORS)
    plain = "\n".join(blocks_of(page.stem, "python"))
    results = runner.results | check_code(page.stem, plain, session.globs)
    if untrue := problems(page.stem, results):
        pytest.fail("; ".join(untrue), pytrace=False)


# Scripts that measure or make something are on no page.
@pytest.mark.parametrize("path", sorted(CODE.glob("[!m]*.py")), ids=lambda p: p.stem)
def test_the_comments_of_a_script_are_true(path):
    name = f"code/{path.stem}"
    if untrue := problems(name, check_code(name, path.read_text(), {})):
        pytest.fail("; ".join(untrue), pytrace=False)


def listings_of(page):
    blocks = re.findall(r'<div class="language-python highlight.*?</div>', page, re.DOTALL)
    return [plain_text(html).strip() for html in blocks]


@both_builders
def test_a_session_is_shown_as_python_whose_comments_are_its_results(site_by_tool, tool):
    for page in PAGES:
        sessions = re.findall(r"```pycon\n(.*?)```", page.read_text(), re.DOTALL)
        name = "" if page.stem == "index" else page.stem
        built = (site_by_tool[tool] / name / "index.html").read_text()
        assert ">>>" not in plain_text(built), page
        listings = listings_of(built)
        for session in sessions:
            examples = doctest.DocTestParser().get_examples(session)
            code = "".join(example.source for example in examples)
            # A result that a session drops with `_ =` is shown without it.
            code = re.sub(r"^(\s*)_ = ", r"\1", code, flags=re.MULTILINE)
            (listing,) = [text for text in listings if code_lines(text) == code_lines(code)]
            compile(listing, page.name, "exec")
            printed = " ".join(example.exc_msg or example.want for example in examples)
            comments = " ".join(re.findall("^# ?(.*)", listing, re.MULTILINE))
            assert printed.split() == comments.split()


def code_lines(listing):
    """The lines of a listing that are neither empty nor comments."""
    lines = [line.rstrip() for line in listing.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def test_figure_equation_code_and_prose_share_one_vocabulary(site):
    step = (site / "step" / "index.html").read_text()
    # Formulas mark their symbols as <msub>, code as <code> or <span>, and figures as <text>.
    for term, tag in (
        ("weight_ih f", "msub"),
        ("h_prev", "msub"),
        ("z_f", "msub"),
        ("c", "code"),
        ("h", "text"),
        ("h_prev", "span"),
        ("weight_ih", "span"),
    ):
        assert re.search(rf'<{tag}\b[^>]* data-term="{term}"', step), term
    used = set()
    for page in site.rglob("*.html"):
        for words in re.findall(r'data-term="([^"]*)"', page.read_text()):
            used |= set(words.split())
    assert used <= set(TERMS)


def test_the_listing_is_the_file_and_its_output_what_it_printed(site):
    html = (site / "step" / "index.html").read_text()
    path = CODE / "whole_pass.py"
    code, output = re.findall(r"<pre><code>(.*?)</code></pre>", html, re.S)[:2]
    assert plain_text(code).strip() == path.read_text().strip()
    assert unescape(output) == output_of(str(path))


def test_each_page_of_the_main_line_ends_with_a_link_to_the_next():
    # The first page leads to several.
    for page, after in pairwise(TEACHING_PAGES[1:]):
        last_paragraph = MOVED.sub("", source(page)).strip().rpartition("\n\n")[2]
        assert f"({after}.md)" in last_paragraph, page


def names_in_navigation(entries, name=""):
    """Each page of the navigation with its name there."""
    if isinstance(entries, str):
        yield name, entries
    for entry in entries if isinstance(entries, list) else ():
        for name, inside in entry.items():
            yield from names_in_navigation(inside, name)


def test_a_page_has_the_same_name_in_the_navigation_and_in_its_heading():
    names = dict(names_in_navigation(CONFIG["nav"]))
    assert len(names) == len(PAGES)
    assert [n for n in STUBS if not CONFIG["not_in_nav"].match_file(f"{n}.md")] == []
    for name, path in names.items():
        _, matter, body = (ROOT / "docs" / path).read_text("utf-8").split("---\n", 2)
        titles = [*re.findall(r"^title: (.*)$", matter, re.M), body.strip().partition("\n")[0]]
        if path != "index.md":
            assert {re.sub(r"^# | *\{[^}]*\}$", "", title) for title in titles} == {name}, path


def test_the_picture_of_the_readme_is_what_its_command_draws():
    path = ROOT / "docs" / "assets" / "reading.svg"
    assert path.read_bytes() == Request("reading").draw().render("svg", "auto")


def test_a_changed_weights_file_is_drawn_anew_and_watched(monkeypatch, folder):
    from lstm_figs.site.context import Context
    from lstm_figs.site.plugin import LstmFigsPlugin

    monkeypatch.setenv("LSTM_FIGS_CACHE", str(folder / "cache"))
    pages = []
    for value in (1, 2):
        ones = np.full((4, 1), value, np.float32)
        np.savez("m.npz", weight_ih_l0=ones, weight_hh_l0=ones)
        context = Context()
        pages.append(converted("/// lstm-figure | perceptron --weights m.npz\n///\n", context))
    assert pages[0] != pages[1]
    assert context.files == {"m.npz"}

    watched = []
    plugin = LstmFigsPlugin()
    plugin.context = Context()
    plugin.on_serve(SimpleNamespace(watch=watched.append))
    assert "m.npz" not in watched
    # A page is edited, and names the file.
    plugin.context = context
    plugin.on_env(None)
    plugin.on_env(None)
    assert watched.count("m.npz") == 1


HEADERS = sorted(
    {
        header.strip()
        for page in PAGES
        for header in re.findall(r"(?m)^/// lstm-(?:figure|live) \|(.*)", page.read_text("utf-8"))
    }
)


def test_a_proof_prints_the_value_of_every_number_without_a_warning(monkeypatch):
    monkeypatch.chdir(ROOT)
    figures = [page_figure(header) for header in HEADERS]
    # In a new process, in which torch has not warned yet. One page is about this warning.
    warning = "ignore:LSTM with projections is not supported with oneDNN:UserWarning"
    code = "import json, sys\nfor proof in json.load(sys.stdin): exec(proof, {}); print('ran')"
    proofs = json.dumps([figure["proof"] for figure in figures])
    output = python("-W", "error", "-W", warning, "-c", code, input=proofs)
    parts = output.split("ran\n")[:-1]
    for header, figure, part in zip(HEADERS, figures, parts, strict=True):
        # Expression -> the number as the figure shows it, and its exact value.
        printed = {}
        for line in part.splitlines():
            expression, text, value = line.rsplit(maxsplit=2)
            printed[expression.rstrip()] = text, value
        _, svg = figure["forms"][0]
        all_numbers = numbers(read(svg))
        assert printed.keys() == {n.get("data-expr") for n in all_numbers}, header
        for number in all_numbers:
            text, value = printed[number.get("data-expr")]
            scale = float(number.get("data-scale", "1"))
            exact = float(number.get("data-value"))
            assert text == "".join(number.itertext()), (header, number.attrib)
            assert is_close(float(value), exact, scale), (header, number.attrib)
