"""The live figure `reading` of networks that are not ours, compared with Python."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from lstm_figs import cli
from lstm_figs.cli import paging
from lstm_figs.command.request import parse_header
from lstm_figs.html.live_controls import script_json
from lstm_figs.html.own_reading import tables, why_not_live, with_units
from lstm_figs.html.proof_code import proof_code
from lstm_figs.html.scripts import script
from lstm_figs.sources.edits import read_edits
from tests.browser.conftest import watched_page
from tests.browser.twins import svg_differences, text_differences

NETWORKS = [
    (1, 1, 6, 1.0),
    (3, 2, 30, 3.0),
    (5, 16, 70, 6.0, False),
    (32, 64, 40, 8.0),
    (8, 128, 25, 9.0),
]
"""Inputs, units, steps, and a factor of the weights, without which no gate would shut; one
has no bias."""

LETTERS = 'if (a):\n    return "b" + c\n\n'
DRAW = """all => all.map(([edits, view]) => {
  const { OwnSubject } = $own_subject;
  return $own_forms.forms(new OwnSubject(edits), 'reading', view)
    .map(form => [form.svg, $twin_subject.proof(form)]);
})"""


@pytest.mark.parametrize("network", range(len(NETWORKS)))
def test_the_twin_lays_out_what_python_draws_of_any_network(
    browser, tmp_path, monkeypatch, network
):
    monkeypatch.chdir(tmp_path)
    inputs, units, steps, factor, *bias = NETWORKS[network]
    torch.manual_seed(network)
    module = torch.nn.LSTM(inputs, units, bias=bias != [False])
    state = {f"rnn.{name}": factor * value for name, value in module.state_dict().items()}
    torch.save(state, "own.pt")
    np.save("x.npy", torch.randn(steps, inputs).numpy())
    (tmp_path / "t.json").write_text(json.dumps([LETTERS[t % len(LETTERS)] for t in range(steps)]))
    request = parse_header("reading --weights own.pt --input x.npy --tokens t.json")
    trace = request.source.trace()
    assert why_not_live(trace) == ""
    request = with_units(request, trace)
    view = {"units": dict(request.options)["units"]}
    draws = np.random.RandomState(network)
    edits = [[]]
    for value in (0, -9, 2.5):
        parameters = list(trace.weights[0].parameters().items())
        name, array = parameters[draws.randint(len(parameters))]
        at = [int(draws.randint(count)) for count in array.shape]
        edits.append([*edits[-1][:1], [f"lstm.{name}_l0", at, value]])
    page = watched_page(browser)
    data = script_json(tables(request, trace))
    (tmp_path / "page.html").write_text(
        "<!doctype html><meta charset=utf-8>"
        f'<script type="application/json" class="lf-known">{data}</script>'
        f'<script type="module">{script("own/live")}globalThis.draw = {DRAW};</script>',
        "utf-8",
    )
    page.goto((tmp_path / "page.html").as_uri())
    drawn = page.evaluate("given => draw(given)", [[some, view] for some in edits])
    assert page.faults == []
    page.context.close()
    wrong = []
    for some, forms in zip(edits, drawn, strict=True):
        typed = [f"{name}[{','.join(map(str, at))}]={value}" for name, at, value in some]
        source = replace(request.source, set=tuple(map(str, read_edits(typed))))
        expected = replace(request, source=source).forms()
        for (svg, proof), form in zip(forms, expected, strict=True):
            wrong += svg_differences(svg, form.render("svg", "page").decode())
            wrong += text_differences(proof, proof_code(form))
    assert not wrong, "\n".join(wrong[:20])


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, ""),
        ({"proj_size": 2}, "it has a projection"),
        ({"num_layers": 2}, "it has several layers or directions"),
    ],
)
def test_a_page_of_any_network_is_alive_or_says_why_not(
    browser, tmp_path, monkeypatch, capfd, options, reason
):
    monkeypatch.chdir(tmp_path)
    torch.manual_seed(1)
    module = torch.nn.LSTM(2, 3, **options)
    torch.save(module.state_dict(), "m.pt")
    np.save("x.npy", torch.randn(8, 2).numpy())
    (tmp_path / "t.json").write_text('["a", "b", "a", "c", " ", "a", "b", "c"]')
    words = "page --weights m.pt --input x.npy --tokens t.json --out m.html"
    assert cli.main(words.split()) == 0
    error = capfd.readouterr().err
    assert ("does not move in this page, because" in error) == bool(reason)
    assert reason in error
    assert ('data-figure="own"' in (tmp_path / "m.html").read_text()) != bool(reason)
    if reason:
        return
    size = (tmp_path / "m.html").stat().st_size
    assert size <= paging.MAX_SIZE == 2_000_000
    page = watched_page(browser)
    page.goto((tmp_path / "m.html").as_uri())
    live = page.locator("#figure-reading")
    number = live.locator("[data-own=number]")
    live.locator("[data-own=value]").hover()
    page.wait_for_selector("#figure-reading.lf-started")
    live.locator("[data-own=unit]").fill("2")
    live.locator("[data-own=column]").fill("1")
    live.locator("[data-own=tensor]").select_option("lstm.weight_hh_l0")
    live.locator("[data-own=gate]").select_option("f")
    assert live.locator("[data-own=name]").inner_text() == "weight_hh_l0[5, 1]"
    printed = float(number.inner_text().replace("−", "-"))
    assert np.float32(printed) == module.weight_hh_l0[5, 1].item()
    live.get_by_text("cut").click()
    live.get_by_text("c of unit ").first.wait_for()
    assert "--set 'lstm.weight_hh_l0[5,1]=0'" in live.locator(".lf-share pre").text_content()
    live.get_by_text("Reset").click()
    assert "--set" not in live.locator(".lf-share pre").text_content()
    assert page.faults == []
    page.context.close()
    monkeypatch.setattr(paging, "MAX_SIZE", size - 900_000)
    assert cli.main(words.split()) == 0
    assert (tmp_path / "m.html").stat().st_size <= paging.MAX_SIZE
    error = capfd.readouterr().err
    assert "error are left out, so that the file stays under" in error
    assert "one step is drawn, so that the file stays under" in error
