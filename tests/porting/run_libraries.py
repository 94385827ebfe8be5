"""Run the LSTMs of other libraries on tensors from files.

As a script, `run_libraries.py FOLDER` does two things:

- It runs every `.py` in the folder, and writes the message of a failed
  assertion next to it as `.txt`.
- For every `.npz` with an input `x` of shape (seq_len, batch, input_size) and
  tensors of the library that its name starts with, it writes the output as
  `.npy`. Keras also saves the models made from PyTorch's tensors.

In a separate process, libraries do not affect each other, nor warn in the tests.
"""

import os
import sys
import traceback
from functools import cache
from pathlib import Path

import numpy as np


def keras_model(tensors, x):
    os.environ["KERAS_BACKEND"] = "torch"
    import keras

    # Collecting garbage each time would double the time.
    keras.backend.clear_session(free_memory=False)
    is_bidirectional = any("backward" in name for name in tensors)
    biased = any(name.endswith("/bias") for name in tensors)
    kernels = [n for n in tensors if n.endswith("/recurrent_kernel")]
    units = len(tensors[kernels[0]])
    model = keras.Sequential([keras.Input((None, x.shape[2]))])
    for _ in range(len(kernels) // (1 + is_bidirectional)):
        layer = keras.layers.LSTM(units, return_sequences=True, use_bias=biased)
        model.add(keras.layers.Bidirectional(layer) if is_bidirectional else layer)
    # A path begins with the name of the model.
    paths = {w.path.partition("/")[2]: w for w in model.weights}
    assert set(paths) == set(tensors)
    for path, weight in paths.items():
        weight.assign(tensors[path])
    return model


def run_keras(tensors, x):
    import keras

    output = keras_model(tensors, x)(x.swapaxes(0, 1))
    return keras.ops.convert_to_numpy(output).swapaxes(0, 1)


def run_onnx(tensors, x):
    import onnx
    import onnxruntime
    from onnx import helper, numpy_helper

    nodes, value = [], "x"
    for k in range(sum(name.startswith("W") for name in tensors)):
        directions, _, units = tensors[f"R_l{k}"].shape
        inputs = [value, f"W_l{k}", f"R_l{k}"]
        if f"B_l{k}" in tensors:
            inputs.append(f"B_l{k}")
        direction = "bidirectional" if directions == 2 else "forward"
        nodes += [
            helper.make_node("LSTM", inputs, [f"y{k}"], hidden_size=units, direction=direction),
            # (seq_len, directions, batch, H) to (seq_len, batch, directions*H)
            helper.make_node("Transpose", [f"y{k}"], [f"t{k}"], perm=[0, 2, 1, 3]),
            helper.make_node("Reshape", [f"t{k}", "shape"], [f"h{k}"]),
        ]
        value = f"h{k}"
    stored = {**tensors, "shape": np.array([0, 0, directions * units])}
    float32 = onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        "stack",
        [helper.make_tensor_value_info("x", float32, x.shape)],
        [helper.make_tensor_value_info(value, float32, [*x.shape[:2], directions * units])],
        [numpy_helper.from_array(a, name) for name, a in stored.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return session.run(None, {"x": x})[0]


def run_openvino(tensors, x):
    import openvino
    from openvino import opset14 as op

    parameter = op.parameter(list(x.shape), np.float32)
    value = op.transpose(parameter, [1, 0, 2])
    steps, batch = x.shape[:2]
    for k in range(sum(name.startswith("W") for name in tensors)):
        directions, _, units = tensors[f"R_l{k}"].shape
        zeros = np.zeros((batch, directions, units), np.float32)
        direction = "bidirectional" if directions == 2 else "forward"
        node = op.lstm_sequence(
            value,
            op.constant(zeros),
            op.constant(zeros),
            op.constant(np.full(batch, steps, np.int32)),
            *(op.constant(tensors[f"{name}_l{k}"]) for name in "WRB"),
            units,
            direction,
        )
        # (batch, directions, seq_len, H) to (batch, seq_len, directions*H)
        value = op.reshape(
            op.transpose(node.output(0), [0, 2, 1, 3]),
            [0, 0, directions * units],
            special_zero=True,
        )
    model = openvino.Model([op.transpose(value, [1, 0, 2])], [parameter])
    # By default it may compute in half precision.
    config = {"INFERENCE_PRECISION_HINT": "f32"}
    return openvino.compile_model(model, "CPU", config)([x])[0]


@cache
def flax_stack(layers, is_bidirectional, units):
    """A function that JAX compiles once for each shape of its arguments."""
    import flax.linen as nn
    import jax

    class Stack(nn.Module):
        @nn.compact
        def __call__(self, x):
            def cell(name):
                return nn.RNN(nn.OptimizedLSTMCell(units, name=name))

            for k in range(layers):
                rnn = cell(f"cell_l{k}")
                if is_bidirectional:
                    rnn = nn.Bidirectional(rnn, cell(f"cell_l{k}_reverse"))
                x = rnn(x)
            return x

    return jax.jit(Stack().apply)


def run_flax(tensors, x):
    from flax.traverse_util import unflatten_dict

    is_bidirectional = "cell_l0_reverse/ii/kernel" in tensors
    layers = sum(n.endswith("/ii/kernel") for n in tensors) // (1 + is_bidirectional)
    apply = flax_stack(layers, is_bidirectional, len(tensors["cell_l0/hi/kernel"]))
    params = unflatten_dict(tensors, sep="/")
    output = apply({"params": params}, x.swapaxes(0, 1))
    return np.asarray(output).swapaxes(0, 1)


def run_nnx(tensors, x):
    """One layer of `flax.nnx.OptimizedLSTMCell`, with the tensors of Keras."""
    from flax import nnx

    kernel, recurrent, bias = tensors.values()
    zeros = dict.fromkeys(("kernel_init", "recurrent_kernel_init"), nnx.initializers.zeros)
    cell = nnx.OptimizedLSTMCell(len(kernel), len(recurrent), **zeros, rngs=nnx.Rngs(0))
    cell.dense_i.kernel[...] = kernel
    cell.dense_h.kernel[...] = recurrent
    cell.dense_h.bias[...] = bias
    rnn = nnx.RNN(cell, rngs=nnx.Rngs(0))
    output = nnx.jit(lambda rnn, x: rnn(x))(rnn, x.swapaxes(0, 1))
    return np.asarray(output).swapaxes(0, 1)


RUNNERS = {
    "keras": run_keras,
    "onnx": run_onnx,
    "openvino": run_openvino,
    "flax": run_flax,
    "nnx": run_nnx,
}
"""Library -> the function that runs its LSTM on tensors and an input."""

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for path in sorted(folder.glob("*.py")):
        try:
            exec(path.read_text("utf-8"), {})
        except AssertionError:
            path.with_suffix(".txt").write_text(traceback.format_exc())
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as arrays:
            tensors = dict(arrays)
        library, x = path.stem.partition("-")[0], tensors.pop("x")
        np.save(path.with_suffix(".npy"), RUNNERS[library](tensors, x))
        if library == "keras" and path.stem.endswith("to"):
            model = keras_model(tensors, x)
            model.save(path.with_suffix(".keras"))
            model.save(path.with_suffix(".h5"))
            model.save_weights(path.with_suffix(".weights.h5"))
