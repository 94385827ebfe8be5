"""Run an ONNX model as it is, with its LSTMs as modules of torch.

The evaluator of the library `onnx` runs all nodes but those of an LSTM. These are
run by modules that have their weights, so they can be traced like those of torch.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch

from ..errors import UnsupportedModule, UsageError
from ..model.tensors import Array, Trace, Weights
from ..names import first_line, quoted_name
from ..proof.literals import text
from .submodule import call_each

Stacks = Mapping[str, tuple[str, tuple[Weights, ...]]]
"""The LSTMs in a file by name: the class, and the parameters of each layer and direction."""


RECORD_CALLS = """\
calls = [ReferenceEvaluator(model).run(read, feed) for feed in {feeds}]"""
"""Python that records what a node reads in the runs of a model."""

RECORD_GENERATED = """\
evaluator = ReferenceEvaluator(model)
results = [output.name for output in model.graph.output]
calls, returned = [], None
try:
    while True:
        values = evaluator.run(results + read, feeds.send(returned))
        returned, call = values[: len(results)], values[len(results) :]
        calls.append(call)
except StopIteration:
    pass"""
"""The same for a generator, which gets the results of each run."""


class Node(NamedTuple):
    """The arguments of an LSTM node, with time as the first axis of `x`."""

    x: Array
    h_0: Array
    c_0: Array


class OnnxModel(torch.nn.Module):
    """An ONNX model that is called with feeds.

    Its LSTMs are submodules with the names that `inspect` prints, or `lstm` without one.

    Attributes:
        path: The file, as it was typed.
        in_file: The name of each submodule in the file; None without one.

    Raises:
        UnsupportedModule: If it has an operator that the evaluator lacks.
    """

    def __init__(self, path: str, stacks: Stacks):
        super().__init__()
        self.path = path
        self.in_file = {name or "lstm": name or None for name in stacks}
        # The nodes of each LSTM's first layer that ran, and the class of the feeds.
        self._nodes: dict[str, list[Any]] = {}
        self._feeds = ""
        import onnx.inliner
        from onnx.reference import ReferenceEvaluator

        # The digest of the weights of a node -> the name and the layer of its LSTM.
        self._layers: dict[bytes, tuple[str, int]] = {}
        # One layer of each LSTM as a separate module, because a node is one layer.
        self._single: dict[tuple[str, int], torch.nn.Module] = {}
        # The arguments of nodes that ran, until the last layer of their LSTM runs.
        self._waiting: dict[str, list[Node]] = {}
        for name, (kind, stack) in stacks.items():
            for weights in stack:
                if weights.direction == "forward":
                    key = _key(weights.weight_ih, weights.weight_hh)
                    self._layers[key] = name or "lstm", weights.layer
                    of_layer = [w for w in stack if w.layer == weights.layer]
                    self._single[name or "lstm", weights.layer] = _module(kind, of_layer)
            self._add(name or "lstm", _module(kind, stack))
        self._graph = onnx.load(path)
        if self._graph.functions:
            # As in the setup that loads its weights.
            self._graph = onnx.inliner.inline_local_functions(self._graph)
        self._dtypes = {
            value.name: onnx.helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
            for value in self._graph.graph.input
            if value.type.tensor_type.elem_type
        }
        try:
            self._evaluator = ReferenceEvaluator(self._graph, new_ops=[self._operator()])
        # The second if the model does not say which release of the operator it needs.
        except (NotImplementedError, RuntimeError) as error:
            raise UnsupportedModule(
                f"{quoted_name(path)} cannot be run by the library onnx ({first_line(error)}), "
                "expected only operators of ONNX; draw it with --weights, and --input with what "
                "its LSTM reads"
            ) from error

    def _add(self, name: str, module: torch.nn.Module) -> None:
        """Add a submodule, with one for each part of its name before the last."""
        *parents, last = name.split(".")
        owner: torch.nn.Module = self
        for parent in parents:
            if parent not in dict(owner.named_children()):
                owner.add_module(parent, torch.nn.Module())
            owner = owner.get_submodule(parent)
        owner.add_module(last, module)

    def forward(self, feeds: Any) -> None:
        """Run the model with each of several feeds.

        Args:
            feeds: One dict of inputs, or several. A generator yields them, and
                gets the outputs of the model for each.
        """
        self._feeds = type(feeds).__name__
        feeds = [feeds] if isinstance(feeds, dict) else feeds
        call_each(self._run, feeds)

    def _run(self, feed: dict[str, Array]) -> Any:
        """The outputs of the model for a dict of inputs.

        Raises:
            UsageError: If an input has a type that the model does not take.
        """
        for name, array in feed.items():
            expected, got = self._dtypes.get(name), np.asarray(array).dtype
            if expected not in (None, got):
                raise UsageError(
                    f"got {got} for the input {quoted_name(name)}, expected {expected}; convert "
                    f"it with .astype({str(expected)!r})"
                )
        return self._evaluator.run(None, feed)

    def _operator(self) -> type:
        """The operator LSTM for the evaluator."""
        from onnx.reference.ops import op_lstm

        run_node = self._run_node

        class LSTM(op_lstm.LSTM):  # type: ignore[misc]
            """Runs a module of torch if one has the weights of the node."""

            op_domain = ""  # The domain of ONNX itself, whose operator it replaces.

            def _run(self, *inputs: Array | None, **named: Any) -> Any:
                names = ("X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P")
                by_name = dict(zip(names, inputs, strict=False)) | named
                results = run_node(self.onnx_node, **by_name)
                if results is None:
                    return super()._run(*inputs, **named)
                return results

        return LSTM

    def input_setup(self, name: str, index: int | None, trace: Trace) -> str:
        """Python that makes `x`, `h_0` and `c_0` of a module after a run, from `feeds`.

        It needs `model`, the model without functions of its own.

        Args:
            name: The name of the module.
            index: The only call of it to take; None for all.
            trace: Its run.

        Returns:
            An empty string if the evaluator of `onnx` alone cannot make them.
        """
        # By an output, which is unique; a node may have no name. It ran once or several times.
        nodes = {node.output[0] or node.output[1]: node for node in self._nodes[name]}
        graph = list(self._graph.graph.node)
        # Nodes in branches and loops have no place in the graph itself.
        places = [k for k, node in enumerate(graph) if node in nodes.values()]
        is_generator, is_cell = self._feeds == "generator", trace.kind == "LSTMCell"
        # A node with the weights of a cell calls it once for each of its steps, so the index
        # of a call of the cell is none of a run of the node.
        if len(nodes) != 1 or len(places) != 1 or (is_cell and index is not None):
            return ""
        # The evaluator has no operator for two directions.
        run_before = graph if is_generator else graph[: places[0]]
        if any(node.op_type in ("LSTM", "GRU", "RNN") for node in run_before) and (
            not is_generator or any(weights.direction == "reverse" for weights in trace.weights)
        ):
            return ""
        names = [graph[places[0]].input[0]]
        states = f"h_0 = torch.zeros{trace.h_0.shape}\nc_0 = torch.zeros{trace.c_0.shape}"
        if trace.h_0.any() or trace.c_0.any():
            if trace.num_layers > 1:
                return ""
            _, _, _, _, _, *initial_states = graph[places[0]].input
            names += initial_states[:2]
            states = "h_0, c_0 = (torch.tensor(a, dtype=torch.float32) for a in calls[0][1:])"
        lines = ["from onnx.reference import ReferenceEvaluator"]
        # The values that the LSTM reads: its input, and its initial states if it gets any.
        lines += [f"read = [{', '.join(map(text, names))}]"]
        if is_generator:
            lines.append(RECORD_GENERATED)
        else:
            lines.append(f"del model.graph.node[{places[0]}:]")
            feeds = "[feeds]" if self._feeds == "dict" else "feeds"
            lines.append(RECORD_CALLS.format(feeds=feeds))
        if index is not None:
            lines.append(f"calls = calls[{index}:{index + 1}]")
        lines.append("x = numpy.concatenate([call[0] for call in calls])")
        return "\n".join([*lines, "x = torch.tensor(x, dtype=torch.float32)", states])

    def _run_node(self, onnx_node: Any, **named: Any) -> tuple[Array, ...] | None:
        """The results of an LSTM node, from its inputs and attributes by name.

        Returns:
            None if it belongs to no module.

        Raises:
            UnsupportedModule: If it reads its input in a form that torch does not have.
        """
        x, w, r = (named[name] for name in "XWR")
        key = _key(*(_in_order(rows[0]) for rows in (w, r)))
        if key not in self._layers:
            return None
        name, layer = self._layers[key]
        if layer == 0:
            self._nodes.setdefault(name, []).append(onnx_node)
        lengths = named.get("sequence_lens")
        # With layout=1, the batch is the first axis.
        if named.get("layout") or (lengths is not None and (lengths != len(x)).any()):
            raise UnsupportedModule(
                f"got the node of {name!r} with its batch first, or with sequences of different "
                "lengths, expected one sequence with time first; change the feeds"
            )
        states = [named.get("initial_h"), named.get("initial_c")]
        shape = w.shape[0], x.shape[1], r.shape[2]
        h_0, c_0 = (np.zeros(shape, x.dtype) if state is None else state for state in states)
        node = Node(x, h_0, c_0)
        # Layer 0 begins a new run of its module.
        nodes = [*self._waiting.pop(name, []), node] if layer else [node]
        module = self.get_submodule(name)
        count = getattr(module, "num_layers", 1)
        if count == 1:
            return _results(module, node)
        if layer + 1 < count:
            self._waiting[name] = nodes
        elif len(nodes) == count:
            # All layers have run, so the module runs too, and its hook records the call.
            all_h_0 = np.concatenate([n.h_0 for n in nodes])
            all_c_0 = np.concatenate([n.c_0 for n in nodes])
            _results(module, Node(nodes[0].x, all_h_0, all_c_0))
        return _results(self._single[name, layer], node)


def _key(weight_ih: Array, weight_hh: Array) -> bytes:
    """A digest of the weights of one direction."""
    digest = hashlib.sha256()
    for array in (weight_ih, weight_hh):
        digest.update(np.ascontiguousarray(array, np.float32).data)
    return digest.digest()


def _in_order(rows: Array) -> Array:
    """The rows of ONNX in the order of torch."""
    i, o, f, g = np.split(rows, 4)
    return np.concatenate([i, f, g, o])


def _module(kind: str, stack: Sequence[Weights]) -> torch.nn.Module:
    """A module of torch with these parameters; its first layer is layer 0."""
    first, last = stack[0], stack[-1]
    sizes, bias = (first.input_size, first.hidden_size), first.bias_ih is not None
    is_cell = kind == "LSTMCell"
    module: torch.nn.Module
    # The random numbers of the user's function must not depend on this.
    with torch.random.fork_rng(devices=[]):
        if is_cell:
            module = torch.nn.LSTMCell(*sizes, bias=bias)
        else:
            layers, both = 1 + last.layer - first.layer, last.direction == "reverse"
            module = torch.nn.LSTM(*sizes, num_layers=layers, bias=bias, bidirectional=both)
    state = {}
    for weights in stack:
        end = "_reverse" if weights.direction == "reverse" else ""
        suffix = "" if is_cell else f"_l{weights.layer - first.layer}{end}"
        for base, array in weights.parameters().items():
            state[base + suffix] = torch.from_numpy(array.copy())
    module.load_state_dict(state)
    return module.eval()


def _results(module: torch.nn.Module, node: Node) -> tuple[Array, ...]:
    """The output, the last h and the last c of a node, as ONNX shapes them."""
    x, h, c = (torch.from_numpy(np.array(array, np.float32)) for array in node)
    if isinstance(module, torch.nn.LSTMCell):
        state, outputs = (h[0], c[0]), []
        for x_t in x:
            state = module(x_t, state)
            outputs.append(state[0])
        tensors: Iterable[torch.Tensor] = (torch.stack(outputs)[:, None], *(s[None] for s in state))
    else:
        output, (h_n, c_n) = module(x, (h, c))
        size = h_n.shape[-1]
        by_direction = output.reshape(*output.shape[:2], -1, size).transpose(1, 2)
        tensors = (by_direction, h_n, c_n)
    return tuple(tensor.numpy().astype(node.x.dtype) for tensor in tensors)
