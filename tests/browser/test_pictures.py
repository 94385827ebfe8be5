"""Compare PNGs with how a browser renders the SVG.

Both are drawn from the same marks; letters differ because browsers use different
fonts. `test_raster_and_pdf` compares the marks one by one.
"""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from lstm_figs.command.request import parse_header
from lstm_figs.figures import CATALOG

HEADERS = (
    *CATALOG,
    "cell-input --unit 0",
    "weight-map --input-size 17 --hidden-size 33",
    "gates-over-time --input-size 3 --hidden-size 20 --seq-len 400",
    "gate-functions --network brackets",
)
"""All figures, and requests drawn by separate code because numbers do not fit."""

LOOKS = (("light", 720), ("dark", 360), ("light", 360), ("dark", 720))
"""Colour scheme and width, one pair for each header in turn."""

MAX_DIFFERENCE = 8
"""The most by which colour channels may differ on average, of 255."""


def pixels(picture):
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"), float)


@pytest.mark.parametrize(
    ("header", "theme", "width"),
    [(header, *LOOKS[k % len(LOOKS)]) for k, header in enumerate(dict.fromkeys(HEADERS))],
)
def test_a_png_is_what_a_browser_shows_of_the_svg(file_page, header, theme, width):
    figure = replace(parse_header(header), width=width).draw()
    png = pixels(figure.render("png", theme, 1))
    svg = figure.render("svg", theme).decode()
    file_page.set_content(f"<body style='margin: 0'>{svg}")
    # The screenshot may have a further, partial pixel at the right and below.
    height, png_width, _ = png.shape
    screenshot = pixels(file_page.locator("svg").screenshot())[:height, :png_width]
    difference = abs(png - screenshot).mean()
    mirrored = [abs(turned - screenshot).mean() for turned in (png[:, ::-1], png[::-1])]
    assert difference <= MAX_DIFFERENCE
    assert min(mirrored) >= 2 * difference
