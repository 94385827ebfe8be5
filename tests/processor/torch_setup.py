"""Simulate a processor in each process that imports torch.

On import, torch calls the entry points `torch.backends` of distributions on the
path; the folder next to this file is such a distribution.
"""

import os


def set_up():
    """Restrict torch to the features of `LSTM_FIGS_PROCESSOR`."""
    pretended = os.environ.get("LSTM_FIGS_PROCESSOR")
    if pretended in ("no-onednn", "qnnpack"):
        _take_onednn_away()
    if pretended == "qnnpack":
        import torch

        torch.backends.quantized.engine = "qnnpack"


def _take_onednn_away():
    """Simulate a build without oneDNN, where its switch has no effect."""
    import torch

    torch._C._set_mkldnn_enabled(False)
    torch._C._has_mkldnn = False
    state = {"on": True}
    switch = type(torch.backends.mkldnn).__dict__["enabled"]
    switch.getter = lambda: state["on"]
    switch.setter = lambda on: state.update(on=on)
    torch._C._get_mkldnn_enabled = switch.getter
    torch._C._set_mkldnn_enabled = switch.setter
