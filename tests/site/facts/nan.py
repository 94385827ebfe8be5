import torch

from tests.site.facts.common import module, randn


def clipped(length, clip=torch.nn.utils.clip_grad_norm_):
    """Gradients of two weights before and after clipping, and what it returns."""
    numbers = [torch.nn.Parameter(torch.zeros(k)) for k in (3, 1)]
    before = randn(4) / randn(4).norm() * length
    for number, gradient in zip(numbers, before.split([3, 1]), strict=True):
        number.grad = gradient.clone()
    norm = clip(numbers, 1.0)
    return before, torch.cat([number.grad for number in numbers]), norm


def clipped_as_one_vector(*clip):
    (long, shorter, _), (short, same, _) = clipped(5.0, *clip), clipped(0.5, *clip)
    return torch.allclose(shorter, long / 5, atol=1e-5) and torch.equal(short, same)


def spoiled(step, **options):
    """For each direction, the steps and sequences that one NaN spoils."""
    x = randn(4, 2, 3)
    x[step, 1] = torch.nan
    output, _ = module(**options)(x)
    return [half.isnan().any(2).nonzero().tolist() for half in output.split(2, 2)]


def is_lost_by_a_step(rate, clips=False):
    """Whether a step with a huge gradient makes the next loss no number."""
    number = torch.nn.Parameter(torch.ones(2))
    (1e30 * number).sum().backward()
    if clips:
        torch.nn.utils.clip_grad_norm_([number], 1.0)
    torch.optim.SGD([number], lr=rate).step()
    return not (number.square() - number.square().mean()).sum().isfinite()


def equal_samples_have_large_gradients():
    alike = torch.zeros(4, 2, requires_grad=True)
    (torch.nn.BatchNorm1d(2)(alike) * randn(4, 2)).sum().backward()
    return bool(alike.grad.abs().max() > 100)
