"""Mistakes with the input: swapped axes, and padding."""

import numpy as np

from ...layout.blocks import proven_code
from ...model.layer_run import MAX_SUMMED_STEPS, LayerRun
from ...model.lstm import run
from ...model.reference import Ref, Vector
from ...model.tensors import Weights, signature
from ...proof.bindings import Sentence, sentence, sentence_of
from ...proof.runs.batches import inputs, one_direction, state_note
from .mistake import Mistake, Side, built_notes, captioned, scale_of, two_sequences

LAST_OUTPUT = "lstm(x)[0][:, -1]"
"""Code for the output at the last step."""


def swapped_axes(subject: LayerRun) -> Mistake:
    """Pass sequences along the first axis, where the module expects steps."""
    built, batch = one_direction(subject), two_sequences(subject)
    right = run(built.stack, batch.x)
    wrong = run(built.stack, batch.x.swapaxes(0, 1))
    scale, steps = scale_of(right, wrong), len(batch.x)
    rows = [
        tuple(
            captioned(
                f"output[{n}, -1]",
                f"{side}_output",
                Vector(output[n], Ref(side)[n], scale),
                # With a single step, the first sequence has no other before it.
                wrong=side == "wrong" and (steps > 1 or n > 0),
            )
            for n in range(2)
        )
        for side, output in (("wrong", wrong.output[:, -1]), ("right", right.output[-1]))
    ]
    first = signature(built.stack, "LSTM", batch_first=True)
    return Mistake(
        title=sentence("Sequences are taken for steps"),
        lead=sentence(
            "Without batch_first the first axis is time: the state goes from "
            "one sequence to the next, and no step sees the one before it. "
            "Both shapes are allowed, so nothing fails."
        ),
        notes=tuple(built_notes(subject, built, batch)),
        wrong=Side(
            (_construction(built.stack[0], ""), _last_output("one", "wrong")),
            2,
            (rows[0],),
            steps=steps,
            is_along_steps=False,
        ),
        right=Side(
            (_construction(built.stack[0], ", batch_first=True"), _last_output("first", "right")),
            2,
            (rows[1],),
            steps=steps,
        ),
        setup=f"{built.setup}\n{batch.setup}\n"
        f"first = torch.nn.{first}\n"
        "first.load_state_dict(one.state_dict())\n"
        "swapped = batch.transpose(0, 1)\n"
        "wrong_output, right_output = one(swapped)[0], first(swapped)[0]\n"
        "wrong, right = wrong_output[:, -1], right_output[:, -1]",
        expected="one(batch)[0][-1, 1]",
    )


def _construction(weights: Weights, options: str) -> Sentence:
    """The line of code that makes the module."""
    return sentence(
        f"lstm = nn.LSTM({{}}, {{}}{options})",
        (weights.input_size, "one.input_size"),
        (weights.hidden_size, "one.hidden_size"),
    )


def _last_output(module: str, side: str) -> Sentence:
    """The code of the last output, which is the same as this side's result."""
    same = f"torch.allclose({LAST_OUTPUT}, {side}, equal_nan=True)"
    return proven_code(LAST_OUTPUT, f"(lambda lstm, x: {same})({module}, swapped)")


def padding(subject: LayerRun) -> Mistake:
    """Read h_n after the padding, not after the sequence."""
    built = one_direction(subject)
    x = inputs(subject)[: MAX_SUMMED_STEPS // 2, :1]
    long = np.concatenate([x, np.roll(x, 1, axis=0)])
    padded = np.concatenate([long, np.concatenate([x, np.zeros_like(x)])], axis=1)
    batched, alone = run(built.stack, padded), run(built.stack, x)
    scale, length = scale_of(batched, alone), len(x)
    rows = {
        side: tuple(
            captioned(
                f"h_n[0, {n}]",
                f"{side}_h_n",
                Vector(state, Ref(side)[n], scale),
                wrong=side == "wrong" and n == 1,
            )
            for n, state in enumerate((batched.h_n[0, 0], short))
        )
        for side, short in (("wrong", batched.h_n[0, 1]), ("right", alone.h_n[0, 0]))
    }
    return Mistake(
        title=sentence("h_n is read after the padding"),
        lead=sentence(
            "The shorter sequence reads on through zeros, and h_n is the state "
            "after them. Going forward, output at its last step is right too."
        ),
        notes=(
            sentence(
                "The second sequence is the input. The first is twice as long: "
                "the input, then the input again with its last step first."
            ),
            *(sentence_of(note) for note in [state_note(subject)] if note),
        ),
        wrong=Side((sentence("_, (h_n, _) = lstm(x)"),), 2, (rows["wrong"],)),
        right=Side(
            (
                sentence("packed = pack_padded_sequence(x, lengths)"),
                sentence("_, (h_n, _) = lstm(packed)"),
            ),
            2,
            (rows["right"],),
        ),
        setup=f"{built.setup}\nsequence = x[:{length}, :1]\n"
        "padded = torch.cat([sequence, sequence.roll(1, 0)]).repeat(1, 2, 1)\n"
        f"padded[{length}:, 1] = 0\n"
        "packed = torch.nn.utils.rnn.pack_padded_sequence(\n"
        f"    padded, [{2 * length}, {length}]\n"
        ")\n"
        "wrong_h_n, right_h_n = one(padded)[1][0], one(packed)[1][0]\n"
        "wrong, right = wrong_h_n[0], right_h_n[0]",
        expected="one(sequence)[1][0][0, 0]",
    )
