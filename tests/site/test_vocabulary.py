"""The pictures of pieces that figures are built from."""

import pytest

from lstm_figs.site.vocabulary import SAMPLES, _marks, pieces, vocabulary
from tests.proof import read, texts


def test_every_piece_that_figures_are_written_in_has_a_picture():
    assert sorted(SAMPLES) == sorted(pieces())


def test_a_picture_is_what_the_code_beside_it_draws():
    by_name = {piece["name"]: piece for piece in vocabulary()}
    assert list(by_name) == list(SAMPLES)
    for piece in by_name.values():
        root = read(piece["svg"])
        marks = [*root][3:]
        assert len(marks) > 1, f"{piece['name']} draws nothing"
        assert piece["summary"].endswith((".", "`")), piece["name"]
    label = dict(enumerate(texts(read(by_name["words.label"]["svg"]))))
    assert label[0][1] == "unit 0"
    assert label[0][0].get("data-names") == "unit=0"


@pytest.mark.parametrize("piece", ["text", [None]])
def test_a_piece_that_is_no_mark_is_an_error(piece):
    with pytest.raises(TypeError, match="expected marks"):
        [*_marks(piece)]
