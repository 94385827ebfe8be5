"""Try one fault: `python -m tests.mutants.trial BEFORE FIGURE…`.

Runs in a copy of the project in which the fault has been made. BEFORE is a
folder of the drawings without it; with `--draw` they are made. Prints what has
become of the fault as JSON.
"""

import hashlib
import json
import sys
import warnings
from pathlib import Path

from tests import sheets
from tests.binding import parts
from tests.binding.cases import (
    BOUND,
    cases_of,
    drawn,
    folder,
    own,
    widths_of,
)
from tests.binding.checking import faults
from tests.binding.drawing import drawing
from tests.mutants.differences import kind
from tests.proving import prove_with


def place(kept: Path, figure: str, name: str, width: int) -> Path:
    """Where a drawing without the fault is kept."""
    key = hashlib.sha256(name.encode()).hexdigest()[:12]
    return kept / f"{figure}-{key}-{width}.svg"


def keep(kept: Path, figures: list[str]) -> None:
    """Keep the drawings of figures, of which no proof is red."""
    for figure in figures:
        for name in cases_of(figure):
            for width in widths_of(figure):
                svg, red = _drawn(figure, name, width)
                if red := red or _red(svg, figure, name, width):
                    raise SystemExit(f"{figure}, {name}, {width}: {red}")
                place(kept, figure, name, width).write_text(_anywhere(svg))


def tried(kept: Path, figures: list[str]) -> tuple[str, str]:
    """What has become of the fault.

    Returns:
        `same`, `layout`, `killed` or `survived`, and which case was the first
        to differ, with what was red in it.
    """
    found, where = "same", ""
    for figure in figures:
        for name in cases_of(figure):
            for width in widths_of(figure):
                what = f"{figure}, {name}, {width}: "
                try:
                    svg, red = _drawn(figure, name, width)
                    before = place(kept, figure, name, width).read_text()
                    differs = kind(before, _anywhere(svg))
                    if differs == "same":
                        continue
                    red = red or _red(svg, figure, name, width)
                except Exception as error:  # Whatever is raised is seen.
                    return "killed", f"{what}{error!r}"
                if red:
                    return "killed", what + red
                if found == "same" or differs == "says":
                    where = where if found == "says" else what
                    found = differs
    return "survived" if found == "says" else found, where


def _drawn(figure: str, name: str, width: int) -> tuple[str, str]:
    """An SVG, and what is wrong with its sheet."""
    one = drawn(figure, name, width)
    wrong = sheets.faults(one.sheet, width)
    return one.render("svg", "light").decode(), str(wrong[0]) if wrong else ""


def _anywhere(svg: str) -> str:
    """An SVG without the folder that holds the weights of this process."""
    return svg.replace(str(folder()), "")


def _red(svg: str, figure: str, name: str, width: int) -> str:
    """What a proof says of an SVG."""
    read = drawing(svg, own(name))
    try:
        prove_with(read.root, read.namespace)
    except AssertionError as error:
        return str(error)
    wrong = faults(read) if figure in BOUND else []
    told = parts.told_of(figure, name)
    if figure in BOUND and told is not None:
        wrong += parts.faults(read, width, told)
    return wrong[0] if wrong else ""


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    *options, before, figures = sys.argv[1:]
    chosen = figures.split(",")
    if options:
        keep(Path(before), chosen)
    else:
        print(json.dumps(tried(Path(before), chosen)))
