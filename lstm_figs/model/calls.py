"""Ways to call an LSTM, and the operators that torch then calls, as data."""

from typing import Literal, NamedTuple

Call = Literal[
    "float32", "no-grad", "two-layers", "cell", "float64", "no-onednn", "packed", "projection"
]
"""A way to call an LSTM."""


WORDS: dict[Call, str] = {
    "float32": "",
    "no-grad": " under torch.no_grad()",
    "two-layers": "",
    "cell": "",
    "float64": " in float64",
    "no-onednn": " with oneDNN switched off",
    "packed": " on a PackedSequence",
    "projection": "",
}
"""What is said of each, after the module."""

MAX_SIZE = 8
"""The most inputs and units of a module that is called in place of another.

How often it calls operators depends on neither, and the largest takes
gigabytes for the eight calls.
"""

JOINING_OPERATORS = ("stack", "cat")
"""Operators that put the results of all steps together."""

FETCHING_OPERATORS = ("narrow",)
"""Operators that fetch what the step after them needs."""


class Called(NamedTuple):
    """What torch called for one call of a module.

    Attributes:
        module: The module that was called, such as `nn.LSTM(3, 2)`.
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
    return min(MAX_SIZE, input_size), min(MAX_SIZE, hidden_size)


class Row(NamedTuple):
    """The calls of an operator, each by its place among all calls.

    Attributes:
        before: Those before the steps.
        all_steps: Those that are for all steps at once.
        steps: Those in each step.
        after: Those after the steps.
    """

    before: tuple[int, ...]
    all_steps: tuple[int, ...]
    steps: tuple[tuple[int, ...], ...]
    after: tuple[int, ...]

    @property
    def all_calls(self) -> tuple[int, ...]:
        """All calls of which it is known when they are."""
        return (*self.before, *self.all_steps, *sum(self.steps, ()), *self.after)


def rows(called: Called, steps: int) -> dict[str, Row]:
    """When each operator is called, by its name, in order of first calls.

    A step begins with its product of h; a product before the first step is
    for the inputs of all of them. Where torch calls others than we know, no
    row says when.

    >>> names = "linear", "linear", "tanh", "linear", "tanh", "stack"
    >>> rows(Called("", "lstm", names), 2)["linear"]
    Row(before=(), all_steps=(0,), steps=((1,), (3,)), after=())
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
        elif name in JOINING_OPERATORS and step == len(begins):
            places.append("after")
        else:
            places.append(step or "before")

    def at(name: str, place: int | str) -> tuple[int, ...]:
        pairs = enumerate(zip(names, places, strict=True))
        return tuple(k for k, pair in pairs if pair == (name, place))

    return {
        name: Row(
            at(name, "before"),
            at(name, "whole"),
            tuple(at(name, step + 1) for step in range(len(begins))),
            at(name, "after"),
        )
        for name in dict.fromkeys(names)
    }


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
        while names[begin - 1] in FETCHING_OPERATORS:
            begin -= 1
        begins.append(begin)
    return begins
