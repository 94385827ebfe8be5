"""Which module a figure shows, and where its numbers come from."""

from collections.abc import Iterable

from ..model.origin import Told, joined
from ..names import visible
from ..proof.bindings import Sentence, sentence, sentence_of
from ..proof.subject import Subject
from ..scene import metrics

LONGEST = 12
"""The most characters of a token that are said."""


def provenance(
    subject: Subject, *more: tuple[str, object, str], built: tuple[str, str] | None = None
) -> Sentence:
    """What stands at the right of a title.

    Args:
        subject: What is drawn.
        more: What is shown of it: words with `{}`, a value and its
            expression.
        built: What the preamble calls a module that is made for the figure,
            and that module as it is built.
    """
    origin = subject.trace.origin
    known = "example" if origin.example else origin.network
    changed = "edited" if origin.edited else ""
    own = construction(*built) if built else module(subject)
    pieces = ["{}", *(words for words, _, _ in more), known]
    values = [own, *(one[1:] for one in more)]
    if origin.after is not None:
        pieces.append("after {} batches")
        values.append((f"{origin.after:,}", "batches"))
    pieces.append(changed)
    return sentence(" · ".join(filter(None, pieces)), *values)


def count_of(noun: str, count: int, expr: str) -> tuple[str, int, str]:
    """How many there are, as one of `more` of a provenance.

    >>> count_of("step", 1, "len(x)"), count_of("step", 4, "len(x)")
    (('{} step', 1, 'len(x)'), ('{} steps', 4, 'len(x)'))
    """
    return f"{{}} {noun}{'s' * (count != 1)}", count, expr


def step_of(subject: Subject, label: int) -> list[tuple[str, object, str]]:
    """Which step is shown, and what it reads, as some of `more`.

    Args:
        subject: What is drawn.
        label: The number of the step, see `Subject.label`.
    """
    found: list[tuple[str, object, str]] = [("step {}", label, str(label))]
    if tokens := subject.trace.tokens:
        token, expr = visible(tokens[label - 1]), f"tokens[{label - 1}]"
        if metrics.columns(token) > LONGEST:
            token, expr = metrics.elided(token, expr, LONGEST)
        found.append(("reads {}", token, expr))
    return found


def module(subject: Subject) -> tuple[str, str]:
    """The module as it is built, and the expression of these words."""
    return construction(subject.variable, subject.module)


def construction(name: str, built: str) -> tuple[str, str]:
    """A module as it is built, and the expression of these words."""
    kind, _, inside = built.rstrip(")").partition("(")
    first = "weight_ih_l0" if kind == "nn.LSTM" else "weight_ih"
    shown = [f"{{{name}.input_size}}", f"{{{name}.hidden_size}}"]
    for words in inside.split(", ")[2:]:
        key = words.partition("=")[0]
        held = f"{first}.dtype" if key == "dtype" else key
        shown.append(f"{key}={{{name}.{held}}}")
    return built, f'f"{kind}({", ".join(shown)})"'


def source(subject: Subject) -> Sentence:
    """Where the tensors come from, as far as `provenance` does not say it."""
    return _unsaid(subject, subject.source)


def origin(subject: Subject) -> Sentence:
    """As `source`, in a figure that says itself which sequences it shows."""
    return _unsaid(subject, subject.origin)


def _unsaid(subject: Subject, told: Iterable[Told]) -> Sentence:
    known = subject.trace.origin
    if known.example or known.network:
        told = (one for one in told if one is not known.label)
    return sentence_of(joined(told))
