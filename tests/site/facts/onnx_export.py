import subprocess
import sys
from functools import cache
from io import BytesIO
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime
import torch

from tests.doc_scripts import CODE
from tests.site.facts.common import close, module, quietly, randn, refusal, session
from tests.site.facts_of_pages import page

LSTM = onnx.defs.get_schema("LSTM")
"""What ONNX says of its operator."""

AXES = (CODE / "export_axes.py").read_text("utf-8")
FREE = {0: "steps", 1: "batch"}
"""Axes whose sizes are not fixed."""

OTHERS = """
import onnxruntime, torch
class Packed(torch.nn.LSTM):
    def forward(self, x):
        packed = torch.nn.utils.rnn.pack_padded_sequence(x, [5, 4, 3, 2])
        return super().forward(packed)[0].data
x = torch.randn(5, 4, 3)
for lstm in (torch.nn.LSTM(3, 4, proj_size=2), Packed(3, 2)):
    try:
        stage = "export"
        torch.onnx.export(lstm.eval(), (x,), "module.onnx", dynamo=True, verbose=False)
        stage = "run"
        session = onnxruntime.InferenceSession("module.onnx")
        session.run(None, {session.get_inputs()[0].name: x.numpy()})
    except Exception as error:
        print(stage)
"""
"""Try to export a projection and a packed sequence; print where each fails."""

EXPORT = """
import sys, onnxruntime, torch
lstm, x = torch.nn.LSTM(3, 2).eval(), torch.randn(5, 4, 3)
steps, batch = map(torch.export.Dim, ("steps", "batch"))
def export(*inputs, shapes):
    torch.onnx.export(lstm, inputs, "module.onnx",
                      dynamic_shapes=shapes, dynamo=True, verbose=False)
if "later" in sys.argv:
    states = torch.zeros(1, 4, 2), torch.zeros(1, 4, 2)
    export(x, states, shapes=({1: batch}, ({1: batch}, {1: batch})))
export(x, shapes=({0: steps, 1: batch},))
session = onnxruntime.InferenceSession("module.onnx")
(given,) = session.get_inputs()
for x in (torch.randn(5, 7, 3), torch.randn(9, 7, 3)):
    output, *_ = session.run(None, {given.name: x.numpy()})
    assert torch.allclose(torch.tensor(output), lstm(x)[0], atol=1e-6)
    print(len(x))
"""


def from_session(name):
    return session("onnx-export")[name]


@cache
def printed(code, *when):
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-W", "ignore", "-c", code, *when]
        done = subprocess.run(
            command, cwd=folder, capture_output=True, encoding="utf-8", check=False
        )
    return done.stdout.splitlines()


def numbers_of_steps(*when):
    """The numbers of steps that an exported file takes; `later`: no first module."""
    return [line for line in printed(EXPORT, *when) if line.isdigit()]


def older_exporter_warns_so():
    quoted = page("onnx-export").text.split("No.\n*")[1].split("*")[0]
    return any(quoted in warning for warning in from_session("of_one"))


def exported(model, *example, **axes):
    """A file by the older exporter, which is the quicker one."""
    file, names = BytesIO(), [*axes] or ["x"]
    options = {"input_names": names, "dynamic_axes": axes, "dynamo": False}
    quietly(torch.onnx.export, model.eval(), example, file, **options)
    return file.getvalue()


def run(file, **inputs):
    session = onnxruntime.InferenceSession(file)
    results = session.run(None, {k: tensor.numpy() for k, tensor in inputs.items()})
    return [torch.from_numpy(result) for result in results]


@cache
def in_both_directions():
    """Two layers in two directions, whose states nobody passes."""
    return exported(module(num_layers=2, bidirectional=True), randn(5, 4, 3), x=FREE)


def file_has_a_node_for_each_layer():
    nodes = from_session("nodes")(in_both_directions())
    return nodes.count("LSTM") == 2 and not {"MatMul", "Gemm", "Add", "Mul"} & {*nodes}


def file_gives_the_same_results():
    x, first, second = randn(9, 7, 3), *(run(in_both_directions(), x=randn(9, 7, 3)) for _ in "ab")
    output, (h_n, c_n) = module(num_layers=2, bidirectional=True)(x)
    return torch.equal(first[0], second[0]) and all(map(close, first, (output, h_n, c_n)))


def exporter_leaves_lengths_out():
    nodes = onnx.load_from_string(in_both_directions()).graph.node
    inputs_of_nodes = [[*node.input] for node in nodes if node.op_type == "LSTM"]
    return all(inputs[4] == "" and len(inputs) == 7 for inputs in inputs_of_nodes)


def file_refuses_another_batch():
    x, example = randn(5, 7, 3), randn(5, 1, 3)
    fixed, free = exported(module(), example), exported(module(), example, x=FREE)
    return bool(refusal(lambda: run(fixed, x=x))) and close(run(free, x=x)[0], module()(x)[0])


def cell_becomes_plain_products():
    nodes = from_session("nodes")(exported(from_session("loop"), *from_session("example")))
    return "LSTM" not in nodes and nodes.count("Sigmoid") == 3 * 5


def exporter_moves_the_bands():
    lstm = module()
    graph = onnx.load_from_string(exported(lstm, randn(5, 1, 3))).graph
    tensors = {t.name: onnx.numpy_helper.to_array(t) for t in graph.initializer}
    (node,) = (candidate for candidate in graph.node if candidate.op_type == "LSTM")
    i, f, g, o = lstm.weight_ih_l0.detach().chunk(4)
    return np.allclose(tensors[node.input[1]][0], torch.cat([i, o, f, g]))


def with_lengths(name, *lengths):
    """A file of a module of the page that packs, exported with these lengths."""
    example = randn(5, len(lengths), 3), torch.tensor(lengths)
    return exported(from_session(name), *example, x=FREE, lengths={0: "batch"})


def exporter_takes_packed_sequences():
    x, file = randn(6, 3, 3), with_lengths("padded", 2, 5, 3, 4)
    return all(
        close(run(file, x=x, lengths=lengths)[0], from_session("padded")(x, lengths))
        for lengths in torch.tensor([[6, 3, 1], [3, 6, 1]])
    )


def file_keeps_listed_lengths():
    file = with_lengths("constant", 5)
    return (
        "Invalid value/s in sequence_lens" in refusal(lambda: run(file, x=randn(4, 1, 3)))
        and not run(file, x=randn(7, 1, 3))[0][5:].any()
    )
