"""What the description of `wrong-way` says."""

_SAME = (
    "wrong[row].shape == right[row].shape and "
    "torch.allclose(wrong[row], right[row], atol=1e-6, equal_nan=True)"
)

CLAUSES = (
    "wrong[{row}] is {*wrong[row]}, wrong",
    f"wrong[{{row}}] is {{*wrong[row] if {_SAME} else []}}",
    "right[{row}] is {*right[row]}",
    "wrong",
    "right",
)
