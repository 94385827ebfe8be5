"""What axe finds in a page."""

from axe_playwright_python.base import AXE_SCRIPT, AxeResults

COLOUR_RULES = CONTRAST, LINKS = "color-contrast", "link-in-text-block"
"""The rules that judge colours."""
OTHER_RULES = {
    "rules": {
        "target-size": {"enabled": True},
        **{rule: {"enabled": False} for rule in COLOUR_RULES},
    },
    # What passes is named and described as well unless axe is told otherwise,
    # and of ten thousand elements that takes most of the time.
    "resultTypes": ["violations"],
}
"""What else is judged, and how."""
AXE = f"""{AXE_SCRIPT}
axe.configure({{
  rules: [
    {{ id: '{CONTRAST}', selector: '[data-{CONTRAST}]' }},
    {{ id: '{LINKS}', selector: '[data-{LINKS}]' }},
  ],
}})"""
MARK_UNSEEN = """document.querySelectorAll('.lf-forms > *').forEach(
  form => form.toggleAttribute('data-unseen', !form.checkVisibility()))"""
# To judge the colours of all words, one by one, takes a third of axe's time.
# What passed once says it for all that look the same, on any page; what looks
# otherwise is marked. A look is all that is judged by: the colour, size and
# weight of the letters, what is behind, and of a link the text around it.
# Of a text in an SVG axe cannot say it; `tests/test_theme.py` does.
JUDGE_COLOURS = f"""async ([known, context]) => {{
  const behind = new Map([[null, '']]);
  const styled = (one, names) => {{
    const style = getComputedStyle(one);
    return names.map(name => style[name]).join();
  }};
  const backOf = one => {{
    if (!behind.has(one)) {{
      const own = styled(one, [
        'backgroundColor', 'backgroundImage', 'opacity', 'position', 'overflow'
      ]);
      const before = backOf(one.parentElement);
      behind.set(one, before.endsWith(own) ? before : `${{before}}|${{own}}`);
    }}
    return behind.get(one);
  }};
  const lookOf = one => `${{styled(one, [
    'color', 'fontSize', 'fontWeight', 'textShadow', 'visibility', 'display'
  ])}} ${{backOf(one)}}`;
  const blockOf = one => {{
    const above = one.parentElement;
    return styled(above, ['display']) === 'inline' ? blockOf(above) : above;
  }};
  const passed = new Set(known);
  const looks = {{ '{CONTRAST}': new Map(), '{LINKS}': new Map() }};
  const note = (rule, one, look) => {{
    const isNew = !passed.has(look)
      && one.checkVisibility({{ opacityProperty: true }});
    one.toggleAttribute(`data-${{rule}}`, isNew);
    if (isNew) looks[rule].set(one, look);
  }};
  // Of what is left out here axe says that it cannot judge it.
  const signs = {{ emoji: true, nonBmp: true, punctuations: true }};
  const isText = node => node.nodeType === Node.TEXT_NODE
    && axe.commons.text.removeUnicode(node.data, signs).trim();
  for (const one of document.querySelectorAll('body :not(svg, svg *)')) {{
    const isField = one.matches('input, select, textarea');
    if (isField || [...one.childNodes].some(isText)) {{
      note('{CONTRAST}', one, lookOf(one));
    }}
  }}
  for (const one of document.querySelectorAll('a[href]:not(svg *)')) {{
    const drawn = styled(one, ['font', 'textDecoration', 'border', 'outline']);
    const within = lookOf(blockOf(one));
    note('{LINKS}', one, `${{lookOf(one)}} ${{drawn}} in ${{within}}`);
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


def violations(page, *, colours_only=False, colours=True, other_rules=OTHER_RULES):
    """What axe finds in what is seen of a page.

    Args:
        page: Where to look; it knows the looks of what passed before.
        colours_only: For a second scheme, in which nothing else differs.
        colours: For a second width, at which the colours are the same.
        other_rules: What is judged beside the colours.
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
        problems += page.evaluate(judge, [context, other_rules])["violations"]
    return AxeResults({"violations": problems}).generate_report() if problems else ""
