"""Count the operators of an LSTM for eight ways to call it."""

import warnings
from collections import Counter

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


def operators(module, *inputs):
    """The operators that `aten::lstm` or `aten::lstm_cell` calls directly."""
    with torch.autograd.profiler.profile() as profile:
        module(*inputs)
    return Counter(
        event.name.removeprefix("aten::")
        for event in profile.function_events
        if event.cpu_parent is not None
        and event.cpu_parent.name in ("aten::lstm", "aten::lstm_cell")
    )


def without_onednn():
    """The same call with oneDNN switched off."""
    before = torch.backends.mkldnn.enabled
    torch.backends.mkldnn.enabled = False
    try:
        return operators(lstm, x)
    finally:
        torch.backends.mkldnn.enabled = before


def without_gradients():
    """The same call with autograd off."""
    with torch.no_grad():
        return operators(lstm, x)


lstm, x = nn.LSTM(3, 2), torch.zeros(5, 2, 3)
packed = pack_padded_sequence(x, [5, 4])
called = {
    "`lstm(x)`": operators(lstm, x),
    "under `torch.no_grad()`": without_gradients(),
    "`num_layers=2, bidirectional=True`": operators(
        nn.LSTM(3, 2, num_layers=2, bidirectional=True), x
    ),
    "`LSTMCell`, one step": operators(nn.LSTMCell(3, 2), x[0]),
    "`float64`": operators(nn.LSTM(3, 2).double(), x.double()),
    "oneDNN switched off": without_onednn(),
    "packed, lengths 5 and 4": operators(lstm, packed),
}
with warnings.catch_warnings():
    # torch warns once that oneDNN has no projections.
    warnings.simplefilter("ignore")
    called["`proj_size=1`"] = operators(nn.LSTM(3, 2, proj_size=1), x)

print("| Call | Run by | Operators, and how often |")
print("| --- | --- | --- |")
for way, counts in called.items():
    runs = "oneDNN" if "mkldnn_rnn_layer" in counts else "native"
    calls = ", ".join(f"`{name}` {n}" for name, n in counts.most_common())
    print(f"| {way} | {runs} | {calls} |")
