"""Export one step of an LSTM to ONNX, and run a sequence with it."""

import logging

import numpy as np
import onnxruntime
import torch

logging.getLogger("torch.onnx").setLevel(logging.ERROR)


class Step(torch.nn.Module):
    """One step that takes the state as inputs and returns it."""

    def __init__(self, lstm):
        super().__init__()
        self.lstm = lstm

    def forward(self, x, h, c):
        """The output and the next state."""
        output, (h, c) = self.lstm(x, (h, c))
        return output, h, c


torch.manual_seed(0)
lstm = torch.nn.LSTM(3, 2, num_layers=2).eval()
x, h, c = torch.randn(1, 4, 3), torch.randn(2, 4, 2), torch.randn(2, 4, 2)
batch = torch.export.Dim("batch")
torch.onnx.export(
    Step(lstm),
    (x, h, c),
    "step.onnx",
    input_names=["x", "h", "c"],
    output_names=["output", "h_next", "c_next"],
    dynamic_shapes=({1: batch}, {1: batch}, {1: batch}),
    dynamo=True,
    verbose=False,
)

session = onnxruntime.InferenceSession("step.onnx")
sequence = torch.randn(50, 1, 3)
h = c = np.zeros((2, 1, 2), np.float32)
outputs = []
for x_t in sequence.split(1):
    output, h, c = session.run(None, {"x": x_t.numpy(), "h": h, "c": c})
    outputs.append(output)

with torch.no_grad():
    expected, _ = lstm(sequence)
np.testing.assert_allclose(np.concatenate(outputs), expected, atol=1e-6)
print("equal after", len(outputs), "steps")
