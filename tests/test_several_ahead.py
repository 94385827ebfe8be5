"""The script that forecasts several steps, and its page."""

import json

import pytest
import torch

from tests.doc_scripts import CODE, blocks, load

pytestmark = pytest.mark.usefixtures("one_thread")

script = load("ahead")
RECORD = json.loads((CODE / "ahead.json").read_text(encoding="utf-8"))


def test_windows_are_stretches_of_the_series():
    rows = torch.arange(100.0).view(50, 2)
    past, future = script.windows(rows)
    count = 50 - script.PAST - script.AHEAD + 1
    assert past.shape == (script.PAST, count, 2)
    assert future.shape == (script.AHEAD, count, 2)
    for k in (0, 7, count - 1):
        both = torch.cat([past[:, k], future[:, k]])
        assert torch.equal(both, rows[k : k + len(both)])


def test_no_step_that_is_tested_was_trained_with():
    rows = torch.arange(500.0)[:, None]
    earlier, later = script.parts(rows)
    _, future = script.windows(later)
    assert future.min() == earlier.max() + 1
    assert future.max() == rows.max()


def test_an_untrained_forecast_is_about_the_last_value():
    torch.manual_seed(0)
    past = torch.randn(script.PAST, 5, 3)
    for kind in (script.AtOnce, script.FedBack):
        model = kind(3, 1)
        with torch.no_grad():
            model.readout.weight.zero_()
            model.readout.bias.zero_()
            forecast = model(past)
        last = past[-1, :, 1].expand(script.AHEAD, 5)
        torch.testing.assert_close(forecast, last)


def test_what_is_fed_back_is_read_as_if_it_had_happened():
    torch.manual_seed(0)
    model, past = script.FedBack(2, 1), torch.randn(script.PAST, 3, 2)
    rows = past
    with torch.no_grad():
        for _ in range(script.AHEAD):
            forecast, _ = model.next(rows)
            rows = torch.cat([rows, forecast[-1:]])
        expected = rows[script.PAST :, :, 1]
        torch.testing.assert_close(model(past), expected)


def write_csv(folder, *lines):
    path = folder / "my.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_a_file_of_ones_own_is_read(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(script, "EPOCHS", 1)
    rows = [f"{t % 5},{t % 3},5" for t in range(200)]
    path = write_csv(tmp_path, "a,b,c", *rows)
    script.main(["--data", path, "--target", "a", "--season", "5"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 + script.AHEAD
    # The season is exact, so a forecast by it is too.
    assert {line.split()[2] for line in lines[1:-1]} == {"0.0"}
    assert lines[-1].startswith("next a, ")
    assert "nan" not in lines[-1]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["a,b", "1,2"], "got 1 rows, expected 175 at least"),
        (["a,b", "1,2020-01-01"], "row 1 is 1,2020-01-01, expected a number"),
        (["a,b", "1,2", "3,"], "row 2 is 3,, expected a number for each"),
        (["a,b", "1,nan"], "leave out dates, and fill gaps"),
        (["a,b", "1"], "row 1 is 1, expected"),
        ([""], "got 0 rows"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(lines, message, tmp_path):
    path = write_csv(tmp_path, *lines)
    with pytest.raises(SystemExit) as stopped:
        script.main(["--data", path])
    assert stopped.value.code.startswith(f"ahead.py: {path}: ")
    assert message in stopped.value.code


def test_an_option_that_cannot_be_used_is_one_line(tmp_path, capsys):
    rows = ["1,2"] * 200
    path = write_csv(tmp_path, "a,b", *rows)
    for words, message in (
        (["--data", path, "--target", "d"], "got --target d, expected one of"),
        (["--season", "0"], "got --season 0, expected 1 to"),
    ):
        with pytest.raises(SystemExit):
            script.main(words)
        assert message in capsys.readouterr().err.splitlines()[-1]
    with pytest.raises(SystemExit, match="No such file"):
        script.main(["--data", str(tmp_path / "none.csv")])


@pytest.mark.trains
def test_a_shorter_training_beats_both_baselines_for_the_next_day(monkeypatch):
    monkeypatch.setattr(script, "EPOCHS", 8)
    names, rows = script.synthetic_sales(1000)
    errors, _, _ = script.compare(rows, names.index("sales"))
    for way in ("fed back", "at once"):
        assert errors[way][0] < 0.8 * errors["season"][0]
        assert errors[way][0] < 0.8 * errors["last"][0]


def test_the_page_shows_lines_of_the_script():
    source = (CODE / "ahead.py").read_text(encoding="utf-8")
    snippets = blocks("several-ahead", "python")
    assert len(snippets) == 3
    for lines in snippets:
        assert lines in source


def test_the_page_shows_what_was_printed():
    printed, _ = blocks("several-ahead", "text")
    assert printed == RECORD["printed"]
