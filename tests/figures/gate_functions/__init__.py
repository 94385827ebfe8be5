SEPARATE_SCALES = {"area": "tensor"}
"""The highest bin of each histogram is as high as its lane."""

VARIANTS = (
    "--input-size 3 --hidden-size 2 --set lstm.bias_ih_l0[2]=-99 --set lstm.bias_ih_l0[3]=99",
)
"""An argument beyond each end of the axis."""

_PAIRS = {"σ": (("z_i", "i"), ("z_f", "f"), ("z_o", "o")), "tanh": (("z_g", "g"), ("c", "tanh_c"))}
"""Function -> pairs of its argument and its result."""
_NAMES = [name for pairs in _PAIRS.values() for pair in pairs for name in pair]
_RANKS = {"p90": 90, "median": 50, "p10": 10}
"""Rank -> the percentage of elements below it."""
_SHARES = {"near 1": "> 0.9", "near 0": "< 0.1"}
_SIGNED = {"near 1": "> 0.9", "near −1": "< -0.9"}
"""Limit -> the condition for being near it."""
_LIMITS = {"i": _SHARES, "f": _SHARES, "o": _SHARES}
_LIMITS |= {"g": _SIGNED, "tanh_c": _SIGNED}


def _ranks(name):
    """Clauses with ranks and counts of one result."""
    all_of = f"{name}[t, 0]"
    ranks = [
        f"{label} {{{all_of}.sort().values[(len({all_of}) - 1) * {n} // 100]}}"
        for label, n in _RANKS.items()
    ]
    counts = [
        f"{limit} {{({all_of} {within}).sum()}}" for limit, within in _LIMITS.get(name, {}).items()
    ]
    return f"{name}: {'; '.join(ranks + counts)}"


DESCRIPTION_CLAUSES = (
    "step {step}",
    *(
        f"{function} of {name} {{*{name}[t, 0]}} is {result} {{*{result}[t, 0]}}"
        for function, pairs in _PAIRS.items()
        for name, result in pairs
    ),
    *map(_ranks, _NAMES),
)
