"""What `batch-size` quotes."""

import torch
from torch.utils.data import DataLoader

from tests.site.facts.batch import stays_in_its_row
from tests.site.facts.common import drawn, returned
from tests.site.facts.packed import comes_back_in_order
from tests.site.facts.wrong_ways import counts_steps
from tests.site.quoting import asked


def mixes() -> bool:
    """Whether a row of the view has two sequences, and one alone is right."""
    _, (h_n, _) = returned(bidirectional=True)
    mixed = h_n.view(5, -1)[0]
    one = h_n[:, :1]
    return torch.equal(mixed, h_n[0, :2].flatten()) and torch.equal(
        one.reshape(1, -1), torch.cat([one[-2], one[-1]], dim=1)
    )


def looks_at_one(norm: torch.nn.Module) -> bool:
    """Whether what a norm makes of a sequence depends on no other."""
    x = drawn(4, 8)
    return torch.allclose(norm(x)[:2], norm(x[:2]), atol=1e-5)


FACTS = asked(
    (
        "With small batches use `LayerNorm`, which looks at one sequence at a "
        "time;",
        lambda: looks_at_one(torch.nn.LayerNorm(8)),
        lambda: not looks_at_one(torch.nn.BatchNorm1d(8)),
    ),
    (
        "`h_n` has the shape `(layers * directions, batch, hidden_size)`.",
        lambda: (
            returned(bidirectional=True, num_layers=3)[1][0].shape
            == (3 * 2, 5, 2)
        ),
    ),
    (
        "The rows of a batch are computed side by side, and none reads "
        "another.",
        stays_in_its_row,
    ),
    (
        "Given `(batch, steps, features)`, a module without "
        "`batch_first=True` takes the sequences for steps, so each reads the "
        "one before it in the batch.",
        lambda: counts_steps() == [0, 1, 2, 3],
    ),
    (
        "With [`enforce_sorted=False`](packed.md#enforce_sorted) there is "
        "nothing to sort and nothing to undo.",
        comes_back_in_order,
    ),
    ("## Do the rows of `h_n` mix?", mixes),
    (
        "takes numbers of several sequences into one row; with a batch of "
        "one, it *is* right",
        mixes,
    ),
    (
        "`drop_last=True` of a `DataLoader` leaves that batch out",
        lambda: [len(b) for b in DataLoader(range(10), 4)] == [4, 4, 2],
        lambda: (
            [len(b) for b in DataLoader(range(10), 4, drop_last=True)] == [4, 4]
        ),
    ),
)
