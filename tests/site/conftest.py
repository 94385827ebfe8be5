import fcntl
import os
import shutil
import subprocess
import sys
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.installed import missing_without, needed

ROOT = Path(__file__).parents[2]

ABSENT = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name in {names}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Absent())
"""
"""What Python runs first has it miss these modules."""


@cache
def start() -> Path:
    """A folder that has Python import only what `scripts/serve` installs."""
    names = {"lstm-figs", "zensical", *needed(distribution("zensical"))}
    names |= {*needed(distribution("lstm-figs"), "torch", "site")}
    folder = Path(mkdtemp())
    code = ABSENT.format(names=sorted(missing_without(*names)))
    (folder / "sitecustomize.py").write_text(code)
    return folder


class Builder:
    """Builds a project in a folder, with a cache of its own.

    Nothing can be imported but what `scripts/serve` installs, and Zensical.
    """

    def __init__(self, cache: Path):
        self.cache = cache

    def __call__(self, tool, project, *options, **more):
        words = {
            "mkdocs": [sys.executable, "-m", "mkdocs", "build", "--strict"],
            "zensical": [sys.executable, "-m", "zensical", "build"],
        }
        environment = {
            **os.environ,
            "LSTM_FIGS_CACHE": str(self.cache),
            "NO_MKDOCS_2_WARNING": "1",
            "PYTHONPATH": f"{start()}:{os.environ.get('PYTHONPATH', '')}",
            **more,
        }
        return subprocess.run(
            [*words[tool], *options],
            cwd=project,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )


def copy_project(folder: Path) -> Path:
    """The sources of the site, in a folder of their own."""
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    for name in ("docs", "scripts"):
        # A test that imports a listing leaves its bytecode beside it.
        leave = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=leave)
    (folder / "lstm_figs").symlink_to(ROOT / "lstm_figs")
    return folder


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """A folder that all processes of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def build(shared):
    """Builds with a cache that all processes of this run share."""
    return Builder(Path(os.environ.get("LSTM_FIGS_CACHE", shared / "cache")))


@pytest.fixture(scope="session")
def our_site(shared, build):
    """Our site by a builder, which the first process that asks for it builds.

    Who changes something in it builds one of its own.
    """

    def built(tool):
        site = shared / tool / "site"
        with (shared / f"{tool}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not site.parent.exists():
                done = build(tool, copy_project(site.parent))
                assert done.returncode == 0, done.stdout + done.stderr
        return site

    return built


@pytest.fixture(scope="session")
def sites(our_site):
    """Our site, built by both builders."""
    # Meanwhile tests in a browser have the other one built.
    zensical = our_site("zensical")
    return {"mkdocs": our_site("mkdocs"), "zensical": zensical}


@pytest.fixture(scope="session")
def site(sites):
    return sites["mkdocs"]
