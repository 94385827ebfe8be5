"""The script that forecasts several values."""

from pathlib import Path

import pytest
import torch

from tests.doc_scripts import load

pytestmark = pytest.mark.usefixtures("one_thread")

script = load("ahead")


def test_a_file_of_ones_own_is_read(folder, capsys, monkeypatch):
    monkeypatch.setattr(script, "EPOCHS", 1)
    Path("my.csv").write_text("a,b,c\n" + "".join(f"{t % 5},{t % 3},5\n" for t in range(200)))
    script.main(["--data", "my.csv", "--target", "a", "--season", "5"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 + script.AHEAD
    # The season is exact, so a forecast by it is too.
    assert {line.split()[2] for line in lines[1:-1]} == {"0.0"}
    assert lines[-1].startswith("next a, ")
    assert "nan" not in lines[-1]


@pytest.mark.trains
def test_a_shorter_training_beats_both_baselines_for_the_next_day(monkeypatch):
    monkeypatch.setattr(script, "EPOCHS", 8)
    names, rows = script.synthetic_sales(1000)
    errors, _, _ = script.compare(rows, names.index("sales"))
    for method in ("fed back", "at once"):
        assert errors[method][0] < 0.8 * errors["season"][0]
        assert errors[method][0] < 0.8 * errors["last"][0]


def test_no_step_that_is_tested_was_trained_with():
    rows = torch.arange(500.0)[:, None]
    earlier, later = script.parts(rows)
    _, future = script.windows(later)
    assert future.min() == earlier.max() + 1
    assert future.max() == rows.max()
