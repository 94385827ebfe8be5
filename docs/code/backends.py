"""One LSTM, run by oneDNN, by PyTorch's own operators and by a cell."""

import torch

torch.manual_seed(0)
lstm, cell = torch.nn.LSTM(3, 2), torch.nn.LSTMCell(3, 2)
cell.load_state_dict(
    {name.removesuffix("_l0"): p for name, p in lstm.named_parameters()}
)
x = torch.randn(5, 1, 3)

with torch.no_grad():
    by_default, _ = lstm(x)

    torch.backends.mkldnn.enabled = False
    native, _ = lstm(x)
    torch.backends.mkldnn.enabled = True

    state, steps = None, []
    for x_t in x:
        state = cell(x_t, state)
        steps.append(state[0])
    in_a_loop = torch.stack(steps)

    in_float64, _ = lstm.double()(x.double())

print(f"torch {torch.__version__.partition('+')[0]}")
others = {"oneDNN off": native, "LSTMCell": in_a_loop, "float64": in_float64}
for name, output in others.items():
    difference = (output - by_default).abs().max().item()
    assert difference < 1e-6
    print(f"{name:10} differs by less than 1e-6")
