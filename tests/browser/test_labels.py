"""Labels measured by a browser: inside the figure and apart from each other."""

import pytest

from lstm_figs.command.request import Request
from lstm_figs.sources import Source
from tests.sources import UNTRAINED_FIGURES

# Sizes come from the table of widths, which the browser confirms.
SIZES = [(2, 3), (8, 8)]

# Rounding of coordinates and glyphs may take half a pixel.
FAULTS = """svgs => svgs.flatMap(svg => {
  const view = svg.getBoundingClientRect();
  const boxes = [...svg.querySelectorAll('text')].map(text => {
    const box = text.getBoundingClientRect();
    // The line box is higher than the glyphs, which fill its middle.
    const trim = box.height * 0.16;
    return {text: text.textContent, left: box.left + .5, right: box.right - .5,
            top: box.top + trim, bottom: box.bottom - trim};
  });
  const outside = boxes.filter(b => b.left < view.left || b.right > view.right
    || b.top < view.top || b.bottom > view.bottom)
    .map(b => [svg.id, 'outside', b.text]);
  const apart = [];
  boxes.forEach((a, i) => boxes.slice(i + 1).forEach(b => {
    if (a.left < b.right && b.left < a.right
        && a.top < b.bottom && b.top < a.bottom)
      apart.push([svg.id, 'overlap', a.text, b.text]);
  }));
  return [...outside, ...apart];
})"""


def widths_where_labels_fit(page, figures):
    """Check that labels do not overlap, and fit; returns the widths of the figures."""
    svgs = [figure.render("svg", "light").decode() for figure in figures]
    page.set_content("".join(svgs))
    assert page.eval_on_selector_all("svg", FAULTS) == []
    widths = page.eval_on_selector_all("svg", "svgs => svgs.map(svg => svg.viewBox.baseVal.width)")
    assert len(widths) == len(svgs) > 0
    return widths


@pytest.fixture(scope="module")
def traces():
    """Seeded runs of some sizes, made together because importing torch is slow."""
    return {(i, h): Source(i, h, seed=i * 8 + h, seq_len=(i + h) % 8 + 1).trace() for i, h in SIZES}


@pytest.mark.parametrize("width", [720, 360])
@pytest.mark.parametrize("name", UNTRAINED_FIGURES)
def test_labels_are_inside_and_apart_as_a_browser_measures_them(file_page, traces, name, width):
    figures = [
        Request(name, id=f"{name}-{i}-{h}", width=width).draw(trace)
        for (i, h), trace in traces.items()
    ]
    assert max(widths_where_labels_fit(file_page, figures)) <= width
