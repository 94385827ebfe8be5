"""Compare all drawings with what they were at another commit.

Every figure is drawn in every form, of every case and in both widths, by the
code and of the cases that each commit has.
"""

import difflib
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).parents[1]

FOLDER = "FOLDER"
"""What a drawing has in place of the folder of the files it was drawn from."""

PRINTED_MARKS = 6
"""Changed marks that are printed of a figure."""


def draw(name: str, out: str) -> None:
    """Draw all of one figure into a folder, a file a drawing."""
    from tests.binding import cases

    for form in cases.forms_of(name):
        for case in cases.cases_of(name):
            for width in cases.widths_of(name):
                svg = cases.svg(form, case, width)
                # Where files of weights are differs from run to run.
                text = svg.replace(str(cases.folder()), FOLDER)
                path = Path(out, name, f"{drawing_name(form, case, width)}.svg")
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")


def drawing_name(form: str, case: str, width: int) -> str:
    """The name of a drawing; a case may name files, which lie in folders."""
    return f"{form}, {case}, {width}".replace("/", "∕")


def draw_all(out: str, *names: str) -> None:
    """Draw all figures or some, on all cores."""
    from lstm_figs.figures import CATALOG, SHEETS

    all_names = (*CATALOG, *SHEETS)
    chosen = [name for name in all_names if name in (names or all_names)]
    with get_context("spawn").Pool(os.cpu_count()) as pool:
        pool.starmap(draw, [(name, out) for name in chosen], chunksize=1)


def drawings(checkout: Path, out: Path, *names: str) -> dict[str, Path]:
    """What a checkout draws, by figure, form, case and width.

    Args:
        checkout: Where the code is.
        out: Where the drawings go.
        names: The figures; all without any.
    """
    out.mkdir()
    subprocess.run(
        [sys.executable, "-m", "tests.compare_drawings", "--draw", out, *names],
        cwd=checkout,
        env={
            **os.environ,
            "PYTHONPATH": str(checkout),
            "PYTHONWARNINGS": "ignore",
            "OMP_NUM_THREADS": "1",
        },
        check=True,
    )
    return {str(p.relative_to(out)): p for p in out.rglob("*.svg")}


def changes(before: Path, after: Path) -> list[str]:
    """The marks that differ between two drawings."""
    old, new = (
        path.read_text(encoding="utf-8").replace("><", ">\n<").splitlines()
        for path in (before, after)
    )
    lines = difflib.unified_diff(old, new, n=0, lineterm="")
    return [line for line in lines if line[:2] not in {"--", "++", "@@"}]


def compare(old: dict[str, Path], new: dict[str, Path]) -> int:
    """Print what differs, figure by figure; the exit status."""
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
def checkout(commit: str) -> Iterator[Path]:
    """The files of a commit, for a while.

    Raises:
        subprocess.CalledProcessError: If git has no such commit.
    """
    git = ["git", "-C", ROOT, "worktree"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "checkout")
        added = [*git, "add", "--quiet", "--detach", folder, commit]
        subprocess.run(added, check=True)
        try:
            # The script may be newer than the commit.
            (folder / "tests" / "compare_drawings.py").write_bytes(Path(__file__).read_bytes())
            yield folder
        finally:
            subprocess.run([*git, "remove", "--force", folder], check=True)


def main(commit: str = "HEAD") -> int:
    """Draw all of both, and compare."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            with checkout(commit) as before:
                old = drawings(before, folder / "old")
        except subprocess.CalledProcessError:
            return 2
        return compare(old, drawings(ROOT, folder / "new"))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--draw"]:
        draw_all(*sys.argv[2:])
    else:
        sys.exit(main(*sys.argv[1:2]))
