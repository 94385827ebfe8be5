"""What `packed` quotes."""

import warnings
from itertools import pairwise, product

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from tests.site.facts.common import default, module, randn, session


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
