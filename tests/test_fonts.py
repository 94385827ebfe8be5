"""The fonts of PNG and PDF files."""

import json
import re
import shutil
from pathlib import Path

import pytest
from matplotlib.font_manager import fontManager, get_font

from lstm_figs import draw
from lstm_figs.render import paint
from lstm_figs.render.paint import _file, _width
from lstm_figs.render.svg import SANS
from lstm_figs.scene import metrics
from tests import renderer_calls


@pytest.mark.parametrize("words", ["שלום", "ڨ", "naïve", "кот"])
def test_a_font_that_has_the_letters_is_taken(words):
    unknown = frozenset(words)
    file = _file(unknown, bold=False, mono=True)
    known = get_font(str(file)).get_charmap()
    assert [c for c in words if ord(c) not in known] == []


@pytest.mark.parametrize("words", ["שלום", "кот", "كتاب"])
def test_letters_are_no_wider_than_they_were_measured(words):
    assert _width(words, 12, bold=False, mono=True) <= metrics.width(words, 12, mono=True)


@pytest.mark.parametrize("format", ["png", "pdf", "svg"])
def test_letters_that_no_font_has_are_told(format, folder, monkeypatch, call):
    # Matplotlib's own fonts draw boxes for Khmer letters.
    shipped = [font for font in fontManager.ttflist if "matplotlib" in font.fname]
    monkeypatch.setattr(fontManager, "ttflist", shipped)
    # The fonts found before, and afterwards those found here, are forgotten.
    _file.cache_clear()
    Path("t.json").write_text(json.dumps(["ក", "ខ", "ב", "a"]))
    words = "draw reading --network example --tokens t.json --format"
    code, _, error = call(*words.split(), format)
    _file.cache_clear()
    advice = "so PNG and PDF show boxes there; install a font for that script, or draw SVG"
    pattern = "" if format == "svg" else f"lstm-figs: no font on this machine has កខ, {advice}.*\n"
    assert (code, bool(re.fullmatch(pattern, error))) == (0, True)


def test_letters_of_a_font_that_a_pdf_cannot_embed_are_outlines(monkeypatch, tmp_path):
    font = shutil.copy(_file(frozenset(), bold=False, mono=False), tmp_path / "font.otf")
    monkeypatch.setattr(
        paint, "_file", lambda unknown, *look: font if unknown else _file(unknown, *look)
    )
    with renderer_calls.recorded_calls() as calls:
        draw("reading", network="brackets", text="(ש)").render("pdf", "light")
    words = [call.text.words for call in calls if call.text]
    assert ")" in words
    assert "ש" not in words


def test_a_figure_on_a_page_has_the_font_of_the_page():
    css = Path("docs/assets/site.css").read_text("utf-8")
    own = re.search(r"--lf-sans:([^;]*);", css)[1]
    assert re.split(r",\s*", own.strip().replace('"', "'")) == SANS.split(",")
