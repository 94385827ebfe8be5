"""What `seq2seq` quotes."""

import torch

from tests.site.facts.batch_size import mixes
from tests.site.facts.common import (
    are_directions_in_order,
    drawn,
    module,
    session,
)
from tests.site.quoting import asked, figure, record
from tests.site.records import SEQUENCES


def has_the_right_shape() -> bool:
    """Whether the view has the shape of both directions side by side."""
    _, (h_n, _) = module(3, 8, bidirectional=True)(drawn(5, 4, 3))
    right = torch.cat([h_n[0], h_n[1]], dim=1)[None]
    return h_n.view(1, 4, 16).shape == right.shape


def reads_the_right_token() -> bool:
    """Whether what the decoder reads is the target, a step later."""
    made = session("seq2seq")
    return torch.equal(made["given"][1:], made["wanted"][:-1])


FACTS = (
    *asked(
        (
            "In training the decoder reads the *right* token of the step "
            "before, whatever it would have said itself.",
            reads_the_right_token,
        ),
    ),
    *asked(
        (
            "`h_n[0]` has read them forwards, and `h_n[1]` from the end; each "
            "has its own `c_n`",
            are_directions_in_order,
        ),
        (
            "Do not use `h_n.view(1, 4, 16)`: it has the right shape, and "
            "[mixes the sequences]",
            mixes,
            has_the_right_shape,
        ),
        (
            "With several layers, the rows of `h_n` are layer by layer, and "
            "within a layer forward comes first.",
            are_directions_in_order,
        ),
    ),
    *record(
        SEQUENCES,
        (
            "this many of {:,} sequences are right after {} and after {} steps",
            "1000",
            "2 * 50",
            "script.STEPS",
        ),
        *(
            (
                f"| {said} | {{}} | {{}} |",
                f"right['{kind}'][1]",
                f"right['{kind}'][-1]",
            )
            for kind, said in (
                ("Seq2Seq", "Both, by linear layers"),
                ("Sum", "The sum of both"),
                ("Forward", "The forward direction alone"),
                ("Seq2Seq", "On the right tokens (teacher forcing)"),
                ("Unforced", "On what it has written itself"),
            )
        ),
        (
            "The first line that is printed shows it: {:.1f}% of the next "
            "tokens are right, but only {} of {:,} whole sequences.",
            "lines[0][0]",
            "lines[0][1]",
            "1000",
        ),
        ("but only", "lines[0][1] / 10 < lines[0][0] - 10"),
        (
            "The second is what you want, and it is lower",
            "lines[0][1] / 10 < lines[0][0]",
        ),
        ("Of {:,} sequences, these are right", "1000"),
        ("| Trained | After {} | After {} |", "2 * 50", "script.STEPS"),
        (
            "| The decoder begins from | After {} | After {} |",
            "2 * 50",
            "script.STEPS",
        ),
        (
            "After the same {} steps {} of {:,} are right if the script writes "
            "them backwards",
            "script.STEPS",
            "backwards[-1]",
            "1000",
        ),
        (
            "A decoder that is told nothing is right on {} of {:,}.",
            "right['Nothing'][-1]",
            "1000",
        ),
        (
            "Teacher forcing is ahead at first and level in the end",
            "right['Seq2Seq'][1] > right['Unforced'][1]",
            "abs(right['Seq2Seq'][-1] - right['Unforced'][-1]) < 10",
        ),
        (
            "With so few steps the sum is ahead",
            "right['Sum'][1] > max(right['Seq2Seq'][1], right['Forward'][1])",
        ),
        (
            "in the end all three can do it",
            "min(right[k][-1] for k in ('Seq2Seq', 'Sum', 'Forward')) > 990",
        ),
    ),
    *figure(
        (
            "An encoder of {:word} units that reads {:word} steps in both",
            "lstm.hidden_size",
            "len(x)",
        ),
    ),
)
