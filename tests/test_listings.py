"""The listings on pages, their scripts and outputs."""

import ast
import inspect
import json
import re
import sys

import pytest
import torch
from packaging.version import Version

from lstm_figs import cli
from tests.doc_scripts import CODE, blocks, copy_files, load, output_of

pytestmark = pytest.mark.usefixtures("one_thread")
characters, streaming = load("characters"), load("streaming")


def record(name):
    """What the script of a page printed or measured when its numbers were written."""
    return json.loads((CODE / f"{name}.json").read_text("utf-8"))


# `place` selects the Python blocks that are lines of the script.
@pytest.mark.parametrize(
    ("page", "script", "place"),
    [
        ("classifier", "classifier", slice(-2, -1)),
        ("forecast", "forecast", slice(None)),
        ("character-model", "characters", slice(None)),
        ("not-learning", "not_learning", slice(1, None)),
        ("seq2seq", "seq2seq", slice(None)),
        ("several-ahead", "ahead", slice(None)),
    ],
)
def test_a_page_shows_lines_of_its_script(page, script, place):
    source = (CODE / f"{script}.py").read_text("utf-8")
    snippets = blocks(page, "python")[place]
    assert snippets
    assert [lines for lines in snippets if lines not in source] == []


@pytest.mark.parametrize(
    ("page", "name", "key"),
    [
        ("forecast", "forecast", "printed"),
        ("not-learning", "not_learning", "examined"),
        ("seq2seq", "seq2seq", "printed"),
        ("several-ahead", "ahead", "printed"),
    ],
)
def test_a_page_shows_what_its_script_printed(page, name, key):
    assert blocks(page, "text")[0] == record(name)[key]


IMPORTS = {
    (path.stem, other)
    for path in CODE.glob("*.py")
    for other in re.findall(r"^(?:from|import) (\w+)", path.read_text("utf-8"), re.M)
    if (CODE / f"{other}.py").exists()
}
"""Scripts, each with a script that it imports."""


@pytest.mark.parametrize(("name", "other"), sorted(IMPORTS))
def test_a_script_finds_what_it_imports_whatever_ran_before(name, other, monkeypatch):
    for module in (name, other):
        monkeypatch.delitem(sys.modules, module, raising=False)
    load(name)
    assert other in sys.modules


@pytest.mark.trains
def test_a_model_learns_to_write_and_goes_on(folder):
    copy_files(folder, "characters.py", "sonnets.txt")
    output = output_of("characters.py")
    *_, loss = re.findall(r"loss (\d\.\d\d)", output)
    assert float(loss) < 1.8
    words = {*re.findall(r"[a-z']+", (CODE / "sonnets.txt").read_text())}
    shares = []
    for sample in re.split(r"temperature [\d.]+", output)[1:]:
        # The last word may be cut off.
        wrote = re.findall(r"[a-z']+", sample.lower())[:-1]
        shares.append(sum(word in words for word in wrote) / len(wrote))
    # The lower the temperature of a sample, the more of its words exist.
    assert shares[0] > 0.6
    assert shares[0] > shares[2]
    more = output_of("characters.py", "--start", "Shall I compare")
    assert more.startswith("Shall I compare")
    assert len(more) > 200
    with pytest.raises(SystemExit, match=r"^characters.py: '[1+]' is in no "):
        output_of("characters.py", "--start", "1 + 1")
    command = blocks("character-model", "sh")[-1].strip()
    arguments = re.match(r'lstm-figs (.*) --text "(.*)"$', command)
    assert cli.main([*arguments[1].split(), "--text", arguments[2]]) == 0


def test_the_chunks_of_a_text_are_the_text(monkeypatch):
    seen = []

    class Spy(characters.CharacterModel):
        def forward(self, places, state=None):
            assert (state is None) == (not seen)
            seen.append(places)
            return super().forward(places, state)

    text = "the quick brown fox jumps over the lazy dog. " * 60
    monkeypatch.setattr(characters, "EPOCHS", 1)
    model = Spy("".join(sorted({*text})))
    characters.train(model, text)
    rows = characters.streams(model.encode(text), characters.STREAMS)
    assert torch.equal(torch.cat(seen), rows[:-1])


@pytest.mark.parametrize("temperature", ["0", "1e-45"])
def test_at_temperature_zero_the_likeliest_is_taken(temperature, folder):
    copy_files(folder, "characters.py", "characters.safetensors")
    asked = ["--start", "Shall I", "--temperature", temperature]
    first, second = (output_of("characters.py", *asked, "--seed", seed) for seed in "12")
    assert first == second
    model = characters.load(characters.SAVED)
    assert first == characters.write(model, "Shall I", 240, 1e-4) + "\n"
    # As the page says, it soon repeats itself.
    text = first.strip()
    assert text[-60:] in text[:-60]


def test_writing_goes_on_from_the_state():
    model = characters.load(CODE / characters.SAVED)
    written = characters.write(model, "Shall I", 60, 0)
    with torch.no_grad():
        logits, _ = model(model.encode(written)[:, None])
    # The first 7 characters are the start; each one predicts the next.
    likeliest = logits[6:-1, 0].argmax(dim=-1).tolist()
    assert "".join(model.alphabet[k] for k in likeliest) == written[7:]


def test_the_page_shows_what_was_written():
    printed = record("characters")["printed"]
    epochs, *samples = printed.split("\n\ntemperature ")
    texts = [sample.split("\n\n", 1)[1].rstrip("\n") for sample in samples]
    assert [b.rstrip("\n") for b in blocks("character-model", "text")] == [epochs, *texts]


def test_the_unit_that_counts_is_the_one_on_the_page():
    measure = load("measure_characters")
    model = characters.load(CODE / characters.SAVED)
    text = (CODE / characters.TEXT).read_text("utf-8")
    unit, follows = measure.counting(model, text[:20_000])
    assert unit == record("characters")["unit"] == 15
    assert follows == pytest.approx(record("characters")["follows"], abs=5e-3)
    assert measure.in_line("ab\ncd") == [1, 2, 0, 1, 2]
    # The input file of the figure is these two lines.
    lines = "".join(text.splitlines(keepends=True)[: measure.LINES])
    tokens = json.loads((CODE / "characters-tokens.json").read_text("utf-8"))
    assert "".join(tokens) == lines.replace("\n", "↓")


@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("bias", [False, True])
def test_streams_are_read_as_in_one_call_and_anew_after_a_reset(batch_first, bias):
    torch.manual_seed(0)
    lstm = torch.nn.LSTM(3, 4, 2, bias=bias, batch_first=batch_first, dropout=0.5).double()
    x = torch.randn(6, 5, 3, dtype=torch.float64)  # 6 steps of 5 streams
    turned = x.transpose(0, 1) if batch_first else x
    stream, chunks = streaming.Stream(lstm), streaming.ChunkStream(lstm)
    expected, _ = lstm.eval()(turned)
    for _ in range(2):
        steps = torch.stack([stream.feed(x_t) for x_t in x], int(batch_first))
        torch.testing.assert_close(steps, expected)
        parts = [chunks.feed(part) for part in turned.split(2, int(batch_first))]
        torch.testing.assert_close(torch.cat(parts, int(batch_first)), expected)
        stream.reset()
        chunks.reset()
    assert steps.grad_fn is None


def test_a_stream_refuses_what_it_would_misread():
    with pytest.raises(ValueError, match="expected three axes"):
        streaming.ChunkStream(torch.nn.LSTM(3, 4)).feed(torch.randn(5, 3))
    with pytest.raises(ValueError, match="1D or 2D, got 3D"):
        streaming.Stream(torch.nn.LSTM(3, 4)).feed(torch.randn(1, 5, 3))
    for form in ({"bidirectional": True}, {"proj_size": 2}):
        with pytest.raises(ValueError, match="a cell has neither"):
            streaming.Stream(torch.nn.LSTM(3, 4, **form))


def typed_on(page):
    """The code of the Python sessions on a page, without prompts and outputs."""
    session = "".join(blocks(page, "pycon"))
    return "\n".join(re.findall(r"^(?:>>>|\.\.\.) ?(.*)", session, re.M))


def test_the_cell_that_was_measured_is_the_one_on_the_page():
    assert inspect.getsource(load("measure_custom_cell").Cell) in typed_on("custom-cell")


def definitions(code):
    """The functions and classes of a script, without docstrings."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            node.body = node.body[1:]
    kinds = ast.FunctionDef, ast.ClassDef
    return {node.name: ast.unparse(node) for node in tree.body if isinstance(node, kinds)}


def test_the_cells_to_import_are_those_on_the_page():
    on_page = definitions(typed_on("custom-cell"))
    script = definitions((CODE / "cells.py").read_text("utf-8"))
    assert len(script) == 6
    assert {name: on_page[name] for name in script} == script


@pytest.mark.skipif(Version(torch.__version__) < Version("2.9"), reason="has the old way only")
def test_tf32_is_switched_off_by_the_old_way_or_the_new():
    old, new = blocks("digits", "python")
    cudnn, matmul = torch.backends.cudnn, torch.backends.cuda.matmul
    before = cudnn.rnn.fp32_precision, matmul.fp32_precision
    assert before[0] == "tf32"
    try:
        exec(old, {"torch": torch})
        assert cudnn.rnn.fp32_precision != "tf32"
        cudnn.allow_tf32 = True
        exec(new, {"torch": torch})
        assert cudnn.rnn.fp32_precision == "ieee"
        assert matmul.fp32_precision == "ieee"
        with pytest.raises(RuntimeError, match="mix of the legacy and new API"):
            assert cudnn.allow_tf32
    finally:
        cudnn.rnn.fp32_precision, matmul.fp32_precision = before
    assert cudnn.allow_tf32


@pytest.mark.trains
def test_a_memory_is_worth_what_the_page_says():
    _, *rows = (line.split() for line in output_of(str(CODE / "forecast.py")).splitlines())
    # The columns are the day and the errors with the state and without it.
    retained, cleared = ([float(row[k]) for row in rows] for k in (1, 2))
    assert len(rows) == 14
    assert max(retained) < 0.03
    assert min(cleared[:4]) > 0.09
    assert max(cleared[7:]) < 0.03


def test_streams_go_on_where_they_are_cut():
    rows = characters.streams(torch.arange(103), 10)
    assert rows.shape == (10, 10)
    assert (rows.diff(dim=0) == 1).all()
    # Each stream is a column, which goes on where the one before it ends.
    assert torch.equal(rows[0, 1:], rows[-1, :-1] + 1)


def test_every_shop_is_closed_one_day_in_seven_and_padded_with_zeros():
    torch.manual_seed(0)
    forecast = load("forecast")
    sales, known = forecast.shops(50)
    assert not known.all()
    assert (sales[~known] == 0).all()
    for column, there in zip(sales.T, known.T, strict=True):
        closed = (column == 0).nonzero()[:, 0][: there.sum() // 7]
        assert (closed.diff() == 7).all()
        assert len(closed) >= forecast.WEEKS // 2


def test_a_chunk_shorter_than_the_week_does_not_suffice():
    for length, errors in record("forecast")["chunks"].items():
        # One error for each of three seeds
        assert len(errors) == 3
        if int(length) < 7:
            assert min(errors) > 0.03
        else:
            assert max(errors) < 0.012


@pytest.mark.parametrize(("chunk", "ahead"), [(1, 0), (4, 3), (7, 50)])
def test_looking_ahead_to_the_end_is_exact(chunk, ahead):
    torch.manual_seed(0)
    lstm, x = torch.nn.LSTM(3, 4, bidirectional=True), torch.randn(30, 2, 3)
    expected, _ = lstm(x)
    output = streaming.with_look_ahead(lstm, x, chunk, ahead)
    torch.testing.assert_close(output[..., :4], expected[..., :4])
    # Of 30 steps, only 50 ahead reach the end.
    right = torch.allclose(output, expected, atol=1e-5)
    assert right == (ahead == 50)
