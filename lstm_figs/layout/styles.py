"""What stands out and what stands back, and why."""

from typing import TypeVar

from ..proof.bindings import Accent
from ..scene.marks import Box, Group, Path, Text

AnyMark = TypeVar("AnyMark", Box, Path, Text, Group)


def strong(mark: AnyMark, where: str) -> AnyMark:
    """A mark that stands out.

    Args:
        mark: As it is drawn.
        where: An expression that is true of this one of its kind; empty for
            one that is plain. See `bindings.Accent`.
    """
    return _accented(mark, Accent("strong", where)) if where else mark


def back(mark: AnyMark, where: str) -> AnyMark:
    """A mark that stands back; see `strong`."""
    return _accented(mark, Accent("back", where)) if where else mark


def _accented(mark: AnyMark, accent: Accent) -> AnyMark:
    return mark._replace(bound=(*mark.bound, accent))
