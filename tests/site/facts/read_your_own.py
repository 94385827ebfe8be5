"""What `read-your-own` quotes."""

import numpy as np
import torch

from lstm_figs.layout.motifs.population import TOLD
from lstm_figs.layout.motifs.telling import MOST
from lstm_figs.model.apart import AHEAD, UNTRAINED, areas, folded
from tests.site.facts.common import (
    TRAINED,
    are_rows_of_bands,
    drawn,
    module,
    units_of_column,
)
from tests.site.quoting import asked, figure, network, page

UNITS = (
    "units --weights docs/code/characters.safetensors"
    " --input docs/code/characters-input.safetensors"
    " --tokens docs/code/characters-tokens.json"
)


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
    *network(
        UNITS,
        (
            "where a column is a unit, with how long what it writes stays, how "
            "often its gates are open or shut, and how far its `c` goes; and "
            "in `unit-map`, which has a row for each, step by step",
            "len(life) == len(o_open) == len(c_high) == lstm.hidden_size",
        ),
    ),
    *figure(
        (
            "The rows of each gate go from the unit that keeps most to the one "
            "that forgets most, so its counter, unit 15, is at the top",
            "f[:, 0].mean(0).argmax() == 15",
        ),
        ("climbs to {:.2f}", "c[-1, 0, 15]"),
        (
            "while its `o` is shut at most characters",
            "o[:, 0, 15].median() < 0.05",
        ),
        (
            "At the bottom, unit 54 forgets most",
            "f[:, 0].mean(0).argmin() == 54",
        ),
        (
            "most of what it holds at most steps",
            "f[:, 0, 54].median() < 0.5",
        ),
    ),
    *network(
        "units --input-size 20 --hidden-size 64 --seq-len 40",
        ("no write lasts {:word} steps there", "int(life.max()) + 1"),
    ),
    *network(
        "reading --network brackets",
        ("which has {:word} units", "lstm.hidden_size"),
        ("{:Word} more networks on these pages", TRAINED),
    ),
)
