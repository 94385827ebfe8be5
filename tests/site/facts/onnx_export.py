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
from tests.site.facts.common import OLDER, listed, module, occurrences, randn
from tests.site.facts.errors import refusal
from tests.site.facts.streaming import begins_at_the_end
from tests.site.facts_of_pages import figure, network, of_torch

LSTM = onnx.defs.get_schema("LSTM")
"""What ONNX says of its operator."""

AXES = (CODE / "export_axes.py").read_text(encoding="utf-8")

WARNING = (
    "Exporting a model to ONNX with a batch_size other than 1, with a variable "
    "length with LSTM can cause an error when running the ONNX model with a "
    "different batch size"
)


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

OTHERS = """
import onnxruntime, torch
class Packed(torch.nn.LSTM):
    def forward(self, x):
        packed = torch.nn.utils.rnn.pack_padded_sequence(x, [5, 4, 3, 2])
        return super().forward(packed)[0].data
x = torch.randn(5, 4, 3)
for one in (torch.nn.LSTM(3, 4, proj_size=2), Packed(3, 2)):
    try:
        said = "export"
        torch.onnx.export(one.eval(), (x,), "module.onnx", dynamo=True,
                          verbose=False)
        said = "run"
        session = onnxruntime.InferenceSession("module.onnx")
        session.run(None, {session.get_inputs()[0].name: x.numpy()})
    except Exception as error:
        print(said)
"""
"""What of a projection and of packed sequences fails."""


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


NUMBERS = network(
    "cell",
    (
        "{:Word} layers are exported with their states",
        listed(r"num_layers=(\d)", "code/export_onnx.py"),
    ),
    (
        "one of {:word} modules in both directions, whose states nobody passes",
        occurrences("(3, 2, bidirectional=True, batch_first=True)", "onnx-export"),
    ),
)


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


FACTS = (
    *of_torch(
        (
            "The older exporter takes packed sequences, sorted or not, in both "
            "directions, with the lengths as an input:",
            takes_packed_sequences,
        ),
        (
            "The lengths have to stay a tensor all the way: what "
            "`lengths.tolist()` or NumPy makes of them is a constant of the "
            "file. The file is right for inputs as long as the example; a "
            "shorter one is refused, with [*Invalid value/s in sequence_lens*]"
            "(https://github.com/microsoft/onnxruntime/issues/10768), and of a "
            "longer one the rest is left out, without a message.",
            keeps_the_lengths_of_the_example,
        ),
        (
            "With `int(x.shape[1])` the file has the batch of the example for "
            "good, and refuses another.",
            fixes_a_batch_that_is_a_number,
        ),
        (
            "Because a file needs one order that everybody who writes or reads "
            "it knows, and ONNX chose a different one from PyTorch's.",
            moves_the_bands,
        ),
        ("The exporter moves the bands from one order to the other for you;", moves_the_bands),
        (
            "If the loop has to come along, the older exporter keeps it of [a "
            "scripted module](other-places.md#torchscript), as a node of the "
            "type `Loop`:",
            keeps_a_loop,
        ),
        (
            "The fifth is `sequence_lens`, the lengths of the sequences, and "
            "what comes after it are the states; so that these stay in their "
            "places, the fifth is there with an empty name.",
            leaves_lengths_out,
            lambda: names_of_inputs()[5:7] == ["initial_h", "initial_c"],
        ),
        ("The last, `P`, would be the weights of peepholes,", lambda: names_of_inputs()[-1] == "P"),
    ),
    *of_torch(
        (
            "An exported LSTM runs without PyTorch, but not all that it could "
            "do comes along, and some of what is missing shows only when it "
            "runs.",
            is_the_same,
            returns_no_gates,
            refuses_another_batch,
        ),
        (
            "Each layer becomes one `LSTM` node, which does both directions if "
            "there are two. Around it are nodes that only move axes: ONNX has "
            "an axis for directions in its output, between steps and batch, "
            "and PyTorch has none.",
            has_a_node_for_each_layer,
            lambda: "seq_length, num_directions, batch" in LSTM.outputs[0].description,
            lambda: module(3, 2)(randn(5, 4, 3))[0].dim() == 3,
        ),
        (
            "The tensors have lost their names, so `weight_ih_l0` is not to be found in the file.",
            has_lost_the_names,
        ),
        (
            "No order is better than another: the four gates are computed side "
            "by side, so the same numbers come out as long as writer and "
            "reader agree.",
            agrees_in_any_order,
        ),
        (
            "You have to do it yourself only if you [take weights out of the "
            "file or put some into it](porting.md#onnx).",
            moves_the_bands,
        ),
        (
            "| What | What comes out | What to do | | --- | --- | --- | | The "
            "number of steps | Before PyTorch `2.15` the exporter fixes it to "
            "that of the example, even where `dynamic_shapes` names it, and "
            "another length fails when it is run; `2.15` keeps it free, but "
            "not in a process that first exported a module with its states "
            "and fixed steps | Export [one step](#one-step-at-a-time), use "
            "[the older exporter](#any-number-of-steps), or try the file with "
            "another length | | The batch | Free, where `dynamic_shapes` "
            "names it | |",
            is_the_same,
            lambda: numbers_of_steps() == ["5", "9"][: 1 if OLDER else 2],
            lambda: OLDER or numbers_of_steps("later") == ["5"],
        ),
        (
            "| [Packed sequences](packed.md) | Refused | Take [the older "
            "exporter](#packed), or export for a batch of one; with one "
            "direction you can also pad and [take the last valid "
            "step](packed.md#one-direction-no-packing), but the reverse "
            "direction [would begin in the padding]"
            "(packed.md#without-packing) | | [proj_size](projection.md) | A "
            "node without the projection, which fails when it is run | Write "
            "the projection as [a cell of your own](custom-cell.md) |",
            lambda: printed(OTHERS)[-2:] == ["run", "export"],
            takes_packed_sequences,
        ),
        (
            "| States | Only what you name: without them the file starts from "
            "zeros each time | Pass them in, as the listing does | | Gates and "
            "c of each step | Not there, as in PyTorch | [The hidden state of "
            "every layer](every-state.md) |",
            begins_from_zeros,
            returns_no_gates,
        ),
        (f"No. *{WARNING}*", is_said_by_the_older_exporter, is_the_same),
        (
            "What it means are the zeros from which an LSTM begins: where the "
            "batch is fixed, so is their number. Name the batch in "
            "`dynamic_axes`, as above, and the file makes as many as `x` "
            "needs; or make the states inputs. Without that, another batch is "
            "refused.",
            refuses_another_batch,
        ),
        (
            "`nn.LSTMCell` becomes no `LSTM` node but plain products, sums and "
            "gates, and a loop over steps as many copies of them as the "
            "example has steps.",
            is_plain_products,
        ),
        (
            "It cannot have two directions, since the reverse one begins at the end.",
            begins_at_the_end,
        ),
        (
            "An empty name means *not given*, and all sequences then have every step.",
            leaves_lengths_out,
            is_the_same,
        ),
        (
            "which PyTorch lacks, so it is left off altogether. Nothing of your module is missing:",
            leaves_lengths_out,
            is_the_same,
        ),
        (
            "or [a cell of plain products and sums](custom-cell.md), which has no such node.",
            is_plain_products,
        ),
    ),
    *NUMBERS,
    *figure(
        (
            "The band of o moves up, between i and f.",
            "torch.equal(onnx['W'][0].split(2)[1], lstm.weight_ih_l0[6:])",
            "torch.equal(onnx['W'][0].split(2)[2], lstm.weight_ih_l0[2:4])",
        ),
        ("The band of o moves up", "torch.equal(onnx['W'][0].split(2)[0], lstm.weight_ih_l0[:2])"),
    ),
    *of_torch(
        ("Such a file takes {:word} steps and no other number.", lambda: len(randn(5, 4, 3))),
        (
            "### Is the warning about a `batch_size` other than 1 an error?",
            is_said_by_the_older_exporter,
        ),
        (
            "Dropout is gone, because the module was in `eval()`.",
            lambda: ".eval()" in (CODE / "export_onnx.py").read_text("utf-8"),
        ),
        (
            "With `batch_first=True`, `x` has the batch as its first axis and "
            "the states still have it as their second",
            lambda: module(3, 2, batch_first=True)(randn(5, 4, 3))[1][0].shape == (1, 5, 2),
        ),
        (
            "keeps both axes of `x` free if `dynamic_axes` names them",
            lambda: "dynamic_axes" in AXES and "dynamic_shapes" not in AXES,
            lambda: '"x": {0: "steps", 1: "batch"}' in AXES,
        ),
        (
            "`W`, `R` and `B` are its second, third and fourth",
            lambda: [formal_input.name for formal_input in LSTM.inputs][1:4] == ["W", "R", "B"],
        ),
        (
            "`W` is `weight_ih`, `R` is `weight_hh`, and `B` holds both biases one after the other",
            lambda: all(
                size in formal_input.description
                for formal_input, size in zip(
                    LSTM.inputs[1:4],
                    ("input_size]", "hidden_size, hidden_size]", "8*hidden"),
                    strict=True,
                )
            ),
        ),
        (
            "an axis for directions in its output, between steps and batch",
            lambda: "seq_length, num_directions, batch" in LSTM.outputs[0].description,
        ),
    ),
)
