"""The listings of the page about a cell of your own, to import."""

import torch


class Cell(torch.nn.Module):
    """The equations of nn.LSTM."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.ih = torch.nn.Linear(input_size, 4 * hidden_size)
        self.hh = torch.nn.Linear(hidden_size, 4 * hidden_size)

    def forward(self, x, h, c):
        """The next h and c."""
        z = self.ih(x) + self.hh(h)
        z_i, z_f, z_g, z_o = z.chunk(4, dim=-1)
        i, f, o = z_i.sigmoid(), z_f.sigmoid(), z_o.sigmoid()
        c = f * c + i * z_g.tanh()
        return o * c.tanh(), c


def with_weights_of(lstm, cell, suffix="_l0"):
    """The cell, with the weights of a module."""
    names = {
        f"{part}.{kind}": getattr(lstm, f"{kind}_{part}{suffix}")
        for part in ("ih", "hh")
        for kind in ("weight", "bias")
    }
    _ = cell.load_state_dict(names, strict=False)
    return cell


def run(cell, x, state=None):
    """The output at every step, and the last h and c."""
    if state is None:
        zeros = x.new_zeros(x.shape[1], cell.hh.in_features)
        state = zeros, zeros
    outputs = []
    for x_t in x:
        state = cell(x_t, *state)
        outputs.append(state[0])
    return torch.stack(outputs), state


def run_padded(cell, x, lengths, state=None):
    """`run`, where each sequence of the batch ends at its own length."""
    if state is None:
        zeros = x.new_zeros(x.shape[1], cell.hh.in_features)
        state = zeros, zeros
    outputs = []
    for t, x_t in enumerate(x):
        there = (t < lengths)[:, None]
        after = cell(x_t, *state)
        state = tuple(
            torch.where(there, new, old) for new, old in zip(after, state)
        )
        outputs.append(torch.where(there, state[0], 0))
    return torch.stack(outputs), state


def turned(x, lengths):
    """Each sequence from its end to its start; padding stays behind it."""
    steps = torch.arange(len(x), device=x.device)[:, None]
    places = torch.where(steps < lengths, lengths - 1 - steps, steps)
    return x.gather(0, places[:, :, None].expand_as(x))


class Layers(torch.nn.Module):
    """Layers and directions of any cell."""

    def __init__(
        self,
        make_cell,
        input_size,
        hidden_size,
        num_layers=1,
        bidirectional=False,
        between=torch.nn.Identity(),
    ):
        super().__init__()
        directions = 1 + bidirectional
        sizes = [input_size] + [directions * hidden_size] * (num_layers - 1)
        self.layers = torch.nn.ModuleList(
            torch.nn.ModuleList(
                make_cell(size, hidden_size) for _ in range(directions)
            )
            for size in sizes
        )
        self.between = between

    def forward(self, x, lengths=None):
        """The output, and h_n and c_n."""
        if lengths is None:
            lengths = torch.full(x.shape[1:2], len(x), device=x.device)
        states = []
        for layer, cells in enumerate(self.layers):
            if layer > 0:
                x = self.between(x)
            output, state = run_padded(cells[0], x, lengths)
            states.append(state)
            if len(cells) == 2:
                back = turned(x, lengths)
                back, state = run_padded(cells[1], back, lengths)
                output = torch.cat([output, turned(back, lengths)], dim=2)
                states.append(state)
            x = output
        h_n, c_n = (torch.stack(parts) for parts in zip(*states))
        return x, (h_n, c_n)
