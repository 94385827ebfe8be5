"""What the example's figure is made of, counted.

Bindings say that a label, a number or a line is right where it is; they cannot
say that one is missing. So the parts of each figure, as it draws the example,
stand in `parts.txt`, which `tests.binding.write` writes and somebody reads when
it changes.
"""

import re
from collections import Counter
from functools import cache

from lstm_figs.scene.theme import TOKENS
from tests.binding import homes
from tests.binding.drawing import Drawing, Mark
from tests.binding.kinds import kinds_of
from tests.binding.sentences import sentences
from tests.proving import SVG

HEAD = """\
# The parts of the figure of the example, in both widths: how many, of what
# kind, of which terms and colours. # stands for any number; read on change.
# Written by: python -m tests.binding.write {}
"""

ROLES = {light: role for role, (light, _) in TOKENS.items()}
"""The colours that have a name, in the light scheme."""


def parts(drawing: Drawing) -> Counter[str]:
    """Each kind of part, and how many there are of it."""
    found = Counter(filter(None, map(_part, drawing.marks)))
    return found + Counter(
        f"sentence by {sentence.place}: {sentence.template}"
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


def written(figure: str, found: dict[int, Counter[str]]) -> str:
    """The file of a figure, of its parts in each width."""
    lines = (
        f"{width}: {count} {part}\n"
        for width, each in found.items()
        for part, count in sorted(each.items())
    )
    return HEAD.format(figure) + "".join(lines)


@cache
def read_parts(figure: str) -> dict[int, Counter[str]]:
    """What the file says, by width; nothing if there is none."""
    found: dict[int, Counter[str]] = {}
    for line in homes.lines(figure, "parts.txt"):
        width, _, rest = line.partition(": ")
        count, _, part = rest.partition(" ")
        found.setdefault(int(width), Counter())[part] = int(count)
    return found


def faults(drawing: Drawing, width: int) -> list[str]:
    """What a drawing of the example has too many or too few of."""
    known = read_parts(drawing.figure).get(width, Counter())
    here = parts(drawing)
    return [
        f"has {here[part]} and not {known[part]} of {part!r}, as in parts.txt, "
        f"which python -m tests.binding.write {drawing.figure} writes"
        for part in sorted({*here, *known})
        if here[part] != known[part]
    ]
