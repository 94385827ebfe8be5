"""Faults that a review once made by hand, most of which went unseen."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Named(NamedTuple):
    """A fault with a name.

    Attributes:
        name: What is wrong in the figure.
        figure: The figure that shows it.
        path: The file, below the package.
        before: Code that stands in it once.
        after: What stands there with the fault.
    """

    name: str
    figure: str
    path: str
    before: str
    after: str


NAMED: tuple[Named, ...] = ()


def faults(root: Path) -> Iterator[dict[str, object]]:
    """Each as `sample` writes them.

    Raises:
        LookupError: If code that is to be changed does not stand there once.
    """
    for one in NAMED:
        path = f"lstm_figs/{one.path}"
        code = (root / path).read_text()
        if code.count(one.before) != 1:
            raise LookupError(
                f"got {code.count(one.before)} places with {one.before!r} in "
                f"{path}, expected one; write the fault {one.name!r} anew"
            )
        yield {
            "name": one.name,
            "figure": one.figure,
            "path": path,
            "line": code[: code.index(one.before)].count("\n") + 1,
            "operator": "named",
            "before": one.before,
            "after": one.after,
            "code": code.replace(one.before, one.after),
        }
