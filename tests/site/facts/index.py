import torch

from tests.site.facts.common import close, module, randn


def lstm_has_its_memory_alone():
    lstm, x = module(), randn(9, 1, 3)
    short, long = lstm(x[:4])[1], lstm(x[:8])[1]
    return short[1].shape == long[1].shape and close(lstm(x[8:], long)[0], lstm(x)[0][8:])


def attention_reads_all_again():
    attention, x = torch.nn.MultiheadAttention(3, 1), randn(9, 1, 3)
    return all(attention(x[t - 1 : t], x[:t], x[:t])[1].count_nonzero() == t for t in range(1, 9))
