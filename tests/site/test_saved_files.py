"""The files and proofs that figures on pages offer to save."""

import json
import re
import shlex
import shutil
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import numpy as np
import pytest
from safetensors.numpy import save_file

from lstm_figs import cli
from lstm_figs.site.context import Context
from tests.doc_scripts import python
from tests.proof import is_rounded, numbers, read
from tests.site.conftest import ROOT, converted, write_project
from tests.site.test_site import ADDRESS

NAMES_FILES = re.compile(r"^/// lstm-figure \| .*(?:--weights|--input|--tokens)\b[ =].*", re.M)
"""A block whose figure is drawn from files."""

TOOLS = re.compile(
    r'<figure[^>]* id="figure-([\w-]+)".*?<div class="lf-tools">\s*'
    r"<details>(.*?)</details>\s*<details [^>]*>(.*?)</details>",
    re.S,
)
"""The id of a figure, and the content of its menus Proof and Share."""

LINK = re.compile(r'<a href="([^"]+)" download>([^<]+)</a>')
PRE = re.compile(r"<pre[^>]*>(.*?)</pre>", re.S)


def text_of(html):
    """The text of a command or a script, without its highlighting."""
    return unescape(html.replace('<span class="lf-option">', "").replace("</span>", ""))


def offered_tools(site):
    """Each page and figure that offers files, with its menus Proof and Share."""
    offers = []
    for page in sorted(site.rglob("index.html")):
        for tools in TOOLS.findall(page.read_text("utf-8")):
            if LINK.search("".join(tools)):
                offers.append((page.parent.relative_to(site), *tools))
    return offers


def save(site, page, text, folder):
    """Click each link with this text, and return its targets in the site."""
    folder.mkdir(exist_ok=True)
    places = []
    for link, name in LINK.findall(text):
        place = urljoin(f"/{page.as_posix()}/", link).removeprefix("/")
        assert Path(place).name == name
        shutil.copy(site / place, folder)
        places.append(place)
    return places


def test_both_builders_offer_the_files_of_every_figure_that_names_some(site_by_tool):
    pages = (ROOT / "docs").glob("*.md")
    named = [NAMES_FILES.findall(page.read_text()) for page in pages]
    mkdocs = offered_tools(site_by_tool["mkdocs"])
    assert len(mkdocs) == sum(map(len, named)) > 4
    assert offered_tools(site_by_tool["zensical"]) == mkdocs


RUN_PROOFS = """
import json, os, sys
sys.modules["lstm_figs"] = None
for folder, proof in json.load(sys.stdin):
    os.chdir(folder)
    exec(proof, {})
    print("ran")
"""


def test_a_proof_runs_where_its_files_were_saved_and_nothing_else_is(site, tmp_path):
    proofs = []
    for index, (page, _, proof, _) in enumerate(offered_tools(site)):
        (script,) = PRE.findall(proof)
        script = unescape(script)
        folder = tmp_path / str(index)
        places = save(site, page, proof, folder)
        # The first line says to save these files.
        addresses = [f"# {ADDRESS}{place}" for place in places]
        assert script.splitlines()[1 : len(addresses) + 1] == addresses
        proofs.append((str(folder), script))
    output = python("-I", "-W", "error", "-c", RUN_PROOFS, input=json.dumps(proofs))
    printed = output.split("ran\n")[:-1]
    assert sum(lines.count("\n") for lines in printed) > 10 * len(printed)
    for (_, script), lines in zip(proofs, printed, strict=True):
        rows = [line.split()[-2:] for line in lines.splitlines()]
        assert len(rows) == len(re.findall(r"^show\(", script, re.M)) > 0
        for expected, value in rows:
            # Python prints more digits of a tiny number than its dtype has.
            in_float32 = str(np.float32(value))
            assert is_rounded(expected, value) or is_rounded(expected, in_float32), expected


def test_a_command_draws_the_figure_of_the_page_from_the_saved_files(site, folder, capsys):
    for page, figure, _, share in offered_tools(site):
        save(site, page, share, folder)
        command = text_of(PRE.findall(share)[0])
        assert cli.main(shlex.split(command)[1:]) == 0
        path = Path(capsys.readouterr().out.strip())
        text = (site / page / "index.html").read_text("utf-8")
        (figure_on_page,) = re.findall(rf'<svg [^>]*id="{figure}".*?</svg>', text, re.S)
        values = [
            [number.attrib["data-value"] for number in numbers(read(svg))]
            for svg in (path.read_text("utf-8"), figure_on_page)
        ]
        assert values[0] == values[1]


@pytest.fixture
def tools_of(folder, monkeypatch):
    """Returns the menus below a figure that is drawn from two files."""
    monkeypatch.setenv("LSTM_FIGS_CACHE", str(folder / "cache"))
    ones = np.ones((4, 1), np.float32)
    weights = {"weight_ih_l0": ones, "weight_hh_l0": ones}
    for name in ("docs/a b", "docs/c", "own"):
        Path(name).mkdir(parents=True)
        save_file(weights, f"{name}/w.safetensors")
        save_file({"x": ones}, f"{name}/x.safetensors")
    save_file({"x": ones}, "docs/w.safetensors")

    def tools(weights, x, **more):
        context = Context(base_address="page/", docs_dir=folder / "docs", **more)
        words = shlex.join(["--weights", weights, "--input", x])
        page = converted(f"/// lstm-figure | perceptron {words}\n///\n", context)
        return text_of(page.partition('class="lf-tools"')[2])

    return tools


def test_a_file_is_named_by_its_place_where_nobody_says_the_sites(tools_of):
    tools = tools_of("docs/a b/w.safetensors", "docs/c/x.safetensors")
    assert LINK.findall(tools)[:2] == [
        ("../a%20b/w.safetensors", "w.safetensors"),
        ("../c/x.safetensors", "x.safetensors"),
    ]
    assert "# a%20b/w.safetensors\n# c/x.safetensors\n" in tools
    assert '"x.safetensors"' in tools
    assert "--weights w.safetensors --input x.safetensors" in tools


@pytest.mark.parametrize(
    ("weights", "x", "more"),
    [
        ("own/w.safetensors", "docs/c/x.safetensors", {}),
        (
            "docs/c/w.safetensors",
            "docs/c/x.safetensors",
            {"left_out": frozenset(["c/w.safetensors"])},
        ),
        # A browser would save the second one under a different name.
        ("docs/c/w.safetensors", "docs/w.safetensors", {}),
    ],
    ids=["beside the pages", "left out of the site", "of one name"],
)
def test_no_file_is_offered_unless_all_of_a_figure_can_be(tools_of, weights, x, more):
    tools = tools_of(weights, x, **more)
    assert LINK.findall(tools) == []
    assert f'"{x}"' in tools
    assert f"--weights {weights} --input {x}" in tools


def test_mkdocs_says_which_files_it_leaves_out(builder, tmp_path):
    write_project(
        tmp_path,
        "site_name: Test\nplugins: [lstm-figs]\nexclude_docs: out.json\n",
        index="/// lstm-figure | perceptron --input docs/in.json\n///\n\n"
        "/// lstm-figure | perceptron --input docs/out.json --id out\n///\n",
    )
    for name in ("in.json", "out.json"):
        (tmp_path / "docs" / name).write_text("[[1, 0, 0]]")
    text = (builder.build("mkdocs", tmp_path) / "index.html").read_text()
    assert {*LINK.findall(text)} == {("in.json", "in.json")}
