"""Mistakes with h_n: mixing up its layers, directions and sequences."""

from ...layout.blocks import proven_code
from ...model.layer_run import LayerRun
from ...model.lstm import run
from ...model.reference import Ref, Vector
from ...model.tensors import Trace
from ...proof.bindings import Sentence, sentence
from ...proof.runs.batches import Batch, BuiltModule, both_directions
from .mistake import Mistake, Result, Side, built_notes, captioned, scale_of, two_sequences

CAT_CODE = "torch.cat([h_n[{}], h_n[{}]], dim=1)"
"""Code that concatenates two states of h_n."""


def h_n_view(subject: LayerRun) -> Mistake:
    """Call `h_n.view(N, -1)`, which joins values of different sequences."""
    built, batch, trace, setup = _state(subject)
    scale, h_n = scale_of(trace), trace.h_n
    units = h_n.shape[2]

    def source(side: str, half: int, sequence: int) -> tuple[int, int]:
        """The direction and the sequence that a half of a row is copied from."""
        return (half, sequence) if side == "right" else (sequence, half)

    def result(side: str, half: int, sequence: int) -> Result:
        direction, source_sequence = source(side, half, sequence)
        return captioned(
            f"h_n[{direction}, {source_sequence}]",
            "h_n",
            Vector(h_n[direction, source_sequence], Ref(side)[sequence], scale, half * units),
            wrong=(direction, source_sequence) != (half, sequence),
        )

    def side(name: str, code: str) -> Side:
        # By half of a row, and by sequence.
        rows = tuple(tuple(result(name, half, n) for n in range(2)) for half in range(2))
        memory = tuple(tuple(source(name, half, n) for n in range(2)) for half in range(2))
        return Side((_code(code, name),), 2, rows, memory=memory)

    return Mistake(
        title=sentence("h_n.view mixes the sequences"),
        lead=sentence("In memory, h_n[direction, sequence] is ordered by direction first."),
        notes=tuple(built_notes(subject, built, batch)),
        wrong=side("wrong", "h_n.view(2, -1)"),
        right=side("right", CAT_CODE.format(0, 1)),
        setup=f"{setup}wrong = h_n.view(2, -1)\nright = {CAT_CODE.format(0, 1)}",
        expected="h_n[:, 1].flatten()",
        both_signature=built.signature,
    )


def h_n_last(subject: LayerRun) -> Mistake:
    """Take `h_n[-1]`, which omits the forward direction."""
    built, batch, trace, setup = _state(subject)
    scale, h_n = scale_of(trace), trace.h_n
    units = h_n.shape[2]

    def result(half: int, n: int, side: str, first: int) -> Result:
        """The state of a direction and a sequence, which begins at that column of a side."""
        values = Vector(h_n[half, n], Ref(side)[n], scale, first)
        return captioned(f"h_n[{half}, {n}]", "h_n", values, wrong=False)

    missing = (Result(caption=None, values=None, wrong=True),) * 2
    return Mistake(
        title=sentence("The last row of h_n is only the reverse state"),
        lead=sentence(
            "With two directions the last two entries of h_n are the forward "
            "and the reverse state of the last layer."
        ),
        notes=tuple(built_notes(subject, built, batch)),
        wrong=Side(
            (_code("h_n[-1]", "wrong"),),
            2,
            (missing, tuple(result(1, n, "wrong", 0) for n in range(2))),
        ),
        right=Side(
            (_code(CAT_CODE.format(-2, -1), "right"),),
            2,
            tuple(
                tuple(result(half, n, "right", half * units) for n in range(2)) for half in range(2)
            ),
        ),
        setup=f"{setup}wrong = h_n[-1]\nright = {CAT_CODE.format(-2, -1)}",
        expected="h_n[:, 1].flatten()",
        both_signature=built.signature,
    )


def _code(source: str, side: str) -> Sentence:
    """Code that yields the result of a side."""
    return proven_code(source, f"torch.allclose({source}, {side}, equal_nan=True)")


def _state(subject: LayerRun) -> tuple[BuiltModule, Batch, Trace, str]:
    """A bidirectional run: its module, its batch, its trace, and code that defines `h_n`."""
    built, batch = both_directions(subject), two_sequences(subject)
    setup = f"{built.setup}\n{batch.setup}\n_, (h_n, _) = both(batch)\n"
    return built, batch, run(built.stack, batch.x), setup
