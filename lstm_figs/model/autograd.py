"""The nodes of autograd's graph, as data."""

from typing import NamedTuple


class Operation(NamedTuple):
    """A node of the graph that `backward` traverses.

    Attributes:
        id: The tensor that it belongs to, such as `f` or `weight_ih.T`.
        name: The name of its class, such as `SigmoidBackward0`.
        expr: The expression that yields it, after the preamble.
        keeps: The tensors that it has saved for the backward pass.
        next: The nodes it passes gradients to: the id of each, and the index of
            that node's output.
    """

    id: str
    name: str
    expr: str
    keeps: tuple[str, ...]
    next: tuple[tuple[str, int], ...]


class Recorded(NamedTuple):
    """The nodes that autograd recorded.

    Attributes:
        step: The nodes of one step, each before the nodes it passes gradients
            to.
        module: The names of the nodes of the module's own run over all steps,
            without parameters, with their counts.
    """

    step: tuple[Operation, ...]
    module: tuple[tuple[str, int], ...]
