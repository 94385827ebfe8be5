"""What `porting` quotes."""

import torch

from lstm_figs.porting import KERAS
from tests.site.facts.common import drawn, module, occurrences
from tests.site.facts.forget_bias import bands_that_keep
from tests.site.quoting import asked, figure, network, page
from tests.site.test_formulas import letters


def is_one_bias() -> bool:
    """Whether both biases may be one of them."""
    lstm, x = module(3, 2), drawn(5, 1, 3)
    before, _ = lstm(x)
    with torch.no_grad():
        lstm.bias_ih_l0 += lstm.bias_hh_l0
        lstm.bias_hh_l0.zero_()
    return torch.allclose(lstm(x)[0], before, atol=1e-6)


FACTS = (
    *asked(
        (
            "Keras calls its gates i, f, c and o, and its c is PyTorch's g: "
            "the order is the same.",
            lambda: KERAS.order == "ifgo" and KERAS.letters[2] == "c",
        ),
    ),
    *asked(
        (
            "what others call c, z or j is g here",
            lambda: {letters(f"i, f, {name}, o") for name in "cg"} == {"ifgo"},
        ),
        (
            "make all of it `bias_ih`, and zero `bias_hh`. The module computes "
            "the same.",
            is_one_bias,
        ),
        (
            "It acts like a bias, so add it to rows `H:2*H`",
            lambda: bands_that_keep() == [1],
        ),
        (
            "The libraries in the second column are run by the tests of this "
            "page. Those in the third were not run",
            lambda: "| Order | Run | Read |" in page("porting").text,
        ),
    ),
    *figure(
        (
            "Both matrices are transposed, and both biases are added.",
            "torch.equal(keras['kernel'].T, lstm.weight_ih_l0) and torch.equal("
            "keras['recurrent_kernel'].T, lstm.weight_hh_l0)",
            "torch.equal(keras['bias'], lstm.bias_ih_l0 + lstm.bias_hh_l0)",
        ),
        (
            "The rows stay rows, but the band of o moves up, between i and f. "
            "Both biases are kept, one after the other, each in the new order.",
            "torch.equal(onnx['W'][0].split(2)[1], lstm.weight_ih_l0[6:])",
            "all(torch.equal(onnx['W'][0].split(2)[new], "
            "lstm.weight_ih_l0.split(2)[old]) "
            "for new, old in ((0, 0), (2, 1), (3, 2)))",
            "torch.equal(onnx['B'][0, 8:10], lstm.bias_hh_l0[:2])",
        ),
        (
            "The first axis of `W`, `R` and `B` counts directions",
            "all(len(tensor) == 1 for tensor in onnx.values())",
        ),
        (
            "a matrix for each gate, so there is no order to get wrong. The "
            "matrices are transposed, and the one bias stands beside the "
            "matrix of the hidden state.",
            "all(k[0] == 'h' for k in flax if 'bias' in k)",
            "torch.equal(flax['if/kernel'].T, lstm.weight_ih_l0[2:4])",
        ),
        (
            "The band of f comes first, before i. The biases are added.",
            "torch.equal(openvino['W'][0, :2], lstm.weight_ih_l0[2:4])",
            "torch.equal(openvino['W'][0, 2:4], lstm.weight_ih_l0[:2])",
            "torch.equal(openvino['B'][0, :2], "
            "(lstm.bias_ih_l0 + lstm.bias_hh_l0)[2:4])",
        ),
    ),
    *network(
        "cell",
        (
            "to and from {:word} libraries",
            occurrences(" | porting --to ", "porting"),
        ),
    ),
    *figure(
        (
            "has {:word} times hidden_size rows",
            "len(lstm.weight_ih_l0) // lstm.hidden_size",
        ),
        (
            "has {:word} times hidden_size rows",
            "len(lstm.weight_hh_l0) // lstm.hidden_size",
        ),
        (
            "so areas can be compared by columns",
            "len({len(p) for p in lstm.parameters()}) == 1",
        ),
        (
            "Keras has one column less, since it keeps the sum of the biases. "
            "The parameters of the second bias are the whole difference.",
            "sum(p.numel() for p in lstm.parameters()) - sum("
            "k.numel() for k in (kernel, recurrent_kernel, bias))"
            " == len(lstm.weight_ih_l0)",
        ),
    ),
    *figure(
        ("one quarter of the bias to {:.0f}", "lit.max()"),
        (
            "one quarter of the bias",
            "all(4 * (band > 0).sum() == band.numel() for band in lit)",
        ),
        ("Start from a cell state of {}", "start"),
        (
            "An opened gate is about {:.0f}, the others are one half",
            "lit_i[0].min()",
        ),
        (
            "the others are one half",
            "(lit_i[1:] == 0.5).all() and (lit_o[:3] == 0.5).all() "
            "and (lit_f[[0, 2, 3]] == 0.5).all()",
        ),
        ("is {:.0f} unless it was opened", "lit_g[[0, 1, 3]].max()"),
        ("If the state stays {:.0f}, the forget gate", "lit_c[1, 0]"),
        (
            "If it becomes one and a half, it was g",
            "abs(lit_c[2, 0] - 1.5) < 1e-3",
        ),
        (
            "{:Word} bands leave {:.0f}: of",
            "(abs(lit_c[:, 0] - start / 2) < 1e-3).sum()",
            "lit_c[0, 0]",
        ),
        (
            "the output gate is the one that shows more in h",
            "lit_h[3, 0] > lit_h[0, 0]",
        ),
        (
            "Do not start from a state of {:.0f}: f and g would give the same",
            "(lit_i * lit_g)[2, 0] / (lit_f[1, 0] - lit_f[2, 0])",
        ),
        id="gate-order",
    ),
)
