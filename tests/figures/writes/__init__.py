"""What holds `writes` to the truth."""

AXES = {"parts": ("write", "step"), "edges": ("write", "edge", "step")}
"""A `write` is what one step added to c, or several; its `edges` are where it
lies among the others."""

ACTS = {"parts": "ig", "edges": "ig"}

VARIANTS = ("--set lstm.weight_hh_l0[0,1]=0",)

SILENT = {"ig-#-#": "of writes that are no numbers none is told"}
"""Numbers that a description leaves out, and why."""

CLAUSES = (
    "the cell state of unit {unit} over {shown} steps as stripes",
    "the cell state of unit {unit} over {shown} step as stripes",
    "step {step} writes {(i * g)[t, 0, unit]}, of which "
    "{(i * g)[t, 0, unit].double() "
    "* f[t + 1 : shown, 0, unit].double().prod()} is left at the end",
    "nothing large is written",
    "at step {step} f is {f[t, 0, unit]}",
    "in the end c is {c[shown - 1, 0, unit]}",
)
