from tests.site.facts.common import close, grad, module, randn


def feels(axis: int, **options: bool) -> list[int]:
    """Where along an axis a result depends on the first of an input."""
    x = randn(4, 5, 3)
    before, _ = module(**options)(x)
    x.select(axis, 0).add_(1)
    changed = (before != module(**options)(x)[0]).any(2).any(1 - axis)
    return changed.nonzero().flatten().tolist()


def adds_up() -> bool:
    lstm, x = module(), randn(4, 5, 3)
    alone = sum(grad(lstm(sequence)[0], lstm.weight_ih_l0) for sequence in x.split(1, 1))
    output, _ = lstm(x)
    return close(grad(output, lstm.weight_ih_l0), alone, 1e-5) and close(
        grad(output.mean(), lstm.weight_ih_l0), alone / output.numel()
    )
