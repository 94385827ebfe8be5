SEPARATE_SCALES = {"height": "direction"}
"""Directions have separate scales."""

TENSOR_AXES = {
    "padded_output": ("step", "sample", "feature"),
    "packed_output": ("step", "sample", "feature"),
    "padded_h_n": ("part", "sample", "unit"),
    "packed_h_n": ("part", "sample", "unit"),
}

_OUTPUT = "(packed_output if run == 'packed' else padded_output)"
_STATE = "(packed_h_n if run == 'packed' else padded_h_n)"
_PART = "int(way == 'reverse')"
_TRUE = f"both(sequence)[1][0][{_PART}, 0]"
_CLOSE = f"same({_STATE}[{_PART}, 0], {_TRUE})"

DESCRIPTION_CLAUSES = (
    "a sequence of {len(sequence)} step‹|s› and {len(zeros)} step‹|s› of padding",
    "{'way}, lstm({'run})",
    f"step {{step}} h {{*{_OUTPUT}.chunk(2, dim=2)[{_PART}][step - 1, 0]}}",
    f"h_n {{*{_STATE}[{_PART}, 0]}}, {{='right' if {_CLOSE} else 'wrong'}}",
)
