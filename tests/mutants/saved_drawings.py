"""The outcome of a fault, by all checks of figures."""

import hashlib

from tests.binding import parts
from tests.binding.cases import DEFAULT, case, cases_of, draw_case, folder, own_names, widths_of
from tests.binding.inspection import inspect_figure
from tests.mutants.differences import kind
from tests.mutants.trial import is_seen


def drawing_path(saved, figure, name, width):
    key = hashlib.sha256(name.encode()).hexdigest()[:12]
    return saved / f"{figure}-{key}-{width}.svg"


def save_drawings(saved, figures):
    """Save the drawings of figures, which must pass all checks."""
    for figure in figures:
        for name in cases_of(figure):
            drawings = {w: draw_case(figure, name, w) for w in widths_of(figure)}
            if red := _first_problem(drawings, figure, name):
                raise SystemExit(f"{figure}, {name}: {red}")
            for width, drawing in drawings.items():
                drawing_path(saved, figure, name, width).write_text(_svg(drawing))


def outcome_of(saved, figures):
    """`same`, `layout`, `killed` or `survived`, the first case that differs, its check."""
    outcome, where = "same", ""
    for figure in figures:
        for name in cases_of(figure):
            try:
                differs, red = _compare(saved, figure, name)
            except Exception as error:
                if not is_seen(error):
                    error.add_note(f"{figure}, {name}")
                    raise
                return "killed", f"{figure}, {name}: {error!r}"
            what = f"{figure}, {name}: "
            if red:
                return "killed", what + red
            if differs != "same" and (outcome == "same" or differs == "says"):
                where = where if outcome == "says" else what
                outcome = differs
    return "survived" if outcome == "says" else outcome, where


def _compare(saved, figure, name):
    """How a figure differs in one case, and which check fails."""
    drawings = {width: draw_case(figure, name, width) for width in widths_of(figure)}
    kinds = {
        kind(drawing_path(saved, figure, name, width).read_text(), _svg(drawing))
        for width, drawing in drawings.items()
    }
    differs = next((k for k in ("says", "layout") if k in kinds), "same")
    red = "" if differs == "same" else _first_problem(drawings, figure, name)
    return differs, red


def _svg(figure):
    """An SVG without the folder of the weights in this process."""
    svg = figure.render("svg", "light").decode()
    return svg.replace(str(folder()), "")


def _first_problem(drawings, figure, name):
    """The first failed check of a figure in both widths."""
    is_own = name == DEFAULT or name.startswith("--")
    wrong = inspect_figure(
        figure,
        drawings.__getitem__,
        own_names(name),
        has_command=is_own or case(name).source is not None,
        section=parts.section_of(figure, name),
    ).problems
    return str(wrong[0]) if wrong else ""
