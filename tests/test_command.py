"""The command in each figure draws the same figure."""

import contextlib
import io
import shlex
import sys
from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest

import lstm_figs
from lstm_figs import cli
from lstm_figs.command.request import Request, parse_header
from lstm_figs.errors import LstmFigsError
from lstm_figs.figures import CATALOG
from lstm_figs.figures.gate_order import gate_order
from lstm_figs.proof.bindings import Sentence
from lstm_figs.sources import Source
from tests.proof import metadata, read, svg_of
from tests.request_cases import requests
from tests.sources import every_figure


def test_all_is_not_proposed_where_a_block_has_one_figure():
    expected = "^unknown figure 'al', expected one of autograd, .*, wrong-way$"
    with pytest.raises(LstmFigsError, match=expected):
        parse_header("al")


def run(command, *more):
    """What a command of a figure writes to stdout."""
    program, *words = shlex.split(command)
    assert program == "lstm-figs"
    out = io.TextIOWrapper(io.BytesIO())
    with contextlib.redirect_stdout(out):
        assert cli.main([*words, *more]) == 0
        out.flush()
    return out.buffer.getvalue()


WIDTHS = (360, 600, 720, 720)
"""The widths for the second to the fifth request; the default one has no options."""


@every_figure
def test_the_command_of_a_figure_gives_the_same_figure(name):
    for request, width in zip(requests(name)[1:5], WIDTHS, strict=True):
        check_command(replace(request, width=width))


def check_command(request):
    """Check that the command in a figure draws the same figure."""
    figure = request.draw()
    on_page = figure.render("svg", "page").decode()
    command = metadata(read(on_page))["command"]
    again = run(command, "--out", "-").decode()
    assert again == figure.render("svg", "auto").decode()
    assert metadata(read(again)) == metadata(read(on_page))


@pytest.mark.parametrize(
    "file", ["x.npy", "a b'\".npy", "-x.npy", "\udcff.npy", "\ufffe\x01é.npy", "&<>.npy"]
)
def test_a_command_names_its_input_file_as_it_was_typed(file, folder):
    np.save(file, np.ones((2, 3), np.float32))
    svg = run("lstm-figs draw unrolled --out -", f"--input={file}").decode()
    figure_metadata = metadata(read(svg))
    assert run(figure_metadata["command"], "--out", "-").decode() == svg


def test_a_command_has_what_is_not_a_default():
    same = Request("unrolled", Source(seq_len=4, batch_size=1), "unrolled")
    assert same.command() == "lstm-figs draw unrolled"
    source = Source(3, 2, 7, seq_len=5, batch_size=2)
    request = Request("four-weights", source, "own", 360, (("step", 1), ("unit", 1)))
    assert request.command() == (
        "lstm-figs draw four-weights --input-size 3 --hidden-size 2 "
        "--seed 7 --seq-len 5 --batch-size 2 --unit 1 --width 360 --id own"
    )
    assert "--seed" not in Request("unrolled", Source(3, 2, 0)).command()


def test_an_option_can_be_a_decimal(monkeypatch):
    def above(subject, width, *, limit: float = 0.5):
        """Which gates are open.

        Args:
            subject: Tensors.
            width: Pixels.
            limit: The value from which a gate is open.
        """
        drawing = gate_order(subject, width)
        title = Sentence(f"Open above {limit:g}")
        return drawing._replace(heading=drawing.heading._replace(title=title))

    module = ModuleType("lstm_figs.figures.above")
    module.above = above
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(CATALOG.paths, "above", "above.above")
    trace = Source().trace()
    figure = lstm_figs.draw("above", trace, limit=0.25)
    assert figure.title == "Open above 0.25"
    asked = parse_header("above --limit 0.250").draw()
    assert asked.title == figure.title
    command = metadata(read(svg_of(asked)))["command"]
    assert command == "lstm-figs draw above --limit 0.25"
    for wrong in (True, "0.5", float("nan"), float("inf")):
        with pytest.raises(LstmFigsError, match="expected a number; pass a float"):
            lstm_figs.draw("above", trace, limit=wrong)
    for wrong in ("much", "nan", "1e9"):
        with pytest.raises(LstmFigsError, match=f"got '{wrong}', expected a numb"):
            parse_header(f"above --limit {wrong}")
