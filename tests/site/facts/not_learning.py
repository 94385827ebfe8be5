"""What `not-learning` quotes."""

import torch
from torch.utils.data import DataLoader

from tests.listings import load
from tests.site.facts.batch import feels
from tests.site.facts.common import default, drawn, module
from tests.site.facts.forecast import go_on_in_their_columns
from tests.site.quoting import asked, figure, record
from tests.site.records import NOT_LEARNING


def loss(fault: str, kind: str = "wrong") -> str:
    """The expression of a program's loss."""
    return f"faults['{fault}']['{kind}']['loss']"


def is_one_column() -> bool:
    """Whether the last step of a sequence feels all of it, and no other."""
    lstm, x = module(3, 4), drawn(5, 2, 3).requires_grad_()
    output, _ = lstm(x)
    output[-1, 1].sum().backward()
    return x.grad.any(2).tolist() == 5 * [[False, True]]


def says_nothing_of(classes: int) -> float:
    """The loss of scores that are all alike."""
    scores = torch.zeros(classes, classes)
    loss_of = torch.nn.functional.cross_entropy
    return loss_of(scores, torch.arange(classes)).item()


def applies_the_softmax_itself() -> bool:
    scores, classes = drawn(4, 3), torch.arange(4) % 3
    loss_of = torch.nn.functional
    by_hand = loss_of.nll_loss(scores.log_softmax(dim=1), classes)
    return torch.allclose(loss_of.cross_entropy(scores, classes), by_hand)


def sees_rows_alone() -> bool:
    """Whether a layer gives each row what it gives the row by itself."""
    layer, rows = torch.nn.Linear(3, 2), drawn(5, 3)
    alone = torch.cat([layer(row[None]) for row in rows])
    return torch.allclose(layer(rows), alone, atol=1e-6)


def spread(kind: type[torch.nn.RNNBase]) -> float:
    """How much a new module shows of the noise that it reads."""
    torch.manual_seed(0)
    return kind(3, 16)(drawn(50, 200, 3))[0].std().item()


def opens(gate: int) -> float:
    """How far a gate of a new module is open, on average."""
    lstm = module(3, 16)
    z = drawn(500, 3) @ lstm.weight_ih_l0.T
    z = z + lstm.bias_ih_l0 + lstm.bias_hh_l0
    return z.chunk(4, dim=1)[gate].sigmoid().mean().item()


def perplexity() -> float:
    return torch.tensor(2.0).exp().item()


def order(shuffle: bool) -> list[int]:
    """The places of the data in the batches of a loader."""
    torch.manual_seed(0)
    data = torch.arange(20)
    return torch.cat([*DataLoader(data, 4, shuffle=shuffle)]).tolist()


FACTS = (
    *asked(
        (
            "a `DataLoader` only with `shuffle=True`",
            lambda: order(shuffle=False) == [*range(20)],
            lambda: sorted(order(shuffle=True)) == [*range(20)],
            lambda: order(shuffle=True) != [*range(20)],
        ),
        (
            "Here that takes `batch_first=True`; without it [batch and time "
            "are exchanged](#state).",
            lambda: is_one_column(),
            lambda: (
                module(3, 4, batch_first=True)(drawn(2, 5, 3))[1][0].shape[1]
                == 2
            ),
        ),
        (
            "here `output` has every step, so take "
            "[`h_n[-1]`](shapes.md#to-a-readout)",
            lambda: module(3, 4)(drawn(5, 2, 3))[0].shape == (5, 2, 4),
            lambda: module(3, 4)(drawn(5, 2, 3))[1][0][-1].shape == (2, 4),
        ),
        (
            "an input gate and an output gate, both about half open, so it is "
            "less than half as large as what an RNN of the same size shows",
            lambda: all(0.4 < opens(gate) < 0.6 for gate in (0, 3)),
            lambda: spread(torch.nn.LSTM) < spread(torch.nn.RNN) / 2,
        ),
        (
            "Then a number like 2 need not be a fault: it is [as "
            "undecided](#accuracy) as between {:word} words",
            lambda: int(perplexity()),
        ),
        (
            "## The loss does not go below 2",
            lambda: perplexity() > 7,
        ),
        (
            "If the second axis of your input counts the samples, as it does "
            "without `batch_first`, add `batch_axis=1`.",
            lambda: (
                default(load("why_not_learning").examine, "batch_axis") == 0
            ),
            lambda: feels(1) == [0],
        ),
        (
            "**It stays at {:.2f}, {:.2f} or another logarithm.** Then it says "
            "the same of all classes: the loss is the logarithm of their "
            "number",
            lambda: says_nothing_of(10),
            lambda: says_nothing_of(2),
        ),
        (
            "`cross_entropy` takes scores and applies the softmax itself.",
            applies_the_softmax_itself,
        ),
        ("[keep each series in its column]", go_on_in_their_columns),
        (
            "[Without `batch_first=True` the first axis counts steps]",
            lambda: feels(0) == [0, 1, 2, 3],
        ),
        (
            "Right is one full column, that of the sequence asked.",
            is_one_column,
        ),
        *(
            (words, sees_rows_alone)
            for words in (
                "If each sample is a row of a table, its features have no "
                "order in time, and the next row does not continue it.",
                "a perceptron sees each row alone",
            )
        ),
    ),
    *record(
        NOT_LEARNING,
        (
            "read five random numbers, and are to say their sum. After {} "
            "steps of training",
            "programs.STEPS",
        ),
        ("read five random numbers", "len(programs.sums(1)[0]) == 5"),
        *(
            (
                f"| `({{}}, 1)` against {shape} | {{:.3f}} | {{:.2f}} "
                "| {:.2f} |",
                "programs.BATCH",
                *(value,) * ("{}" in shape),
                *(
                    f"faults['shapes']['{kind}']['{name}']"
                    for name in ("loss", "said", "targets")
                ),
            )
            for shape, value, kind in (
                ("`({})`", "programs.BATCH", "wrong"),
                ("`({}, 1)`", "programs.BATCH", "mended"),
            )
        ),
        ("With ten classes that is {:.2f}", "math.log(1 + 9 / math.e)"),
        ("Told to name the first of five symbols", "programs.KINDS == 10"),
        (
            "the program with a softmax ends at a loss of {:.2f}, and the one "
            "without at {:.3f}",
            loss("scores"),
            loss("scores", "mended"),
        ),
        (
            "Without it the loss on sums is {:.2f} after {} steps; with it, "
            "{:.3f}.",
            loss("no_zero_grad"),
            "programs.STEPS",
            loss("no_zero_grad", "mended"),
        ),
        (
            "this line leaves a loss of {:.2f} instead of {:.3f}",
            loss("forgotten"),
            loss("forgotten", "mended"),
        ),
        ("losses on sums after {} steps: | L", "programs.STEPS"),
        *(
            (
                "| {} | {}% | {:.3f} |",
                f"f\"{{rates[{k}]['rate']:.6f}}\".rstrip('0').rstrip('.')",
                f"f\"{{100 * rates[{k}]['change']:.2g}}\""
                if k < 6
                else f"f\"{{100 * rates[{k}]['change']:,.0f}}\"",
                f"rates[{k}]['loss']",
            )
            for k in range(8)
        ),
        (
            "Below a hundredth of a percent nothing happens",
            "all(r['loss'] > 0.97 * r['targets'] ** 2 "
            "for r in rates if r['change'] < 1e-4)",
        ),
        (
            "where an update is larger than the weights, nothing that was "
            "learned survives it",
            "min(r['loss'] for r in rates if r['change'] > 1) "
            "> 10 * min(r['loss'] for r in rates)",
        ),
        ("To say {:,} the bias", "5000"),
        (
            "With targets around {:,} that differ by thousands, the standard "
            "deviation of the predictions is {:.3f} after {} steps, and that "
            "of the targets {:,.0f}.",
            "5000",
            "faults['large_targets']['wrong']['said']",
            "programs.STEPS",
            "faults['large_targets']['wrong']['targets']",
        ),
        (
            "the loss on sums stays at {:.2f}, and all predictions are one "
            "number",
            loss("large_inputs"),
        ),
        (
            "all predictions are one number",
            "faults['large_inputs']['wrong']['said'] < 1e-6",
        ),
        *(
            (
                f"| {said} | {{:.2f}} | {{:.3f}} |",
                loss(fault),
                loss(fault, "mended"),
            )
            for fault, said in (
                ("detached", "The state is detached at each step"),
                ("anew", "The state is not handed on"),
                ("swapped", "Batch and time are exchanged"),
            )
        ),
        (
            "The mean as the only answer has a loss of about one.",
            "abs(faults['anew']['wrong']['targets'] ** 2 - 1) < 0.1",
        ),
        *(
            (
                f"| {said} | {{:.3f}} | {{:.3f}} | {{}} |",
                *(
                    f"forecasts['{name}']['{what}']"
                    for what in ("error", "last", "lag")
                ),
            )
            for name, said in (
                ("waves", "Waves"),
                ("waves, same step", "Waves, the targets are the inputs"),
                ("walks", "Random walks"),
            )
        ),
        (
            "The loss becomes very small, {:.4f} for the waves below, and the "
            "forecasts are those of the last value.",
            "forecasts['waves, same step']['loss']",
        ),
        (
            "the forecasts are those of the last value",
            "abs(forecasts['waves, same step']['error'] "
            "/ forecasts['waves, same step']['last'] - 1) < 0.05",
        ),
        (
            "no forecast is better than the last value",
            "forecasts['walks']['error'] > forecasts['walks']['last']",
        ),
    ),
    *figure(
        (
            "reads {:.0f}, {:.0f}, {:.0f}, {:.0f}, {:.0f} and {:.0f}.",
            *(f"x[{t}, 0, 0]" for t in range(6)),
        ),
        (
            "The last row says the same of all of them: `h` of unit 1 is "
            "{:.2f} at each step.",
            "output[:, 0, 1].mean()",
        ),
        (
            "nothing that the network returns does",
            "output[:, 0].std(dim=0).max() < 1e-6",
        ),
    ),
    *figure(("The {:word} inputs differ", "len(set(x.flatten().tolist()))")),
    *record(
        NOT_LEARNING,
        (
            "repeat the first of {:word} numbers",
            "len(programs.firsts(1)[0])",
        ),
    ),
)
