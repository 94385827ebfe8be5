"""Which operators torch calls for each way to call an LSTM."""

import inspect
from collections.abc import Iterable, Mapping
from typing import get_args

import torch

from ..calls import Call, Called
from ..options import Value
from ..proof import SUMMED, Record, Subject
from .module import version
from .setup import ran


def operators(module: torch.nn.Module, *inputs: object) -> list[str]:
    """What the operator of a module calls, in order."""
    with torch.autograd.profiler.profile() as profile:
        module(*inputs)
    return [
        event.name.removeprefix("aten::")
        for event in profile.function_events
        if event.cpu_parent is not None
        and event.cpu_parent.name in ("aten::lstm", "aten::lstm_cell")
    ]


def record(subject: Subject, options: Mapping[str, Value]) -> Record:
    """Call a module of the subject's sizes in one way.

    Returns:
        A record whose `called` has a `Called` for the way that is asked for;
        in its setup it is a list of names.
    """
    return _record(subject, [str(options["call"])])


def record_all(subject: Subject, _: Mapping[str, Value]) -> Record:
    """As `record`, but in all ways."""
    return _record(subject, get_args(Call))


def _record(subject: Subject, calls: Iterable[str]) -> Record:
    weights = subject.weights
    seq_len, batch_size = _shape(subject)
    zeros = f"{seq_len}, {batch_size}, {weights.input_size}"
    lines = [
        inspect.getsource(operators),
        "",
        f"zeros = torch.zeros({zeros})",
        "called = {}",
    ]
    modules = {}
    for call in calls:
        modules[call] = _module(subject, call)
        lines.append(
            _CODE[call].format(
                call=f'called["{call}"]',
                module=f"torch.{modules[call]}",
                padded=_padded(subject),
            )
        )
    setup = "\n".join(lines)
    found = ran(setup)["called"]
    return Record(
        setup,
        version(),
        {
            "called": {
                call: Called(
                    module,
                    "lstm_cell" if call == "cell" else "lstm",
                    tuple(found[call]),
                )
                for call, module in modules.items()
            }
        },
    )


def _shape(subject: Subject) -> tuple[int, int]:
    """The steps and the sequences of a call."""
    return min(SUMMED, len(subject.steps)), len(subject.steps[0].h)


def _padded(subject: Subject) -> str:
    """Sequences of which each is a step shorter than the one before it.

    Those of equal lengths would not be run as packed ones.
    """
    seq_len, batch_size = _shape(subject)
    count = max(2, batch_size)
    return (
        f"\n    torch.zeros({seq_len}, {count}, {subject.weights.input_size}),"
        f"\n    [max(1, {seq_len} - n) for n in range({count})],\n"
    )


def _module(subject: Subject, call: str) -> str:
    """The module of a way to call, as it is built."""
    weights = subject.weights
    size = weights.hidden_size
    if call == "projection":
        # It has to be smaller than hidden_size.
        size = max(2, size)
    arguments = [
        str(weights.input_size),
        str(size),
        *["bias=False"] * (weights.bias_ih is None),
        *_ARGUMENTS.get(call, ()),
    ]
    kind = "LSTMCell" if call == "cell" else "LSTM"
    return f"nn.{kind}({', '.join(arguments)})"


_ARGUMENTS = {
    "two-layers": ("num_layers=2", "bidirectional=True"),
    "float64": ("dtype=torch.float64",),
    "projection": ("proj_size=1",),
}

_CODE = {
    "float32": "{call} = operators({module}, zeros)",
    "no-grad": """\
with torch.no_grad():
    {call} = operators({module}, zeros)""",
    "two-layers": "{call} = operators({module}, zeros)",
    "cell": "{call} = operators({module}, zeros[0])",
    "float64": "{call} = operators({module}, zeros.double())",
    "no-onednn": """\
before = torch.backends.mkldnn.enabled
torch.backends.mkldnn.enabled = False
{call} = operators({module}, zeros)
torch.backends.mkldnn.enabled = before""",
    "packed": """\
packed = torch.nn.utils.rnn.pack_padded_sequence({padded})
{call} = operators({module}, packed)""",
    "projection": """\
import warnings

with warnings.catch_warnings():
    # oneDNN has no projections, and torch says so once.
    warnings.simplefilter("ignore")
    {call} = operators({module}, zeros)""",
}
"""Python for each way; with oneDNN off or on, it is left as it was."""
