"""What the description of `bias-gradients` says."""

_NAMES = {"i": "input", "f": "forget", "g": "cell", "o": "output"}

CLAUSES = (
    *(f"row {{row}}, gate {gate} ({name})" for gate, name in _NAMES.items()),
    "bias_ih.grad {grad_bias_ih[row]}",
    "bias_hh.grad {grad_bias_hh[row]}",
    "their sum moves by {-(grad_bias_ih + grad_bias_hh)[row]}",
)
