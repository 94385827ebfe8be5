"""Find the constants of an ONNX model, and compute those that nodes make of others.

Exporters leave nodes that slice, stack and transpose weights, and quantizers leave
nodes that make floats of integers. Only operators that rearrange or convert numbers
are computed, by the evaluator of the library `onnx`, and only as many numbers as are
in proportion to the model.
"""

import math
from collections import ChainMap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from ...model.arguments import MAX_NUMBERS
from ...model.tensors import Array
from ...names import first_line, quoted_name
from ...proof.literals import text
from .external import is_external, read_external

OPERATORS = {
    "Cast",
    "Concat",
    "Constant",
    "DequantizeLinear",
    "Gather",
    "Identity",
    "Reshape",
    "Slice",
    "Split",
    "Squeeze",
    "Transpose",
    "Unsqueeze",
}
"""The operators that are computed."""

STANDARD_DOMAINS = ("", "ai.onnx")
"""The names of the domain of ONNX itself; other libraries have operators of the same names."""

VIEWS = {"Slice", "Split", "Squeeze", "Transpose", "Unsqueeze"}
"""Those among them that copy no numbers."""

MAX_GROWTH = 64
"""The most numbers that are copied for each number of the constants."""

NODE_COST = 10_000
"""The time for a node, as a number of copied numbers."""


class NotConstant(Exception):
    """A value is not made of constants by these operators."""


class GraphTensor(NamedTuple):
    """A constant tensor of a graph.

    Attributes:
        proto: The tensor as an object of the library.
        place: Python that gets it from `model`.
        folder: The folder of the model, which may have its data.
    """

    proto: Any
    place: str
    folder: Path

    @property
    def dims(self) -> tuple[int, ...]:
        """Its shape."""
        return tuple(self.proto.dims)

    @property
    def dtype(self) -> str:
        """The name of its dtype."""
        from onnx import helper

        return str(helper.tensor_dtype_to_np_dtype(self.proto.data_type).name)

    def array(self) -> Array:
        """Read its numbers."""
        from onnx import numpy_helper

        if is_external(self.proto):
            return read_external(self.proto, self.folder)
        numbers: Array = numpy_helper.to_array(self.proto)
        return numbers


class GraphNode(NamedTuple):
    """A node of a graph.

    Attributes:
        proto: The node as an object of the library.
        graph: Python that gets its graph from `model`.
        position: Its index in the graph.
    """

    proto: Any
    graph: str
    position: int


Scope: TypeAlias = ChainMap[str, GraphTensor | GraphNode]
"""What makes each value that a node may read, by name."""


class Computed(NamedTuple):
    """A tensor that nodes compute from constants.

    Attributes:
        numbers: Its numbers.
        name: The name of the value.
        place: A name that no different tensor of the model has.
        nodes: The nodes that compute it, in order.
        initializers: The other constants that they read.
    """

    numbers: Array
    name: str
    place: str
    nodes: tuple[GraphNode, ...]
    initializers: tuple[GraphTensor, ...]

    @property
    def dims(self) -> tuple[int, ...]:
        """Its shape."""
        return self.numbers.shape

    @property
    def dtype(self) -> str:
        """The name of its dtype."""
        return self.numbers.dtype.name

    def array(self) -> Array:
        """Its numbers."""
        return self.numbers


@dataclass
class Constants:
    """The constants of a model.

    Attributes:
        model: The model as an object of the library.
        folder: The folder of the model.
        numbers_left: How many more numbers may be copied.
    """

    model: Any
    folder: Path
    numbers_left: int = 2 * MAX_NUMBERS

    def find(self, name: str, scope: Scope) -> GraphTensor | Computed:
        """The tensor that a value is, which is computed if nodes make it.

        Raises:
            NotConstant: If it cannot be.
        """
        maker = scope.get(name)
        while isinstance(maker, GraphNode) and maker.proto.op_type == "Identity":
            name = maker.proto.input[0]
            maker = scope.get(name)
        if isinstance(maker, GraphTensor):
            return maker
        if isinstance(maker, GraphNode) and (tensor := self._constant(maker)):
            return tensor
        nodes, initializers = self._needed(name, scope)
        return self._computed(name, nodes, initializers)

    def _constant(self, maker: GraphNode) -> GraphTensor | None:
        """The tensor of a node that is a constant."""
        for k, attribute in enumerate(maker.proto.attribute):
            if maker.proto.op_type == "Constant" and attribute.name == "value":
                place = f"{maker.graph}.node[{maker.position}].attribute[{k}].t"
                return GraphTensor(attribute.t, place, self.folder)
        return None

    def _needed(self, name: str, scope: Scope) -> tuple[list[GraphNode], dict[str, GraphTensor]]:
        """The nodes that compute a value, in order, and the initializers that they read.

        Raises:
            NotConstant: If a node is of a different kind, or reads an input of the model.
        """
        self._spend(0)  # Raises an error if earlier values have used up the limit.
        nodes: dict[tuple[str, int], GraphNode] = {}
        initializers: dict[str, GraphTensor] = {}
        waiting = [name]
        while waiting:
            value = waiting.pop()
            maker = scope.get(value)
            if maker is None:
                raise NotConstant(f"it depends on {quoted_name(value)}, an input of the model")
            if isinstance(maker, GraphTensor):
                initializers[value] = maker
                continue
            place = maker.graph, maker.position
            if place in nodes:
                continue
            kind = maker.proto.op_type
            domain = maker.proto.domain
            if kind not in OPERATORS or domain not in STANDARD_DOMAINS:
                full_name = kind if domain in STANDARD_DOMAINS else f"{domain}.{kind}"
                raise NotConstant(f"{quoted_name(full_name)} computes it")
            nodes[place] = maker
            waiting += filter(None, maker.proto.input)
        # The path of an inner graph begins with that of the outer one.
        return [nodes[place] for place in sorted(nodes)], initializers

    def _computed(
        self, name: str, nodes: Sequence[GraphNode], initializers: dict[str, GraphTensor]
    ) -> Computed:
        """Compute a value.

        Raises:
            NotConstant: If its nodes cannot be run, or make too many numbers.
        """
        try:
            self._spend(sum(math.prod(tensor.dims) for tensor in initializers.values()))
            arrays = {value: tensor.array() for value, tensor in initializers.items()}
            sizes = [array.size for array in arrays.values()]
            sizes += [n.proto.ByteSize() for n in nodes if n.proto.op_type == "Constant"]
            copies_left = MAX_GROWTH * sum(sizes)
            for node in nodes:
                inputs = [arrays.get(value) for value in node.proto.input]
                copies = 0 if node.proto.op_type in VIEWS else _max_results(node.proto, inputs)
                copies_left -= copies
                if copies_left < 0:
                    raise NotConstant("its nodes make far more numbers than the file has")
                self._spend(copies + NODE_COST)
                arrays |= zip(node.proto.output, self._results(node, inputs), strict=False)
            numbers = np.asarray(arrays[name])
        except NotConstant:
            raise
        except Exception as error:
            raise NotConstant(f"its nodes cannot be run ({first_line(error)})") from error
        last = nodes[-1]
        return Computed(
            numbers=numbers,
            name=name,
            place=f"{last.graph}.node[{last.position}] {name}",
            nodes=tuple(nodes),
            initializers=tuple(initializers.values()),
        )

    def _results(self, node: GraphNode, inputs: Sequence[Array | None]) -> Sequence[Array]:
        """The results of a node.

        Raises:
            NotConstant: If it is a constant of a different kind than numbers.
        """
        from onnx import helper
        from onnx.reference import ReferenceEvaluator

        proto = node.proto
        if tensor := self._constant(node):
            return [tensor.array()]
        if proto.op_type == "Constant":
            (attribute,) = proto.attribute
            # One number or several: value_int, value_ints, value_float or value_floats.
            kind = attribute.name.removeprefix("value_").removesuffix("s")
            if kind not in ("int", "float"):
                raise NotConstant(f"a Constant of it has the attribute {quoted_name(kind)}")
            dtype = np.int64 if kind == "int" else np.float32
            return [np.array(helper.get_attribute_value(attribute), dtype)]
        named = {k: v for k, v in zip(proto.input, inputs, strict=True) if v is not None}
        graph = helper.make_graph(
            [proto],
            "node",  # A graph needs a name.
            [helper.make_empty_tensor_value_info(name) for name in named],
            [helper.make_empty_tensor_value_info(name) for name in proto.output],
        )
        versions = {entry.domain: entry.version for entry in self.model.opset_import}
        results = ReferenceEvaluator(graph, opsets=versions).run(None, named)
        return [np.asarray(result) for result in results]

    def _spend(self, count: int) -> None:
        """Count numbers before they are copied.

        Raises:
            NotConstant: If these are too many.
        """
        self.numbers_left -= count
        if self.numbers_left < 0:
            raise NotConstant("the nodes of the model make too many numbers")


def _max_results(proto: Any, inputs: Sequence[Array | None]) -> int:
    """The numbers that a node makes of its inputs, at most."""
    if proto.op_type == "Gather" and inputs[0] is not None and inputs[1] is not None:
        axis = next((a.i for a in proto.attribute if a.name == "axis"), 0)
        return int(inputs[0].size // max(inputs[0].shape[axis], 1) * inputs[1].size)
    return sum(array.size for array in inputs if array is not None)


def computing(tensors: Sequence[Computed]) -> str:
    """Python that computes tensors from `model`, as the list `computed`."""
    nodes: dict[tuple[str, int], int] = {}
    """The graph and the first index of nodes in a row -> the index after the last."""
    first = "", 0
    for graph, index in sorted(
        {(node.graph, node.position) for tensor in tensors for node in tensor.nodes}
    ):
        if graph != first[0] or index != nodes[first]:
            first = graph, index
        nodes[first] = index + 1
    places = {constant.place for tensor in tensors for constant in tensor.initializers}
    names = ", ".join(text(tensor.name) for tensor in tensors)
    return "\n".join(
        (
            "# Nodes of the model compute the weights from constants.",
            "from onnx.helper import make_empty_tensor_value_info, make_graph, make_model",
            "from onnx.reference import ReferenceEvaluator",
            "nodes = [",
            *(f"    *{graph}.node[{begin}:{end}]," for (graph, begin), end in nodes.items()),
            "]",
            f"outputs = [make_empty_tensor_value_info(name) for name in [{names}]]",
            f"initializers = [{', '.join(sorted(places))}]",
            'graph = make_graph(nodes, "weights", [], outputs, initializers)',
            "constants = make_model(graph, opset_imports=model.opset_import)",
            "computed = ReferenceEvaluator(constants).run(None, {})",
        )
    )
