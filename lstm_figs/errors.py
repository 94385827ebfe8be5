"""What can go wrong, as one tree.

    LstmFigsError          any input that cannot be used
    ├── UsageError         a command line, or a header, that does not parse
    │   ├── UnknownName    a figure, option or value that does not exist
    │   └── BeyondLimit    a figure that cannot show these tensors
    ├── ShapeError         tensors whose shapes contradict each other
    ├── UnsupportedModule  a module that cannot be traced
    ├── InputError         an input file that cannot be read
    ├── OutputError        a file that cannot be written
    ├── MissingTool        torch or Graphviz is missing or does not work
    └── ProofError         our numbers differ from torch's

Every message is one sentence: what was got, what was expected, what to do.
"""

from collections.abc import Collection, Iterable

MAX_LISTED = 8
"""The most known names that a message lists with the nearest one."""

MAX_QUOTED = 100
"""The most characters of a value that a message quotes."""


def quoted(value: object) -> str:
    """A value of any kind, quoted on one line for an error message.

    >>> quoted("unroled"), quoted(2.5), quoted([[1], [2]])
    ("'unroled'", '2.5', '[[1], [2]]')
    """
    try:
        lines = repr(value).splitlines()
    except Exception:  # The __repr__ of any object may fail.
        lines = [f"<{type(value).__name__}>"]
    text = " ".join(line.strip() for line in lines)
    return text if len(text) <= MAX_QUOTED else f"{text[: MAX_QUOTED - 1]}…"


def check_known(kind: str, got: object, known: Collection[str]) -> None:
    """Raise an error unless a name is known.

    Raises:
        UnknownName: If the name is unknown, or not a string.
    """
    # Comparing an array with a name yields an array.
    if not isinstance(got, str) or got not in known:
        raise UnknownName(kind, got, known)


class LstmFigsError(ValueError):
    """The base of every error that this package raises on purpose."""


class UsageError(LstmFigsError):
    """A command line, or the header of a block, cannot be used."""


class UnknownName(UsageError):
    """A name is unknown; the message suggests the closest one.

    Args:
        kind: The kind of name, such as `figure`.
        got: The unknown name.
        known: The names of that kind.
        also: A word that is allowed in place of a name.
    """

    def __init__(self, kind: str, got: object, known: Iterable[str], also: str = ""):
        # Imported here, because only errors need it and it is slow to import.
        from difflib import get_close_matches

        names = sorted(known)
        words = [*names, also] if also else names
        matches = get_close_matches(got, words, n=1) if isinstance(got, str) else []
        hint = f"; did you mean {matches[0]!r}?" if matches else ""
        expected = f"one of {', '.join(names)}"
        if matches and len(names) > MAX_LISTED:
            expected = f"one of the {len(names)} known ones"
        if also:
            expected += f" or {also}"
        super().__init__(f"unknown {kind} {quoted(got)}, expected {expected}{hint}")


class BeyondLimit(UsageError):
    """A figure cannot show these tensors or this value; other figures may.

    Attributes:
        option: The option whose value the figure cannot show, such as `step`;
            None if it cannot show the tensors.
    """

    def __init__(self, message: str, option: str | None = None):
        super().__init__(message)
        self.option = option


def no_gates(what: str) -> UsageError:
    """The error for a plain RNN where an LSTM is needed.

    Args:
        what: The figure or the command.
    """
    return UsageError(
        f"got --network plain for {what}, expected `reading --focus task`, because an RNN has "
        "neither gates nor c; use --network brackets"
    )


class ShapeError(LstmFigsError):
    """Shapes of tensors contradict each other."""


class UnsupportedModule(LstmFigsError):
    """A module that cannot be traced."""


class InputError(LstmFigsError):
    """An input file cannot be read."""


class OutputError(LstmFigsError):
    """A file cannot be written."""


class MissingTool(LstmFigsError):
    """A required tool is not installed, or does not work."""


class ProofError(LstmFigsError):
    """The equations and torch disagree beyond the tolerance."""
