"""A module and an input for it, the common result of all sources."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from ..model.origin import Readout, Statement, Training
from ..model.tensors import Array, Weights


class LoadedModule(NamedTuple):
    """A module and an input that have not been run yet.

    Attributes:
        stack: The parameters, an entry for each layer and direction.
        setup: Python that makes `lstm` or `cell`.
        x: The default input.
        input_setup: Python that makes the same `x` after `setup`.
        label: Its description in the footer of a figure, without full stop.
        name: Its name and its file, for titles; empty if it has none.
        kind: The class of the module.
        input_label: The description of `x` in the footer, if any.
        torch: The version of torch that made the module. For a file of torch's
            own, the version that loads it in a proof. None without torch.
        text: The text that `x` encodes, a character for each step; empty if `x`
            is not from a text.
        readout: The read-out from the output, if the network has one.
        answering: Python that makes `readout`, after `setup`.
        after: The number of training batches, if a moment was requested.
        training: A function that returns the training of this network, if its
            moments are stored.
        state: The first h and c, made by `setup`; None for zeros.
        batch_sizes: The batch sizes of a packed `x`.
    """

    stack: tuple[Weights, ...]
    setup: str
    x: Array
    input_setup: str
    label: Statement
    name: str = ""
    kind: Literal["LSTM", "LSTMCell"] = "LSTM"
    input_label: Statement | None = None
    torch: str | None = None
    text: str = ""
    readout: Readout | None = None
    answering: str = ""
    after: int | None = None
    training: Callable[[], Training] | None = None
    state: tuple[Array, Array] | None = None
    batch_sizes: tuple[int, ...] | None = None
