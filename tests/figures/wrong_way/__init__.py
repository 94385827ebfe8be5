from typing import get_args

from lstm_figs.figures.wrong_way import Name

TENSOR_AXES = {"from_x": ("unit",)}
STACK = "both"
"""The module with two directions."""

VARIANTS = (
    *(f"--mistake {name}" for name in get_args(Name)[1:]),
    "--input-size 3 --hidden-size 2 --no-bias --mistake forget-bias-twice",
    "--set c_0[0,0,0]=1",
)

_SAME = (
    "wrong[row].shape == right[row].shape and "
    "torch.allclose(wrong[row], right[row], atol=1e-6, equal_nan=True)"
)


def axes_of(name, names):
    """The axes of the result of a way: a row per sequence.

    For two biases, one comes after the other.
    """
    if name not in ("wrong", "right"):
        return None
    if isinstance(names[name], tuple):
        return ("argument", "unit")
    module = names.get("both") or names["one"]
    units = module.proj_size or module.hidden_size
    both = "both" in names and names[name].shape[1] == 2 * units
    return ("sample", "feature" if both else "unit")


_VISITED = "{}(batch.transpose(0, 1))[0].transpose(0, 1)"
VISITED_STATES = {"wrong": _VISITED.format("one"), "right": _VISITED.format("first")}

SIDES = {"wrong": "wrong", "right": "right"}

UNDESCRIBED = {
    f"{side}-#-#-# {template.format(f'{side}[#] + {side}[#]')}[#]": (
        "of two biases it is not told what they make"
    )
    for side in ("wrong", "right")
    for template in ("({})", "({}).sigmoid()", "(from_x + ({})).sigmoid()")
}

DESCRIPTION_CLAUSES = (
    "wrong[{row}] is {*wrong[row]}, wrong",
    f"wrong[{{row}}] is {{*wrong[row] if {_SAME} else []}}",
    "right[{row}] is {*right[row]}",
    "wrong",
    "right",
)
