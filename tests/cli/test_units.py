"""`lstm-figs units`: a line for each unit, or for each label."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch

import lstm_figs as lf
from lstm_figs import cli
from lstm_figs.model import label_ranking

DOCS = Path(__file__).parents[2] / "docs"
TEXT = 'f(a) + "b(" (c) ((d)) "e)" (g(h)) (i)'


@pytest.fixture
def labels(tmp_path):
    """A file of labels of `TEXT`."""
    inside = [TEXT[:k].count('"') % 2 == 1 for k in range(len(TEXT))]
    path = tmp_path / "labels.json"
    path.write_text(json.dumps({"in quotes": inside, "f": [c == "f" for c in TEXT]}))
    return str(path)


def call(capfd, *words):
    code = cli.main(("units", *words))
    out, err = capfd.readouterr()
    return code, out, err


def test_labels_stand_in_the_order_of_the_text_where_it_is_read_backwards(
    capfd, monkeypatch, tmp_path
):
    torch.manual_seed(1)
    lstm = torch.nn.LSTM(1, 3, bidirectional=True)
    x = torch.randn(len(TEXT), 1, 1)
    output, _ = lstm(x)
    h = output[:, 0, 3:].detach().numpy()
    true = np.arange(len(TEXT)) < 9
    monkeypatch.chdir(tmp_path)
    torch.save(lstm.state_dict(), "m.pt")
    np.save("x.npy", x.numpy())
    Path("l.json").write_text(json.dumps({"early": true.tolist()}))
    words = "--weights m.pt --reverse --json --input x.npy --labels l.json"
    code, out, _ = call(capfd, *words.split())
    assert code == 0
    areas = label_ranking.two_sided_auc(label_ranking.areas(h, true))
    for entry in json.loads(out):
        assert entry["labels"]["early"]["auc"] >= areas[entry["unit"]] - 1e-9


def test_a_page_shows_what_the_command_prints(capfd):
    page = (DOCS / "read-your-own.md").read_text(encoding="utf-8")
    command, printed = re.search(
        r"```sh\nlstm-figs units ([^\n]*--labels[^\n]*)\n```\n\n"
        r"```text\n(.*?)\n```",
        page,
        re.DOTALL,
    ).groups()
    assert call(capfd, *command.split()) == (0, f"{printed}\n", "")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[]", "holds nothing"),
        ("[1]", "holds list"),
        ("{", "cannot be read"),
        ('{"a": 1}', "is int"),
        ('{"a": [true]}', "has 1 values, expected 34"),
        (json.dumps({"a": [0.5] * 34}), "holds '0.5', expected true or false"),
    ],
)
def test_labels_that_cannot_be_used_are_one_sentence(capfd, tmp_path, content, message):
    path = tmp_path / "labels.json"
    path.write_text(content)
    code, out, err = call(capfd, "--network", "brackets", "--labels", str(path))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert message in err


def test_padding_and_all_but_one_sequence_of_a_batch_are_told_of(tmp_path, capfd):
    rows = np.arange(24, dtype=np.float32).reshape(12, 1, 2)
    for name, own in (
        ("last", np.concatenate([rows, rows[:1].repeat(4, 0)])),
        ("first", np.concatenate([rows[-1:].repeat(4, 0), rows])),
        ("rests", rows[:1].repeat(12, 0)),
        ("batch", np.concatenate([rows, rows[:1].repeat(3, 0)]).repeat(3, 1)),
    ):
        np.save(tmp_path / f"{name}.npy", own)
    torch.manual_seed(0)
    np.savez(
        tmp_path / "m.npz", **{k: v.numpy() for k, v in torch.nn.LSTM(2, 3).state_dict().items()}
    )
    own = ("--weights", str(tmp_path / "m.npz"), "--input")
    for name, message in (
        ("last", "the last 4 of 16 steps read the same numbers"),
        ("first", "the first 4 of 16 steps read the same numbers"),
        ("rests", ""),
        ("batch", ""),
    ):
        path = str(tmp_path / f"{name}.npy")
        code, out, err = call(capfd, *own, path)
        assert code == 0
        assert message in err
        assert bool(err) == bool(message)
        assert ("This is sequence 1 of 3 alone" in out) == (name == "batch")
    assert "sequence 1 of 3" in call(capfd, *own, path, "--json")[2]
    cut = tmp_path / "cut.npy"
    for name in ("last", "first"):
        path = tmp_path / f"{name}.npy"
        x, (_, _, err) = np.load(path), call(capfd, *own, str(path))
        part, count, then = re.search(
            r"give the (last|first) (\d+) steps alone, (of which forward all "
            r"numbers stay as they are|which then begin with states of zero)\n",
            err,
        ).groups()
        steps = slice(int(count)) if part == "first" else slice(-int(count), None)
        np.save(cut, x[steps])
        assert call(capfd, *own, str(cut))[2] == ""
        full, alone = (lf.load(tmp_path / "m.npz", input=file) for file in (path, cut))
        stays = np.array_equal(full.output[steps], alone.output)
        assert stays == then.startswith("of which")
        assert not alone.steps[0].h_prev.any()
