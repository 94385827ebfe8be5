"""What `wrong-ways` quotes."""

import math

import torch

from lstm_figs.porting import ONNX
from tests.site.facts.batch import stays_in_its_row
from tests.site.facts.common import (
    are_directions_in_order,
    are_rows_of_bands,
    gate_of,
    is_the_last_step,
    module,
    randn,
    returned,
)
from tests.site.facts.errors import refusal
from tests.site.facts_of_pages import figure, of_torch


def counts_steps() -> list[int]:
    """Where along the first axis a result feels the first of an input."""
    x = randn(4, 5, 3)
    before, _ = module(3, 2)(x)
    x[0] += 1
    after, _ = module(3, 2)(x)
    return (before != after).any(2).any(1).nonzero().flatten().tolist()


def sigmoid(bias: float) -> float:
    return 1 / (1 + math.exp(-bias))


def is_wrong_without_packing() -> bool:
    """Whether padding changes `h_n` and all of the reverse direction."""
    lstm, x = module(3, 2, bidirectional=True), randn(4, 1, 3)
    right, (h_n, _) = lstm(x[:2])
    padded, (h_padded, _) = lstm(torch.cat([x[:2], torch.zeros(2, 1, 3)]))
    forward = torch.allclose(right[..., :2], padded[:2, :, :2], atol=1e-6)
    reverse = torch.isclose(right[..., 2:], padded[:2, :, 2:], atol=1e-6)
    is_wrong = not torch.allclose(h_n[0], h_padded[0], atol=1e-3)
    return forward and is_wrong and not reverse.all(dim=2).any()


def is_wrong_in_another_order() -> bool:
    """Whether bands in the order of ONNX load, and give other numbers."""
    lstm, x = module(3, 2), randn(4, 1, 3)
    before, _ = lstm(x)
    order = [0, 3, 1, 2]
    lstm.load_state_dict(
        {
            name: torch.cat([tensor.chunk(4)[k] for k in order])
            for name, tensor in lstm.state_dict().items()
        }
    )
    return not torch.allclose(lstm(x)[0], before, atol=1e-2)


def counts_off() -> bool:
    """Whether a view has the numbers in the order in which they stood."""
    _, (h_n, _) = returned(bidirectional=True)
    view = h_n.view(5, -1)
    same = torch.equal(view.flatten(), h_n.flatten())
    return same and not torch.equal(view, h_n.transpose(0, 1).flatten(1))


def felt_from(row: int, place: int) -> list[list[bool]]:
    """What of an input a result feels that stands there in both axes."""
    x = randn(4, 5, 3).requires_grad_()
    module(3, 2)(x)[0][row, place].sum().backward()
    return x.grad.any(dim=2).tolist()


def is_read_across() -> bool:
    """Whether sequences that come first are read one into the next."""
    up_to = [[b <= 2 and t == 3 for t in range(5)] for b in range(4)]
    return felt_from(2, 3) == up_to


def fits_one_direction() -> bool:
    _, (h_n, _) = returned(bidirectional=True)
    return not refusal(lambda: torch.nn.Linear(2, 1)(h_n[-1]))


def moves_on_over_zeros() -> bool:
    lstm, x = module(3, 2), randn(4, 1, 3)
    _, state = lstm(x)
    _, (_, c_n) = lstm(torch.zeros(2, 1, 3), state)
    return not torch.allclose(c_n, state[1], atol=1e-3)


def raises_no_error() -> bool:
    """Whether the mistakes pass, with other numbers than the right way."""
    return all(
        (
            counts_off(),
            fits_one_direction(),
            is_read_across(),
            is_wrong_without_packing(),
            is_wrong_in_another_order(),
        )
    )


def is_kept_by(bias_ih: float, bias_hh: float) -> float:
    """What a step keeps of a cell state with these forget biases."""
    cell = torch.nn.LSTMCell(1, 1)
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.zero_()
        cell.bias_ih[1], cell.bias_hh[1] = bias_ih, bias_hh
        _, c = cell(torch.zeros(1), (torch.zeros(1), torch.ones(1)))
    return c.item()


FACTS = (
    *of_torch(
        (
            "PyTorch's bands are i, f, g, o; ONNX has i, o, f, g.",
            lambda: ONNX.order == "iofg",
            are_rows_of_bands,
        ),
        (
            "A test finds it: change one sequence, and see whether another changes.",
            lambda: counts_steps() == [0, 1, 2, 3],
            stays_in_its_row,
        ),
        (
            "[The two biases are added](weight-map.md#why-two-biases), so setting both gives two.",
            lambda: is_kept_by(1, 1) == is_kept_by(2, 0) != is_kept_by(1, 0),
        ),
        (
            "The mistakes that cost most time raise no error: the shapes fit, "
            "and only the numbers are wrong.",
            raises_no_error,
        ),
        ("`view` does not move the batch to the front; it only counts off numbers", counts_off),
        (
            "No error is raised because the number of elements is right.",
            lambda: not refusal(lambda: randn(2, 5, 2).view(5, -1)),
            lambda: refusal(lambda: randn(2, 5, 2).view(3, -1)),
        ),
        (
            "No error is raised if the next layer was built for `hidden_size` features.",
            fits_one_direction,
        ),
        (
            "Given `(batch, seq_len, input_size)` it carries the state of one "
            "sequence into the next, and no step sees the one before it.",
            is_read_across,
        ),
        (
            "No error is raised because both axes may have any length.",
            lambda: (
                not any(
                    refusal(lambda a=a, b=b: module(3, 2)(randn(a, b, 3)))
                    for a in (1, 2, 9)
                    for b in (1, 2, 9)
                )
            ),
        ),
        (
            "The module reads the zeros like any other step, so the state "
            "moves on. No error is raised because padding is a tensor like any "
            "other.",
            moves_on_over_zeros,
            is_wrong_without_packing,
        ),
        (
            "`load_state_dict` looks at names and shapes, and these are the same in any order.",
            is_wrong_in_another_order,
        ),
        (
            "[Autograd says so](not-learning.md#state): all steps up to its "
            "own, of its own sequence, and nothing else. - **Alone, and among "
            "others**: [the same](batch-size.md), but for rounding.",
            lambda: felt_from(2, 3) == [[t <= 2 and b == 3 for b in range(5)] for t in range(4)],
            stays_in_its_row,
        ),
        (
            "A one in both biases makes the sum two, and the gate keeps more than was meant.",
            lambda: sigmoid(1 + 1) > sigmoid(1),
        ),
    ),
    *figure(
        ("A row of `h_n.view(batch, -1)` mixes the states of {:word} sequences", "batch.shape[1]"),
        ("a row gets the states of {:word} sequences", "len(wrong)"),
        (
            "One tensor, sequences first, is read by a module that expects "
            "steps first, and by one with `batch_first=True`.",
            "not lstm.batch_first",
        ),
        ("Of {:word} sequences in a batch", "padded.shape[1]"),
    ),
    *of_torch(
        (
            "`h_n[-1]` is right with one direction; with two it is half of the answer.",
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
        ("The right line is `torch.cat([h_n[-2], h_n[-1]], dim=1)`.", are_directions_in_order),
        (
            "By default the first axis of the input of `nn.LSTM` counts steps.",
            lambda: counts_steps() == [0, 1, 2, 3],
        ),
        (
            "take the output at the last step of each sequence",
            lambda: (returned()[0][-1] == returned()[1][0][0]).all(),
        ),
        (
            "rows `hidden_size` to `2 * hidden_size` are those of the forget gate",
            lambda: [row for row in range(12) if gate_of(row, 3)[0] == "f"] == [3, 4, 5],
        ),
    ),
)
