"""What a key costs where a figure is laid out in the page, and what a load.

A key has the network read the text anew, lays out both forms and replaces
those before. Beside it stands what the last of these takes alone.
"""

from pathlib import Path

from lstm_figs.command.request import parse_header
from lstm_figs.site.live import controls
from lstm_figs.site.scripts import FOLDER, script
from tests.browser.conftest import chromium, watched

KEY = 2
"""The most that a key may cost, in replacements of the finished drawing."""

LONG = 50
"""A task that takes longer, in ms, is one that is felt."""

SLOWER = 4
"""How much slower a phone is."""

TYPED = """globalThis.typed = n => {
  const shown = text =>
    reading(new $twin_subject.Subject(text), 'reading').map(one => one.svg);
  const put = svgs => [...document.querySelectorAll('.lf-forms > div')]
    .forEach((one, k) => {
      one.innerHTML = svgs[k];
      one.getBoundingClientRect();
    });
  const own = $twin_known.known.network.text;
  const times = { key: [], replaced: [] };
  for (let k = 0; k < n; k += 1) {
    const text = own.slice(0, -1) + 'x()"'[k % 4];
    const start = performance.now();
    const svgs = shown(text);
    put(svgs);
    const middle = performance.now();
    put(svgs);
    times.key.push(middle - start);
    times.replaced.push(performance.now() - middle);
  }
  const median = all => all.sort((a, b) => a - b)[all.length >> 1];
  return median(times.key) / median(times.replaced);
}"""


def page_of(header: str) -> str:
    """A page with a live figure, which has all that its scripts look for."""
    wide, narrow = parse_header(header).forms()
    bars = controls(header)
    return (
        "<!doctype html><meta charset=utf-8>"
        f'<figure id="figure-reading">{bars["above"]}<div class="lf-forms">'
        f"<div>{wide.inline()}</div>"
        f'<div style="display:none">{narrow.inline()}</div></div>'
        f"{bars['below']}</figure>"
    )


def costs(folder: Path) -> tuple[float, float]:
    """What a key costs, in replacements, and what a load takes, in ms.

    Args:
        folder: For the page.
    """
    file = folder / "keys.html"
    file.write_text(page_of("reading --network brackets"), encoding="utf-8")
    twin = script(FOLDER / "reading" / "reading.js")
    loader = script(FOLDER / "live.js")
    with chromium() as browser:
        page = watched(browser)
        page.goto(file.as_uri())
        page.add_script_tag(type="module", content=twin + TYPED)
        page.wait_for_function("'typed' in window")
        key = page.evaluate("typed(50)")
        page.context.new_cdp_session(page).send(
            "Emulation.setCPUThrottlingRate", {"rate": SLOWER}
        )
        load = page.evaluate(
            """code => {
              const start = performance.now();
              new Function(code)();
              return performance.now() - start;
            }""",
            loader,
        )
        assert page.faults == []
    return key, load
