"""What `wrong-ways` quotes."""

import math

from tests.site.facts.common import (
    are_directions_in_order,
    drawn,
    gate_of,
    is_the_last_step,
    module,
    returned,
)
from tests.site.quoting import asked, figure


def counts_steps() -> list[int]:
    """Where along the first axis a result feels the first of an input."""
    x = drawn(4, 5, 3)
    before, _ = module(3, 2)(x)
    x[0] += 1
    after, _ = module(3, 2)(x)
    return (before != after).any(2).any(1).nonzero().flatten().tolist()


def sigmoid(bias: float) -> float:
    return 1 / (1 + math.exp(-bias))


FACTS = (
    *asked(
        (
            "A one in both biases makes the sum two, and the gate keeps more "
            "than was meant.",
            lambda: sigmoid(1 + 1) > sigmoid(1),
        ),
    ),
    *figure(
        (
            "A row of `h_n.view(batch, -1)` mixes the states of {:word} "
            "sequences",
            "batch.shape[1]",
        ),
        ("a row gets the states of {:word} sequences", "len(wrong)"),
        (
            "One tensor, sequences first, is read by a module that expects "
            "steps first, and by one with `batch_first=True`.",
            "not lstm.batch_first",
        ),
        ("Of {:word} sequences in a batch", "padded.shape[1]"),
    ),
    *asked(
        (
            "`h_n[-1]` is right with one direction; with two it is half of "
            "the answer.",
            is_the_last_step,
            are_directions_in_order,
        ),
        (
            "With one direction `h_n[-1]` is the state of the top layer. With "
            "two it is the reverse state of that layer, and the forward state "
            "is `h_n[-2]`.",
            is_the_last_step,
            are_directions_in_order,
        ),
        (
            "`h_n` has the shape `(directions, batch, hidden_size)`.",
            lambda: returned(bidirectional=True)[1][0].shape == (2, 5, 2),
        ),
        (
            "The right line is `torch.cat([h_n[-2], h_n[-1]], dim=1)`.",
            are_directions_in_order,
        ),
        (
            "By default the first axis of the input of `nn.LSTM` counts steps.",
            lambda: counts_steps() == [0, 1, 2, 3],
        ),
        (
            "take the output at the last step of each sequence",
            lambda: (returned()[0][-1] == returned()[1][0][0]).all(),
        ),
        (
            "rows `hidden_size` to `2 * hidden_size` are those of the forget "
            "gate",
            lambda: (
                [row for row in range(12) if gate_of(row, 3)[0] == "f"]
                == [3, 4, 5]
            ),
        ),
    ),
)
