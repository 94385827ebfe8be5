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
"""Letter of a gate -> its name and its function."""

TERMS = {
    "x": Term("x", latex=("x", "x_t"), role="ink", sentence="The input at one step."),
    "y": Term("y", latex=("y",), role="ink", sentence="The output of a perceptron."),
    "h": Term("h", latex=("h", "h_t"), role="h", sentence="The hidden state, and the output."),
    "c": Term("c", latex=("c", "c_t"), role="c", sentence="The cell state."),
    "h_prev": Term(
        "h_{t−1}", latex=("h_{t-1}",), role="h", sentence="The hidden state that comes in."
    ),
    "c_prev": Term(
        "c_{t−1}", latex=("c_{t-1}",), role="c", sentence="The cell state that comes in."
    ),
    "tanh_c": Term(
        "tanh c", latex=(r"\tanh(c_t)",), role="c", sentence="The cell state between −1 and 1."
    ),
    "shown": Term(
        "o·tanh c", latex=(), role="h", sentence="What a projection turns into the hidden state."
    ),
    "output": Term("output", latex=(), role="h", sentence="The hidden state of every step."),
    "h_n": Term("h_n", latex=("h_n",), role="h", sentence="The hidden state of the last step."),
    "c_n": Term("c_n", latex=("c_n",), role="c", sentence="The cell state of the last step."),
    "weight": Term("W", latex=("W",), role="ink", sentence="The weights of a linear layer."),
    "weight_ih": Term(
        "W_{ih}",
        latex=("W_{ih}", "W_{ii}", "W_{if}", "W_{ig}", "W_{io}"),
        role="ink",
        sentence="The weights of the input, four rows a unit.",
    ),
    "weight_hh": Term(
        "W_{hh}",
        latex=("W_{hh}", "W_{hi}", "W_{hf}", "W_{hg}", "W_{ho}"),
        role="ink",
        sentence="The weights of the hidden state, four rows a unit.",
    ),
    "weight_hr": Term(
        "W_{hr}", latex=("W_{hr}",), role="ink", sentence="The projection of the hidden state."
    ),
    "bias_ih": Term(
        "b_{ih}",
        latex=("b_{ih}", "b_{ii}", "b_{if}", "b_{ig}", "b_{io}"),
        role="ink",
        sentence="The bias beside weight_ih.",
    ),
    "bias_hh": Term(
        "b_{hh}",
        latex=("b_{hh}", "b_{hi}", "b_{hf}", "b_{hg}", "b_{ho}"),
        role="ink",
        sentence="The bias beside weight_hh.",
    ),
    "bias": Term("b", latex=("b",), role="ink", sentence="The sum of both biases."),
    "ih": Term("W_{ih}·x", latex=(), role="ink", sentence="The product of weight_ih and x."),
    "hh": Term("W_{hh}·h", latex=(), role="ink", sentence="The product of weight_hh and h."),
    "i": Term("i", latex=("i", "i_t"), role="gate-i", sentence="How much of g is let in."),
    "f": Term("f", latex=("f", "f_t"), role="gate-f", sentence="How much of c is kept."),
    "g": Term("g", latex=("g", "g_t"), role="gate-g", sentence="What could be added to c."),
    "o": Term("o", latex=("o", "o_t"), role="gate-o", sentence="How much of c is shown."),
    **{
        f"z_{gate}": Term(
            f"z_{{{gate}}}",
            latex=(f"z_{gate}",),
            role=f"gate-{gate}",
            sentence=f"The {name} gate before its {function}.",
        )
        for gate, (name, function) in GATE_NAMES.items()
    },
    "life": Term(
        "lasts", latex=(), role="ink", sentence="How many steps pass until half of a write is gone."
    ),
    "gru_r": Term("r", latex=(), role="ink", sentence="How much of h a GRU lets into n."),
    "gru_z": Term("z", latex=(), role="gate-f", sentence="How much of h a GRU keeps."),
    "gru_n": Term("n", latex=(), role="gate-g", sentence="What a GRU could write into h."),
}
"""Name of a term -> how it is written, its colour, and a sentence that explains it."""
