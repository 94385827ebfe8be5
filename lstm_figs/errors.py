"""What can go wrong, as one tree.

    LstmFigsError          whatever the user gave that cannot be used
    ├── UsageError         a command line, or a header, that does not parse
    │   └── UnknownName    a figure, option or value that does not exist
    ├── ShapeError         tensors whose shapes contradict each other
    ├── UnsupportedModule  a module that cannot be captured
    ├── InputError         an input file that cannot be read
    ├── OutputError        a file that cannot be written
    ├── MissingTool        torch or Graphviz is needed and not installed
    └── ProofError         our numbers differ from torch's

Every message is one sentence: what was got, what was expected, what to do.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class LstmFigsError(ValueError):
    """The base of every error that this package raises on purpose."""


class UsageError(LstmFigsError):
    """A command line, or the header of a block, cannot be used."""


class UnknownName(UsageError):
    """A name is not among the known ones; the message has the nearest."""

    def __init__(self, kind: str, got: object, known: Iterable[str]):
        names = sorted(known)
        near = (
            get_close_matches(got, names, n=1) if isinstance(got, str) else []
        )
        hint = f"; did you mean {near[0]!r}?" if near else ""
        super().__init__(
            f"unknown {kind} {got!r}, expected one of {', '.join(names)}{hint}"
        )


class ShapeError(LstmFigsError):
    """Shapes of tensors contradict each other."""


class UnsupportedModule(LstmFigsError):
    """A module is of a form that cannot be captured yet."""


class InputError(LstmFigsError):
    """An input file cannot be read."""


class OutputError(LstmFigsError):
    """A file cannot be written."""


class MissingTool(LstmFigsError):
    """Something that is not installed is needed."""


class ProofError(LstmFigsError):
    """The equations and torch disagree beyond the tolerance."""
