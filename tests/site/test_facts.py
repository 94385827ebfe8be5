"""What pages say of figures in numbers is what the tensors say.

A page quotes a figure in a sentence. `FACTS` has a part of that sentence with
a field for each number, and the expressions that yield the numbers, evaluated
after the preamble of the figure.
"""

import json
import math
import re
import string
from datetime import date
from functools import cache
from statistics import NormalDist
from typing import Any, NamedTuple

import pytest

from lstm_figs.command.request import parse_header
from tests.listings import load
from tests.site.conftest import ROOT

DOCS = ROOT / "docs"


class Fact(NamedTuple):
    """A part of a page's text that tensors have to bear out.

    Attributes:
        page: The page's name, without its suffix.
        header: The figure whose preamble makes the tensors.
        said: The words, with a field of Python's format language for each
            number.
        exprs: What yields each number; without fields, what has to be true.
    """

    page: str
    header: str
    said: str
    exprs: tuple[str, ...]


def facts(page: str, header: str, *said: tuple[str, ...]) -> list[Fact]:
    """What a page says of one figure."""
    return [Fact(page, header, words, tuple(exprs)) for words, *exprs in said]


RECORD = "docs/code/brackets.json"
"""In place of a figure: how often each network that was trained is right."""

CLASSIFIERS = "docs/code/classifier.json"
"""The same of classifiers of sentences."""

FREE_TEXT = "docs/code/free_text.json"
"""The same on sentences that people wrote."""

CHARACTERS = "docs/code/characters.json"
"""What was measured of the network that writes."""

FORECASTS = "docs/code/forecast.json"
"""What was measured of forecasts."""

SHOP = (
    "reading --weights docs/code/forecast.safetensors "
    "--input docs/code/forecast-input.json "
    "--tokens docs/code/forecast-tokens.json"
)

STREAMING = "docs/code/streaming.json"
"""What a step costs."""

CELLS = "docs/code/custom_cell.json"
"""What a cell of one's own costs."""

SONNET = (
    "reading --weights docs/code/characters.safetensors "
    "--input docs/code/characters-input.safetensors "
    "--tokens docs/code/characters-tokens.json"
)


def reads(word: str) -> str:
    """The header of a figure: the classifier reads what ends in a word."""
    start = f"docs/code/classifier-{word}"
    return (
        "reading --weights docs/code/classifier.safetensors "
        f"--input {start}-input.json --tokens {start}-tokens.json"
    )


FOLLOWS_THE_DEPTH = (
    "((c - c_prev)[:, 0, 0] - depth.diff(prepend=depth[:1])).abs().max() < 0.3"
)

FACTS = [
    *facts(
        "four-weights",
        "perceptron",
        (
            "the first: {:.2f}.",
            "(x @ lstm.weight_ih_l0[:1].T)[0, 0, 0]",
        ),
    ),
    *facts(
        "four-weights",
        "four-weights",
        (
            "adds {:.2f} to the sums of its input gate and its forget gate",
            "ih[0, 0, 0]",
        ),
        ("its forget gate, which opens both;", "ih[0, 0, 0] == ih[0, 0, 2]"),
        ("it adds {:.2f} to that of its output gate", "ih[0, 0, 6]"),
        ("and lowers its cell gate by {:.2f}", "-ih[0, 0, 4]"),
    ),
    *facts(
        "weight-map",
        "four-weights",
        (
            "Its {:.2f} and {:.2f} are why",
            "lstm.weight_ih_l0[0, 0]",
            "lstm.weight_ih_l0[0, 1]",
        ),
        ("open at step 1, where the first input is on", "x[0, 0, 0] == 1"),
        ("at step 2, where the second is", "x[1, 0, 1] == 1"),
        ("the gates are {:.2f} and {:.2f}", "i[0, 0, 0]", "i[1, 0, 0]"),
    ),
    *facts(
        "step",
        "cell",
        (
            "a memory of {:.2f} and leaves with {:.2f}",
            "c_prev[1, 0, 0]",
            "c[1, 0, 0]",
        ),
        (
            "the forget gate leaves {:.2f} of it, and what is written, "
            "{:.2f}, cancels most of that",
            "(f * c_prev)[1, 0, 0]",
            "(i * g)[1, 0, 0]",
        ),
        (
            "the input alone says {:.2f} and the bias {:.2f}; the hidden "
            "state adds {:.2f}",
            "ih[1, 0, 0]",
            "(lstm.bias_ih_l0 + lstm.bias_hh_l0)[0]",
            "hh[1, 0, 0]",
        ),
        ("The sum is {:.2f}, so", "z_i[1, 0, 0]"),
        ("the gate will be less than half open", "i[1, 0, 0] < 0.5"),
        (
            "A sum of {:.2f} becomes an output gate of {:.2f}",
            "z_o[1, 0, 0]",
            "o[1, 0, 0]",
        ),
        (
            "a sum of {:.2f} becomes an input gate of {:.2f}",
            "z_i[1, 0, 1]",
            "i[1, 0, 1]",
        ),
        (
            "{:.3f} from unit 0, whose output gate is shut, and {:.2f} from "
            "unit 1",
            "output[1, 0, 0]",
            "output[1, 0, 1]",
        ),
        ("only the second input is on", "x[1, 0].tolist() == [0, 1, 0]"),
    ),
    *facts(
        "state",
        "unrolled",
        (
            "goes from {:.0f} to {:.2f}, is all but erased at step 2, and "
            "ends at {:.2f}",
            "c_prev[0, 0, 0]",
            "c[0, 0, 0]",
            "c[3, 0, 0]",
        ),
        ("is all but erased at step 2", "abs(c[1, 0, 0] / c[0, 0, 0]) < 0.1"),
        (
            "what `h` shows of it stays small",
            "output[:, 0, 0].abs().max() < 0.2",
        ),
    ),
    *facts(
        "packed",
        "packed --input-size 1 --hidden-size 2 --input docs/code/lengths.json",
        ("with the first step of all four", "packed.batch_sizes[0] == 4"),
        (
            "sequence 1 first, because it is the longest",
            "packed.sorted_indices[0] == 1 == lengths.argmax()",
        ),
        (
            "first row {}, then {}, {} and {}",
            *(f"packed.sorted_indices[{k}]" for k in range(4)),
        ),
        (
            "row 0 is at place {}, row 1 at place {}",
            *(f"packed.unsorted_indices[{n}]" for n in range(2)),
        ),
        ("would take {} updates", "padded[..., 0].numel()"),
        ("ignores, {}", "torch.nn.CrossEntropyLoss().ignore_index"),
    ),
    *facts(
        "chunks",
        "chunks",
        (
            "each step back gets less of it",
            "all(a.norm() < b.norm() "
            "for a, b in zip(handed[0], handed[0][1:]))",
        ),
        (
            "everything before the second chunk gets exactly zero",
            "not any(part.any() for part in "
            "(detached[0][:2], *detached[1:])) and bool(detached[0][2:].all())",
        ),
    ),
    *facts(
        "batch",
        "batch",
        (
            "its cell state is {:.2f} and {:.2f}",
            "c[0, 0, 0]",
            "c[0, 0, 1]",
        ),
    ),
    *facts(
        "why-a-memory",
        "gradient-distance --input-size 3 --hidden-size 8 --seq-len 60",
        ("From {} steps back {:.1e} is left", "len(x) - 1", "norms['RNN'][0]"),
        (
            "an LSTM as PyTorch makes it is hardly better than the RNN",
            "norms['0'][0] < 1e-12",
        ),
        (
            "The larger the number, the more is left at the far end",
            "norms['1'][0] < norms['2'][0] < norms['5'][0]",
        ),
        (
            "it even rises again to the right",
            "norms['5'][0] > 5 * norms['5'][49]",
        ),
        (
            "The last curve is low just before the end",
            "norms['5'][49] < norms['2'][49]",
        ),
        (
            "has grown large, {:.1f} away from zero on average",
            "more(x.double())[1][1].abs().mean()",
        ),
        (
            "an input three steps back changes the memory by {:.2f}, and the "
            "output by {:.3f}",
            "torch.autograd.functional.jacobian("
            "lambda x: more(x)[1][1].sum(), x.double())[-4].norm()",
            "norms['5'][-4]",
        ),
    ),
    *facts(
        "keep-write-show",
        "keep-write-show --step 2",
        (
            "keeps {:.0%} of its memory of {:.2f}, and writes {:.0%} of "
            "{:.2f} on top",
            "f[1, 0, 0].item()",
            "c_prev[1, 0, 0]",
            "i[1, 0, 0].item()",
            "g[1, 0, 0]",
        ),
        ("nearly cancel: {:.2f} is left", "c[1, 0, 0]"),
        (
            "Unit 1 keeps half of the little that it had",
            "abs(f[1, 0, 1] - 0.5) < 0.05",
        ),
        (
            "writes {:.0%} of {:.2f}, and shows most",
            "i[1, 0, 1]",
            "g[1, 0, 1]",
        ),
        ("and shows most of what", "0.5 < o[1, 0, 1] < 0.9"),
        ("with a cell state of {:.2f}.", "c_prev[1, 0, 0]"),
        (
            "`f` is {:.2f}, so {:.0%} of it stays, {:.2f}, and {:.0%} is "
            "forgotten",
            "f[1, 0, 0]",
            "f[1, 0, 0]",
            "(f * c_prev)[1, 0, 0]",
            "1 - f[1, 0, 0]",
        ),
        ("is `g`, here {:.2f}", "g[1, 0, 0]"),
        (
            "`i` is {:.2f} and lets {:.0%} of it in, {:.2f}",
            "i[1, 0, 0]",
            "i[1, 0, 0]",
            "(i * g)[1, 0, 0]",
        ),
        ("the new cell state: {:.2f}", "c[1, 0, 0]"),
        (
            "`o` is {:.2f}, so `h` is {:.3f}",
            "o[1, 0, 0]",
            "output[1, 0, 0]",
        ),
        (
            "had {:.2f} and keeps {:.0%} of it, writes {:.0%} of {:.2f}, and "
            "holds {:.2f}",
            "c_prev[1, 0, 1]",
            "f[1, 0, 1]",
            "i[1, 0, 1]",
            "g[1, 0, 1]",
            "c[1, 0, 1]",
        ),
        (
            "output gate of {:.2f} shows most of that, so `h` is {:.2f}",
            "o[1, 0, 1]",
            "output[1, 0, 1]",
        ),
    ),
    *facts(
        "keep-write-show",
        "keep-write-show --step 2",
        (
            "PyTorch counts four gates, one for each band of weights",
            "'input, forget, cell, and output gates' "
            "in ' '.join(torch.nn.LSTM.__doc__.split())",
        ),
    ),
    *facts(
        "what-it-remembers",
        "reading --set lstm.weight_hh_l0[0,1]=0 --id reading-without",
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
            "((answers[:, 0] > 0.5) != torch.stack([inside, depth == 0], 1))"
            ".sum() == 5",
        ),
    ),
    *facts(
        "what-it-remembers",
        "cell --network brackets",
        (
            "At `a`, unit 0 keeps all of its memory",
            "text[2] == 'a' and f[2, 0, 0] > 0.99",
        ),
        (
            "writes nothing, so its count stays at {:.2f}",
            "c[2, 0, 0]",
        ),
        (
            "Its gate `i` is wide open there",
            "i[2, 0, 0] > 0.99",
        ),
        ("`g`, which is zero at a letter", "abs(g[2, 0, 0]) < 0.005"),
        (
            "and {:.2f} is written on top: the count is {:.2f}",
            "(i * g)[6, 0, 0]",
            "c[6, 0, 0]",
        ),
        (
            "At the second `(` the memory is kept as before",
            "text[:7].count('(') == 2 and f[6, 0, 0] > 0.99",
        ),
        (
            "At the one before `b` it is {:.2f}",
            "c[12, 0, 0]",
        ),
        ("At the one before `b`", "text[12:14] == '(b'"),
        (
            "a count of {:.2f} shows as {:.2f}, and one of {:.2f} as {:.2f}",
            "c[12, 0, 0]",
            "output[12, 0, 0]",
            "c[1, 0, 0]",
            "output[1, 0, 0]",
        ),
        ("`o` is open nearly all the time", "o.quantile(0.9) > 0.99"),
        (
            "not on yet, {:.2f} slips in, and between the quotes the count "
            "reads {:.2f}",
            "(i * g)[7, 0, 0]",
            "c[8, 0, 0]",
        ),
        ("it changes as well, down to {:.2f}", "c[:, 0, 1].min()"),
        ("A `)` writes {:.2f}", "(i * g)[text.index(')'), 0, 0]"),
        (
            "for its `f` is {:.2f}, and writes {:.2f}",
            "f[7, 0, 1]",
            "(i * g)[7, 0, 1]",
        ),
        (
            "jumps from {:.2f} to {:.2f}",
            "output[6, 0, 1]",
            "output[7, 0, 1]",
        ),
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
        (
            "the first, and again `f` is {:.2f} and the memory is dropped",
            "f[9, 0, 1]",
        ),
        (
            "this time `i` is {:.2f} as well: nothing is written, and `h` "
            "returns to {:.2f}",
            "i[9, 0, 1]",
            "output[9, 0, 1]",
        ),
        (
            "unit 1 shows {:.2f}, and this weight takes {:.2f} from the sum",
            "output[7, 0, 1]",
            "-output[7, 0, 1] * lstm.weight_hh_l0[0, 1]",
        ),
        (
            "Without it the sum would be {:.2f} and the gate open; with it "
            "the sum is {:.2f} and",
            "z_i[8, 0, 0] - output[7, 0, 1] * lstm.weight_hh_l0[0, 1]",
            "z_i[8, 0, 0]",
        ),
        (
            "its weight is nearly the same, {:.1f}",
            "lstm.weight_hh_l0[1, 1]",
        ),
    ),
    *facts(
        "why-two-states",
        "cell --network brackets",
        (
            "At the bracket before `b` the cell state of the counting unit is "
            "{:.2f}.",
            "c[12, 0, 0]",
        ),
        ("At the bracket before `b`", "text[12:14] == '(b'"),
        ("and here it is {:.2f}", "output[12, 0, 0]"),
    ),
    *facts(
        "why-two-states",
        "direct-path",
        (
            "by a factor of {:.3f}, the product of four forget gates",
            "f[0:4, 0, 0].prod()",
        ),
        ("with them the factor is {:.3f}", "total[0, 0, 0]"),
        (
            "In unit 1 they turn the sign: from step 2 on, {:.3f} along `c` "
            "alone, and {:.3f} on all paths.",
            "f[2:4, 0, 1].prod()",
            "total[2, 0, 1]",
        ),
    ),
    *facts(
        "why-two-states",
        "keep-write-show --step 2",
        (
            "had a cell state of {:.2f} and showed only {:.2f} of it, with an "
            "output gate of {:.2f}.",
            "c[0, 0, 0]",
            "output[0, 0, 0]",
            "o[0, 0, 0]",
        ),
        ("{:.0%} of the {:.2f} was kept", "f[1, 0, 0]", "c[0, 0, 0]"),
    ),
    *facts(
        "why-two-states",
        "reading",
        (
            "is still there at the `)` that belongs to it, with {:.0%} of its "
            "height",
            "f[2:23, 0, 0].prod()",
        ),
        (
            "at the `)` that belongs to it",
            "text[22] == ')' and depth[21] == 1 and depth[22] == 0",
        ),
        ("It writes one of {:.2f}, which is drawn", "(i * g)[14, 0, 0]"),
        (
            "so it falls by one",
            "abs((c - c_prev)[14, 0, 0] + 1) < 0.1 and text[14] == ')'",
        ),
        (
            "At the first quote, unit 1 has a forget gate of {:.2f}",
            "f[text.index(chr(34)), 0, 1]",
        ),
        ("at the same step, {:.2f}, then stays", "(i * g)[7, 0, 1]"),
        (
            "then stays untouched until the second quote clears it",
            "f[8, 0, 1] > 0.99 and text[9] == chr(34) and f[9, 0, 1] < 0.01",
        ),
        (
            "With an `f` near one every stripe stays as it is.",
            "f[2:22, 0, 0].min() > 0.9",
        ),
        (
            "At the second pair of quotes, `f` is {:.2f} and {:.2f}",
            "f[26, 0, 0]",
            "f[29, 0, 0]",
        ),
        (
            "by then nothing is open, blue and red cancel",
            "depth[25:30].max() == 0 and c[25:30, 0, 0].abs().max() < 0.2",
        ),
        (
            "At the first pair, with two brackets open, `f` stays at {:.2f} or "
            "more",
            "f[7:10, 0, 0].min() * (depth[7:10].min() == 2)",
        ),
    ),
    *facts(
        "what-it-remembers",
        "reading",
        (
            "all of them are right",
            "torch.equal(answers[:, 0, 0] > 0.5, inside)",
            "torch.equal(answers[:, 0, 1] > 0.5, depth == 0)",
        ),
    ),
    *facts(
        "what-it-remembers",
        f"reading --text '{chr(34)}{'a' * 60}'",
        ("for as long as the quote lasts", "c[60, 0, 1] / c[0, 0, 1] > 0.95"),
    ),
    *facts(
        "state",
        """gates-over-time --network brackets --text '(")")'""",
        (
            "At step 3 a `)` stands between quotes, and both input gates are "
            "shut",
            "text[2] == ')' and i[2, 0].max() < 0.02",
        ),
        (
            "at the end all is closed, and both memories are back near zero",
            "c[-1].abs().max() < 0.1",
        ),
    ),
    *facts(
        "why-a-memory",
        RECORD,
        ("given {:,} fresh strings", "count"),
        (
            "{:,} strings of {} characters | Of {} characters",
            "count",
            "60",
            "200",
        ),
        (
            "| `nn.RNN(4, 2)` | {} | {}, {} and {} | {}, {} and {} |",
            "of('RNN', 2)[0]['parameters']",
            *(
                f"of('RNN', 2)[{seed}]['right_{length}']"
                for length in (60, 200)
                for seed in range(3)
            ),
        ),
        (
            "| `nn.RNN(4, 8)` | {} | {}, {} and {} | {}, {} and {} |",
            "of('RNN', 8)[0]['parameters']",
            *(
                f"of('RNN', 8)[{seed}]['right_{length}']"
                for length in (60, 200)
                for seed in range(3)
            ),
        ),
        ("three times each", "len(of('RNN', 2)) == len(of('RNN', 8)) == 3"),
        (
            "at best they follow half of the shorter strings to the end, and "
            "hardly any of the longer ones",
            "0.4 < max(n['right_60'] for n in of('RNN', 8)) / count < 0.6",
            "max(n['right_200'] for n in of('RNN', 8)) / count < 0.05",
        ),
    ),
    *facts(
        "what-it-remembers",
        RECORD,
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
    *facts(
        "what-it-remembers",
        f"reading --text {'(' * 20}{')' * 20}",
        ("its count goes up to {:.2f} and down again", "c[19, 0, 0]"),
        (
            "each of its answers is right",
            "torch.equal(answers[:, 0, 1] > 0.5, depth == 0)",
            "torch.equal(answers[:, 0, 0] > 0.5, inside)",
        ),
    ),
    *facts(
        "what-it-remembers",
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
    *facts(
        "what-it-remembers",
        "reading",
        (
            "the count of this one drifts to {:.2f} before the second "
            "quotation",
            "c[25, 0, 0]",
        ),
        (
            "before the second quotation",
            "text[26] == chr(34) and text[:26].count(chr(34)) == 2",
        ),
    ),
    *facts(
        "index",
        "reading",
        (
            "It rises by one at every opening bracket and falls by one at "
            "every closing one, but not between quotes.",
            FOLLOWS_THE_DEPTH,
        ),
    ),
    *facts(
        "what-it-remembers",
        "reading",
        (
            "its cell state goes up by one at every opening bracket and down "
            "by one at every closing one.",
            FOLLOWS_THE_DEPTH,
        ),
    ),
    *facts(
        "what-it-remembers",
        """reading --network brackets --text 'print("no smile :)")'""",
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
    *facts(
        "classifier",
        FREE_TEXT,
        ("Of {} sentences from", "unseen"),
        (
            "are right on: | Trained with | {} | {} | {} | {} |",
            *(f"int([*right][{k}])" for k in range(4)),
        ),
        *(
            (
                f"| {name} | {{}} | {{}} | {{}} | {{}} |",
                *(f"[*right.values()][{k}]['{kind}']" for k in range(4)),
            )
            for name, kind in (
                ("LSTM", "LSTM"),
                ("Words alone", "bag of words"),
            )
        ),
        (
            "with {} sentences of free text it is hardly better than guessing",
            "min(map(int, right))",
        ),
        (
            "hardly better than guessing",
            "right['200']['LSTM'] < 0.56 * unseen",
        ),
        (
            "only with {} is it ahead of its rival",
            "', '.join(n for n in right "
            "if right[n]['LSTM'] > right[n]['bag of words'])",
        ),
    ),
    *facts(
        "classifier",
        CLASSIFIERS,
        ("{} short reviews that are either", "sentences"),
        (
            "say how many of {} reviews it gets right, none of which it was "
            "trained with",
            "sum(unseen.values())",
        ),
        ("refuses fewer than {} in all", "load('classifier').LEAST"),
        (
            "Below about 100 unseen sentences a percentage is mostly noise",
            "share(80, 100)[1] - share(80, 100)[0] > 0.15",
        ),
        (
            "{} of {} is {:.0%}, but with so few the true share may be "
            "anything from {:.0%} to {:.0%}",
            "16",
            "20",
            "16 / 20",
            "share(16, 20)[0]",
            "share(16, 20)[1]",
        ),
        (
            "with {} of {} it is between {:.0%} and {:.0%}. (These are 95% "
            "confidence intervals.)",
            "80",
            "100",
            "share(80, 100)[0]",
            "share(80, 100)[1]",
        ),
        (
            "an answer below](#what-it-does-not-know) is wrong at {:.0%}",
            "asked['It is lovely, but it used to be dull.']['bad']",
        ),
        (
            "does not show in the {:.0%}",
            "asked['It is lovely, but it used to be dull.']['bad']",
        ),
        (
            "of the same {}: | Trained with | {} | {} | {} | {} | {} |",
            "sum(unseen.values())",
            *(f"int([*few][{k}])" for k in range(4)),
            "sentences - sum(unseen.values())",
        ),
        (
            "| Right on | {} | {} | {} | {} | {} |",
            *(f"[*few.values()][{k}]" for k in range(4)),
            "sum(networks[0][group] for group in unseen)",
        ),
        ("hides a tenth of the words", "load('classifier').HIDE == 0.1"),
        ("With only {} of the reviews", "int(folds[-1].split()[-1])"),
        (
            "Of {} good reviews, {} were called bad.",
            "sum(map(int, folds[2].split()[-2:]))",
            "int(folds[2].split()[-2])",
        ),
        ("It trains five times", "load('cross_validate').FOLDS == 5"),
        (
            "Two thirds of the reviews have a twin",
            "abs(unseen['OPPOSED'] / sum(unseen.values()) - 2 / 3) < 0.05",
        ),
        ("Both were trained five times", "len(of('LSTM')) == 5"),
        ("Both were trained five times", "len(of('bag of words')) == 5"),
        *(
            (
                "{} of {} | {} to {} of {}",
                f"min(of('LSTM', '{made}'))",
                f"unseen['{made}']",
                f"min(of('bag of words', '{made}'))",
                f"max(of('bag of words', '{made}'))",
                f"unseen['{made}']",
            )
            for made in ("PLAIN", "FLIPPED", "OPPOSED")
        ),
        (
            "All unseen reviews were right",
            "all(sum(n[k] for k in unseen) == sum(unseen.values()) "
            "for n in networks if n['kind'] == 'LSTM')",
        ),
    ),
    *facts(
        "classifier",
        reads("bad"),
        (
            "both sentences are the same, and so is the unit: at `not` it "
            "writes {:.2f}",
            "(i * g)[3, 0, 6]",
        ),
        (
            "At `good` its forget gate is {:.2f} and it writes {:.2f}, so it "
            "stays below zero, at {:.2f}",
            "f[4, 0, 6]",
            "(i * g)[4, 0, 6]",
            "c[4, 0, 6]",
        ),
        ("At the end it is at {:.2f} in the first", "c[7, 0, 6]"),
    ),
    *facts(
        "classifier",
        reads("good"),
        (
            "and so is the unit: at `not` it writes {:.2f}",
            "(i * g)[3, 0, 6]",
        ),
        (
            "At `bad` its forget gate is {:.2f}, so the {:.2f} is gone, and "
            "{:.2f} is written",
            "f[4, 0, 6]",
            "c[3, 0, 6]",
            "(i * g)[4, 0, 6]",
        ),
        ("sentence and at {:.2f} in the second", "c[7, 0, 6]"),
    ),
    *facts(
        "character-model",
        CHARACTERS,
        ("the {} sonnets", "text.strip().count(chr(10) * 2) + 1"),
        ("among the {} characters of the text", "alphabet"),
        ("would have a loss of {:.2f}", "math.log(alphabet)"),
        ("it has read {:,} characters", "len(text)"),
        ("cuts the text into {} pieces", "script.STREAMS"),
        ("within the {} steps of a chunk", "script.STEPS"),
        ("At a **temperature** of {} it", "script.TEMPERATURES[0]"),
        ("At {} it varies more", "script.TEMPERATURES[1]"),
        ("At {} it takes unlikely characters", "script.TEMPERATURES[2]"),
        (
            "Of its {} units one has a cell state that follows how far the "
            "line has got, with a correlation of {:.2f}",
            "script.HIDDEN",
            "follows",
        ),
    ),
    *facts(
        "character-model",
        SONNET,
        (
            "It writes a bit less than one at most characters",
            "0.7 < (i * g)[:42, 0, 15].median() < 0.95",
        ),
        ("to {:.1f} at the comma", "c[41, 0, 15]"),
        ("at the comma", "tokens[41:43] == [',', '↓']"),
        (
            "its forget gate is {:.2f}, the memory falls to {:.1f}",
            "f[43, 0, 15]",
            "c[43, 0, 15]",
        ),
        (
            "The gate `o` is shut at most characters",
            "o[:, 0, 15].median() < 0.05",
        ),
    ),
    *facts(
        "forecast",
        FORECASTS,
        ("for {:,} shops that they were not trained with", "1000"),
        (
            "The error is close to {:.4f}, which comes from the noise in the "
            "sales and remains even if the closed day is known",
            "0.1**2 * 6 / 7",
        ),
        (
            "The error is close to",
            "all(abs(e - 0.1**2 * 6 / 7) < 0.002 for e in kept)",
        ),
        (
            "For the first days it can only guess, and its error is that of a "
            "forecast that never changes, {:.2f}",
            "6 / 7 * 1 / 7",
        ),
        (
            "For the first days it can only guess",
            "all(0.1 < e < 0.135 for e in cleared[:5])",
        ),
        (
            "After six days it has seen the closed day, or knows that it must "
            "be the seventh, and from there it is as good as the other",
            "all(e < 0.012 for e in cleared[5:])",
        ),
        (
            "So more than a third of its forecasts are guesses",
            "1 / 3 < sum(e > 0.05 for e in cleared) / len(cleared) < 1 / 2",
        ),
        *(
            (
                "| {} | {:.3f}, {:.3f} and {:.3f} |",
                f"[*chunks][{k}] and int([*chunks][{k}])",
                *(f"[*chunks.values()][{k}][{n}]" for n in range(3)),
            )
            for k in range(4)
        ),
        (
            "stays four times as high or more",
            "min(chunks['3']) > 4 * 0.0086 > 4 * 0.9 * max(chunks['14'])",
        ),
        ("It is better than {:.2f} all the same", "6 / 7 * 1 / 7"),
        ("It is better than", "max(chunks['3']) < 6 / 7 * 1 / 7"),
        (
            "Chunks of seven days suffice.",
            "max(chunks['7']) < 0.01",
        ),
    ),
    *facts(
        "forecast",
        SHOP,
        (
            "It climbs for four days, to {:.2f} in the third week, and then "
            "falls",
            "c[20, 0, 0]",
        ),
        (
            "It climbs for four days",
            "(c[16:21, 0, 0].diff() > 0).all() and c[21, 0, 0] < c[20, 0, 0]",
        ),
        (
            "On the day before a closed one it has reached the bottom, in the "
            "last three weeks at {:.2f}, {:.2f} and {:.2f}",
            *(f"c[{t}, 0, 0]" for t in (15, 22, 29)),
        ),
        (
            "On the day before a closed one",
            "all(tokens[t + 1] == 'x' for t in (15, 22, 29))",
            "c[13:, 0, 0].min() == min(c[t, 0, 0] for t in (15, 22, 29))",
        ),
    ),
    *facts(
        "streaming",
        STREAMING,
        (
            "| one call over all steps | {:.1f} | {:.1f} | {:.1f} |",
            *(f"of('one call', {size})" for size in (16, 64, 256)),
        ),
        *(
            (
                f"| {way} | {{:,.0f}} | {{:,.0f}} | {{:,.0f}} |",
                *(f"of({key!r}, {size})" for size in (16, 64, 256)),
            )
            for way, key in (
                ("`nn.LSTMCell`, step by step", "LSTMCell"),
                (
                    "`nn.LSTM`, step by step, oneDNN off",
                    "LSTM without oneDNN",
                ),
                ("`nn.LSTM`, step by step", "LSTM"),
            )
        ),
        (
            "on one core of a CPU, with PyTorch {}, for one sequence",
            "torch",
        ),
        (
            "| Way | {} units | {} units | {} units |",
            *(f"[*microseconds][{k}]" for k in range(3)),
        ),
        (
            "the cell is the quicker one, by a factor of {:.1f} to {:.1f}",
            *(
                f"{least}(of('LSTM', s) / of('LSTMCell', s) "
                "for s in microseconds)"
                for least in ("min", "max")
            ),
        ),
        (
            "three times as fast or more",
            "all(of('LSTM', s) > 3 * of('LSTMCell', s) for s in microseconds)",
        ),
        (
            "Without it `nn.LSTM` comes closer",
            "all(of('LSTMCell', s) < of('LSTM without oneDNN', s) "
            "< of('LSTM', s) for s in microseconds)",
        ),
        (
            "In one call over many steps, each of them costs less than half of "
            "any step that is called alone",
            "all(2 * of('one call', s) < of('LSTMCell', s) "
            "for s in microseconds)",
        ),
    ),
    *facts(
        "custom-cell",
        CELLS,
        *(
            (
                f"| {way} | {{:.1f}} | {{:.1f}} | {{:.1f}} |",
                *(f"of['{size}'][{key!r}]" for size in (16, 64, 256)),
            )
            for way, key in (
                ("`nn.LSTM`", "LSTM, call"),
                ("the loop", "cell, call"),
                ("the loop, with a compiled cell", "compiled, call"),
                ("`nn.LSTM`, with `backward`", "LSTM, training"),
                ("the loop, with `backward`", "cell, training"),
                (
                    "the loop, with a compiled cell, with `backward`",
                    "compiled, training",
                ),
            )
        ),
        (
            "| Way | {} units | {} units | {} units |",
            *(f"[*of][{k}]" for k in range(3)),
        ),
        (
            "for {} steps of {} sequences",
            "script.STEPS",
            "script.BATCH",
        ),
        (
            "they were measured on {} with PyTorch {}, and",
            "day",
            "torch",
        ),
        (
            "In training the loop takes {:.1f} to {:.1f} times as long",
            "min(slower('cell', 'training'))",
            "max(slower('cell', 'training'))",
        ),
        (
            "The wider the layer, the less it matters",
            "all(sorted(slower('cell', what))[::-1] == slower('cell', what) "
            "for what in ('call', 'training'))",
        ),
        (
            "Compiling the cell changed little here",
            "all(0.9 < ratio < 1.1 for what in ('call', 'training') "
            "for ratio in slower('compiled', what, 'cell'))",
        ),
    ),
]
"""Every number in the prose of the pages that are proven."""

PROVEN = sorted({fact.page for fact in FACTS})
"""Pages in whose prose no number stands that is not a fact."""


class Printing(string.Formatter):
    """Prints numbers as pages do, with a minus sign for a hyphen."""

    def format_field(self, value: Any, format_spec: str) -> str:
        return format(value, format_spec).replace("-", "−")


PRINTING = Printing()


@cache
def names_after(header: str) -> dict[str, Any]:
    """The names that the preamble of a figure makes, or those of the record."""
    if header == RECORD:
        return names_of_record()
    if header in RECORDS:
        record = json.loads((ROOT / header).read_text(encoding="utf-8"))
        return {**record, **RECORDS[header](record)}
    names: dict[str, Any] = {}
    exec(parse_header(header).draw().metadata["preamble"], names)
    return names


def names_of_record() -> dict[str, Any]:
    """What was measured: `of` a kind and size, and of the one that is shown."""
    record = json.loads((ROOT / RECORD).read_text(encoding="utf-8"))

    def of(kind: str, units: int) -> list[dict[str, Any]]:
        return [
            network
            for network in record["networks"]
            if (network["kind"], network["units"]) == (kind, units)
        ]

    (shown,) = [
        network
        for network in record["networks"]
        if record["shipped"].items() <= network.items()
    ]
    return {"of": of, "shown": shown, "count": 1000}


def of_classifiers(record: dict[str, Any]) -> dict[str, Any]:
    """How often each network of a kind is right on a group of sentences."""

    def of(kind: str, group: str = "OPPOSED") -> list[int]:
        return [n[group] for n in record["networks"] if n["kind"] == kind]

    def share(right: int, count: int) -> tuple[float, float]:
        """Wilson's interval of 95% for the share that is right."""
        z = NormalDist().inv_cdf(0.975)
        middle = (right + z * z / 2) / (count + z * z)
        wrong = count - right
        half = z * math.sqrt(right * wrong / count + z * z / 4)
        half /= count + z * z
        return middle - half, middle + half

    return {"of": of, "load": load, "share": share}


def of_characters(_: dict[str, Any]) -> dict[str, Any]:
    """The script, and the text that it reads."""
    script = load("characters")
    text = (ROOT / "docs/code" / script.TEXT).read_text(encoding="utf-8")
    return {"script": script, "text": text, "math": math}


def of_forecasts(record: dict[str, Any]) -> dict[str, Any]:
    """The errors of both networks by day."""
    rows = [line.split() for line in record["printed"].splitlines()[1:]]
    _, kept, cleared = zip(*(map(float, row) for row in rows), strict=True)
    return {"kept": kept, "cleared": cleared}


def of_streaming(record: dict[str, Any]) -> dict[str, Any]:
    """The microseconds of a way to run a step."""

    def of(way: str, size: int | str) -> float:
        return record["microseconds"][str(size)][way]

    return {"of": of}


def of_cells(record: dict[str, Any]) -> dict[str, Any]:
    """The milliseconds of a way to run a call, and how much slower one is."""
    of = record["milliseconds"]

    def slower(way: str, what: str, than: str = "LSTM") -> list[float]:
        return [
            ways[f"{way}, {what}"] / ways[f"{than}, {what}"]
            for ways in of.values()
        ]

    day = date.fromisoformat(record["date"])
    said = f"{day.day} {day:%B %Y}"
    script = load("measure_custom_cell")
    return {"of": of, "slower": slower, "day": said, "script": script}


RECORDS = {
    CLASSIFIERS: of_classifiers,
    FREE_TEXT: lambda _: {},
    CHARACTERS: of_characters,
    FORECASTS: of_forecasts,
    STREAMING: of_streaming,
    CELLS: of_cells,
}
"""What helps to read what was measured."""


def printed(fact: Fact) -> str:
    """The words of a fact, with the numbers that the tensors yield.

    Raises:
        AssertionError: If what it claims is not true.
    """
    names = names_after(fact.header)
    values = [eval(expr, dict(names)) for expr in fact.exprs]
    numbers = [v.item() if hasattr(v, "item") else v for v in values]
    if "{" not in fact.said:
        assert all(numbers), f"{fact.page}: {fact.said!r} is not true"
    return PRINTING.vformat(fact.said, numbers, {})


def prose(page: str) -> str:
    """The text of a page in one line, without code and headers of blocks."""
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    _, _, text = text.split("---\n", 2)
    text = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"^///.*$", "", text, flags=re.MULTILINE)
    return " ".join(text.split())


NO_NUMBER = re.compile(
    r"\$\$.*?\$\$|\$[^$]*\$|`[^`]*`|\[[^]]*\]\([^)]*\)"
    r"|\b(?:[Uu]nit|step|[Rr]ow|[Cc]olumn) \d+|a single 1|\bF1\b"
)
"""Equations, code, links, names of units, steps and F1, one-hot inputs."""


@pytest.mark.parametrize("fact", FACTS, ids=lambda f: f"{f.page}: {f.said}")
def test_a_page_says_what_the_tensors_say(fact):
    assert printed(fact) in prose(fact.page)


@pytest.mark.parametrize("page", PROVEN)
def test_a_page_has_no_number_that_is_not_a_fact(page):
    text = prose(page)
    for fact in FACTS:
        if fact.page == page:
            text = text.replace(printed(fact), "")
    assert re.findall(r"\S*\d\S*", NO_NUMBER.sub("", text)) == []
