"""A live figure of a page, as a reader uses it."""

from tests.browser.conftest import pause
from tests.browser.twins import drawn_request, forms_as_xml

WEIGHT = "lstm.weight_hh_l0[0,1]"
"""A weight that tests change."""


class Live:
    """A live figure, found by its name; `label` is that of its field."""

    def __init__(self, page, name, label=""):
        self.page, self.id = page, f"#figure-{name}"
        self.figure = page.locator(self.id)
        self.find = self.figure.locator
        self.svg = self.find(".lf-forms:not(.lf-map *) svg.lf-figure:visible").first
        self.field = self.figure.get_by_label(label, exact=True)

    def open(self, address):
        self.resize(1280)
        self.page.goto("about:blank")
        self.page.goto(address)
        return self

    def button(self, name):
        return self.figure.get_by_role("button", name=name, exact=True)

    def press(self, name):
        self.button(name).click()

    def keys(self, *keys):
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def message(self, words):
        """The message, as soon as it has some words."""
        status = self.find("[role=status]", has_text=words)
        pause(self.page)
        return status.first.inner_text()

    def number(self, expr):
        """The printed number of an expression."""
        return self.svg.locator(f"[data-expr='{expr}']").first

    def value(self, expr):
        return float(self.number(expr).get_attribute("data-value"))

    def forms(self):
        return forms_as_xml(self.page, self.id)

    def check_controls(self, is_own):
        """Check Reset, and that no message of an earlier drawing is left."""
        assert self.button("Reset").is_disabled() == is_own
        assert self.find(".lf-live [role=status]").last.inner_text() == ""

    def resize(self, width):
        self.page.set_viewport_size({"width": width, "height": 900})

    def drawn_request(self):
        """The request of its command, which draws the same figure."""
        return drawn_request(self.page, self.id)


def reading(page):
    return Live(page, "reading", "Type your own text")


def keep_write_show(page):
    return Live(page, "keep-write-show", "to")
