"""`units` with labels, for padded, packed and reversed sequences."""

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
import torch

import lstm_figs as lf
from lstm_figs.model import label_ranking
from tests.doc_scripts import DOCS
from tests.load import saving


def test_labels_are_in_the_order_of_the_text_where_it_is_read_backwards(call):
    lstm = torch.nn.LSTM(1, 3, bidirectional=True)
    x = torch.randn(37, 1, 1)
    output, _ = lstm(x)
    h = output[:, 0, 3:].detach().numpy()
    true = np.arange(37) < 9
    torch.save(lstm.state_dict(), "m.pt")
    np.save("x.npy", x.numpy())
    Path("l.json").write_text(json.dumps({"early": true.tolist()}))
    words = "units --weights m.pt --reverse --json --input x.npy --labels l.json"
    code, out, _ = call(*words.split())
    assert code == 0
    areas = label_ranking.two_sided_auc(label_ranking.areas(h, true))
    for entry in json.loads(out):
        assert entry["labels"]["early"]["auc"] >= areas[entry["unit"]] - 1e-9


def test_pages_show_what_the_commands_print(call, monkeypatch):
    monkeypatch.chdir(DOCS.parent)
    pages = "".join(path.read_text("utf-8") for path in DOCS.glob("*.md"))
    pattern = r"```sh\nlstm-figs (.*)\n```\n\n```text\n((?:.*\n)*?)```"
    listed = re.findall(pattern, pages)
    assert len(listed) >= 3
    for command, printed in listed:
        assert call(*shlex.split(command)) == (0, printed, "")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[]", "; name them"),
        ("[1]", "holds list"),
        ("{", "cannot be read"),
        ('{"a": 1}', "; make it a list"),
        ('{"a": [true]}', "expected 34, one for each step; leave some out or add"),
        (json.dumps({"a": [0.5] * 34}), "true or false; choose which values count as true"),
    ],
)
def test_labels_that_cannot_be_used_are_one_sentence(refusal, content, message):
    Path("labels.json").write_text(content)
    assert message in refusal("units", "--network", "brackets", "--labels", "labels.json")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--step 2", "or --labels FILE for a network without a readout; pass one of them"),
        ("--step 2 --output a", "with readout.weight, and outputs in its metadata; pass --labels"),
        ("--step 2 --output a --network brackets", "expected one of all closed, inside quotes"),
        ("--step 2 --output a --labels l.json", "got both, expected"),
        ("--step 9 --network brackets --text a --output a", "--step is 9, expected 1 to 1"),
        (
            "--step 2 --labels l.json --set lstm.bias_ih_l0[0]=nan",
            "expected numbers; draw gates-over-time, which shows where they begin",
        ),
        (
            "--step 2 --labels l.json --set x[0,0,0]=nan",
            "numbers; correct it, or draw gates-over-time, which shows what f",
        ),
    ],
)
def test_an_influence_that_cannot_be_found_is_one_sentence(refusal, line, message):
    Path("l.json").write_text('{"l": [true, false, true, false]}')
    assert message in refusal("influence", *line.split())


def test_a_weight_that_turns_no_answer_has_its_change_in_the_sentence(call):
    line = ("influence", "--network", "brackets", "--step", "1", "--output", "all closed")
    (answer,) = json.loads(call(*line, "--json")[1])
    cut = answer["weights"][0]
    assert (
        f"“all closed” after step 1 is {answer['value']:.2f}. No single weight turns it; "
        f"the largest change is {cut['change']:.2g}, without {cut['names'][0]}"
    ) in call(*line)[1]


def test_padding_and_all_but_one_sequence_of_a_batch_are_told_of(call):
    rows = np.arange(24, dtype=np.float32).reshape(12, 1, 2)
    # Padding after and before 12 steps, the same numbers at each step, and a padded batch.
    inputs = {
        "last.npy": np.concatenate([rows, rows[:1].repeat(4, 0)]),
        "first.npy": np.concatenate([rows[-1:].repeat(4, 0), rows]),
        "constant.npy": rows[:1].repeat(12, 0),
        "batch.npy": np.concatenate([rows, rows[:1].repeat(3, 0)]).repeat(3, 1),
    }
    saving.as_npz(torch.nn.LSTM(2, 3), "m.npz")
    command = ("units", "--weights", "m.npz", "--input")
    for name, x in inputs.items():
        np.save(name, x)
        code, out, err = call(*command, name)
        assert code == 0
        assert ("This is only sequence 1 of 3;" in out) == (name == "batch.npy")
        if name in ("constant.npy", "batch.npy"):
            assert err == ""
            continue
        end = name.removesuffix(".npy")
        assert f"the {end} 4 of 16 steps read the same numbers, like padding" in err
        assert "titles and the choice of units include them; to leave them out" in err
        part, count, then = re.search(
            r"pass only the (last|first) (\d+) steps, (whose forward results stay "
            r"the same|which then begin with states of zero)\n",
            err,
        ).groups()
        assert int(count) == 16 - 4
        steps = slice(int(count)) if part == "first" else slice(-int(count), None)
        np.save("cut.npy", x[steps])
        assert call(*command, "cut.npy")[2] == ""
        full, alone = (lf.load("m.npz", input=file) for file in (name, "cut.npy"))
        stays = np.array_equal(full.output[steps], alone.output)
        assert stays == then.startswith("whose")
        assert not alone.steps[0].h_prev.any()
    assert "sequence 1 of 3" in call(*command, "batch.npy", "--json")[2]
