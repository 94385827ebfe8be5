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
        # The title, the metadata and the style come before the marks.
        _, _, _, *marks = read(piece["svg"])
        assert len(marks) > 1, f"{piece['name']} draws nothing"
        assert piece["summary"].endswith((".", "`")), piece["name"]
    element, text = next(iter(texts(read(by_name["words.label"]["svg"]))))
    assert text == "unit 0"
    assert element.get("data-names") == "unit=0"


@pytest.mark.parametrize("piece", ["text", [None]])
def test_a_piece_that_is_no_mark_is_an_error(piece):
    with pytest.raises(TypeError, match="expected marks"):
        [*_marks(piece)]
