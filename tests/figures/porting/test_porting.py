"""Check each band and count of `porting` against its library's layout."""

import numpy as np
import pytest
import torch

import lstm_figs as lf
from lstm_figs.porting import TARGETS
from lstm_figs.sources import Source
from tests.binding.drawing import drawing
from tests.figures import texts, values
from tests.proof import svg_of


def library_elements(library, stack, reverse=False):
    """The tensors of a library, and an element of each, by the library's names."""
    target, units = TARGETS[library], stack[0].hidden_size
    tensors = target.to_target(stack)
    unit, column = min(1, units - 1), min(2, stack[0].input_size - 1)
    hidden_column = min(2, units - 1)
    elements = {}
    for k, gate in enumerate(target.order):
        rows, place = slice(k * units, (k + 1) * units), k * units + unit
        if library == "keras":
            name = "lstm/lstm_cell/"
            band = tensors[f"{name}kernel"][:, rows].T
            hh = tensors[f"{name}recurrent_kernel"][hidden_column, place]
            bias = {"bias": tensors[f"{name}bias"][place]}
        elif library == "flax":
            band = tensors[f"cell_l0/i{gate}/kernel"].T
            hh = tensors[f"cell_l0/h{gate}/kernel"][hidden_column, unit]
            bias = {"bias": tensors[f"cell_l0/h{gate}/bias"][unit]}
        else:
            band = tensors["W_l0"][int(reverse), rows]
            hh = tensors["R_l0"][int(reverse), place, hidden_column]
            b = tensors["B_l0"][int(reverse)]
            bias = {"bias": b[place]}
            if library == "onnx":
                both = b[place], b[4 * units + place]
                bias = dict(zip(("bias_ih", "bias_hh"), both, strict=True))
        elements[f"to-{gate}"] = band
        if gate == "f":
            elements["to-weight_ih"] = band[unit, column]
            elements["to-weight_hh"] = hh
            elements |= {f"to-{name}": value for name, value in bias.items()}
    return elements


@pytest.mark.parametrize("library", TARGETS)
@pytest.mark.parametrize("size", [(3, 4), (1, 1), (2, 9)], ids=str)
def test_every_band_and_number_is_drawn_where_the_library_has_it(library, size):
    trace = Source(*size, seed=2).trace()
    figure = lf.draw("porting", trace, to=library)
    read = drawing(svg_of(figure))
    expected = library_elements(library, trace.weights)
    drawn_to = {n.id for n in figure.numbers() if n.id.startswith("to-")}
    # The ids of elements are names of parameters, those of bands are gates.
    assert drawn_to == {id for id in expected if "_" in id or "bias" in id}
    for id, value in expected.items():
        got = read.value(read.by_name[id].expression)
        np.testing.assert_allclose(got, value, atol=1e-7, err_msg=id)
    drawn_from = {n.id for n in figure.numbers()} - drawn_to
    assert drawn_from == {f"from-{name}" for name in trace.weights[0].parameters()}


def test_a_reverse_direction_is_the_second_of_the_axis():
    torch.manual_seed(0)
    module = torch.nn.LSTM(3, 2, bidirectional=True)
    trace = lf.trace(module, torch.zeros(1, 1, 3))
    for library in ("onnx", "openvino"):
        figure = lf.draw("porting", trace, reverse=True, to=library)
        assert "(2, 8, 3)" in texts(figure)
        read = drawing(svg_of(figure))
        for id, value in library_elements(library, trace.weights, reverse=True).items():
            got = read.value(read.by_name[id].expression)
            np.testing.assert_allclose(got, value, atol=1e-7, err_msg=id)


def test_the_count_of_a_whole_module_stands_below_that_of_a_layer():
    module = torch.nn.LSTM(10, 20, 3, bidirectional=True)
    trace = lf.trace(module, torch.zeros(1, 1, 10))
    counts = values(lf.draw("parameter-count", trace, layer=1, reverse=True))
    assert counts["torch-every"] == 24_960
    assert counts["torch-all"] == 4 * 20 * (40 + 20 + 2)
