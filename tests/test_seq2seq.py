"""The script of the page on sequences to sequences."""

import re

import pytest
import torch

from tests.doc_scripts import load

pytestmark = pytest.mark.usefixtures("one_thread")

script = load("seq2seq")


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return script.Seq2Seq()


def test_a_batch_holds_what_is_read_and_what_is_to_be_said():
    sources = [torch.tensor([3, 1, 2]), torch.tensor([5])]
    targets = [source.sort().values for source in sources]
    source, lengths, decoder_input, decoder_target = script.collate(sources, targets)
    pad, start, end = script.PAD, script.START, script.END
    assert source.T.tolist() == [[3, 1, 2], [5, pad, pad]]
    assert lengths.tolist() == [3, 1]
    assert decoder_input.T.tolist() == [[start, 1, 2, 3], [start, 5, pad, pad]]
    assert decoder_target.T.tolist() == [[1, 2, 3, end], [5, end, pad, pad]]


def test_the_decoder_begins_from_both_directions(model):
    source, lengths, *_ = script.collate(*script.pairs(4))
    state = model.encode(source, lengths)
    for part in state:
        assert part.shape == (1, 4, script.HIDDEN)
    torch.manual_seed(0)
    h_n, c_n = torch.randn(2, 2, 4, script.HIDDEN)
    for row in (0, 1):
        other = h_n.clone(), c_n.clone()
        for part in other:
            part[row, 2] += 1
        for part, changed in zip(model.join(h_n, c_n), model.join(*other), strict=True):
            differs = (part != changed).any(dim=2)[0]
            # The directions are joined separately for each sequence.
            assert differs.tolist() == [False, False, True, False]


def test_what_is_written_does_not_depend_on_the_padding(model):
    long, short = torch.arange(8), torch.tensor([4, 2])
    source, lengths, *_ = script.collate([long, short], [long, short])
    both = model.write(source, lengths)
    alone = model.write(short[:, None], torch.tensor([2]))
    assert torch.equal(both[:, 1:], alone)


@pytest.mark.trains
def test_a_smaller_training_sorts_most_digits(capsys, monkeypatch):
    monkeypatch.setattr(script, "LONGEST", 4)
    model = script.train(steps=150)
    first, *_, last = re.findall(r"([\d.]+)%, whole \w+ (\d+)", capsys.readouterr().out)
    assert float(last[0]) > 95
    assert int(last[1]) > 900
    # A whole sequence is right less often, because all its tokens have to be right.
    assert int(first[1]) / 10 < float(first[0])
    assert script.sort(model, "2718") == "1278"


def test_the_ways_to_join_and_to_train_that_were_measured_are_what_they_say():
    measure = load("measure_seq2seq")
    torch.manual_seed(0)
    h_n, c_n = torch.randn(2, 2, 4, script.HIDDEN)
    h, c = measure.Sum().join(h_n, c_n)
    torch.testing.assert_close(h[0], h_n[0] + h_n[1])
    torch.testing.assert_close(c[0], c_n[0] + c_n[1])
    h, c = measure.Forward().join(h_n, c_n)
    assert torch.equal(h[0], h_n[0])
    assert torch.equal(c[0], c_n[0])
    assert not any(part.any() for part in measure.Nothing().join(h_n, c_n))
    free = measure.Unforced()
    source, lengths, decoder_input, decoder_target = script.collate(*script.pairs(5))
    free.eval()
    with torch.no_grad():
        predicted = free(source, lengths, decoder_input)
    written = free.write(source, lengths, len(decoder_target))
    assert torch.equal(predicted.argmax(dim=2), written)
    sources, targets = measure.backwards(3)
    for source, target in zip(sources, targets, strict=True):
        assert target.tolist() == source.tolist()[::-1]
