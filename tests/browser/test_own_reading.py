"""The live figure `reading` of networks that are not ours, compared with Python."""

import json
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from lstm_figs import cli
from lstm_figs.cli import paging
from lstm_figs.command.request import parse_header
from lstm_figs.html.own_reading import caption, drawn_run, tables, why_not_live, with_units
from lstm_figs.proof.digits import text as printed
from lstm_figs.sources.edits import read_edits
from tests.browser.conftest import set_all, watched_page
from tests.browser.messages import listen, missing_messages
from tests.browser.test_controls import OWN, walk
from tests.browser.twins import check_script

LETTERS = [*'if (a):\n    return "b" + c\n\n']
WORDS = [
    *("the", " cat", "", "sat\n", "on", "unbelievably", " ", "a", "mat"),
    *("漢字漢字漢字", "x", "."),
]


class Network(NamedTuple):
    """A network, and how it is drawn.

    `factor` makes its weights large, so that gates shut. Each of `labels` is a unit; its
    label is true where its c is high.
    """

    module: torch.nn.Module
    steps: int
    factor: float
    tokens: list = LETTERS
    options: str = ""
    answers: tuple = ()
    labels: tuple = ()


LSTM = torch.nn.LSTM
NETWORKS = {
    "inhibition": Network(LSTM(3, 2), 30, 9),
    "one unit": Network(LSTM(1, 1), 6, 1),
    "no bias": Network(LSTM(5, 16, bias=False), 70, 6),
    "many units": Network(LSTM(8, 128), 25, 9),
    "horizontal words": Network(LSTM(3, 2), 6, 3, WORDS[:5]),
    "words": Network(LSTM(3, 4), 26, 4, WORDS),
    "vertical words": Network(LSTM(3, 4), 110, 4, WORDS),
    "letters and a word": Network(LSTM(3, 4), 30, 4, ["<start>", *LETTERS]),
    "read-out": Network(LSTM(3, 4), 20, 4, answers=("is a letter", "b")),
    "many answers": Network(LSTM(3, 4), 20, 4, WORDS, answers=tuple("abcdef")),
    "cell": Network(torch.nn.LSTMCell(3, 4), 20, 4),
    "inhibition of three": Network(LSTM(3, 4), 20, 6, options="--units 3,0,1"),
    "six units": Network(LSTM(3, 12), 20, 4, options="--units 11,2,10,0,1,5"),
    "edited": Network(LSTM(3, 4), 20, 4, options="--sample 1 --set lstm.bias_hh_l0[9]=-3"),
    "lower layer": Network(LSTM(3, 4, num_layers=2), 20, 4),
    "upper layer": Network(
        LSTM(3, 4, num_layers=2, bidirectional=True), 20, 4, options="--layer 1"
    ),
    "labels": Network(LSTM(3, 4), 20, 4, WORDS, answers=("a",), labels=(0, 3)),
    "labels of units": Network(LSTM(3, 4), 140, 4, labels=(2, 0)),
    "projection": Network(LSTM(3, 4, proj_size=2), 20, 4, answers=("a",)),
}
"""Networks that are not ours, of each kind that the page lays out."""

DRAW = """all => all.map(([edits, view]) => {
  const { OwnSubject } = $own_subject;
  return $own_forms.forms(new OwnSubject(edits), 'reading', view)
    .map(form => [form.svg, $twin_subject.proof(form)]);
})"""


def saved(network, seed):
    """The options that draw a network with random weights and input, which it saves."""
    torch.manual_seed(seed)
    module, readout = network.module, {}
    # As PyTorch's own at first, times the factor.
    state = {
        name: network.factor * (2 * torch.rand_like(value) - 1) / module.hidden_size**0.5
        for name, value in module.state_dict().items()
    }
    if network.answers:
        size = getattr(module, "proj_size", 0) or module.hidden_size
        readout = {
            "readout.weight": 9 * torch.randn(len(network.answers), size),
            "readout.bias": torch.randn(len(network.answers)),
        }
    own = {f"lstm.{name}": value for name, value in state.items()} if readout else state
    save_file({**own, **readout}, "own.safetensors", {"outputs": ", ".join(network.answers)})
    batch = [3] if "--sample" in network.options else []
    np.save("x.npy", torch.randn(network.steps, *batch, module.input_size).numpy())
    tokens = [network.tokens[t % len(network.tokens)] for t in range(network.steps)]
    Path("t.json").write_text(json.dumps(tokens))
    options = f"--weights own.safetensors --input x.npy --tokens t.json {network.options}"
    if not network.labels:
        return options
    steps = parse_header(f"reading {options}").source.trace().steps
    c = np.array([step.c[0] for step in steps])
    is_high = (c > np.median(c, axis=0)).T.tolist()
    labels = {f"unit {unit} is high": is_high[unit] for unit in network.labels}
    Path("l.json").write_text(json.dumps(labels))
    return f"{options} --labels l.json"


@pytest.mark.parametrize("name", NETWORKS)
def test_the_twin_lays_out_what_python_draws_of_any_network(browser, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    seed = [*NETWORKS].index(name)
    request = parse_header(f"reading {saved(NETWORKS[name], seed)}")
    trace = request.source.trace()
    subject = drawn_run(request, trace)
    assert why_not_live(subject, read_edits(request.source.set)) == ""
    assert ("Unit 2 tells “unit 2" in caption(request, trace)) == (name == "labels of units")
    request = with_units(request, trace)
    view = {"units": dict(request.options)["units"]}
    draws = np.random.RandomState(seed)
    parameters = list(subject.weights.parameters().items())
    edits = [[*map(list, read_edits(request.source.set))]]
    # Each edit is of another tensor, because none may be set twice.
    for value, k in zip((0, -9, 2.5), draws.permutation(len(parameters)), strict=False):
        base, array = parameters[k]
        at = [int(draws.randint(count)) for count in array.shape]
        edits.append([*edits[-1][:1], [str(subject.ref(base)), at, value]])
    requests = []
    for some in edits:
        typed = [f"{of}[{','.join(map(str, at))}]={value}" for of, at, value in some]
        source = replace(request.source, set=tuple(map(str, read_edits(typed))))
        requests.append(replace(request, source=source))
    known, values = tables(request, trace), [[some, view] for some in edits]
    drawings = check_script(browser, tmp_path, known, "own/live", DRAW, values, requests)
    assert ("brake-" in drawings[0][0][0]) == name.startswith("inhibition")


def effect(line, edit):
    """What the page says of an edit, computed by PyTorch."""
    request = parse_header(line)
    trace = request.source.trace()
    units = [*dict(with_units(request, trace).options)["units"]]
    edited = parse_header(f"{line} {edit}").source.trace()
    before, after = (
        np.array([[c.value for c in drawn_run(request, run).series("c", unit)] for unit in units])
        for run in (trace, edited)
    )
    k, t = np.unravel_index(np.abs(after - before).argmax(), before.shape)
    numbers = f"from {printed(before[k, t])} to {printed(after[k, t])}"
    assert printed(before[k, t]) != printed(after[k, t])
    return f"c of unit {units[k]} changes most after step {t + 1}, {numbers}."


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("", ""),
        ("--set lstm.weight_hh_l0[0,0]=1", "--set changes more than the weights of the layer"),
        ("--reverse", "it reads the sequence backwards"),
    ],
)
def test_a_page_of_any_network_is_alive_or_says_why_not(
    browser, tmp_path, monkeypatch, capfd, more, reason
):
    monkeypatch.chdir(tmp_path)
    torch.manual_seed(1)
    module = LSTM(2, 3, num_layers=2, proj_size=2, bidirectional=True)
    torch.save(module.state_dict(), "m.pt")
    np.save("x.npy", torch.randn(8, 2).numpy())
    Path("t.json").write_text('["a", "cat", "a", "c", " ", "a", "b", "c"]')
    options = f"--weights m.pt --layer 1 {more} --input x.npy --tokens t.json"
    words = f"page {options} --out m.html"
    assert cli.main(words.split()) == 0
    error = capfd.readouterr().err
    assert ("does not move in this page, because" in error) == bool(reason)
    assert reason in error
    assert ('data-figure="own"' in Path("m.html").read_text()) != bool(reason)
    if reason:
        return
    size = Path("m.html").stat().st_size
    assert size <= paging.MAX_SIZE == 2_000_000
    page = watched_page(browser, permissions=["clipboard-read", "clipboard-write"])
    announced = listen(page)
    page.goto((tmp_path / "m.html").as_uri())
    live = page.locator("#figure-reading")
    live.locator("[data-own=value]").hover()
    page.wait_for_selector("#figure-reading.lf-started")
    tensor, gate, unit, column, name, number = (
        live.locator(f"[data-own={part}]")
        for part in ("tensor", "gate", "unit", "column", "name", "number")
    )
    unit.fill("2")
    column.fill("0")
    tensor.select_option("lstm.weight_hh_l1")
    gate.select_option("f")
    assert name.inner_text() == "weight_hh_l1[5, 0]"
    printed = float(number.inner_text().replace("−", "-"))
    assert np.float32(printed) == module.weight_hh_l1[5, 0].item()
    tensor.select_option("lstm.weight_hr_l1")
    assert (name.inner_text(), gate.is_visible()) == ("weight_hr_l1[1, 0]", False)
    tensor.select_option("lstm.weight_hh_l1")
    live.get_by_text("cut").click()
    message = live.get_by_text("c of unit ").first.inner_text()
    assert effect(f"reading {options}", "--set lstm.weight_hh_l1[5,0]=0") == message
    assert number.inner_text() == "0"
    assert "_l1[5,0]=0" in live.locator(".lf-share a").first.get_attribute("href")
    live.get_by_text("Reset").click()
    live.get_by_text("c of the units that are drawn is as it was.").first.wait_for()
    svg = live.locator("svg.lf-figure:visible").first
    assert "Arrow keys go from step to step." in svg.get_attribute("aria-description")
    svg.focus()
    for key, step in (("Home", 1), ("ArrowRight", 2), ("ArrowRight", 3)):
        page.keyboard.press(key)
        live.get_by_text(f"” at step {step}:").wait_for()
    page.reload()
    set_all(page, ".lf-tools details", open=True)
    walk(live, OWN)
    assert page.faults == []
    assert missing_messages(announced, "own/live.js") == [], (
        "write a test that hears it, and that it is true"
    )
    page.context.close()
    monkeypatch.setattr(paging, "MAX_SIZE", size - 900_000)
    assert cli.main(words.split()) == 0
    assert Path("m.html").stat().st_size <= paging.MAX_SIZE
    error = capfd.readouterr().err
    assert "error are left out, so that the file stays under" in error
    assert "one step is drawn, so that the file stays under" in error
