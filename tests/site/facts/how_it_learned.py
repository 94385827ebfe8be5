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
from tests.site.facts_of_pages import figure, of_torch, page, preamble_names, record
from tests.site.records import BRACKETS, LEARNING

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

FACTS = (
    *of_torch(
        ("got strings and the right answers; nobody told it to count.", gets_strings_and_answers),
        ("After {} batches unit 0 already", lambda: moment(67).after),
        ("unit 0 already goes up at a `(` and down at a `)`.", goes_up_and_down),
        (
            "In strings without quotes it follows the number of open brackets "
            "from then on, with a correlation above {:.1f}.",
            follows,
        ),
        (
            "after {} batches the network is right about it at {:.0f} of 100 characters.",
            lambda: moment(312).after,
            lambda: 100 * gates(312)["knows"].float().mean().item(),
        ),
        ("So it counts the brackets in quotes like any others", counts_in_quotes),
        (
            "Its forget gate there falls from {:.2f} after 312 batches to "
            "{:.2f} after 450 and {:.2f} after 500.",
            lambda: forgets(312),
            lambda: forgets(450),
            lambda: forgets(500),
        ),
        (
            "`weight_ih_l0[3, 3]`, by which a quote acts on this gate: in the "
            "same time it goes from {:.1f} to {:.1f}.",
            lambda: weight(*QUOTED, 312),
            lambda: weight(*QUOTED, 500),
        ),
        (
            "After {} batches its input gate is at {:.2f} when a quotation "
            "begins, and at {:.2f} when it ends.",
            lambda: moment(600).after,
            lambda: writes(600, begins=True),
            lambda: writes(600, begins=False),
        ),
        (
            "After {} batches the input gate of unit 0 is at {:.2f} at a `(` "
            "outside quotes, and at {:.2f} inside.",
            lambda: moment(600).after,
            lambda: lets_in(600, inside=False),
            lambda: lets_in(600, inside=True),
        ),
        (
            "The weight by which unit 1 shuts unit 0 grows all the time and has no jump.",
            grows_without_a_jump,
        ),
        ("It is useless until unit 1 knows when to use it.", is_useless_alone),
        (
            "Through one weight, `weight_hh_l0[1, 0]`, unit 0 holds the input gate of unit 1 shut "
            "while brackets are open, so that a closing quote cannot switch unit 1 on again.",
            holds_the_gate_shut,
        ),
        (
            "After {} batches this gate is at {:.2f} at the first closing quote; "
            "without the weight it is at {:.2f}.",
            lambda: moment(600).after,
            lambda: gate_at_closing_quote(600),
            lambda: gate_at_closing_quote(600, cut=True),
        ),
        (
            "`weight_hh_l0[1, 0]` reaches {:.1f} after {} batches and ends at {:.1f}.",
            lambda: weight(*SCAFFOLD, 500),
            lambda: moment(500).after,
            lambda: weight(*SCAFFOLD, networks.BATCHES),
        ),
        (
            "Cut it after {} batches, and less than 1% of the strings stay right.",
            lambda: moment(600).after,
        ),
        (
            "less than 1% of the strings stay right.",
            lambda: share(600, cut=True) < 1 < 40 < share(600),
        ),
        ("To see it, [cut it at batch {}](", linked_batch),
        (
            "when the first quotation has ended, it still answers that it is "
            "inside. Then move the slider to the end, and every answer is "
            "right.",
            is_seen_on_the_string,
            stays_on,
        ),
        (
            "Cut it at the end, and all but {:word} of 1,000 strings are right, as before.",
            lambda: round(1000 - 10 * share(networks.BATCHES, cut=True)),
        ),
        (
            "strings are right, as before.",
            lambda: share(networks.BATCHES, cut=True) == share(networks.BATCHES),
        ),
        ("which differ in their first weights and in their strings.", opens_by_bias),
        ("Additions in a different order round differently", rounds_otherwise),
        (
            "of {}, {} are the same, and the largest difference is {:.3f}.",
            lambda: len(apart()),
            lambda: int((apart() < 0.0005).sum()),
            lambda: apart().max().item(),
        ),
        ("`c` differs by {:.3f} at most.", c_apart),
        ("a test of these pages trains the first {} batches again", tried_again),
        ("each time the weights, taken as one vector, have moved by 1.", saves_where_it_moved),
    ),
    *record(
        LEARNING,
        (
            "For {} batches it gets none of {:,} fresh strings right",
            "450 * (noted.right[450] == 0)",
            "noted.strings",
        ),
        ("After {} more it gets three in four right.", "700 - 450"),
        ("it gets three in four right.", "abs(noted.right[700] - 75) < 2"),
        ("{:Word} networks were trained,", "len(seeds)"),
        (
            "{:Word} of them know quotes by batch {}, and this one is the tenth to know them.",
            "sum(one['known'] <= 328 for one in seeds if one['known'])",
            "sorted(one['known'] for one in seeds if one['known'])[7]",
        ),
        (
            "this one is the tenth to know them.",
            "sorted(one['known'] for one in seeds if one['known'])[9] == seeds[shipped]['known']",
        ),
        ("So a plateau of {} batches is nothing that every LSTM goes through.", "450"),
        (
            "is nothing that every LSTM goes through.",
            "sum((one['known'] or 9999) < 450 for one in seeds) > 6",
        ),
        (
            "If `weight_ih_l0[3, 3]` begins at {:.0f}, a quote shuts the "
            "forget gate of unit 1 from the first batch on.",
            "begun['at']",
        ),
        ("`weight_ih_l0[3, 3]` begins at", "begun['weight'] == 'weight_ih_l0[3, 3]'"),
        (
            "is then right on {:.0f}% of the strings after {} batches.",
            "100 * begun['right_450']",
            "450",
        ),
        ("A single weight can shorten the wait.", "begun['right_450'] > 0.5 > noted.right[450]"),
        (
            "Seeds {} and {} end with a third and a quarter of the strings wrong.",
            "ends[0]['seed']",
            "ends[1]['seed']",
        ),
        (
            "Both know quotes at every character, and both count, but they "
            "count in the unit that knows the quotes.",
            "all(one['inside'] == 1 for one in ends[:2])",
            "all(one['follows_depth_before'] > 0.99 for one in ends[:2])",
        ),
        (
            "Each quote clears it, because its forget gate there is at {:.2f}.",
            "max(one['forget_at_quote'] for one in ends[:2])",
        ),
        (
            "Before the first quote they are never wrong about whether all is closed;",
            "all(one['closed_wrong_before'] == 0 for one in ends[:2])",
        ),
        (
            "from then on they are, at {:.0f} and {:.0f} of 100 characters.",
            "100 * ends[0]['closed_wrong_after']",
            "100 * ends[1]['closed_wrong_after']",
        ),
        (
            "seed {} ended with {} of 1,000 strings right on one machine, and "
            "with {:.0f} on another.",
            "ends[1]['seed']",
            "of_brackets[11]",
            "1000 * ends[1]['right']",
        ),
    ),
    *record(
        BRACKETS,
        (
            "end with a third and a quarter of the strings wrong.",
            "[round(12 * (1 - n['right_60'] / 1000)) "
            "for n in of('LSTM', 2) if n['right_60'] < 990] == [4, 3]",
        ),
    ),
    *record(
        BRACKETS,
        ("in the end {} of {:,} strings are right.", "of('LSTM', 2)[1]['right_60']", "count"),
    ),
    *figure(
        (
            "A network knows quotes when it is right about them at {:.0f} of 100 characters.",
            "enough",
        ),
        (
            "Seed {} needs more than {:,} batches,",
            "[*{*knows} - {*known}][0]",
            "40 * (len(knows['1']) - 1)",
        ),
        (
            "This string is answered worse after {} batches than after {}.",
            "batches[2].item()",
            "batches[1].item()",
        ),
        ("This string is answered worse after", "correct[2].sum() < correct[1].sum()"),
        (
            "After {} batches all of its answers are right, while more than "
            "half of the fresh strings still have a mistake.",
            "batches[4].item()",
        ),
        (
            "all of its answers are right, while more than half of the fresh "
            "strings still have a mistake.",
            "correct[4].all() and percent_at[4] < 50",
        ),
    ),
)
