"""One pass of an LSTM over a batch, written out and compared with nn.LSTM."""

import torch

torch.manual_seed(0)
input_size, hidden_size, seq_len, batch_size = 3, 2, 5, 4
lstm = torch.nn.LSTM(input_size, hidden_size)
x = torch.randn(seq_len, batch_size, input_size)


def step(x_t, h_prev, c_prev, weight_ih, weight_hh, bias_ih, bias_hh):
    """Advance by one step: the state goes in and comes out."""
    z = x_t @ weight_ih.T + bias_ih + h_prev @ weight_hh.T + bias_hh
    z_i, z_f, z_g, z_o = z.chunk(4, dim=1)
    i, f, g, o = z_i.sigmoid(), z_f.sigmoid(), z_g.tanh(), z_o.sigmoid()
    c = f * c_prev + i * g
    h = o * c.tanh()
    return h, c


with torch.no_grad():
    h = c = torch.zeros(batch_size, hidden_size)
    outputs = []
    for x_t in x:
        h, c = step(x_t, h, c, *lstm.parameters())
        outputs.append(h)
    output = torch.stack(outputs)

    expected, (h_n, c_n) = lstm(x)

pairs = {"output": (output, expected), "h_n": (h, h_n[0]), "c_n": (c, c_n[0])}
for name, (computed, expected) in pairs.items():
    difference = (computed - expected).abs().max().item()
    assert difference < 1e-6
    print(f"{name:7} {tuple(expected.shape)!s:10} differs by {difference:.0e}")
