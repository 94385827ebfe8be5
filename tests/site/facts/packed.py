"""What `packed` quotes."""

import warnings
from itertools import pairwise, product

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from tests.processor import has_onednn
from tests.site.facts.common import default, module, randn, session
from tests.site.facts_of_pages import figure, of_torch


def both_ways(**options):
    """A batch of two, packed: the output of both directions, and h_n."""
    lstm = module(3, 2, bidirectional=True, **options)
    packed = pack_padded_sequence(randn(5, 2, 3), torch.tensor([5, 3]))
    output, (h_n, _) = lstm(packed)
    return pad_packed_sequence(output)[0], h_n


def is_after_the_last_step_of_each() -> bool:
    output, h_n = both_ways()
    return torch.equal(h_n[0], torch.stack([output[4, 0], output[2, 1]])[:, :2])


def is_over_at_the_first() -> bool:
    output, h_n = both_ways()
    return torch.equal(h_n[1], output[0, :, 2:])


def stays_zero(rows: slice) -> bool:
    """Whether a state stays zero where these rows have no bias."""
    lstm = module(3, 2)
    with torch.no_grad():
        lstm.bias_ih_l0[rows] = 0
        lstm.bias_hh_l0[rows] = 0
    return not lstm(torch.zeros(4, 1, 3))[1][1].any()


def takes_classes_second() -> bool:
    loss = torch.nn.functional.cross_entropy
    return loss(randn(2, 5, 3), torch.zeros(2, 3).long()).dim() == 0


def is_last_of_each(*index: torch.Tensor) -> bool:
    """Whether an index into rows of steps takes the last of each sequence."""
    rows = randn(2, 5, 3)
    last = rows[index]
    return torch.equal(last, torch.stack([rows[0, 4], rows[1, 2]]))


LAST = torch.tensor([5, 3]) - 1


def unpadded(**options) -> tuple[torch.Tensor, torch.Tensor]:
    """The output of sequences in no order, and their lengths."""
    packed = pack_padded_sequence(randn(5, 2, 3), torch.tensor([3, 5]), enforce_sorted=False)
    return pad_packed_sequence(module(3, 2)(packed)[0], **options)


def comes_back_in_order() -> bool:
    """Whether the state of the first sequence is that of it alone."""
    lstm, x = module(3, 2), randn(5, 2, 3)
    packed = pack_padded_sequence(x, [3, 5], enforce_sorted=False)
    alone = lstm(x[:3, :1])[1]
    return all(
        torch.allclose(state[:, :1], expected, atol=1e-6)
        for state, expected in zip(lstm(packed)[1], alone, strict=True)
    )


def brings_back() -> bool:
    """Whether the indices bring what was packed back into the batch's order."""
    x, lengths = randn(5, 2, 3), torch.tensor([3, 5])
    packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
    back, there = packed.unsorted_indices, packed.sorted_indices
    first = torch.equal(packed.data[:2][back], x[0])
    return first and torch.equal(lengths[there][back], lengths)


def has_to_be_packed_after_an_embedding() -> bool:
    """Whether an embedding takes what is padded, and not what is packed."""
    embedding, ids = torch.nn.Embedding(9, 3), torch.ones(5, 2).long()
    try:
        embedding(pack_padded_sequence(ids, torch.tensor([5, 3])))
    except TypeError:
        return embedding(ids).shape == (5, 2, 3)
    return False


def is_sorted_already() -> bool:
    packed = pack_padded_sequence(randn(5, 2, 3), [5, 3])
    required = default(pack_padded_sequence, "enforce_sorted")
    return required and packed.sorted_indices is None


def reads_zeros() -> bool:
    """Whether padding changes the last state, and packing does not."""
    lstm, x = module(3, 2), randn(5, 1, 3)
    padded = torch.cat([x[:3], torch.zeros(2, 1, 3)])
    _, (alone, _) = lstm(x[:3])
    packed = pack_padded_sequence(padded, [3])
    return torch.allclose(lstm(packed)[1][0], alone) and not torch.allclose(
        lstm(padded)[1][0], alone, atol=1e-3
    )


def is_refused_unsorted() -> bool:
    try:
        pack_padded_sequence(randn(5, 2, 3), [3, 5])
    except RuntimeError:
        return True
    return False


def takes_lengths_on_the_cpu() -> bool:
    """Whether lengths elsewhere are refused, while data may be anywhere."""
    packed = pack_padded_sequence(randn(5, 2, 3).to("meta"), torch.tensor([5, 3]))
    try:
        pack_padded_sequence(randn(5, 2, 3), torch.tensor([5, 3]).to("meta"))
    except RuntimeError as error:
        return "1D CPU int64" in str(error) and packed.data.is_meta
    return False


def agree_in_a_single_step() -> bool:
    """Whether both halves of its output are the states of a short sequence."""
    lstm = module(3, 2, bidirectional=True)
    output, (h_n, _) = lstm(randn(1, 4, 3))
    return torch.equal(torch.cat([h_n[0], h_n[1]], dim=1), output[0])


def says_nothing() -> bool:
    """Whether padding that is read gives wrong states of the right shape.

    They are as plausible as others, and nobody is warned.
    """
    lstm, x = module(3, 2), randn(5, 1, 3)
    padded = torch.cat([x[:3], torch.zeros(2, 1, 3)])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        _, (h, _) = lstm(padded)
    _, (alone, _) = lstm(x[:3])
    is_plausible = 0.01 < h.abs().min() < h.abs().max() < 1
    return (
        not caught
        and h.shape == alone.shape
        and is_plausible
        and not torch.allclose(h, alone, atol=1e-3)
    )


def reads_padding_that_is_in_front() -> bool:
    """Whether packing takes the first steps, without a word."""
    padded = torch.cat([torch.zeros(2, 1, 3), randn(3, 1, 3)])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        packed = pack_padded_sequence(padded, [3])
    return not caught and torch.equal(packed.data, padded[:3, 0])


def is_right_before_the_padding(**options: bool) -> bool:
    """Whether outputs of a padded batch are those of a sequence alone."""
    lstm, x = module(3, 2, **options), randn(5, 1, 3)
    padded = torch.cat([x[:3], torch.zeros(2, 1, 3)])
    return torch.allclose(lstm(padded)[0][:3], lstm(x[:3])[0], atol=1e-6)


def is_not_quite_alone() -> bool:
    """Whether zeros in front leave a state, from which the sequence begins."""
    lstm, x, zeros = module(3, 2), randn(3, 1, 3), torch.zeros(2, 1, 3)
    difference = lstm(torch.cat([zeros, x]))[0][-1] - lstm(x)[0][-1]
    return lstm(zeros)[1][1].all() and 1e-4 < difference.abs().max() < 0.1


def keeps_padding_zero() -> bool:
    """Whether `padding_idx` makes a vector zero, which training leaves so."""
    embedding = torch.nn.Embedding(9, 3, padding_idx=0)
    embedding(torch.tensor([0, 4])).sum().backward()
    grad = embedding.weight.grad
    return not embedding.weight[0].any() and not grad[0].any() and grad[4].all()


def is_the_mean_of_what_is_there() -> bool:
    """Whether ignored targets count neither in the sum nor in the number."""
    logits, targets = randn(6, 5), torch.tensor([1, 2, 0, 4, 3, 3])
    ignored = targets.clone()
    ignored[4:] = -100
    loss = torch.nn.functional.cross_entropy
    return torch.isclose(loss(logits, ignored), loss(logits[:4], targets[:4]))


def knows_no_gaps() -> bool:
    """Whether zeros in the middle are packed like any other steps."""
    gappy = torch.cat([randn(2, 1, 3), torch.zeros(1, 1, 3), randn(2, 1, 3)])
    return torch.equal(pack_padded_sequence(gappy, [5]).data, gappy[:, 0])


def does_not_notice_a_gap() -> bool:
    """Whether steps that were moved together give what they give alone."""
    names, there = session("packed"), [0, 1, 3]  # of sequence 1
    alone, _ = names["skipping"](names["gappy"][there, 1])
    return torch.allclose(names["back"][there, 1], alone, atol=1e-6)


def has_batches_of_one_length() -> bool:
    names = session("packed")
    batches = names["of_equal_length"](names["data"], batch_size=2)
    places = sorted(place for batch in batches for place in batch)
    return places == [*range(len(names["data"]))] and all(
        len({len(names["data"][place]) for place in batch}) == 1 for batch in batches
    )


def calls_of_onednn(*lengths: int, **options) -> int:
    """How often oneDNN is called for a batch; without lengths a padded one."""
    x = randn(5, 2, 3)
    inputs = pack_padded_sequence(x, [*lengths]) if lengths else x
    with torch.inference_mode(), torch.profiler.profile() as profile:
        module(3, 2, **options)(inputs)
    return sum(
        event.count for event in profile.key_averages() if event.key == "aten::mkldnn_rnn_layer"
    )


def cannot_be_cut() -> bool:
    packed = pack_padded_sequence(randn(5, 2, 3), [5, 3])
    return not hasattr(packed, "chunk") and hasattr(randn(5, 2, 3), "chunk")


def is_never_below_zero() -> bool:
    """Whether a path scores no more than the sum over all of them."""
    emissions, moves = randn(3, 4), randn(4, 4)
    scores = torch.stack(
        [
            sum(emissions[t, label] for t, label in enumerate(path))
            + sum(moves[pair] for pair in pairwise(path))
            for path in product(range(4), repeat=3)
        ]
    )
    return bool((scores.logsumexp(0) - scores >= 0).all())


def is_not_read_if_packed() -> bool:
    lstm, ends = module(3, 2), []
    for value in (0.0, -91.0):
        x = randn(4, 2, 3)
        x[2:, 1] = value
        ends.append(lstm(pack_padded_sequence(x, [4, 2]))[1][0])
    return torch.equal(*ends)


def changes_nothing_if_equally_long() -> bool:
    """Whether packing gives what the padded batch gives, bit for bit or so."""
    lstm, x = module(3, 2, bidirectional=True), randn(4, 5, 3)
    packed = pack_padded_sequence(x, [4] * 5)
    h_n = lstm(packed)[1][0]
    return torch.allclose(h_n, lstm(x)[1][0], atol=1e-6)


FACTS = (
    *of_torch(
        ("there is no padding, and nothing to pack.", changes_nothing_if_equally_long),
        ("Packed, any: it is never read.", is_not_read_if_packed),
        ("It is minus the log of a probability, so never below zero;", is_never_below_zero),
        (
            "an LSTM that reads their padding gives wrong states without a "
            "warning. Packing leaves the padding out.",
            says_nothing,
            reads_zeros,
        ),
        (
            "A tensor on another device raises an error; here `meta`, a device "
            "without memory, stands in for a GPU.",
            takes_lengths_on_the_cpu,
            lambda: torch.ones(9, device="meta").data_ptr() == 0,
        ),
        (
            "A packed sequence has no axis for the batch,",
            lambda: pack_padded_sequence(randn(5, 2, 3), [5, 3]).data.shape == (5 + 3, 3),
        ),
        ("You get no warning: the shapes are right, and the numbers look plausible.", says_nothing),
        (
            "No: it makes the vectors of the padding zero and keeps them so, "
            "and the LSTM reads zeros as it reads all else.",
            keeps_padding_zero,
            reads_zeros,
        ),
        (
            "A tagger with one direction needs no packing, since its outputs "
            "before the padding are right; with two directions it does.",
            is_right_before_the_padding,
            lambda: not is_right_before_the_padding(bidirectional=True),
        ),
        (
            "It is the mean over the steps that are there, as if each sequence "
            "had been read alone:",
            is_the_mean_of_what_is_there,
        ),
        (
            "At the end, if you pack: `pack_padded_sequence` takes what comes "
            "first in each sequence for the real steps, and says nothing if "
            "they are padding.",
            reads_padding_that_is_in_front,
        ),
        ("Once packed, padding is not read at all, so no side is better.", reads_zeros),
        (
            "so `output[-1]` is what you want, but not quite what the sequence "
            "would give alone: while the zeros are read, [the biases already "
            "write](#without-packing).",
            is_not_quite_alone,
        ),
        (
            "At the end, nothing has happened before the first real step, so "
            "the forward states are exact there; only `output[-1]` has read "
            "on.",
            is_right_before_the_padding,
            reads_zeros,
        ),
        ("Packing knows an end, and no gaps.", knows_no_gaps),
        ("The LSTM does not notice that something was missing;", does_not_notice_a_gap),
        (
            "What stands before the LSTM, such as an embedding, takes a tensor "
            "and not a packed sequence, and [for several "
            "GPUs](other-places.md#several-gpus) a batch has to be cut, which "
            "a packed one cannot be. Only data that go into the LSTM as they "
            "are may be packed beforehand.",
            has_to_be_packed_after_an_embedding,
            cannot_be_cut,
        ),
        ("### Batches of equal length, without any padding", has_batches_of_one_length),
        (
            "On a CPU oneDNN runs a padded batch in one call for each layer "
            "and direction, but takes no sequences of different lengths;",
            lambda: calls_of_onednn(num_layers=3, bidirectional=True) == 3 * 2 * has_onednn(),
            lambda: calls_of_onednn(5, 3) == 0,
        ),
        (
            "With exactly equal lengths there is no padding at all, and "
            "[oneDNN runs even a packed batch](dispatch.md#eight-calls).",
            lambda: calls_of_onednn(5, 5) == has_onednn(),
        ),
        (
            "So `output` at the last step of a sequence agrees with `h_n` in "
            "the forward half only.",
            is_after_the_last_step_of_each,
            is_over_at_the_first,
        ),
        (
            "In a sequence of one step both halves agree, because its first step is its last",
            agree_in_a_single_step,
        ),
        (
            "`lengths` has to be a list or a tensor on the CPU, wherever the data is",
            takes_lengths_on_the_cpu,
        ),
        (
            "so flatten steps and batch into one axis",
            lambda: randn(5, 2, 3).flatten(0, 1).shape == (5 * 2, 3),
        ),
        (
            "a module that is given the padded tensor reads the zeros like any "
            "other input. A `PackedSequence` holds the same batch without its "
            "padding.",
            reads_zeros,
        ),
        ("In any other order it raises an error.", is_refused_unsorted),
        (
            "Pad in the `collate_fn` of the `DataLoader`, and pack inside the module",
            has_to_be_packed_after_an_embedding,
        ),
        (
            "Where there is a packed output and no `pad_packed_sequence`, "
            "`unsorted_indices` brings anything back that has an entry for "
            "each sequence in the order of the packing, such as the lengths or "
            "the first steps",
            brings_back,
        ),
        (
            "so the module's own `batch_first` changes nothing here: forget it "
            "in one of the two functions, and batch and time are swapped",
            lambda: torch.equal(both_ways()[0], both_ways(batch_first=True)[0]),
        ),
        ("Packing keeps padding out of the state.", reads_zeros),
        (
            "## How do I get the last step without packing?",
            lambda: is_last_of_each(torch.arange(2), LAST),
        ),
        (
            "take `h` at the last step of each sequence",
            lambda: is_last_of_each(torch.arange(2), LAST),
        ),
        (
            "and with steps first the two indices change places",
            lambda: torch.equal(
                randn(2, 5, 3).transpose(0, 1)[LAST, torch.arange(2)],
                randn(2, 5, 3)[torch.arange(2), LAST],
            ),
        ),
        (
            "as they do with `bias=False`. Then `g` is zero, and there is nothing to write",
            lambda: not module(3, 2, bias=False)(torch.zeros(4, 3))[1][1].any(),
        ),
        (
            "With `enforce_sorted=False` it is sorted for you, and results "
            "come back in your order: `h_n`, `c_n`",
            comes_back_in_order,
        ),
        (
            "By default the batch has to be sorted already, and the packed "
            "sequence keeps no order to restore.",
            is_sorted_already,
        ),
        (
            "How do I get the batch first? `pad_packed_sequence(batch_first=True)`",
            lambda: unpadded(batch_first=True)[0].shape == (2, 5, 2),
        ),
        (
            "`batch_first` is an argument of all three",
            lambda: (
                not any(
                    default(function, "batch_first")
                    for function in (pack_padded_sequence, pad_packed_sequence)
                )
            ),
        ),
        (
            "with exact zeros after the end of each sequence",
            lambda: not unpadded()[0][3:, 0].any() and unpadded()[0][4, 1].all(),
        ),
        (
            "The padded result is as long as its longest sequence; `total_length` makes it longer",
            lambda: len(unpadded()[0]) == 5,
            lambda: len(unpadded(total_length=7)[0]) == 7,
        ),
        (
            "`h_n` has the state after the last step of each sequence, not of the batch.",
            is_after_the_last_step_of_each,
        ),
        (
            "In the reverse direction the step that is run last is the first of the sequence.",
            is_over_at_the_first,
        ),
        (
            "only if the biases of `g` add up to zero",
            lambda: (
                [band for band in range(4) if stays_zero(slice(2 * band, 2 * band + 2))]
                == ["ifgo".index("g")]
            ),
        ),
        ("It expects the classes on the second axis", takes_classes_second),
        (
            "With `batch_first=True` that is `output[torch.arange(N), lengths - 1]`",
            lambda: is_last_of_each(torch.arange(2), LAST),
        ),
        (
            "`output[:, lengths - 1]` is something else: for each sequence, "
            "the last steps of all of them.",
            lambda: randn(2, 5, 3)[:, LAST].shape == (2, 2, 3),
        ),
        (
            "`pad_packed_sequence` gives steps first, whatever the module has",
            lambda: both_ways(batch_first=True)[0].shape == (5, 2, 4),
        ),
    ),
    *figure(
        ("{:Word} sequences of different lengths", "len({*lengths.tolist()})"),
        (
            "It has {:word} tensors, and with "
            "[`enforce_sorted=False`](#enforce_sorted) {:word} more",
            *(
                f"sum({end} for one, other in zip(packed, torch.nn.utils.rnn"
                ".pack_sequence([torch.ones(2)])) if one is not None)"
                for end in ("other is not None", "other is None")
            ),
        ),
        (
            "A sequence of {:word} steps with {:word} steps of padding",
            "len(sequence)",
            "len(zeros)",
        ),
        ("with the first step of all four", "packed.batch_sizes[0] == 4"),
        (
            "sequence 1 first, because it is the longest",
            "packed.sorted_indices[0] == 1 == lengths.argmax()",
        ),
        ("first row {}, then {}, {} and {}", *(f"packed.sorted_indices[{k}]" for k in range(4))),
        (
            "row 0 is at place {}, row 1 at place {}",
            *(f"packed.unsorted_indices[{n}]" for n in range(2)),
        ),
        (
            "Dashed cells are padding, and the cell never runs on them.",
            "len(packed.data) == lengths.sum() < padded[..., 0].numel()",
        ),
        ("would take {} updates", "padded[..., 0].numel()"),
        (
            "`data` holds the steps of all sequences: the first step of each, "
            "then the second of each",
            "all(torch.equal(packed.data.split(packed.batch_sizes.tolist())[t],"
            " padded[t, packed.sorted_indices[:size]]) "
            "for t, size in enumerate(packed.batch_sizes))",
        ),
        (
            "`batch_sizes` says how many sequences reach each step",
            "packed.batch_sizes.tolist() == "
            "[(lengths > t).sum().item() for t in range(lengths.max())]",
        ),
        (
            "With `enforce_sorted=False` the sequences are sorted, the longest "
            "first. Then those that have "
            "ended are always the last rows, and each step needs only the "
            "first few",
            "(lengths[packed.sorted_indices].diff() <= 0).all()",
        ),
        (
            "`sorted_indices` says which row of the batch stands where",
            "lengths[packed.sorted_indices[0]] == lengths.max()",
        ),
        (
            "`unsorted_indices` is the way back",
            "torch.equal(packed.sorted_indices[packed.unsorted_indices], "
            "torch.arange(len(lengths)))",
        ),
        ("The cell is run once for each row of `data`.", "len(packed.data) == lengths.sum()"),
        (
            "Forward, padding comes after the sequence. `h` at each of its "
            "steps is right, but the module goes on, so `h_n` is the state "
            "after the padding.",
            "same(padded_output[:4, :, :2], packed_output[:4, :, :2])",
            "same(padded_output[-1, :, :2], padded_h_n[0])",
            "not same(padded_h_n[0], packed_h_n[0])",
        ),
        (
            "In reverse, padding comes first. The sequence starts from the "
            "state that the padding left, so all of its steps are wrong.",
            "not any(same(a, b) for a, b in "
            "zip(padded_output[:4, :, 2:], packed_output[:4, :, 2:]))",
        ),
        ("ignores, {}", "torch.nn.CrossEntropyLoss().ignore_index"),
    ),
)
