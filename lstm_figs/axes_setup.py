"""What a preamble says about the order of axes: torch is asked in each form."""

from collections.abc import Collection

from .proof import Subject
from .tensors import signature

FIRST = ("x_first", "output_first", "h_n_first", "c_n_first")
"""The same run with `batch_first=True`."""

ONE = ("x_one", "output_one", "h_n_one", "c_n_one")
"""The same run of the last sequence alone, without a batch axis."""


def lines(subject: Subject, names: Collection[str]) -> list[str]:
    """Python that makes those of the names which are asked for.

    Args:
        subject: What is shown.
        names: What is asked for, among other names.
    """
    made = []
    if {*FIRST} & {*names}:
        built = signature(subject.trace.weights, "LSTM", batch_first=True)
        made += ["", _FIRST.format(built=built)]
    if {*ONE} & {*names}:
        cell = subject.trace.kind == "LSTMCell"
        made += ["", _ONE_CELL if cell else _ONE]
    return made


_FIRST = """\
# The same weights and input, with the batch first. The states are as before.
batch_first = torch.nn.{built}
batch_first.load_state_dict(lstm.state_dict())
x_first = x.transpose(0, 1)
output_first, (h_n_first, c_n_first) = batch_first(x_first, (h_0, c_0))"""

_ONE = """\
# The last sequence alone, without a batch.
x_one = x[:, -1]
output_one, (h_n_one, c_n_one) = lstm(x_one, (h_0[:, -1], c_0[:, -1]))"""

_ONE_CELL = """\
# The last row alone, without a batch.
x_one = x[0, -1]
h_n_one, c_n_one = cell(x_one, (h_0[0, -1], c_0[0, -1]))"""
