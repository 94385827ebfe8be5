"""What `four-weights` quotes."""

import torch

from tests.site.facts.common import BIASES, GATES, gate_of, randn
from tests.site.facts.parts import is_made_so, writes
from tests.site.facts_of_pages import figure, network, of_torch


def multiplies_a_column() -> bool:
    """Whether the product with a column is that of the layer with a row."""
    layer, x = torch.nn.Linear(3, 5, bias=False), randn(3)
    return torch.allclose((layer.weight @ x[:, None]).T, layer(x[None]))


def is_silenced_by_a_gate_alone() -> bool:
    """Whether a gate brings both of two opposite values to zero.

    What is added to both of their sums does not.
    """
    sums = torch.tensor([2.0, -2.0])
    moved = (sums + torch.linspace(-9, 9, 181)[:, None]).tanh()
    return bool((moved.abs().amax(1) > 0.9).all()) and not (0 * sums).any()


FACTS = (
    *of_torch(
        (
            "Nor could `g` do without `i`, although a tanh can be zero as "
            "well. A sum can be moved, but not silenced",
            is_silenced_by_a_gate_alone,
            writes,
        ),
        (
            ": whatever the quotes add to the sum of `g`, they add to it at an "
            "opening bracket and at a closing one alike, and cannot bring both "
            "to zero.",
            is_silenced_by_a_gate_alone,
        ),
        (
            "Its weight has one row per output, and the input is multiplied by "
            "the transposed weight",
            lambda: torch.nn.Linear(3, 5).weight.shape == (5, 3),
        ),
        ("with the input as a column instead of a row", multiplies_a_column),
        (
            "Each begins as a weighted sum of what the unit reads, and a "
            "weighted sum is what a perceptron computes.",
            is_made_so,
            multiplies_a_column,
        ),
        (
            "which makes eight rows of weights. Which row belongs to which gate of which unit?",
            lambda: len({gate_of(row) for row in range(8)}) == 8,
        ),
    ),
    *figure(
        ("the first: {:.2f}.", "(x @ lstm.weight_ih_l0[:1].T)[step - 1, 0, 0]"),
        ("adds {:.2f} to the sums of its input gate and its forget gate", "ih[step - 1, 0, unit]"),
        (
            "its forget gate, which opens both;",
            "ih[step - 1, 0, unit] == ih[step - 1, 0, 2 + unit]",
        ),
        ("it adds {:.2f} to that of its output gate", "ih[step - 1, 0, 6 + unit]"),
        ("and lowers its cell gate by {:.2f}", "-ih[step - 1, 0, 4 + unit]"),
    ),
    *network(
        "cell",
        (
            "are of a network that learned nothing: the **example network**, "
            "`nn.LSTM(3, 2)`, whose weights are multiples of a quarter,",
            "all((4 * p == (4 * p).round()).all() for p in lstm.parameters())",
        ),
        (
            "An input with a single 1 is called one-hot. The example network "
            "reads such inputs at every step, so you can always see which "
            "weight was picked.",
            "((x == 1).sum(2) == 1).all() and ((x == 0).sum(2) == 2).all()",
            "all(torch.equal(ih[t, 0], lstm.weight_ih_l0[:, x[t, 0].argmax()]) "
            "for t in range(len(x)))",
        ),
    ),
    *network(
        "reading --network brackets",
        (
            ", the counting unit keeps its count at a bracket between quotes "
            "and writes nothing, and at a bracket outside of them it does "
            "both.",
            "all(f[t, 0, 0] > 0.85 and (abs((i * g)[t, 0, 0]) < 0.1 if "
            "inside[t] else abs((i * g)[t, 0, 0]) > 0.9) "
            "for t in range(len(text)) if text[t] in '()')",
        ),
        (
            "With one sum for both decisions it could not.",
            "all(z_f[t, 0, 0] > 2 and z_i[t, 0, 0] < -2 "
            "for t in range(len(text)) if text[t] in '()' and inside[t])",
        ),
    ),
    *network(
        "four-weights",
        ("From a perceptron to {:word} weights", GATES),
        ("{:Word} numbers decide what a unit does", GATES),
        ("So a unit has {:word} weights per input", GATES),
        (
            "through {:word} weights for each, and it has {:word} biases",
            GATES,
            f"({GATES}) * ({BIASES})",
        ),
        ("which makes {:word} rows of weights", "len(lstm.weight_ih_l0)"),
    ),
    *figure(("reads the same input {:word} times", GATES)),
)
