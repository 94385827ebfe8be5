"""Ways to call an LSTM, and the operators that torch then calls, as data."""

from typing import Literal, NamedTuple

Call = Literal[
    "float32", "no-grad", "two-layers", "cell",
    "float64", "no-onednn", "packed", "projection",
]  # fmt: skip
"""A way to call an LSTM."""


class Words(NamedTuple):
    """What a way to call is called.

    Attributes:
        lines: At the head of a column.
        how: After the module, in a sentence.
    """

    lines: tuple[str, ...]
    how: str = ""


WORDS: dict[str, Words] = {
    "float32": Words(("float32",)),
    "no-grad": Words(("no_grad",), " under torch.no_grad()"),
    "two-layers": Words(("2 layers", "2 ways")),
    "cell": Words(("LSTMCell",)),
    "float64": Words(("float64",)),
    "no-onednn": Words(("no", "oneDNN"), " with oneDNN switched off"),
    "packed": Words(("packed",), " of a PackedSequence"),
    "projection": Words(("proj_", "size")),
}

MOST = 8
"""The most inputs and units of a module that is called in place of another.

How often it calls operators depends on neither, and the largest takes
gigabytes for the eight calls.
"""

AFTER = ("stack", "cat")
"""Operators that put the results of all steps together."""

BETWEEN = ("narrow",)
"""Operators that fetch what the step after them needs."""


class Called(NamedTuple):
    """What torch called for one call of a module.

    Attributes:
        module: How the module was built, such as `nn.LSTM(3, 2)`.
        operator: The operator that the module hands everything to.
        operators: What that operator calls itself, in order.
    """

    module: str
    operator: str
    operators: tuple[str, ...]

    @property
    def backend(self) -> str:
        """Who did the work: `oneDNN` or `native`."""
        return "oneDNN" if ONEDNN in self.operators else "native"


ONEDNN = "mkldnn_rnn_layer"
"""The operator of oneDNN, which runs all steps of a layer and direction."""


def called_sizes(input_size: int, hidden_size: int) -> tuple[int, int]:
    """The sizes of the module that is called in place of one of these sizes.

    >>> called_sizes(3, 2), called_sizes(64, 4096)
    ((3, 2), (8, 8))
    """
    return min(MOST, input_size), min(MOST, hidden_size)


def smaller(input_size: int, hidden_size: int) -> list[str]:
    """A note of a figure whose module is not called itself."""
    sizes = called_sizes(input_size, hidden_size)
    if sizes == (input_size, hidden_size):
        return []
    return [
        f"Counted with input_size {sizes[0]} and hidden_size {sizes[1]}: how "
        "often an operator is called depends on neither."
    ]


class Row(NamedTuple):
    """When an operator is called: before, in each and after the steps.

    Attributes:
        whole: Calls that are for all steps at once.
    """

    before: int
    whole: int
    steps: tuple[int, ...]
    after: int


def rows(called: Called, steps: int) -> dict[str, Row]:
    """When each operator is called, by its name, in order of first calls.

    A step begins with its product of h; a product before the first step is
    for the inputs of all of them. Where torch calls others than we know, no
    row says when.

    >>> names = "linear", "linear", "tanh", "linear", "tanh", "stack"
    >>> rows(Called("", "lstm", names), 2)["linear"]
    Row(before=0, whole=1, steps=(1, 1), after=0)
    """
    names = called.operators
    begins = _begins(called, steps)
    known = bool(begins) or ONEDNN in names
    places: list[int | str] = []
    for k, name in enumerate(names):
        step = sum(begin <= k for begin in begins)
        if not known:
            places.append("")
        elif name == ONEDNN or (name == "linear" and not step):
            places.append("whole")
        elif name in AFTER and step == len(begins):
            places.append("after")
        else:
            places.append(step or "before")
    found = {}
    for name in dict.fromkeys(names):
        own = [p for p, n in zip(places, names, strict=True) if n == name]
        found[name] = Row(
            own.count("before"),
            own.count("whole"),
            tuple(own.count(step + 1) for step in range(len(begins))),
            own.count("after"),
        )
    return found


def _begins(called: Called, steps: int) -> list[int]:
    """Where in the operators each step begins; nothing where that is unknown.

    A cell has one step, which begins with the product of x.
    """
    names = called.operators
    products = [k for k, name in enumerate(names) if name == "linear"]
    if called.operator == "lstm_cell":
        return products[:1]
    if len(products) != steps + 1:
        return []
    begins = []
    for begin in products[1:]:
        while names[begin - 1] in BETWEEN:
            begin -= 1
        begins.append(begin)
    return begins
