"""Other processors, which tests run as if on, and what this one can do."""

import os
import sys
from pathlib import Path

PROCESSORS = {
    "avx2": {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2"},
    "no-onednn": {},
    "qnnpack": {},
}
"""What the environment says for each: one without AVX-512, one for which torch
is built without oneDNN, and one that has QNNPACK in place of FBGEMM as well.
"""


def has_onednn() -> bool:
    """Whether this torch is built with oneDNN, which runs an LSTM in float32.

    One for Apple's processors is not.
    """
    import torch

    return torch.backends.mkldnn.is_available()


def has_bfloat16() -> bool:
    """Whether oneDNN has an LSTM in bfloat16 for this processor."""
    import torch

    lstm, x = torch.nn.LSTM(3, 2).bfloat16(), torch.zeros(4, 1, 3).bfloat16()
    return "Mkldnn" in lstm(x)[0].grad_fn.name()


def pretend_processor(name: str) -> None:
    """Let this process and all that it starts work as on a processor.

    It has to come before torch is imported.
    """
    assert "torch" not in sys.modules
    folder = str(Path(__file__).parent)
    sys.path.append(folder)
    path = os.environ.get("PYTHONPATH")
    os.environ.update(
        PROCESSORS[name],
        LSTM_FIGS_PROCESSOR=name,
        PYTHONPATH=os.pathsep.join([folder, *[path] * bool(path)]),
    )
