"""Render marks to PNG and PDF with Matplotlib's renderers and its DejaVu Sans.

Each renderer call gets explicit arguments. So neither the user's Matplotlib
style nor another thread affects a picture. Artists would read the global
settings. The few settings that the PDF renderer reads are set while it draws.
"""

import io
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path as FilePath
from typing import Any, NamedTuple, assert_never

import matplotlib
import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_pdf import Op, PdfFile, RendererPdf
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.path import Path as Outline
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D
from PIL.Image import fromarray
from PIL.PngImagePlugin import PngInfo

from ..scene import metrics
from ..scene.marks import SUBSCRIPT_DEPTH, Box, Group, Path, Text, visible_marks
from ..scene.theme import Scheme, colour
from .compose import Sheet
from .svg import SERIF_FILE

POINTS_PER_INCH, PIXELS_PER_INCH = 72, 96
"""Matplotlib's units, and those of a sheet, which are as in CSS."""

_KAPPA = 1 - 4 / 3 * (math.sqrt(2) - 1)
"""The distance of a quarter circle's control points from the corner, relative
to the radius."""

_CODES = {
    "M": (Outline.MOVETO,),
    "L": (Outline.LINETO,),
    "C": (Outline.CURVE4,) * 3,
    "Z": (Outline.CLOSEPOLY,),
}
"""Command of a path -> Matplotlib's codes for its points."""


_DEFAULT = ("pdf.compression", "pdf.inheritcolor", "pdf.use14corefonts")
"""The settings that the PDF renderer reads, and that are reset to Matplotlib's defaults."""

_TRUETYPE = 42
"""The type of embedded fonts; publishers reject Type 3, which is Matplotlib's default."""

_LOCK = threading.Lock()
"""Held while Matplotlib has our settings, which all threads share."""


@contextmanager
def _our_settings() -> Iterator[None]:
    """Set what the PDF renderer reads, in one thread at a time."""
    with _LOCK:
        settings: Any = matplotlib.rcParams
        shipped: Any = matplotlib.rcParamsDefault
        new_settings = {key: shipped[key] for key in _DEFAULT}
        new_settings |= {"pdf.fonttype": _TRUETYPE, "ps.fonttype": _TRUETYPE}
        before = {key: settings[key] for key in new_settings}
        settings.update(new_settings)
        try:
            yield
        finally:
            settings.update(before)


def paint_png(
    sheet: Sheet, scheme: Scheme, scale: float, about: dict[str, str], dpi: float
) -> bytes:
    """Render a sheet as PNG.

    Args:
        sheet: The sheet to render.
        scheme: The colour scheme.
        scale: The pixels per unit.
        about: The text metadata of the file.
        dpi: The resolution stored in the file.
    """
    scale *= sheet.unit or 1
    width, height = int(sheet.width * scale), int(sheet.height * scale)
    renderer = RendererAgg(width, height, POINTS_PER_INCH * scale)
    place = Affine2D().scale(scale, -scale).translate(0, height)
    painter = _Painter(renderer, place, scheme)
    for mark, share in visible_marks(sheet.marks):
        if isinstance(mark, Text):
            painter.outlined(mark, share)
        else:
            painter.draw(mark, share)
    info = PngInfo()
    for key, value in about.items():
        info.add_text(key, value)
    buffer = io.BytesIO()
    image = fromarray(np.asarray(renderer.buffer_rgba()))
    image.save(buffer, "png", pnginfo=info, dpi=(dpi, dpi))
    return buffer.getvalue()


@_our_settings()
def paint_pdf(sheet: Sheet, scheme: Scheme, about: dict[str, Any]) -> bytes:
    """Render a sheet as a PDF of one page with searchable text.

    Args:
        sheet: The sheet to render.
        scheme: The colour scheme.
        about: The metadata, as `PdfFile` takes it.
    """
    buffer = io.BytesIO()
    file = PdfFile(buffer, metadata=about)
    points_per_unit = (sheet.unit or 1) * POINTS_PER_INCH / PIXELS_PER_INCH
    inches_per_unit = points_per_unit / POINTS_PER_INCH
    file.newPage(sheet.width * inches_per_unit, sheet.height * inches_per_unit)
    file.output(points_per_unit, 0, 0, points_per_unit, 0, 0, Op.concat_matrix)
    renderer = RendererPdf(file, image_dpi=POINTS_PER_INCH, height=sheet.height, width=sheet.width)
    place = Affine2D().scale(1, -1).translate(0, sheet.height)
    painter = _Painter(renderer, place, scheme)
    for mark, share in visible_marks(sheet.marks):
        if isinstance(mark, Text):
            painter.written(mark, share)
        else:
            painter.draw(mark, share)
    renderer.finalize()
    file.finalize()
    file.close()
    return buffer.getvalue()


class _Painter:
    """Draws marks with a renderer of Matplotlib.

    Attributes:
        place: The transform from the coordinates of marks to those of the renderer.
    """

    def __init__(self, renderer: RendererBase, place: Affine2D, scheme: Scheme):
        self.renderer = renderer
        self.place = place
        self.scheme = scheme

    def draw(self, mark: Box | Path | Group, share: float) -> None:
        """Draw a mark; the members of a group are drawn separately."""
        match mark:
            case Box():
                self._shape(mark, _rounded_outline(mark), share)
            case Path():
                self._shape(mark, _outline(mark), share * mark.opacity)
            case Group():
                pass
            case _:
                assert_never(mark)

    def outlined(self, text: Text, share: float) -> None:
        """Draw a text as glyph outlines.

        Font hinting would make letters wider than measured, most at small
        scales.
        """
        face = to_rgba(colour(text.fill, self.scheme), share)
        for x, y, run, size, bold in _runs(text):
            letters = _letters(run, bold, text.mono, text.serif)
            unit = size / text_to_path.FONT_SCALE
            unrotated = Affine2D().scale(unit, -unit).translate(x, y)
            transform = unrotated + _rotation(text) + self.place
            self.renderer.draw_path(self.pen(None, share), letters, transform, face)

    def written(self, text: Text, share: float) -> None:
        """Draw a text as text, or as outlines if its font cannot be embedded."""
        fonts = [_font(run.text, run.bold, text.mono, run.size, text.serif) for run in _runs(text)]
        files = [font.get_file() for font in fonts]
        if not all(str(file).endswith(".ttf") for file in files):
            self.outlined(text, share)
            return
        pen = self.pen(colour(text.fill, self.scheme), share)
        for run, font in zip(_runs(text), fonts, strict=True):
            page_x, page_y = (_rotation(text) + self.place).transform((run.x, run.y))
            self.renderer.draw_text(pen, page_x, page_y, run.text, font, text.turn)

    def pen(self, stroke: str | None, share: float) -> GraphicsContextBase:
        """A graphics context for a colour; None draws no line."""
        pen = self.renderer.new_gc()
        if share < 1:
            pen.set_alpha(share)
        if stroke is None:
            pen.set_linewidth(0)
        else:
            pen.set_foreground(stroke)
        return pen

    def _shape(self, mark: Box | Path, outline: Outline, share: float) -> None:
        """Draw an outline with the fill and the stroke of a mark."""
        pen = self.pen(mark.stroke and colour(mark.stroke, self.scheme), share)
        pen.set_joinstyle("miter")
        if mark.stroke:
            pen.set_linewidth(mark.stroke_width)
        if mark.dash:
            pen.set_dashes(0, [float(n) for n in mark.dash.split()])
        if isinstance(mark, Path) and mark.crisp:
            pen.set_antialiased(False)
            pen.set_snap(False)
        face = None
        if mark.fill:
            face = to_rgba(colour(mark.fill, self.scheme), share)
        self.renderer.draw_path(pen, outline, self.place, face)


def _rotation(text: Text) -> Affine2D:
    """The rotation of a text around its anchor."""
    return Affine2D().rotate_deg_around(text.x, text.y, -text.turn)


class _PlacedRun(NamedTuple):
    """A piece of a text, with its position, size and weight."""

    x: float
    y: float
    text: str
    size: float
    bold: bool


def _runs(text: Text) -> Iterator[_PlacedRun]:
    """The pieces of a text."""
    x = text.left
    if not set(text.content) <= _MEASURED:
        # Keep the anchor in place if the drawn text is wider than measured.
        share = (text.x - x) / text.width
        x = text.x - share * sum(
            _width(run.text, text.run_size(run), text.run_bold(run), text.mono) for run in text.runs
        )
    for run in text.runs:
        size = text.run_size(run)
        y = text.y + (SUBSCRIPT_DEPTH * text.size if run.sub else 0)
        bold = text.run_bold(run)
        yield _PlacedRun(x, y, run.text, size, bold)
        # A serif text is one run, so nothing follows it.
        x += 0 if text.serif else _width(run.text, size, bold, text.mono)


_MEASURED = frozenset(metrics.CHARACTERS)
"""The characters whose widths `scene.metrics` knows."""


def _width(words: str, size: float, bold: bool, mono: bool) -> float:
    """The width of the text as drawn."""
    if set(words) <= _MEASURED:
        return metrics.width(words, size, bold=bold, mono=mono)
    font = _font(words, bold, mono, size)
    width, _, _ = text_to_path.get_text_width_height_descent(words, font, False)
    return float(width)


@lru_cache(4096)
def _letters(words: str, bold: bool, mono: bool, serif: bool) -> Outline:
    """The outlines of a text's glyphs, at the font size `text_to_path.FONT_SCALE`."""
    font = _font(words, bold, mono, text_to_path.FONT_SCALE, serif)
    return _plain(*text_to_path.get_text_path(font, words))


def _font(words: str, bold: bool, mono: bool, size: float, serif: bool = False) -> FontProperties:
    """Our serif font or Matplotlib's own copy of a font, regardless of installed fonts.

    If it lacks a character, such as Hebrew in the monospace font, another font
    is used.
    """
    if serif:
        return FontProperties(fname=SERIF_FILE, size=size)
    unknown = frozenset(words) - _MEASURED
    return FontProperties(fname=_file(unknown, bold, mono), size=size)


@cache
def _file(characters: frozenset[str], bold: bool, mono: bool) -> FilePath:
    """The first font that has all characters, or the first of all if none has."""
    folder = FilePath(matplotlib.get_data_path(), "fonts", "ttf")
    # A monospace text may fall back to the proportional font.
    first, *others = [
        folder / f"DejaVuSans{'Mono' * is_mono}{'-Bold' * bold}.ttf"
        for is_mono in ((True, False) if mono else (False,))
    ]
    if not characters:
        return first
    installed = (FilePath(font.fname) for font in fontManager.ttflist)
    for file in (first, *others, *installed):
        # LastResort claims every character and draws a box.
        is_box = file.stem.startswith("LastResort")
        if not is_box and file.is_file() and _has(file, characters):
            return file
    return first


def _has(file: FilePath, characters: frozenset[str]) -> bool:
    """Whether a font file has all characters."""
    try:
        known = get_font(str(file)).get_charmap()
    except RuntimeError:  # A broken or unsupported font file.
        return False
    return all(ord(character) in known for character in characters)


def missing_characters(sheet: Sheet) -> str:
    """The characters of a sheet that no font has, which are drawn as boxes."""
    missing: set[str] = set()
    for mark, _ in visible_marks(sheet.marks):
        if not isinstance(mark, Text):
            continue
        for run in mark.runs:
            unknown = frozenset(run.text) - _MEASURED
            if unknown:
                file = _file(unknown, mark.run_bold(run), mark.mono)
                known = get_font(str(file)).get_charmap()
                missing |= {character for character in unknown if ord(character) not in known}
    return "".join(sorted(missing))


def _plain(points: Any, codes: Any) -> Outline:
    """An outline that Matplotlib does not simplify, regardless of settings."""
    outline = Outline(points, codes)
    outline.should_simplify = False
    return outline


def _rounded_outline(box: Box) -> Outline:
    """The outline of a box with rounded corners."""
    r = min(box.radius, box.width / 2, box.height / 2)
    k = r * _KAPPA
    x, y, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
    if r == 0:
        # Zero-length curves would bevel the corners.
        return _plain(
            [(x, y), (right, y), (right, bottom), (x, bottom), (x, y)],
            [Outline.MOVETO, *(Outline.LINETO,) * 3, Outline.CLOSEPOLY],
        )
    corners = (
        ((x + r, y), (right - r, y), (right - k, y), (right, y + k)),
        ((right, y + r), (right, bottom - r), (right, bottom - k)),
        ((right - k, bottom), (right - r, bottom), (x + r, bottom)),
        ((x + k, bottom), (x, bottom - k), (x, bottom - r), (x, y + r)),
        ((x, y + k), (x + k, y), (x + r, y)),
    )
    points = [point for corner in corners for point in corner]
    codes = [Outline.MOVETO, *(Outline.LINETO, *(Outline.CURVE4,) * 3) * 4]
    return _plain(points, codes)


def _outline(path: Path) -> Outline:
    """A path in Matplotlib's form."""
    points: list[tuple[float, float]] = []
    codes: list[Any] = []
    for command, *coordinates in path.d:
        # Matplotlib needs a point for Z too, and ignores it.
        points += coordinates or [(0.0, 0.0)]
        codes += _CODES[command]
    return _plain(points, codes)
