"""What `keep-write-show` quotes."""

import torch

from tests.site.facts.common import (
    EQUATIONS,
    STATES,
    are_rows_of_bands,
    gate_of,
    occurrences,
    units_of_column,
)
from tests.site.facts_of_pages import figure, network, of_torch

FACTS = (
    *figure(
        ('The step at the first `"`.', "text.index(chr(34)) == step - 1"),
        (
            "Unit 1 keeps next to nothing of its {:.2f}, and writes {:.2f}.",
            "c_prev[step - 1, 0, 1]",
            "(i * g)[step - 1, 0, 1]",
        ),
        ("has counted {:word} open brackets", "text[:step].count('(') - text[:step].count(')')"),
        (
            "keeps its {:.2f}, and {:.2f} slips in",
            "(f * c_prev)[step - 1, 0, 0]",
            "(i * g)[step - 1, 0, 0]",
        ),
        id="first-quote",
    ),
    *figure(
        ("with a cell state of {:.2f}, which the figure calls `c_prev`", "c_prev[step - 1, 0, 1]"),
        ("`f` is {:.3f}, so less than one hundredth of that stays", "f[step - 1, 0, 1]"),
        ("less than one hundredth of that stays", "f[step - 1, 0, 1] < 0.01"),
        ("which prints as {:.2f}", "f[step - 1, 0, 0]"),
        id="first-quote-keep",
    ),
    *figure(
        (
            "is `g`, here {:.2f}, and the input gate `i` is {:.2f}, so all",
            "g[step - 1, 0, 1]",
            "i[step - 1, 0, 1]",
        ),
        ("the new cell state `c`: {:.2f}", "c[step - 1, 0, 1]"),
        (
            "Unit 0 has an open input gate as well, but its `g` is only "
            "{:.2f}, so its count goes from {:.2f} to {:.2f}",
            "g[step - 1, 0, 0]",
            "c_prev[step - 1, 0, 0]",
            "c[step - 1, 0, 0]",
        ),
        ("has an open input gate as well", "i[step - 1, 0, 0] > 0.99"),
        id="first-quote-write",
    ),
    *figure(
        ("Both output gates are open here", "o[step - 1, 0].min() > 0.99"),
        (
            "so a cell state of {:.2f} shows as {:.2f}, and one of {:.2f} as {:.2f}",
            "c[step - 1, 0, 1]",
            "output[step - 1, 0, 1]",
            "c[step - 1, 0, 0]",
            "output[step - 1, 0, 0]",
        ),
        ("read these {:word} numbers", "output.shape[-1]"),
        id="first-quote-show",
    ),
    *figure(
        ("A quote is the fourth input", "x[step - 1, 0].tolist() == [0, 0, 0, 1]"),
        ("the weight that it meets there is {:.2f}", "lstm.weight_ih_l0[3, 3]"),
        ("the sum is {:.2f}, and that shuts", "z_f[step - 1, 0, 1]"),
        ("The {:.1f} in row 0", "lstm.weight_hh_l0[0, 1]"),
        ("unit 1 comes in with {:.2f}", "h_prev[step - 1, 0, 1]"),
        ("opens the gate", "i[step - 1, 0, 0] > 0.99"),
        (
            "It does not do so yet:",
            "i[step - 1, 0, 0] > 0.99",
            "h_prev[step - 1, 0, 1] * lstm.weight_hh_l0[0, 1] > 0",
        ),
        ("At the next step it comes in with {:.2f}", "h_prev[step, 0, 1]"),
        (
            "and the same weight shuts it",
            "i[step, 0, 0] < 0.1 < 0.9 < torch.sigmoid(z_i[step, 0, 0]"
            " - lstm.weight_hh_l0[0, 1] * h_prev[step, 0, 1])",
        ),
        (
            "PyTorch counts four gates, one for each band of weights",
            "'input, forget, cell, and output gates' in ' '.join(torch.nn.LSTM.__doc__.split())",
        ),
    ),
    *of_torch(
        (
            "The second letter of an index is the gate",
            lambda: all(
                f"W_{{{side}{gate}}}" in torch.nn.LSTM.__doc__ for side in "ih" for gate in "ifgo"
            ),
        ),
        (
            "They have no weights of their own, so the tanh of `c` adds no band.",
            lambda: sum(len(weights) for weights in torch.nn.LSTM(3, 2).parameters()) == 4 * 4 * 2,
        ),
        ("Row 3 is the forget gate of unit 1.", lambda: gate_of(3) == ("f", 1)),
        ("Each unit has a row in four bands of weights.", are_rows_of_bands),
        (
            "A row multiplies the input and the hidden state of *every* unit, and adds its biases.",
            lambda: [units_of_column(k, 3) for k in range(3)] == [[0], [1], [2]],
        ),
    ),
    *network(
        "keep-write-show",
        (
            "The first {:word} lines are the rows",
            f"{EQUATIONS} - {occurrences('_t &=', 'keep-write-show')}",
        ),
        ("The last {:word} lines are the bars", occurrences("_t &=", "keep-write-show")),
        ("It makes {:word} vectors", STATES),
    ),
)
