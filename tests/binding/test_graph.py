"""Tests that `graph` describes the computation of `torch.nn.LSTM`."""

import random
from itertools import product

import numpy as np
import pytest
import torch

from lstm_figs.proof.preamble.peepholes import run_own
from lstm_figs.sources import Source
from tests.binding import arrows, graph
from tests.binding.axes import PEEPHOLE_GATES

SIZES = {
    "plain": graph.Sizes(inputs=3, units=2, outputs=2, steps=3, bias=True),
    "no bias": graph.Sizes(inputs=2, units=3, outputs=3, steps=2, bias=False),
    "a projection": graph.Sizes(inputs=2, units=3, outputs=2, steps=3, bias=True),
}


def module_of(sizes):
    torch.manual_seed(3)
    proj = sizes.outputs if sizes.is_projected else 0
    return torch.nn.LSTM(sizes.inputs, sizes.units, bias=sizes.bias, proj_size=proj).double()


def run(sizes, module):
    """The input, initial state, and every quantity at each step, by `graph.quantities`."""
    parameters = {n.removesuffix("_l0"): p for n, p in module.named_parameters()}
    parameters = {name: p.detach() for name, p in parameters.items()}
    x = torch.randn(sizes.steps, 1, sizes.inputs, dtype=torch.float64)
    h = torch.randn(1, sizes.outputs, dtype=torch.float64)
    c = torch.randn(1, sizes.units, dtype=torch.float64)
    initial = h[None], c[None]
    steps = []
    for t in range(sizes.steps):
        now = {**parameters, "x": x[t], "h_prev": h, "c_prev": c}
        for name, quantity in graph.quantities(sizes).items():
            now[name] = quantity.operation(*(now[parent] for parent in quantity.parents))
        h, c = now["output"], now["c"]
        steps.append(now)
    return x, initial, steps


@pytest.mark.parametrize("case", SIZES)
def test_the_steps_compute_the_same_as_the_module(case):
    sizes = SIZES[case]
    module = module_of(sizes)
    x, initial, steps = run(sizes, module)
    output, (h_n, c_n) = module(x, initial)
    torch.testing.assert_close(torch.stack([now["output"] for now in steps]), output)
    torch.testing.assert_close(steps[-1]["c"][None], c_n)
    torch.testing.assert_close(steps[-1]["output"][None], h_n)


@pytest.mark.parametrize("case", SIZES)
def test_an_element_has_the_parents_that_autograd_finds(case):
    sizes = SIZES[case]
    _, _, steps = run(sizes, module_of(sizes))
    t, now = 1, steps[1]
    for name, quantity in graph.quantities(sizes).items():
        values = [now[parent].clone().requires_grad_() for parent in quantity.parents]
        result = quantity.operation(*values)
        for index in product(*map(range, result.shape)):
            grads = torch.autograd.grad(result[index], values, retain_graph=True)
            expected = {
                (parent, *((t,) if is_result(parent) else ()), *place)
                for parent, grad in zip(quantity.parents, grads, strict=True)
                for place in map(tuple, grad.nonzero().tolist())
            }
            assert set(graph.parents((name, t, *index), sizes)) == expected


def is_result(name):
    return not name.startswith(("weight", "bias"))


@pytest.mark.parametrize("case", SIZES)
def test_a_step_begins_where_the_one_before_ended(case):
    sizes = SIZES[case]
    assert set(graph.parents(("h_prev", 0, 0, 1), sizes)) == {("h_0", 0, 0, 1)}
    assert set(graph.parents(("c_prev", 1, 0, 1), sizes)) == {("c", 0, 0, 1)}
    last = sizes.steps - 1
    assert set(graph.parents(("h_n", 0, 0, 1), sizes)) == {("output", last, 0, 1)}


STACKS = {
    "two layers": graph.Sizes(
        inputs=2, units=2, outputs=2, steps=3, bias=True, layers=2, directions=1
    ),
    "two directions": graph.Sizes(
        inputs=2, units=2, outputs=2, steps=3, bias=True, layers=1, directions=2
    ),
    "both, projected": graph.Sizes(
        inputs=2, units=3, outputs=2, steps=3, bias=True, layers=2, directions=2
    ),
}


def all_ancestors(heads, stops, sizes):
    """What `graph.ancestors_until` returns, found by a full search."""
    visited, ancestors, waiting = set(heads), set(), [*heads]
    while waiting:
        for parent in graph.parents(waiting.pop(), sizes):
            if parent in stops and parent not in heads:
                ancestors.add(parent)
            elif parent not in visited:
                visited.add(parent)
                waiting.append(parent)
    return ancestors


@pytest.mark.parametrize("sizes", [*SIZES.values(), *STACKS.values()])
def test_the_fast_search_finds_all_ancestors(sizes):
    tops = [("output", sizes.steps - 1, 0, 1), ("c_n", 0, 0, 1)]
    if sizes.layers * sizes.directions > 1:
        tops = [("h_n", k, 0, 1) for k in range(sizes.layers * sizes.directions)]
    # All elements that the tops are computed from; the list grows while it is read.
    known = [*tops]
    for element in known:
        known += [p for p in graph.parents(element, sizes) if p not in known]
    generator = random.Random(0)
    count = 0
    for _ in range(300):
        heads = generator.sample(known, generator.randint(1, 3))
        stops = {*generator.sample(known, generator.randint(1, 12)), *heads}
        # Every second time, stop only at elements of a few tensors, as figures do.
        if generator.random() < 0.5:
            names = {*generator.sample([name for name, *_ in known], 3)}
            stops = {stop for stop in stops if stop[0] in names} or stops
        expected = all_ancestors({*heads}, stops, sizes)
        assert graph.ancestors_until(heads, stops, sizes) == expected
        count += len(expected)
    # Most of the random searches reach a stop.
    assert count > 100


@pytest.mark.parametrize("case", STACKS)
def test_a_layer_has_the_parents_that_autograd_finds_below_it(case):
    sizes = STACKS[case]
    proj = sizes.outputs if sizes.is_projected else 0
    torch.manual_seed(3)
    # The input of each layer, and its name in `graph`.
    received, below = torch.randn(sizes.steps, 1, sizes.inputs).double(), ("x",)
    for layer in range(sizes.layers):
        module = torch.nn.LSTM(
            received.shape[-1], sizes.units, proj_size=proj, bidirectional=sizes.directions == 2
        ).double()
        received.requires_grad_()
        output, (h_n, _) = module(received)
        stops = {(*below, *index) for index in product(*map(range, received.shape))}
        for name, result in (("outputs", output), ("h_n", h_n)):
            for index in product(*map(range, result.shape)):
                (grad,) = torch.autograd.grad(result[index], received, retain_graph=True)
                # h_n has an entry for each layer and direction, outputs one for each layer.
                direction, *rest = index
                head = (
                    (name, layer, *index)
                    if name == "outputs"
                    else (name, layer * sizes.directions + direction, *rest)
                )
                expected = {(*below, *place) for place in map(tuple, grad.nonzero().tolist())}
                assert graph.ancestors_until([head], stops, sizes) == expected
        received, below = output.detach(), ("outputs", layer)


@pytest.mark.parametrize("case", STACKS)
def test_a_state_is_computed_from_the_one_before_it_in_its_direction(case):
    sizes = STACKS[case]
    step = 1
    for is_reverse in range(sizes.directions):
        first_feature = is_reverse * sizes.outputs
        before = step + 1 if is_reverse else step - 1
        states = {
            element
            for element in graph.parents(("outputs", 0, step, 0, first_feature), sizes)
            if element[0] == "outputs"
        }
        assert states == {
            ("outputs", 0, before, 0, first_feature + k) for k in range(sizes.outputs)
        }


@pytest.mark.parametrize(("gate", "state"), arrows.PEEPHOLE_STATES.items())
def test_a_gate_with_a_peephole_reads_its_state(gate, state):
    """With c_0 = 0, only a peephole to the new c changes the result of the first step."""
    trace = Source().trace()
    # The weights of all peepholes are zero, but that of this gate.
    weights = [0.5 * (gate == seer) for seer in PEEPHOLE_GATES]
    own, seeing = run_own(trace.weights[0], trace.steps[:1], (0, 0, 0), weights)
    assert np.array_equal(own, seeing) == (state == "c_prev")
