"""Draw the preview image of links to the site: docs/assets/card.png.

    python scripts/card.py

It shows the bracket network while it reads its text: the c of the unit that
counts, drawn from its tensors. A test compares the file with this drawing.
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
"""The size that every service shows without cropping."""

TITLE = "Nobody told this LSTM to count brackets."
SUBTITLE = "It had two memory cells. One became a counter."
ALT_TEXT = (
    "A line of code above a staircase, the cell state of one of two units: it "
    "rises by one at each opening bracket, falls by one at each closing one, "
    "and does not count those in quotes."
)
SITE = "PyTorch’s LSTM, figure by figure"

LEFT, RIGHT = 76.0, 1136.0
TEXT_BASELINE, TOP, ZERO, BOTTOM = 208.0, 166.0, 472.0, 500.0
"""The baseline of the text, and the heights of the plot of c and of its zero."""

UNIT_HEIGHT = 74.0
"""The height of 1."""

ABOUT_PLACE = 566.0, 282.0
"""Where the words about the weights begin, in an empty part of the plot."""

SMALL_SIZE = 28.0
"""The smallest font size that is readable at half the size."""


def card() -> bytes:
    """Draw the image as a PNG."""
    trace = Request("reading").source.trace()
    return render(
        Sheet(WIDTH, HEIGHT, (*_words(), *_plot(trace), *_footer())),
        "png",
        "light",
        scale=1,
        id="card",
        title=TITLE,
        description=ALT_TEXT,
        metadata={},
    )


def counting(trace: Trace) -> int:
    """The unit with the highest correlation of c with the bracket depth."""
    c = np.array([step.c[0] for step in trace.steps])
    depth = truth(trace.origin.text).depth
    return int(np.argmax([np.corrcoef(each, depth)[0, 1] for each in c.T]))


def _words() -> list[Mark]:
    return [
        Box(0, 0, WIDTH, HEIGHT, fill="paper"),
        text_outlines(LEFT, 86, TITLE, 55),
        text_outlines(LEFT, 132, SUBTITLE, 33, "muted"),
    ]


def _plot(trace: Trace) -> list[Mark]:
    """The text, and c after each of its characters below it."""
    text, unit = trace.origin.text, counting(trace)
    state, step = truth(text), (RIGHT - LEFT) / len(text)
    marks: list[Mark] = []
    for first, last in _quotes(state.inside):
        x, width = LEFT + first * step, (last - first) * step
        marks.append(Box(x, TOP, width, BOTTOM - TOP, fill="rule:40"))
        middle = x + width / 2
        marks.append(text_outlines(middle, BOTTOM + 26, "in quotes", SMALL_SIZE, "muted", "middle"))
    levels = [ZERO - UNIT_HEIGHT * float(trace_step.c[0, unit]) for trace_step in trace.steps]
    line = []
    for t, y in enumerate(levels):
        line += [(LEFT + t * step, y), (LEFT + (t + 1) * step, y)]
    area = _line([(LEFT, ZERO), *line, (RIGHT, ZERO)])
    marks.append(Path(area, fill="pos", opacity=0.12))
    for value in range(max(state.depth) + 1):
        y = ZERO - UNIT_HEIGHT * value
        marks.append(Path(_line([(LEFT, y), (RIGHT, y)]), stroke="rule"))
        marks.append(text_outlines(LEFT - 18, y + 9, str(value), SMALL_SIZE, "muted", "end"))
    marks.append(Path(_line(line), stroke="pos", stroke_width=6))
    for t, character in enumerate(text):
        bold = character == '"' or (character in "()" and not state.inside[t])
        marks.append(
            Text(
                x=LEFT + (t + 0.5) * step,
                y=TEXT_BASELINE,
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
    about = f"c[{unit}] of nn.LSTM({weights.input_size}, {weights.hidden_size}),"
    x, y = ABOUT_PLACE
    for k, part in enumerate((about, f"from its {count} real weights")):
        marks.append(text_outlines(x, y + 32 * k, part, SMALL_SIZE, "pos"))
    return marks


def _quotes(inside: tuple[bool, ...]) -> list[tuple[int, int]]:
    """The first index and the end of each quotation, with both quotes."""
    edges = np.flatnonzero(np.diff([False, *inside]))
    return [(int(a), int(b) + 1) for a, b in edges.reshape(-1, 2)]


def _footer() -> list[Mark]:
    x, marks = LEFT, list[Mark]()
    for gate in "ifgo":
        letter = text_outlines(0, 594, gate, 56, f"gate-{gate}", italic=True)
        left, _, right, _ = bounds([letter])
        marks.append(shift(letter, x - left, 0))
        x += right - left + 7
    return [*marks, text_outlines(x + 14, 594, SITE, 37)]


def _line(points: Iterable[tuple[float, float]]) -> tuple[Any, ...]:
    """A line through points, as the path data of a mark."""
    return tuple(("L" if k else "M", (float(x), float(y))) for k, (x, y) in enumerate(points))


def text_outlines(
    x: float,
    y: float,
    words: str,
    size: float,
    fill: Paint = "ink",
    anchor: Anchor = "start",
    italic: bool = False,
) -> Path:
    """Text in the font of the site, as outlines."""
    name = "STIXGeneralItalic.ttf" if italic else "STIXGeneral.ttf"
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
