from tests.binding.clauses import HIDDEN, LAYERS, STEPS

UNDESCRIBED = {
    f"shape-{name}-#": "the description has whole shapes" for name in ("output", "h_n", "c_n")
}

DESCRIPTION_CLAUSES = (
    f"{LAYERS}, {STEPS}",
    *HIDDEN,
    "output has the shape {=str(tuple(output.shape))}",
    "h_n has the shape {=str(tuple(h_n.shape))}",
    "c_n has the shape {=str(tuple(c_n.shape))}",
    "h_n[{row}] is {*h_n[row, 0] if h_n.ndim > 2 else h_n[0]}",
    "c_n[{row}] is {*c_n[row, 0] if c_n.ndim > 2 else c_n[0]}",
)
