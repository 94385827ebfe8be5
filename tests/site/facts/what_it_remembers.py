"""What `what-it-remembers` quotes."""

from colorsys import rgb_to_hls

import torch

from lstm_figs.figures.reading.moves import MIN_SHARE, PAINTS
from lstm_figs.scene.theme import TOKENS
from tests.doc_scripts import load
from tests.site.facts.common import gate_of, module, randn, session, units_of_column
from tests.site.facts.parts import meets_through_h_alone
from tests.site.facts_of_pages import figure, network, of_torch, record
from tests.site.records import BRACKETS

FOLLOWS_THE_DEPTH = "((c - c_prev)[:, 0, 0] - depth.diff(prepend=depth[:1])).abs().max() < 0.3"


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
        light, _ = TOKENS[paint]
        red, green, blue = (int(light[k : k + 2], 16) for k in (1, 3, 5))
        hues[kind] = 360 * rgb_to_hls(red, green, blue)[0]
    return 15 < hues["forget"] < 45 and 195 < hues["write"] < 255 and MIN_SHARE > 0


def shows_all_that_it_has() -> bool:
    """Whether what a plain RNN shows is all that it hands on."""
    output, h_n = torch.nn.RNN(3, 2)(randn(4, 5, 3))
    return torch.equal(output[-1], h_n[0])


BETWEEN = "inside[1:] & inside[:-1]"
"""The steps after an opening quote, but for the closing one."""

FACTS = (
    *of_torch(
        (
            "In training it saw strings and the right answers, nothing else.",
            sees_strings_and_two_answers,
        ),
        *(
            (words, closes_something_always)
            for words in (
                "**A bracket that closes nothing.** There was none in training,",
                ", which nothing in training asked for.",
            )
        ),
        (
            "after training [the script](#train-it-yourself) renumbers the "
            "units and turns signs so that unit 0 counts upwards, which "
            "changes none of the answers.",
            is_the_same_when_renumbered,
        ),
        (
            "In PyTorch it is one line, after which the bracket between quotes "
            "is counted like any other:",
            cuts_one_weight,
        ),
        (
            "and the gates of the next step, are made from `h` alone; in a "
            "plain RNN one vector had to be both memory and what is shown.",
            meets_through_h_alone,
            shows_all_that_it_has,
        ),
    ),
    *figure(
        (
            "Unit 1 is on between quotes, and while it is on, brackets are not counted.",
            "torch.equal(output[:, 0, 1] > 0.5, inside)",
            "(i * g)[h_prev[:, 0, 1] > 0.5][:, 0, 0].abs().max() < 0.1",
        ),
        (
            "Two things change the memory at a step: a part of it is "
            "forgotten, which is an orange arrow, and something is written to "
            "it, which is a blue one; small changes have no arrow.",
            "torch.allclose(c, f * c_prev + i * g, atol=1e-5)",
            "__import__('tests.site.facts.what_it_remembers', fromlist='_')"
            ".has_orange_and_blue_arrows()",
        ),
        ("The answers, and the gates", "torch.equal(answers, torch.sigmoid(readout(output)))"),
        (
            "That is enough here: the answers only have to tell some open "
            "brackets from none, and the count itself stays in `c`.",
            "output[depth > 0, 0, 0].min() > 0.7 > 0.1 > output[depth == 0, 0, 0].max()",
            "c[:, 0, 0].max() > 2.9",
        ),
        (
            "Grey is a quotation with both of its marks; once the second one "
            "is read, the answer is *no* again.",
            "[t for t in range(1, len(text)) if answers[t - 1, 0, 0] > 0.5 > "
            "answers[t, 0, 0]] == [9, 29]",
            "text[9] == text[29] == chr(34)",
        ),
        (
            "They are made from `h` by a small matrix and",
            "torch.equal(answers, torch.sigmoid(readout(output)))",
            "readout.weight.shape == (2, 2)",
        ),
        (
            "**A bracket writes one.**",
            "all(abs(abs((i * g)[t, 0, 0]) - 1) < 0.1 for t in "
            "range(len(text)) if text[t] in '()' and not inside[t])",
        ),
        (", and the count goes down again.", "text[14] == ')' and (c - c_prev)[14, 0, 0] < -0.9"),
        (
            '**A quote switches unit 1 on.** At the `"`, unit 1 drops what it had,',
            "text[7] == chr(34) and f[7, 0, 1] < 0.01",
            "output[6, 0, 1] < 0 < 0.5 < output[7, 0, 1]",
        ),
        (
            "**Between quotes, unit 1 keeps and unit 0 is shut.**",
            f"f[1:, 0, 1][{BETWEEN}].min() > 0.99",
            f"i[1:, 0, 0][{BETWEEN}].max() < 0.1",
        ),
        (
            "**The second quote switches unit 1 off.** It is the same character as",
            "torch.equal(x[9], x[7]) and output[9, 0, 1].abs() < 0.05",
            "output[8, 0, 1] > 0.5",
        ),
        (
            "**Elsewhere unit 1 moves freely.** At brackets outside quotes",
            "max(abs(c - c_prev)[t, 0, 1] for t in range(len(text)) "
            "if text[t] in '()' and not inside[t]) > 0.5",
        ),
        (
            "A program says `and not inside`; this network says the same with one negative weight.",
            "lstm.weight_hh_l0[0, 1] < -10",
            "all(i_without[t, 0] > 0.5 > 0.1 > i[t, 0, 0] for t in (8, 27, 28))",
        ),
        (
            "That is how it distinguishes the second quote from the first:",
            "i[7, 0, 1] > 0.9 and i[9, 0, 1] < 0.1",
            "(z_i[9, 0, 1] - lstm.weight_hh_l0[1, 1] * h_prev[9, 0, 1]) > 0",
        ),
        (
            "**A letter changes nothing.**",
            "max(abs(c - c_prev)[t, 0, 0] for t in range(len(text)) if text[t].isalpha()) < 0.05",
        ),
        (
            ", and that is no mistake: an open gate lets in what it is "
            "offered. What it is offered is a value called",
            "i[2, 0, 0] > 0.99 and abs((i * g - g)[2, 0, 0]) < 1e-4",
        ),
        (
            ", so the product `i·g`, which is what is written, is zero too.",
            "abs((i * g)[2, 0, 0]) < 0.005",
            "torch.allclose(c - f * c_prev, i * g, atol=1e-5)",
        ),
        (", so next to nothing gets in.", "abs((i * g)[8, 0, 0]) < 0.1"),
        (
            "Only at the quote itself, while unit 1 is not on yet,",
            "text[7] == chr(34) and h_prev[7, 0, 1] < 0",
            f"(i * g)[7, 0, 0] > 4 * (i * g)[1:][{BETWEEN}][:, 0, 0].abs().max()",
        ),
        (
            "What differs is the state in which the quote is read, for unit 1 is on.",
            "torch.equal(x[9], x[7])",
            "h_prev[7, 0, 1] < 0 and h_prev[9, 0, 1] > 0.5",
        ),
        (
            "all that is needed of it is that it is high between quotes and nowhere else.",
            "output[inside, 0, 1].min() > 0.7 > 0.1 > output[~inside, 0, 1].max()",
        ),
        (
            "No gate is ever quite open or quite shut, even if it prints as "
            "`1.00` or `0.00`, so small errors add up.",
            "all(((gate > 0) & (gate < 1)).all() for gate in (i, f, o))",
            "f[2, 0, 0] > 0.995 and f[7, 0, 1] < 0.005",
        ),
        (
            "While nothing is open, the count",
            "(depth[22:26] == 0).all() and c[22:26, 0, 0].diff().max() < 0",
        ),
        (
            "Training asked only that it stay well below one.",
            "[bool(readout(torch.tensor([c, 0.0]).tanh())[1] > 0) "
            "for c in (-5.0, 0.1, 0.5, 0.9)] == [True, True, False, False]",
        ),
    ),
    *network(
        f"reading --text {'(' * 20}{')' * 20}",
        (
            "It can also do what it was never asked.",
            "depth.max() > __import__('tests.doc_scripts').doc_scripts.load('brackets').DEEPEST",
            "torch.equal(answers[:, 0, 1] > 0.5, depth == 0)",
        ),
        (
            "A count that is kept by adding does not end where training ended.",
            "c[:, 0, 0].max() > "
            "3 * __import__('tests.doc_scripts').doc_scripts.load('brackets').DEEPEST",
            "(c[:20, 0, 0].diff() > 0.9).all()",
        ),
    ),
    *figure(
        (
            "The whole line without that weight.",
            "lstm.weight_hh_l0[0, 1] == 0 and lstm.weight_hh_l0[1, 1] < -11",
        ),
        (
            "The count is too high after the first quotation",
            "text[7:10] == '\"(\"'",
            "(c[9:26, 0, 0] - depth[9:26] > 0.5).all()",
        ),
        (
            "the second one takes it below zero",
            "text[26:30] == '\"))\"'",
            "c[26, 0, 0] > 0.5 and c[28, 0, 0] < -0.5",
        ),
        (
            "and five answers are wrong",
            "((answers[:, 0] > 0.5) != torch.stack([inside, depth == 0], 1)).sum() == 5",
        ),
        ("At `k`, unit 0 keeps all of its memory", "text[2] == 'k' and f[2, 0, 0] > 0.99"),
        ("writes nothing, so its count stays at {:.2f}", "c[2, 0, 0]"),
        ("Its gate `i` is wide open there", "i[2, 0, 0] > 0.99"),
        ("`g`, which is zero at a letter", "abs(g[2, 0, 0]) < 0.005"),
        ("and {:.2f} is written on top: the count is {:.2f}", "(i * g)[6, 0, 0]", "c[6, 0, 0]"),
        (
            "At the second `(` the memory is kept as before",
            "text[:7].count('(') == 2 and f[6, 0, 0] > 0.99",
        ),
        ("At the one before `m` it is {:.2f}", "c[12, 0, 0]"),
        ("At the one before `m`", "text[12:14] == '(m'"),
        (
            "a count of {:.2f} shows as {:.2f}, and one of {:.2f} as {:.2f}",
            "c[12, 0, 0]",
            "output[12, 0, 0]",
            "c[1, 0, 0]",
            "output[1, 0, 0]",
        ),
        ("`o` is open nearly all the time", "o.quantile(0.9) > 0.99"),
        (
            "not on yet, {:.2f} slips in, and between the quotes the count reads {:.2f}",
            "(i * g)[7, 0, 0]",
            "c[8, 0, 0]",
        ),
        ("it changes as well, down to {:.2f}", "c[:, 0, 1].min()"),
        ("A `)` writes {:.2f}", "(i * g)[text.index(')'), 0, 0]"),
        ("for its `f` is {:.2f}, and writes {:.2f}", "f[7, 0, 1]", "(i * g)[7, 0, 1]"),
        ("jumps from {:.2f} to {:.2f}", "output[6, 0, 1]", "output[7, 0, 1]"),
        (
            "At the next `(`, unit 1 has an `f` of {:.2f} and an `i` of {:.2f}",
            "f[8, 0, 1]",
            "i[8, 0, 1]",
        ),
        (
            "would write {:.2f} as at any other bracket, but its `i` is {:.2f}",
            "g[8, 0, 0]",
            "i[8, 0, 0]",
        ),
        ("the first, and again `f` is {:.2f} and the memory is dropped", "f[9, 0, 1]"),
        (
            "this time `i` is {:.2f} as well: nothing is written, and `h` returns to {:.2f}",
            "i[9, 0, 1]",
            "output[9, 0, 1]",
        ),
        (
            "unit 1 shows {:.2f}, and this weight takes {:.2f} from the sum",
            "output[7, 0, 1]",
            "-output[7, 0, 1] * lstm.weight_hh_l0[0, 1]",
        ),
        (
            "Without it the sum would be {:.2f} and the gate open; with it the sum is {:.2f} and",
            "z_i[8, 0, 0] - output[7, 0, 1] * lstm.weight_hh_l0[0, 1]",
            "z_i[8, 0, 0]",
        ),
        (
            "at step 28 `i` is {:.3f}, and without the weight it would be {:.2f}",
            "i[27, 0, 0]",
            "i_without[27, 0]",
        ),
        (
            "a red bar stands wherever it shuts the gate",
            "(i[8:10, 0, 0] < 0.1).all() and (i_without[8:10, 0] > 0.5).all()",
        ),
        (
            "Row 1 of the same column is the input gate of unit 1 itself, and "
            "its weight is nearly the same, {:.1f}.",
            "lstm.weight_hh_l0[1, 1]",
        ),
        ("*i gate = {:.3f}* is the input gate of that step, and nearly shut", "i[27, 0, 0]"),
        (
            "all of them are right",
            "torch.equal(answers[:, 0, 0] > 0.5, inside)",
            "torch.equal(answers[:, 0, 1] > 0.5, depth == 0)",
        ),
    ),
    *network(
        "reading --text '" + chr(34) + "a" * 60 + "'",
        ("for as long as the quote lasts", "c[60, 0, 1] / c[0, 0, 1] > 0.95"),
    ),
    *record(
        BRACKETS,
        (
            "## What it does not know - **Very long strings.**",
            "shown['right_1000'] < 0.1 * count < 0.99 * shown['right_60']",
        ),
        (
            "Of {:,} fresh strings of {} characters it answers {} right",
            "count",
            "60",
            "shown['right_60']",
        ),
        (
            "with {} weights where the larger plain network has {}",
            "shown['parameters']",
            "of('RNN', 8)[0]['parameters']",
        ),
        ("Thirteen such networks", "len(of('LSTM', 2)) == 13"),
        (
            "Three of the thirteen networks happen to get all of these",
            "sum(n['right_unmatched'] == count for n in of('LSTM', 2)) == 3",
        ),
        (
            "and {} of them answer at least {:.0%} of these strings right",
            "sum(n['right_60'] >= 0.99 * 1000 for n in of('LSTM', 2))",
            "0.99",
        ),
        (
            "Of {:,} strings of {} characters it answers {} right, and of "
            "those of {:,} characters {}.",
            "count",
            "200",
            "shown['right_200']",
            "1000",
            "shown['right_1000']",
        ),
        (
            "of {:,} strings with such a bracket {} are answered right",
            "count",
            "shown['right_unmatched']",
        ),
    ),
    *network(
        f"reading --text {'(' * 20}{')' * 20}",
        ("its count goes up to {:.2f} and down again", "c[19, 0, 0]"),
        (
            "each of its answers is right",
            "torch.equal(answers[:, 0, 1] > 0.5, depth == 0)",
            "torch.equal(answers[:, 0, 0] > 0.5, inside)",
        ),
    ),
    *network(
        "reading --text ))(",
        (
            "the first `)` writes {:.2f} though nothing is open, so after the "
            "`(` the count is {:.2f}",
            "(i * g)[0, 0, 0]",
            "c[2, 0, 0]",
        ),
        (
            "and the network says that all is closed, which is wrong",
            "answers[2, 0, 1] > 0.5 and depth[2] == 1",
        ),
    ),
    *figure(
        ("the count of this one drifts to {:.2f} before the second quotation", "c[25, 0, 0]"),
        ("before the second quotation", "text[26] == chr(34) and text[:26].count(chr(34)) == 2"),
        (
            "its cell state goes up by one at every opening bracket and down "
            "by one at every closing one.",
            FOLLOWS_THE_DEPTH,
        ),
        (
            "holds for twelve characters",
            "(output[:, 0, 1] > 0.7).sum() == 12",
            "(output[6:18, 0, 1] > 0.7).all()",
        ),
        (
            "because its forget gate stays open and its input gate shut",
            "f[7:18, 0, 1].min() > 0.99 and i[7:18, 0, 1].max() < 0.01",
        ),
        (
            "The mouth of the smile is a bracket that nobody counts",
            "text[17] == ')' and abs((i * g)[17, 0, 0]) < 0.05",
        ),
    ),
    *of_torch(
        (
            "the **hidden state** `h`, which is `o` times the tanh of `c`, so "
            "it lies between minus one and one",
            shows_by_o,
        ),
        (
            "the larger the sum, the wider the gate opens, and at a sum of zero it is half open",
            lambda: torch.zeros(1).sigmoid() == 0.5,
            lambda: (torch.arange(-9.0, 9).sigmoid().diff() > 0).all(),
        ),
        (
            "a *sigmoid*, which turns any number into one between zero and one",
            lambda: torch.tensor([-99.0, 99.0]).sigmoid().tolist() == [0, 1],
        ),
        (
            "a row for every unit, so row 0 is the input gate of unit 0, and "
            "column 1 is the hidden state of unit 1",
            lambda: gate_of(0) == ("i", 0),
            lambda: units_of_column(1) == [1],
        ),
        (
            "Row 1 of the same column is the input gate of unit 1 itself",
            lambda: gate_of(1) == ("i", 1),
        ),
    ),
    *network(
        "reading --network brackets",
        (
            "PyTorch adds `_l0` to its name, for the first layer, and this network has only one",
            "'weight_hh_l0' in lstm.state_dict() and lstm.num_layers == 1",
            "torch.nn.LSTM(3, 2, 2).weight_ih_l0.shape[1] == 3",
        ),
        ("with {:word} units, has learned them", "lstm.hidden_size"),
        (
            "with {:word} gates. A gate is a number between zero and one",
            "sum(bool((gate >= 0).all()) for gate in (i, f, g, o))",
        ),
        (
            "no more than {:word} brackets were ever open at once",
            "__import__('tests.doc_scripts').doc_scripts.load('brackets').DEEPEST",
        ),
    ),
    *network(
        f"reading --text {'(' * 20}{')' * 20}",
        (
            "Given {:word} opening brackets and then {:word} closing ones",
            "text.count('(')",
            "text.count(')')",
        ),
    ),
    *figure(
        ("The last {:word} rows are the network's answers", "len(outputs)"),
        ("for {:word} open brackets", "depth[6].item()"),
    ),
)
