"""Draw the picture that a link to the site shows: docs/assets/card.png.

    python scripts/card.py

The bracket network reads its text, and the c that counts is drawn, all from
its tensors. A test holds the file to what this draws.
"""

import itertools
import pathlib
from collections.abc import Iterable
from typing import Any

import matplotlib
import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D

from lstm_figs.command.request import Request
from lstm_figs.model.tensors import Trace
from lstm_figs.proof.preamble.truth import truth
from lstm_figs.render import Sheet, render
from lstm_figs.scene.marks import Anchor, Box, Mark, Path, Text, bounds, shift
from lstm_figs.scene.theme import Paint

FILE = pathlib.Path(__file__).parents[1] / "docs" / "assets" / "card.png"
WIDTH, HEIGHT = 1200, 630
"""What every service shows whole."""

TITLE = "Nobody told this LSTM to count brackets."
LEAD = "It had two memory cells. One became a counter."
ABOUT = (
    "A line of code above a staircase, the cell state of one of two units: it "
    "rises by one at each opening bracket, falls by one at each closing one, "
    "and does not count those in quotes."
)
SITE = "PyTorch’s LSTM, figure by figure"

LEFT, RIGHT = 76.0, 1136.0
TOKENS, TOP, ZERO, BOTTOM = 208.0, 166.0, 472.0, 500.0
"""The line of the text, and between which heights c is drawn around zero."""

UNIT = 74.0
"""The height of 1."""

SMALL = 28.0
"""The smallest letters, of which half can still be read."""


def card() -> bytes:
    """The picture, a PNG."""
    trace = Request("reading").source.trace()
    return render(
        Sheet(WIDTH, HEIGHT, (*_words(), *_plot(trace), *_foot())),
        "png",
        "light",
        scale=1,
        id="card",
        title=TITLE,
        description=ABOUT,
        metadata={},
    )


def counting(trace: Trace) -> int:
    """The unit whose c follows the number of open brackets most closely."""
    c = np.array([step.c[0] for step in trace.steps])
    depth = truth(trace.origin.text).depth
    return int(np.argmax([np.corrcoef(each, depth)[0, 1] for each in c.T]))


def _words() -> list[Mark]:
    return [
        Box(0, 0, WIDTH, HEIGHT, fill="paper"),
        written(LEFT, 86, TITLE, 55),
        written(LEFT, 132, LEAD, 33, "muted"),
    ]


def _plot(trace: Trace) -> list[Mark]:
    """The text, and c after each of its characters, below it."""
    text, unit = trace.origin.text, counting(trace)
    told, step = truth(text), (RIGHT - LEFT) / len(text)
    drawn: list[Mark] = []
    for first, last in _quotes(told.inside):
        x, width = LEFT + first * step, (last - first) * step
        drawn.append(Box(x, TOP, width, BOTTOM - TOP, fill="rule:40"))
        middle = x + width / 2
        drawn.append(written(middle, BOTTOM + 26, "in quotes", SMALL, "muted", "middle"))
    levels = [ZERO - UNIT * float(one.c[0, unit]) for one in trace.steps]
    line = []
    for t, y in enumerate(levels):
        line += [(LEFT + t * step, y), (LEFT + (t + 1) * step, y)]
    area = _line([(LEFT, ZERO), *line, (RIGHT, ZERO)])
    drawn.append(Path(area, fill="pos", opacity=0.12))
    for value in range(max(told.depth) + 1):
        y = ZERO - UNIT * value
        drawn.append(Path(_line([(LEFT, y), (RIGHT, y)]), stroke="rule"))
        drawn.append(written(LEFT - 18, y + 9, str(value), SMALL, "muted", "end"))
    drawn.append(Path(_line(line), stroke="pos", stroke_width=6))
    for t, character in enumerate(text):
        bold = character == '"' or (character in "()" and not told.inside[t])
        drawn.append(
            Text(
                x=LEFT + (t + 0.5) * step,
                y=TOKENS,
                content=character,
                size=35,
                anchor="middle",
                fill="ink" if bold else "muted",
                bold=bold,
                mono=True,
            )
        )
    weights = trace.weights[0]
    count = sum(array.size for array in weights.parameters().values())
    about = (
        f"c[{unit}] of nn.LSTM({weights.input_size}, {weights.hidden_size}),",
        f"from its {count} real weights",
    )
    for k, one in enumerate(about):
        drawn.append(written(566, 282 + 32 * k, one, SMALL, "pos"))
    return drawn


def _quotes(inside: tuple[bool, ...]) -> list[tuple[int, int]]:
    """Where each quotation begins and ends, with both of its marks."""
    edges = np.flatnonzero(np.diff([False, *inside]))
    return [(int(a), int(b) + 1) for a, b in edges.reshape(-1, 2)]


def _foot() -> list[Mark]:
    x, drawn = LEFT, list[Mark]()
    for gate in "ifgo":
        letter = written(0, 594, gate, 56, f"gate-{gate}", italic=True)
        left, _, right, _ = bounds([letter])
        drawn.append(shift(letter, x - left, 0))
        x += right - left + 7
    return [*drawn, written(x + 14, 594, SITE, 37)]


def _line(points: Iterable[tuple[float, float]]) -> tuple[Any, ...]:
    """A line through points, as a mark has it."""
    return tuple(("L" if k else "M", (float(x), float(y))) for k, (x, y) in enumerate(points))


def written(
    x: float,
    y: float,
    words: str,
    size: float,
    fill: Paint = "ink",
    anchor: Anchor = "start",
    italic: bool = False,
) -> Path:
    """Words in the letters of the pages, as outlines."""
    name = f"STIXGeneral{'Italic' * italic}.ttf"
    file = pathlib.Path(matplotlib.get_data_path(), "fonts", "ttf", name)
    font = FontProperties(fname=file, size=text_to_path.FONT_SCALE)
    outline = matplotlib.path.Path(*text_to_path.get_text_path(font, words))
    unit = size / text_to_path.FONT_SCALE
    share = {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
    x -= share * unit * outline.get_extents().x1
    placed = outline.transformed(Affine2D().scale(unit, -unit).translate(x, y))
    outlines = map(_line, placed.to_polygons())
    return Path(tuple(itertools.chain(*outlines)), fill=fill)


if __name__ == "__main__":
    FILE.write_bytes(card())
