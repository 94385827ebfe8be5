"""The character model of Python code, and its page."""

import json
import re
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests.doc_scripts import CODE, blocks, copy_files, load, output_of
from tests.test_command import run

pytestmark = pytest.mark.usefixtures("one_thread")

SAVED = "python_model.safetensors"
RECORD = json.loads((CODE / "python_model.json").read_text("utf-8"))

CODE_AND_LABELS = r"""
def f(a="(", b=f"{a['x']}!"):
........xx......xxxxxxxxxx....  in a string
.....xxxxxxxxxxxxxxxxxxxxxx...  in brackets
    '''Say (it).'''
......xxxxxxxxxxxx..            in prose
    return [a]  # "no"
...........xx..........         in brackets
................xxxxxx.         in prose
"""
"""Lines of code, and below each the labels after each of its characters."""


def test_labels_say_what_each_character_is_in():
    source, start, expected = "", 0, {}
    for line in CODE_AND_LABELS.strip("\n").split("\n"):
        if mask := re.fullmatch(r"([.x]+) +(in .*)", line):
            own = expected.setdefault(mask[2], [])
            own += [False] * (start - len(own))
            own += [mark == "x" for mark in mask[1]]
        else:
            start = len(source)
            source += f"{line}\n"
    for own in expected.values():
        own += [False] * (len(source) - len(own))
    assert load("python_labels").labels(source) == expected


def test_the_sample_is_what_figures_read():
    measure = load("measure_python_model")
    sample = (CODE / measure.SAMPLE).read_text("ascii")
    model, ids = measure.trained(), load("python_model").encode(sample)
    (x,) = load_file(CODE / "python_model-input.safetensors").values()
    assert torch.equal(x, model.encoder.embedding(ids)[0])
    for name, own in (("tokens", [*sample]), ("labels", load("python_labels").labels(sample))):
        path = CODE / f"python_model-{name}.json"
        assert json.loads(path.read_text("utf-8")) == own


def test_the_lines_of_the_page_draw_its_figures(folder, monkeypatch):
    first, make, stream, freeze = blocks("read-your-own", "python")
    copy_files(folder, "python_model.py", "python_sample.txt", SAVED)
    (folder / "run.py").write_text(first + make + stream)
    monkeypatch.syspath_prepend(str(folder))
    assert output_of("run.py") == ""
    figures = sorted(path.stem for path in folder.glob("*.svg"))
    assert figures == ["reading", "unit-map", "units", "writes"]
    command, *_ = blocks("read-your-own", "sh")
    paths = [str(Path("figures", f"{name}.svg")) for name in ("gates-over-time", "gate-functions")]
    for function in ("make", "stream"):
        assert run(command.strip().replace(":make", f":{function}")).decode().split() == paths
    assert freeze in (CODE / "take_away.py").read_text("utf-8")


def test_the_page_shows_what_the_loss_is_without_each_unit(monkeypatch):
    monkeypatch.chdir(CODE)
    monkeypatch.syspath_prepend(str(CODE))
    *_, command = re.findall("^python (.*)", "".join(blocks("read-your-own", "sh")), re.M)
    printed = output_of(*command.split())
    assert RECORD["without"] in blocks("read-your-own", "text")
    pattern = r"\d\.\d{3}"
    texts = (printed, RECORD["without"])
    numbers = [[*map(float, re.findall(pattern, text))] for text in texts]
    # Different releases of PyTorch round differently.
    assert numbers[0] == pytest.approx(numbers[1], abs=2e-3)
    assert re.sub(pattern, "", printed) == re.sub(pattern, "", RECORD["without"])
    (loss,) = re.findall(r"seen: (\d\.\d\d)", RECORD["printed"])
    assert numbers[0][0] == pytest.approx(float(loss), abs=0.01)
    with_all_units, *without = (numbers[0][k : k + 4] for k in range(0, len(numbers[0]), 4))
    for unit, losses in zip((63, 112, 77), without, strict=True):
        worth = [own[unit] for own in RECORD["worth"].values()]
        gained = [b - a for a, b in zip(with_all_units, losses, strict=True)]
        assert gained == pytest.approx(worth, abs=3e-3)


def test_the_units_tell_strings_and_prose_in_a_module_that_was_not_seen():
    measure, script = load("measure_python_model"), load("python_model")
    modules = (CODE / script.TEXT).read_text("ascii")
    *_, module = modules.split(script.BREAK)
    sample = (CODE / measure.SAMPLE).read_text("ascii")
    measured = measure.telling(measure.trained(), sample, [module])
    for name, recorded in RECORD["told"].items():
        for key in ("unit", "state"):
            assert measured[name][key] == recorded[key]
    assert measured["in a string"]["held"] > 0.9
    assert measured["in prose"]["held"] > 0.85


def test_training_lowers_the_loss(monkeypatch, capsys):
    script = load("python_model")
    monkeypatch.setattr(script, "EPOCHS", 4)
    torch.manual_seed(0)
    script.train(script.PythonModel(), "x = [1, 2]\n" * 2000)
    (loss,) = re.findall(r"loss (\d\.\d\d)", capsys.readouterr().out)
    assert float(loss) < 0.5
