"""The figures to check, and the tensors that each is drawn with."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from torch.nn import LSTMCell

import lstm_figs
from lstm_figs.command.request import parse_header
from lstm_figs.figures import CATALOG, LEARNED, SHEETS, TRAINED
from tests import sources
from tests.binding import specs
from tests.binding.drawing import drawing
from tests.proof import svg_of

PACKAGE = Path(lstm_figs.__file__).parent


def _code(section, module):
    """The source of a figure: one file, or all files of its folder."""
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
"""Figures and sheets with bound words: those that have a `Head`."""


def widths_of(figure):
    """The widths to check; a sheet has a single width."""
    return (720,) if figure in SHEETS else (720, 360)


OPTIONS: dict[str, tuple[str, ...]] = specs.constants("OPTIONS")
"""Figure -> the options that change what it draws or says."""


def versions_of(figure):
    """A figure without options and with each option, such as `cell-input unit=0`."""
    return (figure, *OPTIONS.get(figure, ()))


DEFAULT = "its default source"
"""The case without options: what `lstm-figs draw NAME` draws."""

ADDITIONAL_CASES = {
    "400 steps": sources.from_sizes(2, 3, seq_len=400),
    "400 steps backwards": sources.from_sizes(2, 3, seq_len=400, bidirectional=True, reverse=True),
    "a network with five answers": sources.from_readout_file(
        "one", "another", "a third", "one with a name that is long", "a fifth"
    ),
    # One unit keeps and adds as much as it can, so that no value is as large as its c.
    # One more step than some narrow forms have space for.
    "an example that was changed": sources.from_options(
        seq_len=6,
        set=(
            *("lstm.weight_hh_l0[0,1]=-2.5", "x[1,0,2]=0.5", "c_0[0,0,1]=-1"),
            *(f"lstm.bias_ih_l0[{row}]=9" for row in (0, 2, 4)),
        ),
    ),
    "a cell with an open gate": sources.from_weights_file(
        ".pt", lambda: LSTMCell(3, 2), set=("cell.bias_ih[0]=9",)
    ),
    "a cell with open gates": sources.from_weights_file(
        ".pt", lambda: LSTMCell(3, 2), set=[f"cell.bias_ih[{row}]=9" for row in (0, 1, 2, 3, 6, 7)]
    ),
}
"""Additional cases that are folded or have more text than the shared ones."""

CASES = (DEFAULT, *ADDITIONAL_CASES, *sources.SOURCES)

VARIANTS: dict[str, tuple[str, ...]] = specs.constants("VARIANTS")
"""Figure -> additional command-line options to draw it with."""

REFUSED: dict[str, tuple[str, ...]] = specs.constants("REFUSED")
"""Figure -> the cases that exceed its limits."""


def cases_of(figure):
    """The cases that a figure is drawn with.

    A sheet has only its own source. So does a figure of training, because no
    other source has snapshots.
    """
    if figure in SHEETS or figure in LEARNED:
        return [DEFAULT, *VARIANTS.get(figure, ())]
    # The default source is that of the example, or of the network that the figure needs.
    # If it is one of the cases, skip that.
    own_case = {None: "the example", "brackets": "the bracket network"}.get(TRAINED.get(figure))
    without = own_case, *REFUSED.get(figure, ())
    cases = [name for name in CASES if name not in without]
    return [*cases, *VARIANTS.get(figure, ())]


CHOSEN = Path(__file__).with_name("chosen.txt")
"""File with the cases of each figure that cover its code.

`tests.binding.choose` writes it.
"""

ALWAYS = (
    *("65 inputs, 65 units", "60 steps", "nine steps and sequences"),
    "a weight that is not a number",
)
"""Cases for every figure: folded, barely unfolded, and with NaN."""


def always_drawn(figure):
    """The cases that a figure is always drawn with, whatever code they run."""
    selected = DEFAULT, *ALWAYS, *VARIANTS.get(figure, ())
    return [name for name in cases_of(figure) if name in selected]


@cache
def chosen_cases():
    """Figure -> the additional cases that cover its code."""
    lines = CHOSEN.read_text("utf-8").splitlines()
    pairs = (line.split(":", 1) for line in lines if line[:1] != "#")
    return {name: tuple(filter(None, cases.strip().split("; "))) for name, cases in pairs}


def selected_cases(figure):
    """The cases that a figure is drawn with on a push."""
    selected = {*always_drawn(figure), *chosen_cases().get(figure, ())}
    return [name for name in cases_of(figure) if name in selected]


@cache
def folder():
    """A temporary folder for the weight files of cases."""
    return Path(mkdtemp())


@cache
def _additional_case(case):
    return ADDITIONAL_CASES[case](folder())


def case(name):
    """The tensors of a case other than the default."""
    return _additional_case(name) if name in ADDITIONAL_CASES else sources.case(name, folder())


def parse_version(version):
    """Split a version of a figure into its name and options.

    >>> parse_version("cell-input unit=0")
    ('cell-input', {'unit': 0})
    """
    name, *pairs = version.split()
    split = (pair.partition("=") for pair in pairs)
    return name, {k: int(v) if v.isdecimal() else v for k, _, v in split}


def options(version, name):
    """The command-line options of a version in a case.

    >>> options("cell-input unit=0", DEFAULT), options("packed", "--lengths 1")
    ('--unit 0', '--lengths 1')
    """
    if name.startswith("--"):
        return name
    return " ".join(f"--{key} {value}" for key, value in parse_version(version)[1].items())


def own_names(name):
    """Variables that the reader supplies if the preamble names no file."""
    if name == DEFAULT or name.startswith("--"):
        return {}
    return dict(case(name).own)


def draw_case(figure, name, width):
    figure_name, options = parse_version(figure)
    if name == DEFAULT:
        return lstm_figs.draw(figure_name, width=width, **options)
    if name.startswith("--"):
        return replace(parse_header(f"{figure_name} {name}"), width=width).draw()
    tensors = case(name)
    # `lstm_figs.draw` takes options as keywords, a request as pairs.
    if tensors.source is None:
        return tensors.draw(figure_name, width=width, **options)
    return tensors.draw(figure_name, width=width, options=tuple(options.items()))


@cache
def svg(figure, name, width):
    return svg_of(draw_case(figure, name, width))


def read(figure, name, width):
    return drawing(svg(figure, name, width), own_names(name))
