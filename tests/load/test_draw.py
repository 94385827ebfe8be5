"""Draw figures from weights files, and prove them as a reader would."""

import json
import shlex
from itertools import product

import numpy as np
import pytest
import torch

from lstm_figs import cli
from lstm_figs.command.request import Request, parse_header
from lstm_figs.sources import Source
from tests.load import saving
from tests.load.reading import run_python, svg_of
from tests.load.saving import model, saved
from tests.proof import metadata, prove, prove_in_fresh_process, read, texts
from tests.test_command import run


def check_command(svg):
    """Check that a figure is proven and drawn again by its command, which is returned."""
    assert prove(svg) > 0
    command = metadata(read(svg))["command"]
    assert run(command, "--theme", "light", "--out", "-").decode() == svg
    return shlex.split(command)


def test_figures_of_every_kind_of_file_are_proven_by_a_reader():
    svgs = []
    for file in saving.SAVERS:
        saved(file)
        svgs += [svg_of(Source(weights=file), n) for n in ("cell-input", "weight-map", "unrolled")]
    numbers_per_file = 100  # In three figures there are more.
    assert prove_in_fresh_process(svgs) > numbers_per_file * len(saving.SAVERS)


def test_a_converted_file_says_so_and_is_proven():
    svgs = []
    for dtype, file in product(("float16", "bfloat16", "float64"), saving.SAVERS):
        # NumPy, and so its files, have no bfloat16.
        if dtype == "bfloat16" and file.endswith("npz"):
            continue
        path = f"{dtype}-{file}"
        saving.SAVERS[file](model().to(getattr(torch, dtype)), path)
        svgs.append(svg_of(Source(weights=path)))
        # The last note may be wrapped into several lines.
        note = " ".join(text for _, text in texts(read(svgs[-1])))
        assert f"converted from {dtype}" in note
    assert prove_in_fresh_process(svgs) >= len(svgs)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("file", ["model.npz", "model.pt", "scripted.pt"])
def test_each_layer_and_direction_is_drawn_and_proven(bias, file):
    saved(file, model(num_layers=2, bidirectional=True, bias=bias))
    for layer, reverse in product((0, 1), (False, True)):
        words = check_command(svg_of(Source(weights=file, layer=layer, reverse=reverse)))
        assert ("--layer" in words, "--reverse" in words) == (bool(layer), reverse)


def test_a_trace_names_torch_where_its_reader_needs_it():
    for file in saving.SAVERS:
        trace = json.loads(run("lstm-figs trace --json --weights", saved(file)))
        assert (trace["torch"] is None) == (file not in saving.OF_TORCH)


def test_the_seed_makes_the_input_of_a_file():
    saving.as_npz(model(), "m.npz")
    first, same, other = (Source(weights="m.npz", seed=seed).trace() for seed in (None, 0, 1))
    np.testing.assert_array_equal(first.x, same.x)
    assert (first.x != other.x).any()
    assert str(first.origin.label) == "Weights of rnn in m.npz, random input from seed 0."
    np.save("x.npy", first.x)
    from_file = Source(weights="m.npz", input="x.npy").trace()
    np.testing.assert_array_equal(first.output, from_file.output)
    assert str(from_file.origin.label) == "Weights of rnn in m.npz, input from a file."


STATE = torch.nn.LSTM(3, 2).state_dict()

INNER = {f"rnn.{k}": v for k, v in torch.nn.LSTM(3, 4).state_dict().items()}
"""The parameters of an LSTM named `rnn` within a module."""

CELL = {f"b.{k}": v for k, v in torch.nn.LSTMCell(2, 1).state_dict().items()}


@pytest.mark.parametrize(
    # a file, and the number of units of each of its modules
    ("entries", "units_by_module"),
    [
        ({"a": {"x": model().state_dict()}, "b": INNER}, {"a.x.rnn": 2, "b.rnn": 4}),
        ({**model().state_dict(), "ema": INNER}, {"rnn": 2, "ema.rnn": 4}),
        ({**STATE, "b.fc.weight": torch.ones(2, 2), **CELL}, {"": 2, "b": 1}),
    ],
)
def test_each_of_several_modules_is_drawn_and_proven(entries, units_by_module):
    torch.save(entries, "m.pt")
    for module, units in units_by_module.items():
        source = Source(weights="m.pt", module=module)
        assert source.trace().weights[0].hidden_size == units
        assert module in check_command(svg_of(source))


def test_a_large_script_leaves_the_state_to_the_reader():
    lstm = torch.nn.LSTM(8, 8, num_layers=2)
    saving.as_scripted(lstm, "m.pt")
    svg = svg_of(Source(weights="m.pt"), "unrolled")
    assert "# `state` is your own" in metadata(read(svg))["preamble"]
    assert prove(svg, {"state": lstm.state_dict()}) > 0


def test_a_diagram_of_any_file_is_drawn_without_torch_and_matplotlib():
    paths = [*map(saved, saving.SAVERS)]
    code = (
        "import sys\n"
        "from lstm_figs.cli import main\n"
        "sys.modules['torch'] = sys.modules['matplotlib'] = None\n"
        "print({main(['draw', 'weight-map', '--weights', path]) for path in sys.argv[1:]})"
    )
    assert run_python(code, *paths) == "weight-map.svg\n" * len(paths) + "{0}\n"


@pytest.mark.parametrize("name", [*saving.STRANGE, "..", "\U0001f600", "-x", "$(touch ran)"])
@pytest.mark.parametrize("suffix", ["npz", "safetensors", "pt"])
def test_strange_names_are_drawn_and_proven(name, suffix):
    file = f"{name.replace('/', '_')}.{suffix}"
    save = {"npz": saving.as_npz, "pt": saving.as_zip}.get(suffix, saving.as_safetensors)
    both = torch.nn.Module()
    both._modules = {name: torch.nn.LSTM(3, 2), "x": torch.nn.LSTM(3, 1)}
    save(both, file)
    source = Source(weights=file, module=name)
    svg = svg_of(source, "unrolled")
    assert "<script>" not in svg
    assert all(text.isprintable() for _, text in texts(read(svg)))
    modules = run("lstm-figs inspect", "--", file).split(b"\n\n")[0]
    assert modules.count(b"\n") == 2
    header = shlex.join(check_command(svg)[2:])
    assert parse_header(header) == Request("unrolled", source)


def inspect_output(capfd, code=0):
    """What `inspect m.npz` prints, with its errors."""
    assert cli.main(["inspect", "m.npz"]) == code
    return "".join(capfd.readouterr())


def test_inspect_tells_a_number_that_stands_out_and_what_is_none(capfd):
    module = model()
    with torch.no_grad():
        module.rnn.weight_hh_l0[3, 1] = -61
        module.rnn.bias_ih_l0[2] = float("nan")
        module.rnn.bias_hh_l0.fill_(float("-inf"))
    saving.as_npz(module, "m.npz")
    lines = {line.split()[0]: line for line in inspect_output(capfd).split("\n") if line}
    weight = module.rnn.weight_hh_l0.detach()
    columns = " ".join(f"{float(f(weight)):.4g}" for f in (torch.min, torch.max, torch.mean))
    assert columns in " ".join(lines["rnn.weight_hh_l0"].split())
    assert lines["rnn.weight_hh_l0"].endswith("[3, 1]")
    assert lines["rnn.bias_ih_l0"].endswith("1 NaN")
    assert lines["rnn.bias_hh_l0"].endswith(f" {module.rnn.bias_hh_l0.numel()} infinite")


def test_inspect_tells_what_was_never_trained(capfd):
    lstm = torch.nn.LSTM(16, 36, bidirectional=True)
    with torch.no_grad():
        lstm.weight_hh_l0 *= 3
        lstm.weight_ih_l0_reverse[:36] *= 3
        lstm.bias_hh_l0_reverse.fill_(0)
    saving.as_npz(lstm, "m.npz")
    lines = inspect_output(capfd).splitlines()
    # The remark on a tensor follows the index of its largest number.
    remarks = {s.split()[0]: s.partition("]")[2].strip() for s in lines if "_" in s}
    within = "within ±1/√36, as before training"
    assert remarks["weight_ih_l0"] == f"all {within}"
    assert remarks["weight_hh_l0"] == ""
    assert remarks["weight_ih_l0_reverse"] == f"gate f, g, o {within}"
    assert remarks["bias_hh_l0_reverse"] == ""


def test_a_file_without_an_lstm_is_told_what_it_holds_and_what_shows_that(capfd):
    for module, advice in (
        ("GRU", "`lstm-figs draw gru` and the page *LSTM or GRU*"),
        ("RNN", "an RNN has neither gates nor c, and `lstm-figs draw gradient-distance`"),
    ):
        saving.as_npz(getattr(torch.nn, module)(3, 2), "m.npz")
        output = inspect_output(capfd)
        assert "holds no LSTM, but 4 tensors" in output
        assert advice in output
        assert json.loads(run("lstm-figs inspect m.npz --json")) == []
        assert cli.main(["trace", "--weights", "m.npz"]) == 2
        error = capfd.readouterr().err
        assert f" {module}, expected" in error
        assert advice in error


def test_inspect_of_a_broken_lstm_names_it(capfd):
    broken = {"weight_ih_l0": np.ones((8, 3), np.float32)}
    np.savez("m.npz", **broken)
    assert inspect_output(capfd, 2).startswith("lstm-figs: 'weight_hh_l0' is missing")
    np.savez("m.npz", **broken, **{f"a.{k}": v.numpy() for k, v in STATE.items()})
    assert "broken: 'weight_hh_l0' is missing" in inspect_output(capfd)
