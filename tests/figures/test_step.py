import pytest
import torch

import lstm_figs

torch.manual_seed(5)
LSTM = torch.nn.LSTM(4, 3)
X = torch.randn(5, 1, 4)
STEP, UNIT = 3, 2


@pytest.fixture(scope="module")
def drawn():
    return values(
        lstm_figs.draw(
            "step", lstm_figs.trace(LSTM, X), step=STEP, unit=UNIT
        )
    )  # fmt: skip


def values(figure):
    return {n.id: n.number.value.item() for n in figure.numbers()}


def before():
    """The input of the step, and the state before it."""
    output, _ = LSTM(X)
    _, (_, c) = LSTM(X[: STEP - 1])
    return X[STEP - 1, 0], output[STEP - 2, 0], c[0, 0]


def added(drawn, gate):
    """Every addend of a gate, as the figure writes it."""
    row = "ifgo".index(gate) * 3 + UNIT
    products = [
        drawn[f"{name}-{gate}-{k}"]
        for name, size in (("ih", 4), ("hh", 3))
        for k in range(size)
    ]
    biases = [drawn[f"bias_{name}-{row}"] for name in ("ih", "hh")]
    return products + biases


@pytest.mark.parametrize("gate", "ifgo")
def test_a_gate_is_the_function_of_the_sum_of_its_addends(drawn, gate):
    z = torch.tensor(added(drawn, gate)).sum()
    assert drawn[f"z_{gate}-2-2"] == pytest.approx(z.item(), abs=1e-6)
    value = z.tanh() if gate == "g" else z.sigmoid()
    assert drawn[f"{gate}-2-2"] == pytest.approx(value.item(), abs=1e-6)


@pytest.mark.parametrize("gate", "ifgo")
def test_each_product_is_that_of_the_cells_above_it(drawn, gate):
    row = "ifgo".index(gate) * 3 + UNIT
    x, h, _ = before()
    for name, vector, weight in (
        ("ih", x, LSTM.weight_ih_l0),
        ("hh", h, LSTM.weight_hh_l0),
    ):
        for k, value in enumerate(vector.tolist()):
            word = "x" if name == "ih" else "h_prev"
            factor = drawn[f"weight_{name}-{row}-{k}"]
            assert factor == weight[row, k].item()
            assert drawn[f"{word}-{gate}-{k}"] == pytest.approx(value, abs=1e-6)
            product = factor * value
            assert drawn[f"{name}-{gate}-{k}"] == pytest.approx(
                product, abs=1e-6
            )


def test_the_states_are_those_of_the_module(drawn):
    output, _ = LSTM(X)
    _, (_, c) = LSTM(X[:STEP])
    _, _, c_prev = before()
    assert drawn["c_prev-factor-2-2"] == pytest.approx(c_prev[UNIT].item())
    kept, new = drawn["f-c_prev-2-2"], drawn["i-g-2-2"]
    assert kept + new == pytest.approx(c[0, 0, UNIT].item(), abs=1e-6)
    assert drawn["c-2-2"] == pytest.approx(c[0, 0, UNIT].item(), abs=1e-6)
    h = drawn["o-factor-2-2"] * drawn["tanh_c-factor-2-2"]
    assert drawn["h-2-2"] == pytest.approx(h, abs=1e-6)
    assert h == pytest.approx(output[STEP - 1, 0, UNIT].item(), abs=1e-6)


@pytest.mark.parametrize("width", [720, 360])
@pytest.mark.parametrize("size", [1, 3, 8])
def test_factors_and_product_stand_below_each_other(width, size):
    lstm = torch.nn.LSTM(size, size)
    trace = lstm_figs.trace(lstm, torch.randn(2, 1, size))
    numbers = {
        n.id: n
        for n in lstm_figs.draw("step", trace, step=2, width=width).numbers()
    }
    for k in range(size):
        cells = [numbers[f"weight_hh-0-{k}"], numbers[f"h_prev-i-{k}"],
                 numbers[f"hh-i-{k}"]]  # fmt: skip
        rights = [c.left + c.width for c in cells]
        assert max(c.left for c in cells) < min(rights)
        assert [c.y for c in cells] == sorted(c.y for c in cells)
        assert 40 < cells[2].y - cells[0].y < 60


@pytest.mark.parametrize("width", [720, 360])
def test_without_bias_only_products_are_added(width):
    lstm = torch.nn.LSTM(4, 3, bias=False)
    figure = lstm_figs.draw("step", lstm_figs.trace(lstm, X), width=width)
    assert [id for id in values(figure) if id.startswith("bias")] == []
    assert figure.sheet.width <= (720 if width == 720 else 390)


def test_the_description_can_be_followed_with_a_calculator():
    said = lstm_figs.draw("step", step=2).scene.description
    assert (
        "Cell gate, row 4: −0.50 × 0 = 0; 2 × 1 = 2; −0.25 × 0 = 0; "
        "1.25 × −0.12 = −0.15; −0.75 × −0.10 = 0.07; −0.25; −0.50. "
        "z_g = 1.17, g = 0.82."
    ) in said
