"""Where the tensors of a trace come from."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from numpy.typing import NDArray

from .plain_rnn import Plain


@dataclass(frozen=True, eq=False)
class Readout:
    """A linear layer that answers from h after every step, through σ.

    Attributes:
        weight: Shape `(answers, hidden_size)`, float32.
        bias: Shape `(answers,)`, float32, or None without bias.
        outputs: What each answer says, such as `all closed`.
        truth: What is true of a text that the network reads: `brackets`, or
            nothing that is known.
        trained: How the network was trained to answer; empty where its file
            does not say it.
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
    """A network at a moment of its training.

    Attributes:
        batches: After how many batches.
        parameters: Of its only layer, as `Weights.parameters` names them.
        readout: What answers from its output.
    """

    batches: int
    parameters: Mapping[str, NDArray[Any]]
    readout: Readout


class Seed(NamedTuple):
    """What was noted of a network that was trained from another seed.

    Attributes:
        seed: Of its first weights, and of the strings.
        inside: After every tenth batch, the share of characters after which
            it says rightly whether they are in quotes.
        known: From which batch on that share is large for good; None where
            that is later than what was noted.
    """

    seed: int
    inside: NDArray[Any]
    known: int | None


class Training(NamedTuple):
    """The moments of a training that are kept, and what was noted meanwhile.

    Attributes:
        moments: From the first weights to those that the network has.
        right: After each batch from the first on, on how many in a hundred
            fresh strings the network is right throughout; a mean of
            neighbouring batches.
        weight: After each of the same batches, `weight_hh[0, 1]`.
        strings: How many fresh strings those are.
        seed: Of this training.
        seeds: What was noted of several trainings, this one among them.
        known: From how many characters in a hundred on the question about
            quotes is answered well.
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
        values: What is printed, and the expression that yields it after the
            setup; an empty one where no tensor does, as of the version of
            torch or the name of a file, which the metadata of a figure say.
        claim: An expression that is true wherever the sentence stands.

    >>> str(Statement("Seed {}, torch {}.", ((0, "0"), ("2.13.0", ""))))
    'Seed 0, torch 2.13.0.'
    """

    template: str
    values: tuple[tuple[object, str], ...] = ()
    claim: str = ""

    def __str__(self) -> str:
        return self.template.format(*(value for value, _ in self.values))


def joined_statements(parts: Iterable[Statement], between: str = " ") -> Statement:
    """Several as one: what each claims is true of it.

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
    """Where tensors come from, for people and for Python.

    Attributes:
        label: A sentence for the foot of a figure.
        setup: Python that makes `lstm` (or `cell`), `x`, `h_0` and `c_0`.
        command: Source options of the command line, None where no command
            line gives the same tensors.
        torch: The version that made or ran the tensors, None without torch.
        example: Whether the weights are the example's, which figures may give
            another form; weights of one's own are drawn as they are.
        network: The name of a network that ships with the package and has
            learned something, `brackets`; empty for any other.
        after_batches: After how many batches of its training that network is shown;
            None where no moment of it was asked for.
        text: The text that the input of the first sequence is made of, which
            `setup` calls `text`; empty where it is made of none.
        readout: What answers from the output, if the network has it.
        readout_setup: Python that makes `readout`; empty where there is none.
        edited: Whether numbers of the weights or of the input were changed.
        original_parameters: The parameters before some of their numbers were changed, by
            the names of `setup`; empty where none was.
        notes: What was made of these tensors for a figure.
        plain: A network without gates that reads the same in their place.
        training: What yields the training that ends in these weights, if its
            moments are kept.
    """

    label: Statement = Statement("Tensors of your own.")
    setup: str = "# `lstm`, `x`, `h_0` and `c_0` are your own."
    command: tuple[str, ...] | None = None
    torch: str | None = None
    example: bool = False
    network: str = ""
    after_batches: int | None = None
    text: str = ""
    readout: Readout | None = None
    readout_setup: str = ""
    edited: bool = False
    original_parameters: Mapping[str, NDArray[Any]] = MappingProxyType({})
    notes: tuple[Statement, ...] = ()
    plain: Plain | None = None
    training: Callable[[], Training] | None = None
