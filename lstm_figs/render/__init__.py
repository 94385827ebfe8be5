"""Render a sheet to the bytes of a file."""

from numbers import Real
from pathlib import Path
from typing import Literal, get_args

from ..errors import MissingTool, UnknownName, UsageError, check_known, quoted
from ..scene.theme import Theme
from .compose import Sheet, compose

__all__ = [
    "DPI",
    "FORMATS",
    "SCALE",
    "SCALES",
    "Format",
    "Sheet",
    "compose",
    "missing_characters",
    "render",
    "suffix_format",
]

Format = Literal["svg", "png", "pdf"]
"""A format in which a figure can be saved."""
FORMATS: tuple[Format, ...] = get_args(Format)

SCALE = 2.0
"""The default pixels of a PNG per unit of a figure."""

SCALES = (0.25, 10)
"""The range of scales, from a thumbnail to print at 960 dpi."""

DPI = 96
"""The resolution of a PNG at scale 1, as in CSS."""


def suffix_format(path: Path) -> Format:
    """The format for a file suffix.

    Raises:
        UnknownName: If the suffix is unknown.
    """
    for format in FORMATS:
        if path.suffix.lower() == f".{format}":
            return format
    raise UnknownName("suffix", path.suffix, [f".{f}" for f in FORMATS])


def render(
    sheet: Sheet,
    format: Format,
    theme: Theme,
    *,
    scale: float,
    id: str,
    title: str,
    description: str,
    metadata: dict[str, object],
) -> bytes:
    """Render a sheet.

    Args:
        sheet: The sheet to render.
        format: `svg`, `png` or `pdf`.
        theme: `page` and `auto` are for SVG; PNG and PDF treat them as light.
        scale: The pixels of a PNG per unit.
        id: The prefix of ids.
        title: The name of the figure.
        description: The text alternative.
        metadata: The JSON metadata of an SVG.

    Raises:
        UnknownName: If there is no such format or theme.
        UsageError: If the scale is out of range.
        MissingTool: If Matplotlib is missing, for a PNG or PDF.
    """
    check_known("format", format, FORMATS)
    check_known("theme", theme, get_args(Theme))
    low, high = SCALES
    if not isinstance(scale, Real) or not low <= scale <= high:
        raise UsageError(
            f"got scale={quoted(scale)}, expected a number from {low:g} to {high:g}; choose another"
        )
    if format == "svg":
        from .svg import write_svg

        text = write_svg(
            sheet, id=id, title=title, description=description, metadata=metadata, theme=theme
        )
        return text.encode()

    try:
        from .paint import paint_pdf, paint_png
    except ModuleNotFoundError as error:
        raise MissingTool(
            f"{error.name} is not installed, and PNG and PDF need it; install "
            "it with: pip install matplotlib"
        ) from error

    scheme: Literal["light", "dark"] = "dark" if theme == "dark" else "light"
    if format == "png":
        about = {"Title": title, "Description": description}
        return paint_png(sheet, scheme, scale, about, DPI * scale)
    return paint_pdf(sheet, scheme, {"CreationDate": None, "Title": title, "Subject": description})


def missing_characters(sheet: Sheet, format: Format) -> str:
    """The characters that no installed font has, for formats that need fonts.

    An SVG uses the reader's fonts.
    """
    if format == "svg":
        return ""
    from .paint import missing_characters as letters

    return letters(sheet)
