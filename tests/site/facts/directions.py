"""What `directions` quotes."""

import inspect

import torch
from torch.nn.utils.rnn import pad_sequence

from tests.site.facts.common import module, randn


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
