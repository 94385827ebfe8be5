"""What each operator of torch does in an LSTM."""

from typing import NamedTuple

from ...scene.theme import Paint


class Operator(NamedTuple):
    """An operator that an LSTM calls.

    Attributes:
        purpose: What it is for, in a few words.
        term: The terms that it is about.
        paints: Of its calls in one step, in order.
    """

    purpose: str
    term: str
    paints: tuple[Paint, ...] = ()


OPERATORS = {
    "cudnn_is_acceptable": Operator("is it one for cuDNN?", "x"),
    "reshape": Operator("lay steps side by side", "x"),
    "unbind": Operator("separate steps and states", "x"),
    "select": Operator("the first state of a layer", "h_prev c_prev"),
    "narrow": Operator("sequences that go on", "h_prev c_prev"),
    "zeros": Operator("stand in for the biases", "bias_ih bias_hh"),
    "mkldnn_rnn_layer": Operator("all steps of a layer", "output", ("ink",)),
    "linear": Operator("weights by x, weights by h", "weight_ih weight_hh"),
    "add_": Operator("add these; add to c", "ih hh"),
    "unsafe_chunk": Operator("split z into four", "z_i z_f z_g z_o"),
    "sigmoid_": Operator("i, f and o", "i f o", ("gate-i", "gate-f", "gate-o")),
    "tanh_": Operator("g", "g", ("gate-g",)),
    "mul": Operator("f·c, i·g and o·tanh c", "c h", ("c", "c", "h")),
    "tanh": Operator("tanh c", "tanh_c", ("c",)),
    "t": Operator("transpose weight_hr", "h"),
    "matmul": Operator("project h", "h"),
    "cat": Operator("join the results", "output"),
    "stack": Operator("join the results", "output"),
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
