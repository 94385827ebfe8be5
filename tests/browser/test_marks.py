"""Curves that the twins write in tenths."""

from lstm_figs.render.svg import _tenths
from lstm_figs.scene.marks import Path
from tests.binding.drawing import lines
from tests.browser.twins import laid_out

CURVES = (
    ("M", (1.04, 2)),
    ("C", (5, 2.51), (9, -4), (9, 8)),
    ("C", (9.26, 3), (0, 1), (12, 4.5), (3, 3), (2, 2), (1, 1)),
    ("L", (4, 4)),
    ("Z",),
)
DRAW = """d => {
  const mark = $twin_marks.path(d, { compact: true, stroke: "ink" });
  const figure = { id: "a", name: "a", title: "", description: "", tensors: {} };
  return $twin_svg.write(figure, { width: 9, height: 9, marks: [mark] });
}"""


def test_a_curve_in_tenths_is_the_curve(browser, tmp_path):
    path = Path(CURVES, compact=True)
    written = _tenths(path)
    rounded = [(letter, *((round(x, 1), round(y, 1)) for x, y in at)) for letter, *at in CURVES]
    absolute = "".join(
        letter + " ".join(f"{x} {y}" for x, y in points) for letter, *points in rounded
    )
    for chain, expected in zip(lines(written), lines(absolute), strict=True):
        assert [(round(x, 6), round(y, 6)) for x, y in chain] == [
            (round(x, 6), round(y, 6)) for x, y in expected
        ]
    assert f' d="{written}"' in laid_out(browser, tmp_path, "reading", DRAW, CURVES)
