"""The figures of packed sequences and of padding."""

import pytest
import torch

import lstm_figs
from lstm_figs import draw
from lstm_figs.command.request import parse_header
from lstm_figs.errors import UsageError
from lstm_figs.sources import Source
from tests.figures import run_preamble, texts, values
from tests.layout_faults import faults
from tests.proof import prove_all


def test_a_batch_is_made_of_one_sequence_and_said_so():
    trace = Source(2, 2, seq_len=3).trace()
    figure = draw("packed", trace, lengths=(3, 3))
    names = run_preamble(figure)
    x = trace.x[:, 0, 0].tolist()
    for n in range(2):
        assert names["padded"][:, n, 0].tolist() == x[n:] + x[:n]
    assert "a copy that starts k steps later" in " ".join(texts(figure))


def test_the_first_of_many_sequences_are_packed():
    trace = Source(2, 2, seq_len=50, batch_size=100).trace()
    for width in (720, 360):
        figure = draw("packed", trace, width=width)
        assert faults(figure.sheet) == []
        assert len(figure.render("svg", "page")) < 300_000
        assert prove_all(figure)
    assert "64 of 100 sequences are shown." in " ".join(texts(figure))


def test_lengths_are_read_and_written_as_they_are_typed():
    request = parse_header("packed --batch-size 3 --lengths 4,2,1")
    assert dict(request.options) == {"lengths": (4, 2, 1)}
    assert request.command().endswith("--lengths 4,2,1")
    drawn = values(request.draw())
    assert [drawn[f"batch_sizes-{k}"] for k in range(4)] == [3, 2, 1, 1]


@pytest.mark.parametrize(
    ("header", "got"),
    [
        ("--batch-size 3 --lengths 4,2", "lengths of 2 sequences, expected 3"),
        ("--lengths 5,2", "from 2 to 5, expected 1 to 4"),
        ("--lengths 4,,2", "got '4,,2', expected whole numbers from 0"),
        ("--lengths 4,0", "from 0 to 4, expected 1 to 4"),
        (f"--lengths {','.join('1' * 65)}", "65 sequences, expected at most"),
    ],
)
def test_lengths_that_do_not_fit_are_refused(header, got):
    with pytest.raises(UsageError, match=got):
        parse_header(f"packed {header}").draw()


@pytest.mark.parametrize("lengths", [5, ["5"], ("5",), "5,2"])
def test_lengths_in_python_are_a_list_of_ints(lengths):
    with pytest.raises(UsageError, match="pass a list of ints"):
        draw("packed", lengths=lengths)


def test_without_biases_padding_before_the_sequence_changes_nothing():
    module = torch.nn.LSTM(3, 2, bias=False)
    figure = draw("padding", lstm_figs.trace(module, torch.randn(4, 1, 3)))
    # Only h_n of the forward direction is left.
    assert texts(figure).count("wrong") == 1
    assert "the reverse direction is right here" in " ".join(map(str, figure.scene.heading.notes))


def test_runs_from_zeros_are_said_where_a_state_was_given():
    module, x = torch.nn.LSTM(3, 2), torch.randn(4, 2, 3)
    trace = lstm_figs.trace(module, x, tuple(torch.ones(2, 1, 2, 2)))
    for name in ("padding", "wrong-way"):
        note = "Runs start from zeros here"
        assert note in " ".join(texts(draw(name, trace)))
        assert note not in " ".join(texts(draw(name)))
