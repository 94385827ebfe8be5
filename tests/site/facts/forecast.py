"""What `forecast` quotes."""

import torch

from tests.listings import load
from tests.site.facts.chunks import (
    are_rows_with_the_batch_first,
    clears_its_column,
    retains,
)
from tests.site.facts.common import drawn, module
from tests.site.quoting import asked, figure, record
from tests.site.records import FORECASTS


def go_on_in_their_columns() -> bool:
    """Whether chunks under each other are the batch, but for its end."""
    sales = torch.arange(168 * 5).view(168, 5)
    chunks = load("forecast").chunks(sales, sales >= 0)
    return torch.equal(torch.cat([c for c, _, _ in chunks]), sales[:-1])


def end_in_zeros() -> bool:
    """Whether a series is known up to its end, and zero after it."""
    torch.manual_seed(0)
    sales, known = load("forecast").shops(20)
    ends = (known.int().diff(dim=0) <= 0).all() and not known[-1].all()
    return bool(ends) and not sales[~known].any()


def outlasts_h() -> bool:
    """Whether the first `c` goes by the forget gates, and `h` by its matrix."""
    lstm, x, zeros = module(3, 2), drawn(4, 1, 3), torch.zeros(1, 1, 2)
    with torch.no_grad():
        lstm.weight_hh_l0.zero_()
        _, (_, plain) = lstm(x, (zeros, zeros))
        _, (_, of_h) = lstm(x, (zeros + 1, zeros))
        _, (_, of_c) = lstm(x, (zeros, zeros + 1))
        z = x @ lstm.weight_ih_l0.T + lstm.bias_ih_l0 + lstm.bias_hh_l0
    kept = z.chunk(4, dim=2)[1].sigmoid().prod(dim=0)
    return torch.equal(of_h, plain) and (
        torch.allclose(of_c - plain, kept[None], atol=1e-6)
    )


FACTS = (
    *asked(
        (
            "**`h` alone, `c` alone, or both?** The first `h` is read by the "
            "gates of one step and is gone; the first `c` stays as long as "
            "the forget gates let it.",
            outlasts_h,
        ),
        (
            "A `DataLoader` that shuffles windows would hand every shop the "
            "memory of another.",
            go_on_in_their_columns,
        ),
        (
            "**Each column of the batch goes on in the next chunk.** The batch "
            "holds the series side by side, as columns of (days, shops), and a "
            "chunk is a few rows of it. The first shop is the first column in "
            "every chunk",
            go_on_in_their_columns,
        ),
        (
            "With `batch_first=True` each series is a row, in every chunk the "
            "same one.",
            are_rows_with_the_batch_first,
        ),
        (
            "If one column of a batch takes up another series while the others "
            "go on, [clear that column alone]",
            clears_its_column,
        ),
        (
            "Where a series has ended, its column is filled with zeros.",
            end_in_zeros,
        ),
        (
            "`retain_graph=True` in place of `detach`: it keeps the graph of "
            "the chunks before, but the optimizer has changed the weights "
            "since.",
            lambda: "inplace operation" in retains(step=True),
        ),
        (
            "[a week ahead, from several columns of your own file]",
            lambda: load("ahead").made(200)[1].shape[1] == 2,
            lambda: load("ahead").AHEAD == 7,
        ),
    ),
    *record(
        FORECASTS,
        ("for {:,} shops that they were not trained with", "1000"),
        (
            "The error is close to {:.4f}, which comes from the noise in the "
            "sales and remains even if the closed day is known",
            "0.1**2 * 6 / 7",
        ),
        (
            "The error is close to",
            "all(abs(e - 0.1**2 * 6 / 7) < 0.002 for e in kept)",
        ),
        (
            "For the first days it can only guess, and its error is that of a "
            "forecast that never changes, {:.2f}",
            "6 / 7 * 1 / 7",
        ),
        (
            "For the first days it can only guess",
            "all(0.1 < e < 0.135 for e in cleared[:5])",
        ),
        (
            "After six days it has seen the closed day, or knows that it must "
            "be the seventh, and from there it is as good as the other",
            "all(e < 0.012 for e in cleared[5:])",
        ),
        (
            "So more than a third of its forecasts are guesses",
            "1 / 3 < sum(e > 0.05 for e in cleared) / len(cleared) < 1 / 2",
        ),
        *(
            (
                "| {} | {:.3f}, {:.3f} and {:.3f} |",
                f"[*chunks][{k}] and int([*chunks][{k}])",
                *(f"[*chunks.values()][{k}][{n}]" for n in range(3)),
            )
            for k in range(4)
        ),
        (
            "stays four times as high or more",
            "min(chunks['3']) > 4 * 0.0086 > 4 * 0.9 * max(chunks['14'])",
        ),
        ("It is better than {:.2f} all the same", "6 / 7 * 1 / 7"),
        ("It is better than", "max(chunks['3']) < 6 / 7 * 1 / 7"),
        (
            "Chunks of seven days suffice.",
            "max(chunks['7']) < 0.01",
        ),
    ),
    *figure(
        (
            "It climbs for four days, to {:.2f} in the third week, and then "
            "falls",
            "c[20, 0, units[0]]",
        ),
        (
            "It climbs for four days",
            "(c[16:21, 0, units[0]].diff() > 0).all()",
            "c[21, 0, units[0]] < c[20, 0, units[0]]",
        ),
        (
            "On the day before a closed one it has reached the bottom, in the "
            "last three weeks at {:.2f}, {:.2f} and {:.2f}",
            *(f"c[{t}, 0, units[0]]" for t in (15, 22, 29)),
        ),
        (
            "On the day before a closed one",
            "all(tokens[t + 1] == 'x' for t in (15, 22, 29))",
            "c[13:, 0, units[0]].min()"
            " == min(c[t, 0, units[0]] for t in (15, 22, 29))",
        ),
    ),
    *record(
        FORECASTS,
        (
            "{:Word} networks were trained for each length",
            "max(map(len, chunks.values()))",
        ),
        (
            "Mean squared error of {:word} networks",
            "min(map(len, chunks.values()))",
        ),
    ),
)
