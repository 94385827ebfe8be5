"""Figures of a whole module: all layers, directions and axes."""

import pytest

import lstm_figs as lf
from lstm_figs import cli
from lstm_figs.errors import UsageError
from lstm_figs.figures import WHOLE_MODULE
from lstm_figs.sources import Source
from tests.layout_faults import faults
from tests.proof import metadata, prove, read

every_whole = pytest.mark.parametrize("name", sorted(WHOLE_MODULE))


@every_whole
def test_a_part_of_the_module_is_refused(name):
    trace = Source(3, 2, num_layers=2, bidirectional=True).trace()
    with pytest.raises(UsageError, match="shows the whole module"):
        lf.draw(name, trace, layer=1)
    with pytest.raises(UsageError, match="shows the whole module"):
        lf.draw(name, trace, reverse=True)


def test_all_draws_figures_of_a_layer_and_of_the_whole_module(tmp_path):
    sizes = "--input-size 2 --hidden-size 2 --num-layers 2 --layer 1"
    words = ["draw", "all", *sizes.split(), "--out", str(tmp_path)]
    assert cli.main(words) == 0
    for name in WHOLE_MODULE:
        svg = (tmp_path / f"{name}.svg").read_text("utf-8")
        assert "--layer" not in metadata(read(svg))["command"]
        assert prove(svg) > 0


@every_whole
@pytest.mark.parametrize(
    ("num_layers", "bidirectional", "hidden_size", "seq_len"),
    [
        *((1, True, 1, 1), (2, False, 9, 5), (4, True, 8, 4)),
        *((12, True, 1, 9), (12, False, 9, 1), (6, True, 70, 12)),
    ],
)
def test_any_layers_steps_and_units_fit_and_are_proven(
    name, num_layers, bidirectional, hidden_size, seq_len
):
    form = {"num_layers": num_layers, "bidirectional": bidirectional, "seq_len": seq_len}
    trace = Source(3, hidden_size, batch_size=3, **form).trace()
    for width in (720, 360):
        figure = lf.draw(name, trace, width=width)
        svg = figure.render("svg", "auto").decode()
        assert len(svg) < 300_000
        assert figure.sheet.width <= width
        assert faults(figure.sheet) == []
        assert prove(svg) == len(figure.numbers()) > 0
