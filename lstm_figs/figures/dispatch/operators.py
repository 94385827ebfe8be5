"""What each operator of torch does in an LSTM."""

from typing import NamedTuple

import numpy as np

from ...layout.cells import NUMBER
from ...proof.digits import text
from ...proof.subject import Number
from ...scene.marks import Text


class Operator(NamedTuple):
    """An operator that an LSTM calls.

    Attributes:
        does: What it is for, in a few words.
        term: The terms that it is about.
        paints: Of its calls in one step, in order.
    """

    does: str
    term: str
    paints: tuple[str, ...] = ()


OPERATORS = {
    "cudnn_is_acceptable": Operator("is it one for cuDNN?", "x"),
    "reshape": Operator("lay steps side by side", "x"),
    "unbind": Operator("take steps and states apart", "x"),
    "select": Operator("the first state of a layer", "h_prev c_prev"),
    "narrow": Operator("those that have not ended", "h_prev c_prev"),
    "zeros": Operator("where there are no biases", "bias_ih bias_hh"),
    "mkldnn_rnn_layer": Operator("all steps of a layer", "output"),
    "linear": Operator("weights by x, weights by h", "weight_ih weight_hh"),
    "add_": Operator("add these; add to c", "ih hh"),
    "unsafe_chunk": Operator("part z into four", "z_i z_f z_g z_o"),
    "sigmoid_": Operator("i, f and o", "i f o", ("gate-i", "gate-f", "gate-o")),
    "tanh_": Operator("g", "g", ("gate-g",)),
    "mul": Operator("f·c, i·g and o·tanh c", "c h", ("c", "c", "h")),
    "tanh": Operator("tanh c", "tanh_c", ("c",)),
    "t": Operator("transpose weight_hr", "h"),
    "matmul": Operator("project h", "h"),
    "cat": Operator("put results together", "output"),
    "stack": Operator("put results together", "output"),
}
"""In the order of a step; torch may come to call others."""

OTHER = Operator("", "output")


def operator(name: str) -> Operator:
    """What is known of an operator."""
    return OPERATORS.get(name, OTHER)


def ordered(names: set[str]) -> list[str]:
    """Names in the order of a step, those that are not known at the end."""
    known = [name for name in OPERATORS if name in names]
    return known + sorted(names - set(known))


def count(
    x: float, y: float, call: str, name: str, names: tuple[str, ...]
) -> Text:
    """How often an operator is called, as a number that ends at x."""
    return Text(
        x=x, y=y, content=text(names.count(name), 0), size=NUMBER, mono=True,
        anchor="end", id=f"{call}-{name}", term=operator(name).term,
        number=Number(
            np.int64(names.count(name)),
            f'torch.tensor(called["{call}"].count("{name}"))',
        ),
    )  # fmt: skip
