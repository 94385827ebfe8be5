"""What the example's figure is made of, counted.

Bindings say that a label, a number or a line is right where it is; they cannot
say that one is missing. So the parts of each figure, as it draws the example,
stand in a file that is made by `tests.binding.templates` and read when it
changes.
"""

import re
from collections import Counter
from functools import cache
from pathlib import Path

from lstm_figs.scene.theme import TOKENS
from tests.binding.drawing import Drawing, Mark
from tests.binding.kinds import kinds_of
from tests.binding.sentences import sentences
from tests.proving import SVG

PARTS = Path(__file__).with_name("parts.txt")

HEAD = """\
# The parts of each figure of the example, in both widths: how many, of what
# kind, of which terms and colours. # stands for any number; read on change.
# Written by: python -m tests.binding.templates
"""


ROLES = {light: role for role, (light, _) in TOKENS.items()}
"""The colours that have a name, in the light scheme."""


def parts(drawing: Drawing) -> Counter[str]:
    """Each kind of part, and how many there are of it."""
    found = Counter(filter(None, map(_part, drawing.marks)))
    return found + Counter(
        f"sentence {sentence.template}"
        for sentence in sentences(drawing)
        if not sentence.label
    )


def _part(mark: Mark) -> str:
    kind = mark.element.tag.removeprefix(SVG)
    if mark.is_text:
        (kind, *_) = kinds_of(mark) or ("nothing",)
        if kind == "sentence":
            # Its lines are joined below.
            return ""
        said = mark.name if kind == "number" else mark.text
    elif mark.has("data-flow"):
        kind = "line"
        said = " ".join(map(mark.get, ("data-flow", "data-from", "data-to")))
    elif mark.has("data-draws"):
        said = f"{mark.get('data-draws')} {mark.name}"
    elif kind in ("rect", "path"):
        said = mark.name
    else:
        return ""
    said = re.sub(r"\d+", "#", said)
    paints = [ROLES.get(mark.get(key), "") for key in ("fill", "stroke")]
    how = ", ".join(filter(None, (mark.get("data-term"), *paints)))
    return f"{kind} {said} ({how})"


def written(found: dict[str, Counter[str]]) -> str:
    """The file, of the parts of each figure and width."""
    lines = (
        f"{where}: {count} {part}\n"
        for where, each in found.items()
        for part, count in sorted(each.items())
    )
    return HEAD + "".join(lines)


@cache
def read_parts() -> dict[str, Counter[str]]:
    """What the file says."""
    found: dict[str, Counter[str]] = {}
    for line in PARTS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            where, _, rest = line.partition(": ")
            count, _, part = rest.partition(" ")
            found.setdefault(where, Counter())[part] = int(count)
    return found


def where(figure: str, width: int) -> str:
    """A figure and a width, as the file calls them."""
    return f"{figure} {width}"


def faults(drawing: Drawing, width: int) -> list[str]:
    """What a drawing of the example has too many or too few of."""
    known = read_parts().get(where(drawing.figure, width), Counter())
    here = parts(drawing)
    return [
        f"{here[part]} and not {known[part]} of: {part}"
        for part in sorted({*here, *known})
        if here[part] != known[part]
    ]
