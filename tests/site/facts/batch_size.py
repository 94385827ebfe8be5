import torch

from tests.site.facts.common import close, module, randn, returned


def view_mixes():
    """And joining the directions needs two rows of `h_n`."""
    h_n = returned(bidirectional=True)[1][0]
    return torch.equal(h_n.view(5, -1)[0], h_n[0, :2].flatten()) and torch.equal(
        h_n[:, :1].reshape(1, -1), torch.cat([h_n[-2, :1], h_n[-1, :1]], dim=1)
    )


def mistake_is_large_and_the_same():
    lstm, x = module(3, 4), randn(4, 5, 3)
    wrong = [lstm(x.transpose(0, 1))[0].transpose(0, 1) for _ in range(2)]
    return torch.equal(*wrong) and not close(wrong[0], lstm(x)[0], 0.01)


def only_rounding_differs():
    lstm, x = module(8, 16), randn(20, 4, 8)
    alone = torch.cat([lstm(sequence)[0] for sequence in x.split(1, 1)], 1)
    return close(lstm(x)[0], alone, 2e-6)


def batch_normed(training, size):
    return torch.nn.BatchNorm1d(3).train(training)(randn(9, 3)[:size])[:2]


def weight_after_epoch(size):
    lstm = module()
    optimizer = torch.optim.SGD(lstm.parameters(), lr=1.0)
    for x in randn(4, 8, 3).split(size, 1):
        optimizer.zero_grad()
        lstm(x)[0].square().mean().backward()
        optimizer.step()
    return lstm.weight_hh_l0


def gradient(reduce, copies=1, parts=1):
    """That of a batch with copies of each sequence, or in parts."""
    lstm = module()
    for x in randn(4, 8, 3).repeat(1, copies, 1).chunk(parts, 1):
        (getattr(lstm(x)[0].square(), reduce)() / parts).backward()
    return lstm.weight_hh_l0.grad
