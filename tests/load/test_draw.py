"""Draw figures from weights files, and prove them as a reader would."""

import json
import os
import shlex
import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch

import lstm_figs
from lstm_figs import cli
from lstm_figs.command.request import Request, parse_header
from lstm_figs.errors import LstmFigsError
from lstm_figs.sources import Source
from tests.load import saving
from tests.load.saving import model, saved
from tests.proof import NUMBERLESS, metadata, prove, prove_in_fresh_process, read, texts
from tests.sources import UNTRAINED_FIGURES
from tests.test_command import run

ROOT = Path(lstm_figs.__file__).parents[1]

for_all_savers = pytest.mark.parametrize("way", saving.SAVERS)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def svg_of(source, name="cell-input"):
    return Request(name, source).draw().render("svg", "light").decode()


def test_figures_of_every_kind_of_file_are_proven_by_a_reader():
    svgs = []
    for way in saving.SAVERS:
        saved(Path(), way)
        svgs += [svg_of(Source(weights=way), n) for n in ("cell-input", "weight-map", "unrolled")]
    assert prove_in_fresh_process(svgs) > 100 * len(saving.SAVERS)


@pytest.mark.parametrize("name", UNTRAINED_FIGURES)
@pytest.mark.parametrize("module", ["LSTM", "LSTMCell"])
def test_every_figure_of_a_file_is_proven(name, module):
    torch.manual_seed(1)
    saving.as_zip(getattr(torch.nn, module)(3, 2), "m.pt")
    for seq_len in (1, 3):
        source = Source(weights="m.pt", seq_len=seq_len, batch_size=2)
        assert prove(svg_of(source, name)) > 0 or name in NUMBERLESS


def test_a_converted_file_says_so_and_is_proven():
    svgs = []
    for dtype, way in product(("float16", "bfloat16", "float64"), saving.SAVERS):
        if dtype == "bfloat16" and way.endswith("npz"):
            continue
        file = f"{dtype}-{way}"
        saving.SAVERS[way](model().to(getattr(torch, dtype)), Path(file))
        svgs.append(svg_of(Source(weights=file)))
        # The last note may be wrapped into several lines.
        note = " ".join(text for _, text in texts(read(svgs[-1])))
        assert f"converted from {dtype}" in note
    assert prove_in_fresh_process(svgs) >= len(svgs)


@pytest.mark.parametrize(
    "form",
    [
        {"num_layers": 2, "bidirectional": True},
        {"num_layers": 2, "bidirectional": True, "bias": False},
    ],
    ids=str,
)
@pytest.mark.parametrize("way", ["model.npz", "model.pt", "scripted.pt"])
def test_each_layer_and_direction_is_drawn_and_proven(form, way):
    saved(Path(), way, model(**form))
    for layer in (0, 1):
        for reverse in (False, True):
            source = Source(weights=way, layer=layer, reverse=reverse)
            svg = svg_of(source)
            assert prove(svg) > 0
            words = shlex.split(metadata(read(svg))["command"])
            assert ("--reverse" in words) == reverse
            assert ("--layer" in words) == bool(layer)
            again = run(shlex.join(words), "--theme", "light", "--out", "-")
            assert again.decode() == svg


@for_all_savers
def test_a_trace_of_a_file_equals_torch(way):
    module = model(num_layers=2, bidirectional=True)
    path = saved(Path(), way, module)
    x = torch.randn(5, 2, 3)
    np.save("x.npy", x.numpy())
    plain = json.loads(run("lstm-figs trace --json --input x.npy", "--weights", path))
    with torch.no_grad():
        output, (h_n, c_n) = module.rnn(x)
    for name, tensor in (("output", output), ("h_n", h_n), ("c_n", c_n)):
        np.testing.assert_allclose(plain[name], tensor, rtol=0, atol=1e-6)
    assert (plain["num_layers"], plain["bidirectional"]) == (2, True)
    assert (plain["torch"] is None) == (way not in saving.OF_TORCH)


def test_the_seed_makes_the_input_of_a_file():
    saving.as_npz(model(), "m.npz")
    first, same, other = (Source(weights="m.npz", seed=seed).trace() for seed in (None, 0, 1))
    np.testing.assert_array_equal(first.x, same.x)
    assert (first.x != other.x).any()
    assert str(first.origin.label) == "Weights of rnn in m.npz, input from seed 0."
    np.save("x.npy", first.x)
    from_file = Source(weights="m.npz", input="x.npy").trace()
    np.testing.assert_array_equal(first.output, from_file.output)
    assert str(from_file.origin.label) == "Weights of rnn in m.npz, input from a file."


def test_several_dicts_of_one_file_are_proven():
    first, second = model(), model()
    torch.save({"a": {"x": first.state_dict()}, "b": second.state_dict()}, "m.pt")
    for module in ("a.x.rnn", "b.rnn"):
        svg = svg_of(Source(weights="m.pt", module=module))
        assert f"--module {module}" in metadata(read(svg))["command"]
        assert prove(svg) > 0


def test_a_module_of_no_name_beside_others_is_proven():
    state = torch.nn.LSTM(3, 2).state_dict()
    state |= {"b.fc.weight": torch.ones(2, 2)}
    state |= {f"b.{k}": v for k, v in torch.nn.LSTMCell(2, 1).state_dict().items()}
    torch.save(state, "m.pt")
    for module in ("", "b"):
        svg = svg_of(Source(weights="m.pt", module=module))
        command = metadata(read(svg))["command"]
        assert run(command, "--theme", "light", "--out", "-").decode() == svg
        assert prove(svg) > 0


def test_a_large_script_leaves_the_state_to_the_reader():
    module = saving.Model()
    module.rnn = torch.nn.LSTM(8, 8, num_layers=2)
    saving.as_scripted(module.rnn, "m.pt")
    svg = svg_of(Source(weights="m.pt"), "unrolled")
    assert "# `state` is your own" in metadata(read(svg))["preamble"]
    assert prove(svg, {"state": module.rnn.state_dict()}) > 0


@pytest.mark.parametrize("way", [*saving.SAVERS])
def test_a_diagram_of_any_file_imports_neither_torch_nor_matplotlib(way):
    path = saved(Path(), way)
    code = (
        "import sys\n"
        "from lstm_figs.cli import main\n"
        "main(['draw', 'weight-map', '--weights', sys.argv[1]])\n"
        "print({'torch', 'matplotlib'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, path],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (done.stdout, done.stderr) == ("weight-map.svg\nset()\n", "")


STRANGE = [
    "<script>alert(1)</script>",
    "a'b\"c",
    "..",
    "two\nlines",
    "\U0001f600",
    "e\u0301é",
    "-x",
    "$(touch ran)",
    "a" * 200,
]


@pytest.mark.parametrize("name", STRANGE)
@pytest.mark.parametrize("suffix", ["npz", "safetensors", "pt"])
def test_strange_names_are_drawn_and_proven(name, suffix):
    file = f"{name[:50].replace('/', '_')}.{suffix}"
    way = {"npz": saving.as_npz, "pt": saving.as_zip}.get(suffix, saving.as_safetensors)
    both = torch.nn.Module()
    both._modules = {name: torch.nn.LSTM(3, 2), "x": torch.nn.LSTM(3, 1)}
    way(both, file)
    source = Source(weights=file, module=name)
    svg = svg_of(source, "unrolled")
    assert prove(svg) > 0
    assert "<script>" not in svg
    assert all(text.isprintable() for _, text in texts(read(svg)))
    modules = run("lstm-figs inspect", "--", file).split(b"\n\n")[0]
    assert modules.count(b"\n") == 2
    command = metadata(read(svg))["command"]
    assert run(command, "--theme", "light", "--out", "-").decode() == svg
    assert parse_header(command.removeprefix("lstm-figs draw ")) == Request("unrolled", source)


def test_the_files_of_a_source_are_named():
    source = Source(weights="m.pt", input="x.npy")
    assert source.files() == ("m.pt", "x.npy")


BAD = {
    "no such file": ["--weights", "none.npz"],
    "a wrong input": ["--weights", "m.npz", "--input", "wide.npy"],
    "a text as npy": ["--weights", "m.npz", "--input", "text.npy"],
    "rows of different lengths": ["--weights", "m.npz", "--input", "ragged.json"],
}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("command", ["draw unrolled", "trace"])
def test_bad_options_are_one_line(kind, command, capfd):
    saving.as_npz(model(num_layers=2), "m.npz")
    np.save("x.npy", np.ones((2, 3), np.float32))
    np.save("wide.npy", np.ones((2, 4), np.float32))
    Path("text.npy").write_text("[[1, 2, 3]]")
    Path("ragged.json").write_text("[[1, 2, 3], [1, 2]]")
    before = sorted(Path().iterdir())
    assert cli.main([*command.split(), *BAD[kind]]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert ("expected" in err) or ("cannot be read" in err)
    assert sorted(Path().iterdir()) == before


def test_inspect_tells_a_number_that_stands_out_and_what_is_none(capfd):
    module = model()
    with torch.no_grad():
        module.rnn.weight_hh_l0[3, 1] = -61
        module.rnn.bias_ih_l0[2] = float("nan")
        module.rnn.bias_hh_l0.fill_(float("-inf"))
    saving.as_npz(module, "m.npz")
    assert cli.main(["inspect", "m.npz"]) == 0
    lines = {
        line.split()[0]: line
        for line in capfd.readouterr().out.split("\n")
        if line.startswith("rnn.")
    }
    weight = module.rnn.weight_hh_l0.detach()
    columns = [f"{float(f(weight)):.4g}" for f in (torch.min, torch.max)]
    assert " ".join(columns) in " ".join(lines["rnn.weight_hh_l0"].split())
    assert f"{weight.mean().item():.4g}" in lines["rnn.weight_hh_l0"]
    assert lines["rnn.weight_hh_l0"].endswith("[3, 1]")
    assert lines["rnn.bias_ih_l0"].endswith("1 NaN")
    count = module.rnn.bias_hh_l0.numel()
    assert lines["rnn.bias_hh_l0"].endswith(f" {count} infinite")


def test_inspect_tells_what_was_never_trained(capfd):
    torch.manual_seed(0)
    lstm = torch.nn.LSTM(16, 36, bidirectional=True)
    with torch.no_grad():
        lstm.weight_hh_l0 *= 3
        lstm.weight_ih_l0_reverse[:36] *= 3
        lstm.bias_hh_l0_reverse.fill_(0)
    saving.as_npz(lstm, "m.npz")
    assert cli.main(["inspect", "m.npz"]) == 0
    lines = capfd.readouterr().out.splitlines()
    ends = {s.split()[0]: s.partition("]")[2].strip() for s in lines if "_" in s}
    within = "within ±1/√36, as before training"
    assert ends["weight_ih_l0"] == f"all {within}"
    assert ends["weight_hh_l0"] == ""
    assert ends["weight_ih_l0_reverse"] == f"gate f, g, o {within}"
    assert ends["bias_hh_l0_reverse"] == ""


def test_inspect_of_a_file_without_an_lstm_says_what_it_holds(capfd):
    saving.as_npz(torch.nn.GRU(3, 2), "m.npz")
    assert cli.main(["inspect", "m.npz"]) == 0
    output = capfd.readouterr().out
    assert "holds no LSTM, but 4 tensors" in output
    assert "`lstm-figs draw gru`" in output
    assert cli.main(["inspect", "m.npz", "--json"]) == 0
    assert json.loads(capfd.readouterr().out) == []
    for command in ("draw unrolled", "trace"):
        assert cli.main([*command.split(), "--weights", "m.npz"]) == 2
        output = capfd.readouterr().err
        assert "a GRU at ''" in output
        assert "`lstm-figs draw gru` and the page *LSTM or GRU*" in output
    saving.as_npz(torch.nn.RNN(3, 2), "m.npz")
    assert cli.main(["trace", "--weights", "m.npz"]) == 2
    assert "`lstm-figs draw gradient-distance`" in capfd.readouterr().err


def test_inspect_of_a_broken_lstm_names_it(capfd):
    np.savez("m.npz", weight_ih_l0=np.ones((8, 3), np.float32))
    assert cli.main(["inspect", "m.npz"]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert "'weight_hh_l0' is missing" in err
    complete = {f"a.{k}": v.numpy() for k, v in torch.nn.LSTM(3, 2).state_dict().items()}
    np.savez("m.npz", weight_ih_l0=np.ones((8, 3), np.float32), **complete)
    assert cli.main(["inspect", "m.npz"]) == 0
    assert "broken: 'weight_hh_l0' is missing" in capfd.readouterr().out


def test_not_a_number_is_drawn_and_proven():
    module = model()
    with torch.no_grad():
        module.rnn.weight_ih_l0[0, 0] = float("nan")
        module.rnn.weight_ih_l0[5, 1] = float("inf")
    saving.as_npz(module, "m.npz")
    for name in ("weight-map", "cell-input"):
        svg = svg_of(Source(weights="m.npz"), name)
        assert 'data-value="nan"' in svg
        assert prove(svg) > 0


def test_an_error_of_the_source_is_ours():
    with pytest.raises(LstmFigsError, match="add --weights FILE"):
        Source(module="rnn")
