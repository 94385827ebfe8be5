"""What `what-it-remembers` quotes."""

from colorsys import rgb_to_hls

import torch

from lstm_figs.figures.reading.moves import MIN_SHARE, PAINTS
from lstm_figs.scene.theme import COLOURS_BY_ROLE
from tests.doc_scripts import load
from tests.site.facts.common import module, randn, session


def shows_by_o() -> bool:
    """Whether a gate that is shut by its bias shows nothing, if it is `o`."""
    lstm, x = module(1, 2), torch.ones(4, 1, 1)
    is_shown = []
    for rows in (slice(0, 2), slice(6, 8)):
        with torch.no_grad():
            lstm.bias_ih_l0.zero_()
            lstm.bias_ih_l0[rows] = 99.0
        h_n, c_n = lstm(x)[1]
        is_shown.append(torch.allclose(h_n, c_n.tanh()))
    return is_shown == [False, True]


def sees_strings_and_two_answers() -> bool:
    """Whether training gives characters, and asks for these two answers."""
    script = load("brackets")
    symbols, inside, depth = script.random_strings(9, 40)
    x, answers = script.questions(symbols, inside, depth)
    return (
        torch.equal(x, torch.nn.functional.one_hot(symbols, 4).float())
        and torch.equal(answers[..., 0], inside.float())
        and torch.equal(answers[..., 1], (depth == 0).float())
        and script.OUTPUTS == "inside quotes, all closed"
    )


def closes_something_always() -> bool:
    """Whether no bracket of training closes nothing, as some may if asked."""
    script, is_matched = load("brackets"), []
    for unmatched in (False, True):
        torch.manual_seed(0)
        symbols, inside, depth = script.random_strings(50, 40, unmatched=unmatched)
        closes = (symbols == script.CLOSE)[1:] & ~inside[1:] & ~inside[:-1]
        is_matched.append(bool((depth[:-1][closes] > 0).all()))
    return is_matched == [True, False]


def is_the_same_when_renumbered() -> bool:
    """Whether the script, for a network with units exchanged, changes none.

    The unit that counts is the first afterwards, and counts upwards.
    """
    script = load("brackets")
    lstm = torch.nn.LSTM(4, 2)
    lstm.load_state_dict(session("what-it-remembers")["lstm"].state_dict())
    with torch.no_grad():
        lstm.weight_hh_l0[0, 1] = -10.576  # which the page sets to zero
        turned = torch.tensor([1, 0])
        for parameter in lstm.parameters():
            parameter.copy_(parameter.view(4, 2, -1)[:, turned].view_as(parameter))
            parameter[4:6] *= -1
        lstm.weight_hh_l0.copy_(-lstm.weight_hh_l0[:, turned])
    readout, (x, _) = (torch.nn.Linear(2, 2), script.questions(*script.random_strings(20, 30)))
    with torch.no_grad():
        before, counts = readout(lstm(x)[0]), lstm(x)[1][1][0, :, 1]
        script.normalize(lstm, readout, *script.order(lstm, readout))
        after = readout(lstm(x)[0])
        turned_back = lstm(x)[1][1][0, :, 0]
    return torch.allclose(before, after, atol=1e-4) and torch.allclose(
        counts, -turned_back, atol=1e-4
    )


def cuts_one_weight() -> bool:
    """Whether without it a bracket between quotes counts as another does."""
    count = session("what-it-remembers")["count"]
    counts = [int(digit) for digit in count('("("')]
    return counts[2] - counts[1] == counts[0] - 0 == 1


def has_orange_and_blue_arrows() -> bool:
    """Whether what is forgotten is orange and what is written blue."""
    hues = {}
    for kind, paint in PAINTS.items():
        light, _ = COLOURS_BY_ROLE[paint]
        red, green, blue = (int(light[k : k + 2], 16) for k in (1, 3, 5))
        hues[kind] = 360 * rgb_to_hls(red, green, blue)[0]
    return 15 < hues["forget"] < 45 and 195 < hues["write"] < 255 and MIN_SHARE > 0


def shows_all_that_it_has() -> bool:
    """Whether what a plain RNN shows is all that it hands on."""
    output, h_n = torch.nn.RNN(3, 2)(randn(4, 5, 3))
    return torch.equal(output[-1], h_n[0])
