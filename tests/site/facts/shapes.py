"""What `shapes` quotes."""

import torch

from tests.site.facts.common import (
    STATES,
    are_directions_in_order,
    default,
    drawn,
    module,
    returned,
    text,
)
from tests.site.quoting import asked, figure, network

LISTING = text("code/shapes.py")
TURNED = "torch.nn.LSTM(3, 2, batch_first=True)(torch.ones(5, 4, 3))[0].shape"
AS_IT_IS = "torch.nn.LSTM(3, 2)(torch.ones(4, 5, 3))[0].shape"


def changed(**options) -> list[int]:
    """Which axes of `output`, and of `h_n` from ten on, an option changes."""
    found = []
    plain, (h_plain, _) = returned()
    output, (h_n, _) = returned(**options)
    for start, one, other in ((0, plain, output), (10, h_plain, h_n)):
        sizes = zip(one.shape, other.shape, strict=True)
        found += [start + k for k, (a, b) in enumerate(sizes) if a != b]
    return found


def reads_all_that_is_below() -> bool:
    """Whether the last layer of the last step feels the first of each."""
    x = drawn(4, 5, 3).requires_grad_()
    _, (h_n, _) = module(3, 2, num_layers=2)(x)
    (felt,) = torch.autograd.grad(h_n[-1].sum(), x)
    return bool(felt.any(2).all())


def permute_alone_moves_axes() -> bool:
    x = drawn(2, 3, 4)
    moved = x.permute(1, 0, 2)
    return torch.equal(moved[2, 1], x[1, 2]) and all(
        torch.equal(same.flatten(), x.flatten())
        for same in (x.view(3, 2, 4), x.reshape(3, 2, 4))
    )


def batch_of(x: torch.Tensor, **options) -> int:
    """How many sequences a module takes an input for."""
    return module(3, 2, **options)(x)[1][0].shape[1]


def does_not_change_numbers() -> bool:
    rows, x = module(3, 2, batch_first=True), drawn(4, 5, 3)
    return torch.allclose(
        rows(x.transpose(0, 1))[0].transpose(0, 1),
        module(3, 2)(x)[0],
        atol=1e-6,
    )


FACTS = (
    *asked(
        (
            "It is `(steps, batch, features)`, or with "
            "[`batch_first=True`](#what-batch_first-changes) `(batch, steps, "
            "features)`.",
            lambda: batch_of(drawn(4, 5, 3)) == 5,
            lambda: batch_of(drawn(5, 4, 3), batch_first=True) == 5,
        ),
        (
            "with `batch_first=True` PyTorch turns the axes before and after, "
            "and the numbers are the same",
            does_not_change_numbers,
        ),
        (
            "keep the axis of the batch, as `[:, None]` does here; with "
            "`batch_first=True` it is `x[None]`",
            lambda: batch_of(drawn(4, 3)[:, None]) == 1,
            lambda: batch_of(drawn(4, 3)[None], batch_first=True) == 1,
        ),
        (
            "`permute` moves axes, while `view` and `reshape` only count "
            "numbers off anew.",
            permute_alone_moves_axes,
        ),
    ),
    *network(
        "cell",
        ("returns {:word} tensors", f"1 + {STATES}"),
        (
            "`view` makes {:word} axes of it",
            "torch.ones(4, 5, 2).view(2, 2, 5, 2).dim() - "
            "torch.ones(4, 5, 2).dim() + 1",
        ),
        (
            "{:Word} modules on {:word} steps of {:word} sequences",
            f"{LISTING}.partition('}}\\n')[0].count(': {{')",
            f"int({LISTING}.partition('zeros(')[2][0])",
            f"int({LISTING}.partition('zeros(5, ')[2][0])",
        ),
        (
            "`batch_first=True` swaps the first {:word} axes of the input and "
            "of `output`, and nothing else",
            f"sum(a != b for a, b in zip({TURNED}, {AS_IT_IS}))",
        ),
    ),
    *figure(
        (
            "`output` is the last layer at every step; `h_n` and `c_n` are "
            "every layer and direction at its last step.",
            "output.shape[:2] == x.shape[:2]",
            "output.shape[2] == 2 * lstm.hidden_size",
            "len(h_n) == len(c_n) == 2 * lstm.num_layers",
            "torch.equal(output[-1, :, :lstm.hidden_size], h_n[-2])",
            "torch.equal(output[0, :, lstm.hidden_size:], h_n[-1])",
        ),
    ),
    *asked(
        (
            "The states that you pass and receive are `(layers, batch, "
            "units)` either way.",
            lambda: returned(num_layers=3)[1][0].shape == (3, 5, 2),
            lambda: (
                returned(num_layers=3, batch_first=True)[1][0].shape
                == (3, 5, 2)
            ),
        ),
        (
            "The message reads `(layers and directions, batch, units)`.",
            lambda: (
                returned(num_layers=3, bidirectional=True)[1][0].shape
                == (3 * 2, 5, 2)
            ),
        ),
        (
            "The {} in each of the last {:word} are the sequences of the "
            "batch, not steps.",
            lambda: returned(num_layers=2)[1][0].shape[1],
            lambda: len(returned()[1]),
        ),
        (
            "says that `h_n` holds the state *for each element in the "
            "sequence*",
            lambda: (
                "state for each element in the sequence"
                in torch.nn.LSTM.__doc__
            ),
        ),
        (
            "`output` has h of the last layer, at every step.",
            lambda: returned(num_layers=2)[0].shape == (4, 5, 2),
            lambda: torch.equal(
                returned(num_layers=2)[0][-1], returned(num_layers=2)[1][0][-1]
            ),
        ),
        (
            "`h_n` has h of every layer and direction, at its last step only.",
            lambda: (
                returned(num_layers=3, bidirectional=True)[1][0].shape
                == (6, 5, 2)
            ),
            are_directions_in_order,
        ),
        (
            "With one direction, the last step of `output` is the last layer "
            "of `h_n`.",
            lambda: torch.equal(
                returned(num_layers=2)[0][-1], returned(num_layers=2)[1][0][-1]
            ),
        ),
        (
            "With two directions each has a last step: the forward one at the "
            "end of the sequence, the reverse one at its beginning.",
            are_directions_in_order,
        ),
        (
            "The first axis of `h_n` goes through the layers, and in each "
            "layer has forward before reverse.",
            are_directions_in_order,
        ),
        (
            "`nn.Linear` works on the last axis and leaves the others as they "
            "are.",
            lambda: torch.nn.Linear(3, 7)(drawn(4, 5, 3)).shape == (4, 5, 7),
        ),
        (
            "**One answer for the whole sequence**, such as a class or the "
            "next number: `readout(h_n[-1])`",
            lambda: torch.equal(
                returned(num_layers=2)[1][0][-1], returned(num_layers=2)[0][-1]
            ),
            lambda: (
                not torch.equal(
                    returned(num_layers=2)[1][0][0],
                    returned(num_layers=2)[0][-1],
                )
            ),
        ),
        (
            "the last layer has read what the layers below it showed, at "
            "every step",
            reads_all_that_is_below,
        ),
        (
            "Two layers or two directions change `h_n` and `c_n`; only two "
            "directions change the last axis of `output`.",
            lambda: changed(num_layers=2) == [10],
            lambda: changed(bidirectional=True) == [2, 10],
        ),
        (
            "in the states it stays second",
            lambda: returned(batch_first=True)[1][0].shape[1] == 5,
        ),
        (
            "If the middle number differs, the state is for another batch; if "
            "the first differs, a layer or a direction is missing.",
            lambda: returned()[1][0].shape[1] == 5,
            lambda: (
                returned(num_layers=3, bidirectional=True)[1][0].shape[0]
                == 3 * 2
            ),
        ),
        (
            "Time comes first by default",
            lambda: default(torch.nn.RNNBase, "batch_first") is False,
        ),
    ),
)
