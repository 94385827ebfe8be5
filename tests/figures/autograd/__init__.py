from tests.binding.clauses import STEPS

NEEDS_ONEDNN = True
"""A note shows the operations that the module itself records."""

SAVED_RESULTS = ("tanh_c", "i", "f", "g", "o")
"""Nodes that save their result, which is drawn."""

OTHER_NODES = (
    *("h", "shown", "c", "kept", "added", "z.chunk(4)", "z", "ih", "hh"),
    *("weight_ih.T", "weight_hh.T", "weight_hr.T"),
    *("weight_ih", "weight_hh", "weight_hr", "bias_ih", "bias_hh"),
    *("h_prev", "c_prev"),
)


def _node(id):
    keeps = f" keeps {{*recorded['{id}'].grad_fn._saved_result[0]}} and"
    return (
        f"{{=after({id!r})[0]}} of {id}{keeps if id in SAVED_RESULTS else ''} {{=after({id!r})[1]}}"
    )


def _own(kind, result):
    """Clauses for what the module itself records: the name of a node, or a count."""
    return (
        f"nn.{kind} itself records one node for {STEPS}: {{={result}.grad_fn.name()}}",
        f"nn.{kind} itself records {{sum(len(n.next_functions) > 0 for n "
        f"in nodes({result}))}} operations for {STEPS}",
    )


DESCRIPTION_CLAUSES = (
    "a graph from h and c back to the leaves",
    *map(_node, (*OTHER_NODES, *SAVED_RESULTS)),
    *_own("LSTMCell", "h_n"),
    *_own("LSTM", "output"),
)
