"""The recipes for other documents, followed to the end."""

import fnmatch
import json
import os
import re
import shlex
import shutil
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

import lstm_figs
from lstm_figs.command.request import parse_header
from tests.doc_scripts import output_of_process, source
from tests.test_command import run as printed_by

ROOT = Path(__file__).parents[1]
PYTHON = shlex.quote(sys.executable)
TEXT = source("in-your-document")
BLOCK = re.compile(r'^(`{3,})([\w-]+)(?: title="([^"]+)")?\n(.*?)^\1$', re.MULTILINE | re.DOTALL)
SVG = re.compile(r"<svg [^>]*class=\"lf-figure\"")


@pytest.fixture
def run(folder):
    program = folder / "tools" / "lstm-figs"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {PYTHON} -m lstm_figs "$@"\n')
    program.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "LSTM_FIGS_CACHE": str(folder / "cache"),
        "NO_MKDOCS_2_WARNING": "1",
    }
    return partial(output_of_process, shell=True, env=environment)


@pytest.fixture
def follow(run):
    def followed(heading):
        section = TEXT.split(f"\n## {heading}\n")[1]
        printed = ""
        for _, language, title, code in BLOCK.findall(section.partition("\n## ")[0]):
            if language == "sh":
                printed += run(code)
            else:
                path = Path(title)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(code)
        return printed

    return followed


def needs(program):
    """Skip without a program, except in the weekly run of all recipes."""
    return pytest.mark.skipif(
        shutil.which(program) is None and "LSTM_FIGS_TRY_ALL_RECIPES" not in os.environ,
        reason=f"{program} not installed",
    )


def figures(path):
    return len(SVG.findall(path.read_text("utf-8")))


def has_embedded(page, embedded):
    # Kramdown, which Jekyll uses, writes a space before the end of a tag.
    text = page.read_text("utf-8").replace(" />", "/>")
    return embedded.read_text("utf-8").strip() in text


@pytest.mark.parametrize("heading", ["Jekyll", "Hugo", "Quarto", "Sphinx and MyST", "LaTeX"])
def test_a_recipe_shows_the_files_that_its_commands_write(follow, heading):
    follow(heading)
    written = {path.name: path for path in Path().rglob("perceptron.*")}
    others = {*Path().rglob("*.*")} - {*written.values()}
    pages = " ".join(page.read_text("utf-8") for page in others)
    file_names = re.findall(r"perceptron(?:\.[\w*]+)?", pages)
    assert file_names
    assert all(fnmatch.filter([*written, "perceptron"], file_name) for file_name in file_names)
    ends = {".pdf": b"%%EOF", ".svg": b"</svg>", ".html": b"</figure>"}
    for path in written.values():
        assert path.read_bytes().rstrip().endswith(ends[path.suffix])


def test_a_cell_and_a_block_of_the_recipes_are_drawn():
    (cell,) = re.findall(r'python title="A cell"\n(.*?)```', TEXT, re.DOTALL)
    blocks = "".join(code for *_, code in BLOCK.findall(TEXT))
    figure, block = (
        parse_header(header).draw().render("svg", "page")
        for header in re.findall(r"^/// lstm-\w+ \| (.*)$", blocks, re.MULTILINE)
    )
    *_, last = cell.strip().splitlines()
    assert eval(last, {"lf": lstm_figs}).render("svg", "page") == figure
    assert b'data-term="' in block


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("heading", "command", "built", "embedded"),
    [
        pytest.param(heading, command, *files, marks=needs(heading.lower()))
        for heading, command, *files in (
            ("Jekyll", "jekyll build", "_site/**/my-lstm.html", "_includes/perceptron.html"),
            ("Hugo", "hugo", "public/my-lstm/index.html", "figures/perceptron.html"),
        )
    ],
)
def test_jekyll_and_hugo(follow, run, heading, command, built, embedded):
    follow(heading)
    Path("hugo.toml").write_text('title = "Mine"\n')
    layouts = Path("layouts/_default")
    layouts.mkdir(parents=True)
    (layouts / "single.html").write_text("<!doctype html><title>{{ .Title }}</title>{{ .Content }}")
    run(command)
    (page,) = Path().glob(built)
    assert has_embedded(page, Path(embedded))


@pytest.mark.thorough
@needs("pandoc")
@pytest.mark.parametrize(("format", "suffix"), [("html", "svg"), ("latex", "pdf")])
def test_quarto_by_the_markdown_that_it_takes_from_pandoc(follow, run, format, suffix):
    follow("Quarto")
    options = f"--from markdown --to {format} --default-image-extension {suffix}"
    text = run(f"pandoc {options} my-lstm.qmd")
    assert f"perceptron.{suffix}" in text
    assert Path(f"perceptron.{suffix}").is_file()


@pytest.mark.thorough
def test_sphinx_and_myst(follow, run):
    follow("Sphinx and MyST")
    for builder in ("html", "latex"):
        run(f"{PYTHON} -m sphinx -W -q -b {builder} . {builder}")
    page = Path("html/index.html")
    assert has_embedded(page, Path("figures/perceptron.html"))
    assert "_images/perceptron.svg" in page.read_text()
    assert Path("latex/perceptron.pdf").is_file()


CONVERT = f"{PYTHON} -m nbconvert"


@pytest.mark.thorough
def test_jupyter(follow, run):
    follow("Jupyter")
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cell["source"] = Path("A cell").read_text()
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}}
    notebook["cells"] = [{**cell, "id": id} for id in "ab"]
    Path("notebook.ipynb").write_text(json.dumps(notebook))
    for words in ("--execute --inplace", "--to html", "--to latex"):
        run(f"{CONVERT} {words} notebook.ipynb")
    page = Path("notebook.html")
    assert figures(page) == 2
    ids = re.findall(r' id="(perceptron-[^"]+)"', page.read_text())
    assert len(ids) == len(set(ids))
    assert Path("notebook.tex").read_text().count("{notebook_files/") == 2
    run(Path("In a terminal").read_text().replace("jupyter nbconvert", CONVERT))
    assert page.read_text().count('src="data:image/png') == 2
    assert figures(page) == 0


@pytest.mark.thorough
def test_the_notebook_runs_from_top_to_bottom(run):
    source = ROOT / "docs" / "code" / "read-your-own.ipynb"
    cells = json.loads(source.read_text("utf-8"))["cells"]
    assert not any(cell.get("outputs") for cell in cells)
    shutil.copy(source, "a.ipynb")
    run(f"{CONVERT} --execute --inplace a.ipynb")
    cells = json.loads(Path("a.ipynb").read_text("utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    printed = "".join("".join(output.get("text", ())) for output in outputs)
    (right,) = re.findall(r"right after ([\d.]+)% of the letters", printed)
    assert float(right) > 95
    rich_outputs = [output["data"] for output in outputs if "data" in output]
    assert sum("image/png" in data for data in rich_outputs) == 4
    assert "<table>" in "".join("".join(data.get("text/html", ())) for data in rich_outputs)
    assert Path("gates.svg").is_file()


@pytest.mark.thorough
@needs("pdflatex")
def test_latex(follow, run):
    follow("LaTeX")
    run("pdflatex -halt-on-error paper.tex")
    assert Path("paper.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.thorough
@pytest.mark.parametrize("tool", ["mkdocs", "zensical"])
def test_mkdocs_and_zensical(follow, run, tool):
    follow("MkDocs and Zensical")
    run(f"{PYTHON} -m {tool} build")
    # Both forms of the figure.
    assert figures(Path("site/index.html")) == 2
    typed = Path("site/typed/index.html").read_text()
    assert 'data-figure="reading"' in typed


def test_mdx(follow, run):
    docs = Path("docs")
    docs.mkdir()
    follow("MDX")
    assert "'./_perceptron.mdx'" in (docs / "my-lstm.mdx").read_text()
    element = (docs / "_perceptron.mdx").read_text("utf-8")
    match = re.fullmatch(r'<div dangerouslySetInnerHTML=\{\{__html: (".*")\}\} />\n', element)
    assert json.loads(match[1]) == run("lstm-figs embed perceptron --width both")


DOCUSAURUS = """
module.exports = {
  title: "Mine", url: "https://example.org", baseUrl: "/",
  themes: ["@docusaurus/theme-classic"],
  plugins: [["@docusaurus/plugin-content-docs", {routeBasePath: "/"}]],
};
"""


@pytest.mark.skipif(
    "DOCUSAURUS" not in os.environ, reason="it takes minutes; scripts/docusaurus runs it"
)
def test_docusaurus_builds_the_recipe_for_mdx(follow, run):
    modules = Path(os.environ["DOCUSAURUS"]) / "node_modules"
    Path("node_modules").symlink_to(modules)
    Path("package.json").write_text("{}")
    Path("docusaurus.config.js").write_text(DOCUSAURUS)
    Path("docs").mkdir()
    Path("docs/index.md").write_text("# Home\n")
    follow("MDX")
    run(shlex.quote(str(modules / ".bin" / "docusaurus")) + " build")
    page = Path("build/my-lstm/index.html")
    # The tool writes attributes in its own way. Both forms are present.
    figure_tags = re.findall("<svg [^>]*lf-figure", page.read_text("utf-8"))
    assert len(figure_tags) == 2


def test_slides_and_documents(follow):
    from PIL import Image

    follow("Slides and documents")
    with Image.open("perceptron.png") as picture:
        assert round(picture.info["dpi"][0]) == 300


def test_any_other_page(follow):
    assert len(SVG.findall(follow("Any other page"))) == 1


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = torch.nn.Module()
        self.encoder.rnn = torch.nn.LSTM(3, 2, 2, bidirectional=True)
        self.head = torch.nn.Linear(4, 1)


@pytest.mark.parametrize(
    "command", re.findall(r"^lstm-figs .*$", source("make-your-own"), re.MULTILINE)
)
def test_every_command_of_make_your_own_runs(folder, command):
    weights = Model().state_dict()
    save_file(weights, folder / "model.safetensors")
    torch.save({"epoch": 3, "model_state": weights}, folder / "model.pt")
    np.save(folder / "x.npy", np.ones((5, 3), np.float32))
    printed = printed_by(command).decode()
    if " draw " in command:
        assert all((folder / line).is_file() for line in printed.split())
    assert printed
