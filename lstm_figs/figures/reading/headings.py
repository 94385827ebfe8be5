"""The tokens and the unit name above a plot."""

from ...layout import words
from ...layout.motifs import over_time
from ...layout.motifs.over_time import Steps
from ...scene.marks import Mark
from .plan import Plan

LETTER_SIZE = 16.0
"""The preferred font size of tokens."""
TOKENS_HEIGHT, NAME_HEIGHT = 30.0, 26.0
"""The gaps from the top of a unit to its plot, with tokens and without."""
TOKENS_MIDDLE = 9.0
"""The distance from the top of a unit to the middle of its tokens."""
MIN_LARGE_WIDTH = 13.0
"""The least width of a step whose token has the preferred font size."""
GATES_GAP, WEIGHT_GAP = 10.0, 24.0
"""The gaps from a plot to its gates, and from the gates to the weight that shuts one."""


def tokens(plan: Plan, steps: Steps, y: float) -> list[Mark]:
    """Draw the tokens; those of `Plan.bold_steps` are bold."""
    all_tokens, turn = plan.tokens, plan.wrapping.turn
    large = not turn and (
        max(MIN_LARGE_WIDTH, over_time.needed_token_width(all_tokens, LETTER_SIZE)) <= steps.width
    )
    return over_time.token_labels(
        steps,
        y,
        all_tokens,
        [f"c-{steps.first}-{unit}" for unit in plan.visible_units],
        size=LETTER_SIZE if large else words.SMALL,
        turn=turn,
        width=plan.wrapping.token_length if turn else 0,
        strong=plan.bold_steps,
    )


def name(steps: Steps, unit: int, y: float) -> Mark:
    """Name a unit, left of its plot."""
    return words.label(
        0,
        y,
        f"unit {unit}",
        names={"unit": unit},
        of=[f"c-{steps.first}-{unit}"],
        along="block",
        style=words.STRONG,
    )
