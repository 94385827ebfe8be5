"""What holds `autograd` to the truth."""

from tests.binding.shared import STEPS, every

OF_ONEDNN = True
"""A note says what the module itself records."""

KEEPING = ("tanh_c", "i", "f", "g", "o")
"""Nodes whose result is kept, and shown."""

OTHERS = (
    *("h", "shown", "c", "kept", "added", "z.chunk(4)", "z", "ih", "hh"),
    *("weight_ih.T", "weight_hh.T", "weight_hr.T"),
    *("weight_ih", "weight_hh", "weight_hr", "bias_ih", "bias_hh"),
    *("h_prev", "c_prev"),
)


def _node(id: str) -> str:
    keeps = f" keeps {{*recorded['{id}'].grad_fn._saved_result[0]}} and"
    return f"{{=after({id!r})[0]}} of {id}{keeps if id in KEEPING else ''} {{=after({id!r})[1]}}"


def _own(kind: str, result: str) -> tuple[str, ...]:
    """What the module records itself: one node by its name, or a count."""
    return (
        *every(f"nn.{kind} itself records one node for ", STEPS, f": {{={result}.grad_fn.name()}}"),
        *every(
            f"nn.{kind} itself records {{sum(len(n.next_functions) > 0 for n "
            f"in nodes({result}))}} operations for ",
            STEPS,
        ),
    )


CLAUSES = (
    "a graph from h and c back to the leaves",
    *map(_node, (*OTHERS, *KEEPING)),
    *_own("LSTMCell", "h_n"),
    *_own("LSTM", "output"),
)
