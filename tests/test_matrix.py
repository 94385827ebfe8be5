"""Every figure of the catalogue with every kind of source.

A figure joins by being in `CATALOG`, a source by being in `sources.SOURCES`.
"""

import io
import re

import pytest
from PIL import Image

from lstm_figs.figures import CATALOG
from tests.proving import metadata, prove, read
from tests.sheets import faults
from tests.sources import SOURCES, case

LARGEST_FILE = 300_000
TWO_SOURCES = ("the example", "a stack of a .safetensors file")
TWO_FIGURES = ("weight-map", "gates-over-time")

every_figure = pytest.mark.parametrize("name", CATALOG)
every_source = pytest.mark.parametrize("source", SOURCES)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sources")


def values(figure):
    """What it shows, by the expression of each number."""
    return {(t.number.expr, str(t.number.value)) for t in figure.numbers()}


@every_figure
@every_source
def test_every_figure_of_every_source_is_drawn_and_proven(name, source, folder):
    made = case(source, folder)
    wide, narrow = (made.draw(name, width=width) for width in (720, 360))
    for figure, width in ((wide, 720), (narrow, 360)):
        assert faults(figure.sheet, width) == []
        assert len(figure.render("svg", "auto")) < LARGEST_FILE
    svg = wide.render("svg", "light").decode()
    assert prove(svg, dict(made.own)) == len(wide.numbers())
    # Over many steps this chart has no room for numbers.
    assert wide.numbers() or name == "gates-over-time"
    assert values(narrow) <= values(wide)
    assert (metadata(read(svg))["command"] is None) == (made.source is None)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        (name, source)
        for name in CATALOG
        for source in SOURCES
        if name in TWO_FIGURES or source in TWO_SOURCES
    ],
)
def test_pictures_have_the_size_the_paper_and_the_title(name, source, folder):
    figure = case(source, folder).draw(name)
    width, height = figure.sheet.width, figure.sheet.height
    with Image.open(io.BytesIO(figure.render("png", "dark", 1))) as image:
        image.load()
        assert image.format == "PNG"
        assert image.size == pytest.approx((width, height), abs=1)
        assert image.convert("RGB").getpixel((1, 1)) == (0x1E, 0x21, 0x29)
        assert image.info["Title"] == figure.title
    pdf = figure.render("pdf", "light")
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", pdf)
    assert [*map(float, box.groups())] == pytest.approx(
        [width, height], abs=0.01
    )
    assert pdf.count(b"/Type /Page ") == 1
