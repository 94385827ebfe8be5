import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import torch
from justhtml import JustHTML
from safetensors.torch import save_file

from lstm_figs import cli
from lstm_figs.errors import BeyondLimit, ShapeError
from lstm_figs.figures import CATALOG, perceptron
from lstm_figs.sources import Source

FIGURES = ("unrolled", "perceptron", "data-flow", "autograd", "gradient-distance", "dispatch")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in an empty folder, with a catalogue of few figures."""
    monkeypatch.chdir(tmp_path)
    few = {name: CATALOG.paths[name] for name in FIGURES}
    monkeypatch.setattr(CATALOG, "paths", few)


def hide_dot(monkeypatch):
    monkeypatch.setenv("PATH", "")


def hide_torch(monkeypatch):
    for name in [*sys.modules]:
        if name.startswith("lstm_figs.capture"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)


class MissingPart(NamedTuple):
    """What some figures need and a command lacks.

    Attributes:
        hide: Takes it away.
        options: Options of the command.
        left_out: The figures that need it.
        message: Why they are left out.
    """

    hide: Callable[[pytest.MonkeyPatch], None]
    options: list[str]
    left_out: set[str]
    message: str


MISSING_PARTS = {
    "dot": MissingPart(
        hide=hide_dot, options=[], left_out={"autograd"}, message="dot was not found"
    ),
    "torch": MissingPart(
        hide=hide_torch,
        options=[],
        left_out={"autograd", "gradient-distance", "dispatch"},
        message="torch is not installed",
    ),
    "a short input": MissingPart(
        hide=lambda _: None,
        options=["--seq-len", "201"],
        left_out={"gradient-distance"},
        message="got 201 steps, expected at most 200",
    ),
}
for_all_missing_parts = pytest.mark.parametrize("what", MISSING_PARTS)


def call(capfd, *words):
    code = cli.main(words)
    return code, *capfd.readouterr()


def refusal(capfd, *words):
    code, out, err = call(capfd, *words)
    assert (code, out) == (2, "")
    assert re.fullmatch("lstm-figs: .*\n", err)
    assert list(Path().iterdir()) == []
    return err


@for_all_missing_parts
def test_of_all_figures_those_are_drawn_that_can_be(what, capfd, monkeypatch):
    lose, words, left_out, why = MISSING_PARTS[what]
    lose(monkeypatch)
    code, out, err = call(capfd, "draw", "all", *words)
    assert code == 0
    expected = [name for name in FIGURES if name not in left_out]
    assert out.split() == [f"{name}.svg" for name in expected]
    assert {p.name for p in Path().iterdir()} == {*out.split()}
    parts = [line.partition(" is left out: ") for line in err.splitlines()]
    order = [name for name in FIGURES if name in left_out]
    assert [name for name, _, _ in parts] == [f"lstm-figs: {n}" for n in order]
    assert all(why in reason for _, _, reason in parts)


@for_all_missing_parts
def test_a_page_has_the_figures_and_the_sections_that_can_be(what, capfd, monkeypatch):
    lose, words, left_out, why = MISSING_PARTS[what]
    lose(monkeypatch)
    code, out, err = call(capfd, "page", *words)
    assert (code, out) == (0, "lstm.html\n")
    assert err.count(why) == err.count("\n") == len(left_out)
    text = Path("lstm.html").read_text("utf-8")
    JustHTML(text, strict=True)
    ids = {*re.findall(r' id="([^"]+)"', text)}
    assert {*re.findall(r'href="#([^"]+)"', text)} <= ids
    for name in FIGURES:
        assert (f"figure-{name}" in ids) == (name not in left_out)
    assert ("about-runs" in ids) == ("dispatch" not in left_out)
    assert {"about-state", "about-check"} <= ids
    assert "about-elsewhere" not in ids


@for_all_missing_parts
@pytest.mark.parametrize("command", [["draw", "all"], ["page"]])
def test_none_is_left_out_who_is_strict(what, command, capfd, monkeypatch):
    lose, words, _, why = MISSING_PARTS[what]
    lose(monkeypatch)
    assert why in refusal(capfd, *command, *words, "--strict")


@pytest.mark.parametrize("command", ["list", "draw all"])
@pytest.mark.parametrize("path", ["absent.absent", "cell.absent"])
def test_a_name_without_its_function_is_one_sentence(path, command, capfd, monkeypatch):
    monkeypatch.setitem(CATALOG.paths, "absent", path)
    module, function = path.split(".")
    assert (
        f"got no function {function} in lstm_figs.figures.{module}, expected "
        "one for the figure 'absent'"
    ) in refusal(capfd, *command.split())


def test_a_figure_that_is_named_is_not_left_out(capfd):
    names = ("unrolled", "gradient-distance")
    refusal(capfd, "draw", *names, "--seq-len", "201")


@pytest.mark.parametrize("command", [["draw", "all"], ["page"]])
def test_where_none_can_be_drawn_the_first_reason_is_the_error(command, capfd, monkeypatch):
    for name in ("unrolled", "perceptron", "data-flow"):
        monkeypatch.delitem(CATALOG.paths, name)
    hide_torch(monkeypatch)
    hide_dot(monkeypatch)
    err = refusal(capfd, *command)
    assert err.startswith("lstm-figs: torch is not installed")


@pytest.mark.parametrize(
    "words",
    [
        ["--step", "99"],
        ["--steps", "201"],
        ["--weights", "none.npz"],
        ["--layer", "1"],
        ["--heigth", "1"],
        ["--id", "a"],
    ],
)
def test_what_no_figure_can_use_is_an_error(words, capfd):
    refusal(capfd, "draw", "all", *words)


def test_a_value_that_one_figure_can_use_leaves_out_the_others(capfd, monkeypatch):
    def odd_steps_only(subject, width, *, step: int = 1):
        raise BeyondLimit(f"got --step {step}, expected an odd one", "step")

    monkeypatch.setattr(perceptron, "perceptron", odd_steps_only)
    code, out, err = call(capfd, "draw", "all", "--step", "2")
    assert (code, "perceptron.svg" in out) == (0, False)
    assert err.endswith("perceptron is left out: got --step 2, expected an odd one\n")


@pytest.mark.parametrize("command", [["draw", "all"], ["page"]])
def test_nothing_else_that_is_raised_is_swallowed(command, capfd, monkeypatch):
    raised = [ShapeError("got a wrong shape"), KeyError("i")]

    def broken(subject, width):
        raise raised.pop(0)

    monkeypatch.setattr(perceptron, "perceptron", broken)
    assert "a wrong shape" in refusal(capfd, *command)
    with pytest.raises(KeyError):
        cli.main(command)
    assert list(Path().iterdir()) == []


def test_the_source_of_all_figures_is_read_once(capfd, monkeypatch):
    read, trace = [], Source.trace
    monkeypatch.setattr(Source, "trace", lambda self: read.append(self) or trace(self))
    assert call(capfd, "draw", "all")[0] == 0
    assert len(read) == 1


@pytest.mark.parametrize("command", ["draw unrolled", "units"])
@pytest.mark.parametrize(("shape", "lines"), [((1, 5, 3), 1), ((5, 1, 3), 0)])
def test_an_input_whose_first_axis_seems_no_time_is_told(capfd, command, shape, lines):
    save_file(torch.nn.LSTM(3, 2).state_dict(), "m.safetensors")
    np.save("x.npy", np.arange(15, dtype=np.float32).reshape(shape))
    words = [*command.split(), "--weights", "m.safetensors"]
    code, _, err = call(capfd, *words, "--input", "x.npy")
    assert code == 0
    assert err.count("x.transpose(0, 1)") == err.count("\n") == lines
    pattern = r"one step of (\d) sequences.* of (\d) steps, turn it: (.*)"
    for count, steps, turned in re.findall(pattern, err):
        assert (count, steps) == ("5", "5")
        x = eval(turned, {"x": torch.from_numpy(np.load("x.npy"))})
        np.save("turned.npy", x.numpy())
        assert call(capfd, *words, "--input", "turned.npy")[2] == ""
    Path("t.json").write_text('["a", "b", "c", "d", "e"]')
    code, _, err = call(capfd, *words, "--input", "x.npy", "--tokens", "t.json")
    assert code == 2 * lines
    assert err.count("turn it with x.transpose(0, 1)") == lines


@pytest.mark.parametrize(
    ("values", "mend"), [([3, 0, 7], "what the embedding makes of them"), ([0.5], "reshape it")]
)
def test_an_input_of_ids_is_told_to_be_looked_up(capfd, values, mend):
    save_file(torch.nn.LSTM(3, 2).state_dict(), "m.safetensors")
    np.save("x.npy", np.array(values))
    words = "draw unrolled --weights m.safetensors --input x.npy"
    code, _, err = call(capfd, *words.split())
    assert code == 2
    assert mend in err


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("draw all --out figures", 1),
        ("embed all --out all.html", 1),
        ("page", 1),
        ("page --input x.npy", 0),
        ("draw all --out figures --input x.npy", 0),
        ("draw perceptron", 0),
    ],
)
def test_a_network_of_ones_own_that_reads_noise_is_said_to(capfd, words, lines):
    save_file(torch.nn.LSTM(3, 2).state_dict(), "m.safetensors")
    np.save("x.npy", np.zeros((4, 3), np.float32))
    code, _, err = call(capfd, *words.split(), "--weights", "m.safetensors")
    assert code == 0
    assert err.count("\n") == lines
    assert ("the input is random numbers" in err) == bool(lines)
