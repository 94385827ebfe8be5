"""The script that trained the bracket network."""

import json
import sys
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from lstm_figs.html.training_moments import RIGHT_COUNTS
from lstm_figs.proof.preamble.truth import BRACKETS, OUTPUTS, truth
from lstm_figs.sources import networks
from lstm_figs.sources.networks import brackets
from lstm_figs.sources.trained import TEXT
from tests.doc_scripts import CODE, load, output_of
from tests.test_lstm import module_of

pytestmark = pytest.mark.usefixtures("one_thread")
NETWORKS = Path(networks.__file__).parent
DOCSTRING = " ".join(networks.__doc__.split())
RECORD = json.loads((CODE / "brackets.json").read_text("utf-8"))
SHARE = 990
"""How many of 1,000 strings a network has to answer right."""


@pytest.fixture(scope="module")
def script():
    return load("brackets")


def modules_of(network):
    readout = torch.nn.Linear(network.weights.hidden_size, 2)
    readout.load_state_dict({k: torch.tensor(v) for k, v in network.readout.parameters().items()})
    return module_of(network.weights), readout


@pytest.fixture
def shipped_moments():
    """Metadata, batches and 70 weights of each snapshot in the package."""
    with safe_open(NETWORKS / "brackets-training.safetensors", "pt") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name) for name in sorted(file.keys())}
    batches = [*map(int, metadata["batches"].split(", "))]
    return metadata, batches, torch.cat([t.flatten(1) for t in tensors.values()], 1)


@pytest.mark.parametrize("unmatched", [False, True])
def test_random_strings_come_with_the_truth(script, unmatched):
    torch.manual_seed(0)
    strings = script.random_strings(200, 60, unmatched=unmatched)
    symbols, inside, depth = (part.T for part in strings)
    closed_nothing = 0
    for k in range(200):
        text = "".join(script.ALPHABET[symbol] for symbol in symbols[k])
        expected = truth(text)
        assert expected.inside == tuple(inside[k].tolist())
        assert expected.depth == tuple(depth[k].tolist())
        before = [*zip((0, *expected.depth[:-1]), expected.inside, text, strict=True)]
        closed_nothing += (0, False, ")") in before
    assert depth.max() == script.DEEPEST
    assert (closed_nothing > 100) == unmatched
    assert unmatched or not closed_nothing


def right_counts(script, *some_networks):
    """On how many of 1,000 strings each network is right."""
    torch.manual_seed(1_000_000)
    strings = [*script.random_strings(1000, 60)]
    answers = [script.right(*modules_of(network), strings) for network in some_networks]
    return [int(right.all(dim=0).sum()) for right in answers]


def test_the_network_that_ships_is_right(script):
    assert min(right_counts(script, brackets(), networks.brackets_16())) >= SHARE


def test_the_network_that_ships_says_how_it_was_trained_and_what_is_true(script):
    with safe_open(NETWORKS / "brackets.safetensors", "numpy") as file:
        metadata = file.metadata()
    seed = RECORD["shipped"]["seed"]
    assert metadata["trained"].endswith(f"random strings, seed {seed}")
    assert metadata["trained"].startswith(f"{RECORD['batches']:,} batches")
    assert metadata["torch"] == RECORD["torch"] == brackets().torch
    assert metadata["trained"] == brackets().readout.trained
    assert metadata["truth"] == BRACKETS == brackets().readout.truth
    assert metadata["outputs"] == script.OUTPUTS == ", ".join(OUTPUTS)
    assert metadata["alphabet"] == script.ALPHABET
    assert metadata["other"] == str(script.OTHER)


def test_the_record_is_of_this_text_and_of_what_the_package_says():
    facts = truth(TEXT)
    lstms = [n for n in RECORD["networks"] if (n["kind"], n["units"]) == ("LSTM", 2)]
    (shipped,) = (n for n in lstms if n["seed"] == RECORD["shipped"]["seed"])
    assert RECORD["text"] == TEXT
    assert shipped["inside"] == "".join(str(int(yes)) for yes in facts.inside)
    assert shipped["closed"] == "".join(str(int(depth == 0)) for depth in facts.depth)
    learned = [network["right_60"] >= SHARE for network in lstms]
    assert f"Of {len(learned)} seeds, of which {sum(learned)} were" in DOCSTRING
    assert f"it is right on {shipped['right_200']}," in DOCSTRING
    assert f"closes nothing on {shipped['right_unmatched']}," in DOCSTRING


def test_the_last_moment_that_ships_is_the_network_that_ships(shipped_moments):
    metadata, batches, weights = shipped_moments
    path = NETWORKS / "brackets.safetensors"
    with safe_open(path, "pt") as file:
        own = file.metadata()
        names = sorted(file.keys())
        shipped = torch.cat([file.get_tensor(k).flatten() for k in names])
    assert torch.equal(weights[-1], shipped)
    assert metadata == own | {"batches": ", ".join(map(str, batches)), "last": path.name}
    # The repeated training of the other snapshots ends close to it.
    assert batches[-2:] == [networks.BATCHES] * 2
    apart = (weights[-2] - shipped).abs()
    agree, most = int((apart < 0.0005).sum()), apart.max().item()
    assert f"numbers: {agree} of {weights.shape[1]} agree, and the largest " in DOCSTRING
    assert f"difference is {most:.3f}." in DOCSTRING


def test_a_moment_ships_where_the_weights_moved_or_it_is_named(script, shipped_moments):
    _, batches, weights = shipped_moments
    torch.testing.assert_close(weights, weights.round(decimals=3), rtol=0, atol=0)
    reached, named = weights[0], []
    for done, state in [*zip(batches, weights, strict=True)][1:-2]:
        # Named snapshots do not reset the reference of the others.
        if (state - reached).norm() >= 1:
            reached = state
        else:
            named.append(done)
    assert batches[0] == 0
    assert {*named} < {*script.NAMED} < {*batches}


def test_a_page_says_of_how_many_strings_each_moment_is_right(script):
    assert right_counts(script, *networks.moments()) == [*RIGHT_COUNTS]


@pytest.mark.trains
def test_training_anew_gives_the_same_moments_within_rounding(script, shipped_moments):
    _, batches, weights = shipped_moments
    network = script.fresh("LSTM", 2, 12)
    snapshots = script.Snapshots(*network, networks.BATCHES)
    enough = 520

    def watch(done):
        snapshots(done)
        if done == enough:
            raise StopIteration

    with pytest.raises(StopIteration):
        script.train(*network, networks.BATCHES, watch)
    assert [*snapshots.copies] == [b for b in batches if b <= enough]
    for state, again in zip(weights, snapshots.copies.values(), strict=False):
        tensors = script.tensors_of(*again)
        again = torch.cat([tensors[name].flatten() for name in sorted(tensors)])
        torch.testing.assert_close(state, again, rtol=0, atol=0.002)


def test_the_script_saves_what_it_trained(script, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(CODE)
    path, moments = (tmp_path / f"{name}.safetensors" for name in ("own", "moments"))
    line = f"brackets.py --kind RNN --units 3 --batches 4 --save {path} --snapshots {moments}"
    monkeypatch.setattr(sys, "argv", line.split())
    script.main()
    assert capsys.readouterr().out == "right on 0 of 1,000 fresh strings of 60 characters\n"
    with safe_open(path, "numpy") as file:
        shapes = {name: file.get_tensor(name).shape for name in file.keys()}  # noqa: SIM118
        metadata = file.metadata()
    assert metadata["alphabet"] == 'x()"'
    assert metadata["truth"] == BRACKETS
    assert shapes == {
        "rnn.weight_ih_l0": (3, 4),
        "rnn.weight_hh_l0": (3, 3),
        "rnn.bias_ih_l0": (3,),
        "rnn.bias_hh_l0": (3,),
        "readout.weight": (2, 3),
        "readout.bias": (2,),
    }
    output_of("append_moment.py", str(moments), str(path))
    with safe_open(moments, "numpy") as file:
        assert file.metadata() == metadata | {"batches": "0, 4, 4", "last": path.name}
        weight = file.get_tensor("rnn.weight_hh_l0")
    assert weight.shape == (3, 3, 3)
    assert (weight[1] == weight[2]).all()
    assert (weight[0] != weight[1]).any()
    with pytest.raises(SystemExit, match="to which nothing was appended"):
        output_of("append_moment.py", str(moments), str(path))


@pytest.mark.parametrize("seed", range(2))
def test_normalizing_changes_no_answer(script, seed):
    torch.manual_seed(seed)
    layer, readout = torch.nn.LSTM(4, 2), torch.nn.Linear(2, 2)
    x, _ = script.questions(*script.random_strings(20, 30))
    before = readout(layer(x)[0])
    script.normalize(layer, readout, *script.order(layer, readout))
    after = readout(layer(x)[0])
    torch.testing.assert_close(before, after)
    parameters_before = [parameter.clone() for parameter in layer.parameters()]
    script.normalize(layer, readout, *script.order(layer, readout))
    assert all(map(torch.equal, parameters_before, layer.parameters()))
