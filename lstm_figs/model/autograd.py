"""Nodes of autograd's graph, as data."""

from typing import NamedTuple


class Operation(NamedTuple):
    """A node of the graph that `backward` follows.

    Attributes:
        id: The tensor that it belongs to, such as `f`, and `weight_ih.T`.
        name: Of its class, such as `SigmoidBackward0`.
        expr: Python that yields it, after the preamble.
        keeps: The tensors that it has saved for the backward pass.
        next: Where it hands gradients on to: the id of a node, and which of
            the results of that node's operation the gradient belongs to.
    """

    id: str
    name: str
    expr: str
    keeps: tuple[str, ...]
    next: tuple[tuple[str, int], ...]


class Recorded(NamedTuple):
    """What autograd recorded.

    Attributes:
        step: Every node of one step, results before what they come from.
        module: Names of the nodes of the module's own run over all steps, the
            parameters' left out, each with its count.
    """

    step: tuple[Operation, ...]
    module: tuple[tuple[str, int], ...]
