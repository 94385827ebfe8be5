"""Where the tensors of a trace come from."""

from typing import NamedTuple


class Origin(NamedTuple):
    """Where tensors come from, for people and for Python.

    Attributes:
        label: A sentence for the foot of a figure.
        setup: Python that makes `lstm` (or `cell`), `x`, `h_0` and `c_0`.
        command: Source options of the command line, None where no command
            line gives the same tensors.
        torch: The version that made or ran the tensors, None without torch.
        example: Whether the weights are the example's, which figures may give
            another form; weights of one's own are drawn as they are.
    """

    label: str = "Tensors of your own."
    setup: str = "# `lstm`, `x`, `h_0` and `c_0` are your own."
    command: tuple[str, ...] | None = None
    torch: str | None = None
    example: bool = False
