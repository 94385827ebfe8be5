"""What holds `gate-order` to the truth."""

from lstm_figs.porting import ORDERS

AXES = {
    "lit": ("probe", "row"),
    **{f"lit_{name}": ("probe", "unit") for name in ("i", "f", "g", "o")},
    **{f"lit_{name}": ("probe", "unit") for name in ("c", "h")},
}
"""A `probe` is a run in which one band of a bias is lit."""

SYMBOLS = {"lit_c": ("c",), "lit_h": ("h",)}

CLAUSES = (
    "with the band of gate {'gate} at {int(lit.max())}: "
    + ", ".join(f"{name} {{lit_{name}['ifgo'.index(gate), 0]}}" for name in "ifgoch"),
    *(f"{', '.join(one.order)}: {', '.join((*one.ran, *one.read))}" for one in ORDERS),
)
