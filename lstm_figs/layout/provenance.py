"""Which module a figure shows, and where its numbers come from."""

from ..proof.bindings import Sentence, sentence
from ..proof.subject import Subject


def provenance(subject: Subject, *more: tuple[str, object, str]) -> Sentence:
    """What stands at the right of a title.

    Args:
        subject: What is drawn.
        more: What is shown of it: words with `{}`, a value and its
            expression.
    """
    origin = subject.trace.origin
    known = "example" if origin.example else origin.network
    pieces = ["{}", *(words for words, _, _ in more), known]
    values = (module(subject), *(one[1:] for one in more))
    return sentence(" · ".join(filter(None, pieces)), *values)


def count_of(noun: str, count: int, expr: str) -> tuple[str, int, str]:
    """How many there are, as one of `more` of a provenance.

    >>> count_of("step", 1, "len(x)"), count_of("step", 4, "len(x)")
    (('{} step', 1, 'len(x)'), ('{} steps', 4, 'len(x)'))
    """
    return f"{{}} {noun}{'s' * (count != 1)}", count, expr


def module(subject: Subject) -> tuple[str, str]:
    """The module as it is built, and the expression of these words."""
    name = subject.variable
    first = "weight_ih" if name == "cell" else "weight_ih_l0"
    inside = [f"{{{name}.input_size}}", f"{{{name}.hidden_size}}"]
    for words in subject.module.rstrip(")").split(", ")[2:]:
        key = words.partition("=")[0]
        held = f"{first}.dtype" if key == "dtype" else key
        inside.append(f"{key}={{{name}.{held}}}")
    kind = subject.trace.kind
    return subject.module, f'f"nn.{kind}({", ".join(inside)})"'


def source(subject: Subject) -> str:
    """Where the tensors come from, as far as `provenance` does not say it."""
    return _unsaid(subject, subject.source)


def origin(subject: Subject) -> str:
    """As `source`, in a figure that says itself which sequences it shows."""
    return _unsaid(subject, subject.origin)


def _unsaid(subject: Subject, said: str) -> str:
    known = subject.trace.origin
    if known.example or known.network:
        said = " ".join(said.replace(known.label, "").split())
    return said
