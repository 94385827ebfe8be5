"""What `read-your-own` quotes."""

import numpy as np
import torch

from lstm_figs.layout.motifs.population import TOLD
from lstm_figs.layout.motifs.telling import MOST
from lstm_figs.model.apart import AHEAD, UNTRAINED, areas, folded
from tests.listings import load
from tests.site.facts.common import (
    TRAINED,
    are_rows_of_bands,
    drawn,
    module,
    units_of_column,
)
from tests.site.quoting import asked, figure, network, page, record
from tests.site.records import READER

SHOWN = (
    "--weights docs/code/python_model.safetensors --module encoder.rnn"
    " --input docs/code/python_model-input.safetensors"
    " --tokens docs/code/python_model-tokens.json"
)
"""The network that reads Python, with the sample."""


ENDS = "[k for k, one in enumerate(tokens) if one == tokens[25]]"
KEPT = f"[f[a + 1:b + 1, 0, 63].prod() for a, b in zip({ENDS}, {ENDS}[1:])]"
"""What a unit keeps from the end of each line to that of the next."""


def is_a_bias() -> bool:
    """Whether a constant in place of a unit only shifts a product."""
    layer, h = torch.nn.Linear(4, 3), drawn(5, 4)
    h[:, 1] = 0.5
    shift = 0.5 * layer.weight[:, 1]
    rest = h.clone()
    rest[:, 1] = 0
    return torch.allclose(layer(h), layer(rest) + shift, atol=1e-6)


def are_the_columns_of_the_reverse() -> bool:
    """Whether the layer above reads the reverse units in its last columns."""
    lstm, x = module(3, 2, bidirectional=True), drawn(4, 1, 3)
    before, _ = lstm(x)
    with torch.no_grad():
        lstm.bias_ih_l0_reverse += 1
    moved = (lstm(x)[0] != before).flatten(0, 1).any(0)
    return moved.tolist() == [False, False, True, True]


def is_none_or_all() -> bool:
    """Whether 0.5 is a label that nothing tells, and 1 one that is told."""
    values, true = np.arange(6.0)[:, None], np.arange(6) > 2
    alike = np.zeros((6, 1))
    found = [folded(areas(one, true)) for one in (alike, values, -values)]
    return np.concatenate(found).tolist() == [0.5, 1.0, 1.0]


def lines_of_the_first_listing() -> int:
    """How many lines of code lead to the figures."""
    first = page("read-your-own").text.split("```")[1]
    return sum(bool(line.strip()) for line in first.splitlines()[1:])


def is_told_by_the_products() -> bool:
    """Whether h is read by the readout and by the gates of the next step.

    Taken away from both, a unit leaves nothing: its own c may be anything.
    """
    script = load("take_away")
    model, ids = script.PythonModel(), script.encode("x = [1, 2]")
    frozen = script.without(model, 5, 0.25)
    scores, _ = frozen(ids)
    with torch.no_grad():
        for name, weight in frozen.encoder.rnn.named_parameters():
            weight[5::128] += name.startswith("bias")
    return torch.equal(frozen(ids)[0], scores)


FACTS = (
    *asked(
        (
            "`units --labels` finds the unit whose `c` or `h` tells it apart "
            "best:",
            lambda: "units, by c or by h." in page("read-your-own").text,
        ),
        ("for a sequence of thirty steps or more", lambda: TOLD == 30),
        ("the best of five counts", lambda: UNTRAINED == 5),
        (
            "the first two labels that are told better than all of these by "
            "0.02",
            lambda: (MOST, AHEAD) == (2, 0.02),
        ),
        (
            "0.5 is none, 1 is a unit that tells it without a mistake",
            is_none_or_all,
        ),
        (
            "A constant times a column of a weight matrix is a bias",
            is_a_bias,
        ),
        (
            "the next one reads the unit through its column of `weight_ih_l1`",
            lambda: module(3, 5, num_layers=2).weight_ih_l1.shape[1] == 5,
        ),
        (
            "With two directions the reverse units are the columns from "
            "`hidden_size` on, and their gates have weights that end in "
            "`_reverse`.",
            are_the_columns_of_the_reverse,
        ),
        (
            "with its rows and columns?",
            are_rows_of_bands,
            lambda: (
                [units_of_column(k, 3) for k in range(3)] == [[0], [1], [2]]
            ),
        ),
        (
            "The columns are the unit, the gate, its mean, and the shares of "
            "steps at which it is above `0.9` and below `0.1`.",
            lambda: (
                "shown = gate, (gate > 0.9).float(), (gate < 0.1).float()"
                in page("read-your-own").text
            ),
            lambda: "print(unit, name," in page("read-your-own").text,
        ),
    ),
    *figure(
        ("of {} units these two tell best", "lstm.hidden_size"),
        (
            "`c` of unit 63 is below −0.5 at {} of the {} characters within a "
            "string, and at {} of the other {}.",
            "int((c[:, 0, 63] < -0.5)[labels[0] == 1].sum())",
            "int(labels[0].sum())",
            "int((c[:, 0, 63] < -0.5)[labels[0] == 0].sum())",
            "int((labels[0] == 0).sum())",
        ),
        (
            "`c` of unit 112 is below zero at {} of the {} characters of "
            "docstrings and comments, and at {} of the other {}.",
            "int((c[:, 0, 112] < 0)[labels[1] == 1].sum())",
            "int(labels[1].sum())",
            "int((c[:, 0, 112] < 0)[labels[1] == 0].sum())",
            "int((labels[1] == 0).sum())",
        ),
    ),
    *figure(
        (
            "On the left are {} units that hold a write ten characters or "
            "more, on the right {} that hold one or two.",
            "int((life >= 10).sum())",
            "int((life <= 2).sum())",
        ),
        (
            "what it writes lasts {} characters",
            "int(life[63])",
        ),
        (
            "where a write lasts ten steps or more, `o` is open at {:.0f} % of "
            "the steps, and where it lasts one or two, at {:.0f} %",
            "100 * (o[:, 0, life >= 10] > 0.9).double().mean()",
            "100 * (o[:, 0, life <= 2] > 0.9).double().mean()",
        ),
    ),
    *figure(
        (
            "{} of the {} units that hold a write ten steps or more keep to "
            "one sign, and so to one colour, from the tenth character to the "
            "end",
            "int((c[9:, 0].sign() == c[9, 0].sign()).all(0)[life >= 10].sum())",
            "int((life >= 10).sum())",
        ),
        (
            "Of the {} units that hold a write one or two steps, {} does.",
            "int((life <= 2).sum())",
            "int((c[9:, 0].sign() == c[9, 0].sign()).all(0)[life <= 2].sum())",
        ),
    ),
    *figure(
        (
            "Unit 63 keeps less than half from line to line, but for the "
            "{:word} empty lines, which it keeps all over.",
            f"2 * ([0.99 < one or -int(one < 0.5) for one in {KEPT}] "
            "== [-1] * 3 + [True] * 2 + [-1] * 4)",
        ),
    ),
    *network(
        f"units {SHOWN}",
        ("Its LSTM has {} units", "lstm.hidden_size"),
        (
            "where a column is a unit, with how long what it writes stays, how "
            "often its gates are open or shut, and how far its `c` goes",
            "len(life) == len(o_open) == len(c_high) == lstm.hidden_size",
        ),
    ),
    *network(
        "units --input-size 20 --hidden-size 64 --seq-len 40",
        ("no write lasts {:word} steps there", "int(life.max()) + 1"),
    ),
    *network(
        "reading --network brackets",
        ("which has {:word} units", "lstm.hidden_size"),
        ("{:Word} more networks on these pages", f"{TRAINED} - 1"),
    ),
    *asked(
        (
            "{:word} lines lead from a model to its figures",
            lines_of_the_first_listing,
        ),
        (
            "Two products read it: the readout, and the gates of the next "
            "step.",
            is_told_by_the_products,
        ),
    ),
    *record(
        READER,
        ("trained with [{} modules of this project]", "modules - script.HELD"),
        ("measured on {} more that stand behind them", "script.HELD"),
        ("that was found in {} characters", "len(sample)"),
        (
            "In the {} modules that were not trained with, {:,} characters, "
            "unit {} tells strings apart with an AUC of {:.2f}, and the next "
            "best unit with {:.2f}.",
            "script.HELD",
            "held",
            "told['in a string']['unit']",
            "told['in a string']['held']",
            "told['in a string']['next']",
        ),
        (
            "Unit {} tells docstrings and comments with {:.2f}, the next with "
            "{:.2f}.",
            "told['in prose']['unit']",
            "told['in prose']['held']",
            "told['in prose']['next']",
        ),
        (
            "unit {} comes to {:.2f}, and another one to {:.2f}",
            "told['in brackets']['unit']",
            "told['in brackets']['held']",
            "told['in brackets']['next']",
        ),
        (
            "**Without unit 63** the loss within strings grows by {:.2f}, more "
            "than without any other of the {} units; everywhere by {:.2f}, and "
            "{} units matter more there.",
            "worth['in a string'][63]",
            "len(worth['in a string']) * (ahead(63, 'in a string') == 0)",
            "worth['everywhere'][63]",
            "ahead(63, 'everywhere')",
        ),
        (
            "**Without unit 112** the loss within docstrings and comments "
            "grows by {:.2f}, and only {} units matter more there.",
            "worth['in prose'][112]",
            "ahead(112, 'in prose')",
        ),
        (
            "the loss within brackets grows by less than {}, as without most "
            "of the units.",
            "0.01 * (sum(one < 0.01 for one in worth['in brackets']) > 64 and "
            "worth['in brackets'][77] < 0.01)",
        ),
    ),
)
