"""Each imported library is a requirement."""

import ast
import json
import sys
from importlib.metadata import distribution, packages_distributions
from pathlib import Path
from runpy import run_path

import pytest

from tests.distributions import normalized, requirements

ROOT = Path(__file__).parents[1]
OWN_PACKAGES = {"lstm_figs", "tests"}
"""Packages of this project."""

OWNERS = packages_distributions()
"""Module -> the distributions on this machine that have it."""

SITE, FUZZ, SCRIPTS = (
    {*ROOT.glob(f"{folder}/*.py")} for folder in ("lstm_figs/site", "tests/fuzz", "docs/code")
)
# Cosmic Ray, which makes mutants, has an environment of its own.
TESTS = {*ROOT.glob("tests/**/*.py")} - {*ROOT.glob("tests/mutants/*.py")} - FUZZ
PARTS = {
    "the package": ({*ROOT.glob("lstm_figs/**/*.py")} - SITE, ["torch", "formats"]),
    "the site": (SITE, ["torch", "site"]),
    "the scripts of pages, and the tests": (SCRIPTS | TESTS, ["torch", "site", "tests"]),
    "the random search": (FUZZ, ["torch", "site", "tests", "fuzz"]),
}
"""Part of the project -> its files, and the extras that it needs."""


def imported_packages(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("part", PARTS)
def test_every_library_that_is_imported_by_name_is_asked_for(part):
    files, extras = PARTS[part]
    required = requirements(distribution("lstm-figs"), *extras)
    declared = {normalized(requirement.name) for requirement in required}
    scripts = {path.stem for path in SCRIPTS}
    used_distributions, undeclared = set(), set()
    for path in files:
        for module in {*imported_packages(path)} - sys.stdlib_module_names:
            if module in OWN_PACKAGES | scripts:
                continue
            owners = {normalized(owner) for owner in OWNERS.get(module, [module])}
            used_distributions |= owners
            if not owners & declared:
                undeclared.add(f"{module}, in {path.relative_to(ROOT)}")
    assert used_distributions
    assert undeclared == set()


@pytest.mark.parametrize(
    ("system", "needs", "expected"),
    [
        ("Linux", ["filelock", "nvidia-nccl-cu13==2.30.7"], True),
        ("Linux", ["filelock"], False),
        ("Darwin", ["filelock", "nvidia-nccl-cu13==2.30.7"], False),
    ],
)
def test_setup_knows_when_pip_takes_torch_for_graphics_cards(system, needs, expected, monkeypatch):
    monkeypatch.setattr("platform.system", lambda: system)
    needs_gpu_libraries = run_path(str(ROOT / "scripts" / "install.py"))["needs_gpu_libraries"]
    report = {"install": [{"metadata": {"requires_dist": needs}}]}
    assert needs_gpu_libraries(json.dumps(report)) == expected
    assert not needs_gpu_libraries('{"install": []}')
