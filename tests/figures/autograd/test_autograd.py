"""Compare the nodes of `autograd` with the graph that torch records."""

from collections import Counter

import pytest
import torch

import lstm_figs as lf
from lstm_figs.capture.autograd import one_step, record
from lstm_figs.figures.autograd import shortest_ways
from lstm_figs.model.layer_run import LayerRun
from lstm_figs.sources import Source
from tests.processor import has_onednn


def note(trace):
    """The sentences below the figure."""
    return " ".join(map(str, lf.draw("autograd", trace).scene.heading.notes))


def classes(root):
    """Class names of the nodes below a result; each node counts once."""
    nodes, waiting = set(), [root.grad_fn]
    while waiting:
        node = waiting.pop()
        if node not in nodes:
            nodes.add(node)
            waiting += [after for after, _ in node.next_functions if after]
    return Counter(node.name().rpartition("::")[2] for node in nodes)


@pytest.mark.parametrize("bias", [True, False])
def test_the_nodes_are_those_that_torch_records(bias):
    cell = torch.nn.LSTMCell(3, 2, bias=bias)
    trace = lf.trace(cell, torch.randn(1, 3))
    recorded = record(LayerRun(trace), {"step": 1}).values["recorded"]
    state = (torch.zeros(1, 2, requires_grad=True) for _ in range(2))
    tensors = one_step(torch.randn(1, 3), *state, *cell.parameters())
    own_classes = Counter(operation.name for operation in recorded.step)
    assert own_classes == classes(tensors["h"])
    # LSTMCell splits without a copy; otherwise the graphs are equal.
    own_classes["UnsafeSplitBackward0"] = own_classes.pop("SplitBackward0")
    states = (torch.zeros(1, 2, requires_grad=True) for _ in range(2))
    assert own_classes == classes(cell(torch.randn(1, 3), tuple(states))[0])


def test_each_gate_is_one_chunk_of_one_split():
    recorded = record(LayerRun(Source().trace()), {"step": 1}).values["recorded"]
    after = {operation.id: operation.next for operation in recorded.step}
    assert [after[gate] for gate in "ifgo"] == [(("z.chunk(4)", k),) for k in range(4)]


def test_what_a_node_keeps_is_read_from_its_saved_tensors():
    recorded = record(LayerRun(Source().trace()), {"step": 1}).values["recorded"]
    keeps = {operation.id: set(operation.keeps) for operation in recorded.step}
    assert keeps["i"] == {"i"}
    assert keeps["kept"] == {"f", "c_prev"}
    assert keeps["c"] == set()
    # x needs no gradient, so the backward pass needs no weight_ih.
    assert keeps["ih"] == {"x"}
    assert keeps["hh"] == {"h_prev", "weight_hh.T"}


def test_the_module_itself_records_what_its_grad_fn_says():
    lstm, x = torch.nn.LSTM(3, 2), torch.randn(5, 1, 3)
    output, _ = lstm(x)
    own = classes(output)
    del own["AccumulateGrad"]
    assert ([*own.values()] == [1]) == has_onednn()
    sentence = f"records one node for 5 steps: {output.grad_fn.name()}."
    is_noted = f"nn.LSTM itself {sentence}" in note(lf.trace(lstm, x))
    assert is_noted == has_onednn()

    lstm, x = lstm.double(), x.double()
    own = classes(lstm(x)[0])
    del own["AccumulateGrad"]
    sentence = f"records {own.total()} operations for 5 steps."
    assert f"nn.LSTM itself {sentence}" in note(lf.trace(lstm, x))


def test_thick_arrows_lead_from_h_to_each_parameter_and_nowhere_else():
    recorded = record(LayerRun(Source().trace()), {"step": 2}).values["recorded"]
    lit = shortest_ways(recorded)
    heads = [head for _, head in lit]
    assert len(set(heads)) == len(heads)
    assert {*heads} - {tail for tail, _ in lit} == {"weight_ih", "weight_hh", "bias_ih", "bias_hh"}
    assert {tail for tail, _ in lit} - {*heads} == {"h"}
    assert ("h", "o") in lit
