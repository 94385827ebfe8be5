"""What has become of a fault, seen by all that the tests check of figures."""

import hashlib
from pathlib import Path

from lstm_figs import Figure
from tests.binding import parts
from tests.binding.cases import DEFAULT, case, cases_of, drawn, folder, own, widths_of
from tests.binding.whole import looked_at
from tests.mutants.differences import kind
from tests.mutants.trial import is_seen


def place(kept: Path, figure: str, name: str, width: int) -> Path:
    """Where a drawing without the fault is kept."""
    key = hashlib.sha256(name.encode()).hexdigest()[:12]
    return kept / f"{figure}-{key}-{width}.svg"


def keep(kept: Path, figures: list[str]) -> None:
    """Keep the drawings of figures, of which no check is red."""
    for figure in figures:
        for name in cases_of(figure):
            made = {w: drawn(figure, name, w) for w in widths_of(figure)}
            if red := _red(made, figure, name):
                raise SystemExit(f"{figure}, {name}: {red}")
            for width, one in made.items():
                place(kept, figure, name, width).write_text(_svg(one))


def tried(kept: Path, figures: list[str]) -> tuple[str, str]:
    """What has become of the fault.

    Returns:
        `same`, `layout`, `killed` or `survived`, and which case was the first
        to differ, with what was red in it.
    """
    found, where = "same", ""
    for figure in figures:
        for name in cases_of(figure):
            try:
                differs, red = _looked(kept, figure, name)
            except Exception as error:
                if not is_seen(error):
                    error.add_note(f"{figure}, {name}")
                    raise
                return "killed", f"{figure}, {name}: {error!r}"
            what = f"{figure}, {name}: "
            if red:
                return "killed", what + red
            if differs != "same" and (found == "same" or differs == "says"):
                where = where if found == "says" else what
                found = differs
    return "survived" if found == "says" else found, where


def _looked(kept: Path, figure: str, name: str) -> tuple[str, str]:
    """How much a figure differs in one case, and what is red in it."""
    made = {width: drawn(figure, name, width) for width in widths_of(figure)}
    kinds = {
        kind(place(kept, figure, name, width).read_text(), _svg(one)) for width, one in made.items()
    }
    differs = next((k for k in ("says", "layout") if k in kinds), "same")
    red = "" if differs == "same" else _red(made, figure, name)
    return differs, red


def _svg(figure: Figure) -> str:
    """An SVG without the folder that holds the weights of this process."""
    svg = figure.render("svg", "light").decode()
    return svg.replace(str(folder()), "")


def _red(made: dict[int, Figure], figure: str, name: str) -> str:
    """The first that is wrong with a figure in both widths, as in its tests."""
    is_own = name == DEFAULT or name.startswith("--")
    wrong = looked_at(
        figure,
        made.__getitem__,
        own(name),
        has_command=is_own or case(name).source is not None,
        parts_of=parts.told_of(figure, name),
    ).wrong
    return str(wrong[0]) if wrong else ""
