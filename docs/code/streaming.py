"""Run an LSTM on a stream, a step or a chunk at a time, as in one call."""

import torch
from torch import nn


class Stream:
    """An LSTM that reads a stream step by step, and keeps its state.

    It copies the weights into one LSTMCell for each layer, which on a CPU
    takes a step much faster than the module does.
    """

    def __init__(self, lstm):
        self.cells = cells_of(lstm)
        self.reset()

    def reset(self):
        """Begin another stream."""
        self.states = [None] * len(self.cells)

    @torch.inference_mode()
    def feed(self, x_t):
        """The output (batch, hidden_size) of a step (batch, input_size)."""
        for layer, cell in enumerate(self.cells):
            self.states[layer] = cell(x_t, self.states[layer])
            x_t, _ = self.states[layer]
        return x_t


class ChunkStream:
    """The same for steps that come in groups: the module itself."""

    def __init__(self, lstm):
        self.lstm = lstm.eval()  # without dropout
        self.reset()

    def reset(self):
        """Begin another stream."""
        self.state = None

    @torch.inference_mode()
    def feed(self, x):
        """The output of a chunk, which has three axes, as the module has it."""
        if x.dim() != 3:
            raise ValueError(f"got {tuple(x.shape)}, expected three axes")
        output, self.state = self.lstm(x, self.state)
        return output


def cells_of(lstm):
    """An nn.LSTMCell with the weights of each layer of an nn.LSTM."""
    if lstm.bidirectional or lstm.proj_size:
        raise ValueError("got two directions or proj_size; a cell has neither")
    cells, sizes = [], [lstm.input_size] + [lstm.hidden_size] * lstm.num_layers
    for layer in range(lstm.num_layers):
        cell = nn.LSTMCell(*sizes[layer : layer + 2], bias=lstm.bias)
        names = {name: f"{name}_l{layer}" for name in cell.state_dict()}
        weights = lstm.state_dict()
        cell.load_state_dict({k: weights[v] for k, v in names.items()})
        cells.append(cell.to(lstm.weight_ih_l0))
    return cells


@torch.inference_mode()
def with_look_ahead(lstm, x, chunk, ahead):
    """The output of one layer in two directions, a chunk at a time.

    The forward direction goes on where the last chunk ended. The reverse
    direction starts from zeros, some steps ahead of the chunk.
    """
    h = c = zeros = x.new_zeros(1, x.shape[1], lstm.hidden_size)
    outputs = []
    for start in range(0, len(x), chunk):
        stop = start + chunk
        state = torch.cat([h, zeros]), torch.cat([c, zeros])
        output, _ = lstm(x[start : stop + ahead], state)
        outputs.append(output[:chunk])
        # The state after the chunk itself, without what lies ahead.
        _, (h_n, c_n) = lstm(x[start:stop], state)
        h, c = h_n[:1], c_n[:1]
    return torch.cat(outputs)


def difference(one, other):
    """The largest difference of two tensors."""
    return (one - other).abs().max().item()


def main():
    """Compare each way with one call over all steps."""
    torch.manual_seed(0)
    lstm, x = nn.LSTM(8, 16), torch.randn(100, 1, 8)
    with torch.inference_mode():
        output, (_, c_n) = lstm(x)

    stream = Stream(lstm)
    steps = torch.stack([stream.feed(x_t) for x_t in x])
    assert difference(steps, output) < 1e-6
    assert difference(stream.states[0][1], c_n[0]) < 1e-6
    print("step by step: as in one call")

    stream = ChunkStream(lstm)
    chunks = torch.cat([stream.feed(chunk) for chunk in x.split(30)])
    assert difference(chunks, output) < 1e-6
    print("chunks of 30 steps: as in one call")

    both = nn.LSTM(8, 16, bidirectional=True)
    with torch.inference_mode():
        output, _ = both(x)
    print("two directions, chunks of 10 steps:")
    for ahead in (0, 5, 10, 20):
        found = with_look_ahead(both, x, 10, ahead)
        assert difference(found[..., :16], output[..., :16]) < 1e-6
        wrong = difference(found[..., 16:], output[..., 16:])
        print(f"  {ahead:2} steps ahead: reverse wrong by {wrong:.0e}")


if __name__ == "__main__":
    main()
