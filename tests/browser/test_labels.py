import itertools

import pytest

import lstm_figs
from lstm_figs.figure import draw_figure
from lstm_figs.figures import CATALOG
from lstm_figs.request import Request
from lstm_figs.sources import Source
from tests.strategies import last_options
from tests.trained import sequence, trained, trained_trace

# Every size is measured by the table of widths, which the browser confirms.
SIZES = [(1, 1), (2, 5), (8, 8)]
FOLDED = ("cell", "cell-output", "data-flow", "unrolled", "step")
SPREAD = ("gates-over-time", "gate-functions", "independence", "batch")
LARGE = [(9, 9), (40, 256), (1, 40), (300, 1), (8, 100), (2, 2600)]

# Half a pixel is what rounding of coordinates and of glyphs may take.
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


def widths_where_labels_fit(browser, figures):
    """Hold labels apart and inside; how wide the figures are.

    All stand on one page: asking a browser takes longer than what it does.
    """
    svgs = [figure.render("svg", "light").decode() for figure in figures]
    page = browser.new_page(viewport={"width": 800, "height": 900})
    try:
        page.set_content("<body></body>")
        page.evaluate("svgs => document.body.innerHTML = svgs.join('')", svgs)
        assert page.eval_on_selector_all("svg", FAULTS) == []
        widths = page.eval_on_selector_all(
            "svg", "svgs => svgs.map(svg => svg.viewBox.baseVal.width)"
        )
    finally:
        page.close()
    assert len(widths) == len(svgs) > 0
    return widths


@pytest.fixture(scope="module")
def traces():
    """Seeded runs of some sizes; they share what is slow, importing torch."""
    return {
        (i, h): Source(i, h, seed=i * 8 + h, seq_len=(i + h) % 8 + 1).trace()
        for i, h in SIZES
    }


@pytest.mark.parametrize("width", [720, 360])
@pytest.mark.parametrize("name", CATALOG)
def test_labels_are_inside_and_apart_as_a_browser_measures_them(
    browser, traces, name, width
):
    figures = [
        Request(name, id=f"{name}-{i}-{h}", width=width).draw(trace)
        for (i, h), trace in traces.items()
    ]
    assert max(widths_where_labels_fit(browser, figures)) <= width


@pytest.fixture(scope="module")
def trained_traces():
    """Weights from usual ones to such that states are e-10 and 1e5."""
    found = {}
    for k, (i, h) in enumerate(LARGE):
        for outlier in (40.0, 4e4) if h < 1000 else (40.0,):
            module = trained(i, h, seed=k, outlier=outlier)
            trace = lstm_figs.trace(module, 3 * sequence(9, 1, i, seed=k))
            found[i, h, outlier] = trace
    return found


@pytest.mark.parametrize("width", [720, 360])
@pytest.mark.parametrize("name", FOLDED + SPREAD)
def test_labels_of_large_modules_are_inside_and_apart(
    browser, trained_traces, name, width
):
    figures = [
        lstm_figs.draw(name, trace, width=width, **last_options(name, h, 9))
        for (_, h, _), trace in trained_traces.items()
    ]
    widths_where_labels_fit(browser, figures)


FOLDING = ("weight-map", "hidden-size", "perceptron", "four-weights",
           "cell-input")  # fmt: skip
MIXED = [(9, 9), (12, 16), (60, 2), (2, 11), (1, 9), (9, 1), (40, 256),
         (257, 13), (1, 4096), (4096, 1)]  # fmt: skip


@pytest.fixture(scope="module")
def mixed_traces():
    """Runs of trained weights, with outliers and what is no number."""
    special = (float("nan"), float("inf"), float("-inf"))
    return {
        (i, h, bias): trained_trace(i, h, bias=bias, special=special)[0]
        for i, h in MIXED
        for bias in (True, False)
    }


@pytest.mark.parametrize("width", [720, 360])
@pytest.mark.parametrize("name", FOLDING)
def test_labels_are_inside_and_apart_above_what_can_be_read(
    browser, mixed_traces, name, width
):
    figures = [
        draw_figure(name, trace, {}, id=f"{name}-{i}-{h}-{bias}", width=width)
        for (i, h, bias), trace in mixed_traces.items()
    ]
    widths_where_labels_fit(browser, figures)


RUNS = [(1, 1), (3, 1), (8, 64), (5, 9), (200, 2)]


@pytest.fixture(scope="module")
def runs():
    """Runs of many units: of one step to many, of one sequence to many."""
    found = {}
    for k, ((i, h), (t, n)) in enumerate(
        itertools.product([(40, 12), (2, 256), (300, 3)], RUNS)
    ):
        x = sequence(t, n, i, seed=k)
        if k % 3 == 1:
            x[-1, 0, 0] = float("nan")
        found[i, h, t, n] = lstm_figs.trace(trained(i, h, seed=k), x)
    return found


@pytest.mark.parametrize("width", [720, 360])
@pytest.mark.parametrize("name", SPREAD)
def test_labels_are_apart_for_few_and_many_steps_and_sequences(
    browser, runs, name, width
):
    figures = [
        lstm_figs.draw(name, trace, width=width) for trace in runs.values()
    ]
    widths_where_labels_fit(browser, figures)
