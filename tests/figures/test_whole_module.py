"""Figures of a whole module: all layers, directions and axes."""

import re
from itertools import product
from typing import NamedTuple

import numpy as np
import pytest
import torch

import lstm_figs as lf
from lstm_figs import cli
from lstm_figs.errors import UsageError
from lstm_figs.figures import WHOLE_MODULE
from lstm_figs.proof import digits
from lstm_figs.scene.marks import Text, walk
from lstm_figs.sources import Source
from tests.layout_faults import faults
from tests.proof import metadata, numbers, prove, read
from tests.trained_modules import trained_trace

every_whole = pytest.mark.parametrize("name", sorted(WHOLE_MODULE))
every_form = pytest.mark.parametrize(
    ("num_layers", "bidirectional"), [(1, False), (2, True), (6, True)]
)
T, N = 4, 3


def lstm_and_input(num_layers=2, bidirectional=True, hidden_size=2, seq_len=T):
    torch.manual_seed(num_layers)
    lstm = torch.nn.LSTM(3, hidden_size, num_layers, bidirectional=bidirectional)
    return lstm, torch.randn(seq_len, N, 3)


def values_of(name, trace, **more):
    svg = lf.draw(name, trace, **more).render("svg", "light").decode()
    number_elements = numbers(read(svg))
    start = f"{name}--"
    return {n.get("id").removeprefix(start): float(n.get("data-value")) for n in number_elements}


def texts(figure):
    return [m.content for m in walk(figure.sheet.marks) if isinstance(m, Text)]


def close(got, expected):
    np.testing.assert_allclose(got, expected.detach().numpy(), atol=1e-6)


@every_form
def test_states_stand_at_the_index_that_they_have_in_torch(num_layers, bidirectional):
    lstm, x = lstm_and_input(num_layers, bidirectional)
    _, (h_n, c_n) = lstm(x)
    values = values_of("shapes", lf.trace(lstm, x))
    visible_layers = [0, 1, num_layers - 1] if num_layers > 4 else range(num_layers)
    directions = 1 + bidirectional
    indices = [layer * directions + k for layer in visible_layers for k in range(directions)]
    for name, state in (("h_n", h_n), ("c_n", c_n)):
        close(
            [values[f"{name}-{i}-{k}"] for i in indices for k in range(2)],
            state[indices, 0].flatten(),
        )
    assert len([id for id in values if id.startswith("h_n")]) == 2 * len(indices)


def test_output_is_the_last_layer_at_every_step():
    lstm, x = lstm_and_input()
    output, (h_n, _) = lstm(x)
    values = values_of("shapes", lf.trace(lstm, x))
    for index, t in product((2, 3), range(T)):
        half = output[t, 0].chunk(2)[index - 2]
        close([values[f"h-{index}-{t}-{k}"] for k in range(2)], half)
    # The reverse direction ends at the first step.
    close([values[f"h-{1}-0-{k}"] for k in range(2)], h_n[1, 0])
    close([values[f"h-{0}-{T - 1}-{k}"] for k in range(2)], h_n[0, 0])


@every_form
def test_shapes_are_those_of_torch(num_layers, bidirectional):
    lstm, x = lstm_and_input(num_layers, bidirectional)
    output, (h_n, c_n) = lstm(x)
    values = values_of("shapes", lf.trace(lstm, x))
    for name, tensor in (("output", output), ("h_n", h_n), ("c_n", c_n)):
        shape = [values[f"shape-{name}-{k}"] for k in range(3)]
        assert shape == [*tensor.shape]


def test_a_long_run_leaves_steps_out_and_says_so():
    lstm, x = lstm_and_input(seq_len=9)
    figure = lf.draw("shapes", lf.trace(lstm, x))
    steps = {text for text in texts(figure) if text.startswith("step ")}
    assert steps == {"step 1", "step 2", "step 9"}
    assert "Only steps 1, 2 and 9 are drawn." in " ".join(texts(figure))


def forms_of(lstm, x):
    """What torch takes and returns in each of the three forms."""
    first = torch.nn.LSTM(
        lstm.input_size,
        lstm.hidden_size,
        lstm.num_layers,
        bidirectional=lstm.bidirectional,
        batch_first=True,
    )
    first.load_state_dict(lstm.state_dict())
    calls = ((lstm, x), (first, x.transpose(0, 1)), (lstm, x[:, -1]), (first, x[:, -1]))
    for module, inputs in calls:
        output, (h_n, c_n) = module(inputs)
        yield {"x": inputs, "output": output, "h_n": h_n, "c_n": c_n}


@every_form
def test_axes_are_as_long_as_in_torch_in_each_form(num_layers, bidirectional):
    lstm, x = lstm_and_input(num_layers, bidirectional)
    figure = lf.draw("batch-first", lf.trace(lstm, x))
    values = values_of("batch-first", lf.trace(lstm, x))
    sentences = re.findall(r"(\w+) \([a-z, ]+\) is \(([\d, ]+)\)", figure.description)
    *batched, alone, alone_first = forms_of(lstm, x)
    # Without a batch axis, batch_first changes nothing.
    assert all(torch.equal(alone[name], alone_first[name]) for name in alone)
    for k, tensors in enumerate((*batched, alone)):
        for name, tensor in tensors.items():
            called, sizes = sentences.pop(0)
            assert called == ("input" if name == "x" else name)
            assert sizes == ", ".join(map(str, tensor.shape))
            ids = [f"shape-{name}-{k}-{axis}" for axis in range(tensor.ndim)]
            assert [values.pop(id) for id in ids] == [*tensor.shape]
    assert sentences == []
    assert values == {}


def test_batch_first_changes_input_and_output_alone():
    first, other = [*forms_of(*lstm_and_input())][:2]
    for name in ("x", "output"):
        assert torch.allclose(first[name], other[name].transpose(0, 1))
    for name in ("h_n", "c_n"):
        assert torch.allclose(first[name], other[name])


def test_two_layers_are_two_modules_in_a_chain():
    lstm, x = lstm_and_input(2, False)
    values = values_of("layers", lf.trace(lstm, x))
    chain = [torch.nn.LSTM(3, 2), torch.nn.LSTM(2, 2)]
    received = x
    for layer, module in enumerate(chain):
        module.load_state_dict(
            {
                name.replace(f"_l{layer}", "_l0"): tensor
                for name, tensor in lstm.state_dict().items()
                if f"_l{layer}" in name
            }
        )
        received = module(received)[0]
        for t in range(T):
            close([values[f"h-{layer}-{t}-{k}"] for k in range(2)], received[t, 0])
    assert torch.allclose(received, lstm(x)[0], atol=1e-6)


def test_dropout_makes_of_a_number_what_the_figure_says():
    lstm, x = lstm_and_input(2, False)
    figure = lf.draw("layers", lf.trace(lstm, x))
    before, after = re.search(r"p = 1/2, (\S+) becomes 0 or (\S+)\.$", figure.description).groups()
    inputs = torch.full((99,), values_of("layers", lf.trace(lstm, x))["h-0-0-0"])
    outputs = torch.nn.functional.dropout(inputs, p=0.5).unique()
    assert outputs.min() == 0 or outputs.max() == 0
    assert digits.text(inputs[0].item()) == before
    assert digits.text(outputs[outputs != 0].item()) == after


def test_with_one_layer_there_is_no_place_for_dropout():
    with pytest.warns(UserWarning, match="all but last recurrent layer"):
        dropping = torch.nn.LSTM(3, 2, dropout=0.9)
    plain = torch.nn.LSTM(3, 2)
    plain.load_state_dict(dropping.state_dict())
    x = torch.randn(T, N, 3)
    assert torch.equal(dropping(x)[0], plain(x)[0])
    # A module with a projection is drawn as it is, without a second layer.
    alone = torch.nn.LSTM(3, 2, proj_size=1)
    figure = lf.draw("layers", lf.trace(alone, x))
    assert "p" not in texts(figure)
    assert "acts nowhere" in figure.description


@every_whole
def test_a_part_of_the_module_is_refused(name):
    trace = lf.trace(*lstm_and_input())
    with pytest.raises(UsageError, match="shows the whole module"):
        lf.draw(name, trace, layer=1)
    with pytest.raises(UsageError, match="shows the whole module"):
        lf.draw(name, trace, reverse=True)


def test_all_figures_of_one_layer_are_drawn_and_those_of_the_whole(tmp_path):
    sizes = "--input-size 2 --hidden-size 2 --num-layers 2 --layer 1"
    words = ["draw", "all", *sizes.split(), "--out", str(tmp_path)]
    assert cli.main(words) == 0
    for name in WHOLE_MODULE:
        svg = (tmp_path / f"{name}.svg").read_text("utf-8")
        assert "--layer" not in metadata(read(svg))["command"]
        assert prove(svg) > 0


class LayerForm(NamedTuple):
    """The sizes of a module, and its number of steps."""

    num_layers: int
    bidirectional: bool
    hidden_size: int
    seq_len: int


def seeded(num_layers, bidirectional, hidden_size, seq_len):
    """A run that is too slow to compare step by step."""
    return Source(
        3,
        hidden_size,
        num_layers=num_layers,
        bidirectional=bidirectional,
        seq_len=seq_len,
        batch_size=N,
    ).trace()


FORMS = [
    LayerForm(num_layers=1, bidirectional=True, hidden_size=1, seq_len=1),
    LayerForm(num_layers=2, bidirectional=False, hidden_size=9, seq_len=5),
    LayerForm(num_layers=4, bidirectional=True, hidden_size=8, seq_len=4),
    LayerForm(num_layers=12, bidirectional=True, hidden_size=1, seq_len=9),
    LayerForm(num_layers=12, bidirectional=False, hidden_size=9, seq_len=1),
]


@every_whole
@pytest.mark.parametrize("form", FORMS, ids=lambda form: str(tuple(form)))
def test_texts_are_apart_for_any_layers_steps_and_units(name, form):
    trace = seeded(*form)
    for width in (720, 360):
        assert faults(lf.draw(name, trace, width=width).sheet) == []


@every_whole
def test_many_layers_steps_and_units_stay_small_and_proven(name):
    trace = seeded(num_layers=6, bidirectional=True, hidden_size=70, seq_len=12)
    for width in (720, 360):
        figure = lf.draw(name, trace, width=width)
        svg = figure.render("svg", "auto").decode()
        assert len(svg) < 300_000
        assert figure.sheet.width <= width
        assert prove(svg) == len(figure.numbers()) > 0


@every_whole
@pytest.mark.parametrize("sizes", [(4096, 1), (1, 1024)])
def test_any_size_and_any_weight_are_drawn(name, sizes):
    trace, namespace = trained_trace(*sizes, special=(np.nan,))
    svg = lf.draw(name, trace).render("svg", "auto").decode()
    assert prove(svg, namespace) > 0
