"""What the description of `gate-order` says."""

from lstm_figs.porting import ORDERS

CLAUSES = (
    "with the band of gate {'gate} at {int(lit.max())}: "
    + ", ".join(
        f"{name} {{lit_{name}['ifgo'.index(gate), 0]}}" for name in "ifgoch"
    ),
    *(
        f"{', '.join(one.order)}: {', '.join((*one.ran, *one.read))}"
        for one in ORDERS
    ),
)
