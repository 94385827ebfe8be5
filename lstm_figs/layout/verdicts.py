"""What is right and what is wrong: a cross or a tick, and a word."""

from ..scene.marks import Mark, Path, Text

RADIUS = 3.5
"""Half of a cross or a tick, either way."""


def cross(x: float, y: float, radius: float = RADIUS) -> Path:
    """A cross, centred at x, y."""
    return Path(
        d=(
            ("M", (x - radius, y - radius)),
            ("L", (x + radius, y + radius)),
            ("M", (x + radius, y - radius)),
            ("L", (x - radius, y + radius)),
        ),
        stroke="neg",
        stroke_width=2,
    )


def tick(x: float, y: float, radius: float = RADIUS) -> Path:
    """A tick, centred at x, y."""
    return Path(
        d=(
            ("M", (x - radius, y)),
            ("L", (x - radius / 3, y + radius)),
            ("L", (x + radius, y - radius)),
        ),
        stroke="pos",
        stroke_width=2,
    )


def sign(x: float, y: float, *, right: bool) -> Path:
    """A tick for what is right, else a cross."""
    return tick(x, y) if right else cross(x, y)


def verdict(x: float, y: float, *, right: bool, word: str = "") -> list[Mark]:
    """A sign and a word beside it, which begin at x.

    Args:
        x: The left of the sign.
        y: The baseline of the word.
        right: Whether it is a tick.
        word: `right` or `wrong` by default.
    """
    said = word or ("right" if right else "wrong")
    return [
        sign(x + RADIUS, y - 4, right=right),
        Text(x=x + 2 * RADIUS + 6, y=y, content=said, bold=True),
    ]
