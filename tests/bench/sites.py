"""The site: the time of builds, and until a change is served."""

import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from statistics import median
from urllib.request import urlopen

from .measure import ROOT, Result

WARM, SENTENCE, CODE = 1.1, 1.15, 3.0
"""Limits of a build without changes and with a changed sentence, relative to the
same pages without figures; and of a figure's changed code, in seconds.
"""

NAMED = 0.5
"""The limit of a changed sentence if only its page is served, relative to all pages."""

ROUNDS = 9

FIGURE, TITLE = "four_weights", "Four weights for each input"
"""The module of a figure, and the title to change in it."""


def copy_project(folder):
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    for name in ("docs", "scripts", "lstm_figs"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def without_figures(folder, site):
    """Take the figures out of the pages of a copy of the project.

    Texts of the reference are taken from the built site.
    """
    for page in folder.glob("docs/*.md"):
        text = re.sub(r"(?m)^/// lstm-.*\n|^///\n", "", page.read_text())
        page.write_text(text)
    for name in ("reference", "commands"):
        page = folder / "docs" / f"{name}.md"
        front = page.read_text().split("---\n")[1]
        html = (site / name / "index.html").read_text()
        match = re.search(r"<article.*?>(.*)</article>", html, re.DOTALL)
        assert match
        page.write_text(f"---\n{front}---\n\n{match[1]}")
    config = (folder / "mkdocs.yml").read_text()
    for line in (r"  - lstm-figs\n", r"  - lstm_figs\.site\.block:\n( {6}.*\n)*"):
        config, count = re.subn(line, "", config)
        assert count == 1
    (folder / "mkdocs.yml").write_text(config)
    return folder


def warm_build_ratio(folder, rounds):
    """The median time of builds without changes, relative to pages without figures."""
    project, bare = folder / "project", folder / "bare"
    if not project.exists():
        _build(copy_project(project), folder)
        _build(without_figures(copy_project(bare), project / "site"), folder)
    return median(_build(project, folder)[1] / _build(bare, folder)[1] for _ in range(rounds))


def named_page_ratio(folder):
    """The time until a changed sentence is served, if only its page is, relative to all."""
    project = folder / "project"
    if not project.exists():
        _build(copy_project(project), folder)
    with _serve(project, folder) as address:
        all_pages = _sentence_time(project, address)
    with _serve(project, folder, "index.md") as address:
        return _sentence_time(project, address) / all_pages


def build_table(folder):
    """A table of build times, measured in rounds of one build of each kind."""
    project = copy_project(folder / "project")
    code = project / "lstm_figs" / "figures" / f"{FIGURE}.py"
    kinds = {
        "all figures are drawn": lambda: shutil.rmtree(folder / "cache"),
        "nothing has changed": lambda: None,
        "the code of one figure has changed": lambda: code.write_text(
            f"{code.read_text()}# Edited.\n"
        ),
    }
    _build(project, folder)
    taken = {kind: [] for kind in kinds}
    for _ in range(5):
        for kind, prepare in kinds.items():
            prepare()
            taken[kind].append(_build(project, folder))
    rows = ["| Build | Wall time | CPU time |", "| --- | ---: | ---: |"]
    for kind, pairs in taken.items():
        wall, cpu = map(median, zip(*pairs, strict=True))
        rows.append(f"| {kind} | {wall:.1f} s | {cpu:.1f} s |")
    return "\n".join(rows)


def results(folder):
    """The times of builds and of the server."""
    project, bare = folder / "project", folder / "bare"
    measured = warm_build_ratio(folder, ROUNDS)
    with _serve(bare, folder) as address:
        plain = _sentence_time(bare, address)
    with _serve(project, folder) as address:
        sentence_seconds = _sentence_time(project, address)
        code = _code_time(project, address)
    return [
        Result(
            "A build in which nothing changed: CPU time relative to the same pages without figures",
            f"{WARM} ×",
            f"{measured:.2f}",
            measured <= WARM,
        ),
        Result(
            "A changed sentence, served: time relative to the same pages without figures",
            f"{SENTENCE} ×",
            f"{sentence_seconds / plain:.2f} ({sentence_seconds:.1f} s)",
            sentence_seconds / plain <= SENTENCE,
        ),
        Result("A figure's changed code, served", f"{CODE:g} s", f"{code:.1f}", code <= CODE),
    ]


def _environment(project, folder):
    return {
        **os.environ,
        "PYTHONPATH": str(project),
        "LSTM_FIGS_CACHE": str(folder / "cache"),
        "NO_MKDOCS_2_WARNING": "1",
    }


def _build(project, folder):
    """Build a project, and return the wall time and the CPU time."""
    before, start = _children_time(), time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet"],
        cwd=project,
        env=_environment(project, folder),
        check=True,
    )
    return time.perf_counter() - start, _children_time() - before


def _children_time():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@contextmanager
def _serve(project, folder, *pages):
    """The address of a development server of a project, for some pages or for all."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{probe.getsockname()[1]}"
    serve = [sys.executable, "-m", "mkdocs", "serve", "--quiet", "--no-strict"]
    server = subprocess.Popen(
        [*serve, "-a", place, *(["--dirty"] if pages else [])],
        cwd=project,
        env={
            **_environment(project, folder),
            "SITE_URL": f"http://{place}/",
            "LSTM_FIGS_PAGES": " ".join(pages),
        },
    )
    try:
        _seconds_until(f"http://{place}/", "</html>")
        yield f"http://{place}/"
    finally:
        server.terminate()
        server.wait()


def _seconds_until(address, words):
    """The time until a page has these words, at most two minutes."""
    began = time.perf_counter()
    while time.perf_counter() < began + 120:
        try:
            with urlopen(address, timeout=60) as page:
                if words in page.read().decode():
                    return time.perf_counter() - began
        except OSError:
            pass
        # More frequent requests would slow down the server, which is in Python.
        time.sleep(0.1)
    raise SystemExit(f"{address} did not show {words!r} within two minutes")


def _sentence_time(project, address):
    """The time until a changed sentence is served; the median of five."""
    page = project / "docs" / "index.md"
    taken = []
    for _ in range(5):
        sentence = f"{page.stat().st_size} bytes were here before."
        with page.open("a") as file:
            file.write(f"\n\n{sentence}\n")
        taken.append(_seconds_until(address, sentence))
    return median(taken)


def _code_time(project, address):
    """The time until a changed title of a figure is served; the median of three."""
    source = project / "lstm_figs" / "figures" / f"{FIGURE}.py"
    name = FIGURE.replace("_", "-")
    page = next(
        page.stem
        for page in sorted((project / "docs").glob("*.md"))
        if re.search(rf"(?m)^/// lstm-figure \| {name}", page.read_text())
    )
    text, taken = source.read_text(), []
    assert TITLE in text
    for k in range(3):
        new = f"{TITLE}, {k}"
        source.write_text(text.replace(TITLE, new))
        taken.append(_seconds_until(f"{address}{page}/", new))
    return median(taken)
