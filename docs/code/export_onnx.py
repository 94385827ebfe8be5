"""Export an LSTM of two layers to ONNX, and inspect the result."""

import logging

import numpy as np
import onnx
import onnxruntime
import torch

logging.getLogger("torch.onnx").setLevel(logging.ERROR)

torch.manual_seed(0)
lstm = torch.nn.LSTM(3, 2, num_layers=2, dropout=0.5).eval()
x, h_0 = torch.randn(5, 4, 3), torch.randn(2, 4, 2)
c_0 = torch.randn_like(h_0)

batch = torch.export.Dim("batch")
torch.onnx.export(
    lstm,
    (x, (h_0, c_0)),
    "lstm.onnx",
    input_names=["x", "h_0", "c_0"],
    output_names=["output", "h_n", "c_n"],
    dynamic_shapes=({1: batch}, ({1: batch}, {1: batch})),
    dynamo=True,
    verbose=False,
)

# The result has one node per layer, and weights in the order i, o, f, c.
graph = onnx.load("lstm.onnx").graph
tensors = {t.name: onnx.numpy_helper.to_array(t) for t in graph.initializer}
nodes = [node for node in graph.node if node.op_type == "LSTM"]
print("nodes of the type LSTM:", len(nodes))
for layer, node in enumerate(nodes):
    weight_ih = getattr(lstm, f"weight_ih_l{layer}").detach()
    i, f, g, o = weight_ih.chunk(4)
    _, w, r, b, *_ = node.input
    shapes = [tensors[name].shape for name in (w, r, b)]
    print(f"layer {layer}: W, R, B {shapes}, called {w}, {r}, {b}")
    assert np.array_equal(tensors[w][0], torch.cat([i, o, f, g]))
assert not any(node.op_type == "Dropout" for node in graph.node)

# The outputs are equal, for a different batch size too.
session = onnxruntime.InferenceSession("lstm.onnx")
for size in (4, 7):
    x, h, c = (torch.randn(n, size, k) for n, k in ((5, 3), (2, 2), (2, 2)))
    inputs = {"x": x.numpy(), "h_0": h.numpy(), "c_0": c.numpy()}
    output, h_n, c_n = session.run(None, inputs)
    with torch.no_grad():
        expected, states = lstm(x, (h, c))
    np.testing.assert_allclose(output, expected, atol=1e-6)
    np.testing.assert_allclose(h_n, states[0], atol=1e-6)
    np.testing.assert_allclose(c_n, states[1], atol=1e-6)
    print("equal within a millionth, batch", size)
