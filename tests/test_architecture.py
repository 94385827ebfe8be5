import re
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

import lstm_figs
from lstm_figs.render import compose
from lstm_figs.site.imports import import_graph
from tests.fuzz import __main__ as fuzz

PACKAGE = Path(lstm_figs.__file__).parent


def loaded_by(code):
    libraries = ("torch", "matplotlib", "graphviz", "mkdocs", "numpy")
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{code}\nimport sys\n"
            f"print([m for m in {libraries} if m in sys.modules], file=sys.stderr)",
        ],
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    return done.stderr.strip()


def test_import_contracts_hold():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo"],
        cwd=PACKAGE.parent,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout


def test_only_the_search_at_random_imports_hypothesis():
    tests = PACKAGE.parent / "tests"
    users = {
        path.relative_to(tests).parts[0]
        for path in tests.rglob("*.py")
        if re.search(r"^\s*(import|from) hypothesis\b", path.read_text("utf-8"), re.M)
    }
    assert users == {"fuzz"}


@pytest.mark.parametrize(
    "words", [["x"], ["0"], ["-3"], ["nan"], ["inf"], ["1e9"], [""], ["1", "2"]]
)
def test_a_search_that_cannot_be_made_is_refused(words, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["fuzz", *words])
    assert fuzz.main() == 2
    out, error = capsys.readouterr()
    assert (out, error.count("\n")) == ("", 1)
    assert error.startswith(f"scripts/fuzz: got {' '.join(words)!r}, expected")


def test_layout_is_what_several_figures_use():
    """Code that only one figure uses belongs to the folder of that figure."""
    graph = grimp.build_graph("lstm_figs", cache_dir=None)
    users = {}
    for module in graph.find_descendants("lstm_figs.layout"):
        if graph.find_children(module):
            continue
        importers = graph.find_downstream_modules(module)
        users[module] = {
            name.split(".")[2] for name in importers if name.startswith("lstm_figs.figures.")
        }
        if any(name.startswith("lstm_figs.render.") for name in importers):
            users[module].add("all")
    assert users
    alone = {
        module for module, packages in users.items() if len(packages) < 2 and "all" not in packages
    }
    assert alone == set()


@pytest.mark.parametrize(
    ("code", "loaded"),
    [
        ("import lstm_figs", "[]"),
        ("import lstm_figs; lstm_figs.draw", "['numpy']"),
        ("import lstm_figs.site.block", "[]"),
        (
            "from lstm_figs.cli import main; main(['draw', 'four-weights', '--out', '-'])",
            "['numpy']",
        ),
        (
            "from lstm_figs.cli import main; main(['draw', 'forget-bias', '--out', '-'])",
            "['numpy']",
        ),
        ("from lstm_figs.cli import main; main(['trace'])", "['numpy']"),
    ],
)
def test_heavy_libraries_load_only_where_they_are_needed(code, loaded):
    assert loaded_by(code) == loaded


def test_the_import_graph_joins_modules_that_stand_on_it_and_fits_a_page():
    graph = import_graph()
    node_ids = {node.id for node in graph.nodes}
    assert {end for e in graph.edges for end in (e.tail, e.head)} <= node_ids
    assert compose(graph).width <= 720


def test_public_names_are_sorted_and_exist():
    assert lstm_figs.__all__ == sorted(lstm_figs.__all__)
    for name in lstm_figs.__all__:
        assert getattr(lstm_figs, name).__doc__ is not None


def test_an_unknown_public_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'drow'"):
        lstm_figs.drow  # noqa: B018


def test_a_command_of_the_project_is_at_most_20_lines():
    for path in (PACKAGE.parent / "scripts").iterdir():
        if path.is_file() and not path.suffix:
            assert len(path.read_text().splitlines()) <= 20, path
