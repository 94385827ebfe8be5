"""What `porting` quotes."""

from tests.site.facts.common import occurrences
from tests.site.quoting import figure, network

FACTS = (
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
            "Keras has one column less",
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
