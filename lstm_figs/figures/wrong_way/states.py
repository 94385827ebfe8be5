"""Mistakes with h_n: which rows of it belong together."""

from ...model.lstm import run
from ...model.tensors import Trace
from ...proof.runs.batches import Batch, Built, both_ways
from ...proof.subject import Subject
from .mistake import (
    Block,
    Mistake,
    Side,
    described,
    made,
    numbers,
    scale_of,
    sequences,
    two,
)


def h_n_view(subject: Subject) -> Mistake:
    """h_n.view(N, -1) takes what lies beside each other for a sequence."""
    both, batch, trace, setup = _state(subject)
    scale, h_n = scale_of(trace), trace.h_n
    units = h_n.shape[2]

    def block(side: str, half: int, column: int) -> Block:
        index = (half, column) if side == "right" else (column, half)
        expr = f"{side}[{column}, {half * units} + {{}}]"
        return Block(
            f"h_n[{index[0]}, {index[1]}]",
            numbers(h_n[index], expr, scale),
            index != (half, column),
        )

    def rows(side: str) -> tuple[tuple[Block, ...], ...]:
        return tuple(
            tuple(block(side, half, n) for n in range(2)) for half in range(2)
        )

    return Mistake(
        "A view of h_n mixes the sequences",
        f"{described(both, batch)}: h_n has the shape {h_n.shape}",
        (
            "h_n[1, 0] is the reverse state of sequence 0. view reads h_n in "
            "the order in which it lies in memory, so it ends up in the row "
            "of sequence 1.",
            *made(subject, both, batch),
        ),
        Side(("h_n.view(2, -1)",), sequences(batch), rows("wrong")),
        Side(
            ("torch.cat([h_n[0], h_n[1]], dim=1)",),
            sequences(batch),
            rows("right"),
        ),
        setup + "wrong = state.view(2, -1)\n"
        "right = torch.cat([state[0], state[1]], dim=1)",
    )


def h_n_last(subject: Subject) -> Mistake:
    """h_n[-1] leaves the forward state out."""
    both, batch, trace, setup = _state(subject)
    scale, h_n = scale_of(trace), trace.h_n
    units = h_n.shape[2]

    def block(half: int, n: int, expr: str) -> Block:
        return Block(
            f"h_n[{half}, {n}]", numbers(h_n[half, n], expr, scale), False
        )

    return Mistake(
        "h_n[-1] is only the reverse state",
        f"{described(both, batch)}: h_n has the shape {h_n.shape}",
        (
            "With two directions h_n ends with the forward and the reverse "
            "state of the top layer; h_n[-1] is the second of them alone.",
            *made(subject, both, batch),
        ),
        Side(
            ("h_n[-1]",),
            sequences(batch),
            (
                tuple(Block(f"h_n[0, {n}]", None, True) for n in range(2)),
                tuple(block(1, n, f"wrong[{n}, {{}}]") for n in range(2)),
            ),
        ),
        Side(
            ("torch.cat([h_n[-2], h_n[-1]], dim=1)",),
            sequences(batch),
            tuple(
                tuple(
                    block(half, n, f"right[{n}, {half * units} + {{}}]")
                    for n in range(2)
                )
                for half in range(2)
            ),
        ),
        setup + "wrong = state[-1]\n"
        "right = torch.cat([state[-2], state[-1]], dim=1)",
    )


def _state(subject: Subject) -> tuple[Built, Batch, Trace, str]:
    """A run in both directions, and Python that makes its `state`."""
    both, batch = both_ways(subject), two(subject)
    setup = f"{both.setup}\n{batch.setup}\n_, (state, _) = both(batch)\n"
    return both, batch, run(both.stack, batch.x), setup
