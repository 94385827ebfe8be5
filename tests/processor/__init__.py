"""Simulate other processors in tests, and detect features of this one."""

import os
import sys
from pathlib import Path

PROCESSORS = {
    "avx2": {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2"},
    "no-onednn": {},
    "qnnpack": {},
}
"""Environment variables to simulate each: a processor without AVX-512, a build of torch
without oneDNN, and one that has QNNPACK in place of FBGEMM as well.
"""


def has_onednn():
    """Whether torch is built with oneDNN, which runs an LSTM in float32.

    Builds for Apple's processors are not.
    """
    import torch

    return torch.backends.mkldnn.is_available()


def has_bfloat16():
    """Whether oneDNN has an LSTM in bfloat16 for this processor."""
    import torch

    lstm, x = torch.nn.LSTM(3, 2).bfloat16(), torch.zeros(4, 1, 3).bfloat16()
    return "Mkldnn" in lstm(x)[0].grad_fn.name()


def pretend_processor(name):
    """Make this process and its children work as on a processor.

    Call it before torch is imported.
    """
    assert "torch" not in sys.modules
    folder = str(Path(__file__).parent)
    sys.path.append(folder)
    path = os.environ.get("PYTHONPATH")
    os.environ.update(
        PROCESSORS[name],
        LSTM_FIGS_PROCESSOR=name,
        PYTHONPATH=os.pathsep.join([folder, path] if path else [folder]),
    )
