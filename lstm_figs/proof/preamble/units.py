"""Preamble code for the statistics in `model.units`."""

from ...model.units import (
    HALF,
    MAX_UNLIKE_CORRELATION,
    MIN_MOVING_DEVIATION,
    MIN_SHARE_LEFT,
    OPEN_ABOVE,
    ROUNDING_MARGIN,
    SHUT_BELOW,
)

LIFE = f"""\
def lasting(f):
    \"\"\"How many steps a write lasts in each unit, the median.

    It lasts until less than half of it is left. One that the end cuts off
    counts as longer (Kaplan and Meier).
    \"\"\"
    left, share = torch.ones_like(f[1:]), torch.ones_like(f[0])
    found = torch.full_like(f[0], torch.inf)
    for n in range(1, len(f)):
        before = left[: len(f) - n]
        left = before * f[n:]
        there = (before >= {MIN_SHARE_LEFT}).sum(0).double()
        gone = ((before >= {MIN_SHARE_LEFT}) & (left < {MIN_SHARE_LEFT})).sum(0).double()
        share = share * (1 - gone / there.clamp(min=1))
        found[found.isinf() & (share <= {HALF} + {ROUNDING_MARGIN})] = n
    return found

life = lasting(f[:, 0].detach().double())"""
"""Defines `life`, of shape (hidden_size,)."""

LEFT_OUT = """\
# Units that are NaN or infinite at some step are left out.
finite = torch.stack([f, i, g, o, c])[:, :, 0].isfinite().all(0).all(0)
life[~finite] = torch.nan"""
"""Sets `life` to NaN for units that are not finite; follows `LIFE`."""

GATES = f"open_above, shut_below = {OPEN_ABOVE}, {SHUT_BELOW}"
"""Defines the limits above which a gate is open and below which it is shut."""

MOVES = f"""\
def correlations(states, other):
    \"\"\"Of each unit with a series; 0 where one of both rests.\"\"\"
    states, other = states - states.mean(0), other - other.mean()
    sizes = states.square().mean(0).sqrt(), other.square().mean().sqrt()
    moved = (sizes[0] >= {MIN_MOVING_DEVIATION}) & (sizes[1] >= {MIN_MOVING_DEVIATION})
    found = (states * other[:, None]).mean(0) / (sizes[0] * sizes[1])
    return torch.where(moved, found, 0.0)

# How far c moves, apart from a steady rise or fall.
states = c[:, 0].detach().double()
steady = correlations(states, torch.arange(len(x)).double()).square()
aside = (1 - steady) * states.std(0, correction=0)"""
"""Defines `aside`, of shape (hidden_size,)."""

_WRITE_MOVEMENT = """\
# How far what is written moves, in units that do not only count steps.
written = (i * g)[:, 0].detach().double()
told = written.std(0, correction=0) * (1 - steady.clamp(max=1)).sqrt()"""
"""Python that computes `told`: how far the writes of each unit move."""

_EXPLAINED_SHARE = """\

# Which share of its variance the token tells.
kinds = sorted(set({tokens}))
groups = [[t for t, one in enumerate({tokens}) if one == k] for k in kinds]
parts = [written[own] for own in groups]
within = sum((own - own.mean(0)).square().sum(0) for own in parts)
total = (written - written.mean(0)).square().sum(0)
chance = (len(kinds) - 1) * within / (len(x) - len(kinds))
share = (total - within - chance) / torch.where(total > 0, total, 1.0)
told = told * share.clamp(0, 1).sqrt()"""
"""Python that reduces `told` to the part of the variance that the token explains."""


def write_movement(tokens: str) -> str:
    """Python that defines `told`, how far writes move, of shape (hidden_size,); follows `MOVES`.

    Args:
        tokens: The expression of the tokens, in the order of processing, if any
            repeats; otherwise empty.
    """
    return _WRITE_MOVEMENT + (_EXPLAINED_SHARE.format(tokens=tokens) if tokens else "")


def unlike_expression(unit: int | None, *, all_are_alike: bool) -> str:
    """The expression of the units whose c is unlike that of `unit`.

    Args:
        unit: The unit; None for none.
        all_are_alike: Whether no unit is unlike it, so that all others count.
    """
    if unit is None:
        return "(told >= 0)"
    if all_are_alike:
        return f"(torch.arange(len(told)) != {unit})"
    return f"(correlations(states, states[:, {unit}]).abs() <= {MAX_UNLIKE_CORRELATION})"
