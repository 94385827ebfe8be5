"""Record which operators torch calls for each way to call an LSTM."""

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
    """Call a module of the same form in one way, see `calls.MAX_SIZE`.

    Returns:
        A record whose value `called` has a `Called` for the requested way. Its
        setup defines `called` as a list of names.
    """
    call = str(options["call"])
    weights = subject.weights
    seq_len, batch_size = _call_shape(subject)
    own_sizes = weights.input_size, weights.hidden_size
    small = called_sizes(*own_sizes)
    operator = "lstm_cell" if call == "cell" else "lstm"
    lines = [inspect.getsource(operators), ""]
    if small != own_sizes:
        lines.append(_SMALL)
    lines += [
        f"module = torch.{_constructor_code(subject, call, *small)}",
        f"zeros = torch.zeros({seq_len}, {batch_size}, {small[0]})",
        "called = {}",
        _CODE[call].format(call=f'called["{call}"]', padded=_padding_code(subject, small[0])),
    ]
    setup = "\n".join(lines)
    module, names = _call_operators(setup, torch.backends.mkldnn.enabled)
    called = Called(module, operator, names[call])
    return Record(setup, version(), {"called": {call: called}})


@lru_cache(maxsize=64)
def _call_operators(setup: str, onednn: bool) -> tuple[str, dict[str, tuple[str, ...]]]:
    """A module and the operators it calls; cached, because figures share setups.

    Args:
        setup: Python that builds the module and calls it.
        onednn: Whether torch may use oneDNN; the setup does not change that.
    """
    namespace = namespace_after(setup)
    names = {call: tuple(each) for call, each in namespace["called"].items()}
    return f"nn.{namespace['module']}", names


def _call_shape(subject: LayerRun) -> tuple[int, int]:
    """The number of steps and sequences of a call, with fewer steps than a long run has."""
    return min(MAX_SUMMED_STEPS, len(subject.steps)), len(subject.steps[0].h)


def _padding_code(subject: LayerRun, input_size: int) -> str:
    """Python for sequences each one step shorter than the previous.

    They are at least two, because torch does not treat sequences of equal lengths as packed.
    """
    seq_len, batch_size = _call_shape(subject)
    count = max(2, batch_size)
    return (
        f"lengths = [max(1, {seq_len} - n) for n in range({count})]\n"
        f"padded = torch.zeros({seq_len}, {count}, {input_size})"
    )


def _constructor_code(subject: LayerRun, call: str, input_size: int, hidden_size: int) -> str:
    """The constructor call of the module for a way of calling."""
    if call == "projection":
        # proj_size must be smaller than hidden_size.
        hidden_size = max(2, hidden_size)
    arguments = [str(input_size), str(hidden_size)]
    if subject.weights.bias_ih is None:
        arguments.append("bias=False")
    arguments += _ARGUMENTS.get(call, ())
    kind = "LSTMCell" if call == "cell" else "LSTM"
    return f"nn.{kind}({', '.join(arguments)})"


_SMALL = """\
# The module with fewer inputs and units: how often it calls operators depends
# on neither."""
"""The comment before a smaller module that is called as a stand-in."""

_ARGUMENTS = {
    "two-layers": ("num_layers=2", "bidirectional=True"),
    "float64": ("dtype=torch.float64",),
    "projection": ("proj_size=1",),
}
"""Way of calling -> its arguments beside the sizes."""

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
"""The Python code of each way. The setting of oneDNN is restored afterwards."""
