"""The names at the left of all rows of a result."""

from collections.abc import Sequence

from ...layout import words
from ...layout.motifs import over_time
from ...layout.motifs.over_time import Steps
from ...scene.marks import Mark
from ...scene.terms import TERMS


def letters(steps: Steps, y: float, name: str, of: Sequence[str]) -> list[Mark]:
    """The letter of a result and, where there is room, what its gate does.

    Args:
        steps: The steps.
        y: The middle of the letter.
        name: The result.
        of: Ids of its rows.
    """
    gate = name in over_time.VERBS
    paint = TERMS[name].role
    names: dict[str, object] = {"gate" if gate else "tensor": name}
    marks: list[Mark] = [
        words.label(0, y, name, names, of, "band", style=words.GATE, fill=paint, term=name)
    ]
    if gate and steps.left > over_time.MAX_NARROW_GUTTER:
        marks.append(
            words.label(
                17, y, over_time.VERBS[name], names, of, "band", style=words.FINE, fill=paint
            )
        )
    return marks
