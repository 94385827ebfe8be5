"""Draw every figure and every kind of source as PNG and PDF.

`binding/test_figures.py` draws each figure from each source as SVG. Here, images
are compared with the SVG of the same marks, element by element. How a browser
renders them is compared with images in `browser/test_pictures.py`.
"""

import io
import re

import pytest
from PIL import Image

from lstm_figs import draw
from tests import renderer_calls
from tests.proof import read, svg_of
from tests.sources import SOURCES, UNTRAINED_FIGURES, case

EXAMPLE, NARROW = FEW = "the example", "a stack of a .safetensors file"
TWO_FIGURES = ("weight-map", "gates-over-time")


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sources")


@pytest.mark.parametrize(
    ("name", "source"),
    [
        pytest.param(name, source, marks=() if source in FEW else pytest.mark.thorough)
        for name in UNTRAINED_FIGURES
        for source in SOURCES
        if name in TWO_FIGURES or source in FEW
    ],
)
def test_pictures_are_painted_as_an_svg_says(name, source, folder):
    available_width = 360 if source == NARROW else 720
    figure = case(source, folder).draw(name, width=available_width)
    width, height = figure.sheet.width, figure.sheet.height
    with renderer_calls.recorded_calls() as calls:
        png = figure.render("png", "dark", 1)
    dark = read(figure.render("svg", "dark").decode())
    assert renderer_calls.faults(calls, dark) == []
    with Image.open(io.BytesIO(png)) as image:
        image.load()
        assert image.format == "PNG"
        assert image.size == pytest.approx((width, height), abs=1)
        assert image.convert("RGB").getpixel((1, 1)) == (0x1E, 0x21, 0x29)
        assert image.info["Title"] == figure.title
    with renderer_calls.recorded_calls() as calls:
        pdf = figure.render("pdf", "light")
    light = read(svg_of(figure))
    assert renderer_calls.faults(calls, light) == []
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", pdf)
    assert [*map(float, box.groups())] == pytest.approx([width * 0.75, height * 0.75], abs=0.01)
    fonts = {*re.findall(rb"/Subtype /(\w*Type\w*)|/(FontFile\d)", pdf)}
    assert fonts == {(b"Type0", b""), (b"CIDFontType2", b""), (b"", b"FontFile2")}
    assert pdf.count(b"/Type /Page ") == 1


@pytest.mark.parametrize("format", ["png", "pdf"])
def test_what_steps_back_is_as_pale_in_a_picture(format):
    figure = draw("keep-write-show", focus="keep")
    with renderer_calls.recorded_calls() as calls:
        figure.render(format, "light")
    root = read(svg_of(figure))
    assert renderer_calls.faults(calls, root) == []
    assert {call.look.opacity for call in calls} == {1, 0.2}


def test_a_letter_of_another_font_stands_around_its_step():
    figure = draw("reading", network="brackets", text="(ש)")
    with renderer_calls.recorded_calls() as calls:
        figure.render("png", "light", 1)
    root = read(svg_of(figure))
    letters = [
        (call.points[:, 0], element.around[0])
        for call, (element, _) in zip(calls, renderer_calls.drawn_elements(root), strict=True)
        if getattr(element, "words", "") == "ש"
    ]
    assert letters
    for points, middle in letters:
        assert (points.min() + points.max()) / 2 == pytest.approx(middle, abs=1)
