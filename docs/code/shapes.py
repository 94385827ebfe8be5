"""The output shapes and parameter counts of five modules."""

import torch

modules = {
    "1 layer": {},
    "2 layers": {"num_layers": 2},
    "2 directions": {"bidirectional": True},
    "2 of both": {"num_layers": 2, "bidirectional": True},
    "batch_first": {"batch_first": True},
}
columns = "{:13}{:11}{:11}{:>5}"
print(columns.format("", "output", "h_n, c_n", "count"))
for name, arguments in modules.items():
    lstm = torch.nn.LSTM(10, 20, **arguments)
    x = torch.zeros(5, 3, 10)  # 5 steps of 3 sequences
    if lstm.batch_first:
        x = x.transpose(0, 1)
    output, (h_n, c_n) = lstm(x)
    assert h_n.shape == c_n.shape
    shapes = (str(tuple(tensor.shape)) for tensor in (output, h_n))
    count = sum(parameter.numel() for parameter in lstm.parameters())
    print(columns.format(name, *shapes, count))
