"""The widths of characters against the font."""

from pathlib import Path

import matplotlib
import pytest
from matplotlib.ft2font import FT2Font, LoadFlags

from lstm_figs.render.svg import SERIF_FILE
from lstm_figs.scene import metrics

FONTS = Path(matplotlib.get_data_path(), "fonts", "ttf")
UNITS = 2048
"""Units per em, in which the font has its widths."""


def advances(file, units, characters):
    font = FT2Font(str(file))
    assert font.units_per_EM == units
    return {c: font.load_char(ord(c), flags=LoadFlags.NO_SCALE).horiAdvance for c in characters}


@pytest.mark.parametrize(
    ("font", "style"),
    [
        ("DejaVuSans", {}),
        ("DejaVuSans-Bold", {"bold": True}),
        ("DejaVuSansMono", {"mono": True}),
        ("DejaVuSansMono-Bold", {"mono": True, "bold": True}),
    ],
)
def test_every_width_is_that_of_the_font(font, style):
    table = {c: metrics.width(c, UNITS, **style) for c in metrics.CHARACTERS}
    assert table == advances(FONTS / f"{font}.ttf", UNITS, metrics.CHARACTERS)


def test_the_serif_font_has_the_widths_of_its_characters():
    table = metrics.SERIF_ADVANCES
    assert table == advances(SERIF_FILE, 1000, table)


@pytest.mark.parametrize("font", ["DejaVuSans", "DejaVuSansMono"])
def test_the_font_has_every_character(font):
    known = FT2Font(str(FONTS / f"{font}.ttf")).get_charmap()
    assert [c for c in metrics.CHARACTERS if ord(c) not in known] == []


def test_a_character_that_is_not_in_the_table_counts_as_the_widest():
    widest = max(metrics.width(c, 12, bold=True) for c in metrics.CHARACTERS)
    assert metrics.width("漢", 12) == 12
    assert widest <= 13.5
