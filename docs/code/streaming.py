"""Run an LSTM on a stream, a step or a chunk at a time, as in one call."""

import torch
from torch import nn


class Stream:
    """An LSTM that reads a stream, and keeps its state from step to step."""

    def __init__(self, lstm):
        self.lstm = lstm.eval()  # without dropout
        self.reset()

    def reset(self):
        """Begin another stream."""
        self.state = None

    @torch.inference_mode()
    def feed(self, x_t):
        """The output (batch, hidden_size) of a step (batch, input_size)."""
        output, self.state = self.lstm(x_t[None], self.state)
        return output[0]


def cell_of(lstm):
    """The same step as an nn.LSTMCell, for one layer in one direction."""
    cell = nn.LSTMCell(lstm.input_size, lstm.hidden_size)
    cell.load_state_dict(
        {name.removesuffix("_l0"): p for name, p in lstm.state_dict().items()}
    )
    return cell.eval()


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
    assert difference(stream.state[1], c_n) < 1e-6
    print("nn.LSTM, step by step: as in one call")

    cell, state, steps = cell_of(lstm), None, []
    with torch.inference_mode():
        for x_t in x:
            state = cell(x_t, state)
            steps.append(state[0])
    assert difference(torch.stack(steps), output) < 1e-6
    print("nn.LSTMCell, step by step: as in one call")

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
