"""What the network answers after each step, and what is true."""

from ...layout import styles, words
from ...layout.motifs import over_time
from ...layout.motifs.over_time import Steps
from ...proof.bindings import Node, Says
from ...scene.marks import Box, Mark, Path
from .plan import Plan
from .reader import Reader

Outline = tuple[tuple[str, *tuple[tuple[float, float], ...]], ...]

MOST = 4
"""The most answers of a read-out that are drawn."""
APART = 6.0
TRUE = ("bool(inside[{}:{}].all())", "bool((depth[{}:{}] == 0).all())")
"""What is true of a run of steps."""
RIGHT = ("inside[{}]", "(depth[{}] == 0)")
"""The right answer at a step."""


def answers(plan: Plan, reader: Reader, steps: Steps, y: float) -> tuple[list[Mark], float]:
    """How sure the network is of each answer, around it what is true.

    Args:
        plan: How the figure is laid out.
        reader: What the network answers.
        steps: The steps.
        y: The top.
    """
    marks: list[Mark] = []
    high = plan.sizes.lane
    true: list[list[bool]] = []
    if reader.told:
        true = [
            [bool(inside) for inside in reader.told.inside],
            [not depth for depth in reader.told.depth],
        ]
    for k, name in enumerate(reader.outputs[:MOST]):
        id = f"says-{{t}}-{k}"
        marks += over_time.columns(
            steps, y, high, reader.answered(k, steps.part), "ink:60", id=id, term=""
        )
        for first, last in over_time.runs(true[k], steps) if true else ():
            marks.append(
                Box(
                    steps.edge(first) + 0.5,
                    y - 1,
                    (last - first) * steps.width - 1,
                    high + 2,
                    radius=2,
                    stroke="ink",
                    dash=styles.CELL.back.dash,
                    bound=(Says(claim=TRUE[k].format(first, last)),),
                )
            )
        if true:
            marks += _wrong(reader, true[k], k, steps, y, high)
        said, expr = _named(name, f"outputs[{k}]", plan.left, plan.narrow)
        marks.append(
            words.label(
                0,
                y + high / 2,
                said,
                {"tensor": "answers", "row": k},
                [steps.column_id(id, steps.first)],
                "band",
                style=words.FINE,
                fill="ink",
                says=Says(((said, expr),)),
            )
        )
        y += high + APART
    return marks, y - APART


def _wrong(
    reader: Reader, true: list[bool], k: int, steps: Steps, y: float, high: float
) -> list[Mark]:
    """A struck frame around each answer that is wrong."""
    marks: list[Mark] = []
    answered = reader.answered(k, steps.part)
    for t, answer in zip(steps.ts, answered, strict=True):
        if (float(answer.value) > 0.5) == true[t]:
            continue
        x, width = steps.column(t)
        claim = f"bool(({answer.expr} > 0.5) != {RIGHT[k].format(t)})"
        marks.append(
            Path(
                struck(x + 0.75, y + 0.75, width - 1.5, high - 1.5),
                stroke="neg",
                stroke_width=styles.CELL.strong.weight,
                id=f"wrong-{t}-{k}",
                bound=(Node(answer.expr), Says(claim=claim)),
            )
        )
    return marks


def struck(x: float, y: float, width: float, high: float) -> Outline:
    """A rectangle and the line from its lower left to its upper right."""
    right, bottom = x + width, y + high
    return (
        ("M", (x, y)),
        ("L", (right, y)),
        ("L", (right, bottom)),
        ("L", (x, bottom)),
        ("Z",),
        ("M", (x, bottom)),
        ("L", (right, y)),
    )


def shades(reader: Reader, steps: Steps, top: float, bottom: float) -> list[Mark]:
    """A plane behind what is read inside quotes, with both of the marks."""
    if reader.told is None:
        return []
    inside = reader.told.inside
    quoted = [now or before for now, before in zip(inside, (False, *inside), strict=False)]
    marks: list[Mark] = []
    for first, last in over_time.runs(quoted, steps):
        closed = not inside[last - 1]
        claim = f"bool(inside[{first}:{last - closed}].all())"
        if closed:
            claim += f" and text[{last - 1}] == '\"'"
        plane = over_time.shade(steps, first, last, top, bottom)
        said = Says(claim=claim)
        marks.append(plane._replace(id=f"quotes-{first}", bound=(said,)))
    return marks


def _named(name: str, expr: str, room: float, narrow: bool) -> tuple[str, str]:
    """What an answer is called where there is room, and its expression."""
    if narrow:
        name, expr = name.split()[-1], f"{expr}.split()[-1]"
    said, cut = name, len(name)
    while words.width(said, words.SMALL) > room - 6:
        cut -= 1
        said = f"{name[:cut]}…"
    return said, expr if said == name else f'{expr}[:{cut}] + "…"'
