import torch


def hands_everything_to_an_operator() -> bool:
    names = {*torch.nn.LSTM.forward.__code__.co_names}
    return {"_VF", "lstm"} <= names and not names & {"sigmoid", "tanh", "chunk"}
