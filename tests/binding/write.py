"""Write the home of a figure: `python -m tests.binding.write NAME`.

Where there is none, it makes one, with all that the drawing tells. Else it
writes anew what the figure says and is made of: of those named, or of all. Read
what it changes: that a sentence is true no test can tell, only that the values
in it are.
"""

import sys
import warnings
from collections import Counter
from collections.abc import Iterable
from itertools import chain

from lstm_figs.errors import BeyondLimit
from tests.binding import homes, new, parts, values
from tests.binding.cases import (
    BOUND,
    cases_of,
    drawn,
    forms_of,
    options,
    read,
    widths_of,
)
from tests.binding.drawing import Drawing
from tests.binding.sentences import VALUES, sentences

HEAD = """\
# Every sentence of the figure by where it stands, with {{}} for each value;
# those with options are below, and last what each value in the words is of, and
# what they claim. Read on change.
# Written by: python -m tests.binding.write {}
"""


def templates(drawings: Iterable[Drawing]) -> set[str]:
    """The places and templates of the sentences of drawings of one figure."""
    return {
        sentence.line
        for drawing in drawings
        for sentence in sentences(drawing)
        if sentence.text and not (sentence.label or sentence.foot)
    }


def written(figure: str) -> str:
    """The sentences of every case of a figure in both widths, by options.

    Last is what the words of all of them speak of.
    """
    found: dict[str, set[str]] = {"": set()}
    meant: set[str] = set()
    for case in cases_of(figure):
        for form in forms_of(figure):
            drawings = [read(form, case, width) for width in widths_of(figure)]
            found.setdefault(options(form, case), set()).update(
                templates(drawings)
            )
            meant.update(chain.from_iterable(map(values.lines, drawings)))
    sections = (
        "\n".join([*([f"[{name}]"] if name else []), *sorted(lines)])
        for name, lines in [*found.items(), (VALUES, meant)]
    )
    text = "\n\n".join(sections)
    return f"{HEAD.format(figure)}{text}\n"


def refused(figure: str) -> list[str]:
    """What a figure cannot show, and its home does not say so."""
    found = []
    for case in cases_of(figure):
        try:
            drawn(figure, case, 720)
        except BeyondLimit as error:
            found.append(f"{case!r}: {error}")
    return found


def write(figure: str) -> None:
    """Write both files of a figure, and its home where there is none."""
    folder = homes.folder(figure)
    home = folder / "__init__.py"
    if not home.exists():
        folder.mkdir(exist_ok=True)
        home.write_text(new.code(figure), encoding="utf-8")
        print(
            f"Made {homes.where(figure)}: read it, and put what is right in "
            "the place of each ?"
        )
    if beyond := refused(figure):
        print(*beyond, sep="\n")
        sys.exit(
            f"{figure} cannot show these {len(beyond)}: draw them, or put "
            f"their names into REFUSED of {homes.where(figure)}"
        )
    (folder / "templates.txt").write_text(written(figure), encoding="utf-8")
    (folder / "parts.txt").write_text(
        parts.written(figure, made_of(figure)), encoding="utf-8"
    )


def made_of(figure: str) -> dict[parts.Place, parts.Parts]:
    """What a figure is made of in the cases that are written down."""
    found: dict[parts.Place, parts.Parts] = {}
    counted: dict[parts.Place, parts.Parts] = {}
    for form in forms_of(figure):
        for case in filter(parts.is_counted, cases_of(figure)):
            told = parts.told_of(form, case)
            for width in widths_of(figure):
                drawing = read(form, case, width)
                kinds = counted.setdefault((parts.EVERY, width), Counter())
                kinds.update(parts.kinds(drawing))
                if told is not None:
                    found[told, width] = parts.parts(drawing)
    return found | counted


if __name__ == "__main__":
    # Torch says of some cases how it runs them.
    warnings.simplefilter("ignore")
    for name in sys.argv[1:] or BOUND:
        if name not in BOUND:
            sys.exit(
                f"got {name!r}, expected a figure that has a Head; put its "
                "name into Name in lstm_figs/figures/__init__.py"
            )
        write(name)
