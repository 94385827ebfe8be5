"""Mistakes with the input: its axes, and its end."""

import numpy as np

from ...model.lstm import run
from ...proof.runs.batches import inputs, one_way, state_note
from ...proof.subject import SUMMED, Subject
from .mistake import (
    Block,
    Mistake,
    Side,
    made,
    numbers,
    scale_of,
    sequences,
    two,
)


def swapped_axes(subject: Subject) -> Mistake:
    """Sequences first, given to a module that takes steps first."""
    one, batch = one_way(subject), two(subject)
    sizes = f"{one.stack[0].input_size}, {one.stack[0].hidden_size}"
    right = run(one.stack, batch.x)
    wrong = run(one.stack, batch.x.swapaxes(0, 1))
    scale, steps = scale_of(right, wrong), len(batch.x)
    columns = [
        tuple(
            Block(
                f"output[{n}, -1]",
                numbers(found[n], f"{side}[{n}, {{}}]", scale),
                side == "wrong" and steps + n > 1,
                "output",
            )
            for n in range(2)
        )
        for side, found in (
            ("wrong", wrong.output[:, -1]), ("right", right.output[-1])
        )
    ]  # fmt: skip
    return Mistake(
        "Sequences are taken for steps",
        f"x has the shape {batch.x.swapaxes(0, 1).shape}, sequences first: "
        "output of the last step of each",
        (
            "Without batch_first the first axis is time: sequence 1 starts "
            "from the state of sequence 0, and no step sees the one before "
            "it. Both shapes are allowed, so nothing is said.",
            *made(subject, one, batch),
        ),
        Side(
            (f"lstm = nn.LSTM({sizes})", "lstm(x)[0][:, -1]"),
            sequences(batch), (columns[0],), steps=steps,
            along=False,
        ),
        Side(
            (f"lstm = nn.LSTM({sizes}, batch_first=True)",
             "lstm(x)[0][:, -1]"),
            sequences(batch), (columns[1],), steps=steps,
        ),
        f"{one.setup}\n{batch.setup}\n"
        "wrong = one(batch.transpose(0, 1))[0][:, -1]\n"
        "right = one(batch)[0].transpose(0, 1)[:, -1]",
    )  # fmt: skip


def padding(subject: Subject) -> Mistake:
    """h_n after the padding, not after the sequence."""
    one = one_way(subject)
    x = inputs(subject)[: SUMMED // 2, :1]
    long = np.concatenate([x, np.roll(x, 1, axis=0)])
    padded = np.concatenate(
        [long, np.concatenate([x, np.zeros_like(x)])], axis=1
    )
    whole, alone = run(one.stack, padded), run(one.stack, x)
    scale, length = scale_of(whole, alone), len(x)
    sides = {
        side: tuple(
            Block(
                f"h_n[0, {n}]",
                numbers(state, f"{side}[{n}, {{}}]", scale),
                side == "wrong" and n == 1,
            )
            for n, state in enumerate((whole.h_n[0, 0], short))
        )
        for side, short in (
            ("wrong", whole.h_n[0, 1]), ("right", alone.h_n[0, 0])
        )
    }  # fmt: skip
    names = "sequence 0", "sequence 1"
    return Mistake(
        "The last state of a padded sequence",
        f"{one.signature}, sequences of {2 * length} and {length} "
        f"step{'s' * (length > 1)} in one batch",
        (
            f"Padded, sequence 1 reads {length} more "
            f"step{'s' * (length > 1)} of zeros, and h_n is what is left "
            "after them. output[length - 1] would be right as well, in the "
            "forward direction.",
            "Sequence 1 is the input; sequence 0 is the input, then the same "
            "begun at its last step.",
            *filter(None, [state_note(subject)]),
        ),
        Side(("_, (h_n, _) = lstm(x)",), names, (sides["wrong"],)),
        Side(
            ("packed = pack_padded_sequence(x, lengths)",
             "_, (h_n, _) = lstm(packed)"),
            names, (sides["right"],),
        ),
        f"{one.setup}\nsequence = x[:{length}, :1]\n"
        "padded = torch.cat([sequence, sequence.roll(1, 0)]).repeat(1, 2, 1)\n"
        f"padded[{length}:, 1] = 0\n"
        "packed = torch.nn.utils.rnn.pack_padded_sequence(\n"
        f"    padded, [{2 * length}, {length}]\n"
        ")\n"
        "wrong, right = one(padded)[1][0][0], one(packed)[1][0][0]",
    )  # fmt: skip
