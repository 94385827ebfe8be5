"""A module and an input for it, whatever they are made from."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from ..model.origin import Readout, Statement, Training
from ..model.tensors import Array, Weights


class LoadedModule(NamedTuple):
    """What a source yields before it is run.

    Attributes:
        stack: The parameters, an entry for each layer and direction.
        setup: Python that makes `lstm` or `cell`.
        x: The input that is taken where none is given.
        input_setup: Python that makes the same `x` after `setup`.
        label: What it is called in the foot of a figure, without full stop.
        kind: The class of the module.
        input_label: What the foot says of `x`, where it says something.
        torch: The version of torch that made it or, for a file of torch's
            own, loads it in a proof; None without torch.
        text: What `x` is made of, a character a step; empty if of no text.
        readout: What answers from the output, if the network has it.
        answering: Python that makes `readout`, after `setup`.
        after: After how many batches of its training a network is shown, if
            that was asked for.
        training: What yields the training that ends in this network, if its
            moments are kept.
    """

    stack: tuple[Weights, ...]
    setup: str
    x: Array
    input_setup: str
    label: Statement
    kind: Literal["LSTM", "LSTMCell"] = "LSTM"
    input_label: Statement | None = None
    torch: str | None = None
    text: str = ""
    readout: Readout | None = None
    answering: str = ""
    after: int | None = None
    training: Callable[[], Training] | None = None
