"""Cuts of single weights, compared with torch's."""

import copy

import numpy as np
import pytest
import torch

import lstm_figs as lf
from lstm_figs.model.influence import Answer, influence
from lstm_figs.model.lstm import run
from lstm_figs.model.tensors import Weights
from lstm_figs.sources import Source

DEEP = {"num_layers": 2, "bidirectional": True}
OFFSET, FACTOR = 0.25, 1.5
"""The answer is `OFFSET + FACTOR * h` of one unit."""


def value(module, x, layer, column, t):
    """A copy of the layers up to one, and an answer of one of its outputs at a step."""
    deep = {"num_layers": layer + 1, "bidirectional": module.bidirectional}
    lower = torch.nn.LSTM(3, 4, bias=module.bias, proj_size=module.proj_size, **deep)
    lower.load_state_dict({name: getattr(module, name) for name in lower.state_dict()})
    output, _ = lower(x)
    return lower, FACTOR * output[t, 0, column] + OFFSET


@pytest.mark.parametrize("options", [{}, {"proj_size": 2}, DEEP, {**DEEP, "bias": False}])
def test_changes_are_those_of_torch_without_the_weight(options):
    torch.manual_seed(0)
    module, x = torch.nn.LSTM(3, 4, **options), torch.randn(9, 1, 3)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter *= 3
    trace = lf.trace(module, x)
    size = module.proj_size or 4
    for index, weights in enumerate(trace.weights):
        is_reverse = weights.direction == "reverse"
        # The reverse direction takes its step 5 of nine at t = 3.
        place = weights.layer, 1 + size * is_reverse, 3 if is_reverse else 5
        answer = Answer(index, t=5, of_h=np.eye(size)[1] * FACTOR, of_c=np.zeros(4), offset=OFFSET)
        result = influence(trace, answer)
        lower, before = value(module, x, *place)
        before.backward()
        assert result.value == pytest.approx(before.item(), abs=1e-5)
        assert (result.cut_count, len(result.cuts)) == (result.weight_count, 6)
        for cut in result.cuts:
            bases = ["bias_ih", "bias_hh"] if cut.name == "bias" else [cut.name]
            names = [f"{base}{trace.weights[cut.entry].suffix}" for base in bases]
            module_without = copy.deepcopy(module)
            with torch.no_grad():
                for name in names:
                    getattr(module_without, name)[cut.at] = 0
            _, after = value(module_without, x, *place)
            assert cut.change == pytest.approx((after - before).item(), abs=1e-5)
            parts = [getattr(lower, name) for name in names]
            # Gradient times weight
            estimate = -sum((p.grad * p)[cut.at].item() for p in parts)
            assert cut.estimate == pytest.approx(estimate, abs=1e-5)


def test_the_weight_that_shuts_a_gate_is_found_among_267_264():
    """The bracket network, as two units of 256 that hardly do anything."""
    brackets = Source(network="brackets", text='f(a, ":)').trace()
    draws = np.random.RandomState(0)
    shapes = (1024, 4), (1024, 256), (1024,), (1024,)
    weights = Weights(*(draws.uniform(-0.06, 0.06, s).astype(np.float32) for s in shapes))
    for name, small in brackets.weights[0].parameters().items():
        array = weights.parameters()[name]
        # The rows of the first two units in the four bands.
        for row, numbers in zip((0, 1, 256, 257, 512, 513, 768, 769), small, strict=True):
            array[row] = 0 if name == "weight_hh" else numbers
            if name == "weight_hh":
                array[row, :2] = numbers
    readout = brackets.origin.readout
    of_h = np.zeros(256)
    of_h[:2] = readout.weight[1]
    answer = Answer(0, t=7, of_h=of_h, of_c=np.zeros(256), offset=float(readout.bias[1]))
    result = influence(run(weights, brackets.x), answer)
    first, second = result.cuts[:2]
    # Only the weights with the largest estimates are cut.
    assert (result.weight_count, result.cut_count < 2500) == (4 * 256 * 261, True)
    assert (first.name, first.at, round(first.value, 1)) == ("weight_hh", (0, 1), -10.6)
    assert (round(first.change, 1), round(second.change, 1)) == (14.5, 14.1)
    assert result.turning == (first, second)
