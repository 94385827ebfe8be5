"""Figures of the kinds of modules that other tests lack."""

import pytest

import lstm_figs
from lstm_figs.errors import BeyondLimit
from lstm_figs.figures import WHOLE_MODULE
from tests.live_modules import Live
from tests.proof import NUMBERLESS, prove_all
from tests.sources import every_figure

UNLIKE_FORMS = [
    (
        Live(
            hidden_size=5,
            num_layers=3,
            bidirectional=True,
            proj_size=4,
            bias=False,
            batch_first=True,
            dtype="float64",
            lengths=(3, 1, 5),
            has_state=True,
        ),
        3,
    ),
    (Live(hidden_size=1, num_layers=2, dropout=0.5, batch_first=True, batch_size=None), 1),
    (Live(cell=True, hidden_size=3, batch_size=2, bias=False, dtype="float64", has_state=True), 0),
]
"""Kinds of modules missing in `tests.sources`, with the index of the part that is drawn."""


@every_figure
@pytest.mark.parametrize(("case", "part"), UNLIKE_FORMS)
def test_every_number_is_proven_whatever_the_form_of_the_module(name, case, part):
    namespace = case.make()
    trace = lstm_figs.trace(*namespace.values())
    part = trace.weights[part]
    layer_options = {"layer": part.layer, "reverse": part.direction == "reverse"}
    layer_options = {} if name in WHOLE_MODULE else layer_options
    if name == "gru" and part.proj_size:
        with pytest.raises(BeyondLimit, match="without a projection"):
            lstm_figs.draw(name, trace, **layer_options)
        return
    for width in (720, 360):
        figure = lstm_figs.draw(name, trace, width=width, **layer_options)
        assert prove_all(figure, namespace) or name in NUMBERLESS
