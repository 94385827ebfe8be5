"""The installed wheel, without torch."""

import os
import re
import shutil
import sys
import sysconfig
import venv
from functools import cache
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from lstm_figs.command.request import Request
from lstm_figs.figures import CATALOG, LEARNED, RECORDED
from lstm_figs.sources import Source
from tests.distributions import all_requirements
from tests.doc_scripts import output_of_process

pytestmark = pytest.mark.usefixtures("folder")
ROOT = Path(__file__).parents[1]
SOURCES = ("lstm_figs", "pyproject.toml", "README.md", "LICENSE", "LICENSE-FIGURES")
BEGINNINGS = {"svg": b"<svg ", "png": b"\x89PNG", "pdf": b"%PDF"}


def run(*words, cwd="."):
    environment = {
        **{k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
        "LSTM_FIGS_CACHE": str(Path(cwd, "cache").resolve()),
        "NO_MKDOCS_2_WARNING": "1",
    }
    return output_of_process(words, cwd=cwd, env=environment)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    sources = folder / "sources"
    sources.mkdir()
    for path in map(ROOT.joinpath, SOURCES):
        copy = shutil.copytree if path.is_dir() else shutil.copy
        copy(path, sources / path.name)
    options = "--quiet --no-deps --no-build-isolation --wheel-dir . ./sources"
    run(sys.executable, "-m", "pip", "wheel", *options.split(), cwd=folder)
    (built,) = folder.glob("lstm_figs-*.whl")
    return built


@pytest.fixture(scope="module")
def install(wheel, tmp_path_factory):
    """Make an environment with the wheel and these extras.

    All tests share it, because they write nothing there.
    """

    @cache
    def installed(*extras):
        folder = tmp_path_factory.mktemp("environment")
        venv.create(folder)
        program = folder / "bin" / "python"
        words = f"--python {program} install --quiet --no-deps {wheel}"
        run(sys.executable, "-m", "pip", *words.split(), cwd=folder)
        base = {"base": folder, "platbase": folder}
        site = Path(sysconfig.get_path("purelib", vars=base))
        own = Distribution.at(next(site.glob("lstm_figs-*.dist-info")))
        # Requirements of the wheel are linked rather than installed again.
        for distribution in all_requirements(own, *extras).values():
            for top in {file.parts[0] for file in distribution.files or ()} - {".."}:
                link = site / top
                if not link.exists():
                    link.symlink_to(distribution.locate_file(top))
        return folder / "bin"

    return installed


def test_an_installed_wheel_draws_in_every_format_without_torch(install):
    programs = install()
    code = "import importlib.util as u; print(u.find_spec('torch'))"
    assert run(programs / "python", "-c", code) == "None\n"
    formats = " --format ".join(["", *BEGINNINGS])
    words = f"draw cell unrolled gates-over-time{formats} --out figures"
    printed = run(programs / "lstm-figs", *words.split())
    paths = [*map(Path, printed.split())]
    assert len(paths) == 9
    for path in paths:
        assert path.read_bytes().startswith(BEGINNINGS[path.suffix[1:]])
    svg = Path("figures/cell.svg").read_bytes()
    assert svg == Request("cell").draw().render("svg", "auto")
    run(programs / "lstm-figs", "draw", "cell", "--network", "brackets")
    svg = Path("cell.svg").read_bytes()
    request = Request("cell", Source(network="brackets"))
    assert svg == request.draw().render("svg", "auto")


def test_a_page_without_torch_has_the_figures_that_need_none(install):
    program = install() / "lstm-figs"
    assert run(program, "page") == "lstm.html\n"
    text = Path("lstm.html").read_text("utf-8")
    figures = re.findall('<figure id="figure-([^"]+)"', text)
    assert {*figures} == {*CATALOG} - RECORDED - LEARNED


ZIPPED = """
import sys
sys.path.insert(0, sys.argv.pop(1))
import lstm_figs.cli
from lstm_figs.figures import CATALOG
assert ".whl" in lstm_figs.__file__
CATALOG.paths = {"unrolled": CATALOG.paths["unrolled"]}
sys.exit(lstm_figs.cli.main())
"""


def test_a_page_is_written_from_a_wheel_that_is_not_unpacked(wheel):
    words = "page -o - --network brackets"
    done = run(sys.executable, "-c", ZIPPED, str(wheel), *words.split())
    assert '<figure id="figure-unrolled"' in done
    assert "The bracket network" in done


def test_another_site_that_has_only_this_package_shows_a_figure(install):
    programs = install("site")
    docs = Path("docs")
    docs.mkdir()
    (docs / "index.md").write_text(
        "# A post\n\n/// lstm-figure | four-weights --unit 1\n\nMy $W$.\n///\n"
        "\n/// lstm-options | draw\n///\n"
    )
    Path("mkdocs.yml").write_text(
        "site_name: Another\nplugins: [lstm-figs]\n"
        "markdown_extensions: [lstm_figs.site.math, lstm_figs.site.block]\n"
    )
    run(programs / "python", "-m", "mkdocs", "build", "--strict")
    page = Path("site/index.html").read_text("utf-8")
    # One figure, in a form for wide columns and one for phones.
    assert page.count('class="lf-figure"') == 2
    assert "Proof of " in page
    assert "<math" in page
    assert 'id="lstm-figs-draw"' in page
