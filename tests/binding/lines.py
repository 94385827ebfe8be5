"""Write what a figure says and is made of: `python -m tests.binding.lines`.

With names of figures it draws only these. Read what it changes: that a sentence
is true no test can tell, only that the values in it are.
"""

import sys
from collections.abc import Iterable

from tests.binding import homes, parts
from tests.binding.cases import BOUND, DEFAULT, cases_of, forms_of, read
from tests.binding.drawing import Drawing
from tests.binding.sentences import sentences

WIDTHS = 720, 360

HEAD = """\
# Every sentence of the figure, with {{}} for each value; read on change.
# Written by: python -m tests.binding.lines {}
"""


def templates(drawings: Iterable[Drawing]) -> set[str]:
    """The templates of drawings of one figure."""
    return {
        sentence.template
        for drawing in drawings
        for sentence in sentences(drawing)
        if sentence.text and not sentence.label
    }


def drawings(figure: str) -> Iterable[Drawing]:
    """Every case of a figure, in both widths."""
    for case in cases_of(figure):
        for form in forms_of(figure):
            for width in WIDTHS:
                yield read(form, case, width)


def write(figure: str) -> None:
    """Write both files of a figure."""
    folder = homes.folder(figure)
    said = sorted(templates(drawings(figure)))
    (folder / "templates.txt").write_text(
        HEAD.format(figure) + "".join(f"{one}\n" for one in said)
    )
    made = {w: parts.parts(read(figure, DEFAULT, w)) for w in WIDTHS}
    (folder / "parts.txt").write_text(parts.written(figure, made))


if __name__ == "__main__":
    for name in sys.argv[1:] or BOUND:
        write(name)
