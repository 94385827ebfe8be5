"""Figures of the kinds of modules that other tests lack."""

import pytest
import torch
from torch.nn.utils.rnn import pack_sequence

import lstm_figs
from lstm_figs.errors import BeyondLimit
from lstm_figs.figures import WHOLE_MODULE
from tests.live_modules import Live
from tests.proof import NUMBERLESS, prove, svg_of
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
"""Kinds of modules missing in `tests.sources`, as different as possible, with the
layer and direction that is drawn.
"""


@every_figure
@pytest.mark.parametrize(("case", "part"), UNLIKE_FORMS)
def test_every_number_is_proven_whatever_the_form_of_the_module(name, case, part):
    namespace = case.make()
    trace = lstm_figs.trace(*namespace.values())
    part = trace.weights[part]
    chosen = (
        {}
        if name in WHOLE_MODULE
        else {"layer": part.layer, "reverse": part.direction == "reverse"}
    )
    if name == "gru" and part.proj_size:
        with pytest.raises(BeyondLimit, match="without a projection"):
            lstm_figs.draw(name, trace, **chosen)
        return
    figure = lstm_figs.draw(name, trace, **chosen)
    assert prove(svg_of(figure), namespace) == len(figure.numbers())
    assert figure.numbers() or name in NUMBERLESS
    narrow = lstm_figs.draw(name, trace, width=360, **chosen)
    assert prove(svg_of(narrow), namespace) == len(narrow.numbers())


def test_the_longest_of_packed_sequences_is_drawn():
    torch.manual_seed(4)
    module = torch.nn.LSTM(3, 2, batch_first=True)
    sequences = [torch.randn(length, 3) for length in (2, 4, 3)]
    packed = pack_sequence(sequences, enforce_sorted=False)
    hx = tuple(torch.randn(2, 1, 3, 2))
    figure = lstm_figs.draw("unrolled", lstm_figs.trace(module, packed, hx))
    figure_values = {n.id: n.number.value.item() for n in figure.numbers()}
    alone = module(sequences[1][None], tuple(s[:, 1:2] for s in hx))[0]
    for t in range(4):
        assert figure_values[f"h-{t}-0"] == pytest.approx(alone[0, t, 0].item(), abs=1e-6)
    assert "The longest of 3 packed sequences." in figure.scene.heading.source.text


@pytest.mark.parametrize(
    ("layer", "reverse", "sentence"),
    [
        (
            0,
            False,
            "half of what the layer above receives. The last h and c are h_n[0] and c_n[0].",
        ),
        (1, True, "half of the output of its step. The last h and c are h_n[3] and c_n[3]."),
    ],
)
def test_unrolled_says_where_the_states_of_a_stack_go(layer, reverse, sentence):
    module = torch.nn.LSTM(3, 2, num_layers=2, bidirectional=True)
    trace = lstm_figs.trace(module, torch.randn(4, 1, 3))
    figure = lstm_figs.draw("unrolled", trace, layer=layer, reverse=reverse)
    assert f"Each h is {sentence}" in svg_of(figure)
