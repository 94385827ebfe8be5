"""Write `templates.txt` and `parts.txt`: `python -m tests.binding.templates`.

With names of figures it draws only these, and keeps what is said of the others.
Read what it changes: that a sentence is true no test can tell, only that the
values in it are.
"""

import sys
from collections.abc import Iterable

from tests.binding import parts
from tests.binding.cases import BOUND, DEFAULT, cases_of, forms_of, read
from tests.binding.drawing import Drawing
from tests.binding.sentences import TEMPLATES, read_templates, sentences

WIDTHS = 720, 360

HEAD = """\
# Every sentence of the bound figures, with {} for each value; read on change.
# Written by: python -m tests.binding.templates
"""


def templates(drawings: Iterable[Drawing]) -> dict[str, set[str]]:
    """The templates of each figure."""
    found: dict[str, set[str]] = {}
    for drawing in drawings:
        here = found.setdefault(drawing.figure, set())
        for sentence in sentences(drawing):
            if sentence.text and not (sentence.label or sentence.foot):
                here.add(sentence.template)
    return found


def written(found: dict[str, set[str]]) -> str:
    """The file."""
    lines = (
        f"{figure}: {template}\n"
        for figure, each in found.items()
        for template in sorted(each)
    )
    return HEAD + "".join(lines)


def drawings(names: Iterable[str] = BOUND) -> Iterable[Drawing]:
    """Every case of these figures, in both widths."""
    for name in names:
        for case in cases_of(name):
            for form in forms_of(name):
                for width in WIDTHS:
                    yield read(form, case, width)


if __name__ == "__main__":
    named = sys.argv[1:] or BOUND
    found = templates(drawings(named))
    kept = {
        name: {*read_templates(name)} for name in BOUND if name not in named
    }
    TEMPLATES.write_text(
        written({name: {**kept, **found}[name] for name in BOUND})
    )
    known = parts.read_parts() if parts.PARTS.exists() else {}
    places = [(name, width) for name in BOUND for width in WIDTHS]
    parts.PARTS.write_text(
        parts.written(
            {
                place: parts.parts(read(name, DEFAULT, width))
                if name in named
                else known[place]
                for name, width in places
                for place in [parts.where(name, width)]
            }
        )
    )
