"""Compare `dispatch` with what torch calls, measured in a different way."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

import lstm_figs as lf
from lstm_figs.capture import dispatch
from lstm_figs.figures.dispatch.call_table import OPERATORS
from lstm_figs.model.calls import MAX_SIZE, Call, Called, rows
from lstm_figs.model.layer_run import LayerRun
from lstm_figs.sources import Source
from tests.figures import texts
from tests.layout_faults import faults
from tests.processor import has_onednn
from tests.proof import prove_all, svg_of
from tests.trained_modules import trained_trace

CALLS = get_args(Call)
every_call = pytest.mark.parametrize("call", CALLS)


def record_calls(source, *calls):
    """Call -> the operators that torch calls; of all calls if none are given."""
    subject = LayerRun(source.trace())
    return {
        call: dispatch.record(subject, {"call": call}).values["called"][call]
        for call in calls or CALLS
    }


def counts(recorded):
    """Operator -> how often it is called."""
    return Counter(recorded.operators)


def test_another_profiler_counts_the_same():
    recorded_counts = counts(record_calls(Source(seq_len=5), "float64")["float64"])
    lstm, x = torch.nn.LSTM(3, 2).double(), torch.zeros(5, 1, 3).double()
    with torch.profiler.profile() as profile:
        lstm(x)
    profiled_counts = {event.key: event.count for event in profile.key_averages()}
    for name in ("linear", "sigmoid_", "tanh_", "unsafe_chunk", "unbind"):
        assert profiled_counts[f"aten::{name}"] == recorded_counts[name]


MODULE_ARGUMENTS = {
    "plain": {},
    "no bias": {"bias": False},
    "float64": {"dtype": torch.float64},
    "layers": {"num_layers": 3},
    "directions": {"bidirectional": True, "dtype": torch.float64},
    "stack": {"num_layers": 2, "bidirectional": True},
    "projection": {"proj_size": 1},
    "everything": {
        **{"num_layers": 2, "bidirectional": True, "proj_size": 1},
        **{"bias": False, "dtype": torch.float64},
    },
}
"""Case -> the arguments of the module that are not the sizes."""


@pytest.mark.filterwarnings("ignore:LSTM with projections")
@pytest.mark.parametrize("batch_size", [1, 3])
@pytest.mark.parametrize("packed", [False, True], ids=["padded", "packed"])
@pytest.mark.parametrize("arguments", MODULE_ARGUMENTS.values(), ids=MODULE_ARGUMENTS)
def test_how_often_operators_are_called_does_not_depend_on_sizes(arguments, packed, batch_size):
    def operators(input_size, hidden_size):
        x = torch.zeros(4, batch_size, input_size, dtype=arguments.get("dtype"))
        if packed:
            lengths = [4, 3, 1][:batch_size]
            x = torch.nn.utils.rnn.pack_padded_sequence(x, lengths)
        lstm = torch.nn.LSTM(input_size, hidden_size, **arguments)
        with torch.no_grad():
            quiet = dispatch.operators(lstm, x)
        return dispatch.operators(lstm, x), quiet

    small = operators(MAX_SIZE, MAX_SIZE)
    assert len(small[0]) > 0
    for sizes in ((1, 2), (1, 300), (300, MAX_SIZE), (33, 270)):
        assert operators(*sizes) == small, sizes


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_nor_does_it_for_a_cell(dtype):
    def operators(input_size, hidden_size):
        cell = torch.nn.LSTMCell(input_size, hidden_size, dtype=dtype)
        return dispatch.operators(cell, torch.zeros(2, input_size, dtype=dtype))

    small = operators(MAX_SIZE, MAX_SIZE)
    assert len(small) > 0
    for sizes in ((1, 1), (300, MAX_SIZE), (33, 270)):
        assert operators(*sizes) == small, sizes


def test_a_large_module_is_not_built_to_count_its_calls():
    trace = trained_trace(4096, 600)[0]
    figure = lf.draw("dispatch", trace)
    built = re.findall(r"nn\.LSTM(?:Cell)?\((\d+), (\d+)", figure.metadata["preamble"])
    assert {*built} == {(str(MAX_SIZE),) * 2}
    assert "nn.LSTM(4096, 600)" in figure.scene.heading.provenance.text
    assert "nn.LSTM(8, 8)" in figure.scene.heading.lead.text
    assert any("depend on neither" in line for line in texts(figure))


@every_call
@pytest.mark.parametrize("steps", [1, 2, 7])
def test_each_call_of_an_operator_has_one_place(call, steps):
    recorded = record_calls(Source(seq_len=steps, batch_size=3), call)[call]
    total = counts(recorded)
    # If PyTorch itself runs several layers, no row says when.
    has_places = call != "two-layers" or has_onednn()
    for name, row in rows(recorded, steps).items():
        assert len(row.all_calls) == total[name] * has_places
        assert {recorded.operators[k] for k in row.all_calls} <= {name}
        # The states before the first step are not sliced.
        if name != "narrow":
            assert len({len(own) for own in row.steps}) <= 1


class Products(TorchDispatchMode):
    """Records what each elementwise product yields, in order."""

    def __init__(self):
        super().__init__()
        self.results = []

    def __torch_dispatch__(self, operator, types, args=(), kwargs=None):
        result = operator(*args, **(kwargs or {}))
        if operator.__name__.startswith("mul."):
            self.results.append(result.numpy().copy())
        return result


def test_the_hues_of_products_are_those_of_what_they_yield():
    trace = Source(seq_len=4).trace()
    lstm = torch.nn.LSTM(3, 2).double()
    parameters = trace.weights[0].parameters().items()
    lstm.load_state_dict({f"{name}_l0": torch.tensor(value) for name, value in parameters})
    with Products() as products, torch.no_grad():
        lstm(torch.tensor(trace.x).double())
    steps = LayerRun(trace).steps
    expected = [(step.f * step.c_prev, step.i * step.g, step.h) for step in steps]
    np.testing.assert_allclose(np.ravel(products.results), np.ravel(expected), atol=1e-6)
    assert OPERATORS["mul"].paints == ("c", "c", "h")
    paint_counts = [len(OPERATORS[name].paints) for name in ("sigmoid_", "tanh_", "tanh")]
    assert paint_counts == [3, 1, 1]


def test_operators_that_we_do_not_know_have_counts_and_no_places():
    recorded = Called("", "lstm", ("linear",) * 9 + ("new_one",))
    assert set(rows(recorded, 4)) == {"linear", "new_one"}
    assert rows(recorded, 4)["linear"] == ((), (), (), ())


@pytest.mark.parametrize("call", ["float32", "two-layers"])
def test_a_torch_without_onednn_runs_everything_itself(call):
    enabled = torch.backends.mkldnn.enabled
    torch.backends.mkldnn.enabled = False
    try:
        figure = lf.draw("dispatch", call=call)
        assert prove_all(figure) > 5
        assert not torch.backends.mkldnn.enabled
    finally:
        torch.backends.mkldnn.enabled = enabled
    assert "no, not built in" in texts(figure)
    assert faults(figure.sheet) == []


def test_drawing_leaves_torch_as_it_was(capfd):
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    with torch.no_grad():
        quiet = svg_of(lf.draw("dispatch"))
    assert torch.equal(torch.rand(1), expected)
    assert torch.backends.mkldnn.enabled
    assert svg_of(lf.draw("dispatch")) == quiet
    assert capfd.readouterr() == ("", "")


def test_one_unit_has_no_projection_so_the_call_has_two():
    figure = lf.draw("dispatch", Source(3, 1).trace(), call="projection")
    assert "nn.LSTM(3, 2, proj_size=1)" in figure.scene.heading.lead.text


def test_the_table_of_calls_counts_what_the_figure_records():
    listing = Path(__file__).parents[3] / "docs/code/operators.py"
    done = subprocess.run(
        [sys.executable, "-W", "error", listing], check=True, capture_output=True, encoding="utf-8"
    )
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in done.stdout.splitlines()[2:]
    ]
    source = Source(seq_len=5, batch_size=2)
    for (_, runs, counts_text), call in zip(rows, CALLS, strict=True):
        recorded = record_calls(source, call)[call]
        assert runs == recorded.backend, call
        printed = dict(re.findall(r"`(\w+)` (\d+)", counts_text))
        assert {k: int(v) for k, v in printed.items()} == counts(recorded), call
