"""Walk the controls of each live figure: their labels, and what each of them does."""

import re

import pytest

from tests.browser.conftest import set_all

TOOLS = """
link Link to the figure {id} | Link copied
button Save SVG | {id}.svg
button Save PNG | {id}.png
"""
STATE = """
button Copy as PyTorch | Copied
button Save the weights | brackets.safetensors
"""
READING = """
button The next step | 1 of 34
button The next step | 2 of 34
button The step before | 1 of 34
textbox Type your own text = f(a) | --text 'f(a)'
combobox Texts to try = ))( | --text '))('
combobox Change a weight = lstm.bias_ih_l0:2 | 1.998
slider The weight = End | lstm.bias_ih_l0[2]=10'
button cut | lstm.bias_ih_l0[2]=0'
"""
FIGURES = {
    "what-it-remembers/#figure-reading": f"""{READING}
button as trained | 1.998
button Reset | 34 steps
link All of step 1 | keep-write-show/?step=1#figure-keep-write-show
{STATE}""",
    "how-it-learned/#figure-reading": f"""{READING}
button as it was | 1.998
slider Training = Home | batch 0 of 6,000
button Reset | batch 6,000 of 6,000
button Play | Pause
button Pause | Play
{STATE}""",
    "keep-write-show/#figure-keep-write-show": f"""
button The next step | --step 9
button The step before | --step 8
slider Step = End | --step 34
combobox Change = lstm.weight_ih_l0:2,0 | meets a 0, x[33, 0, 0]
textbox to = 2 | lstm.weight_ih_l0[2,0]=2'
button Less by 0.1 | lstm.weight_ih_l0[2,0]=1.9'
button More by 0.1 | lstm.weight_ih_l0[2,0]=2'
button zero | lstm.weight_ih_l0[2,0]=0'
button Undo | lstm.weight_ih_l0[2,0]=2'
button as it was | draw keep-write-show --network brackets --step 34
button Reset | --step 8
{STATE}""",
    "step/#figure-cell": """
button The next step | step 3 of 4
button The step before | step 2 of 4
slider Step = End | step 4 of 4
button Back to step 2, as in the text | step 2 of 4
""",
}
"""Address -> the role and label of each control, what to do with it, and what then appears."""
OWN = """
button The next step | 1 of 8
button The next step | 2 of 8
button The step before | 1 of 8
combobox Tensor = lstm.weight_ih_l1 | weight_ih_l1[0, 0]
combobox gate = f | weight_ih_l1[3, 0]
spinbutton unit = 2 | weight_ih_l1[5, 0]
spinbutton column = 1 | weight_ih_l1[5, 1]
slider The weight = Home | --set
button as it was | is as it was
button cut | --set 'lstm.weight_ih_l1[5,1]=0'
button Reset | is as it was
button Copy as PyTorch | Copied
link Link to this figure | #figure-reading
"""

PARTS = ".lf-live :is(span, p), .lf-training, .lf-steps, .lf-share"
"""What shows what a control does."""


def labels(text):
    """The controls in a text, each with its role."""
    roles = "button|slider|link|textbox|combobox|spinbutton"
    found = re.findall(rf'({roles}) "?([^"|=\n]+?)(?:"| =| \|)', text)
    # The step that "All of step 6" leads to changes.
    return {(role, re.sub(r"\d+$", "", name)) for role, name in found}


def walk(figure, table):
    """Use each control of a table, and fail on one that it lacks."""
    visible = set()
    for line in filter(None, table.splitlines()):
        for bar in figure.locator(".lf-bar:visible").all():
            visible |= labels(bar.aria_snapshot())
        control, _, expected = line.partition(" | ")
        label, _, value = control.partition(" = ")
        role, _, name = label.partition(" ")
        element = figure.get_by_role(role, name=name, exact=True)
        if name.startswith("Save"):
            with figure.page.expect_download() as download:
                element.click()
            assert download.value.suggested_filename == expected
            continue
        if "#" in expected:
            assert element.get_attribute("href").endswith(expected)
            continue
        pattern = re.compile(rf"(?<![\d.]){re.escape(expected)}")
        result = figure.locator(PARTS).filter(has_text=pattern).first
        assert result.count() == 0, line
        if role == "combobox":
            element.select_option(value)
        elif role == "slider":
            element.press(value)
        elif value:
            element.fill(value)
        else:
            element.click()
        result.wait_for(state="attached")
    assert visible == labels(table)


@pytest.mark.parametrize("path", FIGURES)
def test_each_control_does_what_its_label_says(open_page, path):
    page = open_page(path, permissions=["clipboard-read", "clipboard-write"])
    id = path.partition("#")[2]
    figure = page.locator(f"#{id}")
    set_all(page, ".lf-tools details", open=True)
    if figure.locator("input").count():
        figure.locator("input").first.hover()
        figure.locator(".lf-speaks").wait_for(state="attached")
    walk(figure, FIGURES[path] + TOOLS.format(id=id.removeprefix("figure-")))
