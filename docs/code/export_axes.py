"""Export an LSTM to ONNX, the old way."""

import warnings

import numpy as np
import onnxruntime
import torch

torch.manual_seed(0)
lstm = torch.nn.LSTM(3, 2).eval()
x, h_0 = torch.randn(5, 4, 3), torch.randn(1, 4, 2)
c_0 = torch.randn_like(h_0)

with warnings.catch_warnings():  # the old exporter is deprecated
    warnings.simplefilter("ignore")
    torch.onnx.export(
        lstm,
        (x, (h_0, c_0)),
        "lstm.onnx",
        input_names=["x", "h_0", "c_0"],
        output_names=["output", "h_n", "c_n"],
        dynamic_axes={
            "x": {0: "steps", 1: "batch"},
            "h_0": {1: "batch"},
            "c_0": {1: "batch"},
        },
        dynamo=False,
    )

session = onnxruntime.InferenceSession("lstm.onnx")
for steps, size in ((5, 4), (9, 7)):
    x = torch.randn(steps, size, 3)
    h, c = torch.randn(2, 1, size, 2)
    inputs = {"x": x.numpy(), "h_0": h.numpy(), "c_0": c.numpy()}
    output, h_n, c_n = session.run(None, inputs)
    with torch.no_grad():
        expected, states = lstm(x, (h, c))
    np.testing.assert_allclose(output, expected, atol=1e-6)
    np.testing.assert_allclose(h_n, states[0], atol=1e-6)
    np.testing.assert_allclose(c_n, states[1], atol=1e-6)
    print(f"equal within a millionth, {steps} steps, batch {size}")
