"""What `index` quotes."""

import torch

from lstm_figs.command.request import parse_header
from tests.site.facts.common import module, occurrences, randn
from tests.site.facts.what_it_remembers import FOLLOWS_THE_DEPTH, sees_strings_and_two_answers
from tests.site.facts_of_pages import figure, network, of_torch


def has_its_memory_alone() -> bool:
    """Whether a state stands for all that was read, and has one size.

    So what comes next follows from it, however much came before.
    """
    lstm, x = module(3, 2), randn(9, 1, 3)
    _, short = lstm(x[:4])
    _, long = lstm(x[:8])
    return [part.shape for part in short] == [part.shape for part in long] and torch.allclose(
        lstm(x[8:], long)[0], lstm(x)[0][8:]
    )


def looks_at_every_step_again() -> bool:
    """Whether attention weighs each step that was read, at every new one."""
    attention = torch.nn.MultiheadAttention(3, 1)
    x = randn(9, 1, 3)
    return all(attention(x[t - 1 : t], x[:t], x[:t])[1].count_nonzero() == t for t in range(1, 9))


def the_smile_closes_a_bracket() -> bool:
    """Whether c falls by one at the mouth of the smile, if that is cut."""
    falls = []
    for more in ("", " --set lstm.weight_hh_l0[0,1]=0"):
        header = f"reading --text 'f(a, \":)\", (b))'{more}"
        names: dict[str, torch.Tensor] = {}
        exec(parse_header(header).draw().metadata["preamble"], names)
        before, after = names["c"][6:8, 0, 0].tolist()
        falls.append(before - after)
    uncut, cut = falls
    return abs(uncut) < 0.1 and cut > 0.9


FACTS = (
    *of_torch(
        (
            "A PyTorch LSTM was only asked: inside quotes? all brackets closed?",
            sees_strings_and_two_answers,
        ),
        (
            "a pretrained Transformer, the kind of network behind today's "
            "language models, keeps every step and looks again, where an LSTM "
            "has only its memory.",
            looks_at_every_step_again,
            has_its_memory_alone,
        ),
        ("because a step costs the same however much came before it", has_its_memory_alone),
        ("Cut that weight, and the smile closes a bracket.", the_smile_closes_a_bracket),
    ),
    *network(
        "cell",
        (
            "learned nothing: all its weights are multiples of a quarter and "
            "each of its inputs is one-hot, a single 1 among zeros, so that",
            "all((4 * p == (4 * p).round()).all() for p in lstm.parameters())",
            "((x == 1).sum(2) == 1).all() and ((x == 0).sum(2) == 2).all()",
        ),
        (
            "Its figures show step 2, because before step 1 there is nothing to remember.",
            "step == 2",
            "not h_prev[0].any() and not c_prev[0].any() and c_prev[1].all()",
        ),
    ),
    *figure(
        (
            "It rises by one at every opening bracket and falls by one at "
            "every closing one, but not between quotes.",
            FOLLOWS_THE_DEPTH.replace("0, 0]", "0, units[0]]"),
        ),
        (
            "`g` lies between −1 and 1, so an arrow can point down, as at the last bracket.",
            "bool((g.abs() <= 1).all())",
            "text[-1] == ')' and (i * g)[-1, 0, units[0]] < -0.9",
        ),
        (
            "At the mouth of the smile it is shut",
            "text[6:8] == ':)' and inside[7]",
            "i[7, 0, units[0]] < 0.1",
        ),
        (
            "because the other memory shuts it by a single weight.",
            "torch.sigmoid(z_i[7, 0, units[0]] - lstm.weight_hh_l0[units[0], "
            "1 - units[0]] * h_prev[7, 0, 1 - units[0]]) > 0.9",
        ),
    ),
    *figure(
        ("takes {:word} inputs, has {:word} units", "lstm.input_size", "lstm.hidden_size"),
        id="reading",
    ),
    *network("reading", ("The thick line is one of its {:word} memories.", "lstm.hidden_size")),
    *network("cell", ("{:Word} ways in", occurrences("- **[", "index"))),
)
