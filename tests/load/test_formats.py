"""Load ONNX and Keras files, and compare with onnxruntime and Keras.

`tests/porting/test_libraries.py` reads files saved by Keras.
"""

import json
import sys
import zipfile
from pathlib import Path

import h5py
import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import helper, numpy_helper

import lstm_figs as lf
from lstm_figs.capture.onnx_model import OnnxModel
from lstm_figs.command.request import Request
from lstm_figs.errors import LstmFigsError
from lstm_figs.html.page import page
from lstm_figs.model.layer_run import LayerRun
from lstm_figs.sources import Source
from lstm_figs.sources.load import read_weights, survey
from lstm_figs.sources.program import read_lstms
from tests.load.reading import modules_of, refusal, svg_of
from tests.proof import prove

FLOAT = onnx.TensorProto.FLOAT


def check_proof(path, module=None):
    """Check that a figure of a module of a file is proven; each has more than 20 numbers."""
    assert prove(svg_of(Source(weights=path, module=module))) > 20


def numbers(*shape):
    return np.random.RandomState(0).standard_normal(shape).astype(np.float32)


def lstm(name="LSTM_7", bias=True, directions=1, inputs=3, kind="LSTM", **more):
    """A node of ONNX with two units, and its tensors; `more` are its attributes."""
    bands = 3 if kind == "GRU" else 4
    tensors = {
        "W": numbers(directions, 2 * bands, inputs),
        "R": numbers(directions, 2 * bands, 2),
        **({"B": numbers(directions, 4 * bands)} if bias else {}),
    }
    more = {"direction": ["forward", "bidirectional"][directions - 1], **more}
    input_names = ["x", *tensors, *["", "", "", "P"] * more.pop("peepholes", 0)]
    return (helper.make_node(kind, input_names, ["y"], name=name, hidden_size=2, **more), tensors)


def model(node, tensors, before=()):
    """An ONNX model with one node."""
    graph = helper.make_graph(
        [*before, node],
        "graph",
        [helper.make_tensor_value_info("x", FLOAT, [None, None, None])],
        [helper.make_tensor_value_info("y", FLOAT, [None] * 4)],
        [numpy_helper.from_array(a, n) for n, a in tensors.items()],
    )
    opset = helper.make_opsetid("", 22)
    return helper.make_model(graph, opset_imports=[opset], ir_version=10)


def in_functions(node, tensors, called=("F1",), copies=1):
    """A chain of functions of the model: each calls the named one, and the last has the node."""
    inputs, opsets = [*node.input], [helper.make_opsetid(domain, 22) for domain in ("", "own")]

    def call(name, output="y"):
        return helper.make_node(name, inputs, [output], domain="own")

    onnx_model = model(call("F0"), tensors)
    onnx_model.opset_import.append(opsets[1])
    bodies = [[call(name, f"y{copy or ''}") for copy in range(copies)] for name in called]
    for k, nodes in enumerate([*bodies, [node]]):
        function = helper.make_function("own", f"F{k}", inputs, ["y"], nodes, opsets)
        onnx_model.functions.append(function)
    return onnx_model


def with_integers(node, tensors):
    """W and R are stored as integers, with a scale for each row."""
    before = []
    for name in "WR":
        array = tensors.pop(name)
        scale = abs(array).max((0, 2)) / 127
        tensors[f"{name}_q"] = (array / scale[:, None]).round().astype(np.int8)
        tensors[f"{name}_s"] = scale
        inputs = [f"{name}_q", f"{name}_s"]
        before.append(helper.make_node("DequantizeLinear", inputs, [name], axis=1))
    return model(node, tensors, before)


@pytest.mark.parametrize("directions", [1, 2])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("make", [model, in_functions, with_integers])
def test_a_node_gives_the_numbers_of_onnxruntime(directions, bias, make):
    onnx_model = make(*lstm(directions=directions, bias=bias))
    onnx.save(onnx_model, "m.onnx")
    x = numbers(5, 1, 3)
    np.save("x.npy", x)
    session = onnxruntime.InferenceSession(onnx_model.SerializeToString())
    (y,) = session.run(None, {"x": x})
    output = lf.load("m.onnx", input="x.npy").output
    expected = y.transpose(0, 2, 1, 3).reshape(5, 1, -1)
    np.testing.assert_allclose(output, expected, atol=1e-6)
    check_proof("m.onnx")
    runnable = OnnxModel("m.onnx", read_lstms("m.onnx"))
    (module,) = runnable.in_file
    trace = lf.trace(runnable, {"x": x}, module=module)
    np.testing.assert_allclose(trace.output, output, atol=1e-6)


def computed(last="Unsqueeze", outer=False):
    """A node in a branch: nodes compute its W, `last` as the last one, and R is constant.

    `outer` puts the tensors of W and B outside of the branch.
    """
    node, tensors = lstm()
    constants = {"begin": [0, 0], "end": [8, 3], "axis": [0], "to": tensors["W"][0]}
    constants = {n: np.array(value) for n, value in constants.items()} | {"B": tensors["B"]}
    nodes = [
        helper.make_node("Constant", [], ["S"], value=numpy_helper.from_array(tensors["R"])),
        helper.make_node("Identity", ["S"], ["R"]),
        helper.make_node("Slice", ["to", "begin", "end"], ["all"]),
        helper.make_node("Split", ["all", ""], ["a", "b"], num_outputs=2, axis=0),
        helper.make_node("Concat", ["a", "b"], ["V"], axis=0),
        helper.make_node(last, ["V", "axis"][: 1 + (last == "Unsqueeze")], ["W"]),
        node,
    ]
    inner_constants = [] if outer else [numpy_helper.from_array(a, n) for n, a in constants.items()]
    output = helper.make_tensor_value_info("y", FLOAT, [None] * 4)
    body = helper.make_graph(nodes, "then", [], [output], inner_constants)
    both = helper.make_node("If", ["is"], ["y"], then_branch=body, else_branch=body)
    return model(both, {"is": np.array(True), **(constants if outer else {})})


@pytest.mark.parametrize("outer", [False, True])
def test_a_figure_of_a_node_is_proven_wherever_its_tensors_are(outer):
    onnx.save(computed(outer=outer), "m.onnx")
    # Both branches compute the same, so the module is listed once.
    check_proof("m.onnx")
    np.testing.assert_array_equal(lf.load("m.onnx").weights[0].weight_ih[0], numbers(1, 8, 3)[0, 0])


def test_a_model_runs_with_its_lstms_as_modules():
    node, tensors = lstm()
    node.input.extend(["", "h", "c"])  # The input before these is for lengths.
    node.output.extend(["h_n", "c_n"])
    onnx_model, info = model(node, tensors), helper.make_tensor_value_info
    onnx_model.graph.input.extend(info(name, FLOAT, [None] * 3) for name in "hc")
    onnx_model.graph.output.extend(info(name, FLOAT, [None] * 3) for name in ("h_n", "c_n"))
    onnx.save(onnx_model, "m.onnx")
    first = {name: np.ones((1, 1, 2), np.float32) for name in "hc"}

    def feeds(state):
        for x_t in x:
            _, h_n, c_n = yield {"x": x_t[None], **state}
            state = {"h": h_n, "c": c_n}

    x, run = numbers(4, 1, 3), OnnxModel("m.onnx", read_lstms("m.onnx"))
    trace = lf.trace(run, feeds(first), module="LSTM_7")
    y, *_ = onnxruntime.InferenceSession("m.onnx").run(None, {"x": x, **first})
    np.testing.assert_allclose(trace.output, y[:, 0], atol=1e-6)
    with pytest.raises(LstmFigsError, match="call 1 does not begin"):
        lf.trace(run, [{"x": x, **first}] * 2, module="LSTM_7")
    with pytest.raises(LstmFigsError, match="got float64 for the input 'x', expected float32"):
        lf.trace(run, {"x": x.astype(float), **first}, module="LSTM_7")


FEEDS = """
import numpy as np
def feeds():
    for _ in range(3):
        yield {"x": np.random.randn(400, 1, 3).astype(np.float32)}
def make():
    return "m.onnx", [*feeds()][0]
def several():
    return "m.onnx", [*feeds()]
def stream():
    return "m.onnx", feeds()
"""


def test_a_proof_says_what_to_define_if_the_evaluator_cannot_run_the_model():
    Path("run.py").write_text(FEEDS)
    onnx.save(model(*lstm(directions=2)), "m.onnx")
    figure = Request("unrolled", Source(program="run.py:stream", call_index=1)).draw()
    comment = "# `x`, `h_0` and `c_0` are your own: what 'LSTM_7' reads in stream() of 'run.py',"
    assert comment in figure.metadata["preamble"]


@pytest.mark.parametrize("function", ["make", "several", "stream"])
def test_a_run_of_a_model_names_its_file_and_its_node(function):
    Path("run.py").write_text(FEEDS)
    onnx.save(model(*lstm()), "m.onnx")
    # Calls do not continue each other.
    index = None if function == "make" else 1
    source = Source(program=f"run.py:{function}", call_index=index)
    svg = svg_of(source, "unrolled")
    assert prove(svg) > 5
    assert f"Weights of LSTM_7 in m.onnx, input from {function}()." in svg
    heading = "<h1>LSTM_7 in m.onnx: nn.LSTM(3, 2), figure by figure</h1>"
    assert heading in page({}, LayerRun(source.trace()))


def test_a_model_with_operators_of_other_libraries_is_not_run():
    other = helper.make_node("QLinearAdd", ["x"], ["u"], domain="com.microsoft")
    onnx.save(model(*lstm(), [other]), "m.onnx")
    refusal(
        "m.onnx",
        "only operators of ONNX; draw it with --weights, and --input with what its LSTM",
        call=lambda path: OnnxModel(path, read_lstms(path)),
    )


def test_a_model_runs_with_all_layers_of_a_module():
    (below, tensors), (above, more) = lstm("/rnn/LSTM"), lstm("/rnn/LSTM_1", inputs=2)
    below.output[:], above.input[:] = ["y0"], ["s", "W1", "R1", "B1"]
    squeeze = helper.make_node("Squeeze", ["y0", "axis"], ["s"])
    tensors |= {f"{name}1": array for name, array in more.items()} | {"axis": np.array([1])}
    onnx.save(model(above, tensors, [below, squeeze]), "m.onnx")
    run, x = OnnxModel("m.onnx", read_lstms("m.onnx")), numbers(4, 1, 3)
    trace = lf.trace(run, {"x": x}, module="rnn")
    (y,) = onnxruntime.InferenceSession("m.onnx").run(None, {"x": x})
    np.testing.assert_allclose(trace.output, y[:, 0], atol=1e-6)


REFUSED_NODES = {
    "tanh everywhere": (
        {"activations": ["Tanh"] * 3},
        "tanh, expected sigmoid, tanh and tanh, as in torch.nn.LSTM; choose another",
    ),
    "cut off": (
        {"clip": 1.0},
        "its sums (clip), expected neither, as in torch.nn.LSTM; choose another",
    ),
    "one gate for two": ({"input_forget": 1}, "couples its input gate with its forget"),
    "backwards": (
        {"direction": "reverse"},
        "last to the first, … ; export it as a forward LSTM, and reverse its",
    ),
    "peepholes": ({"peepholes": 1}, "has peepholes, expected none, as in torch.nn.LSTM; choose an"),
    "quantized": (
        {"kind": "DynamicQuantizeLSTM"},
        "to 8 bits, … ; if you have only this file, ask its … before quant",
    ),
    "of another library": (
        {"domain": "com.other"},
        "not of ONNX, … ask its authors for the model from before it was optimized",
    ),
    "a GRU": ({"kind": "GRU"}, "a GRU at 'LSTM_7'"),
}
"""Case -> options of the ONNX node, and its error."""


@pytest.mark.parametrize("case", REFUSED_NODES)
def test_a_node_that_computes_something_else_is_refused(case):
    options, message = REFUSED_NODES[case]
    node, tensors = lstm(**options)
    onnx.save(model(node, tensors | {"P": numbers(1, 6)}), "m.onnx")
    refusal("m.onnx", *message.split(" … "))


def test_weights_that_other_nodes_compute_are_refused():
    onnx.save(computed("Neg"), "m.onnx")
    refusal(
        "m.onnx",
        "has a W that cannot be read, because 'Neg' computes it",
        "nodes such as Concat and Slice",
        "; onnxruntime writes a folded copy to SessionOptions.optimized_model_filepath",
    )


def test_a_copy_of_a_cell_is_not_listed():
    onnx_model, (node, tensors) = computed(outer=True), lstm(name="/cell/LSTM")
    half, cell = np.hsplit(tensors["B"][0], 2), {}
    for name, array in zip(
        ("weight_ih", "weight_hh", "bias_ih", "bias_hh"),
        (tensors["W"][0], tensors["R"][0], *half),
        strict=True,
    ):
        i, o, f, g = np.split(array, 4)
        cell[f"cell.{name}"] = np.concatenate([i, f, g, o])
    onnx_model.graph.initializer.extend(numpy_helper.from_array(a, n) for n, a in cell.items())
    # An exporter that stores equal tensors once names the other by a node.
    onnx_model.graph.initializer[-1].name = "shared"
    onnx_model.graph.node.append(helper.make_node("Identity", ["shared"], ["cell.bias_hh"]))
    onnx.save(onnx_model, "m.onnx")
    assert modules_of("m.onnx") == ["cell"]
    check_proof("m.onnx")
    # One that cannot be read is not called broken beside one of its name.
    unread = model(node, tensors | cell, [helper.make_node("Neg", ["V"], ["W"])])
    unread.graph.initializer[0].name = "V"
    onnx.save(unread, "m.onnx")
    assert not survey(read_weights("m.onnx")).broken


@pytest.mark.parametrize("level", [0, 1])
def test_what_nodes_read_is_no_module_without_a_bias(level):
    """An exporter folds the biases alone, so the weights look like a module without."""
    tensors, nodes = {"axis": np.array([0])}, []
    for k in (0, level):
        node, weights = lstm(f"LSTM_{len(nodes)}", inputs=2)
        node.input[1:] = ["W", "R", "B"] if not nodes else ["W1", "R1", "B"]
        names = zip(node.input[1:], (f"rnn.weight_ih_l{k}", f"rnn.weight_hh_l{k}"), strict=False)
        for base, (value, name) in zip("WR", names, strict=True):
            tensors[name] = weights[base][0] + k
            nodes.append(helper.make_node("Unsqueeze", [name, "axis"], [value]))
        nodes.append(node)
    *before, last = nodes
    onnx.save(model(last, {"B": weights["B"], **tensors}, before), "m.onnx")
    assert modules_of("m.onnx") == [["LSTM_0"], ["rnn"]][level]
    weights = lf.load("m.onnx").weights
    assert [part.layer for part in weights] == [0, 1][: 1 + level]
    assert all(part.bias_ih is not None for part in weights)


def write_hdf5(name, arrays):
    with h5py.File(name, "w") as file:
        for path, array in arrays.items():
            file[path] = array


def pack_keras(weights, name, *layers):
    with zipfile.ZipFile(name, "w") as archive:
        archive.write(weights, "model.weights.h5")
        if layers:
            archive.writestr("config.json", json.dumps({"layers": layers}))


def test_files_of_older_keras_are_read():
    arrays = {"kernel:0": numbers(3, 8), "recurrent_kernel:0": numbers(2, 8), "bias:0": numbers(8)}
    inside = "model_weights/lstm_1/lstm_1/lstm_cell_4"
    write_hdf5("m.h5", {f"{inside}/{name}": array for name, array in arrays.items()})
    (layer,) = lf.load("m.h5", module="lstm_1").weights
    for read, array in zip(
        (layer.weight_ih, layer.weight_hh, layer.bias), arrays.values(), strict=True
    ):
        np.testing.assert_array_equal(read, array.T)


def test_a_layer_of_keras_for_cudnn_is_read_as_keras_converts_it():
    kernel, recurrent, bias = numbers(3, 8), numbers(2, 8), numbers(16)
    parts = {"kernel:0": kernel, "recurrent_kernel:0": recurrent}
    parts["bias:0"] = bias
    write_hdf5("m.h5", {f"rnn_1/rnn_1/{name}": array for name, array in parts.items()})
    (layer,) = lf.load("m.h5", module="rnn_1").weights
    # The conversion that Keras applies to load such weights into its LSTM.
    by_gate = [
        np.hstack([turn(gate) for gate in np.hsplit(matrix, 4)])
        for matrix, turn in (
            (kernel, lambda gate: gate.T.reshape(gate.shape, order="F")),
            (recurrent, np.transpose),
        )
    ]
    np.testing.assert_array_equal(layer.weight_ih, by_gate[0].T)
    np.testing.assert_array_equal(layer.weight_hh, by_gate[1].T)
    np.testing.assert_array_equal(layer.bias, bias[:8] + bias[8:])
    check_proof("m.h5", "rnn_1")


def test_a_file_whose_dict_no_line_loads_is_not_called_torchscript():
    write_hdf5("m.h5", {"weight_ih_l0": numbers(80, 9), "weight_hh_l0": numbers(80, 20)})
    preamble = Request("cell-input", Source(weights="m.h5")).draw().metadata["preamble"]
    assert '`state` is your own: the tensors of "m.h5" by name.' in preamble
    assert "TorchScript" not in preamble


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"recurrent_activation": "hard_sigmoid"},
            "expected an LSTM like torch.nn.LSTM; its results would differ, so choose another LSTM",
        ),
        ({"go_backwards": True}, "from the last to the first"),
    ],
)
def test_a_layer_of_keras_that_computes_something_else_is_refused(changed, message):
    write_hdf5("m.h5", {f"layers/lstm/cell/vars/{k}": numbers(k + 2, 8) for k in range(2)})
    layer = {"class_name": "LSTM", "config": {"name": "lstm", "activation": "tanh", **changed}}
    pack_keras("m.h5", "m.keras", layer)
    refusal("m.keras", message)


@pytest.fixture(params=["m.onnx", "m.h5", "m.keras"])
def file(request):
    """A file of another library."""
    onnx.save(model(*lstm()), "m.onnx")
    write_hdf5("m.h5", {"lstm/lstm/kernel": numbers(3, 8)})
    pack_keras("m.h5", "m.keras")
    return request.param


def test_a_missing_library_is_one_sentence(file, monkeypatch, call):
    library = "onnx" if file == "m.onnx" else "h5py"
    monkeypatch.setitem(sys.modules, library, None)
    assert call("inspect", file) == (
        2,
        "",
        f"lstm-figs: {library} is not installed, and '{file}' needs it; "
        "install it with: pip install 'lstm-figs[formats]'\n",
    )


def test_a_damaged_file_is_one_sentence(file):
    data = Path(file).read_bytes()
    for length in (20, len(data) // 2, len(data) - 9):
        Path(file).write_bytes(data[:length])
        refusal(file)
