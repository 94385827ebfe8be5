from tests.binding.clauses import STEPS

VARIANTS = ("--input-size 3 --hidden-size 2 --seq-len 3",)
"""A sequence of which the narrow form leaves out a single step."""

_LAST = "states(m.num_layers - 1, way)[step - 1, 0]"

DESCRIPTION_CLAUSES = (
    STEPS,
    "{'way}",
    f"step {{step}} {{*{_LAST}}}",
    "after step {step} {'way}",
    f"h_n[{{row}}] is {{*h_n[row, 0] if str(h_n[row, 0]) == str({_LAST}) else []}}",
)
