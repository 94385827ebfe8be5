"""`page`: one HTML file with figures."""

import html
import re
import shlex
from pathlib import Path

import pytest
import torch
from justhtml import JustHTML

import lstm_figs as lf
from lstm_figs.figures import CATALOG, WHOLE_MODULE
from lstm_figs.html import size_sentences
from lstm_figs.html.page import page
from lstm_figs.html.size_sentences import SECTIONS
from lstm_figs.model.layer_run import LayerRun
from lstm_figs.options import figure_options
from lstm_figs.sources import Source
from tests.cli.test_embed import svgs, unique_ids
from tests.proof import content, metadata, prove, read
from tests.sources import UNTRAINED_FIGURES
from tests.test_command import run


@pytest.fixture(scope="module")
def example_page():
    return run("lstm-figs page --out -").decode()


def page_of(options):
    text = run(f"lstm-figs page {options} --out -").decode()
    JustHTML(text, strict=True)
    # The options of a command are spans, so that none is broken over two lines.
    return re.sub(r'<span class="lf-option">(.*?)</span>', r"\1", text)


def words(text):
    """The words of a page outside of figures and of what is folded."""
    folded = '<details(?! class="same").*?</details>'
    bare = re.sub(rf"<(svg|style).*?</\1>|{folded}|<[^>]+>", " ", text, flags=re.DOTALL)
    return " ".join(html.unescape(bare).split())


def test_every_figure_of_the_catalogue_has_its_place_on_a_page():
    placed = [name for section in SECTIONS for name in section.figures]
    assert sorted(placed) == sorted(CATALOG)


def test_a_page_begins_with_what_is_particular_and_folds_the_rest(example_page):
    first, same, last = re.split('<details class="same">|</details>\\n<h2', example_page)
    for name in UNTRAINED_FIGURES:
        own = name in SECTIONS[0].figures
        assert (f'id="figure-{name}"' in first) == own
        assert (f'id="figure-{name}"' in same) != own
    assert "How to check a number" in last
    for sentence in SENTENCES.splitlines():
        assert sentence in words(example_page)


SENTENCES = """\
keeps nothing between two calls
unit k owns row k of each band
neither a longer run nor a larger batch has more parameters
output is the last layer at every step; h_n and c_n are every layer
gradient, the sum over steps and sequences
rounded where they are printed, and nowhere else
data-expr is its expression, data-value its value"""


def test_a_new_figure_is_on_a_page_after_the_one_before_it(monkeypatch):
    names = list(CATALOG)
    at = names.index("weight-map") + 1
    modules = dict.fromkeys([*names[:at], "new", *names[at:]], "")
    monkeypatch.setattr(CATALOG, "paths", modules)
    (first, *_) = size_sentences._sections_with_figures()
    figures = list(first.figures)
    assert figures[figures.index("weight-map") + 1] == "new"


def test_a_page_is_written_and_its_path_is_printed(example_page, call):
    assert call("page") == (0, "lstm.html\n", "")
    assert Path("lstm.html").read_text("utf-8") == example_page
    assert call("page", "--out", "a/b.html")[1] == "a/b.html\n"
    assert Path("a/b.html").is_file()


def test_a_page_is_valid_and_asks_no_host_for_anything(example_page):
    text = example_page
    JustHTML(text, strict=True)
    assert text.count("<script") == text.count('<script type="module">\n') == 3
    assert not re.search(r"<(img|link|iframe|object|embed)\b", text)
    assert "url(" not in text
    assert "@import" not in text
    addresses = set(re.findall(r'(?:href|src)="([^"#]+)"', text))
    assert addresses == {"https://creativecommons.org/licenses/by/4.0/"}
    targets = set(re.findall(r'href="#([^"]+)"', text))
    assert targets <= unique_ids(text)
    assert {f"figure-{name}" for name in UNTRAINED_FIGURES} <= targets


def test_a_page_has_every_figure_as_its_command_draws_it_and_its_proof():
    own = "--input-size 2 --hidden-size 3 --units 2,0"
    text = page_of(own)
    assert f"<code>lstm-figs page {own}</code>" in text
    figures = svgs(text)
    assert len(figures) == 2 * len(UNTRAINED_FIGURES)
    asked = set()
    for svg in figures:
        meta = metadata(read(svg))
        if "--units 2,0" in meta["command"]:
            asked.add(meta["figure"])
        assert content(svg) == content(run(meta["command"], "--out", "-").decode())
        assert html.escape(meta["preamble"]) in text
        code = f"<code>{html.escape(meta['command'])}</code>"
        narrow = read(svg).get("id").endswith("-narrow")
        assert narrow == ("--width 360 --id" in meta["command"])
        assert narrow != (code in text)
    assert asked == {"reading", "writes", "keep-write-show"}
    assert prove(figures[0]) > 0


def test_a_page_of_one_of_several_layers_says_how_to_show_another():
    source = Source(input_size=2, hidden_size=3, num_layers=3, bidirectional=True)
    for layer, direction in ((0, "forward"), (2, "reverse")):
        subject = LayerRun(source.trace(), layer, direction)
        text = words(SECTIONS[0].to_html(subject))
        assert f"Figures of one layer show layer {layer}, {direction};" in text
        assert "has --layer 0 to 2 and --reverse in its command" in text
    trace = Source(input_size=2, hidden_size=3).trace()
    assert "Figures of one layer" not in SECTIONS[0].to_html(LayerRun(trace))


# Inputs, units and sequences; a single one is written without an s.
@pytest.mark.parametrize(("i", "h", "n"), [(1, 1, 1), (8, 8, 3), (3, 1, 2)])
def test_a_page_says_sizes_counts_rows_and_what_is_left_out(i, h, n):
    page_text = words(page_of(f"--input-size {i} --hidden-size {h} --seq-len 3 --batch-size {n}"))
    total = 4 * h * (i + h + 2)
    plural = "" if h == 1 else "s"
    assert f"{h} unit{plural}: {total:,} parameters in 4 tensors" in page_text
    assert f"= {total} numbers" in page_text
    assert f"nn.LSTM({i}, {h}), figure by figure" in page_text
    last = f"row {4 * h - 1}" if h == 1 else f"rows {3 * h} to {4 * h - 1}"
    assert f"o , {last}: the output gate" in page_text
    assert f"of shape ({3}, {n}, {h})" in page_text
    assert "step 2 of 3" in page_text
    assert ("unit 0 of" in page_text) == (h > 1)
    assert (f"sequence 1 of {n}." in page_text) == (n > 1)


def test_a_page_of_the_brackets_has_all_that_a_reader_may_ask_for():
    html_text = page_of("--network brackets --text 'f(a)'")
    live = re.findall(r'data-figure="([^"]+)"', html_text)
    assert live == ["reading", "keep-write-show"]
    assert html_text.count('data-script="data:text/javascript;') == len(live)
    assert "&quot;text&quot;:&quot;f(a)&quot;" in html_text
    steps = re.findall(r'aria-label="Steps of ([^"]+)"', html_text)
    stepped = [n for n in CATALOG if n != live[1] and shows_one_step(n)]
    assert sorted(steps) == sorted(stepped)
    assert html_text.count('data-address="data:application/gzip;') == len(steps)


def shows_one_step(name):
    options = figure_options(CATALOG[name])
    return any(o.name == "step" and o.default is not None for o in options)


def test_a_page_of_a_live_module_has_no_command():
    lstm = torch.nn.LSTM(3, 2, num_layers=2, bias=False)
    trace = lf.trace(lstm, torch.randn(4, 1, 3))
    figures = {name: [lf.draw(name, trace)] for name in UNTRAINED_FIGURES}
    text = page(figures, LayerRun(trace))
    JustHTML(text, strict=True)
    page_text = words(text)
    assert "in each of 2 layers" in page_text
    assert "layer 0 of 0 to 1, forward" in page_text
    assert "and no bias" in page_text
    assert "weight_hh_l1" in page_text
    assert "This makes the same page" not in page_text
    assert "This draws the same figure" not in text
    assert not {"data-script", "data-address"} & {
        *re.findall(r"[\w-]+(?==)", re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL))
    }


def test_a_title_with_markup_is_text():
    title = '<script>alert(1)</script> & "$title"'
    text = page_of(f"--title {shlex.quote(title)}")
    assert "<script>" not in text
    assert f"<h1>{html.escape(title)}</h1>" in text


def test_a_page_of_one_layer_has_the_figures_of_the_whole_module_too():
    sizes = "--input-size 2 --hidden-size 2 --num-layers 2"
    text = page_of(f"{sizes} --layer 1")
    assert "Figures of one layer show layer 1 of 0 to 1" in text
    assert "show layer 0, forward." in page_of("--input-size 2 --hidden-size 2 --bidirectional")
    for name in WHOLE_MODULE:
        assert f"lstm-figs draw {name} {sizes}</code>" in text
