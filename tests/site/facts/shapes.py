"""What `shapes` quotes."""

import torch
from torch.nn.functional import conv1d, ctc_loss, pad

from tests.site.facts.common import module, randn, returned


def changed(**options) -> list[int]:
    """Which axes of `output`, and of `h_n` from ten on, an option changes."""
    axes = []
    plain, (h_plain, _) = returned()
    output, (h_n, _) = returned(**options)
    for start, before, after in ((0, plain, output), (10, h_plain, h_n)):
        sizes = zip(before.shape, after.shape, strict=True)
        axes += [start + k for k, (a, b) in enumerate(sizes) if a != b]
    return axes


def reads_across_the_batch() -> bool:
    """Whether the flag alone makes steps of the sequences of a batch."""
    x = randn(4, 5, 3).requires_grad_()
    output, _ = module(3, 2, batch_first=True)(x)
    (felt,) = torch.autograd.grad(output[2, 3].sum(), x)
    return felt.any(2).nonzero().tolist() == [[2, n] for n in range(4)]


def reads_all_that_is_below() -> bool:
    """Whether the last layer of the last step feels the first of each."""
    x = randn(4, 5, 3).requires_grad_()
    _, (h_n, _) = module(3, 2, num_layers=2)(x)
    (felt,) = torch.autograd.grad(h_n[-1].sum(), x)
    return bool(felt.any(2).all())


def reshapes_as_contiguous_does() -> bool:
    """Whether both give a vector for each step, by sequence."""
    output, _ = returned(batch_first=True)
    vectors = output.reshape(-1, 2)
    expected = torch.stack([output[n, t] for n in range(5) for t in range(4)])
    copied = output.contiguous().view(-1, 2)
    return torch.equal(vectors, expected) and torch.equal(copied, expected)


def tears_halves_apart() -> bool:
    """Whether a step of two directions becomes two vectors, one for each."""
    output, _ = returned(bidirectional=True)
    vectors = output.view(-1, 2)
    halves = output[..., :2].flatten(0, 1), output[..., 2:].flatten(0, 1)
    return output.shape[2] == 2 * 2 and all(
        map(torch.equal, (vectors[0::2], vectors[1::2]), halves)
    )


def permute_alone_moves_axes() -> bool:
    x = randn(2, 3, 4)
    moved = x.permute(1, 0, 2)
    return torch.equal(moved[2, 1], x[1, 2]) and all(
        torch.equal(same.flatten(), x.flatten()) for same in (x.view(3, 2, 4), x.reshape(3, 2, 4))
    )


def batch_of(x: torch.Tensor, **options) -> int:
    """How many sequences a module takes an input for."""
    return module(3, 2, **options)(x)[1][0].shape[1]


def does_not_change_numbers() -> bool:
    rows, x = module(3, 2, batch_first=True), randn(4, 5, 3)
    return torch.allclose(rows(x.transpose(0, 1))[0].transpose(0, 1), module(3, 2)(x)[0], atol=1e-6)


def needs_an_order() -> bool:
    """Whether the same lines in another order end in another state."""
    lstm, x = module(3, 2), randn(5, 1, 3)
    return not torch.allclose(lstm(x)[1][0], lstm(x.flip(0))[1][0], atol=1e-3)


def takes_any_steps_and_units() -> bool:
    return all(
        module(3, units)(randn(steps, 5, 3))[0].shape == (steps, 5, units)
        for units in (2, 7)
        for steps in (1, 9)
    )


def has_axes(x: torch.Tensor, *sizes: tuple[int, ...], **options) -> bool:
    """Whether `output` and both states of an input have these sizes."""
    output, state = module(3, 2, **options)(x)
    return [tuple(tensor.shape) for tensor in (output, *state)] == [*sizes]


def is_without_a_batch() -> bool:
    """Whether a matrix needs no third axis, whatever `batch_first` says."""
    x = randn(4, 3)
    return all(
        has_axes(x, (4, 2), (1, 2), (1, 2), batch_first=first)
        and torch.equal(module(3, 2, batch_first=first)(x)[0], module(3, 2)(x)[0])
        for first in (False, True)
    )


def reads_each_frame_by_itself() -> bool:
    """Whether a CNN gives a frame the same among others as alone."""
    cnn, video = torch.nn.Conv2d(3, 2, 3), randn(4, 5, 3, 6, 6)
    folded = cnn(video.flatten(0, 1)).unflatten(0, (4, 5))
    return torch.allclose(folded[2, 1], cnn(video[2, 1:2])[0], atol=1e-5)


def needs_the_state_in_a_loop() -> bool:
    """Whether a loop over frames ends as one call does, if handed the state."""
    lstm, x = module(3, 2), randn(6, 1, 3)
    state, complete = None, lstm(x)[0][-1]
    for frame in x.split(1):
        last, state = lstm(frame, state)
    forgetful, _ = lstm(x[-1:])
    return torch.allclose(last[0], complete, atol=1e-6) and not torch.allclose(
        forgetful[0], complete, atol=1e-3
    )


def steps_seen(left: int, right: int) -> list[int]:
    """The steps that a convolution of five at step 5 of eleven sees."""
    x = randn(1, 1, 11).requires_grad_()
    output = conv1d(pad(x, (left, right)), torch.ones(1, 1, 5))
    (grad,) = torch.autograd.grad(output[0, 0, 5], x)
    return grad.flatten().nonzero().flatten().tolist()


def adds_up_all_ways() -> bool:
    """Whether CTC adds up what two steps can say for one letter.

    The letter twice, or once with the blank, class 0, before or behind it.
    """
    scores = randn(2, 1, 3).log_softmax(2)
    (a, b), letter = scores[:, 0].exp(), 1
    probability = a[letter] * b[letter] + a[0] * b[letter] + a[letter] * b[0]
    cost = ctc_loss(scores, torch.tensor([[letter]]), [2], [1], reduction="sum")
    return torch.isclose(-probability.log(), cost)


def is_read_from_its_classes() -> bool:
    """Whether repetitions go before blanks, so that letters stay double."""
    best = torch.tensor([0, 4, 4, 15, 0, 15, 18])
    once = torch.unique_consecutive(best)
    early = torch.unique_consecutive(best[best != 0])
    return once[once != 0].tolist() == [4, 15, 15, 18] != early.tolist()


def runs_very_long() -> bool:
    with torch.inference_mode():
        output, _ = module(1, 1)(torch.zeros(70_000, 1, 1))
    return len(output) == 70_000


def reads_feature_after_feature() -> bool:
    """Whether with both axes exchanged a step is all moments of a feature."""
    x = randn(3, 1, 9).requires_grad_()  # features, batch, time
    output, _ = module(9, 2)(x)
    (grad,) = torch.autograd.grad(output[0].sum(), x)
    return grad.any(1).tolist() == [[True] * 9, [False] * 9, [False] * 9]


def repeats_labels() -> bool:
    labels = torch.tensor([0, 2, 1, 1, 0])
    rows = labels[:, None].expand(5, 4)
    return torch.equal(labels.repeat(4), rows.T.flatten()) and torch.equal(
        labels.repeat_interleave(4), rows.flatten()
    )


def trains_both() -> bool:
    """Whether one backward of a sum reaches both readouts and the LSTM."""
    lstm, heads = module(3, 2), [torch.nn.Linear(2, n) for n in (3, 1)]
    h = lstm(randn(4, 5, 3))[1][0][-1]
    sum(head(h).sum() for head in heads).backward()
    return all(p.grad is not None for layer in (lstm, *heads) for p in layer.parameters())


def shows_less_than_it_holds() -> bool:
    """Whether h is c made smaller, most of all by a gate that is shut."""
    lstm = module(3, 4)
    _, (h_n, c_n) = lstm(randn(5, 2, 3))
    with torch.no_grad():
        lstm.bias_ih_l0[12:] = -99  # the output gates
    h, c = lstm(randn(1, 2, 3))[1]
    return bool((h_n.abs() < c_n.abs()).all()) and (h.abs().max() < 1e-6 < c.abs().max())


def spectrogram(recordings: int, moments: int) -> torch.Tensor:
    """How much of each band of 64 samples, each 16 apart."""
    return torch.stft(
        randn(recordings, moments), 64, window=torch.hann_window(64), return_complex=True
    ).abs()
