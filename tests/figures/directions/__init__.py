"""What holds `directions` to the truth."""

from tests.binding.shared import STEPS

_LAST = "states(m.num_layers - 1, way)[step - 1, 0]"

CLAUSES = (
    *STEPS,
    "{'way}",
    f"step {{step}} {{*{_LAST}}}",
    "after step {step} {'way}",
    "h_n[{row}] is "
    f"{{*h_n[row, 0] if str(h_n[row, 0]) == str({_LAST}) else []}}",
)
