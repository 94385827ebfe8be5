"""Check pages with axe, which finds what people with disabilities cannot use."""

from axe_playwright_python.base import AXE_SCRIPT, AxeResults

COLOUR_RULES = ["color-contrast", "link-in-text-block"]
"""The rules of axe that only colours decide."""

MARK_UNSEEN = """document.querySelectorAll('.lf-forms > *').forEach(
  form => form.toggleAttribute('data-unseen', !form.checkVisibility()))"""
"""Marks the forms of figures that the width hides."""

JUDGE_COLOURS = """async rules => {
  const passed = new Set(JSON.parse(sessionStorage.looks ?? '[]'));
  const read = (e, ...names) => names.map(name => getComputedStyle(e)[name]).join();
  const papers = new Map([[null, '']]);
  // The backgrounds behind a text, from the page up to its element.
  const paper = e => {
    if (!papers.has(e)) {
      const own = read(e, 'backgroundColor', 'backgroundImage', 'opacity', 'position');
      const behind = paper(e.parentElement);
      papers.set(e, behind.endsWith(own) ? behind : `${behind} ${own}`);
    }
    return papers.get(e);
  };
  const text = e => read(e, 'color', 'font', 'textDecoration', 'textShadow', 'display');
  // axe cannot judge signs.
  const hasWords = e => e.matches('input, select, textarea') || [...e.childNodes].some(
    node => node.nodeType === Node.TEXT_NODE && /[a-z\\d]/i.test(node.data));
  for (const e of document.querySelectorAll('[data-look]')) delete e.dataset.look;
  const tried = new Set(passed);
  for (const e of document.querySelectorAll('body :not(svg, svg *)')) {
    if (!hasWords(e) || !e.checkVisibility({ opacityProperty: true })) continue;
    // A link is compared with the text around it.
    const look = [text(e), text(e.parentElement), paper(e)].join();
    if (!tried.has(look)) (e.closest('a') ?? e).dataset.look = look;
    tried.add(look);
  }
  if (!document.querySelector('[data-look]')) return [];
  const { violations, passes } = await axe.run(
    // It cannot check texts in an SVG; `tests/test_theme.py` does.
    { include: [['[data-look]']], exclude: [['[data-unseen]'], ['svg']] },
    { runOnly: rules, resultTypes: ['violations', 'passes'] });
  for (const { target: [selector] } of passes.flatMap(({ nodes }) => nodes))
    passed.add(document.querySelector(selector).closest('[data-look]').dataset.look);
  sessionStorage.looks = JSON.stringify([...passed]);
  return violations;
}"""
"""The faults of colours, from one text of each look that has not passed yet in this tab.

The colours of all texts of the site would take minutes.
"""

MIN_TOUCH = 43.9
"""The least height of what a finger touches: 44 pixels, less rounding."""

TRANSITIONS_END = """async () => {
  await new Promise(requestAnimationFrame);
  const transitions = document.getAnimations().filter(a => a instanceof CSSTransition);
  await Promise.all(transitions.map(a => a.finished.catch(() => {})));
}"""
"""Waits until the colours of a changed theme are at their end."""


def check_phone(page, controls, least, scheme):
    """Check a page at the width of a phone, where `controls` are as large as `least`."""
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
    problems = page.evaluate(JUDGE_COLOURS, COLOUR_RULES) if colours else []
    if not colours_only:
        off = {rule: {"enabled": False} for rule in COLOUR_RULES}
        rules = {"target-size": {"enabled": True}, **off}
        # By default axe also describes elements that pass, which takes most of the time.
        options = {"rules": rules, "resultTypes": ["violations"]}
        result = page.evaluate(
            "words => axe.run(...words)", [{"exclude": [["[data-unseen]"]]}, options]
        )
        problems += result["violations"]
    return AxeResults({"violations": problems}).generate_report() if problems else ""
