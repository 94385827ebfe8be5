"""The pixels and dpi of PNG files."""

from pathlib import Path

import pytest
from PIL import Image

import lstm_figs as lf

SIZE = lf.draw("perceptron").sheet
SCALES = {"": 2, "--scale 0.25": 0.25, "--scale 10": 10, "--dpi 96": 1, "--dpi 300": 3.125}
"""Options -> pixels for each unit of the figure."""


@pytest.mark.parametrize("options", SCALES)
def test_a_picture_has_the_pixels_and_the_dpi_that_are_asked_for(options, call):
    scale = SCALES[options]
    assert call("draw", "perceptron", "--out", "x.png", *options.split())[0] == 0
    with Image.open("x.png") as image:
        assert image.width == pytest.approx(SIZE.width * scale, abs=1)
        assert image.height == pytest.approx(SIZE.height * scale, abs=1)
        # PNG stores pixels per metre as an integer.
        assert image.info["dpi"] == pytest.approx((96 * scale,) * 2, abs=0.02)


def test_a_scale_is_for_the_picture_alone_when_there_are_several_formats(call):
    words = ["--format", "svg", "--format", "png", "--scale", "1"]
    assert call("draw", "perceptron", *words)[0] == 0
    assert 'width="720"' in Path("perceptron.svg").read_text("utf-8")
    with Image.open("perceptron.png") as image:
        assert image.width == 720
