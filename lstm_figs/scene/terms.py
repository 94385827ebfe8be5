"""One vocabulary for figures, equations, code and prose.

A term's key is its name in the code; PyTorch's name if it has one.
"""

from typing import NamedTuple


class Term(NamedTuple):
    """A named concept.

    Attributes:
        symbol: Its label in figures; `_{…}` is a subscript.
        latex: All its spellings in equations.
        role: The colour role in `theme.py`.
        sentence: Its definition.
    """

    symbol: str
    latex: tuple[str, ...]
    role: str
    sentence: str


class GateName(NamedTuple):
    """The full name of a gate, and its function."""

    name: str
    function: str


GATE_NAMES = {
    "i": GateName("input", "σ"),
    "f": GateName("forget", "σ"),
    "g": GateName("cell", "tanh"),
    "o": GateName("output", "σ"),
}

TERMS = {
    "x": Term("x", ("x", "x_t"), "ink", "The input at one step."),
    "y": Term("y", ("y",), "ink", "The output of a perceptron."),
    "h": Term("h", ("h", "h_t"), "h", "The hidden state, and the output."),
    "c": Term("c", ("c", "c_t"), "c", "The cell state."),
    "h_prev": Term("h_{t−1}", ("h_{t-1}",), "h", "The hidden state that comes in."),
    "c_prev": Term("c_{t−1}", ("c_{t-1}",), "c", "The cell state that comes in."),
    "tanh_c": Term("tanh c", (r"\tanh(c_t)",), "c", "The cell state between −1 and 1."),
    "shown": Term("o·tanh c", (), "h", "What a projection turns into the hidden state."),
    "output": Term("output", (), "h", "The hidden state of every step."),
    "h_n": Term("h_n", ("h_n",), "h", "The hidden state of the last step."),
    "c_n": Term("c_n", ("c_n",), "c", "The cell state of the last step."),
    "weight": Term("W", ("W",), "ink", "The weights of a linear layer."),
    "weight_ih": Term(
        "W_{ih}",
        ("W_{ih}", "W_{ii}", "W_{if}", "W_{ig}", "W_{io}"),
        "ink",
        "The weights of the input, four rows a unit.",
    ),
    "weight_hh": Term(
        "W_{hh}",
        ("W_{hh}", "W_{hi}", "W_{hf}", "W_{hg}", "W_{ho}"),
        "ink",
        "The weights of the hidden state, four rows a unit.",
    ),
    "weight_hr": Term("W_{hr}", ("W_{hr}",), "ink", "The projection of the hidden state."),
    "bias_ih": Term(
        "b_{ih}",
        ("b_{ih}", "b_{ii}", "b_{if}", "b_{ig}", "b_{io}"),
        "ink",
        "The bias beside weight_ih.",
    ),
    "bias_hh": Term(
        "b_{hh}",
        ("b_{hh}", "b_{hi}", "b_{hf}", "b_{hg}", "b_{ho}"),
        "ink",
        "The bias beside weight_hh.",
    ),
    "bias": Term("b", ("b",), "ink", "The sum of both biases."),
    "ih": Term("W_{ih}·x", (), "ink", "The product of weight_ih and x."),
    "hh": Term("W_{hh}·h", (), "ink", "The product of weight_hh and h."),
    "i": Term("i", ("i", "i_t"), "gate-i", "How much of g is let in."),
    "f": Term("f", ("f", "f_t"), "gate-f", "How much of c is kept."),
    "g": Term("g", ("g", "g_t"), "gate-g", "What could be added to c."),
    "o": Term("o", ("o", "o_t"), "gate-o", "How much of c is shown."),
    **{
        f"z_{gate}": Term(
            f"z_{{{gate}}}",
            (f"z_{gate}",),
            f"gate-{gate}",
            f"The {name} gate before its {function}.",
        )
        for gate, (name, function) in GATE_NAMES.items()
    },
    "life": Term("lasts", (), "ink", "How many steps pass until half of a write is gone."),
    "gru_r": Term("r", (), "ink", "How much of h a GRU lets into n."),
    "gru_z": Term("z", (), "gate-f", "How much of h a GRU keeps."),
    "gru_n": Term("n", (), "gate-g", "What a GRU could write into h."),
}
