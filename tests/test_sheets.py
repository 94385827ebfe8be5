"""The poster, the cheat sheet and their paper."""

import re
import zlib
from io import BytesIO

import pytest
from PIL import Image

import lstm_figs
from lstm_figs.command.request import Request, parse_header
from lstm_figs.errors import UsageError
from lstm_figs.figures import SHEETS
from lstm_figs.render.paint import POINTS_PER_INCH
from lstm_figs.scene.marks import Box, Text, bounds, walk
from lstm_figs.sheets import card
from lstm_figs.sheets.paper import MILLIMETRES, MILLIMETRES_PER_INCH
from tests import layout_faults, renderer_calls
from tests.proof import read, svg_of

PAPERS = {"poster": "A3", "cheat-sheet": "A4"}

every_sheet = pytest.mark.parametrize("name", SHEETS)


@pytest.fixture(scope="module")
def drawn_sheets():
    return {name: lstm_figs.draw(name) for name in SHEETS}


def inches(name):
    return [side / MILLIMETRES_PER_INCH for side in MILLIMETRES[PAPERS[name]]]


@every_sheet
def test_a_pdf_is_drawn_as_an_svg_says_and_fills_its_page(name, drawn_sheets):
    with renderer_calls.recorded_calls() as calls:
        pdf = drawn_sheets[name].render("pdf", "light")
    svg = read(svg_of(drawn_sheets[name]))
    assert renderer_calls.faults(calls, svg) == []
    pieces = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    content = zlib.decompress(pieces[0])
    width, height = (POINTS_PER_INCH * side for side in inches(name))
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", pdf)
    assert [*map(float, box.groups())] == pytest.approx([width, height])
    unit = width / drawn_sheets[name].sheet.width
    scale = re.search(rb"([\d.]+) 0 0 ([\d.]+) 0 0 cm", content)
    assert [*map(float, scale.groups())] == pytest.approx([unit, unit], rel=1e-4)


@every_sheet
def test_a_png_has_96_pixels_an_inch_at_a_scale_of_one(name, drawn_sheets):
    png = Image.open(BytesIO(drawn_sheets[name].render("png", "light", 1)))
    assert png.size == tuple(int(96 * side) for side in inches(name))
    assert png.info["dpi"] == pytest.approx((96, 96), abs=0.1)


@every_sheet
def test_a_sheet_takes_no_width(name, refusal):
    error = refusal("draw", name, "--width", "360", "-o", "-")
    assert f"got width 360 for {name}, expected none" in error
    with pytest.raises(UsageError, match="it has the size of its paper"):
        lstm_figs.draw(name, width=600)
    with pytest.raises(UsageError, match="it has the size of its paper"):
        parse_header(f"{name} --width 500")


@every_sheet
def test_ids_of_several_figures_are_unique(name, drawn_sheets):
    ids = [mark.id for mark in walk(drawn_sheets[name].sheet.marks) if mark.id]
    assert len(ids) == len({*ids}) > 40


@every_sheet
def test_a_sheet_has_one_form(name, drawn_sheets):
    forms = Request(name).forms()
    assert [form.id for form in forms] == [name]
    assert forms[0].render("svg", "page") == drawn_sheets[name].render("svg", "page")


@pytest.mark.parametrize("name", ["reading", "cell", "autograd", "error", "gate-functions", "gru"])
def test_a_card_is_read_at_half_its_size(name):
    scene = Request(name).forms()[-1].scene
    sheet = card.card(scene, str(scene.heading.title))
    assert (sheet.width * sheet.unit, sheet.height * sheet.unit) == (1200, 630)
    texts = [m for m in walk(sheet.marks) if isinstance(m, Text)]
    assert min(text.size * sheet.unit / 2 for text in texts) >= 11.5
    ground = next(
        m
        for m in sheet.marks
        if isinstance(m, Box) and m.fill == "panel" and m.height == sheet.height
    )
    marks = sheet.marks[sheet.marks.index(ground) + 1 :]
    own = bounds(marks)
    assert own.left >= card.SIDE_MARGIN - 1
    assert own.right <= ground.width
    words = " ".join(m.content for m in marks if m.bold and m.size > card.LOGO_SIZE)
    assert words == str(scene.heading.title)
    assert layout_faults.faults(sheet._replace(marks=(sheet.marks[0], *marks))) == []
    seen = bounds(sheet.marks[1 : sheet.marks.index(ground)])
    assert seen.left >= ground.width
    assert seen.right <= sheet.width


def test_a_long_sentence_is_set_in_smaller_letters():
    scene = Request("error").forms()[-1].scene
    long = "The state is for another batch than that of x " * 3
    marks = card.card(scene, long.strip()).marks
    title_marks = [
        m
        for m in marks
        if isinstance(m, Text) and m.bold and m.x == card.SIDE_MARGIN and len(m.content) > 1
    ]
    assert {m.size for m in title_marks} < {*range(13, 25)}
    assert bounds(title_marks).right <= card.WIDTH - card.PICTURE_WIDTH
    assert bounds(title_marks).bottom <= card.HEIGHT - card.SIDE_MARGIN - card.LOGO_SIZE
