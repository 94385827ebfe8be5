from functools import cache
from itertools import pairwise
from pathlib import Path

import torch
from safetensors.torch import load_file

from lstm_figs.sources import networks
from lstm_figs.sources.networks import moment, moments
from lstm_figs.sources.trained import TEXT
from tests.doc_scripts import load
from tests.site.facts_of_pages import preamble_names


def network_of(after):
    """A moment, as torch's modules."""
    layer, readout = torch.nn.LSTM(4, 2), torch.nn.Linear(2, 2)
    for module, part, end in (
        (layer, moment(after).weights, "_l0"),
        (readout, moment(after).readout, ""),
    ):
        tensors = part.parameters().items()
        module.load_state_dict({f"{name}{end}": torch.from_numpy(v) for name, v in tensors})
    return layer, readout


@cache
def strings(*, quotes=True):
    """Fresh strings of 60 characters, and what is true of them."""
    script = load("brackets")
    if not quotes:
        script.HOW_OFTEN = script.HOW_OFTEN * torch.tensor([1, 1, 1, 0.0])
    torch.manual_seed(1_000_000)
    return tuple(script.random_strings(1000, 60))


@cache
@torch.no_grad()
def gates(after, *, quotes=True):
    """What happens in a moment's network while it reads fresh strings."""
    script = load("brackets")
    layer, readout = network_of(after)
    symbols, inside, depth = strings(quotes=quotes)
    x, answers = script.questions(symbols, inside, depth)
    output, _ = layer(x)
    before = torch.cat([torch.zeros_like(output[:1]), output[:-1]])
    z = x @ layer.weight_ih_l0.T + before @ layer.weight_hh_l0.T
    z = z + layer.bias_ih_l0 + layer.bias_hh_l0
    i, f, g, _ = z.chunk(4, dim=-1)
    i, f, written = i.sigmoid(), f.sigmoid(), i.sigmoid() * g.tanh()
    c = [torch.zeros_like(f[0])]
    for keep, write in zip(f, written, strict=True):
        c.append(keep * c[-1] + write)
    return {
        **{"i": i, "f": f, "written": written, "c": torch.stack(c[1:])},
        **{"inside": inside, "depth": depth, "quote": symbols == script.QUOTE},
        **{"opens": symbols == script.OPEN, "closes": symbols == script.CLOSE},
        "knows": ((readout(output) > 0) == answers.bool())[..., 0],
    }


def mean(after, name, unit, kind, inside=None):
    """What a gate or a write of a unit is at one kind of character."""
    seen = gates(after)
    where = seen[kind] if inside is None else seen[kind] & (seen["inside"] == inside)
    return seen[name][..., unit][where].mean().item()


def follows():
    """How closely unit 0 follows the brackets where there is no quote.

    That is the least of all moments from batch 67 on, to a tenth below.
    """
    runs = [gates(n.after, quotes=False) for n in moments() if n.after >= 67]
    correlation = load("brackets").correlation
    return int(10 * min(correlation(run["c"][..., 0], run["depth"]).item() for run in runs)) / 10


def weight(name, row, column, after):
    return moment(after).weights.parameters()[name][row, column].item()


@cache
@torch.no_grad()
def share(after, *, cut=False):
    """On how many in a hundred strings a moment's network is right."""
    layer, readout = network_of(after)
    if cut:
        layer.weight_hh_l0[1, 0] = 0
    right = load("brackets").right(layer, readout, strings())
    return 100 * right.all(dim=0).float().mean().item()


def grows_without_a_jump():
    """Whether the weight by which unit 1 shuts the gate of unit 0 falls in small steps."""
    weights = [weight("weight_hh", 0, 1, n.after) for n in moments() if n.after <= 1000]
    return all(-0.7 < b - a < 0.1 for a, b in pairwise(weights))


@cache
def ends():
    """The end of the repetition, and the network that ships."""
    saved = load_file(Path(networks.__file__).with_name("brackets-training.safetensors"))
    return tuple({k: v[place] for k, v in saved.items()} for place in (-2, -1))


def apart():
    """The differences between all their numbers."""
    first, last = ends()
    return torch.cat([(first[name] - last[name]).abs().flatten() for name in first])


@torch.no_grad()
def c_apart():
    """The largest difference of c between both over the text."""
    x, states = torch.eye(4)[[max('x()"'.find(char), 0) for char in TEXT]][:, None], []
    for tensors in ends():
        layer = torch.nn.LSTM(4, 2)
        layer.load_state_dict({name: tensors[f"lstm.{name}"] for name in layer.state_dict()})
        states.append(torch.stack([layer(x[: t + 1])[1][1][0, 0] for t in range(len(x))]))
    return (states[0] - states[1]).abs().max().item()


def snapshots_are_where_weights_moved():
    script = load("brackets")
    network = script.fresh("LSTM", 2, 0)
    snapshots = script.Snapshots(*network, 10**6)
    snapshots(0)
    for done, by in ((1, 0.9), (2, 0.2)):
        network[1].bias.data[0] += by
        snapshots(done)
    return [*snapshots.copies] == [0, 2]


def as_read(after, *, cut=False):
    """What the page's text does at a moment, and where its first quotation has `ended`."""
    change = " --set 'lstm.weight_hh_l0[1,0]=0'" if cut else ""
    names = preamble_names(f"reading --network brackets --after {after}{change}")
    inside = names["inside"].tolist()
    return names | {"ended": inside.index(False, inside.index(True))}


def gate_at_closing_quote(after, *, cut=False):
    """The input gate of unit 1 at the first closing quote of the page's text."""
    names = as_read(after, cut=cut)
    return names["i"][names["ended"], 0, 1].item()


def stays_on_until_it_is_learned():
    """Whether quotes, with the weight cut, never end at batch 600, but later."""
    names, last = as_read(600, cut=True), as_read(networks.BATCHES, cut=True)
    right = torch.stack([last["inside"] > 0, last["depth"] == 0], -1).reshape(-1, 2)
    is_right = torch.equal(last["answers"].reshape(-1, 2) > 0.5, right)
    return is_right and bool(names["answers"][names["ended"], 0, 0] > 0.5)
