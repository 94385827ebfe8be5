"""Messages of live controls are true, and every message is tested.

A verdict is compared with PyTorch, a hint about a key with the effect of the key,
and proposed actions are carried out. In the end, each string in the scripts must
have occurred in a message.
"""

import re
from dataclasses import asdict

import pytest

from lstm_figs.command.request import parse_header
from lstm_figs.html.buttons import step_buttons
from lstm_figs.html.live_controls import EXAMPLE_TEXTS, controls
from lstm_figs.html.scripts import script
from lstm_figs.html.steps import steps_of
from lstm_figs.proof.digits import text as printed
from lstm_figs.proof.preamble.truth import truth
from lstm_figs.sources import Source
from lstm_figs.sources.trained import TEXT
from tests.browser.live import WEIGHT, Live, keep_write_show, reading
from tests.browser.messages import FOLDER, listen, missing_messages
from tests.browser.twins import run_copied, text_differences
from tests.test_networks import namespace

PAGE = "what-it-remembers/"


@pytest.fixture(scope="module", autouse=True)
def announced(page):
    return listen(page)


@pytest.fixture
def open_reading(page, address):
    def open_page(end=""):
        live = reading(page).open(f"{address}{PAGE}{end}")
        live.field.hover()
        live.message("The network is")
        return live

    return open_page


@pytest.fixture
def live_steps(page, address):
    live = keep_write_show(page).open(f"{address}keep-write-show/")
    live.field.hover()
    live.find(".lf-chosen:visible").wait_for()
    return live


# verdicts

RIGHT = re.compile(
    r"The network is right after (?:each of the (\d+) characters|the (only) "
    r"character)\."
)
WRONG = re.compile(
    r"The network is wrong after (\d+) of (\d+) characters?, first after “(.)” "
    r"at step (\d+): it says (yes|no) to “(inside quotes|all closed)”\."
)
SHORTEST = re.compile(
    r" (?:(Which text fools it\?)|The shortest text that fooled it here has "
    r"(\d+) characters(?:\.|; (does a shorter one\?)))"
)


def mistakes(text, edits):
    """Where PyTorch's answers are wrong: the step, the question, the answer."""
    source = Source(network="brackets", text=text, set=edits)
    answers = namespace(source, "answers[0, 0, 0]")["answers"][:, 0] > 0.5
    expected = truth(text)
    wrong = []
    for t, (inside, closed) in enumerate(answers.tolist()):
        questions = {
            "inside quotes": (inside, expected.inside[t]),
            "all closed": (closed, expected.depth[t] == 0),
        }
        step_mistakes = [(t, q, a) for q, (a, true) in questions.items() if a != true]
        wrong += step_mistakes[:1]
    return wrong


def check_verdict(verdict, text, edits=(), shortest=None):
    """Compare a verdict with PyTorch, which yields the fewest edits that fooled it."""
    wrong = mistakes(text, edits)
    if wrong:
        match = WRONG.match(verdict)
        count, of, token, step, answer, question = match.groups()
        t, asked, got = wrong[0]
        assert (int(count), int(of)) == (len(wrong), len(text))
        assert (token, int(step)) == (text[t], t + 1)
        assert (question, answer == "yes") == (asked, got)
    else:
        match = RIGHT.match(verdict)
        assert int(match[1] or 1) == len(text)
        assert bool(match[2]) == (len(text) == 1)
    rest = verdict[match.end() :]
    if edits:
        assert rest == ""
        return shortest
    none, fewest, shorter = SHORTEST.fullmatch(rest).groups()
    if wrong:
        shortest = min(len(text), shortest or len(text))
    assert (bool(none), bool(shorter)) == (not shortest, bool(wrong))
    assert fewest == (str(shortest) if shortest else None)
    return shortest


def test_a_verdict_is_that_of_pytorch(open_reading):
    live, shortest = open_reading(), None
    shortest = check_verdict(live.message("The network is"), TEXT)
    for text in ("a", '"(a)"', "())(", "))(", "())(", TEXT):
        live.field.fill(text)
        shortest = check_verdict(live.message("The network is"), text, (), shortest)
    live.press("cut")
    check_verdict(live.message("wrong"), TEXT, ("lstm.weight_hh_l0[0,1]=0",))
    for text, edit in (
        ("ab", "readout.bias[0]=9"),
        ('a"b"', "readout.bias[0]=-9"),
        ('"(a)"', "lstm.weight_hh_l0[0,1]=0"),
        ("(a)", "lstm.bias_ih_l0[3]=0"),
    ):
        live = open_reading(f"?text={text}&{edit}#figure-reading")
        check_verdict(live.message("The network is"), text, (edit,))
    assert live.find(".lf-verdict").inner_text() == live.message("The")
    assert mistakes(EXAMPLE_TEXTS["three that fool it"], ())
    assert ":)" in EXAMPLE_TEXTS["a smile in quotes"]
    assert max(truth(EXAMPLE_TEXTS["twenty deep"]).depth) == 20


# hints about keys


def check_arrows(live, noun):
    live.svg.focus()
    for key, step in (("Home", 1), ("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2)):
        live.keys(key)
        if noun == "character":
            live.message(f"” at step {step}:")
        else:
            at = live.find(":is(.lf-steps, .lf-live) output")
            at.filter(has_text=re.compile(rf"\b{step}$")).wait_for()


def check_enter(live):
    live.svg.focus()
    live.keys("Enter")
    expr, value, label = live.page.evaluate(
        "(({ dataset, ariaLabel }) => [dataset.expr, dataset.value, ariaLabel])"
        "(document.activeElement)"
    )
    assert label.endswith(f". {expr} = {value}. Enter copies it as Python.")
    live.keys("Enter")
    live.page.locator(".lf-touch", has_text="Copied; it prints").wait_for()
    live.keys("Escape")


NUMBERS = {
    "input": "x[0, 0, 0]",
    "states": "h_prev[0, 0, 1]",
    "weights": "lstm.weight_ih_l0[2, 1]",
    "": "f[0, 0, 0]",
}
"""Kind of number -> one of the first step; no hint names gates."""


def check_typing(live, kinds):
    live.svg.focus()
    live.keys("Home")
    for kind in (*re.split(", | or ", kinds), ""):
        live.number(NUMBERS[kind]).evaluate("e => { e.tabIndex = -1; e.focus(); }")
        live.page.keyboard.type("3")
        assert (live.value(NUMBERS[kind]) == 3) == bool(kind), kind


HINTS = {
    r"Arrow keys go (?:through the|from \w+ to) (character|steps?)": check_arrows,
    r"Enter leads into its numbers": check_enter,
    r"type on a number of its (.*) to change it": check_typing,
}
"""Pattern of a hint -> the function that tries it."""


VISIBLE_HINTS = """figure => [figure, ...figure.querySelectorAll('.lf-live')]
  .map(e => getComputedStyle(e, '::after')).map(({ display, content }) => display + content)"""


@pytest.mark.parametrize(
    ("path", "name"),
    [(PAGE, "reading"), ("keep-write-show/", "keep-write-show"), ("step/", "cell")],
)
def test_a_hint_says_what_a_key_does(page, address, path, name):
    live = Live(page, name).open(address + path)
    if name != "cell":
        live.find("input").first.hover()
        live.find(".lf-speaks").wait_for(state="attached")
    hint = live.svg.get_attribute("aria-description")
    live.svg.focus()
    live.keys("Shift")
    seen = hint.replace("its numbers.", "its numbers, Escape out of them.")
    assert f'block"{seen}"' in live.figure.evaluate(VISIBLE_HINTS)
    for sentence in re.split(r"[.;] ?", hint.removesuffix(".")):
        ((check, match),) = [
            (check, match)
            for pattern, check in HINTS.items()
            if (match := re.fullmatch(pattern, sentence))
        ]
        check(live, *match.groups())


# what a step does, and what changes it


def test_a_weight_of_the_map_leads_to_its_slider(open_reading):
    live = open_reading()
    live.find("summary", has_text="weight map").click()
    live.find(".lf-map svg:visible").focus()
    live.keys("Enter", "ArrowDown", "ArrowRight")
    active = "document.activeElement"
    expr, value = live.page.evaluate(f"[{active}.dataset.expr, {active}.dataset.value]")
    label = live.page.evaluate(f"{active}.ariaLabel")
    assert label.endswith(f"{expr} = {value}. Enter leads to its slider.")
    live.keys("Enter")
    assert live.page.evaluate(f"{active}.ariaLabel") == "The weight"
    output = live.find(".lf-live output")
    number = output.inner_text().replace("−", "-")
    assert float(number) == pytest.approx(float(value))
    # The map stays in place while the slider moves.
    live.keys("End")
    assert output.inner_text() == "10"
    cell = live.find(f".lf-map [data-expr='{expr}']:visible").first
    assert cell.get_attribute("data-value") == value
    sentence = "These are the weights as trained; one that you choose is on"
    live.figure.get_by_text(f"{sentence} the slider.").wait_for()


STEP_SENTENCE = re.compile(
    r"Unit (\d) keeps (\S+) of (\S+) and writes (\S+) of (\S+): c is (\S+?)"
    r"(?: \((\S+) as trained\))?, h is (\S+?)(?: \((\S+) as trained\))?\."
    r"(?= |$)"
)


def check_step(description, t, text=None, edits=()):
    own = [edit for edit in edits if not edit.startswith("lstm.")]
    now, then = (
        Source(network="brackets", text=text, set=tuple(some)).trace().steps[t]
        for some in (edits, own)
    )
    matches = STEP_SENTENCE.findall(description)
    assert [unit for unit, *_ in matches] == ["0", "1"]
    for unit, (_, *numbers) in enumerate(matches):
        names = ("f", "c_prev", "i", "g", "c", "c", "h", "h")
        steps = (now, now, now, now, now, then, now, then)
        expected = [
            printed(getattr(step, name)[0, unit]) for name, step in zip(names, steps, strict=True)
        ]
        # The trained value is only given if it prints differently.
        for k in (5, 7):
            expected[k] = "" if expected[k] == expected[k - 1] else expected[k]
        assert text_differences(" ".join(numbers), " ".join(expected)) == []
    return STEP_SENTENCE.sub("", description).strip()


def test_what_a_step_does_is_told_as_python_has_it(live_steps, announced):
    live, page = live_steps, live_steps.page
    weight = live.find("select")
    assert check_step(live.message("Unit 1 keeps"), 7) == ""
    weight.select_option("lstm.weight_hh_l0:0,1")
    live.press("zero")
    cut = "lstm.weight_hh_l0[0,1]=0"
    assert check_step(live.message("as trained"), 7, None, (cut,)) == ""
    weight.select_option("lstm.weight_ih_l0:2,1")
    rest = check_step(live.message("meets"), 7, None, (cut,))
    zero_sentence = "This weight meets a 0, x[7, 0, 1]: at this step it adds nothing."
    assert (rest, live.value("x[7, 0, 1]")) == (zero_sentence, 0)
    weight.select_option("lstm.weight_ih_l0:2,3")
    assert check_step(live.message("Unit 0"), 7, None, (cut,)) == ""
    assert live.value("x[7, 0, 3]") != 0
    live.number("c[7, 0, 0]").dispatch_event("click")
    page.locator(".lf-touch", has_text="It is ").wait_for()
    speaks = live.find(".lf-speaks").inner_text()
    step = re.fullmatch(
        r"The figure shows your settings\. The caption is about step "
        r"(\d+) of the trained network:",
        speaks,
    )[1]
    live.press("Reset")
    assert live.find("output").inner_text() == step == "8"
    weight.select_option("c_prev:1")
    live.press("zero")
    rest = live.message("begins here")
    assert rest.startswith("The sequence begins here, with this state. Unit 0")
    assert live.find("output").inner_text() == "1"
    live.press("Copy as PyTorch")
    live.message("Copied; it prints h and c of this step")
    code = page.evaluate("navigator.clipboard.readText()")
    announced.add(code)
    assert "# Both states after step 1.\n" in code
    lines = [line.partition(" ")[0] for line in run_copied(page)]
    assert lines == ["h", "c"]
    with page.expect_download():
        live.press("Save the weights")
    live.message("Saved; torch and lstm-figs can load these weights")


def test_steps_of_a_long_sequence_are_said_to_be_some_of_them(show):
    request = parse_header("cell --seq-len 90 --step 60 --input-size 1 --hidden-size 1")
    steps = steps_of(request, request.source.trace())
    bar = step_buttons("cell", asdict(steps), "")
    match = re.search(r"<output>step (\d+)</output> of (\d+), (\d+) to (\d+) here<", bar)
    ends = steps.labels[0], steps.labels[-1]
    assert [*map(int, match.groups())] == [60, 90, *ends]
    page = show(f'<figure>{bar}</figure><script type="module">{script("steps")}</script>')
    assert page.locator("b").all_text_contents() == ["60"]


def test_a_number_is_called_by_its_gate_and_unit():
    request = parse_header("keep-write-show --network brackets")
    options = re.findall(
        r'<option value="([\w.]+):([\d,]+)"[^>]*>([^<]*)<', controls(request)["rows"]
    )
    assert len(options) == 4 + 2 + 2 + 64
    for name, index, label in options:
        at = [*map(int, index.split(","))]
        if not name.startswith("lstm."):
            of = ", input" if name == "x" else " of unit"
            assert label == f"{name}{of} {at[0]}"
            continue
        gate, unit = "ifgo"[at[0] // 2], at[0] % 2
        assert label == f"{name[5:]}{at}, {gate} of unit {unit}"


# impossible inputs, and what to do

UNREAD = re.compile(
    r"Got (?:(\d+) characters, expected (\d+) to (\d+); (leave some out|type "
    r"one)|U\+(\w+), expected characters that can be printed; (leave it out))"
    r"\. The figure shows the old text\."
)
TYPE_TEXT = """(field, text) => {
  field.maxLength = 999;
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
}"""


@pytest.mark.parametrize("text", ["", 131 * "a", "a\u200bb"])
def test_what_cannot_be_read_is_said_and_what_to_do_helps(open_reading, text):
    live = open_reading()
    before = live.svg.inner_html()
    live.field.evaluate(TYPE_TEXT, text)
    match = UNREAD.fullmatch(live.message("Got"))
    count, low, high, do, code, leave = match.groups()
    assert live.svg.inner_html() == before
    if leave:
        fixed = text.replace(chr(int(code, 16)), "")
    else:
        assert int(count) == len(text)
        fixed = text[: int(high)] if do == "leave some out" else int(low) * "("
    assert fixed != text
    live.field.evaluate(TYPE_TEXT, fixed)
    live.message("The network is")
    assert f"text={fixed[:9]}" in live.page.url


def test_a_number_that_cannot_be_is_said_with_those_that_can(live_steps):
    live, before = live_steps, live_steps.svg.inner_html()
    for typed in ("abc", "1e9", "nan", "1001", "-1001"):
        live.field.fill(typed)
        message = live.message(f"Got “{typed}”")
        assert live.svg.inner_html() == before
    assert "?" not in live.page.url
    ends = re.search(r"expected a number from −(\d+) to (\d+)\.$", message)
    for end in (f"-{ends[1]}", ends[2]):
        live.field.fill(end)
        live.message("Unit 0 keeps")
        assert live.value("lstm.weight_ih_l0[3, 3]") == float(end)


def test_a_state_that_no_address_could_have_is_not_begun_with(page, address):
    large = "".join(f"&lstm.bias_ih_l0[{k}]=100" for k in (0, 2, 4))
    end = f"?step=2&c_0[0,0,0]=1000{large}#figure-keep-write-show"
    live = keep_write_show(page).open(f"{address}keep-write-show/{end}")
    live.message("Unit 0 keeps")
    assert live.value("c_prev[1, 0, 0]") > 1000
    live.find("select").select_option("h_prev:0")
    live.field.fill("1")
    message = live.message("Got a state beyond")
    assert message == "Got a state beyond 1000; the figure stays as it was."
    assert live.value("h_prev[1, 0, 0]") != 1


def test_sizes_that_cannot_be_are_said_with_those_that_can(page, address):
    page.goto(f"{address}shapes/")
    block = page.locator(".lf-shapes")
    status = block.locator("p[role=status]")

    def typed(name, value):
        block.locator(f"[name={name}]").fill(value)
        return status.inner_text()

    for name, wrong in (("hidden_size", "0"), ("seq_len", ""), ("batch", "1.5")):
        pattern = r"(\w+): got '(.*)', expected a whole number from (\d+) to (\d+)"
        match = re.fullmatch(pattern, typed(name, wrong))
        assert (match[1], match[2]) == (name, wrong)
        assert block.locator("table").is_hidden()
        for button in ("Copy as Python", "Copy link"):
            assert block.get_by_text(button).is_disabled()
        low, high = int(match[3]), int(match[4])
        for value in (low - 1, high + 1):
            assert "expected a whole number" in typed(name, str(value))
        for value in (high, low):
            assert "parameters" in typed(name, str(value))
    typed("hidden_size", "20")
    size, of, none = re.fullmatch(
        r"got proj_size (\d+), expected one smaller than hidden_size "
        r"(\d+); choose a smaller one, or (\d) for none",
        typed("proj_size", "21"),
    ).groups()
    assert (size, of) == ("21", "20")
    assert "expected one" in typed("proj_size", of)
    for fixed in (int(of) - 1, none):
        assert "parameters" in typed("proj_size", str(fixed))
    typed("num_layers", "4")
    assert block.get_by_text("Layers 2 to 3 have the shapes of layer 1.").is_visible()
    typed("num_layers", "3")
    assert block.get_by_text("Layer 2 has the shapes of layer 1.").is_visible()
    block.get_by_text("Copy as Python").click()
    block.get_by_text("Copied; it prints these shapes").wait_for()
    block.get_by_text("Copy link").click()
    block.get_by_text("Link copied").wait_for()


def test_what_could_not_be_loaded_is_there_at_the_next_try(page, address):
    page.route("**/reading-live*", lambda route: route.abort())
    live = reading(page).open(f"{address}{PAGE}")
    before = live.svg.inner_html()
    live.press("cut")
    live.message("The scripts could not be loaded; try again")
    assert live.svg.inner_html() == before
    page.unroute("**/reading-live*")
    live.press("cut")
    live.message("The network is wrong")
    page.route("**/*.json", lambda route: route.abort())
    live = Live(page, "cell").open(f"{address}step/")
    live.press("The next step")
    live.figure.get_by_text("The other steps could not be loaded; try again").wait_for()
    page.unroute("**/*.json")
    live.press("The next step")
    live.find("output", has_text="step 3").wait_for()
    page.faults.clear()


def test_what_a_page_may_not_copy_is_said(open_reading, announced):
    live = open_reading()
    page = live.page
    live.press("Copy as PyTorch")
    live.message("Copied; it prints the same answers")
    announced.add(page.evaluate("navigator.clipboard.readText()"))
    answers = namespace(Source(network="brackets"), "answers[0, 0, 0]")["answers"]
    assert run_copied(page) == [
        f"{token}  inside quotes: {inside:.2f}  all closed: {closed:.2f}"
        for token, (inside, closed) in zip(TEXT, answers[:, 0].tolist(), strict=True)
    ]
    live.find(".lf-share summary").click()
    link = live.find(".lf-share a").first
    link.click()
    live.figure.get_by_text("Link copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url == link.evaluate("element => element.href")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    live.press("Copy as PyTorch")
    live.message("The browser does not let this page copy")
    number = live.svg.locator("text[data-expr]").first
    number.scroll_into_view_if_needed()
    number.dispatch_event("click")
    panel = page.get_by_role("region", name="This number")
    panel.get_by_role("button", name="Copy as Python").click()
    panel.get_by_text("The browser does not let this page copy").wait_for()
    link.click()
    live.figure.get_by_text("The link is in the address bar").wait_for()
    assert page.url == link.evaluate("element => element.href")


# all strings

SCRIPTS = [
    path
    for pattern in ("*", "*/live", "reading/slider", "twin/*")
    for path in FOLDER.glob(f"{pattern}.js")
    # `test_own_reading` has those of other networks. The last two write figures.
    if path.parent.name != "own" and path.stem not in ("subject", "svg")
]
"""Scripts with messages; texts of figures are compared in their twins."""


def test_each_string_of_the_scripts_was_heard(request, page, address, announced):
    ran = {getattr(item, "originalname", "") for item in request.session.items}
    if not {name for name in globals() if name.startswith("test_")} <= ran:
        pytest.skip("all tests of this file must have run before")
    # `test_training` tests these words, and that they are true.
    page.goto(f"{address}how-it-learned/?after=500&{WEIGHT}=0#figure-reading")
    page.get_by_text("without your change").first.wait_for()
    page.evaluate("heard('')")
    assert missing_messages(announced, *SCRIPTS) == [], (
        "write a test that hears it, and that it is true"
    )
