"""Render marks to SVG, with only the standard library."""

import json
from base64 import b64encode
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path as FilePath
from typing import assert_never

from ..proof.digits import exact
from ..scene.marks import SUBSCRIPT_DEPTH, Box, Group, Mark, Path, Text, walk
from ..scene.theme import Paint, Theme, colour, css, variable
from .compose import Sheet

SANS = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,'DejaVu Sans',sans-serif"
"""The fonts of text, the first that a reader has."""
SERIF = "'lf-headline','STIX Two Text',STIXGeneral,'Times New Roman',serif"
"""The fonts of a headline, the first of which is inside the document."""
SERIF_FILE = FilePath(__file__).with_name("stix-two-text-semibold.ttf")
"""The font of headlines."""
MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"
"""The fonts of numbers and code."""

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"}
"""Character -> what it is in XML. The ampersand must come first, because the
replacements contain it."""


def write_svg(
    sheet: Sheet,
    *,
    id: str,
    title: str,
    description: str,
    metadata: dict[str, object],
    theme: Theme,
) -> str:
    """An SVG document.

    Args:
        sheet: The sheet to render; the first mark is the paper.
        id: The figure's id, which is the prefix of all other ids.
        title: The accessible name.
        description: The text alternative, with the figure's numbers.
        metadata: The figure's JSON metadata.
        theme: See `theme.css`.
    """
    width, height = _number(sheet.width), _number(sheet.height)
    across, down = (_number(side * (sheet.unit or 1)) for side in (sheet.width, sheet.height))
    style = css(id, theme, sheet_paints(sheet))
    has_headline = any(isinstance(mark, Text) and mark.serif for mark in walk(sheet.marks))
    writer = _Writer(id, painter(theme))
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" id="{id}" '
        f'class="lf-figure" viewBox="0 0 {width} {height}" width="{across}" '
        f'height="{down}" role="img" aria-labelledby="{id}--title '
        f'{id}--desc" font-family="{SANS}" fill="none">',
        f'<title id="{id}--title">{escape(title)}</title>',
        f'<desc id="{id}--desc">{escape(description)}</desc>',
        f"<metadata>{escape(json.dumps(metadata))}</metadata>",
        f"<style>{style}</style>" if style else "",
        _font_face() if has_headline else "",
        *map(writer.mark, sheet.marks),
        "</svg>",
    ]
    return "\n".join(line for line in lines if line) + "\n"


def escape(text: str) -> str:
    """Same as `html.escape`, without importing its large table of entities."""
    for character, entity in _ENTITIES.items():
        text = text.replace(character, entity)
    return text


def _font_face() -> str:
    """The font of headlines as a part of the document, for readers who lack it."""
    font = b64encode(SERIF_FILE.read_bytes()).decode()
    source = f"url(data:font/ttf;base64,{font})"
    face = f"@font-face{{font-family:lf-headline;font-weight:700;src:{source}}}"
    return f'<style media="all">{face}</style>'


def painter(theme: Theme) -> Callable[[Paint], str]:
    """A function that formats a paint for a theme."""
    if theme == "page":
        return variable
    return lambda paint: colour(paint, "dark" if theme == "dark" else "light")


def sheet_paints(sheet: Sheet) -> set[Paint]:
    """All paints that a sheet uses."""
    paints: set[Paint | None] = set()
    for mark in walk(sheet.marks):
        if isinstance(mark, Box | Path):
            paints |= {mark.fill, mark.stroke}
        elif isinstance(mark, Text):
            paints.add(mark.fill)
        elif not isinstance(mark, Group):
            assert_never(mark)
    return {paint for paint in paints if paint}


def _number(value: float) -> str:
    """A number with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _opacity(opacity: float) -> str:
    return f' opacity="{_number(opacity)}"' if opacity < 1 else ""


def _absolute(path: Path) -> str:
    """Path data in absolute coordinates."""
    return "".join(
        command + " ".join(f"{_number(x)} {_number(y)}" for x, y in points)
        for command, *points in path.d
    )


def _tenths(path: Path) -> str:
    """Path data in relative coordinates, rounded to a tenth of a pixel.

    >>> _tenths(Path(d=(("M", (1.52, 2)), ("L", (1.81, 1)), ("Z",))))
    'm1.5 2l.3-1z'
    >>> _tenths(Path(d=(("M", (1, 1)), ("C", (2, 1), (3, 2), (3, 3)), ("L", (3, 4)))))
    'm1 1c1 0 2 1 2 2l0 1'
    """
    pieces: list[str] = []
    start_x = start_y = before_x = before_y = 0
    last_letter = ""
    for command, *points in path.d:
        letter = command.lower()
        for k, (x, y) in enumerate(points, 1):
            here_x, here_y = round(x * 10), round(y * 10)
            right = _tenth(here_x - before_x)
            down = _tenth(here_y - before_y)
            # A repeated letter may be left out, and so may the space before a minus sign.
            if letter != last_letter:
                pieces.append(letter)
            elif not right.startswith("-"):
                pieces.append(" ")
            pieces.append(right if down.startswith("-") else f"{right} ")
            pieces.append(down)
            last_letter = letter
            # The three points of a curve are relative to its beginning.
            if letter != "c" or k % 3 == 0:
                before_x, before_y = here_x, here_y
            if letter == "m":
                start_x, start_y = here_x, here_y
        if not points:
            # Z, which leads back to the start.
            pieces.append(letter)
            before_x, before_y, last_letter = start_x, start_y, letter
    return "".join(pieces)


@lru_cache(maxsize=4096)
def _tenth(count: int) -> str:
    """A number of tenths as a decimal.

    >>> _tenth(-3), _tenth(0), _tenth(105)
    ('-.3', '0', '10.5')
    """
    return f"{count / 10:g}".replace("0.", ".", abs(count) < 10)


def _tiling(path: Path) -> str:
    """Path data for horizontal lines: the start and length of each."""
    points = [point for _, *corners in path.d for point in corners]
    # Each line has two points, M and L.
    return "".join(
        f"M{_number(x)} {_number(y)}h{_number(right - x)}"
        for (x, y), (right, _) in zip(points[::2], points[1::2], strict=True)
    )


class _Writer:
    """Writes marks as elements of one SVG."""

    def __init__(self, id: str, paint: Callable[[Paint], str]):
        self.id = id
        self.paint = paint

    def mark(self, mark: Mark) -> str:
        match mark:
            case Box():
                return self._box(mark)
            case Path():
                return self._path(mark)
            case Text():
                return self._text(mark)
            case Group():
                inside = "".join(self.mark(child) for child in mark.marks)
                return f"<g{self._semantic_attributes(mark)}{_opacity(mark.opacity)}>{inside}</g>"

    def _semantic_attributes(self, mark: Mark) -> str:
        """The id, the term and the bindings of a mark, as attributes."""
        attributes = {"id": f"{self.id}--{mark.id}"} if mark.id else {}
        if mark.term:
            attributes["data-term"] = mark.term
        for binding in mark.bound:
            attributes |= binding.attributes()
        return "".join(f' {k}="{escape(v)}"' for k, v in attributes.items())

    def _paint_attributes(self, mark: Box | Path) -> str:
        """The fill and the stroke of a mark, as attributes."""
        attributes = ""
        if mark.fill:
            attributes += f' fill="{self.paint(mark.fill)}"'
        if mark.stroke:
            attributes += f' stroke="{self.paint(mark.stroke)}"'
            attributes += f' stroke-width="{_number(mark.stroke_width)}"'
        if mark.dash:
            attributes += f' stroke-dasharray="{mark.dash}"'
        return attributes

    def _box(self, box: Box) -> str:
        radius = f' rx="{_number(box.radius)}"' if box.radius else ""
        return (
            f'<rect x="{_number(box.x)}" y="{_number(box.y)}" width="{_number(box.width)}" '
            f'height="{_number(box.height)}"{radius}{self._paint_attributes(box)}'
            f"{self._semantic_attributes(box)}/>"
        )

    def _path(self, path: Path) -> str:
        path_data = _tenths if path.compact else _absolute
        attributes = self._paint_attributes(path) + _opacity(path.opacity)
        if path.crisp:
            path_data = _tiling
            attributes += ' shape-rendering="crispEdges"'
        return f'<path d="{path_data(path)}"{attributes}{self._semantic_attributes(path)}/>'

    def _text(self, text: Text) -> str:
        attributes = f' x="{_number(text.x)}" y="{_number(text.y)}"'
        attributes += f' font-size="{_number(text.size)}" fill="{self.paint(text.fill)}"'
        if text.turn:
            centre = f"{_number(text.x)} {_number(text.y)}"
            attributes += f' transform="rotate({-text.turn} {centre})"'
        if text.anchor != "start":
            attributes += f' text-anchor="{text.anchor}"'
        if text.bold:
            attributes += ' font-weight="700"'
        if text.mono or text.serif:
            attributes += f' font-family="{SERIF if text.serif else MONO}"'
        if text.kind:
            attributes += f' class="lf-{text.kind}"'
        if text.number is not None:
            number = text.number
            attributes += f' data-value="{exact(number.value)}"'
            attributes += f' data-expr="{escape(number.expr)}"'
            # Up to 1, the default tolerance of a reader's check is enough.
            if number.scale > 1:
                attributes += f' data-scale="{number.scale!r}"'
        return f"<text{attributes}{self._semantic_attributes(text)}>{self._runs(text)}</text>"

    def _runs(self, text: Text) -> str:
        """The content of a text; subscripts are moved down."""
        spans: list[str] = []
        last_depth = 0.0
        for run in text.runs:
            depth = SUBSCRIPT_DEPTH * text.size if run.sub else 0.0
            if depth == last_depth == 0:
                spans.append(escape(run.text))
            else:
                attributes = f' dy="{_number(depth - last_depth)}"'
                if run.sub:
                    attributes += f' font-size="{_number(text.run_size(run))}"'
                if text.run_bold(run) != text.bold:
                    attributes += ' font-weight="400"'
                spans.append(f"<tspan{attributes}>{escape(run.text)}</tspan>")
            last_depth = depth
        return "".join(spans)
