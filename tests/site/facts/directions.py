"""What `directions` quotes."""

import inspect

import torch
from torch.nn.utils.rnn import pad_sequence

from tests.site.facts.common import (
    are_directions_in_order,
    is_the_last_step,
    module,
    occurrences,
    randn,
    returned,
)
from tests.site.facts_of_pages import figure, network, of_torch

BOTH = "torch.nn.LSTM(3, 2, 3, bidirectional=True)(x)[1][0]"


def is_the_same_from_the_end() -> bool:
    """Whether the second half is another LSTM that reads from the end."""
    both, alone = module(3, 2, bidirectional=True), torch.nn.LSTM(3, 2)
    alone.load_state_dict({name: getattr(both, f"{name}_reverse") for name in alone.state_dict()})
    x = randn(4, 5, 3)
    return torch.allclose(both(x)[0][..., 2:], alone(x.flip(0))[0].flip(0), atol=1e-6)


def steps_that_see_the_next() -> list[int]:
    """The steps of `output` that depend on the input after them."""
    lstm, x = module(3, 2, bidirectional=True), randn(4, 1, 3).requires_grad_()
    steps = []
    for step, output in enumerate(lstm(x)[0]):
        (felt,) = torch.autograd.grad(output.sum(), x, retain_graph=True)
        if felt[step + 1 :].any():
            steps.append(step)
    return steps


def see_what_comes(num_layers: int) -> bool:
    """Whether the forward half of a step depends on later steps."""
    lstm = module(3, 2, num_layers=num_layers, bidirectional=True)
    x = randn(5, 1, 3).requires_grad_()
    (felt,) = torch.autograd.grad(lstm(x)[0][1, :, :2].sum(), x)
    return bool(felt[2:].any())


def is_there() -> bool:
    """Whether the mask of rows is that of the padding."""
    lengths = torch.tensor([4, 2])
    output = pad_sequence([torch.ones(n) for n in lengths], batch_first=True)
    mask = torch.arange(output.shape[1]) < lengths[:, None]
    return torch.equal(mask, output.bool())


def has_read_one_step() -> bool:
    """Whether the reverse half of the last step is that of this step alone."""
    lstm, x = module(3, 2, bidirectional=True), randn(4, 5, 3)
    output, (h_n, _) = lstm(x)
    alone, _ = lstm(x[-1:])
    forward, reverse = output[-1].chunk(2, dim=1)
    return torch.equal(forward, h_n[0]) and torch.allclose(reverse, alone[0, :, 2:])


def share_no_weight() -> bool:
    """Whether each weight of a direction is another than in the other."""
    weights = module(3, 2, bidirectional=True).state_dict()
    return not any(
        torch.equal(weight, weights[f"{name}_reverse"])
        for name, weight in weights.items()
        if f"{name}_reverse" in weights
    )


def axes_of_states(**options) -> int:
    """How many states a layer returns."""
    return len(module(3, 2, **options)(randn(4, 5, 3))[1][0])


def keep_to_themselves() -> bool:
    """Whether neither half of a layer depends on the other's weights."""
    lstm, x = module(3, 2, bidirectional=True), randn(4, 5, 3)
    weights = [lstm.weight_hh_l0, lstm.weight_hh_l0_reverse]
    felt = [
        [
            grad is not None and bool(grad.any())
            for grad in torch.autograd.grad(
                half.sum(), weights, retain_graph=True, allow_unused=True
            )
        ]
        for half in lstm(x)[0].chunk(2, dim=2)
    ]
    return felt == [[True, False], [False, True]]


def always_concatenates() -> bool:
    """Whether both halves stand side by side, and no argument says else."""
    lstm = module(3, 2, bidirectional=True)
    arguments = {*inspect.signature(torch.nn.RNNBase).parameters}
    return lstm(randn(4, 5, 3))[0].shape == (4, 5, 2 * 2) and not any(
        word in name for name in arguments for word in ("merge", "sum", "cat")
    )


def padding_spoils_pooling() -> bool:
    """Whether zeros of padding shrink a mean and can be the largest.

    A mask keeps them out, and each sequence has what it has alone.
    """
    alone = -randn(3, 2).abs()
    padded = torch.cat([alone, torch.zeros(2, 2)])
    mask = torch.tensor([True, True, True, False, False])[:, None]
    mean = (padded * mask).sum(0) / mask.sum()
    largest = padded.masked_fill(~mask, -torch.inf).amax(0)
    return (
        bool((padded.mean(0).abs() < alone.mean(0).abs()).all())
        and not padded.amax(0).any()
        and torch.allclose(mean, alone.mean(0))
        and torch.equal(largest, alone.amax(0))
    )


def reads_back_from_the_end() -> bool:
    """Whether the reverse half of a step felt it, and the steps after it."""
    lstm, x = module(3, 2, bidirectional=True), randn(4, 1, 3).requires_grad_()
    reverse = lstm(x)[0][..., 2:]
    dependences = [
        torch.autograd.grad(step.sum(), x, retain_graph=True)[0].any(2) for step in reverse
    ]
    return [dependence.flatten().nonzero().flatten().tolist() for dependence in dependences] == [
        [*range(step, 4)] for step in range(4)
    ]


FACTS = (
    *of_torch(
        (
            "Where the next step is still to come, it cannot, so a stream has one direction.",
            reads_back_from_the_end,
        ),
        (
            "At each step, the reverse half has read the sequence from its end down to that step.",
            reads_back_from_the_end,
        ),
        (
            "but `output` of a step has then read the steps after it, so it is "
            "no forecast of the next one.",
            lambda: steps_that_see_the_next() == [0, 1, 2],
        ),
        ("Within a layer nothing passes from one direction to the other.", keep_to_themselves),
        (
            "`nn.LSTM` always concatenates them; to merge them in another way, "
            "take the halves and add them, or take their mean.",
            always_concatenates,
        ),
        (
            "Padding must not take part: it would make the mean smaller, and "
            "its zeros can be the largest.",
            padding_spoils_pooling,
        ),
        ("Each sequence gets what it would get alone:", padding_spoils_pooling),
        (
            "Not at every step of `output`. The target of a step is then the "
            "next input, which the reverse direction has just read, so there "
            "is nothing to predict. It shows in the gradient: each step of "
            "`output` depends on the step after it, but the last, which has "
            "none:",
            lambda: steps_that_see_the_next() == [0, 1, 2],
        ),
        (
            "What PyTorch's documentation calls `num_directions` is {} then, and otherwise {}.",
            lambda: axes_of_states(bidirectional=True),
            axes_of_states,
        ),
        ("The two directions do not share weights.", share_no_weight),
        (
            "With two directions it is `torch.cat([h_n[-2], h_n[-1]], dim=1)`",
            are_directions_in_order,
        ),
        ("- `h_n[-1]` is [the reverse direction alone]", are_directions_in_order),
        (
            "- `output[-1]` has the right forward half, but its reverse half has read one step.",
            has_read_one_step,
        ),
        ("With one direction it is `h_n[-1]`, which equals `output[-1]`.", is_the_last_step),
        ("so `torch.cat([h_n[-2], h_n[-1]], dim=1)` stays as it is", are_directions_in_order),
        (
            "`bidirectional=True` adds a second LSTM to each layer, which "
            "reads the same sequence from its end.",
            is_the_same_from_the_end,
        ),
        (
            "So the last state of the forward direction is at the last step, "
            "and that of the reverse direction at the first.",
            are_directions_in_order,
        ),
        (
            "The rows of `h_n` and `c_n` go by layer, and within a layer forward comes first.",
            are_directions_in_order,
        ),
        (
            "A layer above the first receives both halves, so its `weight_ih` "
            "has `2*hidden_size` columns.",
            lambda: module(3, 5, num_layers=2, bidirectional=True).weight_ih_l1.shape[1] == 2 * 5,
        ),
        ("The names of the second ones end in `_reverse`.", is_the_same_from_the_end),
        ("With several layers these are the states of the last one", are_directions_in_order),
        (
            "because the batch is the second axis",
            lambda: returned(bidirectional=True)[1][0].shape == (2, 5, 2),
        ),
        (
            "## What changes with batch_first=True? Only the axes of the input "
            "and of `output`, which have the batch first. `h_n` and `c_n` keep "
            "it second",
            lambda: returned(batch_first=True)[0].shape == (5, 4, 2),
            lambda: returned(batch_first=True)[1][0].shape == (1, 5, 2),
        ),
        (
            "The last step is `output[:, -1]`; `output[-1]` would be the last "
            "sequence of the batch, with all of its steps.",
            lambda: torch.equal(
                returned(batch_first=True)[0][:, -1], returned(batch_first=True)[1][0][0]
            ),
            lambda: returned(batch_first=True)[0][-1].shape == (4, 2),
        ),
        (
            "With `batch_first=True` the mask is "
            "`torch.arange(output.shape[1]) < lengths[:, None]`, and the steps "
            "are `dim=1`",
            is_there,
        ),
        (
            "The last step is the only one where it has to forecast",
            lambda: steps_that_see_the_next() == [0, 1, 2],
        ),
        (
            "With several layers that takes two modules, the second for the "
            "reversed text, because in `nn.LSTM` each direction of the second "
            "layer reads both of the first:",
            lambda: see_what_comes(2),
            lambda: not see_what_comes(1),
        ),
        (
            "are then tested at the last step of fresh ones",
            lambda: steps_that_see_the_next() == [0, 1, 2],
        ),
    ),
    *network(
        "cell",
        ("make {:word} axes of the first", f"{BOTH}.view(3, 2, 1, 2).dim() - {BOTH}.dim() + 1"),
        ("{:Word} other vectors run without an error", occurrences("\n- `", "directions")),
    ),
    *figure(("the {:word} filled states of the figure above", "len(h_n)")),
)
