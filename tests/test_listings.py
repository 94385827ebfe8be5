"""The scripts that forecast, stream and write, and their pages."""

import inspect
import json
import re
import sys

import pytest
import torch
from packaging.version import Version
from safetensors.torch import save_file

from lstm_figs import cli
from tests.doc_scripts import CODE, blocks, copy_files, load, output_of

pytestmark = pytest.mark.usefixtures("one_thread")


def record(name):
    return json.loads((CODE / f"{name}.json").read_text(encoding="utf-8"))


PAGES = {"forecast": "forecast", "character-model": "characters"}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_lines_of_its_script(page):
    source = (CODE / f"{PAGES[page]}.py").read_text(encoding="utf-8")
    snippets = blocks(page, "python")
    assert snippets
    for lines in snippets:
        assert lines in source


IMPORTS = {
    (path.stem, other)
    for path in CODE.glob("*.py")
    for other in re.findall(r"^(?:from|import) (\w+)", path.read_text(encoding="utf-8"), re.M)
    if (CODE / f"{other}.py").exists()
}
"""Pairs of a script and a script that it imports."""


@pytest.mark.parametrize(("name", "other"), sorted(IMPORTS))
def test_a_script_finds_what_it_imports_whatever_ran_before(name, other, monkeypatch):
    for module in (name, other):
        monkeypatch.delitem(sys.modules, module, raising=False)
    load(name)
    assert other in sys.modules


# Writing


@pytest.fixture(scope="module")
def characters():
    return load("characters")


@pytest.mark.trains
def test_a_model_learns_to_write_and_goes_on(tmp_path, monkeypatch):
    copy_files(tmp_path, "characters.py", "sonnets.txt")
    monkeypatch.chdir(tmp_path)
    output = output_of("characters.py")
    *_, loss = re.findall(r"loss (\d\.\d\d)", output)
    assert float(loss) < 1.8
    words = {*re.findall(r"[a-z']+", (CODE / "sonnets.txt").read_text())}
    shares = []
    for sample in re.split(r"temperature [\d.]+", output)[1:]:
        # The last word may be cut off.
        wrote = re.findall(r"[a-z']+", sample.lower())[:-1]
        shares.append(sum(word in words for word in wrote) / len(wrote))
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


def test_streams_go_on_where_they_are_cut(characters):
    rows = characters.streams(torch.arange(103), 10)
    assert rows.shape == (10, 10)
    assert torch.equal(rows[1:, :] - rows[:-1, :], torch.ones(9, 10).long())
    assert torch.equal(rows[0, 1:], rows[-1, :-1] + 1)


def test_the_chunks_of_a_text_are_the_text(characters, monkeypatch):
    """Inputs and targets cover the text without a gap."""
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


def test_a_low_temperature_takes_the_likeliest(characters):
    torch.manual_seed(0)
    model = characters.CharacterModel("abcdefgh")
    cold = {characters.write(model, "a", 30, 1e-4) for _ in range(5)}
    warm = {characters.write(model, "a", 30, 1.0) for _ in range(5)}
    assert (len(cold), len(warm)) == (1, 5)


def test_what_the_character_model_cannot_use_is_one_line(characters, tmp_path, monkeypatch, capsys):
    def refused(*words):
        monkeypatch.setattr("sys.argv", ["characters.py", *words])
        with pytest.raises(SystemExit) as stopped:
            characters.main()
        code = stopped.value.code
        # argparse prints the error below the usage.
        line = code if isinstance(code, str) else capsys.readouterr().err
        return line.splitlines()[-1]

    monkeypatch.chdir(tmp_path)
    for name, content in (("short", b"ab"), ("empty", b""), ("latin", b"\xe9")):
        (tmp_path / f"{name}.txt").write_bytes(content)
    for words, message in (
        (["--start", ""], "got an empty --start, expected a character"),
        (["--start", "a"], "there is no characters.safetensors; train first"),
        (["--start", "a", "--temperature", "-1"], "expected a temperature from"),
        (["--start", "a", "--temperature", "nan"], "expected a temperature fr"),
        (["--seed", "-1"], "got -1, expected a seed from 0"),
        (["--seed", str(2**64)], "expected a seed from 0 to 2**63 - 1"),
        (["--text", "short.txt"], "has 2 characters, expected 64 at least"),
        (["--text", "empty.txt"], "has 0 characters, expected 64 at least"),
        (["--text", "latin.txt"], "latin.txt is not in UTF-8; save it so"),
        (["--text", "none.txt"], "No such file"),
    ):
        assert message in refused(*words), words
    (tmp_path / "characters.safetensors").write_bytes(b"no tensors")
    assert "does not hold what this" in refused("--start", "a")
    save_file({"a": torch.ones(1)}, tmp_path / "characters.safetensors")
    assert "does not hold what this" in refused("--start", "a")


@pytest.mark.parametrize("temperature", ["0", "1e-45"])
def test_at_temperature_zero_the_likeliest_is_taken(temperature, tmp_path, monkeypatch):
    copy_files(tmp_path, "characters.py", "characters.safetensors")
    monkeypatch.chdir(tmp_path)
    asked = ["--start", "Shall I", "--temperature", temperature]
    first, second = (output_of("characters.py", *asked, "--seed", seed) for seed in "12")
    assert first == second
    script = load("characters")
    model = script.load(script.SAVED)
    assert first == script.write(model, "Shall I", 240, 1e-4) + "\n"
    # As the page says, it soon repeats itself.
    text = first.strip()
    assert text[-60:] in text[:-60]


def test_writing_goes_on_from_the_state(characters):
    """One call over the whole text gives the same last scores."""
    model = characters.load(CODE / characters.SAVED)
    written = characters.write(model, "Shall I", 60, 0)
    with torch.no_grad():
        scores, _ = model(model.encode(written)[:, None])
    likeliest = scores[6:-1, 0].argmax(dim=-1).tolist()
    assert "".join(model.alphabet[k] for k in likeliest) == written[7:]


def test_the_page_shows_what_was_written():
    printed = record("characters")["printed"]
    epochs, *samples = printed.split("\n\ntemperature ")
    texts = [sample.split("\n\n", 1)[1].rstrip("\n") for sample in samples]
    assert [b.rstrip("\n") for b in blocks("character-model", "text")] == [epochs, *texts]


def test_the_unit_that_counts_is_the_one_on_the_page(characters):
    measure = load("measure_characters")
    model = characters.load(CODE / characters.SAVED)
    text = (CODE / characters.TEXT).read_text(encoding="utf-8")
    unit, follows = measure.counting(model, text[:20_000])
    assert unit == record("characters")["unit"] == 15
    assert follows == pytest.approx(record("characters")["follows"], abs=5e-3)
    assert measure.in_line("ab\ncd") == [1, 2, 0, 1, 2]
    # The input file of the figure is these two lines.
    lines = "".join(text.splitlines(keepends=True)[: measure.LINES])
    tokens = json.loads((CODE / "characters-tokens.json").read_text("utf-8"))
    assert "".join(tokens) == lines.replace("\n", "↓")


# Streaming


@pytest.fixture(scope="module")
def streaming():
    return load("streaming")


def test_a_step_is_quicker_with_a_cell(streaming):
    microseconds = record("streaming")["microseconds"]
    for variants in microseconds.values():
        assert variants["LSTMCell"] < variants["LSTM"]


def test_a_stream_begins_anew_after_a_reset(streaming):
    torch.manual_seed(0)
    lstm = torch.nn.LSTM(3, 4, num_layers=2, dropout=0.5)
    x_t = torch.randn(1, 3)
    chunks = streaming.ChunkStream(lstm)
    first = chunks.feed(x_t[None])
    assert not torch.equal(first, chunks.feed(x_t[None]))
    chunks.reset()
    assert torch.equal(chunks.feed(x_t[None]), first)
    stream = streaming.Stream(lstm)
    first, second = stream.feed(x_t), stream.feed(x_t)
    assert not torch.equal(first, second)
    stream.reset()
    assert torch.equal(stream.feed(x_t), first)
    assert first.grad_fn is None


@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("bias", [False, True])
def test_several_streams_are_read_as_in_one_call(streaming, batch_first, bias):
    torch.manual_seed(0)
    lstm = torch.nn.LSTM(3, 4, 2, bias=bias, batch_first=batch_first).double()
    x = torch.randn(6, 5, 3, dtype=torch.float64)  # 6 steps of 5 streams
    turned = x.transpose(0, 1) if batch_first else x
    expected, _ = lstm(turned)
    stream, chunks = streaming.Stream(lstm), streaming.ChunkStream(lstm)
    steps = torch.stack([stream.feed(x_t) for x_t in x], int(batch_first))
    torch.testing.assert_close(steps, expected)
    parts = [chunks.feed(part) for part in turned.split(2, int(batch_first))]
    torch.testing.assert_close(torch.cat(parts, int(batch_first)), expected)


def test_a_stream_refuses_what_it_would_misread(streaming):
    step = torch.randn(5, 3)
    with pytest.raises(ValueError, match="expected three axes"):
        streaming.ChunkStream(torch.nn.LSTM(3, 4)).feed(step)
    with pytest.raises(ValueError, match="1D or 2D, got 3D"):
        streaming.Stream(torch.nn.LSTM(3, 4)).feed(step[None])
    for form in ({"bidirectional": True}, {"proj_size": 2}):
        with pytest.raises(ValueError, match="a cell has neither"):
            streaming.Stream(torch.nn.LSTM(3, 4, **form))


@pytest.mark.parametrize(("chunk", "ahead"), [(1, 0), (4, 3), (7, 50)])
def test_looking_ahead_to_the_end_is_exact(streaming, chunk, ahead):
    torch.manual_seed(0)
    lstm, x = torch.nn.LSTM(3, 4, bidirectional=True), torch.randn(30, 2, 3)
    expected, _ = lstm(x)
    output = streaming.with_look_ahead(lstm, x, chunk, ahead)
    torch.testing.assert_close(output[..., :4], expected[..., :4])
    right = torch.allclose(output, expected, atol=1e-5)
    assert right == (ahead == 50)


def test_with_two_layers_looking_ahead_is_exact_in_no_direction(streaming):
    torch.manual_seed(0)
    lstm = torch.nn.LSTM(3, 4, num_layers=1, bidirectional=True)
    second = torch.nn.LSTM(8, 4, bidirectional=True)
    x = torch.randn(30, 1, 3)
    expected, _ = second(lstm(x)[0])
    first_output = streaming.with_look_ahead(lstm, x, 5, 2)
    output = streaming.with_look_ahead(second, first_output, 5, 2)
    for half in (slice(0, 4), slice(4, 8)):
        assert not torch.allclose(output[..., half], expected[..., half], atol=1e-4)


# Custom cells


def test_the_cell_that_was_measured_is_the_one_on_the_page():
    source = inspect.getsource(load("measure_custom_cell").Cell)
    session = "".join(blocks("custom-cell", "pycon"))
    lines = re.findall(r"^(?:>>>|\.\.\.) ?(.*)", session, re.M)
    assert source in "\n".join(lines)


# Numerical differences


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


# Forecasting


@pytest.fixture(scope="module")
def forecast():
    return load("forecast")


def test_padding_changes_no_loss_and_no_error(forecast):
    torch.manual_seed(0)
    model, (sales, known) = forecast.Forecast(), forecast.shops(8)
    assert (sales[~known] == 0).all()
    assert not known.all()
    noisy = sales + torch.randn_like(sales) * ~known
    losses = []
    for series in (sales, noisy):
        predicted, _ = model(series[:-1])
        mask = known[1:]
        losses.append((predicted - series[1:])[mask].square().mean())
    assert torch.equal(*losses)


def test_chunks_are_the_series_without_a_gap(forecast):
    torch.manual_seed(0)
    sales, known = forecast.shops(3)
    parts = [torch.cat(p) for p in zip(*forecast.chunks(sales, known), strict=True)]
    for chunk, expected in zip(parts, (sales[:-1], sales[1:], known[1:]), strict=True):
        assert torch.equal(chunk, expected)


def test_every_shop_is_closed_one_day_in_seven(forecast):
    torch.manual_seed(0)
    sales, known = forecast.shops(50)
    for column, there in zip(sales.T, known.T, strict=True):
        closed = (column == 0).nonzero()[:, 0][: there.sum() // 7]
        assert (closed.diff() == 7).all()
        assert len(closed) >= forecast.WEEKS // 2


@pytest.mark.trains
def test_a_memory_is_worth_what_the_page_says():
    check(output_of(str(CODE / "forecast.py")))


def test_the_page_shows_what_was_measured():
    (printed,) = blocks("forecast", "text")
    assert printed == record("forecast")["printed"]
    check(printed)


def check(printed):
    """A kept state is equally good on all days; a cleared one is not."""
    rows = [line.split() for line in printed.splitlines()[1:]]
    retained, cleared = ([float(row[k]) for row in rows] for k in (1, 2))
    assert len(rows) == 14
    assert max(retained) < 0.03
    assert min(cleared[:4]) > 0.09
    assert max(cleared[7:]) < 0.03


def test_a_chunk_shorter_than_the_week_does_not_suffice():
    chunks = record("forecast")["chunks"]
    for length, errors in chunks.items():
        assert len(errors) == 3
        if int(length) < 7:
            assert min(errors) > 0.03
        else:
            assert max(errors) < 0.012
