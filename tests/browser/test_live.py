"""The live figure `reading`, with typed text and changed weights."""

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
from tests.browser.axe import check_phone
from tests.browser.conftest import opened_page, pause
from tests.browser.twins import drawn_request, run_copied

PAGE, ID = "what-it-remembers/", "reading"
FIGURE = f"#figure-{ID}"
WEIGHT = "lstm.weight_hh_l0[0,1]"
FRAGMENT = f"#figure-{ID}"


@pytest.fixture
def fresh(page, address):
    """The page after loading."""
    return open_at(page, address, "")


def open_at(page, address, end):
    page.goto("about:blank")
    page.goto(address + PAGE + end)
    return page


def svgs(page):
    """Both forms, as in the page."""
    return page.evaluate(
        f"[...document.querySelectorAll('{FIGURE} svg.lf-figure')]"
        ".filter(svg => !svg.closest('.lf-map')).map(svg => svg.outerHTML)"
    )


def field(page):
    return page.locator(FIGURE).get_by_label("Type your own text")


def status(page):
    """The status message of the figure."""
    return page.locator(f"{FIGURE} .lf-live [role=status]").first


def weights(page):
    """The list of all weights."""
    return page.locator(FIGURE).get_by_label("Change a weight")


def wait_for_message(page, words):
    """The message about the answers, as soon as it contains some words."""
    status = page.locator(f"{FIGURE} .lf-live [role=status]", has_text=words)
    pause(page)
    return status.first.inner_text()


def button(page, name):
    return page.locator(f"{FIGURE} .lf-live").get_by_role("button", name=name, exact=True)


def check(page):
    """Compare everything in the page with the drawing of its command."""
    wait_for_message(page, "The network is")
    return drawn_request(page, FIGURE).source


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


def test_the_network_reads_each_key_and_all_speaks_of_what_is_read(fresh):
    before = svgs(fresh)
    field(fresh).fill("")
    field(fresh).press_sequentially('a("(")')
    source = check(fresh)
    assert source.text == 'a("(")'
    assert wait_for_message(fresh, "right after each of the 6 characters")
    assert fresh.locator(f"{FIGURE} .lf-speaks").is_visible()
    link = fresh.locator(f"{FIGURE} .lf-share a").get_attribute("href")
    assert link.endswith(f"?text={quote(source.text, safe='()')}{FRAGMENT}")
    button(fresh, "Reset").click()
    assert svgs(fresh) == before
    assert field(fresh).input_value() == TEXT
    assert fresh.locator(f"{FIGURE} .lf-speaks").is_hidden()
    assert check(fresh).text is None
    wait_for_message(fresh, "right after each of the 34 characters")
    assert fresh.url.endswith(PAGE + FRAGMENT)


def test_without_its_weight_five_answers_are_wrong_as_pytorch_prints(fresh):
    button(fresh, "cut").click()
    assert check(fresh).set == (f"{WEIGHT}=0",)
    assert wait_for_message(fresh, "wrong after 5 of 34 characters, first after “)” at step 23")
    assert fresh.locator(f"{FIGURE} output").inner_text() == "0"
    button(fresh, "Copy as PyTorch").click()
    fresh.locator(f"{FIGURE} .lf-live", has_text="Copied").wait_for()
    printed = run_copied(fresh)
    assert [line[0] for line in printed] == [*TEXT]
    wrong = [t for t, line in enumerate(printed, 1) if line.endswith("wrong")]
    assert wrong == [23, 24, 25, 26, 27]
    button(fresh, "as trained").click()
    assert check(fresh).set == ()
    assert wait_for_message(fresh, "right after each")


def test_the_weight_moves_by_keys_and_its_figure_follows(fresh):
    slider = fresh.locator(FIGURE).get_by_role("slider")
    slider.focus()
    wait_for_message(fresh, "The network is")
    fresh.keyboard.press("ArrowRight")
    assert check(fresh).set == (f"{WEIGHT}=-10.5",)
    fresh.keyboard.press("End")
    assert check(fresh).set == (f"{WEIGHT}=10",)
    assert fresh.locator(f"{FIGURE} output").inner_text() == "10"


def test_any_weight_moves_before_the_run_as_trained(fresh):
    weights(fresh).select_option("lstm.bias_ih_l0:2")
    output = fresh.locator(f"{FIGURE} output", has_text="1.998")
    button(fresh, "cut").click()
    output.wait_for(state="detached")
    assert check(fresh).set == ("lstm.bias_ih_l0[2]=0",)
    trained_curves = fresh.locator(f"{FIGURE} svg.lf-figure:visible [id*='--trained-0-']")
    assert trained_curves.count() == 2
    svg = fresh.locator(f"{FIGURE} svg.lf-figure:visible")
    assert "c as trained" in svg.text_content()
    shared = fresh.url
    fresh.goto("about:blank")
    fresh.goto(shared)
    check(fresh)
    assert weights(fresh).input_value() == "lstm.bias_ih_l0:2"
    button(fresh, "as trained").click()
    assert check(fresh).set == ()
    assert trained_curves.count() == 0


def test_a_weight_is_chosen_in_the_map_by_pointer_keys_and_finger(fresh):
    field(fresh).hover()
    wait_for_message(fresh, "The network is")
    chosen = weights(fresh)
    fresh.locator(f"{FIGURE} summary", has_text="weight map").click()
    cells = fresh.locator(f"{FIGURE} .lf-map text[data-expr]:visible")
    exprs = cells.evaluate_all("all => all.map(e => e.dataset.expr)")
    # The sum of both biases of a row is no parameter.
    named = [w for w in exprs if w.startswith("lstm.") and "+" not in w]
    assert len({*named}) == 64
    seen = []
    for weight in named:
        fresh.locator(f"{FIGURE} .lf-map [data-expr='{weight}']:visible").dispatch_event("click")
        seen.append(chosen.input_value())
    assert seen == [w.replace("[", ":").replace(", ", ",")[:-1] for w in named]
    frame = fresh.locator(f"{FIGURE} .lf-map .lf-chosen:visible")
    box, cell = (element.bounding_box() for element in (frame, cells.nth(exprs.index(named[-1]))))
    assert box["x"] < cell["x"] < box["x"] + box["width"]
    fresh.keyboard.press("Escape")
    fresh.locator(f"{FIGURE} .lf-map svg:visible").focus()
    for key in ("Enter", "ArrowDown", "ArrowRight"):
        fresh.keyboard.press(key)
    assert chosen.input_value() == "lstm.weight_ih_l0:1,1"
    for key in ("Enter", "ArrowRight"):
        fresh.keyboard.press(key)
    assert check(fresh).set == ("lstm.weight_ih_l0[1,1]=0.3",)
    fresh.set_viewport_size({"width": 360, "height": 900})
    # On a phone cells have no numbers; this is the fourth of the second row.
    band = fresh.locator(f"{FIGURE} .lf-map #reading-weights-narrow--weight_ih-f path")
    band.last.scroll_into_view_if_needed()
    for row, column, weight in ((0, 0, "2,0"), (1, 3, "3,3")):
        point = band.last.evaluate(CELL_CENTRE, [row, column])
        fresh.mouse.click(*point)
        assert chosen.input_value() == f"lstm.weight_ih_l0:{weight}"
    fresh.set_viewport_size({"width": 1280, "height": 900})


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


def test_the_weights_as_they_are_set_are_saved_and_loaded(fresh, tmp_path):
    button(fresh, "cut").click()
    check(fresh)
    with fresh.expect_download() as download:
        button(fresh, "Save the weights").click()
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
    numbers = parse_header(words).draw().numbers()
    cut = parse_header(f"reading --set {WEIGHT}=0").draw().numbers()
    assert [number.content for number in numbers] == [number.content for number in cut]


def test_every_text_to_begin_with_is_drawn_as_python_draws_it(fresh):
    texts = fresh.locator(FIGURE).get_by_label("Texts to try")
    names = texts.locator("option").all_inner_texts()[:0:-1]
    assert names[-1] == "its own text"
    for name in names:
        texts.select_option(label=name)
        own = name == "its own text"
        assert check(fresh).text == (None if own else field(fresh).input_value())
        # The same text may be chosen again.
        assert texts.input_value() == ""


@pytest.mark.parametrize(
    ("end", "text", "edits"),
    [
        ("?text=f(%22(%22)+%C3%A9", 'f("(")+é', ()),
        ("?text=a&text=&x=1", "a", ()),
        (
            "?lstm.weight_hh_l0%5B0%2C1%5D=-2.5e0&readout.bias[1]=.5",
            None,
            (f"{WEIGHT}=-2.5", "readout.bias[1]=0.5"),
        ),
    ],
)
def test_an_address_brings_back_what_was_shared(page, address, end, text, edits):
    open_at(page, address, end + FRAGMENT)
    source = check(page)
    assert (source.text, source.set) == (text, edits)
    assert field(page).input_value() == (text or TEXT)
    wait_for_message(page, "The network is")
    shared = page.url
    open_at(page, address, shared.partition(PAGE)[2])
    assert check(page) == source


@pytest.mark.parametrize("name", [PAGE, "keep-write-show/"])
def test_a_link_of_an_address_with_two_slashes_leads_back(page, address, name):
    id = {PAGE: FIGURE}.get(name, "#figure-keep-write-show")
    doubled = f"{address.replace('/lstm-figs', '//lstm-figs')}{name}?text=(a){id}"
    page.goto("about:blank")
    page.faults.clear()
    page.goto(doubled)
    link = page.locator(f"{id} .lf-tools a[href*=text]")
    link.wait_for(state="attached")
    pause(page)
    assert link.evaluate("link => link.href") == page.url
    assert page.url.startswith(doubled.removesuffix(id))
    assert page.faults == []


@pytest.mark.parametrize(
    "end",
    [
        "?text=abc",
        f"?text={'x' * 131}{FRAGMENT}",
        f"?text=%E0%A4%A{FRAGMENT}",
        f"?text=%00%0A{FRAGMENT}",
        f"?text={FRAGMENT}",
        f"?{WEIGHT}=1e9&lstm.weight_hh_l0[9,9]=1&lstm.weight_hh_l0[0]=1{FRAGMENT}",
        f"?{WEIGHT}=nan&lstm.weight_hh_l0[0,1,2]=1&__proto__[0]=1{FRAGMENT}",
        f"?%5B=%5D&&=&{WEIGHT}=%3Cimg%20src=x%20onerror=alert(1)%3E{FRAGMENT}",
    ],
)
def test_a_malformed_address_leaves_the_figure_as_it_is(page, address, end):
    open_at(page, address, "")
    before = svgs(page)
    field(open_at(page, address, end)).hover()
    assert wait_for_message(page, "right after each of the 34 characters")
    assert svgs(page) == before


def test_a_text_of_markup_is_a_text(page, address):
    hostile = "<script>alert(1)</script>\"'&amp;"
    open_at(page, address, f"?text={quote(hostile)}{FRAGMENT}")
    assert check(page).text == hostile
    assert field(page).input_value() == hostile


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_one_types_fits_a_phone(fresh, scheme):
    fresh.set_viewport_size({"width": 360, "height": 900})
    button(fresh, "cut").click()
    field(fresh).fill('f("(")')
    wait_for_message(fresh, "The network is")
    check_phone(fresh, f"{FIGURE} .lf-live :is(button, input, select)", (32, 43.9), scheme)
    assert fresh.locator(f"{FIGURE} svg:visible").get_attribute("width") == "360"
    # The slider stays visible next to its result.
    verdict = fresh.locator(f"{FIGURE} .lf-held .lf-verdict")
    fresh.locator(f"{FIGURE} svg:visible").evaluate(
        "svg => scrollTo(0, svg.getBoundingClientRect().top + scrollY)"
    )
    for element in (verdict, fresh.locator(FIGURE).get_by_role("slider")):
        box = element.bounding_box()
        assert 0 < box["y"] < box["y"] + box["height"] <= 900
    assert verdict.inner_text() == wait_for_message(fresh, "The network is")
    fresh.set_viewport_size({"width": 1280, "height": 900})


@pytest.fixture
def phone(browser, address):
    page = opened_page(browser, address + PAGE, width=360, has_touch=True)
    yield page
    page.context.close()


def test_a_slider_stays_under_the_finger_that_moves_it(phone):
    svg = phone.locator(f"{FIGURE} .lf-forms svg.lf-figure:visible").first
    # A figure that was touched keeps the focus.
    svg.locator("text[data-names='step=9']").first.tap()
    wait_for_message(phone, "keeps")
    slider = phone.locator(FIGURE).get_by_role("slider")
    slider.evaluate("e => scrollBy(0, e.getBoundingClientRect().top - 400)")
    height = svg.bounding_box()["height"]
    box = slider.bounding_box()
    finger = phone.context.new_cdp_session(phone)
    for k in range(5):
        x, y = box["x"] + 40 + 10 * k, box["y"] + 22
        finger.send(
            "Input.dispatchTouchEvent",
            {"type": "touchMove" if k else "touchStart", "touchPoints": [{"x": x, "y": y}]},
        )
        assert slider.bounding_box()["y"] == pytest.approx(box["y"], abs=2)
    wait_for_message(phone, "The network is wrong")
    assert svg.bounding_box()["height"] < height - 50
    assert slider.bounding_box()["y"] == pytest.approx(box["y"], abs=2)


def test_a_button_stays_where_it_is_pressed(fresh):
    cut = button(fresh, "cut")
    cut.evaluate("e => scrollBy(0, e.getBoundingClientRect().top - 400)")
    cut.focus()
    forms = fresh.locator(f"{FIGURE} .lf-forms").first
    top, height = cut.bounding_box()["y"], forms.bounding_box()["height"]
    fresh.keyboard.press("Enter")
    wait_for_message(fresh, "The network is wrong")
    assert forms.bounding_box()["height"] < height - 50
    assert cut.bounding_box()["y"] == pytest.approx(top, abs=2)


def test_the_first_touch_of_a_text_takes_all_of_it(phone):
    taken = "e => [e.selectionStart, e.selectionEnd]"
    field(phone).tap()
    assert field(phone).evaluate(taken) == [0, len(TEXT)]
    # Chromium itself drops a selection at its first touch.
    for x in (40, 100):
        field(phone).tap(position={"x": x, "y": 20})
    start, end = field(phone).evaluate(taken)
    assert start == end


def test_the_page_below_does_not_jump_while_one_types(fresh):
    forms = fresh.locator(f"{FIGURE} .lf-forms").first
    height = forms.bounding_box()["height"]
    field(fresh).hover()
    wait_for_message(fresh, "The network is")
    # Measure at once, because the height is held only while one types.
    typed = field(fresh).evaluate(
        """field => {
          field.value = "x";
          field.dispatchEvent(new Event("input", { bubbles: true }));
          return field.closest("figure").querySelector(".lf-forms")
            .getBoundingClientRect().height;
        }"""
    )
    assert typed == height
    wait_for_message(fresh, "The network is")
    assert forms.bounding_box()["height"] < height


def step_sentence(t):
    """The message about a step of the default text."""
    subject = LayerRun(Source(network="brackets").trace())
    units = []
    for unit in (0, 1):
        i, f, g, before, c = (
            subject.series(name, unit)[t] for name in ("i", "f", "g", "c_prev", "c")
        )
        keep, write, left = (text(number.value) for number in (f, i * g, c))
        units.append(
            f"unit {unit} keeps {keep} of {text(before.value)} and writes "
            f"{write}, so {left} is left"
        )
    return f"“{TEXT[t]}” at step {t + 1}: {'; '.join(units)}."


def test_a_cursor_goes_from_character_to_character_and_says_each(fresh):
    field(fresh).hover()
    wait_for_message(fresh, "The network is right")
    svg = fresh.locator(f"{FIGURE} svg.lf-figure:visible")
    assert "from character to character" in svg.get_attribute("aria-description")
    svg.focus()
    cursor = fresh.locator(f"{FIGURE} .lf-cursor:visible")
    for keys, t in (("ArrowRight", 0), ("End", 33), ("ArrowLeft", 32)):
        fresh.keyboard.press(keys)
        assert wait_for_message(fresh, "keeps") == step_sentence(t)
        token = svg.locator(f"text[data-names='step={t + 1}']").first
        over, under = token.bounding_box(), cursor.bounding_box()
        assert under["x"] < over["x"] + over["width"] / 2 < under["x"] + under["width"]
    fresh.keyboard.press("Escape")
    assert wait_for_message(fresh, "The network is right")
    assert cursor.count() == 0
    # The cursor is above the figure, but not part of it.
    assert [*check(fresh).set] == []


def test_a_pointer_and_a_finger_ask_for_a_character(fresh):
    field(fresh).hover()
    wait_for_message(fresh, "The network is right")
    svg = fresh.locator(f"{FIGURE} svg.lf-figure:visible")
    bar = fresh.locator(f"{FIGURE} .lf-bar")
    top = bar.evaluate("e => e.getBoundingClientRect().top + scrollY")
    token = svg.locator("text[data-names='step=28']").first
    token.hover()
    # Its message has several lines, for which space was reserved.
    assert top == bar.evaluate("e => e.getBoundingClientRect().top + scrollY")
    # The message is below its step.
    words, step = status(fresh).bounding_box(), token.bounding_box()
    assert words["x"] < step["x"] < words["x"] + words["width"]
    assert wait_for_message(fresh, "keeps") == step_sentence(27)
    fresh.mouse.move(2, 2)
    wait_for_message(fresh, "The network is right")
    fresh.set_viewport_size({"width": 360, "height": 900})
    svg.locator("text[data-names='step=20']").first.click()
    assert wait_for_message(fresh, "keeps") == step_sentence(19)
    fresh.set_viewport_size({"width": 1280, "height": 900})


def test_who_follows_a_text_at_once_leaves_its_address_as_it_is(fresh):
    field(fresh).hover()
    wait_for_message(fresh, "The network is right")
    button(fresh, "cut").click()
    token = f"{FIGURE} svg.lf-figure:visible text[data-names='step=9']"
    fresh.locator(token).first.hover()
    assert wait_for_message(fresh, "“(” at step 9: unit 0 keeps")
    fresh.wait_for_url(f"**/?{WEIGHT}=0{FRAGMENT}")
    fresh.mouse.move(2, 2)
    assert wait_for_message(fresh, "wrong after 5 of 34")


def test_a_link_leads_to_all_of_the_step_that_was_followed(fresh):
    field(fresh).hover()
    wait_for_message(fresh, "The network is right")
    field(fresh).fill('f("(")')
    button(fresh, "cut").click()
    wait_for_message(fresh, "The network is wrong")
    link = fresh.locator(f"{FIGURE} .lf-onward")
    # the first step with a wrong answer
    assert link.inner_text() == "All of step 6"
    token = f"{FIGURE} svg.lf-figure:visible text[data-names='step=4']"
    fresh.locator(token).first.hover()
    fresh.mouse.move(2, 2)
    assert link.inner_text() == "All of step 4"
    link.click()
    fresh.locator("#figure-keep-write-show .lf-speaks").wait_for()
    share = fresh.locator("#figure-keep-write-show .lf-share pre").first
    command = parse_header(share.text_content().removeprefix("lstm-figs draw "))
    source = Source(network="brackets", text='f("(")', set=(f"{WEIGHT}=0",))
    assert (command.source, dict(command.options)) == (source, {"step": 4})


def test_paper_has_the_figure_alone_and_nothing_moves(fresh):
    fresh.emulate_media(reduced_motion="reduce")
    button(fresh, "cut").click()
    wait_for_message(fresh, "wrong after 5")
    assert fresh.evaluate("document.getAnimations().length") == 0
    fresh.emulate_media(media="print")
    figure = fresh.locator(FIGURE)
    seen = ".lf-live:visible, .lf-speaks:visible, .lf-cursor:visible"
    assert figure.locator(seen).count() == 0
    assert "edited" in figure.locator("svg.lf-figure:visible").text_content()
    fresh.emulate_media(media="null", reduced_motion="null")


def test_nothing_of_it_is_loaded_before_it_is_touched(page, address):
    page.hosts.clear()
    open_at(page, address, "")
    page.wait_for_load_state("networkidle")
    assert not any("reading-live" in url for url in page.hosts)
    field(page).hover()
    page.wait_for_load_state("networkidle")
    assert any("reading-live" in url for url in page.hosts)


@pytest.mark.parametrize("tool", ["mkdocs", "zensical"])
def test_a_page_that_is_a_file_reads_as_well(browser, our_site, tool):
    site = our_site(tool)
    page = opened_page(browser, (site / PAGE / "index.html").as_uri())
    button(page, "cut").click()
    assert wait_for_message(page, "wrong after 5 of 34")
    page.goto((site / "keep-write-show" / "index.html").as_uri())
    controls = page.locator("#figure-keep-write-show .lf-live")
    controls.get_by_role("button", name="The next step").click()
    controls.locator("output", has_text="9").wait_for()
    page.goto((site / "shapes" / "index.html").as_uri())
    page.locator(".lf-shapes input[name=hidden_size]").fill("77")
    page.locator(".lf-shapes", has_text="77").wait_for()
    page.context.close()
