import os
import platform
from pathlib import Path

import torch
from packaging.version import Version

from tests.processor import has_bfloat16, has_onednn
from tests.site.facts.common import module, randn, refusal

PRIMITIVE = "LSTM forward propagation primitive"
"""The beginning of oneDNN's error."""
ERROR = "error"
HALVES = torch.bfloat16, torch.float16
IS_OLD = Version(torch.__version__) < Version("2.13")
"""Whether this torch has different messages, and a cache of casts without gradients."""


def autocast_list():
    """The header that lists what autocast casts on a GPU."""
    folder = Path(torch.__file__).parent / "include/ATen"
    return (folder / "autocast_mode.h").read_text("utf-8")


def outcome(dtype, casts, converts=False):
    """The dtype of `output` in autocast, or of a converted module; or an error."""
    lstm, x = module(), randn(4, 1, 3)
    if converts:
        return lstm.to(dtype)(x.to(dtype))[0].dtype
    with torch.autocast("cpu", dtype=dtype):
        inputs = x.to(dtype) if casts else x
        return ERROR if PRIMITIVE in refusal(lambda: lstm(inputs)) else lstm(inputs)[0].dtype


def outcomes(dtype):
    """A row of the table for this processor."""
    return [outcome(dtype, False), outcome(dtype, True), outcome(dtype, True, converts=True)]


def processor_is_other(avx512):
    """Whether a row of the table is about a different processor or build of torch."""
    limits = [name in os.environ for name in ("ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA")]
    if platform.machine() not in ("x86_64", "AMD64") or limits[0] != limits[1]:
        return True
    has_it = "AVX512" in torch.backends.cpu.get_cpu_capability()
    return not has_onednn() or has_it != avx512


def has_no_primitive(dtype):
    """Whether oneDNN lacks what autocast asks it for."""
    return outcome(dtype, casts=False) == ERROR


def with_state(weights, state):
    """What a module says of a state of another dtype, outside autocast."""
    lstm, x = module(dtype=weights), randn(4, 1, 3).to(weights)
    return refusal(lambda: lstm(x, [randn(1, 1, 2).to(state)] * 2))


def ways_out():
    lstm, x = module(), randn(4, 1, 3)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        with torch.autocast("cpu", enabled=False):
            outputs = [lstm(x.float())[0]]
        outputs.append(lstm(x.bfloat16())[0])
        with torch.backends.mkldnn.flags(enabled=False):
            outputs.append(lstm(x)[0])
    return [*outputs, module().bfloat16()(x.bfloat16())[0]]


def distances():
    """How far each way out is from float32."""
    exact = module()(randn(4, 1, 3))[0]
    return [(output - exact).abs().max().item() for output in ways_out()]


def casts_where_onednn_cannot():
    """Whether torch's code runs an input in half where oneDNN does not."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        name = module()(randn(4, 1, 3).bfloat16())[0].grad_fn.name()
    return ("Mkldnn" in name) == has_bfloat16()


def autocast_takes_any_state():
    lstm, x = module(), randn(4, 1, 3).bfloat16()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        for dtype in (torch.float32, *HALVES):
            lstm(x, [randn(1, 1, 2).to(dtype)] * 2)
    return True


def cell_keeps_c_in_float32():
    cell, x = torch.nn.LSTMCell(3, 2), randn(4, 1, 3)
    state = torch.zeros(1, 2), torch.zeros(1, 2)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        for x_t in x:
            state = cell(x_t, state)
    return state[1].dtype == torch.float32


def learns_after_no_grad():
    """Whether a weight that was used under no_grad first gets a gradient."""
    first = torch.nn.Linear(3, 3)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        with torch.no_grad():
            first(randn(4, 3))
        output = first(randn(4, 3))
    return output.requires_grad
