"""What `step` quotes."""

from tests.site.facts.common import WEIGHTS, gate_of
from tests.site.facts.parts import is_made_so
from tests.site.facts_of_pages import figure, network, of_torch

FACTS = (
    *of_torch(
        (
            "Each gate multiplies each of them by its own weights and then "
            "adds the two products, all inside its box.",
            is_made_so,
        )
    ),
    *of_torch(("It is the last row, row 7.", lambda: gate_of(7) == ("o", 1))),
    *figure(
        (
            "a memory of {:.2f} and leaves with {:.2f}",
            "c_prev[step - 1, 0, 0]",
            "c[step - 1, 0, 0]",
        ),
        (
            "the forget gate leaves {:.2f} of it, and what is written, "
            "{:.2f}, cancels most of that",
            "(f * c_prev)[step - 1, 0, 0]",
            "(i * g)[step - 1, 0, 0]",
        ),
        (
            "the input alone says {:.2f} and the bias {:.2f}; the hidden state adds {:.2f}",
            "ih[step - 1, 0, 0]",
            "(lstm.bias_ih_l0 + lstm.bias_hh_l0)[0]",
            "hh[step - 1, 0, 0]",
        ),
        ("The sum is {:.2f}, so", "z_i[step - 1, 0, 0]"),
        ("the gate will be less than half open", "i[step - 1, 0, 0] < 0.5"),
        (
            "A sum of {:.2f} becomes an output gate of {:.2f}",
            "z_o[step - 1, 0, 0]",
            "o[step - 1, 0, 0]",
        ),
        (
            "a sum of {:.2f} becomes an input gate of {:.2f}",
            "z_i[step - 1, 0, 1]",
            "i[step - 1, 0, 1]",
        ),
        (
            "{:.3f} from unit 0, whose output gate is shut, and {:.2f} from unit 1",
            "output[step - 1, 0, 0]",
            "output[step - 1, 0, 1]",
        ),
        (
            "The cell state `c` runs along the top and is changed in two places only.",
            "torch.allclose(c, f * c_prev + i * g, atol=1e-6)",
        ),
        ("Unit 0 with a pocket calculator", "unit == 0"),
        (
            "Only the second column of `weight_ih` counts, because only the second input is on.",
            "x[step - 1, 0].tolist() == [0, 1, 0]",
            "torch.equal(x[step - 1] @ lstm.weight_ih_l0.T, lstm.weight_ih_l0[:, 1][None])",
        ),
    ),
    *network(
        "cell",
        (
            "It is step 2, because at step 1 there is nothing to remember yet.",
            "step == 2",
            "not h_prev[0].any() and not c_prev[0].any() and c_prev[1].all()",
        ),
        (
            "The second input is on, and the hidden states that the step "
            "begins with are {:.2f} and {:.2f}",
            "h_prev[1, 0, 0]",
            "h_prev[1, 0, 1]",
        ),
        ("The second input is on", "x[1, 0].tolist() == [0, 1, 0]"),
        (
            "Which row do you need, what is its sum, and is the gate open or "
            'shut? <details class="lf-fold" markdown> '
            "<summary>Answer</summary> It is the last row, row 7.",
            "3 * lstm.hidden_size + 1 == len(lstm.bias_ih_l0) - 1 == 7",
        ),
        ("picks its second weight, {:.2f}", "lstm.weight_ih_l0[7, 1]"),
        (
            "add {:.2f} · {:.2f} and {:.2f} · {:.2f}, which together is "
            "{:.2f}, and the biases {:.2f}",
            "lstm.weight_hh_l0[7, 0]",
            "h_prev[1, 0, 0]",
            "lstm.weight_hh_l0[7, 1]",
            "h_prev[1, 0, 1]",
            "hh[1, 0, 7]",
            "lstm.bias_ih_l0[7] + lstm.bias_hh_l0[7]",
        ),
        ("The sum is {:.2f}, and σ makes {:.2f} of it", "z_o[1, 0, 1]", "o[1, 0, 1]"),
        ("open by two thirds", "abs(o[1, 0, 1] - 2 / 3) < 0.02"),
        ("adds the {:word} products", WEIGHTS),
        (
            "cut into {:word} equal parts",
            "len({len(z_i), len(z_f), len(z_g),"
            " len(z_o)}) * len(lstm.weight_ih_l0) // lstm.hidden_size",
        ),
    ),
)
