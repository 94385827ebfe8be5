"""Every figure of every form of the module, and every parameter drawn."""

from collections import Counter
from itertools import product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.utils.rnn import pack_sequence

import lstm_figs
from lstm_figs.figures import CATALOG, WHOLE
from tests import strategies
from tests.proving import NUMBERLESS, numbers, prove, read

every_figure = pytest.mark.parametrize("name", CATALOG)


def svg_of(figure):
    return figure.render("svg", "light").decode()


@st.composite
def traced(draw):
    """A live module of some form, its input, and its trace."""
    torch.manual_seed(draw(strategies.seeds))
    dtype = draw(st.sampled_from((torch.float32, torch.float64)))
    hidden_size, batch = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    bias, given_state = draw(st.booleans()), draw(st.booleans())
    if draw(st.integers(0, 5)) == 0:
        module = torch.nn.LSTMCell(3, hidden_size, bias=bias, dtype=dtype)
        batched = draw(st.booleans())
        x = torch.randn(*[batch] * batched, 3, dtype=dtype)
        states = torch.randn(
            2, *[batch] * batched, hidden_size, dtype=dtype
        ).unbind()
        hx = tuple(states) if given_state else None
        return {"module": module, "x": x, "hx": hx}
    num_layers, bidirectional = draw(st.integers(1, 3)), draw(st.booleans())
    proj_size = draw(st.integers(0, hidden_size - 1))
    batch_first = draw(st.booleans())
    module = torch.nn.LSTM(
        3, hidden_size, num_layers, bias, batch_first,
        draw(st.sampled_from((0, 0.5))) if num_layers > 1 else 0,
        bidirectional, proj_size, dtype=dtype,
    ).eval()  # fmt: skip
    shape = draw(st.sampled_from(("batched", "unbatched", "packed")))
    count = draw(st.integers(1, 5))
    axes = [] if shape == "unbatched" else [batch]
    if shape == "packed":
        lengths = [draw(st.integers(1, 5)) for _ in range(batch)]
        x = pack_sequence(
            [torch.randn(length, 3, dtype=dtype) for length in lengths],
            enforce_sorted=False,
        )
    elif batch_first and axes:
        x = torch.randn(batch, count, 3, dtype=dtype)
    else:
        x = torch.randn(count, *axes, 3, dtype=dtype)
    parts = num_layers * (1 + bidirectional)
    hx = tuple(
        torch.randn(parts, *axes, size, dtype=dtype)
        for size in (proj_size or hidden_size, hidden_size)
    )
    return {"module": module, "x": x, "hx": hx if given_state else None}


@every_figure
@settings(max_examples=3)
@given(data=st.data())
def test_every_number_is_proven_whatever_the_form_of_the_module(name, data):
    own = data.draw(traced())
    trace = lstm_figs.trace(*own.values())
    part = data.draw(st.sampled_from(trace.weights))
    chosen = {} if name in WHOLE else {
        "layer": part.layer, "reverse": part.direction == "reverse"
    }  # fmt: skip
    figure = lstm_figs.draw(name, trace, **chosen)
    assert prove(svg_of(figure), own) == len(figure.numbers())
    assert figure.numbers() or name in NUMBERLESS
    narrow = lstm_figs.draw(name, trace, width=360, **chosen)
    assert prove(svg_of(narrow), own) == len(narrow.numbers())


@settings(max_examples=20)
@given(data=st.data())
def test_weight_maps_together_have_every_parameter_once(data):
    own = data.draw(traced())
    trace = lstm_figs.trace(*own.values())
    found = {
        one: numbers(
            read(
                svg_of(
                    lstm_figs.draw(
                        "weight-map", trace, layer=one.layer,
                        reverse=one.direction == "reverse",
                    )
                )
            )
        )
        for one in trace.weights
    }  # fmt: skip
    # One that has no room for its numbers has a scale instead.
    printed = [
        one
        for one, each in found.items()
        if not any("--scale-weight_ih" in n.get("id") for n in each)
    ]
    small = [w for w in found if max(w.input_size, w.hidden_size) <= 4]
    assert set(small) <= set(printed)
    drawn = Counter(
        number.get("data-expr").partition(".")[2]
        for one in printed
        for number in found[one]
        if " + " not in number.get("data-expr")
    )
    cell = isinstance(own["module"], torch.nn.LSTMCell)
    assert drawn == Counter(
        f"{name}{'' if cell else one.suffix}{list(index)}"
        for one in printed
        for name, array in one.parameters().items()
        for index in product(*map(range, array.shape))
    )


@settings(max_examples=25)
@given(data=st.data())
def test_a_trace_is_what_the_module_returns_whatever_its_form(data):
    own = data.draw(traced())
    module, x, hx = own.values()
    trace = lstm_figs.trace(module, x, hx)
    with torch.no_grad():
        returned = module(x, hx)
    cell = isinstance(module, torch.nn.LSTMCell)
    states = returned if cell else returned[1]
    output = getattr(returned[0], "data", returned[0])
    for ours, theirs in zip(
        (trace.output, trace.h_n, trace.c_n), (output, *states), strict=True
    ):
        assert ours.shape == tuple(theirs.shape)
        assert ours.tolist() == theirs.tolist()


def test_the_longest_of_packed_sequences_is_drawn():
    torch.manual_seed(4)
    module = torch.nn.LSTM(3, 2, batch_first=True)
    sequences = [torch.randn(length, 3) for length in (2, 4, 3)]
    packed = pack_sequence(sequences, enforce_sorted=False)
    hx = tuple(torch.randn(2, 1, 3, 2))
    figure = lstm_figs.draw("unrolled", lstm_figs.trace(module, packed, hx))
    found = {n.id: n.number.value.item() for n in figure.numbers()}
    alone = module(sequences[1][None], tuple(s[:, 1:2] for s in hx))[0]
    for t in range(4):
        assert found[f"h-{t}-0"] == pytest.approx(
            alone[0, t, 0].item(), abs=1e-6
        )
    assert "The longest of 3 packed sequences." in figure.scene.heading.source


@pytest.mark.parametrize(
    ("layer", "reverse", "said"),
    [
        (0, False, "half of what the layer above receives. The last h and c "
         "are h_n[0] and c_n[0]."),
        (1, True, "half of the output of its step. The last h and c are "
         "h_n[3] and c_n[3]."),
    ],
)  # fmt: skip
def test_unrolled_says_where_the_states_of_a_stack_go(layer, reverse, said):
    module = torch.nn.LSTM(3, 2, num_layers=2, bidirectional=True)
    trace = lstm_figs.trace(module, torch.randn(4, 1, 3))
    figure = lstm_figs.draw("unrolled", trace, layer=layer, reverse=reverse)
    assert f"Each h is {said}" in figure.render("svg", "light").decode()
