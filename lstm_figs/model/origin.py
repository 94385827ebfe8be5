"""Where the tensors of a trace come from."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from numpy.typing import NDArray

from .plain_rnn import Plain


@dataclass(frozen=True, eq=False)
class Readout:
    """A linear read-out followed by σ, applied to h after every step.

    Attributes:
        weight: Shape `(answers, hidden_size)`, float32.
        bias: Shape `(answers,)`, float32, or None without bias.
        outputs: The meaning of each output, such as `all closed`.
        truth: The name of the ground truth, `brackets`; empty if unknown.
        trained: How the network was trained; empty if its file does not say.
    """

    weight: NDArray[Any]
    bias: NDArray[Any] | None
    outputs: tuple[str, ...]
    truth: str = ""
    trained: str = ""

    def parameters(self) -> dict[str, NDArray[Any]]:
        """The tensors that exist, in the order of `named_parameters()`."""
        bias = {} if self.bias is None else {"bias": self.bias}
        return {"weight": self.weight, **bias}


class Moment(NamedTuple):
    """A checkpoint of a network during training.

    Attributes:
        batches: The number of batches trained so far.
        parameters: The parameters of its only layer, by the names in
            `Weights.parameters`.
        readout: Its read-out.
    """

    batches: int
    parameters: Mapping[str, NDArray[Any]]
    readout: Readout


class Seed(NamedTuple):
    """The log of a training run from one seed.

    Attributes:
        seed: The seed of the initial weights and of the training strings.
        inside: After every tenth batch, the accuracy on the question whether a
            character is inside quotes.
        known: The batch from which that accuracy stays high; None if it does
            not within the log.
    """

    seed: int
    inside: NDArray[Any]
    known: int | None


class Training(NamedTuple):
    """The checkpoints of a training run, and its log.

    Attributes:
        moments: The checkpoints, from the initial weights to the final ones.
        right: After each batch, the percentage of fresh strings on which every
            answer is right; a moving average.
        weight: The value of `weight_hh[0, 1]` after each batch.
        strings: The number of fresh strings.
        seed: The seed of this training run.
        seeds: The logs of several training runs, including this one.
        known: The accuracy, in per cent, from which the question about quotes
            counts as learned.
    """

    moments: tuple[Moment, ...]
    right: NDArray[Any]
    weight: NDArray[Any]
    strings: int
    seed: int
    seeds: tuple[Seed, ...]
    known: float


class Statement(NamedTuple):
    """A sentence about tensors, as a template and its values.

    Attributes:
        template: With `{}` for each value.
        values: Each printed value and the expression that yields it after the
            setup. The expression is empty for values that no tensor yields,
            such as the version of torch or a file name; a figure's metadata
            hold these.
        claim: An expression that is true if the sentence is.

    >>> str(Statement("Seed {}, torch {}.", ((0, "0"), ("2.13.0", ""))))
    'Seed 0, torch 2.13.0.'
    """

    template: str
    values: tuple[tuple[object, str], ...] = ()
    claim: str = ""

    def __str__(self) -> str:
        return self.template.format(*(value for value, _ in self.values))


def joined_statements(parts: Iterable[Statement], between: str = " ") -> Statement:
    """Several statements joined to one; its claim is the conjunction of theirs.

    >>> str(joined_statements([Statement("Seed {}", ((0, "0"),)), Statement("CPU")], ", "))
    'Seed 0, CPU'
    """
    parts = tuple(parts)
    claims = [part.claim for part in parts if part.claim]
    if len(claims) > 1:
        claims = [f"({claim})" for claim in claims]
    return Statement(
        between.join(part.template for part in parts),
        tuple(value for part in parts for value in part.values),
        " and ".join(claims),
    )


class Origin(NamedTuple):
    """Where tensors come from, for readers and as Python code.

    Attributes:
        label: A sentence for the foot of a figure.
        setup: Python that defines `lstm` (or `cell`), `x`, `h_0` and `c_0`.
        command: The command-line options that give the same tensors; None if
            there are none.
        torch: The version of torch that produced the tensors; None without
            torch.
        example: Whether the weights are the built-in example. Figures may
            change its form, but never the form of a user's weights.
        untrained: Whether the weights are the built-in example, or new from a
            seed. Those of a file or a live module may be trained.
        network: The name of a trained network that ships with the package,
            `brackets`; empty for any other.
        after_batches: The checkpoint of that network, in batches; None if no
            checkpoint was requested.
        name: The name of the module, and of the file or function that it is in; empty for
            modules without one.
        file: The weights file, as it was typed; empty if there is none.
        text: The text encoded in the first sequence of the input, `text` in
            `setup`; empty if there is none.
        readout: The read-out of the network, if it has one.
        readout_setup: Python that defines `readout`; empty if there is none.
        edited: Whether numbers of the weights or the input were edited.
        original_parameters: The parameters before they were edited, by their
            names in `setup`; empty if none was.
        notes: How the tensors were changed for a figure.
        plain: A plain RNN to compare with, which reads the same input.
        training: A function that returns the training run that ends in these
            weights, if its checkpoints are kept.
    """

    label: Statement = Statement("Tensors of your own.")
    setup: str = "# `lstm`, `x`, `h_0` and `c_0` are your own."
    command: tuple[str, ...] | None = None
    torch: str | None = None
    example: bool = False
    untrained: bool = False
    network: str = ""
    after_batches: int | None = None
    name: str = ""
    file: str = ""
    text: str = ""
    readout: Readout | None = None
    readout_setup: str = ""
    edited: bool = False
    original_parameters: Mapping[str, NDArray[Any]] = MappingProxyType({})
    notes: tuple[Statement, ...] = ()
    plain: Plain | None = None
    training: Callable[[], Training] | None = None

    @property
    def is_complete(self) -> bool:
        """Whether `setup` runs as it is, with nothing that readers have to define first."""
        lines = self.setup.splitlines()
        return not any(line.startswith("#") and "your own" in line for line in lines)
