VARIANTS = ("--input-size 3 --hidden-size 2 --proj-size 1",)
"""Units that meet in h."""

SEPARATE_SCALES = {"width": tuple(f"z_{gate}" for gate in "ifgo")}
"""Sums may be larger than gates, which are at most 1."""


def _of_all(label, expression):
    """A clause with the range and mean of a quantity over all units."""
    all_units = f"({expression})[t, 0]"
    return (
        f"over all units {label} goes from {{{all_units}.min()}} to "
        f"{{{all_units}.max()}}, on average {{{all_units}.mean()}}"
    )


_OUTPUT = (
    " = {o[t, 0, unit]} × tanh(c) = {o[t, 0, unit]} × {tanh_c[t, 0, unit]} = "
    "{(o * tanh_c)[t, 0, unit]}"
)

UNDESCRIBED = {
    f"{row}-#-{name}": "the description has statistics of the gates, c and h alone"
    for row in (
        *("z_i-sums", "z_f-sums", "z_g-sums", "z_o-sums"),
        *("c_prev-c", "f-c_prev-c", "i-g-c", "tanh_c-h"),
    )
    for name in ("min", "mean", "max")
}

DESCRIPTION_CLAUSES = (
    "step {step}",
    "unit {unit}",
    *(
        f"{gate} = {'tanh' if gate == 'g' else 'σ'}"
        f"({{z_{gate}[t, 0, unit]}}) = {{{gate}[t, 0, unit]}}"
        for gate in "ifgo"
    ),
    "c = {f[t, 0, unit]} × {c_prev[t, 0, unit]} + {i[t, 0, unit]} × "
    "{g[t, 0, unit]} = {(f * c_prev)[t, 0, unit]} + {(i * g)[t, 0, unit]} = "
    "{c[t, 0, unit]}",
    f"h{_OUTPUT}",
    f"o·tanh c{_OUTPUT}",
    *(_of_all(gate, gate) for gate in "ifgoc"),
    _of_all("h", "output"),
    _of_all("o·tanh c", "o * tanh_c"),
)
