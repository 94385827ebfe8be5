"""SVG files: themes, ids and reproducible bytes."""

import io
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from matplotlib import rc_context, rcParams
from matplotlib.backends.backend_pdf import RendererPdf
from PIL import Image

from lstm_figs import draw
from lstm_figs.figures import CATALOG, SHEETS, TRAINED
from lstm_figs.render import FORMATS, Sheet, render
from lstm_figs.scene.marks import Box, Text, bounds, walk
from lstm_figs.scene.scenes import Head
from lstm_figs.scene.theme import COLOURS_BY_ROLE
from tests import layout_faults
from tests.proof import SVG, metadata, read, svg_of, texts

every_figure = pytest.mark.parametrize("name", [*CATALOG, *SHEETS])
THEMES = ("light", "dark", "auto", "page")
SLIDES = ("cell", "keep-write-show", "reading", "perceptron", "four-weights", "unrolled")
"""Figures for slides, of which each fills at least two thirds."""


figure_of = cache(draw)


@cache
def svg(name, theme="light"):
    return figure_of(name).render("svg", theme).decode()


@every_figure
def test_texts_are_read_as_they_are_composed(name):
    figure = figure_of(name)
    marks = [m for m in walk(figure.sheet.marks) if isinstance(m, Text)]
    composed = ["".join(run.text for run in mark.runs) for mark in marks]
    contents = [printed for _, printed in texts(read(svg(name)))]
    assert contents == composed
    assert " ".join(composed).startswith(figure.title)
    heading = figure.scene.heading
    if name in SHEETS:
        return  # The last words are next to each other.
    if isinstance(heading, Head):
        foot = [note.text for note in heading.notes] + [heading.source.text]
        for last in [*filter(None, foot)][-1:]:
            assert composed[-1] in last
    else:
        assert composed[-1].endswith("The example network.")


DIGESTS = """
import hashlib, lstm_figs
painted = ("cell", "data-flow", "gates-over-time", "weight-map")
for name in lstm_figs.CATALOG:
    figure = lstm_figs.draw(name)
    for format in ("svg", "png", "pdf") if name in painted else ("svg",):
        digest = hashlib.sha256(figure.render(format, "light"))
        print(name, format, digest.hexdigest())
"""
# Images are painted from the marks, so one of each kind of scene is enough.


def test_bytes_are_the_same_in_every_process_on_every_day(tmp_path):
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", DIGESTS],
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "SOURCE_DATE_EPOCH": epoch},
        )
        for seed, folder, zone, epoch in (
            ("1", "/", "UTC", "0"),
            ("2", tmp_path, "Asia/Tokyo", "1700000000"),
        )
    ]
    first, second = (process.communicate()[0] for process in processes)
    assert [process.returncode for process in processes] == [0, 0]
    assert len(first.splitlines()) == len(CATALOG) + 2 * 4
    assert first == second


@every_figure
def test_a_theme_decides_how_colours_are_written_and_nothing_else(name):
    def colourless(theme):
        text = re.sub(r"<style>.*</style>\n", "", svg(name, theme))
        return re.sub(r' (fill|stroke)="(?!none)[^"]*"', "", text)

    def paints(theme):
        for element in read(svg(name, theme)).iter():
            for attribute in ("fill", "stroke"):
                if (paint := element.get(attribute, "none")) != "none":
                    yield attribute, paint

    assert len({colourless(theme) for theme in THEMES}) == 1
    for theme in ("light", "dark"):
        assert "var(" not in svg(name, theme)
        assert "<style>" not in svg(name, theme)
    auto = svg(name, "auto")
    style = read(auto).findtext(f"{SVG}style")
    assert "prefers-color-scheme:dark" in style
    assert all(f'[{attribute}="{paint}"]{{' in style for attribute, paint in paints("auto"))
    assert re.sub(r"<style>[^<]*</style>\n", "", auto, count=1) == svg(name)
    assert all("var(--lf-" in paint for _, paint in paints("page"))
    used = {*re.findall(r"var\(--lf-([\w-]+)\)", svg(name, "page"))}
    declared = re.findall(r"--lf-([\w-]+):(#\w+)", svg(name, "page"))
    assert sorted(declared) == sorted((r, c) for r in used for c in COLOURS_BY_ROLE[r])


@every_figure
def test_an_svg_names_itself_and_asks_nothing_of_another_host(name):
    root = read(svg(name))
    assert root.tag == f"{SVG}svg"
    assert [e for e in root.iter() if e is not root and e.tag in {root.tag, f"{SVG}image"}] == []
    assert root.get("role") == "img"
    title, desc = root[0], root[1]
    assert (title.tag, desc.tag) == (f"{SVG}title", f"{SVG}desc")
    labels = f"{title.get('id')} {desc.get('id')}"
    assert root.get("aria-labelledby") == labels == f"{name}--title {name}--desc"
    assert title.text == figure_of(name).title
    assert len(desc.text) > 100
    _, _, width, height = root.get("viewBox").split()
    unit = figure_of(name).sheet.unit or 1
    for side, length in (("width", width), ("height", height)):
        assert float(root.get(side)) == pytest.approx(unit * float(length), abs=0.01)
    targets = {a or b for a, b in re.findall(r'(?:href|src)="([^"]*)"|url\(([^)]*)\)', svg(name))}
    addresses = {target for target in targets if not target.startswith("data:font/")}
    assert {t.removeprefix("#") for t in addresses} <= {e.get("id") for e in root.iter()}
    figure = read(figure_of(name)._repr_html_())
    assert re.fullmatch(f"{name}-[0-9a-f]{{8}}(-[0-9]+)?", figure.get("id"))
    trained = f" --network {TRAINED[name]}" if name in TRAINED else ""
    command = f"lstm-figs draw {name}{trained} --id {figure.get('id')}"
    assert metadata(figure)["command"] == command


@pytest.mark.parametrize("name", SLIDES)
def test_a_slide_has_its_shape_and_the_words_of_the_figure(name):
    slide = draw(name, aspect="wide")
    command = metadata(read(svg_of(slide)))["command"]
    assert command.endswith("--aspect wide")
    width, height = slide.sheet.width, slide.sheet.height
    assert width / height == pytest.approx(16 / 9)
    assert layout_faults.faults(slide.sheet) == []
    left, top, right, bottom = bounds(slide.sheet.marks[1:])
    assert (right - left) * (bottom - top) > 2 / 3 * width * height
    words = [
        " ".join(text for _, text in texts(read(svg_of(figure)))).split()
        for figure in (slide, draw(name))
    ]
    assert words[0] == words[1]


@pytest.mark.parametrize("scale", [0.5, 1, 2])
def test_text_of_a_small_picture_stays_within_the_margin(scale):
    written = draw("hidden-size").render("png", "light", scale)
    pixels = np.asarray(Image.open(io.BytesIO(written)).convert("L"))
    margin = pixels[:, -int(10 * scale) :]
    assert (margin == 255).all()


@pytest.mark.parametrize("format", FORMATS)
def test_a_figure_saves_itself(format, folder):
    figure = draw("unrolled")
    path = figure.save(Path("new", f"x.{format}"))
    theme = "auto" if format == "svg" else "light"
    assert path.read_bytes() == figure.render(format, theme)
    dark = figure.save(str(path), "dark").read_bytes()
    assert dark == figure.render(format, "dark")


def test_threads_and_styles_change_neither_a_byte_nor_a_setting():
    figures = [draw("forget-bias"), draw("autograd")]
    variants = [(f, format) for f in figures for format in FORMATS]

    def rendered(variant):
        figure, format = variant
        return figure.render(format, "light", 1)

    alone, settings = [*map(rendered, variants)], dict(rcParams)
    style = {
        "text.usetex": True,
        "savefig.bbox": "tight",
        "lines.linewidth": 7,
        "axes.spines.left": False,
        "path.sketch": (1, 100, 2),
        "svg.hashsalt": "own",
        "text.hinting": "force_autohint",
        "pdf.fonttype": 42,
        "pdf.use14corefonts": True,
        "ps.fonttype": 42,
    }
    with ThreadPoolExecutor(4) as threads:
        together = [*threads.map(rendered, variants * 3)]
        with rc_context(style):
            own = dict(rcParams)
            styled = [*threads.map(rendered, variants)]
            assert dict(rcParams) == own
    assert together == alone * 3
    assert styled == alone
    assert dict(rcParams) == settings


@pytest.mark.parametrize("turn", [0, 45, 90])
def test_a_text_is_turned_around_its_anchor_in_every_format(turn, monkeypatch):
    text = Text(40, 160, "turned words", 14, turn=turn)
    sheet = Sheet(200, 200, (Box(0, 0, 200, 200, fill="paper"), text))
    arguments = {"scale": 1, "id": "a", "title": "", "description": "", "metadata": {}}
    svg = render(sheet, "svg", "light", **arguments).decode()
    assert (f'transform="rotate(-{turn} 40 160)"' in svg) == bool(turn)
    picture = render(sheet, "png", "light", **arguments)
    with Image.open(io.BytesIO(picture)) as image:
        y, x = np.nonzero(np.asarray(image.convert("L")) < 128)
    left, top, right, bottom = bounds([text])
    ink = x.min(), y.min(), x.max(), y.max()
    assert np.abs(np.subtract(ink, (left, top, right, bottom))).max() < 7
    asked = []
    monkeypatch.setattr(
        RendererPdf, "draw_text", lambda *renderer_arguments: asked.append(renderer_arguments[2:7])
    )
    render(sheet, "pdf", "light", **arguments)
    ((right, up, words, _, angle),) = asked
    assert (words, angle) == ("turned words", turn)
    assert (right, up) == pytest.approx((40, 40))
