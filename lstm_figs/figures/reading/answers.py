"""The answers of the network after each step, and the right answers."""

from ...layout import styles, words
from ...layout.motifs import over_time
from ...layout.motifs.over_time import Steps
from ...proof.bindings import Node, Says
from ...scene.marks import Box, Mark, Path
from .plan import Plan
from .reader import Reader

Outline = tuple[tuple[str, *tuple[tuple[float, float], ...]], ...]
"""The commands of a path with their points, see `Path.d`."""

MAX_ANSWERS = 4
"""The most answers of a read-out to draw; the others are left out."""
GAP = 6.0
"""The gap between two rows of answers, and between their names and the columns."""
OUTLINE_INSET, OUTLINE_GAP = 0.5, 1.0
"""How far the outline of right answers is inside their steps, and above and below them."""
RUN_CLAIMS = ("bool(inside[{}:{}].all())", "bool((depth[{}:{}] == 0).all())")
"""For each answer, the claim that the right answer is yes throughout `[first:last]`."""
RIGHT_ANSWERS = ("inside[{}]", "(depth[{}] == 0)")
"""For each answer, the expression of the right answer at a step."""


def answers(plan: Plan, reader: Reader, steps: Steps, y: float) -> tuple[list[Mark], float]:
    """Draw each answer as a row of columns, with dashed outlines where yes is right.

    Args:
        plan: The layout of the figure.
        reader: The answers of the network.
        steps: The steps of the band.
        y: The top edge.
    """
    marks: list[Mark] = []
    height = plan.sizes.lane_height
    expected = _right_answers(reader)
    for k, name in enumerate(reader.outputs[:MAX_ANSWERS]):
        id = f"says-{{t}}-{k}"
        marks += over_time.columns(
            steps, y, height, reader.answer_series(k, steps.as_slice), "ink:60", id=id, term=""
        )
        if expected:
            marks += _outlines(expected[k], k, steps, y, height)
            marks += _wrong(reader, expected[k], k, steps, y, height)
        short_name, expr = _short_name(name, f"outputs[{k}]", plan.left, plan.is_narrow)
        marks.append(
            words.label(
                0,
                y + height / 2,
                short_name,
                names={"tensor": "answers", "row": k},
                of=[steps.column_id(id, steps.first)],
                along="band",
                style=words.FINE,
                fill="ink",
                says=Says(((short_name, expr),)),
            )
        )
        y += height + GAP
    return marks, y - GAP


def _right_answers(reader: Reader) -> list[list[bool]]:
    """Return whether yes is right at each step, for each answer; empty if unknown."""
    if not reader.truth:
        return []
    return [
        [bool(inside) for inside in reader.truth.inside],
        [not depth for depth in reader.truth.depth],
    ]


def _outlines(expected: list[bool], k: int, steps: Steps, y: float, height: float) -> list[Mark]:
    """Outline the steps at which yes is right."""
    return [
        Box(
            steps.edge(first) + OUTLINE_INSET,
            y - OUTLINE_GAP,
            (last - first) * steps.width - 2 * OUTLINE_INSET,
            height + 2 * OUTLINE_GAP,
            radius=2,
            stroke="ink",
            dash=styles.CELL.muted.dash,
            bound=(Says(claim=RUN_CLAIMS[k].format(first, last)),),
        )
        for first, last in over_time.runs(expected, steps)
    ]


def _wrong(
    reader: Reader, expected: list[bool], k: int, steps: Steps, y: float, height: float
) -> list[Mark]:
    """Put a struck frame around each wrong answer."""
    marks: list[Mark] = []
    answered = reader.answer_series(k, steps.as_slice)
    for t, answer in zip(steps.ts, answered, strict=True):
        if (float(answer.value) > 0.5) == expected[t]:
            continue
        x, width = steps.column(t)
        # The stroke lies inside the column.
        inset = styles.CELL.strong.weight / 2
        claim = f"bool(({answer.expr} > 0.5) != {RIGHT_ANSWERS[k].format(t)})"
        marks.append(
            Path(
                struck_frame(x + inset, y + inset, width - 2 * inset, height - 2 * inset),
                stroke="neg",
                stroke_width=styles.CELL.strong.weight,
                id=f"wrong-{t}-{k}",
                bound=(Node(answer.expr), Says(claim=claim)),
            )
        )
    return marks


def struck_frame(x: float, y: float, width: float, height: float) -> Outline:
    """Return a rectangle with a line from its lower left to its upper right."""
    right, bottom = x + width, y + height
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
    """Shade the steps inside quotes, both quotation marks included."""
    if reader.truth is None:
        return []
    inside = reader.truth.inside
    # `inside` ends before the closing quotation mark.
    quoted = [now or before for now, before in zip(inside, (False, *inside), strict=False)]
    marks: list[Mark] = []
    for first, last in over_time.runs(quoted, steps):
        closed = not inside[last - 1]
        end = last - 1 if closed else last
        claim = f"bool(inside[{first}:{end}].all())"
        if closed:
            claim += f" and text[{last - 1}] == '\"'"
        shade = over_time.shade(steps, first, last, top, bottom)
        proof = Says(claim=claim)
        marks.append(shade._replace(id=f"quotes-{first}", bound=(proof,)))
    return marks


def _short_name(name: str, expr: str, width: float, is_narrow: bool) -> tuple[str, str]:
    """Return the name of an answer, shortened to fit `width`, and its expression."""
    if is_narrow:
        # There is room for one word.
        name, expr = name.split()[-1], f"{expr}.split()[-1]"
    short_name, cut = name, len(name)
    while words.width(short_name, words.SMALL) > width - GAP:
        cut -= 1
        short_name = f"{name[:cut]}…"
    return short_name, expr if short_name == name else f'{expr}[:{cut}] + "…"'
