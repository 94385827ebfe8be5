import graphviz
import pytest
import torch
from PIL import Image

import lstm_figs as lf


@pytest.fixture
def trace():
    return lf.trace(torch.nn.LSTM(3, 2), torch.randn(4, 1, 3))


def test_a_figure_saves_itself_in_each_format(trace, tmp_path):
    figure = lf.draw("cell", trace, step=2)
    for name, start in (
        ("a.svg", b"<svg"),
        ("a.png", b"\x89PNG"),
        ("a.pdf", b"%PDF"),
    ):
        path = figure.save(tmp_path / name)
        assert path.read_bytes().startswith(start)


def test_a_figure_is_laid_out_once_however_often_it_is_shown(
    monkeypatch, tmp_path
):
    real, runs = graphviz.Digraph.pipe, []
    monkeypatch.setattr(
        graphviz.Digraph,
        "pipe",
        lambda dot, **more: runs.append(dot) or real(dot, **more),
    )
    figure = lf.draw("data-flow")
    figure.save(tmp_path / "a.svg")
    figure.save(tmp_path / "a.png")
    figure._repr_html_()
    repr(figure)
    assert len(runs) == 1


def test_a_picture_is_saved_at_a_scale(trace, tmp_path):
    figure = lf.draw("cell", trace)
    for scale in (0.25, 1, 2.5):
        path = figure.save(tmp_path / "a.png", scale=scale)
        with Image.open(path) as image:
            assert image.width == figure.sheet.width * scale


@pytest.mark.parametrize(
    ("name", "scale", "said"),
    [
        ("a.png", 0, "expected 0.25 to 10"),
        ("a.png", 11, "expected 0.25 to 10"),
        ("a.png", float("nan"), "expected 0.25 to 10"),
        ("a.svg", 2, "leave scale out"),
    ],
)
def test_a_scale_that_cannot_be_used_is_a_sentence(
    trace, tmp_path, name, scale, said
):
    with pytest.raises(lf.LstmFigsError, match=said):
        lf.draw("cell", trace).save(tmp_path / name, scale=scale)
    assert list(tmp_path.iterdir()) == []


def test_a_figure_and_a_trace_say_in_a_line_what_they_are(trace):
    figure = lf.draw("cell", trace)
    assert repr(figure) == (
        "<Figure cell: 'The LSTM cell, with its numbers', "
        f"{figure.sheet.width} x {round(figure.sheet.height)}, "
        f"{len(figure.numbers())} numbers>"
    )
    assert repr(trace) == "<Trace of LSTM(3, 2) over 4 steps>"


def test_a_notebook_shows_a_figure_as_svg(trace):
    assert lf.draw("unrolled", trace)._repr_html_().startswith("<svg")


def test_an_unknown_suffix_names_those_that_are_known(trace, tmp_path):
    with pytest.raises(lf.LstmFigsError, match=r"expected one of .*svg"):
        lf.draw("unrolled", trace).save(tmp_path / "a.jpg")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "options", "said"),
    [
        (("unroled",), {}, "did you mean 'unrolled'"),
        (("unrolled", torch.nn.LSTM(3, 2)), {}, "lstm_figs.trace"),
        (("four-weights",), {"unit": "1"}, "expected a whole number"),
        (("four-weights",), {"unti": 1}, "did you mean 'unit'"),
    ],
)
def test_a_mistake_is_a_sentence_that_says_what_to_do(arguments, options, said):
    with pytest.raises(lf.LstmFigsError, match=said):
        lf.draw(*arguments, **options)


def test_completion_offers_the_public_names():
    assert dir(lf) == sorted(lf.__all__)
