"""Which module a figure shows, and where its numbers come from."""

from collections.abc import Iterable

from ..model.layer_run import LayerRun
from ..model.origin import Statement, joined_statements
from ..names import visible_token
from ..proof.bindings import Sentence, sentence, sentence_of
from ..scene import metrics

MAX_TOKEN_LENGTH = 12
"""The most characters of a token that are said."""


def provenance(
    subject: LayerRun, *more: tuple[str, object, str], built: tuple[str, str] | None = None
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
    own = construction_words(*built) if built else module_words(subject)
    pieces = ["{}", *(words for words, _, _ in more), known]
    values = [own, *(item[1:] for item in more)]
    if origin.after_batches is not None:
        pieces.append("after {} batches")
        values.append((f"{origin.after_batches:,}", "batches"))
    pieces.append(changed)
    return sentence(" · ".join(filter(None, pieces)), *values)


def count_item(noun: str, count: int, expr: str) -> tuple[str, int, str]:
    """How many there are, as one of `more` of a provenance.

    >>> count_item("step", 1, "len(x)"), count_item("step", 4, "len(x)")
    (('{} step', 1, 'len(x)'), ('{} steps', 4, 'len(x)'))
    """
    return f"{{}} {noun}{'s' * (count != 1)}", count, expr


def step_items(subject: LayerRun, number: int) -> list[tuple[str, object, str]]:
    """Which step is shown, and what it reads, as some of `more`.

    Args:
        subject: What is drawn.
        number: The number of the step, see `LayerRun.step_number`.
    """
    pieces: list[tuple[str, object, str]] = [("step {}", number, str(number))]
    if tokens := subject.trace.tokens:
        token, expr = visible_token(tokens[number - 1]), f"tokens[{number - 1}]"
        if metrics.column_count(token) > MAX_TOKEN_LENGTH:
            token, expr = metrics.elided(token, expr, MAX_TOKEN_LENGTH)
        pieces.append(("reads {}", token, expr))
    return pieces


def module_words(subject: LayerRun) -> tuple[str, str]:
    """The module as it is built, and the expression of these words."""
    return construction_words(subject.variable, subject.module)


def construction_words(name: str, built: str) -> tuple[str, str]:
    """A module as it is built, and the expression of these words."""
    kind, _, inside = built.rstrip(")").partition("(")
    first = "weight_ih_l0" if kind == "nn.LSTM" else "weight_ih"
    arguments = [f"{{{name}.input_size}}", f"{{{name}.hidden_size}}"]
    for words in inside.split(", ")[2:]:
        key = words.partition("=")[0]
        attribute = f"{first}.dtype" if key == "dtype" else key
        arguments.append(f"{key}={{{name}.{attribute}}}")
    return built, f'f"{kind}({", ".join(arguments)})"'


def source(subject: LayerRun) -> Sentence:
    """Where the tensors come from, as far as `provenance` does not say it."""
    return _sentence_without_label(subject, subject.source)


def origin(subject: LayerRun) -> Sentence:
    """As `source`, in a figure that says itself which sequences it shows."""
    return _sentence_without_label(subject, subject.origin)


def _sentence_without_label(subject: LayerRun, statements: Iterable[Statement]) -> Sentence:
    known = subject.trace.origin
    if known.example or known.network:
        statements = (statement for statement in statements if statement is not known.label)
    return sentence_of(joined_statements(statements))
