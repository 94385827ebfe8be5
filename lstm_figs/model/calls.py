"""Ways to call an LSTM, and the operators that torch dispatches, as data."""

from typing import Literal, NamedTuple

Call = Literal[
    "float32", "no-grad", "two-layers", "cell", "float64", "no-onednn", "packed", "projection"
]
"""A way to call an LSTM; all but `float64` and `two-layers` use one layer in float32."""

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
"""The description of each way, to follow the name of the module."""

MAX_SIZE = 8
"""The maximum sizes of the module that is called as a stand-in for a larger one.
The number of operator calls depends on neither size, and the eight calls of the
largest allowed module would need gigabytes.
"""

JOINING_OPERATORS = ("stack", "cat")
"""Operators that combine the results of all steps."""

SLICING_OPERATORS = ("narrow",)
"""Operators that are called just before a step, to slice its input."""


class Called(NamedTuple):
    """The operators that torch called for one call of a module.

    Attributes:
        module: The module that was called, such as `nn.LSTM(3, 2)`.
        operator: The operator that the module delegates to.
        operators: The operators called inside it, in order.
    """

    module: str
    operator: str
    operators: tuple[str, ...]

    @property
    def backend(self) -> str:
        """The backend that ran the steps: `oneDNN` or `native`."""
        return "oneDNN" if ONEDNN in self.operators else "native"


ONEDNN = "mkldnn_rnn_layer"
"""oneDNN's operator, which runs all steps of one layer and direction."""


def called_sizes(input_size: int, hidden_size: int) -> tuple[int, int]:
    """The sizes of the stand-in for a module of these sizes.

    >>> called_sizes(3, 2), called_sizes(64, 4096)
    ((3, 2), (8, 8))
    """
    return min(MAX_SIZE, input_size), min(MAX_SIZE, hidden_size)


class Row(NamedTuple):
    """The calls of one operator, as indices into the list of all calls.

    Attributes:
        before: The calls before the steps.
        all_steps: The calls that process all steps at once.
        steps: The calls in each step.
        after: The calls after the steps.
    """

    before: tuple[int, ...]
    all_steps: tuple[int, ...]
    steps: tuple[tuple[int, ...], ...]
    after: tuple[int, ...]

    @property
    def all_calls(self) -> tuple[int, ...]:
        """All calls assigned to a phase."""
        return (*self.before, *self.all_steps, *sum(self.steps, ()), *self.after)


def rows(called: Called, steps: int) -> dict[str, Row]:
    """The calls of each operator by phase, in the order of first calls.

    A step begins with its product with h. An earlier product is for the inputs
    of all steps. If torch calls unknown operators, no call is assigned to a
    phase.

    >>> names = "linear", "linear", "tanh", "linear", "tanh", "stack"
    >>> rows(Called("", "lstm", names), 2)["linear"]
    Row(before=(), all_steps=(0,), steps=((1,), (3,)), after=())
    """
    names = called.operators
    step_starts = _step_starts(called, steps)
    is_known = bool(step_starts) or ONEDNN in names
    places: list[int | str] = []
    for k, name in enumerate(names):
        # Counted from 1; 0 before the first step.
        step = sum(start <= k for start in step_starts)
        if not is_known:
            places.append("")
        elif name == ONEDNN or (name == "linear" and not step):
            places.append("whole")
        elif name in JOINING_OPERATORS and step == len(step_starts):
            places.append("after")
        else:
            places.append(step or "before")

    def calls_at(name: str, place: int | str) -> tuple[int, ...]:
        """The indices of the calls of an operator in a phase."""
        pairs = enumerate(zip(names, places, strict=True))
        return tuple(k for k, pair in pairs if pair == (name, place))

    return {
        name: Row(
            calls_at(name, "before"),
            calls_at(name, "whole"),
            tuple(calls_at(name, step + 1) for step in range(len(step_starts))),
            calls_at(name, "after"),
        )
        for name in dict.fromkeys(names)
    }


def _step_starts(called: Called, steps: int) -> list[int]:
    """The index of the first operator of each step; empty if unknown.

    A cell has one step, which begins with the product with x.
    """
    names = called.operators
    products = [k for k, name in enumerate(names) if name == "linear"]
    if called.operator == "lstm_cell":
        return products[:1]
    if len(products) != steps + 1:
        return []
    step_starts = []
    for start in products[1:]:
        while names[start - 1] in SLICING_OPERATORS:
            start -= 1
        step_starts.append(start)
    return step_starts
