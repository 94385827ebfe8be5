"""`draw all` and pages of all figures, where some cannot be drawn."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from justhtml import JustHTML
from safetensors.torch import save_file

from lstm_figs import cli
from lstm_figs.errors import BeyondLimit, ShapeError
from lstm_figs.figures import CATALOG, perceptron
from lstm_figs.sources import Source

ALWAYS_DRAWN = ("unrolled", "perceptron", "data-flow")
NEED_TORCH = ("autograd", "gradient-distance", "dispatch")
FIGURES = ALWAYS_DRAWN + NEED_TORCH

ALL_PATHS = CATALOG.paths


@pytest.fixture(autouse=True)
def few_figures(monkeypatch):
    """Shrink the catalogue, because commands draw all of it."""
    few = {name: ALL_PATHS[name] for name in FIGURES}
    monkeypatch.setattr(CATALOG, "paths", few)


def hide_dot(monkeypatch):
    monkeypatch.setenv("PATH", "")


def hide_torch(monkeypatch):
    for name in [*sys.modules]:
        if name.startswith("lstm_figs.capture"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)


LACKS = [
    (hide_dot, [], ["autograd"], "dot was not found"),
    (hide_torch, [], [*NEED_TORCH], "torch is not installed"),
    (lambda _: None, ["--seq-len", "201"], ["gradient-distance"], "got 201 steps, expected at"),
]
"""How to hide something, options, figures that are left out, and the reason given."""
for_all_lacks = pytest.mark.parametrize(("hide", "options", "left_out", "reason"), LACKS)
for_both_commands = pytest.mark.parametrize("command", [["draw", "all"], ["page"]])


@for_all_lacks
def test_of_all_figures_those_are_drawn_that_can_be(
    hide, options, left_out, reason, call, monkeypatch
):
    hide(monkeypatch)
    code, out, err = call("draw", "all", *options)
    assert code == 0
    assert out.split() == [f"{name}.svg" for name in FIGURES if name not in left_out]
    assert {p.name for p in Path().iterdir()} == {*out.split()}
    lines = err.splitlines()
    for line, name in zip(lines, left_out, strict=True):
        assert line.startswith(f"lstm-figs: {name} is left out: ")
        assert reason in line


@for_all_lacks
def test_a_page_has_the_figures_and_the_sections_that_can_be(
    hide, options, left_out, reason, call, monkeypatch
):
    hide(monkeypatch)
    code, out, err = call("page", *options)
    assert (code, out) == (0, "lstm.html\n")
    assert err.count(reason) == err.count("\n") == len(left_out)
    text = Path("lstm.html").read_text("utf-8")
    JustHTML(text, strict=True)
    ids = {*re.findall(r' id="([^"]+)"', text)}
    assert {*re.findall(r'href="#([^"]+)"', text)} <= ids
    for name in FIGURES:
        assert (f"figure-{name}" in ids) == (name not in left_out)
    assert ("about-runs" in ids) == ("dispatch" not in left_out)
    assert {"about-state", "about-check"} <= ids
    assert "about-elsewhere" not in ids


@for_all_lacks
@pytest.mark.parametrize(
    "command", [["draw", "all"], ["embed", "all", "--out", "a.html"], ["page"]]
)
def test_none_is_left_out_who_is_strict(
    hide, options, left_out, reason, command, refusal, monkeypatch
):
    hide(monkeypatch)
    assert reason in refusal(*command, *options, "--strict")


@for_both_commands
def test_where_none_can_be_drawn_the_first_reason_is_the_error(command, refusal, monkeypatch):
    for name in ALWAYS_DRAWN:
        monkeypatch.delitem(CATALOG.paths, name)
    hide_torch(monkeypatch)
    hide_dot(monkeypatch)
    assert refusal(*command).startswith("lstm-figs: torch is not installed")


@pytest.mark.parametrize("command", ["list", "draw all"])
@pytest.mark.parametrize("path", ["absent.absent", "cell.absent"])
def test_a_name_without_its_function_is_one_sentence(path, command, refusal, monkeypatch):
    monkeypatch.setitem(CATALOG.paths, "absent", path)
    module, function = path.split(".")
    assert (
        f"got no function {function} in lstm_figs.figures.{module}, expected "
        "one for the figure 'absent'"
    ) in refusal(*command.split())


def test_an_option_that_no_figure_can_use_is_found_before_others_are_drawn(refusal, monkeypatch):
    monkeypatch.setattr(perceptron, "perceptron", lambda subject, width: pytest.fail("drawn"))
    refusal("draw", "all", "--step", "99")


def test_a_value_that_one_figure_can_use_leaves_out_the_others(call, monkeypatch):
    def odd_steps_only(subject, width, *, step: int = 1):
        raise BeyondLimit(f"got --step {step}, expected an odd one", "step")

    monkeypatch.setattr(perceptron, "perceptron", odd_steps_only)
    code, out, err = call("draw", "all", "--step", "2")
    assert (code, "perceptron.svg" in out) == (0, False)
    assert err.endswith("perceptron is left out: got --step 2, expected an odd one\n")


@for_both_commands
def test_nothing_else_that_is_raised_is_swallowed(command, refusal, monkeypatch):
    raised = [ShapeError("got a wrong shape"), KeyError("i")]

    def broken(subject, width):
        raise raised.pop(0)

    monkeypatch.setattr(perceptron, "perceptron", broken)
    assert "a wrong shape" in refusal(*command)
    with pytest.raises(KeyError):
        cli.main(command)
    assert list(Path().iterdir()) == []


def test_the_source_of_all_figures_is_read_once(call, monkeypatch):
    read, trace = [], Source.trace
    monkeypatch.setattr(Source, "trace", lambda self: read.append(self) or trace(self))
    assert call("draw", "all")[0] == 0
    assert len(read) == 1


@pytest.fixture(params=[torch.nn.LSTM, torch.nn.LSTMCell])
def weights(request):
    """The option for a file with an LSTM, or with a cell."""
    save_file(request.param(3, 2).state_dict(), "m.safetensors")
    return ["--weights", "m.safetensors"]


@pytest.mark.parametrize("command", [["draw", "unrolled"], ["units"], ["trace"]])
@pytest.mark.parametrize(("shape", "warnings"), [((1, 5, 3), 1), ((5, 1, 3), 0)])
def test_an_input_whose_first_axis_seems_no_time_is_told(call, weights, command, shape, warnings):
    np.save("x.npy", np.arange(15, dtype=np.float32).reshape(shape))
    words = [*command, *weights, "--input"]
    code, _, err = call(*words, "x.npy")
    assert code == 0
    pattern = (
        r"one step of (\d) sequences, .*first axis is time; .* of (\d) steps, transpose it: (.*)"
    )
    matches = re.findall(pattern, err)
    assert len(matches) == err.count("\n") == warnings
    for count, steps, turned in matches:
        assert (count, steps) == ("5", "5")
        x = eval(turned, {"x": torch.from_numpy(np.load("x.npy"))})
        np.save("turned.npy", x.numpy())
        assert call(*words, "turned.npy")[2] == ""
    Path("t.json").write_text('["a", "b", "c", "d", "e"]')
    code, _, err = call(*words, "x.npy", "--tokens", "t.json")
    # Five names do not fit one step, which is an error.
    assert code == 2 * warnings
    assert err.count("transpose it with x.transpose(0, 1)") == warnings


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ([3, 0, 7], "if these are ids, pass their embeddings"),
        ([0.5], "(seq_len, batch, 3), none of them 0; reshape it, or choose a module for it"),
        (
            [[1, 2, 3], [1, float("nan"), 3]],
            "has nan at [1, 1], expected numbers; correct it, or see with --set x[0,0,0]=nan",
        ),
    ],
)
def test_an_input_of_ids_is_told_to_be_looked_up(refusal, weights, values, advice):
    np.save("x.npy", np.array(values))
    assert advice in refusal("draw", "unrolled", *weights, "--input", "x.npy")


@pytest.mark.parametrize(
    ("words", "warnings"),
    [
        ("draw all --out figures", 1),
        ("embed all --out all.html", 1),
        ("page", 1),
        ("page --input x.npy", 0),
        ("draw all --out figures --input x.npy", 0),
        ("draw perceptron", 0),
        ("draw perceptron writes", 1),
        ("units", 1),
        ("writes", 1),
        ("influence --step 2 --labels labels.json", 1),
        ("writes --input x.npy", 0),
        ("embed perceptron --out a.html", 0),
    ],
)
def test_a_network_of_ones_own_that_reads_noise_is_said_to(
    call, monkeypatch, weights, words, warnings
):
    monkeypatch.setitem(CATALOG.paths, "writes", ALL_PATHS["writes"])
    np.save("x.npy", np.zeros((4, 3), np.float32))
    Path("labels.json").write_text('{"even": [false, true, false, true]}')
    code, out, err = call(*words.split(), *weights)
    assert code == 0
    assert err.count("nothing about the network's task; pass one with --input") == warnings
    assert err.count("\n") == warnings
    assert ("or name an output of a readout with --output" in out) == ("--labels" in words)
    assert ("is random: 4 steps from seed 0" in out) == (
        warnings == 1 and words in ("units", "writes")
    )
