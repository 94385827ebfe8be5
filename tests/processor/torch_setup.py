"""Have torch work as on another processor, in each process that imports it.

When torch has been imported, it calls what a distribution in Python's path
names for `torch.backends`; the folder beside this file is one.
"""

import os


def set_up() -> None:
    """Let torch do what it can on the processor of `LSTM_FIGS_PROCESSOR`."""
    pretended = os.environ.get("LSTM_FIGS_PROCESSOR")
    if pretended in ("no-onednn", "qnnpack"):
        _take_onednn_away()
    if pretended == "qnnpack":
        import torch

        torch.backends.quantized.engine = "qnnpack"


def _take_onednn_away() -> None:
    """Work as a build without oneDNN, where its switch does nothing."""
    import torch

    torch._C._set_mkldnn_enabled(False)
    torch._C._has_mkldnn = False
    state = {"on": True}
    switch = type(torch.backends.mkldnn).__dict__["enabled"]
    switch.getter = lambda: state["on"]
    switch.setter = lambda on: state.update(on=on)
    torch._C._get_mkldnn_enabled = switch.getter
    torch._C._set_mkldnn_enabled = switch.setter
