"""What `shapes` quotes."""

import torch
from torch.nn.functional import conv1d, ctc_loss, pad

from tests.site.facts.batch import carries_into_the_next, feels
from tests.site.facts.claims import steps_felt
from tests.site.facts.common import (
    STATES,
    are_directions_in_order,
    default,
    module,
    randn,
    returned,
    session,
    text,
)
from tests.site.facts.parts import only_c_has_no_limit
from tests.site.facts.state import are_left_alone_by_a_call
from tests.site.facts_of_pages import figure, network, of_torch

LISTING = text("code/shapes.py")
TURNED = "torch.nn.LSTM(3, 2, batch_first=True)(torch.ones(5, 4, 3))[0].shape"
AS_IT_IS = "torch.nn.LSTM(3, 2)(torch.ones(4, 5, 3))[0].shape"


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


FACTS = (
    *of_torch(
        (
            "It makes one axis of batch and steps, with a vector for each step "
            "of each sequence. `view` counts numbers off as they lie in "
            "memory, and with `batch_first=True` `output` was turned, so "
            "`contiguous` copies it first; `reshape` is both.",
            lambda: returned()[0].is_contiguous(),
            lambda: not returned(batch_first=True)[0].is_contiguous(),
            reshapes_as_contiguous_does,
        ),
        (
            "`nn.Linear` needs neither, since it keeps the axes",
            lambda: torch.nn.Linear(2, 1)(returned(batch_first=True)[0]).shape == (5, 4, 1),
        ),
        (
            "With two directions a vector is twice as long, and `view(-1, "
            "hidden_size)` tears its halves apart.",
            tears_halves_apart,
        ),
        (
            "`h_n` is what the LSTM shows; `c_n` also holds what its output "
            "gates hide, and its numbers are the larger ones.",
            shows_less_than_it_holds,
        ),
        (
            "So the last step is `output[:, -1]` here, and `output[-1]` without `batch_first`.",
            lambda: all(
                torch.equal(
                    module(3, 2, batch_first=first)(randn(5, 4, 3))[0][end],
                    module(3, 2, batch_first=first)(randn(5, 4, 3))[1][0][-1],
                )
                for first, end in ((True, (slice(None), -1)), (False, -1))
            ),
        ),
        (
            "| A table with a line for each day | Days | Itself, or "
            "[windows](several-ahead.md#windows) of it | What is measured on a "
            "day | | The same of many shops, patients, machines | Days | "
            "Shops, patients, machines | What is measured on a day |",
            lambda: module(7, 2)(session("shapes")["days"][:, None])[1][0].shape == (1, 1, 2),
            lambda: module(7, 2)(randn(100, 5, 7))[1][0].shape == (1, 5, 2),
        ),
        (
            "| Videos | Frames | Videos | What [a CNN](#images) makes of a frame |",
            lambda: session("shapes")["video"].shape[:2] == (6, 2),
            lambda: session("shapes")["video"].flatten(0, 1).shape[0] == 6 * 2,
        ),
        (
            "| Sound | Moments of a spectrogram | Recordings | Its bands | | "
            "Lines of a table, in no order | [None](not-learning.md#table) | "
            "| |",
            lambda: spectrogram(2, 400).permute(2, 0, 1).shape == (26, 2, 33),
            needs_an_order,
        ),
        (
            "`hidden_size`, the number of classes, and how many steps there are is no part of it.",
            takes_any_steps_and_units,
        ),
        (
            "`c_n` has the c that belongs to each h in `h_n`. What c was at "
            "the other steps is not returned;",
            lambda: returned(num_layers=3)[1][1].shape == (3, 5, 2),
            lambda: len(returned()[1]) == 2,
        ),
        (
            "At the end, if the question can only be answered then, as the sum "
            "of all inputs: earlier answers would be asked for what cannot be "
            "known.",
            lambda: [steps_felt(k)[-1] for k in range(4)] == [0, 1, 2, 3],
        ),
        (
            "with one direction an answer rests on the steps up to it alone, "
            "so the future is not given away",
            lambda: [steps_felt(k)[-1] for k in range(4)] == [0, 1, 2, 3],
        ),
        (
            "It says how your tensor lies, and leaves the tensor as it is: set "
            "for one with steps first, it makes the module [read across the "
            "batch, with time and batch "
            "swapped](wrong-ways.md#batch-and-time-swapped), without an error",
            reads_across_the_batch,
        ),
        (
            "`repeat` is right with steps first, as here; with the batch first "
            "it is `labels.repeat_interleave(4)`.",
            repeats_labels,
        ),
        (
            "Give it a readout for each, and add the losses; one `backward` "
            "trains both, and the LSTM for the two.",
            trains_both,
        ),
        (
            "The axes of everything that goes in and comes out, with "
            "`batch_first` off, on, and without a batch.",
            lambda: has_axes(randn(4, 5, 3), (4, 5, 2), (1, 5, 2), (1, 5, 2)),
            lambda: has_axes(randn(5, 4, 3), (5, 4, 2), (1, 5, 2), (1, 5, 2), batch_first=True),
            is_without_a_batch,
        ),
        ("Neither way is better:", does_not_change_numbers),
        (
            "## Without a batch A single sequence does not need an axis for "
            "the batch. Then no tensor has one, and `batch_first` has no "
            "effect.",
            is_without_a_batch,
        ),
        (
            "An LSTM reads one vector a step, so each image has to become one "
            "first. A CNN knows nothing of time: fold the steps into its "
            "batch, and unfold them again.",
            reads_each_frame_by_itself,
        ),
        (
            "A loop that calls both for one frame after the other gives the "
            "same, as long as it hands on the state; then its last output has "
            "read every frame, not the last alone.",
            needs_the_state_in_a_loop,
        ),
        (
            "A label for each step no longer fits; take a stride of one for that.",
            lambda: (
                [torch.nn.Conv1d(3, 2, 5, stride, 2)(randn(1, 3, 8)).shape[2] for stride in (1, 2)]
                == [8, 4]
            ),
        ),
        (
            "The convolution looks ahead by half its kernel, so a [forecast or "
            "a stream](streaming.md) pads on the left alone.",
            lambda: steps_seen(2, 2) == [3, 4, 5, 6, 7],
            lambda: steps_seen(4, 0) == [1, 2, 3, 4, 5],
        ),
        *(
            (words, adds_up_all_ways)
            for words in (
                "### Text or speech without a place for each letter: CTC",
                "`ctc_loss` adds up the probabilities of all ways to write the "
                "text along the steps, with one class more that means *no "
                "letter*, the blank.",
            )
        ),
        (
            "take the best class of each step, leave out repetitions, and then the blanks:",
            is_read_from_its_classes,
        ),
        (
            "If it streams, it must not be [bidirectional](directions.md).",
            lambda: steps_felt(0, bidirectional=True) == [0, 1, 2, 3],
        ),
        ("`nn.LSTM` sets no limit.", runs_very_long),
        (
            "It runs, since the weights are the same at each step, but states "
            "may get to where they have never been, as when a unit [counts "
            "further](forget-bias.md#ceiling) than it ever had to.",
            are_left_alone_by_a_call,
            only_c_has_no_limit,
        ),
        (
            "## Batch and time swapped by mistake Nothing in a tensor says "
            "which axis is which. If the two are swapped, the module runs "
            "without an error but over the wrong axis: it treats each sequence "
            "as a step, and carries the state of one into the next.",
            lambda: randn(4, 4, 3).shape == randn(4, 4, 3).transpose(0, 1).shape,
            carries_into_the_next,
        ),
        (
            "change the first sequence and look at the second: with the axes "
            "in the right order it stays as it was.",
            lambda: feels(1) == [0],
            lambda: feels(0) == [0, 1, 2, 3],
        ),
        (
            "Exchange time and features, and `input_size` has to be the number "
            "of steps; made for that, the module runs without an error, but it "
            "reads feature after feature, each with its whole past and future "
            "at once.",
            reads_feature_after_feature,
        ),
        (
            "It is `(steps, batch, features)`, or with "
            "[`batch_first=True`](#what-batch_first-changes) `(batch, steps, "
            "features)`.",
            lambda: batch_of(randn(4, 5, 3)) == 5,
            lambda: batch_of(randn(5, 4, 3), batch_first=True) == 5,
        ),
        (
            "with `batch_first=True` PyTorch turns the axes before and after, "
            "and the numbers are the same",
            does_not_change_numbers,
        ),
        (
            "keep the axis of the batch, as `[:, None]` does here; with "
            "`batch_first=True` it is `x[None]`",
            lambda: batch_of(randn(4, 3)[:, None]) == 1,
            lambda: batch_of(randn(4, 3)[None], batch_first=True) == 1,
        ),
        (
            "`permute` moves axes, while `view` and `reshape` only count numbers off anew.",
            permute_alone_moves_axes,
        ),
    ),
    *network(
        "cell",
        ("returns {:word} tensors", f"1 + {STATES}"),
        (
            "`view` makes {:word} axes of it",
            "torch.ones(4, 5, 2).view(2, 2, 5, 2).dim() - torch.ones(4, 5, 2).dim() + 1",
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
        )
    ),
    *of_torch(
        (
            "The states that you pass and receive are `(layers, batch, units)` either way.",
            lambda: returned(num_layers=3)[1][0].shape == (3, 5, 2),
            lambda: returned(num_layers=3, batch_first=True)[1][0].shape == (3, 5, 2),
        ),
        (
            "The message reads `(layers and directions, batch, units)`.",
            lambda: returned(num_layers=3, bidirectional=True)[1][0].shape == (3 * 2, 5, 2),
        ),
        (
            "The {} in each of the last {:word} are the sequences of the batch, not steps.",
            lambda: returned(num_layers=2)[1][0].shape[1],
            lambda: len(returned()[1]),
        ),
        (
            "says that `h_n` holds the state *for each element in the sequence*",
            lambda: "state for each element in the sequence" in torch.nn.LSTM.__doc__,
        ),
        (
            "`output` has h of the last layer, at every step.",
            lambda: returned(num_layers=2)[0].shape == (4, 5, 2),
            lambda: torch.equal(returned(num_layers=2)[0][-1], returned(num_layers=2)[1][0][-1]),
        ),
        (
            "`h_n` has h of every layer and direction, at its last step only.",
            lambda: returned(num_layers=3, bidirectional=True)[1][0].shape == (6, 5, 2),
            are_directions_in_order,
        ),
        (
            "With one direction, the last step of `output` is the last layer of `h_n`.",
            lambda: torch.equal(returned(num_layers=2)[0][-1], returned(num_layers=2)[1][0][-1]),
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
            "`nn.Linear` works on the last axis and leaves the others as they are.",
            lambda: torch.nn.Linear(3, 7)(randn(4, 5, 3)).shape == (4, 5, 7),
        ),
        (
            "**One answer for the whole sequence**, such as a class or the "
            "next number: `readout(h_n[-1])`",
            lambda: torch.equal(returned(num_layers=2)[1][0][-1], returned(num_layers=2)[0][-1]),
            lambda: not torch.equal(returned(num_layers=2)[1][0][0], returned(num_layers=2)[0][-1]),
        ),
        (
            "No: the last layer has read what the layers below it showed, at every step",
            reads_all_that_is_below,
        ),
        (
            "Two layers or two directions change `h_n` and `c_n`; only two "
            "directions change the last axis of `output`.",
            lambda: changed(num_layers=2) == [10],
            lambda: changed(bidirectional=True) == [2, 10],
        ),
        ("in the states it stays second", lambda: returned(batch_first=True)[1][0].shape[1] == 5),
        (
            "If the middle number differs, the state is for another batch; if "
            "the first differs, a layer or a direction is missing.",
            lambda: returned()[1][0].shape[1] == 5,
            lambda: returned(num_layers=3, bidirectional=True)[1][0].shape[0] == 3 * 2,
        ),
        ("Time comes first by default", lambda: default(torch.nn.RNNBase, "batch_first") is False),
    ),
)
