"""The cost of a key, and of loading, for a figure laid out in the page.

The cost is relative to inserting both forms of the finished drawing.
"""

from lstm_figs.command.request import parse_header
from lstm_figs.html.buttons import bar
from lstm_figs.html.live_controls import controls
from lstm_figs.html.scripts import script
from tests.browser.conftest import BROWSERS, chromium, watched_page

MAX_KEY_COST = 2
"""The most that a key may cost, in insertions of the finished drawing."""

LONG_TASK_MS = 50
"""A task that takes longer, in ms, is noticeable."""

SLOWDOWN = 4
"""How much slower a phone is."""

MEASURE_KEYS = """n => {
  const field = document.querySelector('.lf-live [type=text]');
  const forms = document.querySelector('.lf-forms');
  const typed = field.value;
  const times = { key: [], replaced: [] };
  const timed = (name, act) => {
    const start = performance.now();
    act();
    forms.getBoundingClientRect();
    times[name].push(performance.now() - start);
  };
  for (let k = 0; k < n; k += 1) {
    field.value = typed.slice(0, -1) + 'x()"'[k % 4];
    timed('key', () => field.dispatchEvent(new Event('input')));
    const svgs = [...forms.children].map(one => one.innerHTML);
    timed('replaced', () => [...forms.children].forEach((one, which) => {
      one.innerHTML = svgs[which];
    }));
  }
  // The clock of a page tells tenths of a millisecond, of which a key takes
  // few: a median would be one of them.
  const middle = all => all.sort((a, b) => a - b)
    .slice(all.length / 4, -all.length / 4).reduce((a, b) => a + b);
  return middle(times.key) / middle(times.replaced);
}"""

WAIT_FOR_IDLE = "new Promise(done => requestIdleCallback(done, { timeout: 1000 }))"
"""Waits until the browser is idle; headless browsers may never report it."""

MEASURE_LOAD = """code => {
  const start = performance.now();
  new Function(code)();
  return performance.now() - start;
}"""


def page_of(header):
    wide, narrow = parse_header(header).forms()
    bars = controls(parse_header(header))
    below = bars["below"].replace("<div ", '<div data-script="" ', 1)
    details = "<details><summary></summary><pre></pre><a></a></details>"
    tools = f'<div class="lf-tools">{details}{details}</div>'
    return (
        "<!doctype html><meta charset=utf-8>"
        '<figure id="figure-reading"><div class="lf-forms">'
        f"<div>{wide.inline()}</div>"
        f'<div style="display:none">{narrow.inline()}</div></div>'
        f"{below}{bar(bars['rows'], bars['before'])}<figcaption></figcaption>"
        f"{bar(tools)}</figure>"
    )


def costs(folder):
    """The cost of a key in insertions, and of loading in ms."""
    file = folder / "keys.html"
    file.write_text(page_of("reading --network brackets"), "utf-8")
    loader, live = map(script, ("live", "reading/live"))
    # Readers have a browser with windows, so measure keys in one.
    with chromium((*BROWSERS[1:], BROWSERS[0])) as browser:
        page = watched_page(browser)
        session = page.context.new_cdp_session(page)
        slower, loads = "Emulation.setCPUThrottlingRate", []
        for _ in range(3):
            page.goto(file.as_uri())
            # Exclude the time of the page itself.
            page.evaluate(WAIT_FOR_IDLE)
            session.send(slower, {"rate": SLOWDOWN})
            loads.append(page.evaluate(MEASURE_LOAD, loader))
            session.send(slower, {"rate": 1})
        page.add_script_tag(content=live)
        # During the first keys the browser still compiles the script.
        key = min(page.evaluate(MEASURE_KEYS, 100) for _ in range(3))
        assert page.faults == []
    return key, min(loads)
