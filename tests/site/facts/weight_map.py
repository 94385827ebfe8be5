"""What `weight-map` quotes."""

import torch

from lstm_figs.porting import ORDERS
from tests.site.facts.claims import felt, only_the_sum_counts
from tests.site.facts.common import (
    GATES,
    are_rows_of_bands,
    gate_of,
    module,
    randn,
    session,
    units_of_column,
)
from tests.site.facts_of_pages import figure, network, of_torch

SUM = "lstm.weight_ih_l0[0] @ x[{}, 0] + lstm.bias_ih_l0[0] + lstm.bias_hh_l0[0]"
"""What the input gate of unit 0 is made of at a step, without its past."""


def grown(name: str, **options) -> tuple[int, ...]:
    """By how much each axis of a tensor grows with another unit."""
    sizes = (torch.nn.LSTM(3, units, **options).state_dict()[name].shape for units in (2, 3))
    return tuple(b - a for a, b in zip(*sizes, strict=True))


def largest(units: int) -> float:
    """The end of the range from which a new module draws its weights."""
    return module(64, units).weight_hh_l0.abs().max().item()


def orders_are_unnamed() -> bool:
    """Whether no attribute says the order, of which libraries have several."""
    says = [
        name
        for name in dir(module(3, 2))
        if any(word in name for word in ("gate", "band", "order"))
    ]
    return not says and len({gate_order.order for gate_order in ORDERS}) > 1


def reads_any_length() -> bool:
    """Whether a call takes more steps with the same weights, and goes on."""
    lstm, x = module(3, 2), randn(50, 1, 3)
    return all(torch.allclose(lstm(x[:n])[0], lstm(x)[0][:n], atol=1e-6) for n in (1, 7, 50))


def is_free() -> bool:
    """Whether any size stands between an embedding and as many scores."""
    ids = torch.ones(4, 5).long()
    embedded = torch.nn.Embedding(9, 3)(ids)
    return all(
        torch.nn.Linear(units, 7)(module(3, units)(embedded)[0]).shape == (4, 5, 7)
        for units in (2, 3, 7, 11)
    )


HIDDEN = "lstm.weight_hh_l0[0] @ lstm(x[:1])[0][0, 0]"
"""What the first step adds to it at the second."""

FACTS = (
    *of_torch(
        (
            "No attribute of the module names the order of the bands, and "
            "other libraries have others.",
            orders_are_unnamed,
        ),
        (
            "In PyTorch nothing is shared: each unit has a cell and all gates "
            "of its own, so blocks of several cells would have fewer gates "
            "than as many units.",
            are_rows_of_bands,
            lambda: are_rows_of_bands(3),
            lambda: module(3, 5)(randn(1, 3))[1][1].shape == (1, 5),
        ),
        ("The weights do not depend on the length of the sequence at all:", reads_any_length),
        (
            "The bracket task needs two things, a count and a yes or no,",
            lambda: [*map(type, next(session("why-a-memory")["read"]("(")))] == [int, bool],
        ),
        (
            "**Nothing ties it to another size.** It need not be the number of "
            "classes, nor that of the inputs: `nn.Embedding` gives the LSTM "
            "its `input_size`, and a readout makes as many scores as there are "
            "classes from any `hidden_size`.",
            is_free,
        ),
        ("Adding one to the other changes nothing:", only_the_sum_counts),
        (
            "[Units are not independent](independence.md) takes the derivatives.",
            lambda: felt("h", "h").all(),
        ),
        (
            "so that one product computes all of them.",
            lambda: torch.allclose(
                module(3, 2).weight_ih_l0 @ randn(3),
                torch.cat([W @ randn(3) for W in module(3, 2).weight_ih_l0.chunk(4)]),
            ),
        ),
        (
            "because `weight_hh` grows in both directions",
            lambda: all(grown("weight_hh_l0")),
            lambda: not all(grown("weight_ih_l0")),
        ),
        *(
            (words, are_rows_of_bands, lambda: are_rows_of_bands(3))
            for words in (
                "you have to know which rows belong to which gate and which unit",
                "First the rows as they are stored, then the same rows by "
                "unit. Unit *k* owns row *k* of every band, so its rows lie "
                "`hidden_size` apart.",
                "It is the number of rows in a band, and the length of `h` and of `c`.",
            )
        ),
        (
            "for example, is one number in one row of `weight_hh`",
            lambda: gate_of(0) == ("i", 0),
            lambda: units_of_column(1) == [1],
        ),
        (
            "`weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0` and `bias_hh_l0` are those of the first",
            lambda: torch.nn.LSTM(3, 2, 2).weight_ih_l0.shape[1] == 3,
        ),
        (
            "Try half the rate with {:word} times the units.",
            lambda: round((largest(64) / largest(256)) ** 2),
        ),
        ("Row 0 is the input gate of unit 0.", lambda: gate_of(0) == ("i", 0)),
        (
            "A row reads from left to right as one sum: its weights times the "
            "input, its weights times the hidden state, and two biases.",
            lambda: (
                [*torch.nn.LSTM(3, 2).state_dict()]
                == ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
            ),
        ),
        (
            "It also adds a column to `weight_hh`, because every unit reads "
            "the hidden state of every unit. Only [proj_size](projection.md) "
            "adds a tensor without bands, `weight_hr`, to which a unit adds "
            "one column.",
            lambda: grown("weight_hh_l0") == (4, 1),
            lambda: grown("weight_ih_l0") == (4, 0),
            lambda: grown("weight_hr_l0", proj_size=1) == (0, 1),
        ),
        (
            "PyTorch keeps two biases for each row, one beside each matrix.",
            lambda: grown("bias_ih_l0") == grown("bias_hh_l0") == (4,),
        ),
        (
            "`weight_hh` has a column for each unit that every other unit reads",
            lambda: [units_of_column(k, 3) for k in range(3)] == [[0], [1], [2]],
        ),
    ),
    *figure(
        ("Its {:.2f} and {:.2f} are why", "lstm.weight_ih_l0[0, 0]", "lstm.weight_ih_l0[0, 1]"),
        ("open at step 1, where the first input is on", "x[0, 0, 0] == 1"),
        ("at step 2, where the second is", "x[1, 0, 1] == 1"),
        (
            "the gates are {:.2f} and {:.2f}",
            f"({SUM.format(0)}).sigmoid()",
            f"({SUM.format(1)} + {HIDDEN}).sigmoid()",
        ),
    ),
    *network(
        "weight-map",
        ("There are `4*hidden_size` rows because {:word} linear maps are stacked", GATES),
        (
            "adds {:word} rows to each of these tensors",
            "len(torch.nn.LSTM(3, 3).bias_ih_l0) - len(lstm.bias_ih_l0)",
        ),
        (
            "cost up to {:word} times the weights",
            "torch.nn.LSTM(3, 4).weight_hh_l0.numel() // lstm.weight_hh_l0.numel()",
        ),
    ),
    *network("reading --network brackets", ("and {:word} units are enough", "lstm.hidden_size")),
)
