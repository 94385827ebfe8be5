import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


class Builder:
    """Builds a project in a folder, with a cache of its own."""

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
        shutil.copytree(ROOT / name, folder / name)
    (folder / "lstm_figs").symlink_to(ROOT / "lstm_figs")
    return folder


@pytest.fixture(scope="session")
def build(tmp_path_factory):
    """Builds with a cache that all processes of this run share."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return Builder(shared / "cache")


@pytest.fixture(scope="session")
def sites(tmp_path_factory, build):
    """Our site, built by both builders."""
    built = {}
    for tool in ("mkdocs", "zensical"):
        project = copy_project(tmp_path_factory.mktemp(tool) / "project")
        done = build(tool, project)
        assert done.returncode == 0, done.stdout + done.stderr
        built[tool] = project / "site"
    return built


@pytest.fixture(scope="session")
def site(sites):
    return sites["mkdocs"]
