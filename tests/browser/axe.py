"""Check pages with axe, which finds what people with disabilities cannot use."""

from axe_playwright_python.base import AXE_SCRIPT, AxeResults

COLOUR_RULES = CONTRAST, LINKS = "color-contrast", "link-in-text-block"
"""The rules of axe that only colours decide."""

OTHER_RULES = {
    "rules": {
        "target-size": {"enabled": True},
        **{rule: {"enabled": False} for rule in COLOUR_RULES},
    },
    # By default axe also describes elements that pass, which takes most of the time for ten
    # thousand elements.
    "resultTypes": ["violations"],
}
AXE = f"""{AXE_SCRIPT}
axe.configure({{
  rules: [
    {{ id: '{CONTRAST}', selector: '[data-{CONTRAST}]' }},
    {{ id: '{LINKS}', selector: '[data-{LINKS}]' }},
  ],
}})"""
MARK_UNSEEN = """document.querySelectorAll('.lf-forms > *').forEach(
  form => form.toggleAttribute('data-unseen', !form.checkVisibility()))"""
# Checking the colours of every text takes a third of axe's time. So one text of each
# look is checked, and looks that passed are stored for all pages. A look is everything
# that the rules use: colour, size and weight of the text, its background, and for links
# the text around them. axe cannot check texts in an SVG; `tests/test_theme.py` does.
JUDGE_COLOURS = f"""async ([known, context]) => {{
  const behind = new Map([[null, '']]);
  const styled = (element, names) => {{
    const style = getComputedStyle(element);
    return names.map(name => style[name]).join();
  }};
  const backOf = element => {{
    if (!behind.has(element)) {{
      const own = styled(element, [
        'backgroundColor', 'backgroundImage', 'opacity', 'position', 'overflow'
      ]);
      const before = backOf(element.parentElement);
      behind.set(element, before.endsWith(own) ? before : `${{before}}|${{own}}`);
    }}
    return behind.get(element);
  }};
  const lookOf = element => `${{styled(element, [
    'color', 'fontSize', 'fontWeight', 'textShadow', 'visibility', 'display'
  ])}} ${{backOf(element)}}`;
  // The nearest ancestor that is not inline: a link's surrounding text has its look.
  const blockOf = element => {{
    const parent = element.parentElement;
    return styled(parent, ['display']) === 'inline' ? blockOf(parent) : parent;
  }};
  const passed = new Set(known);
  const looks = {{ '{CONTRAST}': new Map(), '{LINKS}': new Map() }};
  const note = (rule, element, look) => {{
    const isNew = !passed.has(look)
      && element.checkVisibility({{ opacityProperty: true }});
    element.toggleAttribute(`data-${{rule}}`, isNew);
    if (isNew) looks[rule].set(element, look);
  }};
  // Of what is left out here axe says that it cannot judge it.
  const signs = {{ emoji: true, nonBmp: true, punctuations: true }};
  const isText = node => node.nodeType === Node.TEXT_NODE
    && axe.commons.text.removeUnicode(node.data, signs).trim();
  for (const element of document.querySelectorAll('body :not(svg, svg *)')) {{
    const isField = element.matches('input, select, textarea');
    if (isField || [...element.childNodes].some(isText)) {{
      note('{CONTRAST}', element, lookOf(element));
    }}
  }}
  for (const element of document.querySelectorAll('a[href]:not(svg *)')) {{
    const drawn = styled(element, ['font', 'textDecoration', 'border', 'outline']);
    const within = lookOf(blockOf(element));
    note('{LINKS}', element, `${{lookOf(element)}} ${{drawn}} in ${{within}}`);
  }}
  const found = await axe.run(context, {{
    runOnly: ['{CONTRAST}', '{LINKS}'],
    resultTypes: ['violations', 'passes'],
  }});
  for (const {{ id, nodes }} of found.passes) {{
    for (const {{ target: [selector] }} of nodes) {{
      passed.add(looks[id].get(document.querySelector(selector)));
    }}
  }}
  return [found.violations, [...passed]];
}}"""


TRANSITIONS_END = """async () => {
  await new Promise(requestAnimationFrame);
  const transitions = document.getAnimations().filter(a => a instanceof CSSTransition);
  await Promise.all(transitions.map(a => a.finished.catch(() => {})));
}"""
"""Waits until the colours of a changed theme are at their end."""


def check_phone(page, controls, least, scheme):
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
    """The violations that axe finds in the visible part of a page.

    In a second colour scheme only colours differ; at a second width they do not. The
    page stores the looks that passed before.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    page.evaluate(MARK_UNSEEN)
    context = {"exclude": [["[data-unseen]"]]}
    problems = []
    if colours:
        wrong, page.looks = page.evaluate(JUDGE_COLOURS, [page.looks, context])
        problems += wrong
    if not colours_only:
        judge = "words => axe.run(...words)"
        problems += page.evaluate(judge, [context, OTHER_RULES])["violations"]
    return AxeResults({"violations": problems}).generate_report() if problems else ""
