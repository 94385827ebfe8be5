import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from tests.site.facts.common import close, module, operators, randn

LAST = torch.tensor([5, 3]) - 1
"""The last step of either sequence."""
AFTER_THREE = torch.cat([randn(3, 1, 3), torch.zeros(2, 1, 3)])
"""A sequence of three steps with two of padding."""


def both_ways(**options):
    """A batch of two, packed: the output of both directions, and h_n."""
    packed = pack_padded_sequence(randn(5, 2, 3), LAST + 1)
    output, (h_n, _) = module(bidirectional=True, **options)(packed)
    return pad_packed_sequence(output)[0], h_n


def state_stays_zero(band):
    lstm, rows = module(), slice(2 * band, 2 * band + 2)
    lstm.bias_ih_l0.data[rows] = lstm.bias_hh_l0.data[rows] = 0
    return not lstm(torch.zeros(4, 1, 3))[1][1].any()


def loss_takes_classes_second():
    loss = torch.nn.functional.cross_entropy
    return loss(randn(2, 5, 3), torch.zeros(2, 3).long()).dim() == 0


def unpadded(**options):
    """The output of sequences in no order, and their lengths."""
    packed = pack_padded_sequence(randn(5, 2, 3), [3, 5], enforce_sorted=False)
    return pad_packed_sequence(module()(packed)[0], **options)


def h_n_comes_back_in_order():
    lstm, x = module(), randn(5, 2, 3)
    h, c = lstm(pack_padded_sequence(x, [3, 5], enforce_sorted=False))[1]
    h_alone, c_alone = lstm(x[:3, :1])[1]
    return close(h[:, :1], h_alone) and close(c[:, :1], c_alone)


def padded_call_reads_zeros():
    lstm = module()
    _, (alone, _) = lstm(AFTER_THREE[:3])
    packed = lstm(pack_padded_sequence(AFTER_THREE, [3]))[1][0]
    return close(packed, alone) and not close(lstm(AFTER_THREE)[1][0], alone, 1e-3)


def output_is_right_before_the_padding(**options):
    lstm = module(**options)
    return close(lstm(AFTER_THREE)[0][:3], lstm(AFTER_THREE[:3])[0])


def h_n_is_the_last_valid_step():
    lstm, x = module(), randn(5, 2, 3)
    packed = lstm(pack_padded_sequence(x, LAST + 1))[1][0][0]
    return close(packed, lstm(x)[0][LAST, torch.arange(2)])


def calls_of_onednn(*lengths, **options):
    """How often oneDNN is called for a batch, padded without lengths."""
    x = randn(5, 2, 3)
    inputs = pack_padded_sequence(x, [*lengths]) if lengths else x
    return operators(lambda: module(**options)(inputs))["aten::mkldnn_rnn_layer"]
