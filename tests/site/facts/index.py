"""What `index` quotes."""

import torch

from tests.site.facts.common import TRAINED, drawn, module, occurrences
from tests.site.facts.parts import is_made_so
from tests.site.facts.what_it_remembers import (
    FOLLOWS_THE_DEPTH,
    sees_strings_and_two_answers,
)
from tests.site.quoting import asked, figure, network

BETWEEN = "inside[1:] & inside[:-1]"
"""The steps after an opening quote, but for the closing one."""


def has_its_memory_alone() -> bool:
    """Whether a state stands for all that was read, and has one size.

    So what comes next follows from it, however much came before.
    """
    lstm, x = module(3, 2), drawn(9, 1, 3)
    _, short = lstm(x[:4])
    _, long = lstm(x[:8])
    return [part.shape for part in short] == [
        part.shape for part in long
    ] and torch.allclose(lstm(x[8:], long)[0], lstm(x)[0][8:])


def looks_at_every_step_again() -> bool:
    """Whether attention weighs each step that was read, at every new one."""
    attention = torch.nn.MultiheadAttention(3, 1)
    x = drawn(9, 1, 3)
    return all(
        attention(x[t - 1 : t], x[:t], x[:t])[1].count_nonzero() == t
        for t in range(1, 9)
    )


def runs_with_steps_and_batch_exchanged() -> bool:
    output, _ = module(3, 2)(drawn(4, 5, 3).transpose(0, 1))
    return output.shape == (5, 4, 2)


FACTS = (
    *asked(
        (
            "It was only ever asked whether it is inside quotes and whether "
            "all brackets are closed.",
            sees_strings_and_two_answers,
        ),
        (
            "a pretrained Transformer, the kind of network behind today's "
            "language models, keeps every step and looks again, where an LSTM "
            "has only its memory.",
            looks_at_every_step_again,
            has_its_memory_alone,
        ),
        (
            "since a step costs the same however much came before it",
            has_its_memory_alone,
        ),
        (
            "[mistakes that raise no error](wrong-ways.md)",
            runs_with_steps_and_batch_exchanged,
        ),
        (
            "This is everything that happens in a step; there is no hidden "
            "machinery beside it.",
            is_made_so,
        ),
        (
            "Each unit keeps a part of its memory, writes something to it, and "
            "shows a part of the result.",
            is_made_so,
        ),
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
            "Its figures show step 2, because before step 1 there is nothing "
            "to remember.",
            "step == 2",
            "not h_prev[0].any() and not c_prev[0].any() and c_prev[1].all()",
        ),
    ),
    *figure(
        (
            "To answer, one of its units has learned to count open brackets.",
            "(c[:, 0, units[0]] - depth).abs().max() < 0.3",
        ),
    ),
    *figure(
        (
            "It rises by one at every opening bracket and falls by one at "
            "every closing one, but not between quotes.",
            FOLLOWS_THE_DEPTH.replace("0, 0]", "0, units[0]]"),
        ),
        (
            "where the figure says *i gate = {:.3f}*, next to nothing is "
            "written",
            "i[27, 0, units[0]]",
        ),
        (
            "next to nothing is written",
            "text[27] == ')'",
            "abs((i * g)[27, 0, units[0]]) < 0.01",
        ),
        (
            "Between quotes it is shut",
            f"i[1:, 0, units[0]][{BETWEEN}].max() < 0.1",
        ),
        (
            "because the other unit shuts it",
            "torch.sigmoid(z_i[1:, 0, units[0]] - lstm.weight_hh_l0[units[0], "
            f"1 - units[0]] * h_prev[1:, 0, 1 - units[0]])[{BETWEEN}].min() "
            "> 0.5",
        ),
    ),
    *figure(
        (
            "with {:word} units, each a memory of one number",
            "lstm.hidden_size",
        ),
        (
            "takes {:word} inputs, has {:word} units",
            "lstm.input_size",
            "lstm.hidden_size",
        ),
        id="reading",
    ),
    *network(
        "cell",
        ("{:Word} networks on these pages have learned", f"1 + {TRAINED}"),
        ("{:Word} ways in", occurrences("- **[", "index")),
    ),
)
