"""Check pages with axe, which finds what people with disabilities cannot use."""

from axe_playwright_python.base import AXE_SCRIPT, AxeResults

COLOUR_RULES = ["color-contrast", "link-in-text-block"]
"""The rules of axe that only colours decide."""

MARK_UNSEEN = """document.querySelectorAll('.lf-forms > *').forEach(
  form => form.toggleAttribute('data-unseen', !form.checkVisibility()))"""
"""Marks the forms of figures that the width hides."""

MIN_TOUCH = 43.9
"""The least height of what a finger touches: 44 pixels, less rounding."""

TRANSITIONS_END = """async () => {
  await new Promise(requestAnimationFrame);
  const transitions = document.getAnimations().filter(a => a instanceof CSSTransition);
  await Promise.all(transitions.map(a => a.finished.catch(() => {})));
}"""
"""Waits until the colours of a changed theme are at their end."""


def check_phone(page, controls, least, scheme):
    """Check a page at the width of a phone.

    Args:
        page: The page.
        controls: The selector of what a finger must be able to touch.
        least: The least width and height of these.
        scheme: The colour scheme, `light` or `dark`.
    """
    page.set_viewport_size({"width": 360, "height": 900})
    page.emulate_media(color_scheme=scheme)
    # Halfway between two themes, colours have too little contrast.
    page.evaluate(TRANSITIONS_END)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    for control in page.locator(f"{controls}:visible").all():
        box = control.bounding_box()
        assert box["width"] >= least[0]
        assert box["height"] >= least[1]
        assert 0 <= box["x"] <= 360 - box["width"]
    assert violations(page, colours_only=scheme == "dark") == ""


def violations(page, *, colours_only=False, colours=True):
    """A report of what axe finds wrong in the visible part of a page; empty for nothing.

    In a second colour scheme only colours differ; at a second width they do not.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    page.evaluate(MARK_UNSEEN)
    unseen = ["[data-unseen]"]
    problems = []
    if colours:
        # axe cannot check texts in an SVG; `tests/test_theme.py` does.
        problems += run_axe(page, [unseen, ["svg"]], runOnly=COLOUR_RULES)
    if not colours_only:
        off = {rule: {"enabled": False} for rule in COLOUR_RULES}
        problems += run_axe(page, [unseen], rules={"target-size": {"enabled": True}, **off})
    return AxeResults({"violations": problems}).generate_report() if problems else ""


def run_axe(page, excluded, **options):
    """The violations outside of what some selectors exclude."""
    # By default axe also describes elements that pass, which takes most of the time.
    options["resultTypes"] = ["violations"]
    result = page.evaluate("words => axe.run(...words)", [{"exclude": excluded}, options])
    return result["violations"]
