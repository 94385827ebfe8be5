"""The site: the time of builds, and until a change is served."""

import re
import resource
import shutil
import time
from contextlib import contextmanager
from statistics import median

from tests.site.conftest import Builder

from .measure import ROOT, Result, table

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
    with _serve(project, folder) as server:
        all_pages = _sentence_time(project, server)
    with _serve(project, folder, "index.md") as server:
        return _sentence_time(project, server) / all_pages


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
    rows = [["Build", "Wall time", "CPU time"]]
    for kind, pairs in taken.items():
        wall, cpu = map(median, zip(*pairs, strict=True))
        rows.append([kind, f"{wall:.1f} s", f"{cpu:.1f} s"])
    return table(*rows)


def results(folder):
    """The times of builds and of the server."""
    project, bare = folder / "project", folder / "bare"
    measured = warm_build_ratio(folder, ROUNDS)
    with _serve(bare, folder) as server:
        plain = _sentence_time(bare, server)
    with _serve(project, folder) as server:
        sentence_seconds = _sentence_time(project, server)
        code = _code_time(project, server)
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


def _build(project, folder):
    """Build a project, and return the wall time and the CPU time."""
    before, start = _children_time(), time.perf_counter()
    done = Builder(folder / "cache")("mkdocs", project, "--no-strict", "--quiet")
    assert done.returncode == 0, done.stdout + done.stderr
    return time.perf_counter() - start, _children_time() - before


def _children_time():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@contextmanager
def _serve(project, folder, *pages):
    """A development server of a project, for some pages or for all."""
    options = ["--quiet", "--no-strict", *(["--dirty"] if pages else [])]
    variables = {"SITE_URL": "http://localhost/", "LSTM_FIGS_PAGES": " ".join(pages)}
    builder = Builder(folder / "cache")
    with builder.serving("mkdocs", project, *options, **variables) as server:
        server.page()
        yield server


def _seconds_until(server, words, path=""):
    """The time until a page has these words."""
    began = time.perf_counter()
    server.page(path, words)
    return time.perf_counter() - began


def _sentence_time(project, server):
    """The time until a changed sentence is served; the median of five."""
    page = project / "docs" / "index.md"
    taken = []
    for _ in range(5):
        sentence = f"{page.stat().st_size} bytes were here before."
        with page.open("a") as file:
            file.write(f"\n\n{sentence}\n")
        taken.append(_seconds_until(server, sentence))
    return median(taken)


def _code_time(project, server):
    """The time until a changed title of a figure is served; the median of three."""
    source = project / "lstm_figs" / "figures" / f"{FIGURE}.py"
    block = f"\n/// lstm-figure | {FIGURE.replace('_', '-')}"
    page = min(page.stem for page in project.glob("docs/*.md") if block in page.read_text())
    text, taken = source.read_text(), []
    assert TITLE in text
    for k in range(3):
        new = f"{TITLE}, {k}"
        source.write_text(text.replace(TITLE, new))
        taken.append(_seconds_until(server, new, f"{page}/"))
    return median(taken)
