import re

import numpy as np
import pytest
import torch

import lstm_figs as lf
from lstm_figs.porting import TARGETS
from lstm_figs.proof import digits
from lstm_figs.scene.marks import Text, walk
from lstm_figs.sources import Source
from tests.proving import prove
from tests.trained import trained_trace


def drawn(name, trace, **options):
    """The values of a figure, by their ids."""
    figure = lf.draw(name, trace, **options)
    return {n.id: n.number.value.item() for n in figure.numbers()}


def said(figure):
    return [m.content for m in walk(figure.sheet.marks) if isinstance(m, Text)]


def library_side(library, stack):
    """Where each gate, unit and column stands in the library's tensors."""
    target, units = TARGETS[library], stack[0].hidden_size
    tensors = target.to(stack)
    found = {}
    for k, gate in enumerate(target.order):
        for unit in range(units):
            place = k * units + unit
            if library == "keras":
                ih = tensors["lstm/lstm_cell/kernel"][:, place]
                hh = tensors["lstm/lstm_cell/recurrent_kernel"][:, place]
                bias = {"bias": tensors["lstm/lstm_cell/bias"][place]}
            elif library == "flax":
                ih, hh = (
                    tensors[f"cell_l0/{side}{gate}/kernel"][:, unit]
                    for side in "ih"
                )
                bias = {"bias": tensors[f"cell_l0/h{gate}/bias"][unit]}
            else:
                ih, hh = (tensors[f"{n}_l0"][0, place] for n in "WR")
                b = tensors["B_l0"][0]
                bias = {"bias": b[place]}
                if library == "onnx":
                    bias = {
                        "bias_ih": b[place],
                        "bias_hh": b[4 * units + place],
                    }
            for name, row in (("weight_ih", ih), ("weight_hh", hh)):
                for j, value in enumerate(row):
                    found[f"to-{name}-{gate}-{unit}-{j}"] = value
            for name, value in bias.items():
                found[f"to-{name}-{gate}-{unit}"] = value
    return found


@pytest.mark.parametrize("library", TARGETS)
def test_every_number_of_the_library_is_drawn_where_it_belongs(library):
    trace = Source(3, 4, seed=2).trace()
    found = drawn("porting", trace, to=library)
    expected = library_side(library, trace.weights)
    got = {
        re.sub(r"(to-bias.*?-.-\d+)-0$", r"\1", id): value
        for id, value in found.items()
        if id.startswith("to-")
    }
    assert set(got) == set(expected)
    for id, value in expected.items():
        np.testing.assert_allclose(got[id], value, atol=1e-7, err_msg=id)
    ours = len(found) - len(got)
    assert ours == sum(a.size for a in trace.weights[0].parameters().values())


@pytest.mark.parametrize("library", TARGETS)
@pytest.mark.parametrize("size", [(40, 256), (4096, 1), (1, 1500)], ids=str)
def test_a_large_port_says_what_it_leaves_out_and_stays_small(library, size):
    trace, _ = trained_trace(*size)
    for width in (720, 360):
        figure = lf.draw("porting", trace, width=width, to=library)
        assert figure.sheet.width <= 720
        assert len(figure.render("svg", "page")) < 300_000
        words = " ".join(said(figure))
        assert "dots stand for the others" in words


def test_a_reverse_direction_is_the_second_of_the_axis():
    torch.manual_seed(0)
    module = torch.nn.LSTM(3, 2, bidirectional=True)
    trace = lf.trace(module, torch.zeros(1, 1, 3))
    figure = lf.draw("porting", trace, reverse=True, to="onnx")
    assert "(2, 8, 3)" in said(figure)
    found = {n.id: n.number for n in figure.numbers()}
    number = found["to-weight_ih-o-0-0"]
    assert number.value == module.weight_ih_l0_reverse[6, 0].item()


def test_a_module_without_bias_has_none_in_the_library():
    trace = lf.trace(torch.nn.LSTM(3, 2, bias=False), torch.zeros(1, 1, 3))
    for library in TARGETS:
        figure = lf.draw("porting", trace, to=library)
        assert not [n for n in figure.numbers() if "bias" in n.id]
        assert "The module has no bias." in " ".join(said(figure))


def test_four_probes_give_four_results_that_torch_gives_too():
    found = drawn("gate-order", Source(3, 2).trace())
    cell = torch.nn.LSTMCell(3, 2)
    results = set()
    for band, lit in enumerate("ifgo"):
        with torch.no_grad():
            for parameter in cell.parameters():
                parameter.zero_()
            cell.bias_ih[2 * band : 2 * band + 2] = 10
            start = torch.zeros(1, 2), torch.full((1, 2), 2.0)
            h, c = cell(torch.zeros(1, 3), start)
        assert found[f"{lit}-h"] == pytest.approx(h[0, 0].item(), abs=1e-6)
        assert found[f"{lit}-c"] == pytest.approx(c[0, 1].item(), abs=1e-6)
        results.add((round(c[0, 0].item(), 2), round(h[0, 0].item(), 2)))
        gates = {gate: found[f"{lit}-{gate}"] for gate in "ifgo"}
        assert max(gates, key=gates.get) == lit
    assert len(results) == 4


@pytest.mark.parametrize("bias", [True, False])
def test_parameters_are_counted_as_torch_and_keras_count_them(bias):
    i, h = 5, 7
    module = torch.nn.LSTM(i, h, bias=bias)
    found = drawn("parameter-count", lf.trace(module, torch.zeros(1, 1, i)))
    for name, parameter in module.named_parameters():
        assert found[f"torch-{name[:-3]}"] == parameter.numel()
    total = sum(parameter.numel() for parameter in module.parameters())
    assert found["torch-all"] == total
    assert found["keras-all"] == 4 * h * (i + h + bias)
    assert ("torch-every" in found) is False


def test_the_count_of_a_whole_module_stands_below_that_of_a_layer():
    module = torch.nn.LSTM(10, 20, 3, bidirectional=True)
    trace = lf.trace(module, torch.zeros(1, 1, 10))
    found = drawn("parameter-count", trace, layer=1, reverse=True)
    assert found["torch-every"] == 24_960
    assert found["torch-all"] == 4 * 20 * (40 + 20 + 2)


@pytest.mark.parametrize("name", ["porting", "gate-order", "parameter-count"])
def test_a_module_with_a_projection_is_drawn_and_proven(name):
    torch.manual_seed(0)
    module = torch.nn.LSTM(3, 4, proj_size=2)
    trace = lf.trace(module, torch.zeros(2, 1, 3))
    figure = lf.draw(name, trace)
    svg = figure.render("svg", "light").decode()
    assert prove(svg) == len(figure.numbers()) > 0
    found = {n.id: n.number.value.item() for n in figure.numbers()}
    if name == "parameter-count":
        assert found["torch-weight_hr"] == module.weight_hr_l0.numel()
        total = sum(parameter.numel() for parameter in module.parameters())
        assert found["torch-all"] == total


@pytest.mark.parametrize("library", TARGETS)
def test_how_a_tensor_prints_is_decided_once(library, monkeypatch):
    decided = []

    def decimals(values):
        values = list(values)
        decided.append(len(values))
        return real(values)

    real = digits.decimals
    monkeypatch.setattr(digits, "decimals", decimals)
    lf.draw("porting", Source(8, 8).trace(), to=library)
    # A description says the numbers of a row, of at most 8.
    tensors = [count for count in decided if count > 8]
    assert len(tensors) <= 8, tensors
