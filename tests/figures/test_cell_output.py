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
        "gates": {
            "z_i": z_i, "i": i, "z_f": z_f, "f": f,
            "z_g": z_g, "g": g, "z_o": z_o, "o": o,
        },
        "c": {
            "f": f, "c_prev": C, "i": i, "g": g,
            "f-c_prev": f * C, "i-g": i * g, "c": c,
        },
        "h": {"c": c, "tanh_c": c.tanh(), "o": o, "h": h},
    }  # fmt: skip


def test_every_part_has_the_values_of_torch(figure, expected):
    drawn = {
        n.id.replace("-again", ""): n.number.value for n in figure.numbers()
    }
    wanted = {
        f"{name}-{part}-0-{unit}": value.item()
        for part, vectors in expected.items()
        for name, vector in vectors.items()
        for unit, value in enumerate(vector[0])
    }
    assert drawn == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("width", [720, 360])
def test_each_unit_has_its_own_line_in_each_part(width):
    trace = lstm_figs.trace(CELL, X, (H, C))
    figure = lstm_figs.draw("cell-output", trace, width=width)
    lines = {}
    for n in figure.numbers():
        lines.setdefault(n.y, set()).add(n.id.rpartition("-")[2])
    assert all(len(units) == 1 for units in lines.values())
    assert len(lines) == 5 * (3 if width == 720 else 4)


def test_operands_stand_in_the_order_of_the_equation(figure):
    places = {n.id: n.x for n in figure.numbers()}
    order = ["f", "c_prev", "i", "g", "f-c_prev", "i-g", "c"]
    xs = [places[f"{name}-c-0-0"] for name in order]
    assert xs == sorted(xs)


def test_the_description_follows_one_unit():
    said = lstm_figs.draw("cell-output", step=2).scene.description
    assert "f = σ(−0.53) = 0.37" in said
    assert "c = 0.37 × −0.81 + 0.29 × 0.82 = −0.30 + 0.24 = −0.06" in said
    assert "h = 0.05 × tanh(c) = 0.05 × −0.06 = −0.003." in said
