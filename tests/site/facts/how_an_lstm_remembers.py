"""What `how-an-lstm-remembers` quotes."""

from typing import Any

import torch

from tests.site.facts.claims import steps_felt
from tests.site.facts.forget_bias import biases_at_first
from tests.site.facts.index import has_its_memory_alone, looks_at_every_step_again
from tests.site.facts.parts import is_gone_without, is_made_so, keeps, shows, writes
from tests.site.facts.when import is_never_quite_open
from tests.site.facts.why_a_memory import gets_characters_alone, is_rebuilt
from tests.site.facts.why_two_states import fades_by_f, keeps_quiet
from tests.site.facts_of_pages import figure, network, of_torch, page, preamble_names, record
from tests.site.records import BRACKETS, GRADIENT

LINE = "reading --network brackets --text 'f(a, \":)\", (b))'"
"""The line of all scenes, as the trained network reads it."""

CUT = f"{LINE} --set 'lstm.weight_hh_l0[0,1]=0'"
"""The same without one weight."""

TRUTH = "torch.stack([inside == 1, depth == 0], dim=-1)"


def opened(count: int) -> tuple[float, float]:
    """`c` and `h` of unit 0 after this number of open brackets."""
    names: dict[str, Any] = preamble_names(LINE)
    places = [names["alphabet"].index("(")] * count
    with torch.no_grad():
        _, (h, c) = names["lstm"](torch.eye(4)[places])
    return c[0, 0].item(), h[0, 0].item()


def closes_one_of_one_or_two_and_nothing_in_quotes() -> bool:
    """Whether the line has each kind of closing bracket."""
    names = preamble_names(LINE)
    depths = [0, *(int(depth) for depth in names["depth"].flatten())]
    closing = [
        (before, after)
        for char, before, after in zip(names["text"], depths, depths[1:], strict=False)
        if char == ")"
    ]
    return closing == [(1, 1), (2, 1), (1, 0)]


def is_read_off_so() -> bool:
    """Whether an answer is yes where a weighted sum of `h` is positive.

    For unit 0 alone, while unit 1 shows nothing, that is below a threshold,
    which one open bracket leaves twice below it.
    """
    names = preamble_names(LINE)
    readout = names["readout"]
    sums = names["output"] @ readout.weight.T + readout.bias
    threshold = -readout.bias[1] / readout.weight[1, 0]
    return bool(
        torch.equal(sums > 0, names["answers"] > 0.5)
        and readout.weight[1, 0] < 0 < threshold
        and names["output"][1, 0, 0] > 2 * threshold
    )


def differs_from_the_same_sums() -> bool:
    """Whether the gate without the weight is not that without its term.

    Both are nearly alike at the bracket in the smile.
    """
    cut = preamble_names(CUT)["i"][6:9, 0, 0]
    without = preamble_names(LINE)["i_without"].flatten()[6:9]
    apart = (cut - without).abs()
    return bool(apart.max() > 0.3 and apart[1] < 0.01)


SCENE_FOCUS = {
    "The dashed line counts the open brackets.": "task",
    "The thick line is the cell state of unit 0": "keep",
    "The offer is `g`": "write",
    "below the threshold in the picture.": "show",
    "Here is the other unit, unit 1.": "steer",
    "the red arrow": "weight",
    "The grey line is the count as it was.": "weight",
    "from the last character back": "gradient",
    "Here is everything at once": "all",
}
"""What the words of a scene speak of, and the focus of its picture."""


FACTS = (
    *figure(
        *((sentence, f"focus == {focus!r}") for sentence, focus in SCENE_FOCUS.items()),
        ("The grey line is the count as it was.", "lstm.weight_hh_l0[0, 1] == 0"),
    ),
    *of_torch(
        ("Nobody told it to count.", gets_characters_alone),
        ("*Ten minutes, no equations.*", lambda: "$" not in page("how-an-lstm-remembers").text),
        (
            "A `)` may close the only open bracket or one of two, and the one "
            'in the smile `":)"` closes nothing.',
            closes_one_of_one_or_two_and_nothing_in_quotes,
        ),
        (
            "The network never sees that line: in training, it gets the "
            "characters and the right answers.",
            gets_characters_alone,
        ),
        (
            "At every step it makes its memory anew: it mixes the old one with "
            "the character, and squashes the result. It does so even at a "
            "space, where there is nothing to do.",
            is_rebuilt,
        ),
        (
            "An LSTM does not rebuild its memory. Each unit has one number, "
            "its *cell state* `c`, and takes it from step to step.",
            is_made_so,
        ),
        (
            "A *gate* is a multiplier between zero and one, set anew at every "
            "step. The *forget gate* `f` multiplies the old memory: at one "
            "everything is kept, at zero everything is gone. (The name is "
            "unlucky: an open forget gate forgets nothing.) Each box",
            is_made_so,
            keeps,
        ),
        (
            "A unit that only keeps would stay empty. So at every step "
            "something may be added. The offer is `g`, a number between minus "
            "one and one. The *input gate* `i` says how much of the offer "
            "gets in.",
            is_made_so,
            writes,
        ),
        ("an RNN replaces its memory, an LSTM adds to it.", is_rebuilt, is_made_so),
        (
            "The rest of the network sees the *hidden state* `h` in place of "
            "`c`. It is the memory, squashed to lie between minus one and one, "
            "times a third gate, the *output gate* `o`.",
            is_made_so,
            shows,
        ),
        (
            "For each question, a *read-out* weighs what both units show, and "
            "answers yes where the sum is above zero. For *all closed*, that "
            "is where `h` of unit 0 is below the threshold in the picture. "
            "With one open bracket it is already far above.",
            is_read_off_so,
        ),
        (
            "`h`, which others read, stays below one, so that each unit has its say in their sums.",
            lambda: opened(3)[0] > 2.5 and 0.98 < opened(6)[1] < 1,
        ),
        ("where it shuts, the memory waits unseen until it is needed.", keeps_quiet),
        (
            "each unit sets its {:word} gates",
            lambda: len({is_gone_without(gate) for gate in "ifo"}),
        ),
        (
            "Each is a weighted sum of the character and of what *both* units "
            "showed one step before, squashed into its range.",
            is_made_so,
        ),
        (': for `(`, `)`, `"` or anything else.', gets_characters_alone),
        (
            "(Here the whole text is read without the weight; the picture "
            "before left out one term at one step.)",
            differs_from_the_same_sums,
        ),
        (
            "each step multiplies the gradient by the forget gate and by "
            "nothing else. The gate that keeps the memory keeps the gradient, "
            "too:",
            fades_by_f,
            keeps,
        ),
        (
            "A plain RNN has no such path: every step mixes and squashes the gradient, too.",
            is_rebuilt,
        ),
        (
            "In a new LSTM the forget gates are half open, and half of a half "
            "of a half is soon nothing.",
            lambda: bool((biases_at_first().sigmoid() - 0.5).abs().max() < 0.3),
        ),
        ("**No gate is ever quite open or quite shut.**", is_never_quite_open),
        (
            "**Everything has to fit into the cell states.** An LSTM cannot "
            "look back. A Transformer can, because it keeps every step it has "
            "read.",
            has_its_memory_alone,
            looks_at_every_step_again,
        ),
        (
            "**It reads one step after another.** So training on very much text is slow.",
            lambda: [steps_felt(k)[-1] for k in range(4)] == [0, 1, 2, 3],
        ),
        (
            "*Keep*: the forget gate multiplies the old memory. *Write*: the "
            "input gate lets in some of the offer. *Show*: the output gate "
            "lets out some of the squashed memory.",
            is_made_so,
            keeps,
            writes,
            shows,
        ),
    ),
    *network(
        LINE,
        ("had to answer {:word} questions", "len(outputs)"),
        ("of unit 0, one of {:word} units.", "lstm.hidden_size"),
        (
            "At the first bracket it rises to about one, and there it stays.",
            "((c[1:5, 0, 0] - 1).abs() < 0.1).all()",
        ),
        (
            "nearly all of them are full. At the letter, the comma and the "
            "space nothing else happens, so the line is flat. Where it moves "
            "all the same, something was added.",
            "text[2:5] == 'a, '",
            "(f[2:5, 0, 0] > 0.999).all() and (f[:, 0, 0] > 0.85).all()",
            "(c[1:5, 0, 0].diff().abs() < 0.01).all()",
            "((i * g)[[1, 5, 11, 13, 14], 0, 0].abs() > 0.2).all()",
        ),
        (
            "At a `(` the offer is almost one and the gate is open, so the "
            "count goes up by one. At the last two `)` the offer is almost "
            "minus one, and the count comes down. The letter `a` offers next "
            "to nothing, so nothing happens, although the gate is open.",
            "text[1] == text[11] == '(' and text[13:] == '))'",
            "(g[[1, 11], 0, 0] > 0.98).all() and (i[[1, 11], 0, 0] > 0.95).all()",
            "(g[13:, 0, 0] < -0.99).all() and (c[12:, 0, 0].diff() < -0.9).all()",
            "text[2] == 'a' and g[2, 0, 0].abs() < 0.01 and i[2, 0, 0] > 0.99",
        ),
        (
            "(At the first quote a little slips in. No trained network is perfect.)",
            "text[5] == '\"' and 0.1 < (i * g)[5, 0, 0] < 0.3",
        ),
        (
            "`c` can grow: after {:word} open brackets it is close to {:word}.",
            "6",
            "round(lstm(torch.eye(4)[[alphabet.index('(')] * 6])[1][1][0, 0].item())",
        ),
        ("With this text the output gate is always open;", "o.min() > 0.99"),
        (
            "The character comes as {:word} numbers, of which one is {:g}",
            "x.shape[-1]",
            "x.max().item() if (x.sum(-1) == 1).all() else 0",
        ),
        (
            "At the first quote its forget gate shuts, which clears what was "
            "there, and a one is written. The one stays until the second "
            "quote, which clears it. So this unit is on inside quotes",
            "f[5, 0, 1] < 0.01 and (i * g)[5, 0, 1] > 0.99",
            "(c[5:8, 0, 1] > 0.99).all()",
            "f[8, 0, 1] < 0.01 and c[8, 0, 1].abs() < 0.01",
            "torch.equal(c[:, 0, 1] > 0.5, inside.flatten() == 1)",
        ),
        (
            "While unit 1 is on, this one number pulls the sum behind the gate far down.",
            "(h_prev[6:9, 0, 1] * lstm.weight_hh_l0[0, 1] < -8).all()",
        ),
        (
            "the gate at the bracket in the smile, and what it would be at the "
            "same step without this one term. It is shut, and it would be wide "
            "open. So that bracket offers minus one, as every `)` does, and "
            "hardly any of it gets in.",
            "(g[[7, 13, 14], 0, 0] < -0.99).all()",
            "text[7] == ')' and i_without.flatten()[7] > 0.95",
            "i[7, 0, 0] < 0.02 and g[7, 0, 0] < -0.99",
            "(i * g)[7, 0, 0].abs() < 0.02",
        ),
        (
            "from the last character back to the first `(`, {:.0%} is left.",
            "f[text.index('(') + 1 :, 0, 0].prod()",
        ),
        ("{:Word} units or two thousand", "lstm.hidden_size"),
    ),
    *figure(
        (
            "an RNN whose memory is {:word} numbers, its {:word} *units*",
            "rnn.hidden_size",
            "rnn.hidden_size",
        ),
        (
            "At the first `(` unit 1 jumps up, and then it slides down, "
            "character by character. At the second `(` it is back at the top,",
            "text[1] == text[11] == '('",
            "hidden[0, 0, 1] < 0 and (hidden[[1, 11], 0, 1] > 0.99).all()",
            "(hidden[1:5, 0, 1].diff() < 0).all()",
            "hidden[10, 0, 1] < 0.8",
        ),
        ("so {:word} open brackets look like one.", "depth[11]"),
        (
            "The first quote leaves hardly a trace.",
            "text[5] == '\"'",
            "(hidden[5] - hidden[4]).abs().max() < 0.1",
        ),
        (
            "A single weight, {:.1f}, shuts it: the red arrow, from what unit "
            "1 shows to the input gate of unit 0.",
            "lstm.weight_hh_l0[0, 1]",
        ),
        (
            "Now look up, at the input gate of unit 0. One step after unit "
            "1 turns on, that gate shuts; one step after it turns off, the "
            "gate opens again.",
            "c[5, 0, 1] > 0.9 and i[5, 0, 0] > 0.9",
            "(i[6:9, 0, 0] < 0.02).all()",
            "c[8, 0, 1] < 0.1 and i[9, 0, 0] > 0.5",
        ),
        (
            "Before the quotes, unit 1 is below zero, and there the weight holds the gate open.",
            "(h_prev[2:6, 0, 1] < -0.5).all() and (i[2:6, 0, 0] > 0.99).all()",
            "((z_i[2:5, 0, 0] - h_prev[2:5, 0, 1] * lstm.weight_hh_l0[0, 1])"
            ".sigmoid() < 0.6).all()",
        ),
    ),
    *network(
        CUT,
        (
            "Set the weight to zero, change nothing else, and let the "
            "network read the text again. Now the smile closes a bracket. "
            "The count falls to zero in the middle of the text, and the "
            "network says that all brackets are closed when one is open.",
            "lstm.weight_hh_l0[0, 1] == 0",
            "c[7, 0, 0].abs() < 0.01",
            "answers[7, 0, 1] > 0.5 and depth.flatten()[7] == 1",
        ),
        ("{:Word} answers are wrong", f"((answers[:, 0] > 0.5) != ({TRUTH}).reshape(-1, 2)).sum()"),
        (
            ", and the last is right by luck: the count ends nearly one too low.",
            f"torch.equal(answers[-1, 0] > 0.5, ({TRUTH}).reshape(-1, 2)[-1])",
            "-1 < c[-1, 0, 0] < -0.9",
        ),
        (
            "At the letter and the comma, the gate is now only half open: "
            "there the weight held it open.",
            "text[2:4] == 'a,' and ((i[2:4, 0, 0] - 0.5).abs() < 0.1).all()",
        ),
    ),
    *record(
        GRADIENT,
        (
            "{:Word} units do better, but each of {:word} such networks",
            "rnns[0]['units']",
            "len(rnns)",
        ),
        (
            "units do better, but each of three such networks got more than a "
            "quarter of fresh strings wrong.",
            "min(n['right_60'] for n in rnns) > max(n['right_60'] "
            "for n in of('RNN', 2, script.BATCHES, False))",
            "max(n['right_60'] for n in rnns) < 750",
        ),
        (
            "{:Word} more LSTMs, trained the same way, keep at least {:.0%}.",
            "len(lstms)",
            "min(n['along_c'][0] for n in lstms)",
        ),
        (
            "{:word} RNNs, each of {:word} units. After the same steps",
            "len(rnns)",
            "rnns[0]['units']",
        ),
        (
            "After the same steps, a tenth was left in one and almost nothing "
            "in another. In the third, it had grown,",
            "text == 'f(a, \":)\", (b))' and (first, last) == (2, 15)",
            "[one := sorted(n['left'][-1] for n in rnns)] and one[0] < 1e-4 "
            "and 0.09 < one[1] < 0.12 and 1.5 < one[2] < 2",
        ),
        (
            "and half of a half of a half is soon nothing.",
            "all(max(n['along_c']) < 0.05 for n in new)",
        ),
    ),
    *record(
        BRACKETS,
        (
            "Of {:,} strings of {} characters, this network gets {} right; of "
            "{:,} strings of {:,} characters, it gets {}.",
            "count",
            "60",
            "shown['right_60']",
            "count",
            "1000",
            "shown['right_1000']",
        ),
    ),
)
