"""Check each band and count of `porting` against its library's layout."""

import numpy as np
import pytest
import torch

import lstm_figs as lf
from lstm_figs.porting import TARGETS
from lstm_figs.scene.marks import Text, walk
from lstm_figs.sources import Source
from tests import layout_faults
from tests.binding.drawing import drawing
from tests.proof import prove
from tests.trained_modules import trained_trace


def values_by_id(name, trace, **options):
    """The values of a figure, by id."""
    figure = lf.draw(name, trace, **options)
    return {n.id: n.number.value.item() for n in figure.numbers()}


def texts(figure):
    return [m.content for m in walk(figure.sheet.marks) if isinstance(m, Text)]


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
    read = drawing(figure.render("svg", "light").decode())
    expected = library_elements(library, trace.weights)
    drawn_to = {n.id for n in figure.numbers() if n.id.startswith("to-")}
    assert drawn_to == {id for id in expected if "_" in id or "bias" in id}
    for id, value in expected.items():
        got = read.value(read.by_name[id].expression)
        np.testing.assert_allclose(got, value, atol=1e-7, err_msg=id)
    drawn_from = {n.id for n in figure.numbers()} - drawn_to
    assert drawn_from == {f"from-{name}" for name in trace.weights[0].parameters()}


@pytest.mark.parametrize("library", TARGETS)
@pytest.mark.parametrize("size", [(40, 256), (4096, 1), (1, 1500)], ids=str)
def test_a_large_port_has_the_size_of_a_small_one(library, size):
    trace, _ = trained_trace(*size)
    for width in (720, 360):
        figure = lf.draw("porting", trace, width=width, to=library)
        small = lf.draw("porting", Source(3, 2).trace(), width=width, to=library)
        assert layout_faults.faults(figure.sheet, width) == []
        assert len(figure.numbers()) == len(small.numbers())
        assert figure.sheet.height <= small.sheet.height + 60


def test_a_reverse_direction_is_the_second_of_the_axis():
    torch.manual_seed(0)
    module = torch.nn.LSTM(3, 2, bidirectional=True)
    trace = lf.trace(module, torch.zeros(1, 1, 3))
    for library in ("onnx", "openvino"):
        figure = lf.draw("porting", trace, reverse=True, to=library)
        assert "(2, 8, 3)" in texts(figure)
        read = drawing(figure.render("svg", "light").decode())
        for id, value in library_elements(library, trace.weights, reverse=True).items():
            got = read.value(read.by_name[id].expression)
            np.testing.assert_allclose(got, value, atol=1e-7, err_msg=id)


def test_a_module_without_bias_has_none_in_the_library():
    trace = lf.trace(torch.nn.LSTM(3, 2, bias=False), torch.zeros(1, 1, 3))
    for library in TARGETS:
        figure = lf.draw("porting", trace, to=library)
        assert not [n for n in figure.numbers() if "bias" in n.id]
        assert "The module has no bias." in " ".join(texts(figure))


def test_four_probes_give_four_results_that_torch_gives_too():
    values = values_by_id("gate-order", Source(3, 2).trace())
    cell = torch.nn.LSTMCell(3, 2)
    results = set()
    for band, probed_gate in enumerate("ifgo"):
        with torch.no_grad():
            for parameter in cell.parameters():
                parameter.zero_()
            cell.bias_ih[2 * band : 2 * band + 2] = 10
            start = torch.zeros(1, 2), torch.full((1, 2), 2.0)
            h, c = cell(torch.zeros(1, 3), start)
        assert values[f"{probed_gate}-h"] == pytest.approx(h[0, 0].item(), abs=1e-6)
        assert values[f"{probed_gate}-c"] == pytest.approx(c[0, 1].item(), abs=1e-6)
        results.add((round(c[0, 0].item(), 2), round(h[0, 0].item(), 2)))
        gates = {gate: values[f"{probed_gate}-{gate}"] for gate in "ifgo"}
        assert max(gates, key=gates.get) == probed_gate
    assert len(results) == 4


@pytest.mark.parametrize("bias", [True, False])
def test_parameters_are_counted_as_torch_and_keras_count_them(bias):
    i, h = 5, 7
    module = torch.nn.LSTM(i, h, bias=bias)
    values = values_by_id("parameter-count", lf.trace(module, torch.zeros(1, 1, i)))
    for name, parameter in module.named_parameters():
        assert values[f"torch-{name[:-3]}"] == parameter.numel()
    total = sum(parameter.numel() for parameter in module.parameters())
    assert values["torch-all"] == total
    assert values["keras-all"] == 4 * h * (i + h + bias)
    assert ("torch-every" in values) is False


def test_the_count_of_a_whole_module_stands_below_that_of_a_layer():
    module = torch.nn.LSTM(10, 20, 3, bidirectional=True)
    trace = lf.trace(module, torch.zeros(1, 1, 10))
    values = values_by_id("parameter-count", trace, layer=1, reverse=True)
    assert values["torch-every"] == 24_960
    assert values["torch-all"] == 4 * 20 * (40 + 20 + 2)


@pytest.mark.parametrize("name", ["porting", "gate-order", "parameter-count"])
def test_a_module_with_a_projection_is_drawn_and_proven(name):
    torch.manual_seed(0)
    module = torch.nn.LSTM(3, 4, proj_size=2)
    trace = lf.trace(module, torch.zeros(2, 1, 3))
    figure = lf.draw(name, trace)
    svg = figure.render("svg", "light").decode()
    assert prove(svg) == len(figure.numbers()) > 0
    values = {n.id: n.number.value.item() for n in figure.numbers()}
    if name == "parameter-count":
        assert values["torch-weight_hr"] == module.weight_hr_l0.numel()
        total = sum(parameter.numel() for parameter in module.parameters())
        assert values["torch-all"] == total
