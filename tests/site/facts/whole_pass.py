"""What `whole-pass` quotes."""

import torch


def hands_everything_to_an_operator() -> bool:
    """Whether the module's Python has no gate, and calls `_VF.lstm`."""
    names = {*torch.nn.LSTM.forward.__code__.co_names}
    return {"_VF", "lstm"} <= names and not names & {"sigmoid", "tanh", "chunk"}
