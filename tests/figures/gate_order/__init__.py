from lstm_figs.porting import ORDERS

TENSOR_AXES = {
    "lit": ("probe", "row"),
    **{f"lit_{name}": ("probe", "unit") for name in ("i", "f", "g", "o")},
    **{f"lit_{name}": ("probe", "unit") for name in ("c", "h")},
}
"""A `probe` is a run with one band of a bias set."""

SYMBOLS = {"lit_c": ("c",), "lit_h": ("h",)}

DESCRIPTION_CLAUSES = (
    "with the band of gate {'gate} at {int(lit.max())}: "
    + ", ".join(f"{name} {{lit_{name}['ifgo'.index(gate), 0]}}" for name in "ifgoch"),
    *(
        f"{', '.join(order.order)}: {', '.join((*order.tested, *order.documented))}"
        for order in ORDERS
    ),
)
