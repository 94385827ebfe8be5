TENSOR_AXES = {"grad_bias_ih": ("row",), "grad_bias_hh": ("row",)}
SYMBOLS = {
    "grad_bias_ih": ("bias_ih", ".grad"),
    "grad_bias_hh": ("bias_hh", ".grad"),
    "move": ("their sum", "moves by"),
}

_NAMES = {"i": "input", "f": "forget", "g": "cell", "o": "output"}

DESCRIPTION_CLAUSES = (
    *(f"row {{row}}, gate {gate} ({name})" for gate, name in _NAMES.items()),
    "bias_ih.grad {grad_bias_ih[row]}",
    "bias_hh.grad {grad_bias_hh[row]}",
    "their sum moves by {-(grad_bias_ih + grad_bias_hh)[row]}",
)
