import torch
from torch.nn.functional import conv1d, ctc_loss, pad

from tests.site.facts.common import close, grad, module, randn, returned


def changed(**options):
    """Which axes of `output`, and of `h_n` from ten on, an option changes."""
    (plain, (h_plain, _)), (output, (h_n, _)) = returned(), returned(**options)
    pairs = (0, plain, output), (10, h_plain, h_n)
    return [start + k for start, a, b in pairs for k in range(3) if a.shape[k] != b.shape[k]]


def batch_first_mistake_reads_across():
    x = randn(4, 5, 3).requires_grad_()
    felt = grad(module(batch_first=True)(x)[0][2, 3], x)
    return felt.any(2).nonzero().tolist() == [[2, n] for n in range(4)]


def batch_of(x, **options):
    return module(**options)(x)[1][0].shape[1]


def batch_first_keeps_numbers():
    rows, x = module(batch_first=True), randn(4, 5, 3)
    return close(rows(x.transpose(0, 1))[0].transpose(0, 1), module()(x)[0])


def results_have_axes(x, *sizes, **options):
    output, state = module(**options)(x)
    return [tuple(tensor.shape) for tensor in (output, *state)] == [*sizes]


def states_are_without_a_batch():
    rows, x = module(batch_first=True), randn(4, 3)
    return results_have_axes(x, (4, 2), (1, 2), (1, 2)) and torch.equal(rows(x)[0], module()(x)[0])


def steps_seen(left, right):
    """The steps that a convolution of five at step 5 of eleven sees."""
    x = randn(1, 1, 11).requires_grad_()
    output = conv1d(pad(x, (left, right)), torch.ones(1, 1, 5))
    return grad(output[0, 0, 5], x).flatten().nonzero().flatten().tolist()


def cost_of(*letters, steps):
    """What CTC takes for a text."""
    scores = torch.zeros(steps, 1, 27).log_softmax(2)
    return ctc_loss(scores, torch.tensor([letters]), [steps], [len(letters)]).item()
