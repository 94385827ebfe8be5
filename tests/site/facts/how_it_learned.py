"""What `how-it-learned` quotes."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from lstm_figs.sources import networks
from lstm_figs.sources.networks import Network, moment, moments
from lstm_figs.sources.trained import TEXT
from tests.doc_scripts import load
from tests.site.facts_of_pages import page, preamble_names

NETWORKS_FOLDER = Path(networks.__file__).parent
UNITS = 2


def network_of(trained: Network) -> tuple[torch.nn.LSTM, torch.nn.Linear]:
    """A moment, as torch's modules."""
    layer, readout = torch.nn.LSTM(4, UNITS), torch.nn.Linear(UNITS, 2)
    state = trained.weights.parameters()
    layer.load_state_dict({f"{k}_l0": torch.from_numpy(v) for k, v in state.items()})
    state = trained.readout.parameters()
    readout.load_state_dict({k: torch.from_numpy(v) for k, v in state.items()})
    return layer, readout


@cache
def strings(*, quotes: bool = True) -> tuple[torch.Tensor, ...]:
    """Fresh strings of 60 characters, and what is true of them."""
    script = load("brackets")
    if not quotes:
        script.HOW_OFTEN = script.HOW_OFTEN * torch.tensor([1, 1, 1, 0.0])
    torch.manual_seed(1_000_000)
    return tuple(script.random_strings(1000, 60))


@cache
@torch.no_grad()
def gates(after: int, *, quotes: bool = True) -> dict[str, torch.Tensor]:
    """What happens in a moment's network while it reads fresh strings."""
    script = load("brackets")
    layer, readout = network_of(moment(after))
    symbols, inside, depth = strings(quotes=quotes)
    x, answers = script.questions(symbols, inside, depth)
    output, _ = layer(x)
    before = torch.cat([torch.zeros_like(output[:1]), output[:-1]])
    z = x @ layer.weight_ih_l0.T + before @ layer.weight_hh_l0.T
    z = z + layer.bias_ih_l0 + layer.bias_hh_l0
    i, f, g, _ = z.chunk(4, dim=-1)
    i, f, g = i.sigmoid(), f.sigmoid(), g.tanh()
    c = [torch.zeros_like(f[0])]
    for keep, write in zip(f, i * g, strict=True):
        c.append(keep * c[-1] + write)
    is_right = (readout(output) > 0) == answers.bool()
    return {
        "i": i,
        "f": f,
        "written": i * g,
        "c": torch.stack(c[1:]),
        "quote": symbols == script.QUOTE,
        "opens": symbols == script.OPEN,
        "closes": symbols == script.CLOSE,
        "inside": inside,
        "depth": depth,
        "knows": is_right[..., 0],
        "right": is_right.all(dim=-1),
    }


def follows() -> float:
    """How closely unit 0 follows the brackets where there is no quote.

    That is the least of all moments from that one on, to a tenth below.
    """
    correlation: Callable[..., torch.Tensor] = load("brackets").correlation
    least = min(
        correlation(seen["c"][..., 0], seen["depth"]).item()
        for network in moments()
        if network.after >= 67
        for seen in [gates(network.after, quotes=False)]
    )
    return int(10 * least) / 10


def goes_up_and_down() -> bool:
    """Whether unit 0 writes at each kind of bracket outside quotes."""
    seen = gates(67)
    outside = ~seen["inside"]
    up, down = (seen["written"][..., 0][seen[kind] & outside] for kind in ("opens", "closes"))
    return bool((up > 0.2).float().mean() > 0.9 and down.mean() < -0.2)


def counts_in_quotes() -> bool:
    """Whether brackets in quotes move unit 0 as those outside do."""
    seen = gates(312)
    written = seen["written"][..., 0]
    within, outside = (
        written[seen["opens"] & place].mean() for place in (seen["inside"], ~seen["inside"])
    )
    return bool(abs(within - outside) < 0.1 and outside > 0.3)


def forgets(after: int) -> float:
    """The forget gate of unit 1 at a quote."""
    seen = gates(after)
    return seen["f"][..., 1][seen["quote"]].mean().item()


def writes(after: int, *, begins: bool) -> float:
    """The input gate of unit 1 at the first or the second quote."""
    seen = gates(after)
    which = seen["quote"] & (seen["inside"] == begins)
    return seen["i"][..., 1][which].mean().item()


def lets_in(after: int, *, inside: bool) -> float:
    """The input gate of unit 0 at an opening bracket."""
    seen = gates(after)
    which = seen["opens"] & (seen["inside"] == inside)
    return seen["i"][..., 0][which].mean().item()


def weight(name: str, row: int, column: int, after: int) -> float:
    """A weight at a moment."""
    return moment(after).weights.parameters()[name][row, column].item()


@cache
@torch.no_grad()
def share(after: int, *, cut: bool = False) -> float:
    """On how many in a hundred strings a moment's network is right."""
    script = load("brackets")
    layer, readout = network_of(moment(after))
    if cut:
        layer.weight_hh_l0[1, 0] = 0
    right = script.right(layer, readout, strings())
    return 100 * right.all(dim=0).float().mean().item()


def grows_without_a_jump() -> bool:
    """Whether the weight moves alike before and while all is learned."""
    weights = [
        weight("weight_hh", 0, 1, network.after) for network in moments() if network.after <= 1000
    ]
    return max(np.diff(weights)) < 0.1 and min(np.diff(weights)) > -0.7


def is_useless_alone() -> bool:
    """Whether cutting it where nothing is right yet changes little."""
    layer, readout = network_of(moment(450))
    script = load("brackets")
    x, answers = script.questions(*strings())
    shares = []
    with torch.no_grad():
        for value in (layer.weight_hh_l0[0, 1].item(), 0.0):
            layer.weight_hh_l0[0, 1] = value
            answered = readout(layer(x)[0])[..., 1] > 0
            right = answered == answers[..., 1].bool()
            shares.append(right.float().mean().item())
    return abs(shares[0] - shares[1]) < 0.06


@cache
def ends() -> tuple[dict[str, torch.Tensor], ...]:
    """The end of the repetition, and the network that ships."""
    saved = load_file(NETWORKS_FOLDER / "brackets-training.safetensors")
    return tuple({k: v[k_at] for k, v in saved.items()} for k_at in (-2, -1))


def apart() -> torch.Tensor:
    """How far the numbers of both are from each other."""
    first, last = ends()
    each = [(first[name] - last[name]).abs().flatten() for name in first]
    return torch.cat(each)


@torch.no_grad()
def c_apart() -> float:
    """How far c of the text is in one from that in the other."""
    alphabet = 'x()"'
    x = torch.eye(4)[[max(alphabet.find(char), 0) for char in TEXT]][:, None]
    states = []
    for tensors in ends():
        layer = torch.nn.LSTM(4, UNITS)
        names = layer.state_dict()
        layer.load_state_dict({k: tensors[f"lstm.{k}"] for k in names})
        states.append(torch.stack([layer(x[: t + 1])[1][1][0, 0] for t in range(len(x))]))
    return (states[0] - states[1]).abs().max().item()


def rounds_otherwise() -> bool:
    """Whether the order of addends changes a sum."""
    a, b, c = torch.tensor([1e8, -1e8, 1.0])
    return bool((a + b) + c != a + (b + c))


def tried_again() -> int:
    """How many batches a test trains anew."""
    import re

    text = (Path(__file__).parents[2] / "test_training.py").read_text()
    (batches,) = re.findall(r"enough = (\d+)", text)
    return int(batches)


def opens_by_bias() -> bool:
    """Whether the seeds differ in strings and in first weights."""
    script = load("brackets")
    starts = []
    for seed in (0, 1):
        layer, _ = script.fresh("LSTM", UNITS, seed)
        symbols, *_ = script.random_strings(3, 9)
        starts.append((layer.weight_ih_l0, symbols))
    return not any(map(torch.equal, *starts))


def saves_where_it_moved() -> bool:
    """Whether a step of 1 is what makes a moment."""
    script = load("brackets")
    network = script.fresh("LSTM", UNITS, 0)
    snapshots = script.Snapshots(*network, 10**6)
    snapshots(0)
    for done, by in ((1, 0.9), (2, 0.2)):
        with torch.no_grad():
            network[1].bias[0] += by
        snapshots(done)
    return [*snapshots.copies] == [0, 2]


def gets_strings_and_answers() -> bool:
    """Whether training asks for both answers, and for nothing else."""
    from tests.site.facts.what_it_remembers import sees_strings_and_two_answers

    return sees_strings_and_two_answers()


def linked_batch() -> int:
    """The batch that the link to the cut sets."""
    match = re.search(r"\(\?after=(\d+)&", page("how-it-learned").text)
    assert match
    return int(match[1])


def gate_at_closing_quote(after: int, *, cut: bool = False) -> float:
    """The input gate of unit 1 at the first closing quote of the page's text."""
    change = " --set 'lstm.weight_hh_l0[1,0]=0'" if cut else ""
    names = preamble_names(f"reading --network brackets --after {after}{change}")
    inside = names["inside"].tolist()
    return names["i"].detach()[inside.index(False, inside.index(True)), 0, 1].item()


def holds_the_gate_shut() -> bool:
    """Whether only that weight shuts the gate while brackets are open, and later others do."""
    depth = preamble_names("reading --network brackets --after 600")["depth"]
    inside = preamble_names("reading --network brackets --after 600")["inside"].tolist()
    has_open_brackets = depth[inside.index(False, inside.index(True))] > 0
    ends_shut = gate_at_closing_quote(networks.BATCHES, cut=True) < 0.1
    is_needed = gate_at_closing_quote(600) < 0.1 < 0.5 < gate_at_closing_quote(600, cut=True)
    return bool(has_open_brackets) and is_needed and ends_shut


def stays_on() -> bool:
    """Whether it answers so after the first quotation, as the link shows it."""
    names = preamble_names(
        "reading --network brackets --after 600 --set 'lstm.weight_hh_l0[1,0]=0'"
    )
    inside = names["inside"].tolist()
    ended = inside.index(False, inside.index(True))
    return bool(names["answers"][ended, 0, 0] > 0.5)


def is_seen_on_the_string() -> bool:
    """Whether the cut makes answers wrong after 600 batches alone."""
    script = load("brackets")
    inside, depth, opened = [], [], False
    for char in TEXT:
        opened ^= char == '"'
        inside.append(opened)
        step = 0 if opened else (char == "(") - (char == ")")
        depth.append((depth[-1] if depth else 0) + step)
    symbols = [max(script.ALPHABET.find(char), 0) for char in TEXT]
    strings = [torch.tensor(values)[:, None] for values in (symbols, inside, depth)]
    is_right = []
    for after in (600, networks.BATCHES):
        layer, readout = network_of(moment(after))
        with torch.no_grad():
            layer.weight_hh_l0[1, 0] = 0
        is_right.append(bool(script.right(layer, readout, strings).all()))
    return is_right == [False, True]


SCAFFOLD = "weight_hh", 1, 0
QUOTED = "weight_ih", 3, 3
