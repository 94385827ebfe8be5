"""Compare the figure of classic mistakes with torch."""

import re

import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence

import lstm_figs
from lstm_figs import draw
from lstm_figs.figures.wrong_way import MISTAKES
from lstm_figs.sources import Source
from tests.binding.cases import DEFAULT, VARIANTS, read
from tests.binding.sentences import CROSS, TICK, sentences
from tests.layout_faults import faults
from tests.proof import prove

every_mistake = pytest.mark.parametrize("mistake", MISTAKES)


@pytest.fixture(scope="module")
def module_and_figures():
    """A bidirectional module, two sequences, and all figures of them."""
    torch.manual_seed(3)
    module = torch.nn.LSTM(3, 2, bidirectional=True)
    x = torch.randn(4, 2, 3)
    trace = lstm_figs.trace(module, x)
    figures = {
        name: {
            n.id: n.number.value.item() for n in draw("wrong-way", trace, mistake=name).numbers()
        }
        for name in MISTAKES
    }
    return module, x, figures


def forward_lstm(module, batch_first=False):
    """The forward direction alone."""
    lstm = torch.nn.LSTM(3, 2, batch_first=batch_first)
    lstm.load_state_dict({n: t for n, t in module.state_dict().items() if "reverse" not in n})
    return lstm


def side_matrix(values, name, blocks):
    """The numbers of a side as a matrix, a row for each sequence."""
    return torch.tensor(
        [[values[f"{name}-{row}-{n}-{k}"] for row in blocks for k in range(2)] for n in range(2)]
    )


def is_close(first, second):
    return torch.allclose(first, second.detach(), atol=1e-6)


def test_a_view_of_h_n_has_the_numbers_that_view_gives(module_and_figures):
    module, x, figures = module_and_figures
    h_n = module(x)[1][0]
    values = figures["h-n-view"]
    assert is_close(side_matrix(values, "wrong", (0, 1)), h_n.view(2, -1))
    right = h_n.transpose(0, 1).reshape(2, -1)
    assert is_close(side_matrix(values, "right", (0, 1)), right)
    assert not is_close(right, h_n.view(2, -1))


def test_the_last_of_h_n_has_the_reverse_state_alone(module_and_figures):
    module, x, figures = module_and_figures
    h_n = module(x)[1][0]
    values = figures["h-n-last"]
    assert is_close(side_matrix(values, "wrong", (1,)), h_n[-1])
    assert not any(id.startswith("wrong-0") for id in values)
    assert is_close(side_matrix(values, "right", (0, 1)), torch.cat([*h_n], dim=1))


def test_swapped_axes_have_the_numbers_of_a_module_that_takes_steps_first(module_and_figures):
    module, x, figures = module_and_figures
    values, swapped = figures["swapped-axes"], x.transpose(0, 1)
    wrong = forward_lstm(module)(swapped)[0][:, -1]
    right = forward_lstm(module, batch_first=True)(swapped)[0][:, -1]
    assert is_close(side_matrix(values, "wrong", (0,)), wrong)
    assert is_close(side_matrix(values, "right", (0,)), right)
    assert not is_close(wrong, right)


def test_padding_changes_the_state_of_the_shorter_sequence_alone(module_and_figures):
    module, x, figures = module_and_figures
    values, lstm = figures["padding"], forward_lstm(module)
    short = x[:, :1]
    long = torch.cat([short, short.roll(1, 0)])
    padded = torch.cat([long, torch.cat([short, 0 * short])], dim=1)
    wrong, right = (
        lstm(batch)[1][0][0] for batch in (padded, pack_padded_sequence(padded, [8, 4]))
    )
    assert is_close(side_matrix(values, "wrong", (0,)), wrong)
    assert is_close(side_matrix(values, "right", (0,)), right)
    assert is_close(wrong[0], right[0])
    assert not is_close(wrong[1], right[1])


def test_the_order_of_onnx_gives_other_numbers(module_and_figures):
    module, x, figures = module_and_figures
    values, lstm = figures["onnx-order"], forward_lstm(module)
    right = lstm(x)[1][0][0]
    i, f, g, o = range(4)
    lstm.load_state_dict(
        {
            name: torch.cat([tensor.chunk(4)[k] for k in (i, o, f, g)])
            for name, tensor in lstm.state_dict().items()
        }
    )
    wrong = lstm(x)[1][0][0]
    assert is_close(side_matrix(values, "wrong", (0,)), wrong)
    assert is_close(side_matrix(values, "right", (0,)), right)
    assert not is_close(wrong, right)


@pytest.mark.parametrize(("name", "second"), [("wrong", 1), ("right", 0)])
def test_two_forget_biases_are_added(module_and_figures, name, second):
    module, x, figures = module_and_figures
    values, cell = figures["forget-bias-twice"], torch.nn.LSTMCell(3, 2)
    cell.load_state_dict({n[:-3]: t for n, t in forward_lstm(module).state_dict().items()})
    with torch.no_grad():
        cell.bias_ih[2:4], cell.bias_hh[2:4] = 1, second
        # From c = 1 and without an input gate, c after a step is f.
        cell.bias_ih[:2] = -1e9
        state = torch.zeros(1, 2), torch.ones(1, 2)
        _, from_x = cell(x[0, :1], state)
        _, from_zero = cell(torch.zeros(1, 3), state)
    for column, expected in enumerate(
        ([1, 1], [second] * 2, [1 + second] * 2, from_zero[0], from_x[0])
    ):
        column_values = [values[f"{name}-0-{column}-{k}"] for k in range(2)]
        assert column_values == pytest.approx([float(e) for e in expected], abs=1e-6)


def test_setting_it_twice_is_the_sigmoid_of_two(module_and_figures):
    _, _, figures = module_and_figures
    values = figures["forget-bias-twice"]
    assert values["wrong-0-3-0"] == pytest.approx(torch.tensor(2.0).sigmoid())
    assert values["right-0-3-0"] == pytest.approx(torch.tensor(1.0).sigmoid())


SOURCES = {
    "one step": {"seq_len": 1},
    "many": {"seq_len": 12, "batch_size": 5, "hidden_size": 40},
    "one long sequence": {"seq_len": 12},
    "no bias": {"no_bias": True},
    "float64": {"dtype": "float64"},
}


@every_mistake
@pytest.mark.parametrize("case", SOURCES)
def test_every_mistake_can_be_made_of_any_module(mistake, case):
    sizes = {"input_size": 3, "hidden_size": 2} | SOURCES[case]
    trace = Source(**sizes).trace()
    for width in (720, 360):
        figure = draw("wrong-way", trace, mistake=mistake, width=width)
        assert prove(figure.render("svg", "light").decode())
        assert faults(figure.sheet) == []


@every_mistake
def test_a_mistake_is_marked_in_words_too(mistake):
    figure = draw("wrong-way", mistake=mistake)
    wrong, right = figure.description.partition(" Right: ")[::2]
    assert ", wrong" in wrong
    assert ", wrong" not in right


def test_what_was_made_is_said():
    def notes(**form):
        trace = Source(3, 2, **form).trace()
        notes = draw("wrong-way", trace).scene.heading.notes
        return " ".join(map(str, notes))

    assert "second direction is made" in notes()
    assert "made of one sequence" in notes()
    own_notes = notes(bidirectional=True, batch_size=2)
    assert "second direction is made" not in own_notes
    assert "made of one sequence" not in own_notes


@pytest.mark.parametrize("what", [DEFAULT, *VARIANTS["wrong-way"]])
def test_a_verdict_turns_false_when_the_two_ways_are_exchanged(what):
    seen = read("wrong-way", what, 720)
    other = {"wrong": "right", "right": "wrong"}
    verdicts = {s.text: s.claim for s in sentences(seen)}
    for verdict in (f"{CROSS} wrong", f"{TICK} right"):
        claim = verdicts[verdict]
        exchanged = re.sub("wrong|right", lambda m: other[m[0]], claim)
        assert seen.value(claim) is True
        assert seen.value(exchanged) is False
