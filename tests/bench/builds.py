"""Builds of the site: clean, repeated, and after an edit of a figure."""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROUNDS = 5
EDITED_FILE = "lstm_figs/figures/cell.py"


def builds(project: Path) -> str:
    """A table of build times, measured in rounds of one build of each kind.

    Args:
        project: The folder for a copy of the project.
    """
    for name in ("docs", "scripts", "lstm_figs"):
        shutil.copytree(name, project / name)
    shutil.copy("mkdocs.yml", project)
    kinds: dict[str, Callable[[], object]] = {
        "all figures are drawn": lambda: shutil.rmtree(project / "cache"),
        "nothing has changed": lambda: None,
        "the code of one figure has changed": lambda: edit(project / EDITED_FILE),
    }
    build(project)
    taken: dict[str, list[tuple[float, float]]] = {kind: [] for kind in kinds}
    for count in range(ROUNDS):
        print(f"Build {count + 1} of {ROUNDS}.", file=sys.stderr)
        for kind, prepare in kinds.items():
            prepare()
            taken[kind].append(build(project))
    rows = []
    for kind, pairs in taken.items():
        wall, cpu = zip(*pairs, strict=True)
        rows.append(f"| {kind} | {median(wall):.1f} s | {median(cpu):.1f} s |")
    head = "| Build | Wall time | CPU time |\n| --- | ---: | ---: |"
    return "\n".join([head, *rows])


def edit(path: Path) -> None:
    """Change code without changing its behaviour."""
    path.write_text(f"{path.read_text()}# Edited.\n")


def build(project: Path) -> tuple[float, float]:
    """The wall time and the CPU time of a build with its processes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet"],
        cwd=project,
        env={
            **os.environ,
            "LSTM_FIGS_CACHE": str(project / "cache"),
            "NO_MKDOCS_2_WARNING": "1",
            "PYTHONPATH": str(project),
        },
        check=True,
    )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, sum(after[:2]) - sum(before[:2])
