"""Notices of errors on a page can be read in both schemes and on a phone."""

from lstm_figs.site.context import Context
from tests.browser.axe import violations
from tests.browser.conftest import in_both_schemes
from tests.site.conftest import converted

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>A page</title>
<style>:root{{color-scheme:light dark}}</style><main>{}</main></html>"""


@in_both_schemes
def test_what_is_wrong_can_be_read_in_any_scheme_on_a_phone(show, scheme):
    file = f"{'x' * 99}.py"
    text = f"# A page\n\n/// lstm-code | {file}\n\nCaption.\n///\n"
    html = converted(text, Context(serving=True))
    page = show(PAGE.format(html), color_scheme=scheme, width=360)
    notice = page.get_by_role("alert")
    assert notice.inner_text().startswith(f"this page:3: '{file}' is not a")
    assert page.get_by_text("Caption.").is_visible()
    assert violations(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth == innerWidth")
