from tests.binding.clauses import RESULT

VARIANTS = ("--input-size 1 --hidden-size 65 --proj-size 1 --no-bias",)
"""Only h is small enough for numbers."""

SEPARATE_SCALES = {"fill": "tensor", "heat": "tensor", "stroke-width": "tensor"}
"""The two matrices have separate scales: c by c_prev, and h by h_prev."""

TENSOR_AXES = dict.fromkeys(("dh_dh_prev", "dc_dc_prev"), (*RESULT, "column"))

_SIZE = "p('weight_hh').shape[0] // 4"


def _clauses(state):
    """Clauses for one matrix, over all units or the first ones."""
    name = f"∂{state}/∂{state}_prev"
    block = f"blocks(t, min({_SIZE}, 256))[{'hc'.index(state)}]"
    matrix = f"(d{state}_d{state}_prev[t, 0] if {_SIZE} <= 16 else {block})"
    finite = f"{matrix}.nan_to_num(0, 0, 0).flatten().tolist()"
    return [
        *(
            f"of {name} {{{matrix}.count_nonzero()}} of {{{matrix}.numel()}} {verb} not zero"
            for verb in ("is", "are")
        ),
        f"{name} row {{row}}: {{*{matrix}[row]}}",
        f"the largest of {name} is {{max({finite}, key=abs)}}",
    ]


SIDES = {"h": "dh_dh_prev", "c": "dc_dc_prev"}

UNDESCRIBED = {
    f"{state}-{state}_prev-#-scale": "the strongest block is no element" for state in "hc"
}

DESCRIPTION_CLAUSES = ("step {step}", *_clauses("h"), *_clauses("c"))
