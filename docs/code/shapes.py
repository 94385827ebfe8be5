"""The shapes of five modules, and how many parameters each has."""

import torch

modules = {
    "nn.LSTM(10, 20)": {},
    "num_layers=2": {"num_layers": 2},
    "bidirectional=True": {"bidirectional": True},
    "both": {"num_layers": 2, "bidirectional": True},
    "batch_first=True": {"batch_first": True},
}
columns = "{:20}{:14}{:14}{:14}{:14}{:>10}"
print(columns.format("", "input", "output", "h_n", "c_n", "parameters"))
for name, arguments in modules.items():
    lstm = torch.nn.LSTM(10, 20, **arguments)
    x = torch.zeros(5, 3, 10)  # 5 steps of 3 sequences
    if lstm.batch_first:
        x = x.transpose(0, 1)
    output, (h_n, c_n) = lstm(x)
    shapes = (str(tuple(tensor.shape)) for tensor in (x, output, h_n, c_n))
    count = sum(parameter.numel() for parameter in lstm.parameters())
    print(columns.format(name, *shapes, count))
