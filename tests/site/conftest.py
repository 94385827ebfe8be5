"""The built site, and builders and servers in copies of the project."""

import fcntl
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from html import unescape
from importlib.metadata import distribution
from pathlib import Path
from tempfile import mkdtemp
from urllib.request import urlopen

import markdown
import pytest

from tests.distributions import all_requirements, missing_without

ROOT = Path(__file__).parents[2]

MOVED = re.compile(r"^/// lstm-moved\n.*?^///$", re.M | re.S)
"""A block that redirects old addresses."""


def is_page(path):
    """Whether a Markdown file has text, and does not only redirect to a page."""
    block = MOVED.search(path.read_text("utf-8"))
    return not (block and "- [page](" in block[0])


PAGES = [*filter(is_page, sorted((ROOT / "docs").glob("*.md")))]
"""The files of all pages that have text."""

MISSING_MODULES = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name in {names}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Absent())
"""
"""Code that Python runs at startup, which hides these modules."""


@cache
def limited_imports():
    """A folder on the path that limits imports to what `scripts/serve` installs."""
    names = {"lstm-figs", "zensical", *all_requirements(distribution("zensical"))}
    names |= {*all_requirements(distribution("lstm-figs"), "torch", "site")}
    folder = Path(mkdtemp())
    code = MISSING_MODULES.format(names=sorted(missing_without(*names)))
    (folder / "sitecustomize.py").write_text(code)
    return folder


class Builder:
    """Builds or serves a project with its own cache, and what `scripts/serve` installs."""

    def __init__(self, cache):
        self.cache = cache

    def __call__(self, tool, project, *options, **variables):
        """Build a project; `variables` are added to the environment."""
        strict = ["--strict"] if tool == "mkdocs" else []
        return subprocess.run(
            [sys.executable, "-m", tool, "build", *strict, *options],
            cwd=project,
            env=self.environment(**variables),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def build(self, tool, project, *options):
        """Build a project, which has to succeed, and return the folder of its site."""
        done = self(tool, project, *options)
        assert done.returncode == 0, done.stdout + done.stderr
        return project / "site"

    def environment(self, **variables):
        return {
            **os.environ,
            "LSTM_FIGS_CACHE": str(self.cache),
            "NO_MKDOCS_2_WARNING": "1",
            "PYTHONPATH": f"{limited_imports()}:{os.environ.get('PYTHONPATH', '')}",
            **variables,
        }

    @contextmanager
    def serving(self, tool, project, *options, **variables):
        with socket.socket() as probe:
            # a free port
            probe.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{probe.getsockname()[1]}"
        log = project / f"{tool}.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", tool, "serve", "--dev-addr", address, *options],
                cwd=project,
                env=self.environment(**variables),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            yield Server(f"http://{address}/", process, log)
        finally:
            process.terminate()
            process.wait()


@dataclass
class Server:
    address: str
    process: subprocess.Popen
    log: Path

    def page(self, path="", words="", save=None):
        """The HTML of a page, saved until the server watches it and it has some words."""
        # for ten minutes, with a save every ten seconds
        for try_count in range(6000):
            if self.process.poll() is not None:
                break
            if save and try_count % 100 == 0:
                save()
            with suppress(OSError), urlopen(self.address + path, timeout=60) as answer:
                text = answer.read().decode()
                if words in text and "</html>" in text:
                    return text
            time.sleep(0.1)
        raise AssertionError(f"no {words!r} in {path!r}: {self.output()}")

    def output(self):
        return self.log.read_text("utf-8")


def copy_project(folder):
    """Copy what a build of our site reads, and return the folder."""
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    for name in ("docs", "scripts"):
        # Tests that import a script leave its bytecode next to it.
        bytecode = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=bytecode)
    (folder / "lstm_figs").symlink_to(ROOT / "lstm_figs")
    return folder


def write_project(folder, config, **pages):
    """Write a project with this `mkdocs.yml` and these pages into a folder."""
    (folder / "docs").mkdir(exist_ok=True)
    (folder / "mkdocs.yml").write_text(config)
    for name, text in pages.items():
        (folder / "docs" / f"{name}.md").write_text(text)
    return folder


def plain_text(html):
    return unescape(re.sub(r"<[^>]+>", "", html))


def converted(text, context, *extensions, **options):
    """The HTML of a Markdown text; `options` are those of our extension for blocks."""
    block = "lstm_figs.site.block"
    return markdown.markdown(
        text,
        extensions=[block, *extensions],
        extension_configs={block: {"context": context, **options}},
    )


both_builders = pytest.mark.parametrize("tool", ["mkdocs", "zensical"])


@pytest.fixture(scope="session")
def folder_for_all_workers(tmp_path_factory):
    """The folder of this run, which the worker processes share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def builder(folder_for_all_workers):
    """Builds projects with one cache for all tests."""
    return Builder(Path(os.environ.get("LSTM_FIGS_CACHE", folder_for_all_workers / "cache")))


@pytest.fixture(scope="session")
def build_site(folder_for_all_workers, builder):
    """Builds our site with a tool, if no worker has yet, and returns its folder."""

    def build_once(tool):
        site = folder_for_all_workers / tool / "site"
        with (folder_for_all_workers / f"{tool}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not site.parent.exists():
                builder.build(tool, copy_project(site.parent))
        return site

    return build_once


@pytest.fixture(scope="session")
def site_by_tool(build_site):
    # Workers of browser tests build with MkDocs in the meantime.
    zensical = build_site("zensical")
    return {"mkdocs": build_site("mkdocs"), "zensical": zensical}


@pytest.fixture(scope="session")
def site(site_by_tool):
    return site_by_tool["mkdocs"]
