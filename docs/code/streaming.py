"""Run an LSTM on a stream, by steps or chunks, with the result of one call."""

import torch
from torch import nn


class Stream:
    """Run an LSTM one step at a time, and keep its state.

    The weights are copied into one LSTMCell per layer, because on a CPU a cell
    is much faster than the module for a single step.
    """

    def __init__(self, lstm):
        self.cells = cells_of(lstm)
        self.reset()

    def reset(self):
        """Start a new stream."""
        self.states = [None] * len(self.cells)

    @torch.inference_mode()
    def feed(self, x_t):
        """The output (batch, hidden_size) of a step (batch, input_size)."""
        for layer, cell in enumerate(self.cells):
            self.states[layer] = cell(x_t, self.states[layer])
            x_t, _ = self.states[layer]
        return x_t


class ChunkStream:
    """Run an LSTM one chunk at a time, and keep its state."""

    def __init__(self, lstm):
        self.lstm = lstm.eval()  # without dropout
        self.reset()

    def reset(self):
        """Start a new stream."""
        self.state = None

    @torch.inference_mode()
    def feed(self, x):
        """The output of a chunk."""
        if x.dim() != 3:
            raise ValueError(f"got {tuple(x.shape)}, expected three axes")
        output, self.state = self.lstm(x, self.state)
        return output


def cells_of(lstm):
    """One nn.LSTMCell per layer of an nn.LSTM, with its weights."""
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
    """The output of a bidirectional layer, one chunk at a time.

    The forward direction continues from the last chunk. The reverse direction
    starts from zeros, `ahead` steps after the chunk.
    """
    h = c = zeros = x.new_zeros(1, x.shape[1], lstm.hidden_size)
    outputs = []
    for start in range(0, len(x), chunk):
        stop = start + chunk
        state = torch.cat([h, zeros]), torch.cat([c, zeros])
        output, _ = lstm(x[start : stop + ahead], state)
        outputs.append(output[:chunk])
        # The state after the chunk alone, without the steps ahead.
        _, (h_n, c_n) = lstm(x[start:stop], state)
        h, c = h_n[:1], c_n[:1]
    return torch.cat(outputs)


def difference(first, second):
    """The largest absolute difference."""
    return (first - second).abs().max().item()


def main():
    """Compare each method with one call over all steps."""
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
        streamed = with_look_ahead(both, x, 10, ahead)
        assert difference(streamed[..., :16], output[..., :16]) < 1e-6
        wrong = difference(streamed[..., 16:], output[..., 16:])
        print(f"  {ahead:2} steps ahead: reverse wrong by {wrong:.0e}")


if __name__ == "__main__":
    main()
