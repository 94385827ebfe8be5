"""Check `cell-input --unit`: each product, and the sum of a gate."""

import pytest
import torch

import lstm_figs

torch.manual_seed(5)
LSTM = torch.nn.LSTM(4, 3)
X = torch.randn(5, 1, 4)
STEP, UNIT = 3, 2


@pytest.fixture(scope="module")
def figure_values():
    return values(lstm_figs.draw("cell-input", lstm_figs.trace(LSTM, X), step=STEP, unit=UNIT))


def values(figure):
    return {n.id: n.number.value.item() for n in figure.numbers()}


def states_before():
    """The input of the step, and the state before it."""
    output, _ = LSTM(X)
    _, (_, c) = LSTM(X[: STEP - 1])
    return X[STEP - 1, 0], output[STEP - 2, 0], c[0, 0]


def addends(figure_values, gate):
    """Every addend of a gate, as printed."""
    row = "ifgo".index(gate) * 3 + UNIT
    products = [
        figure_values[f"{name}-{gate}-{k}"]
        for name, size in (("ih", 4), ("hh", 3))
        for k in range(size)
    ]
    biases = [figure_values[f"bias_{name}-{row}"] for name in ("ih", "hh")]
    return products + biases


@pytest.mark.parametrize("gate", "ifgo")
def test_a_gate_is_the_function_of_the_sum_of_its_addends(figure_values, gate):
    z = torch.tensor(addends(figure_values, gate)).sum()
    assert figure_values[f"z_{gate}-2-2"] == pytest.approx(z.item(), abs=1e-6)
    value = z.tanh() if gate == "g" else z.sigmoid()
    assert figure_values[f"{gate}-2-2"] == pytest.approx(value.item(), abs=1e-6)


@pytest.mark.parametrize("gate", "ifgo")
def test_each_product_is_that_of_the_cells_above_it(figure_values, gate):
    row = "ifgo".index(gate) * 3 + UNIT
    x, h, _ = states_before()
    for name, vector, weight in (("ih", x, LSTM.weight_ih_l0), ("hh", h, LSTM.weight_hh_l0)):
        for k, value in enumerate(vector.tolist()):
            word = "x" if name == "ih" else "h_prev"
            factor = figure_values[f"weight_{name}-{row}-{k}"]
            assert factor == weight[row, k].item()
            element = figure_values[f"{word}-{STEP - 1}-{k}"]
            assert element == pytest.approx(value, abs=1e-6)
            product = factor * value
            assert figure_values[f"{name}-{gate}-{k}"] == pytest.approx(product, abs=1e-6)


@pytest.mark.parametrize("size", [1, 3, 4])
def test_value_weight_and_product_stand_below_each_other(size):
    lstm = torch.nn.LSTM(size, size)
    trace = lstm_figs.trace(lstm, torch.randn(2, 1, size))
    numbers = {n.id: n for n in lstm_figs.draw("cell-input", trace, unit=0).numbers()}
    for k in range(size):
        column = [numbers[f"h_prev-1-{k}"], numbers[f"weight_hh-0-{k}"], numbers[f"hh-i-{k}"]]
        rights = [n.left + n.width for n in column]
        assert max(n.left for n in column) < min(rights)
        assert [n.y for n in column] == sorted(n.y for n in column)


@pytest.mark.parametrize("size", [1, 3, 4])
def test_products_of_a_gate_stand_above_its_sum_on_a_phone(size):
    lstm = torch.nn.LSTM(size, size)
    trace = lstm_figs.trace(lstm, torch.randn(2, 1, size))
    figure = lstm_figs.draw("cell-input", trace, unit=0, width=360)
    numbers = {n.id: n for n in figure.numbers()}
    for row, gate in enumerate("ifgo"):
        ids = [f"{n}-{gate}-{k}" for n in ("ih", "hh") for k in range(size)]
        ids += [f"bias_{n}-{row * size}" for n in ("ih", "hh")]
        column = [numbers[i] for i in (*ids, f"z_{gate}-1-0")]
        rights = [n.left + n.width for n in column]
        assert max(n.left for n in column) < min(rights)
        assert [n.y for n in column] == sorted(n.y for n in column)


@pytest.mark.parametrize("width", [720, 360])
def test_without_bias_only_products_are_added(width):
    lstm = torch.nn.LSTM(4, 3, bias=False)
    trace = lstm_figs.trace(lstm, X)
    figure = lstm_figs.draw("cell-input", trace, unit=1, width=width)
    assert [id for id in values(figure) if id.startswith("bias")] == []
    assert figure.sheet.width <= width


def test_the_description_can_be_followed_with_a_calculator():
    description = lstm_figs.draw("cell-input", step=2, unit=0).scene.description
    assert (
        "Gate g, row 4: x[0] −0.50 × 0 = 0; x[1] 2.00 × 1.00 = 2.00; "
        "x[2] −0.25 × 0 = 0; h_prev[0] 1.25 × −0.12 = −0.15; h_prev[1] "
        "−0.75 × −0.10 = 0.07; bias_ih −0.25; bias_hh −0.50; the sum is 1.17, "
        "the gate 0.82"
    ) in description
