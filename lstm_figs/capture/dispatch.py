"""Which operators torch calls for each way to call an LSTM."""

import inspect
from collections.abc import Mapping
from functools import lru_cache

import torch

from ..model.calls import Called, called_sizes
from ..model.layer_run import MAX_SUMMED_STEPS, LayerRun, Record
from ..options import Value
from .execution import namespace_after
from .module import version


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


def record(subject: LayerRun, options: Mapping[str, Value]) -> Record:
    """Call a module of the subject's form in one way, see `calls.MOST`.

    Returns:
        A record whose `called` has a `Called` for the way that is asked for;
        in its setup it is a list of names.
    """
    call = str(options["call"])
    weights = subject.weights
    seq_len, batch_size = _shape(subject)
    own = weights.input_size, weights.hidden_size
    small = called_sizes(*own)
    operator = "lstm_cell" if call == "cell" else "lstm"
    lines = [
        inspect.getsource(operators),
        "",
        *[_SMALL] * (small != own),
        f"module = torch.{_module(subject, call, *small)}",
        f"zeros = torch.zeros({seq_len}, {batch_size}, {small[0]})",
        "called = {}",
    ]
    lines.append(_CODE[call].format(call=f'called["{call}"]', padded=_padded(subject, small[0])))
    setup = "\n".join(lines)
    module, names = _called(setup, torch.backends.mkldnn.enabled)
    called = Called(module, operator, names[call])
    return Record(setup, version(), {"called": {call: called}})


@lru_cache(maxsize=64)
def _called(setup: str, onednn: bool) -> tuple[str, dict[str, tuple[str, ...]]]:
    """A module and what it calls; figures of one form share their setup.

    Args:
        setup: What makes the module and calls it.
        onednn: Whether torch may use it, which the setup leaves as it is.
    """
    namespace = namespace_after(setup)
    names = {call: tuple(each) for call, each in namespace["called"].items()}
    return f"nn.{namespace['module']}", names


def _shape(subject: LayerRun) -> tuple[int, int]:
    """The steps and the sequences of a call."""
    return min(MAX_SUMMED_STEPS, len(subject.steps)), len(subject.steps[0].h)


def _padded(subject: LayerRun, input_size: int) -> str:
    """Sequences of which each is a step shorter than the one before it.

    Those of equal lengths would not be run as packed ones.
    """
    seq_len, batch_size = _shape(subject)
    count = max(2, batch_size)
    return (
        f"lengths = [max(1, {seq_len} - n) for n in range({count})]\n"
        f"padded = torch.zeros({seq_len}, {count}, {input_size})"
    )


def _module(subject: LayerRun, call: str, input_size: int, hidden_size: int) -> str:
    """The module of a way to call, as it is built."""
    if call == "projection":
        # It has to be smaller than hidden_size.
        hidden_size = max(2, hidden_size)
    arguments = [
        str(input_size),
        str(hidden_size),
        *["bias=False"] * (subject.weights.bias_ih is None),
        *_ARGUMENTS.get(call, ()),
    ]
    kind = "LSTMCell" if call == "cell" else "LSTM"
    return f"nn.{kind}({', '.join(arguments)})"


_SMALL = """\
# The module with fewer inputs and units: how often it calls operators depends
# on neither."""

_ARGUMENTS = {
    "two-layers": ("num_layers=2", "bidirectional=True"),
    "float64": ("dtype=torch.float64",),
    "projection": ("proj_size=1",),
}

_CODE = {
    "float32": "{call} = operators(module, zeros)",
    "no-grad": """\
with torch.no_grad():
    {call} = operators(module, zeros)""",
    "two-layers": "{call} = operators(module, zeros)",
    "cell": "{call} = operators(module, zeros[0])",
    "float64": "{call} = operators(module, zeros.double())",
    "no-onednn": """\
before = torch.backends.mkldnn.enabled
torch.backends.mkldnn.enabled = False
{call} = operators(module, zeros)
torch.backends.mkldnn.enabled = before""",
    "packed": """\
{padded}
packed = torch.nn.utils.rnn.pack_padded_sequence(padded, lengths)
{call} = operators(module, packed)""",
    "projection": """\
import warnings

with warnings.catch_warnings():
    # oneDNN has no projections, and torch says so once.
    warnings.simplefilter("ignore")
    {call} = operators(module, zeros)""",
}
"""Python for each way; with oneDNN off or on, it is left as it was."""
