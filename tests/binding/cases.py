"""The figures that are bound, and the tensors that they are drawn of."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import lstm_figs
from lstm_figs.command.request import parse_header
from lstm_figs.figures import CATALOG, LEARNED, SHEETS, TRAINED
from tests import sources
from tests.binding import specs
from tests.binding.drawing import Drawing, drawing

PACKAGE = Path(lstm_figs.__file__).parent


def _code(section: str, module: str) -> str:
    """The code of a figure: a file, or a folder of them."""
    directory = PACKAGE / section
    file = directory / f"{module}.py"
    files = [file] if file.exists() else (directory / module).rglob("*.py")
    return "".join(path.read_text() for path in files)


BOUND = [
    name
    for section, catalogue in (("figures", CATALOG), ("sheets", SHEETS))
    for name, module_path in catalogue.paths.items()
    if "Head(" in _code(section, module_path.partition(".")[0])
]
"""Figures and sheets whose words are bound: those that have a `Head`."""


def widths_of(figure: str) -> tuple[int, ...]:
    """The widths that a figure is held in; a sheet has one, its own."""
    return (720,) if figure in SHEETS else (720, 360)


OPTIONS: dict[str, tuple[str, ...]] = specs.constants("OPTIONS")
"""Figures that draw or say other things with an option, and that option."""


def forms_of(figure: str) -> tuple[str, ...]:
    """What is drawn of every case: a figure alone, and with an option."""
    return (figure, *OPTIONS.get(figure, ()))


DEFAULT = "what it shows by itself"

ADDITIONAL_CASES = {
    "400 steps": sources.from_sizes(2, 3, seq_len=400),
    "400 steps backwards": sources.from_sizes(2, 3, seq_len=400, bidirectional=True, reverse=True),
    "a network with five answers": sources.from_readout_file(
        "one", "another", "a third", "one with a name that is long", "a fifth"
    ),
    # One unit keeps and adds all that it can, so that nothing is as large as
    # its c, and there is one step more than some narrow forms have room for.
    "an example that was changed": sources.from_options(
        seq_len=6,
        set=(
            *("lstm.weight_hh_l0[0,1]=-2.5", "x[1,0,2]=0.5", "c_0[0,0,1]=-1"),
            *(f"lstm.bias_ih_l0[{row}]=9" for row in (0, 2, 4)),
        ),
    ),
}
"""What folds or says more than what all figures are drawn of."""

CASES = (DEFAULT, *ADDITIONAL_CASES, *sources.SOURCES)

VARIANTS: dict[str, tuple[str, ...]] = specs.constants("VARIANTS")
"""Figure -> what else it draws of the example, as it is typed."""

REFUSED: dict[str, tuple[str, ...]] = specs.constants("REFUSED")
"""Figure -> the cases that are beyond its own limit."""


def cases_of(figure: str) -> list[str]:
    """What a figure is drawn of; a sheet, of its own source alone.

    So is a figure of a training, whose moments no other source has.
    """
    if figure in SHEETS or figure in LEARNED:
        return [DEFAULT, *VARIANTS.get(figure, ())]
    # That is what it shows by itself.
    own_case = "the bracket network" if figure in TRAINED else "the example"
    without = own_case, *REFUSED.get(figure, ())
    cases = [name for name in CASES if name not in without]
    return [*cases, *VARIANTS.get(figure, ())]


CHOSEN = Path(__file__).with_name("chosen.txt")
"""The cases of each figure that run its code; `tests.binding.choose` writes
it."""

ALWAYS = (
    *("65 inputs, 65 units", "60 steps", "nine steps and sequences"),
    "a weight that is not a number",
)
"""What every figure is drawn of: what folds, what hardly does, and NaN."""


def always_drawn(figure: str) -> list[str]:
    """The cases that a figure is drawn of whatever runs its code."""
    selected = DEFAULT, *ALWAYS, *VARIANTS.get(figure, ())
    return [name for name in cases_of(figure) if name in selected]


@cache
def chosen_cases() -> dict[str, tuple[str, ...]]:
    """Figure -> the other cases that run all of its code."""
    lines = CHOSEN.read_text(encoding="utf-8").splitlines()
    pairs = (line.split(":", 1) for line in lines if line[:1] != "#")
    return {name: tuple(filter(None, cases.strip().split("; "))) for name, cases in pairs}


def selected_cases(figure: str) -> list[str]:
    """The cases of a figure that are drawn on a push."""
    selected = {*always_drawn(figure), *chosen_cases().get(figure, ())}
    return [name for name in cases_of(figure) if name in selected]


@cache
def folder() -> Path:
    """Where weights files of cases are."""
    return Path(mkdtemp())


@cache
def _additional_case(case: str) -> sources.Case:
    return ADDITIONAL_CASES[case](folder())


def case(name: str) -> sources.Case:
    """The tensors of one of `CASES` but the first."""
    return _additional_case(name) if name in ADDITIONAL_CASES else sources.case(name, folder())


def parse_form(form: str) -> tuple[str, dict[str, int | str]]:
    """A figure and its options.

    >>> parse_form("cell-input unit=0")
    ('cell-input', {'unit': 0})
    """
    name, *pairs = form.split()
    split = (pair.partition("=") for pair in pairs)
    return name, {k: int(v) if v.isdecimal() else v for k, _, v in split}


def options(form: str, name: str) -> str:
    """The options of a figure in a case, as they are typed.

    >>> options("cell-input unit=0", DEFAULT), options("packed", "--lengths 1")
    ('--unit 0', '--lengths 1')
    """
    if name.startswith("--"):
        return name
    return " ".join(f"--{key} {value}" for key, value in parse_form(form)[1].items())


def own_names(name: str) -> dict[str, Any]:
    """What a reader has whose preamble names no file, by its names there."""
    if name == DEFAULT or name.startswith("--"):
        return {}
    return dict(case(name).own)


def draw_case(figure: str, name: str, width: int) -> lstm_figs.Figure:
    """One figure of one case."""
    plain, options = parse_form(figure)
    if name == DEFAULT:
        return lstm_figs.draw(plain, width=width, **options)
    if name.startswith("--"):
        return replace(parse_header(f"{plain} {name}"), width=width).draw()
    tensors = case(name)
    if tensors.source is None:
        return tensors.draw(plain, width=width, **options)
    return tensors.draw(plain, width=width, options=tuple(options.items()))


@cache
def svg(figure: str, name: str, width: int) -> str:
    """It as an SVG."""
    return draw_case(figure, name, width).render("svg", "light").decode()


def read(figure: str, name: str, width: int) -> Drawing:
    """It as a drawing."""
    return drawing(svg(figure, name, width), own_names(name))
