"""The figure `learning`, and the recorded training that it draws."""

import json
import re

import numpy as np
import pytest
import torch

import lstm_figs as lf
from lstm_figs import cli
from lstm_figs.model import label_ranking, units
from lstm_figs.sources import Source
from lstm_figs.sources.networks import training
from tests.doc_scripts import CODE, load
from tests.figures import run_preamble
from tests.figures.learning import EARLY

pytestmark = pytest.mark.usefixtures("one_thread")


def draw(**options):
    """Draw the figure; without options, that of the network that ships."""
    return lf.draw("learning", **options)


@pytest.fixture(scope="module")
def script():
    """The script that recorded the training, and measures it."""
    load("brackets")
    return load("measure_learning")


@pytest.fixture(scope="module")
def strings(script):
    """The fresh strings on which the recorded shares were measured."""
    torch.manual_seed(1_000_000)
    return [*script.random_strings(1000, 60)]


def network_of(moment):
    """The layer and the read-out of a moment, as modules."""
    layer, readout = torch.nn.LSTM(4, 2), torch.nn.Linear(2, 2)
    for module, own, suffix in (
        (layer, moment.parameters, "_l0"),
        (readout, moment.readout.parameters(), ""),
    ):
        state = {f"{k}{suffix}": torch.from_numpy(v) for k, v in own.items()}
        module.load_state_dict(state)
    return layer, readout


def test_what_was_noted_is_near_what_the_moments_yield(script, strings):
    """A single batch may be far from the mean of its neighbours."""
    noted, share_right = training(), script.share_right(strings)
    for moment in noted.moments:
        if moment.batches <= script.LAST:
            share = 100 * share_right(*network_of(moment))
            mean = noted.right[moment.batches]
            assert share == pytest.approx(mean, abs=12), moment.batches
            weight = moment.parameters["weight_hh"][0, 1]
            assert noted.weight[moment.batches] == pytest.approx(weight, abs=0.001)


@pytest.mark.trains
def test_measuring_anew_yields_the_same_mean(script, strings):
    """Measured around the batches where the first strings become right."""
    network = script.fresh("LSTM", 2, script.SHIPPED)
    share_right, shares, at = script.share_right(strings), [], 480

    def note(done):
        if done >= at - script.NEAR:
            shares.append(share_right(*network))

    script.trained_until(network, at + script.NEAR, note)
    mean = 100 * sum(shares) / len(shares)
    assert mean == pytest.approx(training().right[at], abs=0.2)
    assert 0.3 < mean < 3
    assert not shares[0] or shares[0] < 0.002


def test_a_moment_is_the_network_that_after_draws():
    for after in (100, 454, 6000):
        figure = draw(at=(after,))
        namespace = run_preamble(figure)
        trace = Source(network="brackets", after=after).trace()
        c = np.array([step.c[0] for step in trace.steps])
        np.testing.assert_allclose(namespace["states"][0], c, atol=1e-5)
        answers = trace.output[:, 0] @ trace.origin.readout.weight.T
        predicted = answers + trace.origin.readout.bias > 0
        expected = torch.stack([namespace["inside"], namespace["depth"] == 0], dim=1)
        correct = (torch.tensor(predicted) == expected).all(dim=1)
        assert torch.equal(namespace["correct"][0], correct)


def test_moments_are_in_their_order_and_each_once():
    description = draw(at=(600, 450, 454, 459)).description
    batches = re.findall(r"After (\d+) batches \d+ %", description)
    assert batches == ["450", "454", "600"]


def test_files_are_compared_in_their_order_and_with_torch(tmp_path):
    torch.manual_seed(1)
    modules = [torch.nn.LSTM(3, 12, num_layers=2, bidirectional=True) for _ in range(3)]
    x = torch.randn(40, 1, 3)
    np.save(tmp_path / "x.npy", x.numpy())
    files = [tmp_path / f"{k}.pt" for k in (2, 0, 1)]
    for file, module in zip(files, modules, strict=True):
        torch.save(module.state_dict(), file)
    h = modules[2](x)[0][:, 0, 12 + 5]
    true = (h > h.median()).tolist()
    (tmp_path / "l.json").write_text(json.dumps({"own": true}))
    own = {"weights": files, "layer": 1, "reverse": True, "labels": tmp_path / "l.json"}
    names = run_preamble(draw(input=tmp_path / "x.npy", **own))
    for k, module in enumerate(modules):
        # Layer 1, reverse, is the last of four.
        part = lf.trace(module, x).part(3)
        states = np.array([np.concatenate([step.c[0], step.h[0]]) for step in part])
        np.testing.assert_allclose(names["states"][k], states[:, :12], atol=1e-5)
        life = units.lifetimes(np.array([step.f[0] for step in part]))
        np.testing.assert_allclose(names["lives"][k], np.minimum(life, 40))
        area = label_ranking.areas(states[:, [12 + 5]], np.array(true[::-1]))
        if "0" in names.get("aucs", {}):
            assert names["aucs"]["0"][k] == pytest.approx(max(area, 1 - area)[0], abs=1e-6)


def test_of_all_figures_it_is_drawn_where_moments_are_kept():
    outcomes = {
        more: "learning" in [request.name for request in _requests(f"all {more}")]
        for more in (
            "",
            "--network brackets",
            "--network example",
            "--network brackets --after 9",
            "--network brackets --set x[0,0,0]=2",
            "--input-size 2 --hidden-size 2",
        )
    }
    assert [more for more, is_drawn in outcomes.items() if is_drawn] == ["", "--network brackets"]


def _requests(line):
    """The requests of a command line of `draw`."""
    from lstm_figs.cli.commands import parsers
    from lstm_figs.command.request import requests_of

    arguments = parsers(("learning",))["draw"].parse_args(line.split())
    return requests_of(arguments, arguments.names)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--network example", "got nn.LSTM(3, 2) without the moments of its"),
        ("--aspect wide", "leave it out, or show two moments, such as --at 450,600"),
        ("--run run.py:make", "got --run for learning, which compares saved checkpoints"),
        ("--after 450", "take --network brackets with neither --after nor"),
        ("--set lstm.weight_hh_l0[0,1]=0", "without the moments of its train"),
        ("--at 6001", "--at is 6001, expected batches from 0 to 6000"),
        (f"--weights {EARLY} --weights ./{EARLY} --at 5", "got --at for several weights files"),
        ("--units 0", "got --units for one network, expected several weights"),
        (f"--weights {EARLY} --weights {CODE / 'forecast.safetensors'}", "of one module"),
        (f"--weights {EARLY} " * 2, "twice, expected different checkpoints; leave one out"),
        (f"--weights {EARLY} " * 13, "got --weights 13 times, expected at most 12"),
        (f"units --weights {EARLY} --weights {EARLY}", "only the figure learning compares"),
        ("--at 0,9,19,30,44,67,100,106,155,194,230,267,312", "names 13 moments"),
    ],
)
def test_what_it_cannot_show_is_one_sentence(words, message, capfd, tmp_path):
    program = "import torch\ndef make(): return torch.nn.LSTM(2, 1), torch.ones(2, 1, 2)"
    (tmp_path / "run.py").write_text(program)
    words = words.replace("run.py", str(tmp_path / "run.py"))
    assert cli.main(["draw", "learning", *words.split()]) == 2
    out, error = capfd.readouterr()
    assert message in error
    # A program that is run is announced.
    assert error.count("\n") == 1 + ("--run" in words)
    assert not out


def test_the_package_has_what_the_record_says_of_seeds(script):
    record = json.loads((CODE / "learning.json").read_text("utf-8"))
    noted = training()
    assert len(noted.seeds) == script.SEEDS
    assert noted.seed == script.SHIPPED == record["shipped"]
    assert noted.known == pytest.approx(100 * script.KNOWN)
    for seed, recorded in zip(noted.seeds, record["seeds"], strict=True):
        assert (seed.seed, seed.known) == (recorded["seed"], recorded["known"])
        assert seed.inside.tolist() == pytest.approx(recorded["inside"])
        if seed.known is not None:
            # `inside` has a share for every EACH batches.
            after = -(-seed.known // script.EACH)
            assert seed.inside[after:].min() >= script.KNOWN - 0.0005


@pytest.mark.trains
def test_the_first_seed_knows_quotes_as_early_when_trained_anew(script, strings):
    first = min(training().seeds, key=lambda seed: seed.known or 10**6)
    asked = script.questions(*(part[:, :300] for part in strings))
    last = first.known + 5
    shares = script.shares_during_training(
        first.seed, last, lambda *arguments: script.is_inside(*arguments, *asked)
    )
    assert script.known(shares) == pytest.approx(first.known, abs=2)
    # A share of right answers after every EACH batches, from batch 0.
    recorded_shares = first.inside[: last // script.EACH + 1]
    assert shares[:: script.EACH] == pytest.approx(recorded_shares.tolist(), abs=0.02)
