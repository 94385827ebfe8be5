from pathlib import Path

import pytest
from PIL import Image

import lstm_figs as lf
from lstm_figs import cli


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


SIZE = lf.draw("perceptron").sheet


@pytest.mark.parametrize(
    ("options", "scale"),
    [
        ([], 2),
        (["--scale", "1"], 1),
        (["--scale", "0.25"], 0.25),
        (["--scale", "10"], 10),
        (["--dpi", "96"], 1),
        (["--dpi", "300"], 3.125),
    ],
)
def test_a_picture_has_the_pixels_and_the_dpi_that_are_asked_for(options, scale):
    assert cli.main(["draw", "perceptron", "--out", "x.png", *options]) == 0
    with Image.open("x.png") as image:
        assert image.width == pytest.approx(SIZE.width * scale, abs=1)
        assert image.height == pytest.approx(SIZE.height * scale, abs=1)
        # PNG stores pixels per metre as an integer.
        assert image.info["dpi"] == pytest.approx((96 * scale,) * 2, abs=0.02)


def test_a_scale_and_the_dpi_that_equal_it_give_the_same_bytes():
    for name, option in (("a", ["--scale", "1.5"]), ("b", ["--dpi", "144"])):
        words = ["draw", "perceptron", "--out", f"{name}.png", *option]
        assert cli.main(words) == 0
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--scale", "2", "--dpi", "96", "--format", "png"], "one of them"),
        (["--scale", "2"], "add --format png"),
        (["--dpi", "96", "--format", "pdf"], "add --format png"),
        (["--dpi", "96", "--out", "x.svg"], "add --format png"),
        (["--scale", "0", "--format", "png"], "from 0.25 to 10"),
        (["--scale", "11", "--format", "png"], "from 0.25 to 10"),
        (["--scale", "nan", "--format", "png"], "from 0.25 to 10"),
        (["--scale", "big", "--format", "png"], "'big'"),
        (["--dpi", "23", "--format", "png"], "from 24 to 960"),
        (["--dpi", "96.5", "--format", "png"], "from 24 to 960"),
    ],
)
def test_a_scale_that_cannot_be_used_is_one_sentence(words, message, capsys):
    assert cli.main(["draw", "perceptron", *words]) == 2
    out, error = capsys.readouterr()
    assert (out, error.count("\n")) == ("", 1)
    assert message in error
    assert list(Path().iterdir()) == []


def test_a_scale_is_for_the_picture_alone_when_there_are_several_formats():
    words = ["--format", "svg", "--format", "png", "--scale", "1"]
    assert cli.main(["draw", "perceptron", *words]) == 0
    assert 'width="720"' in Path("perceptron.svg").read_text("utf-8")
    with Image.open("perceptron.png") as image:
        assert image.width == 720
