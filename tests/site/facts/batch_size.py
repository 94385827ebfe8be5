"""What `batch-size` quotes."""

import torch
from torch.utils.data import DataLoader

from tests.site.facts.batch import stays_in_its_row
from tests.site.facts.common import module, randn, returned, session
from tests.site.facts.errors import refusal
from tests.site.facts.packed import comes_back_in_order
from tests.site.facts.wrong_ways import counts_steps, is_wrong_without_packing
from tests.site.facts_of_pages import of_torch


def mixes() -> bool:
    """Whether a row of the view has two sequences, and one alone is right."""
    _, (h_n, _) = returned(bidirectional=True)
    mixed = h_n.view(5, -1)[0]
    first = h_n[:, :1]
    return torch.equal(mixed, h_n[0, :2].flatten()) and torch.equal(
        first.reshape(1, -1), torch.cat([first[-2], first[-1]], dim=1)
    )


def looks_at_one(norm: torch.nn.Module) -> bool:
    """Whether what a norm makes of a sequence depends on no other."""
    x = randn(4, 8)
    return torch.allclose(norm(x)[:2], norm(x[:2]), atol=1e-5)


def is_large_and_new() -> bool:
    """Whether dropout gives two calls results that are far apart."""
    lstm, x = module(3, 4, num_layers=2, dropout=0.5), randn(4, 1, 3)
    return bool((lstm(x)[0] - lstm(x)[0]).abs().max() > 0.01)


def is_large_and_the_same() -> bool:
    """Whether exchanged axes give two calls one result, far from the right."""
    lstm, x = module(3, 4), randn(4, 5, 3)
    wrong = [lstm(x.transpose(0, 1))[0].transpose(0, 1) for _ in range(2)]
    return torch.equal(*wrong) and bool((wrong[0] - lstm(x)[0]).abs().max() > 0.01)


def is_rounding() -> bool:
    lstm, x = module(8, 16), randn(20, 4, 8)
    alone = torch.cat([lstm(sequence)[0] for sequence in x.split(1, 1)], 1)
    return bool((lstm(x)[0] - alone).abs().max() < 2e-6)


def answers_stand_elsewhere() -> bool:
    """Whether a sorted batch has the right answers in other places."""
    here = session("batch-size")
    mixed, right, order = (here[name] for name in ("mixed", "right", "order"))
    is_elsewhere = not torch.allclose(mixed, right, atol=1e-3)
    back = torch.allclose(mixed[order.argsort()], right, atol=1e-6)
    return is_elsewhere and back and mixed.shape == right.shape


def is_a_row_of_one_state() -> bool:
    """Whether rows of a view of `hidden_size` are states of one sequence."""
    _, (h_n, _) = returned(bidirectional=True, num_layers=3)
    return torch.equal(h_n.view(-1, 2), torch.cat([*h_n]))


def moves_axes() -> bool:
    """Whether `transpose` brings each sequence to the front, `view` not."""
    output, _ = returned()
    moved, viewed = output.transpose(0, 1), output.view(5, 4, -1)
    return torch.equal(moved[2], output[:, 2]) and not torch.equal(viewed[2], output[:, 2])


def normed(training: bool, size: int) -> torch.Tensor:
    """The first two of a batch of some size, after a `BatchNorm`."""
    norm = torch.nn.BatchNorm1d(3).train(training)
    return norm(randn(9, 3)[:size])[:2]


def trained(size: int) -> torch.Tensor:
    """A weight after an epoch with batches of some size."""
    lstm = module(3, 2)
    optimizer = torch.optim.SGD(lstm.parameters(), lr=1.0)
    for x in randn(4, 8, 3).split(size, 1):
        optimizer.zero_grad()
        lstm(x)[0].square().mean().backward()
        optimizer.step()
    return lstm.weight_hh_l0.detach()


def slope(reduce: str, copies: int) -> float:
    """How long a gradient is if a batch holds each sequence several times."""
    lstm = module(3, 2)
    output, _ = lstm(randn(4, 2, 3).repeat(1, copies, 1))
    getattr(output.square(), reduce)().backward()
    return lstm.weight_hh_l0.grad.norm().item()


def is_the_same_in_parts() -> bool:
    grads = []
    for parts in (1, 4):
        lstm = module(3, 2)
        for part in randn(4, 8, 3).chunk(parts, 1):
            (lstm(part)[0].square().mean() / parts).backward()
        grads.append(lstm.weight_hh_l0.grad)
    return torch.allclose(*grads, atol=1e-6)


def depends_on_what_was_run() -> bool:
    here = session("batch-size")
    return not torch.allclose(here["one"], here["two"], atol=1e-3)


FACTS = of_torch(
    (
        "the shape `(layers * directions, batch, hidden_size)`. "
        "`h_n.view(batch, -1)` looks right and",
        mixes,
    ),
    (
        "Programs that sort by length before they pack have to undo it "
        "afterwards, by the inverse of the order:",
        answers_stand_elsewhere,
    ),
    (
        "labels with steps first and targets with the batch first, each "
        "flattened, are compared in different orders.",
        lambda: not torch.equal(torch.arange(6).view(2, 3).T.flatten(), torch.arange(6)),
    ),
    (
        "The last batch of an epoch is often smaller.",
        lambda: [len(b) for b in DataLoader(range(10), 4)] == [4, 4, 2],
    ),
    (
        ", unless you cut or repeat the state to make it fit, which gives a "
        "sequence the state of another.",
        lambda: torch.equal(randn(1, 2, 3).repeat(1, 2, 1)[:, 2], randn(1, 3)),
    ),
    (
        "The sequences of a batch [have nothing to do with each other]"
        "(batch.md) in an LSTM. So a sequence alone has to give what it gives "
        "among others, and if it does not, something outside the module mixes "
        "them, or the padding is read.",
        stays_in_its_row,
        is_wrong_without_packing,
    ),
    (
        "| The difference is | It is | Look at | | --- | --- | --- | | Zero, "
        "or about a millionth | Rounding | [Rounding](#rounding), and no "
        "further | | Large, and new in every run | Dropout | "
        "[`eval`](#batchnorm) |",
        is_rounding,
        is_large_and_new,
    ),
    (
        "| Large, and the same in every run | A mistake | The list below, in "
        "this order | | Only in training: loss or weights | Not a mistake as "
        "such | [The mean of means](#mean), [training](#training) |",
        is_large_and_the_same,
        lambda: not torch.allclose(*map(trained, (2, 8)), atol=1e-3),
    ),
    (
        "with two, all steps of the reverse direction are wrong without packing.",
        is_wrong_without_packing,
    ),
    (
        "If the module reads the padding, so does the result. Here a short "
        "sequence stands alone, then beside a longer one:",
        is_wrong_without_packing,
    ),
    (
        "Then each answer is right, and belongs to another sequence: alone it "
        "is the same, in a batch it stands in the wrong place, and the shapes "
        "do not tell.",
        answers_stand_elsewhere,
    ),
    (
        "A module that keeps its state passes that of one batch to the next. "
        "Then the result depends on what was run before",
        depends_on_what_was_run,
    ),
    (
        "If the batch has another size, there is [an error](errors.md#hidden-size)",
        lambda: "hidden[0]" in refusal(lambda: module(3, 2)(randn(4, 5, 3), [randn(1, 4, 2)] * 2)),
    ),
    ("`h_n.view(-1, hidden_size)` mixes nothing, but", is_a_row_of_one_state),
    (
        "The mixing also happens to `output.view(batch, steps, -1)` when the "
        "module has steps first: use `transpose(0, 1)`, which moves axes, and "
        "not `view`, which only counts off numbers.",
        moves_axes,
    ),
    (
        "`squeeze()` without an axis takes away *every* axis of length one, "
        "and with a batch of one that is the batch. Name the axis: "
        "`squeeze(-1)`.",
        lambda: randn(1, 4, 1).squeeze().shape == (4,),
        lambda: randn(1, 4, 1).squeeze(-1).shape == (1, 4),
    ),
    (
        "`squeeze(0)` fits `h_n` of a single layer; after "
        "`torch.cat([h_n[-2], h_n[-1]], dim=1)` the first axis is the batch,",
        lambda: module(3, 2)(randn(4, 5, 3))[1][0].squeeze(0).shape == (5, 2),
        lambda: torch.cat([*randn(2, 1, 4)], dim=1).squeeze(0).shape == (8,),
    ),
    (
        "A softmax over the wrong axis divides by a sum over the batch: alone, "
        "each sequence is then certain. It has to be `dim=-1`, the classes.",
        lambda: randn(1, 3).softmax(0).tolist() == [[1, 1, 1]],
        lambda: not torch.allclose(randn(4, 3).softmax(0)[:1], randn(4, 3)[:1].softmax(0)),
        lambda: torch.allclose(randn(4, 3).softmax(-1)[:1], randn(4, 3)[:1].softmax(-1)),
    ),
    (
        "In training mode a `BatchNorm` subtracts the mean of *this* batch, so "
        "each sequence depends on the others: that is what it is for. In "
        "`eval()` it uses the mean that it has collected",
        lambda: not torch.allclose(normed(True, 4), normed(True, 9), atol=0.01),
        lambda: torch.allclose(normed(False, 4), normed(False, 9)),
    ),
    (
        "In training mode a batch of one is even refused: `Expected more than "
        "1 value per channel when training`.",
        lambda: (
            "Expected more than 1 value per channel when training"
            in refusal(lambda: normed(True, 1))
        ),
        lambda: not refusal(lambda: normed(True, 2)),
    ),
    (
        "Training with a different batch size gives a different model, and that is no mistake:",
        lambda: not torch.allclose(trained(2), trained(8), atol=1e-3),
    ),
    (
        "The gradient of a mean over the batch does not grow with it, that of "
        "a sum does. Parts of a batch, added up, give the same as the whole",
        lambda: abs(slope("mean", 5) / slope("mean", 1) - 1) < 1e-4,
        lambda: abs(slope("sum", 5) / slope("sum", 1) - 5) < 1e-3,
        is_the_same_in_parts,
    ),
    (
        "With small batches use `LayerNorm`, which looks at one sequence at a time;",
        lambda: looks_at_one(torch.nn.LayerNorm(8)),
        lambda: not looks_at_one(torch.nn.BatchNorm1d(8)),
    ),
    (
        "`h_n` has the shape `(layers * directions, batch, hidden_size)`.",
        lambda: returned(bidirectional=True, num_layers=3)[1][0].shape == (3 * 2, 5, 2),
    ),
    ("The rows of a batch are computed side by side, and none reads another.", stays_in_its_row),
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
    ("takes numbers of several sequences into one row; with a batch of one, it *is* right", mixes),
    (
        "`drop_last=True` of a `DataLoader` leaves that batch out",
        lambda: [len(b) for b in DataLoader(range(10), 4)] == [4, 4, 2],
        lambda: [len(b) for b in DataLoader(range(10), 4, drop_last=True)] == [4, 4],
    ),
)
