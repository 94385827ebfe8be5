"""The live figure `reading`: typing, weights, addresses and buttons."""

import gzip
from urllib.parse import quote

import numpy as np
import pytest
from safetensors.numpy import load_file

from lstm_figs.command.request import parse_header
from lstm_figs.html.scripts import script
from lstm_figs.model.layer_run import LayerRun
from lstm_figs.proof.digits import text
from lstm_figs.sources import Source
from lstm_figs.sources.networks import brackets
from lstm_figs.sources.trained import TEXT
from tests.browser.axe import MIN_TOUCH, check_phone
from tests.browser.conftest import in_both_schemes, pause
from tests.browser.live import WEIGHT, keep_write_show, reading
from tests.browser.twins import run_copied

PAGE = "what-it-remembers/"
FIGURE = "#figure-reading"


@pytest.fixture
def live(page, address):
    return reading(page).open(address + PAGE)


@pytest.fixture
def ready(live):
    """The figure once its script has loaded, which the first touch starts."""
    live.field.hover()
    live.message("The network is right")
    return live


def weights(live):
    return live.figure.get_by_label("Change a weight")


def source_after_check(live):
    """The source of the drawing, after everything in the page agrees with its command."""
    live.message("The network is")
    source = live.drawn_request().source
    text = source.text or TEXT
    live.check_controls(source == Source(network="brackets"))
    assert live.field.input_value() == text
    assert live.find(".lf-at").inner_text() == f"{len(text)} step{'s' * (len(text) > 1)}"
    edits = dict(edit.split("=") for edit in source.set)
    weight = weights(live).input_value().replace(":", "[") + "]"
    output = live.find("output").inner_text().replace("−", "-")
    assert weight not in edits or float(output) == float(edits[weight])
    return source


@pytest.mark.parametrize("name", ["reading/live", "reading/training", "keep_write_show/live"])
def test_the_scripts_of_a_live_figure_are_small_on_the_wire(name):
    loader, code = (
        len(gzip.compress(script(script_name).encode())) for script_name in ("live", name)
    )
    assert loader <= 3_000
    assert loader + code <= 45_000


def test_the_room_of_controls_is_known_before_they_come(page, address):
    html = page.request.get(address + PAGE).text()
    assert html.index(".lf-live[hidden]") < html.index("data-script")


def test_the_network_reads_each_key_and_all_speaks_of_what_is_read(live):
    before = live.forms()
    assert live.find("output").inner_text() == "−10.576"
    live.field.fill("")
    live.field.press_sequentially('a("(")')
    source = source_after_check(live)
    assert source.text == 'a("(")'
    assert live.message("right after each of the 6 characters")
    assert live.find(".lf-speaks").is_visible()
    link = live.find(".lf-share a").get_attribute("href")
    assert link.endswith(f"?text={quote(source.text, safe='()')}{FIGURE}")
    live.press("Reset")
    assert live.forms() == before
    assert live.find(".lf-speaks").is_hidden()
    assert source_after_check(live).text is None
    live.message("right after each of the 34 characters")
    assert live.page.url.endswith(PAGE + FIGURE)


def test_without_its_weight_five_answers_are_wrong_as_pytorch_prints(live):
    live.press("cut")
    assert source_after_check(live).set == (f"{WEIGHT}=0",)
    assert live.message("wrong after 5 of 34 characters, first after “)” at step 23")
    # An option with its value is one box, so a line wraps between options.
    options = live.find(".lf-share .lf-option")
    assert options.all_text_contents() == ["--network brackets", f"--set '{WEIGHT}=0'"]
    live.press("Copy as PyTorch")
    live.find(".lf-live", has_text="Copied").wait_for()
    printed = run_copied(live.page)
    assert [line[0] for line in printed] == [*TEXT]
    wrong = [t for t, line in enumerate(printed, 1) if line.endswith("wrong")]
    assert wrong == [23, 24, 25, 26, 27]


def test_any_weight_moves_before_the_run_as_trained(live):
    weights(live).select_option("lstm.bias_ih_l0:2")
    output = live.find("output", has_text="1.998")
    live.press("cut")
    output.wait_for(state="detached")
    assert source_after_check(live).set == ("lstm.bias_ih_l0[2]=0",)
    trained_curves = live.find("svg.lf-figure:visible [id*='--trained-0-']")
    assert trained_curves.count() == 2
    assert "c as trained" in live.svg.text_content()
    source_after_check(live.open(live.page.url))
    assert weights(live).input_value() == "lstm.bias_ih_l0:2"
    live.press("as trained")
    assert source_after_check(live).set == ()
    assert trained_curves.count() == 0


def test_a_weight_is_chosen_in_the_map_by_pointer_keys_and_finger(ready):
    chosen = weights(ready)
    ready.find("summary", has_text="weight map").click()
    cells = ready.find(".lf-map text[data-expr]:visible")
    exprs = cells.evaluate_all("all => all.map(e => e.dataset.expr)")
    # The sum of both biases of a row is no parameter.
    named = [w for w in exprs if w.startswith("lstm.") and "+" not in w]
    assert len({*named}) == 64
    seen = []
    for weight in named:
        ready.find(f".lf-map [data-expr='{weight}']:visible").dispatch_event("click")
        seen.append(chosen.input_value())
    assert seen == [w.replace("[", ":").replace(", ", ",")[:-1] for w in named]
    frame = ready.find(".lf-map .lf-chosen:visible")
    box, cell = (element.bounding_box() for element in (frame, cells.nth(exprs.index(named[-1]))))
    assert box["x"] < cell["x"] < box["x"] + box["width"]
    ready.keys("Escape")
    ready.find(".lf-map svg:visible").focus()
    ready.keys("Enter", "ArrowDown", "ArrowRight")
    assert chosen.input_value() == "lstm.weight_ih_l0:1,1"
    ready.keys("Enter", "ArrowRight")
    assert source_after_check(ready).set == ("lstm.weight_ih_l0[1,1]=0.3",)
    ready.resize(360)
    # On a phone cells have no numbers; this is the fourth of the second row.
    band = ready.find(".lf-map #reading-weights-narrow--weight_ih-f path")
    band.last.scroll_into_view_if_needed()
    for row, column, weight in ((0, 0, "2,0"), (1, 3, "3,3")):
        point = band.last.evaluate(CELL_CENTRE, [row, column])
        ready.page.mouse.click(*point)
        assert chosen.input_value() == f"lstm.weight_ih_l0:{weight}"
        box = ready.find(".lf-map .lf-chosen:visible").bounding_box()
        assert box["y"] < point[1] < box["y"] + box["height"]


# After a page becomes narrower, it moves for some frames.
CELL_CENTRE = """async (path, [row, column]) => {
  const group = path.closest('[data-map]');
  let place, still = 0;
  while (still < 10) {
    await new Promise(requestAnimationFrame);
    const now = group.getBoundingClientRect().top;
    still = now === place ? still + 1 : 0;
    place = now;
  }
  const [, left, top, right, bottom] =
    group.dataset.map.split(' ').map(Number);
  const x = left + (column + .5) * (right - left) / 4;
  const y = top + (row + .5) * (bottom - top) / 2;
  const at = new DOMPoint(x, y).matrixTransform(path.getScreenCTM());
  return [at.x, at.y];
}"""


def test_the_weights_as_they_are_set_are_saved_and_loaded(live, tmp_path):
    live.press("cut")
    source_after_check(live)
    with live.page.expect_download() as download:
        live.press("Save the weights")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    network = brackets()
    own = {
        **{f"lstm.{name}_l0": array for name, array in network.weights.parameters().items()},
        **{f"readout.{name}": array for name, array in network.readout.parameters().items()},
    }
    own["lstm.weight_hh_l0"] = own["lstm.weight_hh_l0"].copy()
    own["lstm.weight_hh_l0"][0, 1] = 0
    saved = load_file(path)
    assert saved.keys() == own.keys()
    for name, array in own.items():
        assert saved[name].dtype == array.dtype
        np.testing.assert_array_equal(saved[name], array)
    words = f"reading --weights {path} --text '{TEXT}'"
    assert ", ".join(network.readout.outputs).encode() in path.read_bytes()
    numbers = parse_header(words).draw().numbers()
    cut = parse_header(f"reading --set {WEIGHT}=0").draw().numbers()
    assert [number.content for number in numbers] == [number.content for number in cut]


def test_every_text_to_begin_with_is_drawn_as_python_draws_it(live):
    texts = live.figure.get_by_label("Texts to try")
    names = texts.locator("option").all_inner_texts()[:0:-1]
    assert names[-1] == "its own text"
    for name in names:
        texts.select_option(label=name)
        own = name == "its own text"
        assert source_after_check(live).text == (None if own else live.field.input_value())
        # The same text may be chosen again.
        assert texts.input_value() == ""


@pytest.mark.parametrize(
    ("end", "text", "edits"),
    [
        ("?text=f(%22(%22)+%C3%A9", 'f("(")+é', ()),
        ("?text=a&text=&x=1", "a", ()),
        (
            f"?lstm.weight_hh_l0%5B0%2C1%5D=-2.5e0&readout.bias[1]=.5&{WEIGHT}=1",
            None,
            (f"{WEIGHT}=-2.5", "readout.bias[1]=0.5"),
        ),
    ],
)
def test_an_address_brings_back_what_was_shared(page, address, end, text, edits):
    live = reading(page).open(address + PAGE + end + FIGURE)
    source = source_after_check(live)
    assert (source.text, source.set) == (text, edits)
    assert source_after_check(live.open(page.url)) == source


@pytest.mark.parametrize("name", [PAGE, "keep-write-show/"])
def test_a_link_of_an_address_with_two_slashes_leads_back(page, address, name):
    live = reading(page) if name == PAGE else keep_write_show(page)
    doubled = f"{address.replace('/lstm-figs', '//lstm-figs')}{name}?text=(a)"
    page.faults.clear()
    live.open(doubled + live.id)
    link = live.find(".lf-tools a[href*=text]")
    link.wait_for(state="attached")
    pause(page)
    assert link.evaluate("link => link.href") == page.url
    assert page.url.startswith(doubled)
    assert page.faults == []


@pytest.mark.parametrize(
    "end",
    [
        "?text=abc",
        f"?text={'x' * 131}{FIGURE}",
        f"?text=%E0%A4%A{FIGURE}",
        f"?text=%00%0A{FIGURE}",
        f"?text={FIGURE}",
        f"?{WEIGHT}=1e9&lstm.weight_hh_l0[9,9]=1&lstm.weight_hh_l0[0]=1{FIGURE}",
        f"?{WEIGHT}=nan&lstm.weight_hh_l0[0,1,2]=1&__proto__[0]=1{FIGURE}",
        f"?%5B=%5D&&=&{WEIGHT}=%3Cimg%20src=x%20onerror=alert(1)%3E{FIGURE}",
    ],
)
def test_a_malformed_address_leaves_the_figure_as_it_is(live, address, end):
    before = live.forms()
    live.open(address + PAGE + end).field.hover()
    assert live.message("right after each of the 34 characters")
    assert live.forms() == before


def test_a_text_of_markup_is_a_text(page, address):
    hostile = "<script>alert(1)</script>\"'&amp;"
    live = reading(page).open(f"{address}{PAGE}?text={quote(hostile)}{FIGURE}")
    assert source_after_check(live).text == hostile
    assert source_after_check(live.open(page.url)).text == hostile


@in_both_schemes
def test_what_one_types_fits_a_phone(live, scheme):
    live.resize(360)
    live.press("cut")
    live.field.fill('f("(")')
    live.message("The network is")
    check_phone(live.page, f"{FIGURE} .lf-live :is(button, input, select)", (32, MIN_TOUCH), scheme)
    assert live.svg.get_attribute("width") == "360"
    # The slider stays visible next to its result.
    verdict = live.find(".lf-held .lf-verdict")
    live.svg.evaluate("svg => scrollTo(0, svg.getBoundingClientRect().top + scrollY)")
    for element in (verdict, live.figure.get_by_role("slider")):
        box = element.bounding_box()
        assert 0 < box["y"] < box["y"] + box["height"] <= 900
    assert verdict.inner_text() == live.message("The network is")


@pytest.fixture
def phone(open_page):
    return reading(open_page(PAGE, width=360, has_touch=True))


def test_a_slider_stays_under_the_finger_that_moves_it(phone):
    # A figure that was touched keeps the focus.
    phone.svg.locator("text[data-names='step=9']").first.tap()
    phone.message("keeps")
    slider = phone.figure.get_by_role("slider")
    slider.evaluate("e => scrollBy(0, e.getBoundingClientRect().top - 400)")
    height = phone.svg.bounding_box()["height"]
    box = slider.bounding_box()
    finger = phone.page.context.new_cdp_session(phone.page)
    for k in range(5):
        x, y = box["x"] + 40 + 10 * k, box["y"] + 22
        finger.send(
            "Input.dispatchTouchEvent",
            {"type": "touchMove" if k else "touchStart", "touchPoints": [{"x": x, "y": y}]},
        )
        assert slider.bounding_box()["y"] == pytest.approx(box["y"], abs=2)
    phone.message("The network is wrong")
    assert phone.svg.bounding_box()["height"] < height - 50
    assert slider.bounding_box()["y"] == pytest.approx(box["y"], abs=2)


def test_a_button_stays_where_it_is_pressed(live):
    cut = live.button("cut")
    cut.evaluate("e => scrollBy(0, e.getBoundingClientRect().top - 400)")
    top, height = cut.bounding_box()["y"], live.svg.bounding_box()["height"]
    cut.click()
    live.message("The network is wrong")
    assert live.svg.bounding_box()["height"] < height - 50
    assert cut.bounding_box()["y"] == pytest.approx(top, abs=2)


def test_the_first_touch_of_a_text_takes_all_of_it(phone):
    taken = "e => [e.selectionStart, e.selectionEnd]"
    phone.field.tap()
    assert phone.field.evaluate(taken) == [0, len(TEXT)]
    # Chromium itself drops a selection at its first touch.
    for x in (40, 100):
        phone.field.tap(position={"x": x, "y": 20})
    start, end = phone.field.evaluate(taken)
    assert start == end


def test_the_page_below_does_not_jump_while_one_types(live):
    forms = live.find(".lf-forms").first
    height = forms.bounding_box()["height"]
    live.field.hover()
    live.message("The network is")
    # Measure at once, because the height is held only while one types.
    typed = live.field.evaluate(
        """field => {
          field.value = "x";
          field.dispatchEvent(new Event("input", { bubbles: true }));
          return field.closest("figure").querySelector(".lf-forms")
            .getBoundingClientRect().height;
        }"""
    )
    assert typed == height
    live.message("The network is")
    assert forms.bounding_box()["height"] < height


def step_sentence(t):
    subject = LayerRun(Source(network="brackets").trace())
    units = []
    for unit in (0, 1):
        i, f, g, before, c = (
            subject.series(name, unit)[t] for name in ("i", "f", "g", "c_prev", "c")
        )
        keep, write, result = (text(number.value) for number in (f, i * g, c))
        units.append(
            f"unit {unit} keeps {keep} of {text(before.value)} and writes "
            f"{write}, so {result} is left"
        )
    return f"“{TEXT[t]}” at step {t + 1}: {'; '.join(units)}."


def test_a_cursor_goes_from_character_to_character_and_says_each(ready):
    svg = ready.svg
    svg.focus()
    cursor = ready.find(".lf-cursor:visible")
    for keys, t in (("ArrowRight", 0), ("End", 33), ("ArrowLeft", 32)):
        ready.keys(keys)
        assert ready.message("keeps") == step_sentence(t)
        assert ready.find(".lf-at:visible").inner_text() == f"{t + 1} of 34"
        token = svg.locator(f"text[data-names='step={t + 1}']").first
        over, under = token.bounding_box(), cursor.bounding_box()
        assert under["x"] < over["x"] + over["width"] / 2 < under["x"] + under["width"]
    ready.keys("Escape")
    assert ready.message("The network is right")
    ready.keys("End", "Tab")
    ready.message("The network is right")
    assert cursor.count() == 0
    # The cursor is above the figure, but not part of it.
    assert [*source_after_check(ready).set] == []


def test_a_pointer_and_a_finger_ask_for_a_character(ready):
    bar = ready.find(".lf-bar").first
    top = bar.evaluate("e => e.getBoundingClientRect().top + scrollY")
    token = ready.svg.locator("text[data-names='step=28']").first
    token.hover()
    # Its message has several lines, for which space was reserved.
    assert top == bar.evaluate("e => e.getBoundingClientRect().top + scrollY")
    # The message is below its step.
    words, step = ready.find("[role=status]").first.bounding_box(), token.bounding_box()
    assert words["x"] < step["x"] < words["x"] + words["width"]
    assert ready.message("keeps") == step_sentence(27)
    # Out of the band, but in the figure.
    ready.page.mouse.move(step["x"], ready.svg.bounding_box()["y"] + 5)
    ready.message("The network is right")
    ready.resize(360)
    ready.svg.locator("text[data-names='step=20']").first.click()
    assert ready.message("keeps") == step_sentence(19)


def test_who_follows_a_text_at_once_leaves_its_address_as_it_is(ready):
    ready.press("cut")
    ready.svg.locator("text[data-names='step=9']").first.hover()
    assert ready.message("“(” at step 9: unit 0 keeps")
    ready.page.wait_for_url(f"**/?{WEIGHT}=0{FIGURE}")
    ready.page.mouse.move(2, 2)
    assert ready.message("wrong after 5 of 34")


def test_a_link_leads_to_all_of_the_step_that_was_followed(ready):
    ready.field.fill('f("(")')
    ready.press("cut")
    ready.message("The network is wrong")
    link = ready.find(".lf-onward")
    # the first step with a wrong answer
    assert link.inner_text() == "All of step 6"
    ready.svg.locator("text[data-names='step=4']").first.hover()
    ready.page.mouse.move(2, 2)
    assert link.inner_text() == "All of step 4"
    link.click()
    step = keep_write_show(ready.page)
    step.find(".lf-speaks").wait_for()
    share = step.find(".lf-share pre").first
    command = parse_header(share.text_content().removeprefix("lstm-figs draw "))
    source = Source(network="brackets", text='f("(")', set=(f"{WEIGHT}=0",))
    assert (command.source, dict(command.options)) == (source, {"step": 4})


def test_paper_has_the_figure_alone_and_nothing_moves(ready):
    ready.page.emulate_media(reduced_motion="reduce")
    ready.press("cut")
    ready.message("wrong after 5")
    ready.svg.locator("text[data-names='step=9']").first.hover()
    parts = ready.find(":is(.lf-live, .lf-speaks, .lf-cursor):visible")
    assert parts.count() > 3
    assert ready.page.evaluate("document.getAnimations().length") == 0
    ready.page.emulate_media(media="print")
    assert parts.count() == 0
    ready.page.emulate_media(media="null", reduced_motion="null")


def test_nothing_of_it_is_loaded_before_it_is_touched(page, address):
    page.hosts.clear()
    live = reading(page).open(address + PAGE)
    page.wait_for_load_state("networkidle")
    assert not any("reading-live" in url for url in page.hosts)
    live.field.hover()
    page.wait_for_load_state("networkidle")
    assert any("reading-live" in url for url in page.hosts)


@pytest.mark.parametrize("tool", ["mkdocs", "zensical"])
def test_a_page_that_is_a_file_reads_as_well(open_page, build_site, tool):
    site = build_site(tool)
    page = open_page((site / PAGE / "index.html").as_uri())
    reading(page).press("cut")
    assert reading(page).message("wrong after 5 of 34")
    live = keep_write_show(page).open((site / "keep-write-show" / "index.html").as_uri())
    live.press("The next step")
    live.find("output", has_text="9").wait_for()
    page.goto((site / "shapes" / "index.html").as_uri())
    page.locator(".lf-shapes input[name=hidden_size]").fill("77")
    page.locator(".lf-shapes", has_text="77").wait_for()
