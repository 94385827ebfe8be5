"""Python that runs a module with its axes in other orders."""

from ..proof import Subject
from ..tensors import signature


def setup(subject: Subject) -> str:
    """Names that end in `_first` and `_one`.

    The first are those of a run with `batch_first=True`, which a cell does
    not have; the second those of the last sequence without a batch axis.
    """
    if subject.trace.kind == "LSTMCell":
        return _ONE_CELL
    built = signature(subject.trace.weights, "LSTM", batch_first=True)
    return f"{_FIRST.format(built=built)}\n\n{_ONE}"


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
# The last row of the first step alone, without a batch.
x_one = x[0, -1]
h_n_one, c_n_one = cell(x_one, (h_0[0, -1], c_0[0, -1]))"""
