"""What `onnx-export` quotes."""

import subprocess
import sys
import warnings
from functools import cache
from io import BytesIO
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from tests.doc_scripts import CODE
from tests.site.facts.common import module, randn, refusal

LSTM = onnx.defs.get_schema("LSTM")
"""What ONNX says of its operator."""

AXES = (CODE / "export_axes.py").read_text(encoding="utf-8")

WARNING = (
    "Exporting a model to ONNX with a batch_size other than 1, with a variable "
    "length with LSTM can cause an error when running the ONNX model with a "
    "different batch size"
)

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
        torch.onnx.export(lstm.eval(), (x,), "module.onnx", dynamo=True,
                          verbose=False)
        stage = "run"
        session = onnxruntime.InferenceSession("module.onnx")
        session.run(None, {session.get_inputs()[0].name: x.numpy()})
    except Exception as error:
        print(stage)
"""
"""Try to export a projection and a packed sequence; print where each fails."""


def is_said_by_the_older_exporter() -> bool:
    """Whether the warning is as it is quoted, whatever the batch."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        torch.onnx.export(module(3, 2).eval(), (randn(5, 1, 3),), BytesIO(), dynamo=False)
    messages = " ".join(str(each.message) for each in caught)
    return WARNING in messages


EXPORT = """
import sys, onnxruntime, torch
lstm, x = torch.nn.LSTM(3, 2).eval(), torch.randn(5, 4, 3)
steps, batch = map(torch.export.Dim, ("steps", "batch"))
def export(*inputs, shapes):
    torch.onnx.export(lstm, inputs, "module.onnx", dynamic_shapes=shapes,
                      dynamo=True, verbose=False)
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


def numbers_of_steps(*when: str) -> list[str]:
    """Those that a file takes whose steps are named, as a process exports it.

    Args:
        when: `later` for a module that is not the first.
    """
    return [line for line in printed(EXPORT, *when) if line.isdigit()]


@cache
def printed(code: str, *when: str) -> list[str]:
    with TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code, *when],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    return done.stdout.splitlines()


def exported(model: torch.nn.Module, *example: torch.Tensor, **axes) -> bytes:
    """A file by the older exporter, which is the quicker one."""
    file = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model.eval(),
            example,
            file,
            input_names=[*axes] or ["x"],
            dynamic_axes=axes,
            dynamo=False,
        )
    return file.getvalue()


def run(file: bytes, **inputs: torch.Tensor) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(file)
    return session.run(None, {k: tensor.numpy() for k, tensor in inputs.items()})


@cache
def in_both_directions() -> bytes:
    """Two layers in two directions, whose states nobody passes."""
    lstm = module(3, 2, num_layers=2, bidirectional=True)
    free = {0: "steps", 1: "batch"}
    return exported(lstm, randn(5, 4, 3), x=free)


def has_a_node_for_each_layer() -> bool:
    """Whether two nodes do all, and those around them add nothing up."""
    graph = onnx.load_from_string(in_both_directions()).graph
    kinds = [node.op_type for node in graph.node]
    return kinds.count("LSTM") == 2 and not (
        {"MatMul", "Gemm", "Add", "Mul", "Sigmoid", "Tanh"} & {*kinds}
    )


def has_lost_the_names() -> bool:
    graph = onnx.load_from_string(in_both_directions()).graph
    return not any(
        "weight_ih" in tensor.name or "weight_hh" in tensor.name for tensor in graph.initializer
    )


def is_the_same() -> bool:
    """Whether the file yields the module's numbers, for any steps."""
    lstm, x = module(3, 2, num_layers=2, bidirectional=True), randn(9, 7, 3)
    output, (h_n, c_n) = lstm(x)
    results = run(in_both_directions(), x=x)
    return all(
        np.allclose(actual, expected.detach(), atol=1e-6)
        for actual, expected in zip(results, (output, h_n, c_n), strict=True)
    )


def leaves_lengths_out() -> bool:
    """Whether the fifth input is empty, and P is not there."""
    nodes = onnx.load_from_string(in_both_directions()).graph.node
    inputs_of_nodes = [[*node.input] for node in nodes if node.op_type == "LSTM"]
    names = [formal_input.name for formal_input in LSTM.inputs]
    return (
        all(inputs[4] == "" and len(inputs) == 7 for inputs in inputs_of_nodes)
        and names[4] == "sequence_lens"
        and names[7] == "P"
    )


def begins_from_zeros() -> bool:
    """Whether a file without states says the same at each call."""
    x, zeros = randn(9, 7, 3), torch.zeros(4, 7, 2)
    lstm = module(3, 2, num_layers=2, bidirectional=True)
    first, again = (run(in_both_directions(), x=x)[0] for _ in range(2))
    return np.array_equal(first, again) and np.allclose(
        first, lstm(x, (zeros, zeros))[0].detach(), atol=1e-6
    )


def returns_no_gates() -> bool:
    graph = onnx.load_from_string(in_both_directions()).graph
    return len(graph.output) == len(module(3, 2)(randn(5, 4, 3))[1]) + 1


def refuses_another_batch() -> bool:
    """Whether a batch has to be named to be free."""
    fixed = exported(module(3, 2), randn(5, 1, 3))
    named = exported(module(3, 2), randn(5, 1, 3), x={1: "batch"})
    output, _ = module(3, 2)(randn(5, 7, 3))
    result = run(named, x=randn(5, 7, 3))[0]
    try:
        run(fixed, x=randn(5, 7, 3))
    except Exception:  # whatever the runtime raises
        return np.allclose(result, output.detach(), atol=1e-6)
    return False


class Loop(torch.nn.Module):
    """A cell, step by step."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.cell = torch.nn.LSTMCell(3, 2)

    def forward(self, x):
        """Each h, from zeros."""
        outputs, state = [], None
        for x_t in x.unbind(0):
            state = self.cell(x_t, state)
            outputs.append(state[0])
        return torch.stack(outputs)


def is_plain_products() -> bool:
    """Whether a loop of cells has no `LSTM`, and gates for each step."""
    graph = onnx.load_from_string(exported(Loop(), randn(5, 4, 3))).graph
    kinds = [node.op_type for node in graph.node]
    return "LSTM" not in kinds and kinds.count("Sigmoid") == 3 * 5


def agrees_in_any_order() -> bool:
    """Whether bands in the order of ONNX, read in that order, are the same."""
    cell, x = torch.nn.LSTMCell(3, 2), randn(5, 3)
    h, c = randn(5, 2), randn(5, 2, seed=1)

    def moved(tensor: torch.Tensor) -> torch.Tensor:
        i, f, g, o = tensor.chunk(4)
        return torch.cat([i, o, f, g])

    z = x @ moved(cell.weight_ih).T + moved(cell.bias_ih)
    z = z + h @ moved(cell.weight_hh).T + moved(cell.bias_hh)
    i, o, f, g = z.chunk(4, dim=1)
    after = f.sigmoid() * c + i.sigmoid() * g.tanh()
    expected, c_n = cell(x, (h, c))
    return torch.allclose(after, c_n, atol=1e-6) and torch.allclose(
        o.sigmoid() * after.tanh(), expected, atol=1e-6
    )


def moves_the_bands() -> bool:
    """Whether the exporter has written i, o, f, c."""
    lstm = module(3, 2)
    graph = onnx.load_from_string(exported(lstm, randn(5, 1, 3))).graph
    tensors = {t.name: onnx.numpy_helper.to_array(t) for t in graph.initializer}
    (node,) = (candidate for candidate in graph.node if candidate.op_type == "LSTM")
    i, f, g, o = lstm.weight_ih_l0.detach().chunk(4)
    return np.allclose(tensors[node.input[1]][0], torch.cat([i, o, f, g]))


def names_of_inputs() -> list[str]:
    return [formal_input.name for formal_input in LSTM.inputs]


def keeps_a_loop() -> bool:
    """Whether a scripted loop is one node, for any number of steps."""

    class Cells(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.cell = torch.nn.LSTMCell(3, 2)

        def forward(self, x, h, c):
            for t in range(x.shape[0]):
                h, c = self.cell(x[t], (h, c))
            return h

    cells, zeros = Cells(), torch.zeros(4, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scripted = torch.jit.script(cells)
    free, batch = {0: "steps", 1: "batch"}, {0: "batch"}
    example = randn(5, 4, 3), zeros, zeros.clone()
    file = exported(scripted, *example, x=free, h=batch, c=batch)
    kinds = [node.op_type for node in onnx.load_from_string(file).graph.node]
    (result,) = run(file, x=randn(9, 4, 3), h=zeros, c=zeros)
    expected = cells(randn(9, 4, 3), zeros, zeros).detach()
    return "Loop" in kinds and np.allclose(result, expected, atol=1e-6)


class Packing(torch.nn.Module):
    """A module that packs what it is given."""

    def __init__(self, enforce_sorted: bool):
        super().__init__()
        self.lstm = module(3, 2, bidirectional=True)
        self.enforce_sorted = enforce_sorted

    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths, enforce_sorted=self.enforce_sorted)
        return pad_packed_sequence(self.lstm(packed)[0])[0]


def takes_packed_sequences() -> bool:
    axes = {"x": {0: "steps", 1: "batch"}, "lengths": {0: "batch"}}
    x, is_equal = randn(6, 3, 3), []
    for in_order, lengths in ((True, [6, 3, 1]), (False, [3, 6, 1])):
        model = Packing(in_order)
        file = exported(model, randn(5, 4, 3), torch.tensor([5, 4, 3, 2]), **axes)
        result = run(file, x=x, lengths=torch.tensor(lengths))[0]
        expected = model(x, torch.tensor(lengths)).detach()
        is_equal.append(np.allclose(result, expected, atol=1e-6))
    return all(is_equal)


class Constant(Packing):
    """A module that makes a list of the lengths."""

    def forward(self, x, lengths):
        return super().forward(x, lengths.tolist())


def keeps_the_lengths_of_the_example() -> bool:
    axes = {"x": {0: "steps", 1: "batch"}, "lengths": {0: "batch"}}
    file = exported(Constant(enforce_sorted=True), randn(5, 1, 3), torch.tensor([5]), **axes)
    return (
        run(file, x=randn(5, 1, 3))[0].shape[0] == 5
        and "Invalid value/s in sequence_lens" in refusal(lambda: run(file, x=randn(4, 1, 3)))
        and not run(file, x=randn(7, 1, 3))[0][5:].any()
    )


class Beginning(torch.nn.Module):
    """A module that makes its first state itself."""

    def __init__(self, frozen: bool):
        super().__init__()
        self.lstm, self.frozen = module(3, 2), frozen

    def forward(self, x):
        batch = int(x.shape[1]) if self.frozen else x.shape[1]
        state = x.new_zeros(1, batch, 2)
        return self.lstm(x, (state, state))[0]


def fixes_a_batch_that_is_a_number() -> bool:
    axes, x = {"x": {0: "steps", 1: "batch"}}, randn(9, 7, 3)
    frozen, free = (exported(Beginning(each), randn(5, 4, 3), **axes) for each in (True, False))
    run(frozen, x=randn(9, 4, 3))
    run(free, x=x)
    return bool(refusal(lambda: run(frozen, x=x)))
