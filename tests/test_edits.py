"""Changed weights, inputs and states: `--set`."""

import json
import shlex
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

import lstm_figs as lf
from lstm_figs import cli
from lstm_figs.command.request import parse_header
from lstm_figs.errors import UsageError
from lstm_figs.model.layer_run import sha256
from lstm_figs.site import cache
from lstm_figs.site.requests import block_request
from lstm_figs.sources import Source
from tests.binding.inspection import check_request
from tests.figures import run_preamble, texts
from tests.live_modules import Live
from tests.proof import metadata, prove_with, read, svg_of
from tests.sources import UNTRAINED_FIGURES
from tests.test_command import check_command

ZERO_WEIGHT = "lstm.weight_hh_l0[0,1]=0"
TRAINED_NOTE = "Trained to say"
"""Words in a figure of the trained network only."""


@pytest.fixture
def folder(folder):
    """The current folder, with files of weights and of an input."""
    torch.manual_seed(3)
    save_file(torch.nn.LSTMCell(3, 2).state_dict(), "cell.safetensors")
    save_file(torch.nn.LSTM(3, 20).state_dict(), "large.safetensors")
    torch.save(torch.nn.LSTM(3, 2, 2).state_dict(), "stack.pt")
    arrays = torch.nn.LSTM(3, 4, proj_size=2).state_dict().items()
    np.savez("projected.npz", **{name: t.numpy() for name, t in arrays})
    np.save("x.npy", np.ones((2, 3), np.float32))
    return folder


# Each source and each tensor that can be changed, in different figures.
HEADERS = [
    f"cell --set {ZERO_WEIGHT} --set x[1,0,0]=0.5",
    "keep-write-show --set h_0[0,0,0]=-0.5 --step 1",
    "batch --batch-size 3 --set x[1,2,0]=3 --set h_0[0,1,1]=1",
    "gradient-distance --set lstm.weight_hh_l0[2,0]=3",
    "autograd --set x[0,0,1]=2 --set lstm.bias_hh_l0[0]=-1",
    "dispatch --set lstm.weight_ih_l0[0,0]=0",
    "weight-map --set lstm.weight_ih_l0[0,0]=nan",
    "cell --input-size 3 --hidden-size 2 --dtype float64 --set c_0[0,0,0]=0.1",
    "four-weights --input-size 3 --hidden-size 2 --num-layers 2 --bidirectional"
    " --layer 1 --reverse --set lstm.weight_hh_l1_reverse[2,1]=4"
    " --set h_0[3,0,0]=-1 --set x[0,0,0]=2",
    "cell-output --weights projected.npz --set lstm.weight_hr_l0[1,3]=-2",
    "cell --weights cell.safetensors --set cell.weight_hh[0,1]=0",
    "data-flow --weights cell.safetensors --seq-len 1 --set x[0,0,0]=9",
    "hidden-size --weights large.safetensors --set lstm.weight_hh_l0[79,19]=5",
    "cell --weights stack.pt --layer 1 --set lstm.bias_ih_l1[0]=3",
    "reading --text '((a)\"b\")' --set readout.weight[0,1]=-3 "
    "--set readout.bias[1]=0.5 --set x[1,0,1]=0",
    "writes --seq-len 8 --batch-size 2 --set x[2,0,3]=1",
    "gates-over-time --network brackets --set lstm.bias_ih_l0[0]=nan",
]


@pytest.mark.parametrize("header", HEADERS)
def test_a_figure_of_changed_numbers_is_whole_and_its_command_draws_it(header, folder):
    request = parse_header(header)
    check_request(request)
    check_command(request)
    assert "· edited<" in svg_of(request.draw())


def test_a_command_says_what_was_changed_and_in_which_order():
    typed = "cell --set 'x[ 1, 0,0 ] = +.50' --set h_0[0,0,0]=-0 --set x[0,0,0]=1e-9"
    command = parse_header(typed).command()
    assert shlex.split(command)[3:] == [
        *("--set", "x[1,0,0]=0.5"),
        *("--set", "h_0[0,0,0]=-0"),
        *("--set", "x[0,0,0]=1e-09"),
    ]


def test_the_digest_is_of_the_changed_parameters():
    figure = parse_header(f"cell --set {ZERO_WEIGHT}").draw()
    names = run_preamble(figure)
    (weights,) = Source().trace().weights
    theirs = replace(weights, weight_hh=names["lstm"].weight_hh_l0.detach().numpy())
    assert figure.metadata["weights_sha256"] == sha256([theirs])
    assert figure.metadata["weights_sha256"] != sha256([weights])


BAD_EDITS = {
    "got the index '[]' of 'x' to set": "x[]=3",
    "got '1e999' to set in x, expected a number that float64": "x[0,0,0]=1e999",
    "got '1e+39' to set in x[0, 0, 0], expected a number that float32 holds": "x[0,0,0]=1e39",
    "got x[0, 0] to set, expected x[0, 0, 0] to x[3, 0, 2]": "x[0,0]=3",
    "got lstm.bias_ih_l0[8] to set, expected lstm.bias_ih_l0[0] to "
    "lstm.bias_ih_l0[7], because its shape is (8,); choose": "lstm.bias_ih_l0[8]=3",
    "did you mean 'lstm.weight_hh_l0'?": "lstm.weigth_hh_l0[0,1]=3",
    "got 'cell.weight_hh' to set, which is neither a parameter nor": "cell.weight_hh[0,1]=3",
    **{
        f"got {name}[0, 0, 0] to set, which is computed, expected a number "
        "of a parameter": f"{name}[0,0,0]=3"
        for name in ("c", "output", "h_n", "i", "z_f", "tanh_c", "answers")
    },
}
"""Error -> the value of --set that causes it."""


@pytest.mark.parametrize("message", BAD_EDITS)
@pytest.mark.parametrize("command", ["draw cell", "trace"])
def test_what_cannot_be_changed_is_one_line(message, command, refusal):
    assert message in refusal(*command.split(), "--set", BAD_EDITS[message])


def test_a_long_name_is_cut_off_in_an_error():
    for typed in (f"{'a' * 999}[0]=1", f"c[{','.join(['0'] * 999)}]=1"):
        with pytest.raises(UsageError) as error:
            Source(set=(typed,)).trace()
        assert len(str(error.value)) < 400


def test_every_command_takes_what_is_changed(folder, capfd):
    assert cli.main(["trace", "--json", "--set", "x[0,0,2]=7"]) == 0
    printed_trace = json.loads(capfd.readouterr().out)
    assert printed_trace["steps"][0]["x"] == [[1, 0, 7]]
    assert cli.main(["embed", "cell", "--set", ZERO_WEIGHT, "--out", "-"]) == 0
    assert "· edited" in capfd.readouterr().out


def test_all_figures_are_drawn_of_changed_numbers(folder, capfd):
    words = ["--set", ZERO_WEIGHT, "--set", "x[1,0,0]=0.5", "--strict"]
    assert cli.main(["draw", "all", *words, "--out", "all"]) == 0
    for name in UNTRAINED_FIGURES:
        svg = Path("all", f"{name}.svg").read_text()
        assert "· edited<" in svg
        assert "--set" in metadata(read(svg))["command"]


def test_a_block_of_a_page_is_kept_by_what_it_changes():
    names = {
        cache._entry_name(block_request("figure", f"cell{more}"))
        for more in ("", f" --set {ZERO_WEIGHT}", " --set lstm.weight_hh_l0[0,1]=1")
    }
    assert len(names) == 3


def texts_of(figure):
    return " ".join([*texts(figure), figure.description])


def test_what_is_said_of_the_trained_network_is_not_said_of_another():
    assert TRAINED_NOTE in texts_of(parse_header("reading").draw())
    for edit in (ZERO_WEIGHT, "x[3,0,0]=0", "readout.bias[0]=1"):
        figure = parse_header(f"reading --set {edit}").draw()
        assert TRAINED_NOTE not in texts_of(figure)
        assert "34 steps · brackets · edited" in texts_of(figure)


# From −10 on, the weight of an opening bracket shuts the gate; after a letter, it does not.
@pytest.mark.parametrize("value", [-12, -10, -4.9, -1, 0, 3])
def test_a_weight_shuts_a_gate_only_where_it_does(value):
    for token, is_offered in (("(", True), ("b", False)):
        figure = parse_header(
            f"reading --text 'f(a) \"{token}\" (c)' --set lstm.weight_hh_l0[0,1]={value}"
        ).draw()
        shuts = is_offered and value <= -10
        assert ("shuts the input gate" in texts_of(figure)) == shuts


def test_a_text_and_its_truth_stay_where_its_input_is_changed():
    before, after = (
        parse_header(f"reading --text '(a)'{more}").draw()
        for more in ("", " --set x[0,0,1]=0 --set x[0,0,0]=1")
    )
    names = run_preamble(after)
    assert names["depth"].tolist() == [1, 1, 0]
    assert names["tokens"] == ["(", "a", ")"]
    assert names["x"][0, 0].tolist() == [1, 0, 0, 0]
    assert before.description != after.description


LIVE = {
    "a state": (Live(has_state=True, seq_len=3), "h_0[0,0,1]"),
    "a cell": (Live(cell=True, has_state=True), "cell.weight_ih[0,2]"),
    "layers": (Live(num_layers=2, bidirectional=True, seq_len=3), "lstm.bias_ih_l0[3]"),
    "packed sequences": (Live(lengths=(2, 4), has_state=True), "x[1,0,1]"),
    "the batch first": (Live(batch_first=True, seq_len=3, batch_size=2), "x[1,0,0]"),
    "float64": (Live(dtype="float64", seq_len=2), "c_0[0,0,1]"),
    "many units": (
        Live(input_size=9, hidden_size=20, has_state=True, seq_len=2),
        "lstm.weight_hh_l0[0,19]",
    ),
}
"""Case -> a module, and a number to change in it."""


@pytest.mark.parametrize("case", LIVE)
def test_a_module_is_drawn_changed_and_stays_as_it_was(case):
    live, place = LIVE[case]
    own, untouched = live.make(), live.make()
    trace = lf.trace(*own.values())
    plain = lf.draw("cell", trace)
    figure = lf.draw("cell", trace, set={place: 1.5})
    svg = svg_of(figure)
    names = run_preamble(figure, **own)
    assert prove_with(read(svg), names) == len(figure.numbers()) > 0
    assert "· edited<" in svg
    assert figure.description != plain.description
    assert figure.metadata["command"] is None
    again = lf.draw("cell", lf.trace(*own.values())).metadata
    assert again == lf.draw("cell", lf.trace(*untouched.values())).metadata
    torch.testing.assert_close(own["x"], untouched["x"])
    torch.testing.assert_close(own["hx"], untouched["hx"])


def test_a_run_of_arrays_is_drawn_changed():
    trace = lf.run(Source().trace().weights, np.ones((2, 1, 3), np.float32))
    figure = lf.draw("cell", trace, set={"x[1, 0, 0]": np.float32(0.1)})
    svg = svg_of(figure)
    names = run_preamble(figure)
    assert prove_with(read(svg), names)
    assert names["x"][1, 0, 0] == np.float32(0.1)
    assert trace.x.min() == 1


def test_python_and_the_command_line_change_the_same():
    figure = lf.draw("reading", set={"lstm.weight_hh_l0[0, 1]": 0})
    assert figure.metadata == parse_header(f"reading --set {ZERO_WEIGHT}").draw().metadata
    assert lf.draw("reading", set={}).metadata == lf.draw("reading").metadata
