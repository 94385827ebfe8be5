"""Compare all drawings with those of a different commit.

Every figure is drawn in every version, for every case, at both widths. Each commit
draws its own cases with its own code.
"""

import difflib
import hashlib
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).parents[1]

FOLDER = "FOLDER"
"""Replaces the path of the folder with the weights files in a drawing."""

PRINTED_MARKS = 6
"""How many changed lines of a drawing are printed."""


def draw(name, out, *names):
    """Draw a figure into a folder, one file per drawing.

    `names` selects drawings, and those that raise an error are left out. Without names,
    all are drawn, and none may raise one.
    """
    from tests.binding import cases

    for version in cases.versions_of(name):
        for case in cases.cases_of(name):
            for width in cases.widths_of(name):
                file = drawing_name(version, case, width)
                if names and file not in names:
                    continue
                try:
                    svg = cases.svg(version, case, width)
                except Exception:
                    if not names:
                        raise
                    continue
                # The folder of weights files differs from run to run.
                text = svg.replace(str(cases.folder()), FOLDER)
                path = Path(out, name, f"{file}.svg")
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, "utf-8")


def drawing_name(version, case, width):
    """The file name of a drawing; a case may contain slashes, and be too long for a file."""
    name = f"{version}, {case}, {width}".replace("/", "∕")
    return name if len(name) < 150 else f"{name[:60]}… {hashlib.sha1(name.encode()).hexdigest()}"


def draw_all(out):
    """Draw every figure and sheet into a folder."""
    from lstm_figs.figures import CATALOG, SHEETS

    with get_context("spawn").Pool(os.cpu_count()) as pool:
        pool.starmap(draw, [(name, out) for name in (*CATALOG, *SHEETS)], chunksize=1)


def drawings(checkout, out):
    """Draw all figures with the code of a checkout: figure, version, case and width -> file."""
    _run(checkout, "--draw", out)
    return {str(p.relative_to(out)): p for p in out.rglob("*.svg")}


def some_drawings(checkout, out, figure, names):
    """Draw a part of a figure with the code of a checkout: drawing name -> file.

    Drawings that the code cannot draw are left out.
    """
    _run(checkout, "--draw-some", out, figure, *names)
    return {path.stem: path for path in out.rglob("*.svg")}


def _run(checkout, what, out, *words):
    out.mkdir()
    subprocess.run(
        [sys.executable, "-m", "tests.compare_drawings", what, out, *words],
        cwd=checkout,
        env=os.environ
        | {"PYTHONPATH": str(checkout), "PYTHONWARNINGS": "ignore", "OMP_NUM_THREADS": "1"},
        check=True,
    )


def changes(before, after):
    """The lines that differ between two drawings."""
    old, new = (
        path.read_text("utf-8").replace("><", ">\n<").splitlines() for path in (before, after)
    )
    lines = difflib.unified_diff(old, new, n=0, lineterm="")
    return [line for line in lines if line[:2] not in {"--", "++", "@@"}]


def compare(old, new):
    """Print how drawings differ, and return the exit status."""
    both = sorted(old.keys() & new.keys())
    changed = [k for k in both if old[k].read_bytes() != new[k].read_bytes()]
    by_figure = defaultdict(list)
    for key in changed:
        by_figure[key.partition("/")[0]].append(key)
    for name, keys in by_figure.items():
        marks = changes(old[keys[0]], new[keys[0]])
        print(f"\n{name}: {len(keys)} drawings differ, first {keys[0]}")
        print("\n".join(marks[:PRINTED_MARKS]))
        if len(marks) > PRINTED_MARKS:
            print(f"and {len(marks) - PRINTED_MARKS} lines more")
    for what, keys in (
        ("is drawn no more", old.keys() - new.keys()),
        ("is new", new.keys() - old.keys()),
    ):
        for key in sorted(keys):
            print(f"{key} {what}")
    print(f"{len(both) - len(changed)} drawings are the same.")
    print(f"{len(changed)} drawings differ.")
    return int(bool(changed or old.keys() ^ new.keys()))


@contextmanager
def checkout(commit):
    """A folder with the code of a commit."""
    git = ["git", "-C", ROOT, "worktree"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "checkout")
        added = [*git, "add", "--quiet", "--detach", folder, commit]
        subprocess.run(added, check=True)
        try:
            # This script may be newer than the commit.
            (folder / "tests" / "compare_drawings.py").write_bytes(Path(__file__).read_bytes())
            yield folder
        finally:
            subprocess.run([*git, "remove", "--force", folder], check=True)


def main(commit="HEAD"):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            with checkout(commit) as before:
                old = drawings(before, folder / "old")
        except subprocess.CalledProcessError:
            return 2
        return compare(old, drawings(ROOT, folder / "new"))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--draw", out]:
            draw_all(out)
        case ["--draw-some", out, name, *names]:
            draw(name, out, *names)
        case words:
            sys.exit(main(*words))
