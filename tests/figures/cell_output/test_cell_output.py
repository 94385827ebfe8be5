"""Compare the columns of `cell-output` with torch."""

import pytest
import torch

import lstm_figs

torch.manual_seed(4)
CELL = torch.nn.LSTMCell(3, 5)
X, H, C = torch.randn(1, 3), torch.randn(1, 5), torch.randn(1, 5)


@pytest.fixture(scope="module")
def figure():
    return lstm_figs.draw("cell-output", lstm_figs.trace(CELL, X, (H, C)))


@pytest.fixture(scope="module")
def expected():
    z = X @ CELL.weight_ih.T + CELL.bias_ih + H @ CELL.weight_hh.T
    z_i, z_f, z_g, z_o = (z + CELL.bias_hh).chunk(4, dim=1)
    i, f, g, o = z_i.sigmoid(), z_f.sigmoid(), z_g.tanh(), z_o.sigmoid()
    h, c = CELL(X, (H, C))
    return {
        "gates": {"z_i": z_i, "i": i, "z_f": z_f, "f": f, "z_g": z_g, "g": g, "z_o": z_o, "o": o},
        "c": {"c_prev": C, "f-c_prev": f * C, "i-g": i * g, "c": c},
        "h": {"tanh_c": c.tanh(), "h": h},
    }


def test_every_part_has_the_values_of_torch(figure, expected):
    figure_values = {n.id: n.number.value for n in figure.numbers()}
    expected_values = {
        f"{name}-{part}-0-{unit}": value.item()
        for part, vectors in expected.items()
        for name, vector in vectors.items()
        for unit, value in enumerate(vector[0])
    }
    assert figure_values == pytest.approx(expected_values, abs=1e-6)


@pytest.mark.parametrize("width", [720, 360])
def test_each_unit_has_a_column_of_its_own(width):
    trace = lstm_figs.trace(CELL, X, (H, C))
    figure = lstm_figs.draw("cell-output", trace, width=width)
    columns = {}
    for n in figure.numbers():
        columns.setdefault(round(n.x, 1), set()).add(n.id.rpartition("-")[2])
    assert all(len(units) == 1 for units in columns.values())
    assert len(columns) == 5


def test_what_is_computed_stands_below_what_it_is_computed_from(figure):
    places = {n.id.rpartition("-0-")[0]: n.y for n in figure.numbers()}
    order = ["c_prev-c", "f-c_prev-c", "i-g-c", "c-c", "tanh_c-h", "h-h"]
    for gate in "ifgo":
        heights = [places[name] for name in (f"z_{gate}-gates", f"{gate}-gates", *order)]
        assert heights == sorted(heights)


def test_the_description_follows_one_unit():
    description = lstm_figs.draw("cell-output", step=2).scene.description
    assert "f = σ(−0.53) = 0.37" in description
    assert "c = 0.37 × −0.81 + 0.29 × 0.82 = −0.30 + 0.24 = −0.06" in description
    assert "h = 0.05 × tanh(c) = 0.05 × −0.06 = −0.003." in description
