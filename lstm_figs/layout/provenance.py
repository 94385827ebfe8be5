"""Which module a figure shows, and where its tensors come from."""

from collections.abc import Iterable

from ..model.layer_run import LayerRun
from ..model.origin import Statement, joined_statements
from ..names import visible_token
from ..proof.bindings import Sentence, sentence, sentence_of
from ..scene import metrics

MAX_TOKEN_LENGTH = 12
"""Longer tokens are shortened in the provenance."""


def provenance(
    subject: LayerRun, *more: tuple[str, object, str], built: tuple[str, str] | None = None
) -> Sentence:
    """The line beside a figure's title: the module, and the part of it that is shown.

    Args:
        subject: The layer run to draw.
        more: The parts that are shown, each as words with `{}`, a value and its
            expression.
        built: For a module made for the figure, its name in the preamble and
            its construction.
    """
    origin = subject.trace.origin
    network = "example" if origin.example else origin.network
    module = construction_words(*built) if built else module_words(subject)
    pieces = ["{}", *(words for words, _value, _expr in more), network]
    values = [module, *((value, expr) for _words, value, expr in more)]
    if origin.after_batches is not None:
        pieces.append("after {} batches")
        values.append((f"{origin.after_batches:,}", "batches"))
    pieces.append("edited" if origin.edited else "")
    return sentence(" · ".join(filter(None, pieces)), *values)


def count_item(noun: str, count: int, expr: str) -> tuple[str, int, str]:
    """A count with its noun, as an item of `more`.

    >>> count_item("step", 1, "len(x)"), count_item("step", 4, "len(x)")
    (('{} step', 1, 'len(x)'), ('{} steps', 4, 'len(x)'))
    """
    nouns = noun if count == 1 else f"{noun}s"
    return f"{{}} {nouns}", count, expr


def step_items(subject: LayerRun, number: int) -> list[tuple[str, object, str]]:
    """The step and the token it reads, as items of `more`.

    Args:
        subject: The layer run to draw.
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
    """The constructor call of the module, and the expression that yields it."""
    return construction_words(subject.variable, subject.module)


def construction_words(name: str, built: str) -> tuple[str, str]:
    """A module's constructor call, and the expression that yields it."""
    kind, _, inside = built.rstrip(")").partition("(")
    _input_size, _hidden_size, *keyword_arguments = inside.split(", ")
    arguments = [f"{{{name}.input_size}}", f"{{{name}.hidden_size}}"]
    first_parameter = "weight_ih_l0" if kind == "nn.LSTM" else "weight_ih"
    for keyword_argument in keyword_arguments:
        key = keyword_argument.partition("=")[0]
        # Modules have no attribute for their dtype; their parameters do.
        attribute = f"{first_parameter}.dtype" if key == "dtype" else key
        arguments.append(f"{key}={{{name}.{attribute}}}")
    return built, f'f"{kind}({", ".join(arguments)})"'


def source(subject: LayerRun) -> Sentence:
    """Where the tensors come from, unless `provenance` already says it."""
    return _sentence_without_label(subject, subject.source)


def origin(subject: LayerRun) -> Sentence:
    """Like `source`, for a figure that names its sequences itself."""
    return _sentence_without_label(subject, subject.origin)


def _sentence_without_label(subject: LayerRun, statements: Iterable[Statement]) -> Sentence:
    """The sentence on the origin of tensors that have no label."""
    own_origin = subject.trace.origin
    if own_origin.example or own_origin.network:
        statements = (statement for statement in statements if statement is not own_origin.label)
    return sentence_of(joined_statements(statements))
