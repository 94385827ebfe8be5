"""From a scene to the bytes of a file."""

import io
from pathlib import Path
from typing import Literal

from ..errors import UnknownName
from ..theme import Theme
from .compose import Sheet, compose

__all__ = ["FORMATS", "Format", "Sheet", "compose", "render", "suffix_format"]

Format = Literal["svg", "png", "pdf"]
FORMATS: tuple[Format, ...] = ("svg", "png", "pdf")


def suffix_format(path: Path) -> Format:
    """The format that a file's suffix names.

    Raises:
        UnknownName: If it names none.
    """
    for format in FORMATS:
        if path.suffix == f".{format}":
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
    """Draw a sheet.

    Args:
        sheet: What to draw.
        format: `svg`, `png` or `pdf`.
        theme: `page` and `auto` are for SVG; a picture takes them as light.
        scale: Pixels of a PNG for each unit.
        id: What ids begin with.
        title: The name of the figure.
        description: What it shows.
        metadata: The JSON object of an SVG.
    """
    if format == "svg":
        from .svg import write_svg

        text = write_svg(
            sheet,
            id=id,
            title=title,
            description=description,
            metadata=metadata,
            theme=theme,
        )
        return text.encode()

    from .paint import DPI, canvas, paint_marks

    scheme: Literal["light", "dark"] = "dark" if theme == "dark" else "light"
    figure, axes = canvas(sheet.width, sheet.height)
    paint_marks(axes, sheet.marks, scheme)
    if sheet.axes:
        from .chart import plot

        plot(figure, sheet.axes, scheme)
    stamps = (
        {"Software": None, "Title": title, "Description": description}
        if format == "png"
        else {"CreationDate": None, "Title": title, "Subject": description}
    )
    buffer = io.BytesIO()
    figure.savefig(buffer, format=format, dpi=DPI * scale, metadata=stamps)
    return buffer.getvalue()
