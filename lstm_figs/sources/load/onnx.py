"""Read the weights of LSTM nodes in an ONNX model, without running it.

torch exports a node for each layer; here these are merged into one module again.
ONNX stacks the gates as i, o, f, c and concatenates both biases. The first axis
of every tensor is for the directions.
"""

import math
import re
from collections import ChainMap, Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ...errors import LstmFigsError, UnsupportedModule
from ...model.arguments import MAX_SIZE
from ...model.tensors import Array
from ...names import quoted_name, with_article
from ...porting import ONNX
from ...porting.target import in_torch_order
from ...proof.literals import text
from .checkpoint import Checkpoint, Location, Stored
from .content import Content
from .library import library
from .onnx_constants import (
    STANDARD_DOMAINS,
    Computed,
    Constants,
    GraphNode,
    GraphTensor,
    NotConstant,
    Scope,
    computing,
)
from .onnx_functions import INLINE, without_functions
from .parameters import Parameter, parse

FUNCTIONS = ["sigmoid", "tanh", "tanh"]
"""The activation functions of torch's LSTM, for one direction."""

GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}
"""The number of stacked gates for each kind of recurrent node."""

MAX_BYTES = 2**31 - 1
"""The most bytes of a model, which is a limit of protobuf."""

SCOPES = "pkg.torch.onnx.name_scopes"
"""The metadata key under which torch's exporter lists the modules of a node."""

MAX_SCOPES = 10_000
"""The most characters of that list."""

_NAME = re.compile(r"""'[^'\\]*'|"[^"\\]*\"""")
"""A string in a list of names."""
_LIST = re.compile(rf"\[((({_NAME.pattern}), )*({_NAME.pattern}))?\]")
"""A list of names, as the metadata has it."""

MAX_PEEPHOLES = 2 * 3 * MAX_SIZE
"""The most peephole weights: three for each unit and direction."""


class Layer(NamedTuple):
    """A node of a recurrent layer.

    Attributes:
        kind: The operator, such as LSTM.
        module: The name of the module that it was exported from; None if
            unknown.
        name: The name of the node.
        tensors: Its tensors W and R, and B if it has one.
        directions: The number of directions.
        parameters: The parameters of torch in the file that these are made of.
    """

    kind: str
    module: str | None
    name: str
    tensors: tuple[GraphTensor | Computed, ...]
    directions: int
    parameters: tuple[Parameter, ...] = ()

    @property
    def levels(self) -> set[int]:
        """The layers that its parameters are named for."""
        return {parameter.layer or 0 for parameter in self.parameters}

    @property
    def common_sizes(self) -> tuple[int, tuple[int, ...], int]:
        """What all layers of a module share: directions, shape of R, number of tensors."""
        return self.directions, self.tensors[1].dims, len(self.tensors)

    @property
    def places(self) -> tuple[str, ...]:
        """The places of its tensors."""
        return tuple(tensor.place for tensor in self.tensors)

    def follows(self, below: "Layer") -> bool:
        """Whether it may be the next layer of the same module."""
        units = self.tensors[1].dims[2]
        return (
            self.kind == "LSTM"
            and self.module is not None
            and self.module == below.module
            and self.common_sizes == below.common_sizes
            and not self.levels & below.levels
            and self.tensors[0].dims[2] == self.directions * units
        )


def read_onnx(name: str, content: Content) -> Checkpoint:
    """The tensors of a model, with PyTorch's names for those of LSTMs.

    Raises:
        MissingTool: If the library `onnx` is not installed.
        ValueError: If the file is too large.
    """
    stored_model, folder = _model(name, content), Path(name).parent
    model = without_functions(stored_model)
    loading = _loading_code(name, is_inlined=model is not stored_model)
    tensors: dict[str, Stored] = {}
    refused: dict[str, LstmFigsError] = {}
    stacks: list[list[Layer]] = []
    seen: set[tuple[str, ...]] = set()
    graph_tensors = {i.proto.name: i for i in _initializers(model.graph, "model.graph", folder)}
    state = "state = {tensor.name: to_array(tensor) for tensor in model.graph.initializer}"
    for node in model.graph.node:
        # Exporters store equal tensors once, and name the others by nodes.
        if node.op_type == "Identity" and node.input[0] in graph_tensors and parse(node.output[0]):
            graph_tensors[node.output[0]] = graph_tensors[node.input[0]]
            state += f"\nstate[{text(node.output[0])}] = state[{text(node.input[0])}]"
    location = Location(prefix="", setup=f"{loading}\n{state}")
    for key, tensor in graph_tensors.items():
        tensors[key] = _make_stored(tensor, location, tensor.dims)
    constants = Constants(model, folder)
    for node, scope in _nodes(model.graph, "model.graph", folder, ChainMap()):
        try:
            layer = _layer(node, scope, constants)
        except LstmFigsError as error:
            refused[_module_name(node)] = error
            continue
        if layer is None:
            continue
        # The last node of the last module may be the layer below.
        if stacks and layer.follows(stacks[-1][-1]):
            stacks[-1].append(layer)
        # A module that is called twice has two nodes with the same tensors.
        elif layer.places not in seen:
            stacks.append([layer])
        seen.add(layer.places)
    names = Counter(stack[0].module for stack in stacks)
    others = _parameters_by_module(tensors)
    for stack in stacks:
        module_tensors = _module(loading, stack, names)
        if any(isinstance(tensor, Computed) for layer in stack for tensor in layer.tensors):
            (parameters,) = _parameters_by_module(module_tensors)
            # Both branches of an If may compute the weights of one module.
            if any(_are_equal(parameters, other) for other in others):
                continue
            others.append(parameters)
        # What the node reads lacks the tensors that an exporter has folded.
        read = {p.module for layer in stack for p in layer.parameters}
        for key in [k for k in tensors if (p := parse(k)) and p.module in read]:
            del tensors[key]
        tensors |= module_tensors
    return Checkpoint(
        name, "ONNX", tensors, tensor='torch.from_numpy({}.astype("float32"))', refused=refused
    )


def _parameters_by_module(
    tensors: Mapping[str, Stored],
) -> list[dict[tuple[str, int, bool], Stored]]:
    """The parameters of each module; those of a cell are like those of layer 0."""
    modules: dict[str, dict[tuple[str, int, bool], Stored]] = {}
    for name, stored in tensors.items():
        if parameter := parse(name):
            parameters = modules.setdefault(parameter.module, {})
            parameters[parameter.base, parameter.layer or 0, parameter.reverse] = stored
    return list(modules.values())


def _are_equal(
    first: Mapping[tuple[str, int, bool], Stored], other: Mapping[tuple[str, int, bool], Stored]
) -> bool:
    """Whether two modules have the same parameters, number by number."""
    return first.keys() == other.keys() and all(
        first[key].shape == other[key].shape
        and np.array_equal(first[key].read(), other[key].read())
        for key in first
    )


def _model(name: str, content: Content) -> Any:
    """The model, without external tensors."""
    onnx = library("onnx", name)
    if content.size > MAX_BYTES:
        raise ValueError(f"it has {content.size:,} bytes, more than {MAX_BYTES:,}")
    with content.open() as file:
        return onnx.load_model_from_string(file.read())


def _loading_code(name: str, *, is_inlined: bool) -> str:
    """Python that loads the model in a proof."""
    lines = ["import numpy", "import onnx", "from onnx.numpy_helper import to_array"]
    return "\n".join([*lines, f"model = onnx.load({text(name)})", *[INLINE] * is_inlined])


def _initializers(graph: Any, path: str, folder: Path) -> Iterator[GraphTensor]:
    for k, proto in enumerate(graph.initializer):
        yield GraphTensor(proto, f"{path}.initializer[{k}]", folder)


def _nodes(graph: Any, path: str, folder: Path, outer: Scope) -> Iterator[tuple[Any, Scope]]:
    """Every node, also in branches and loops, with what is in its scope."""
    scope = outer.new_child()
    for initializer in _initializers(graph, path, folder):
        scope[initializer.proto.name] = initializer
    for k, node in enumerate(graph.node):
        for j, attribute in enumerate(node.attribute):
            if attribute.HasField("g"):
                inside = f"{path}.node[{k}].attribute[{j}].g"
                yield from _nodes(attribute.g, inside, folder, scope)
        for output in node.output:
            scope[output] = GraphNode(node, path, k)
        yield node, scope


def _layer(node: Any, scope: Scope, constants: Constants) -> Layer | None:
    """The recurrent layer of a node, None for a different node.

    Raises:
        UnsupportedModule: If torch cannot reproduce it.
    """
    is_standard = node.domain in STANDARD_DOMAINS
    if node.op_type.endswith("LSTM") and not (is_standard and node.op_type == "LSTM"):
        is_quantized = re.search("Quantize|QLinear", node.op_type)
        raise _refusal(
            node,
            f"is {with_article(node.op_type)}"
            + (
                ", which rounds its weights and inputs to 8 bits"
                if is_quantized
                else f" of {quoted_name(node.domain)}, not of ONNX"
            ),
            "the operator LSTM of ONNX with floats, as in torch.nn.LSTM; if you have only this "
            "file, ask its authors for the model from before "
            + ("quantization" if is_quantized else "it was optimized"),
        )
    if node.op_type not in GATES or not is_standard:
        return None
    attributes = {attribute.name: attribute for attribute in node.attribute}
    # X, W, R, B, the lengths, h_0, c_0 and peepholes; optional ones may be left out.
    inputs = [*node.input, *[""] * 8][:8]
    tensors = []
    for letter, value in zip("WRB", inputs[1:4], strict=True):
        if not value and letter == "B":
            continue
        try:
            tensors.append(constants.find(value, scope))
        except NotConstant as error:
            raise _refusal(
                node,
                f"has {with_article(letter)} that cannot be read, because {error}",
                "numbers of the file, or the results of nodes such as Concat and Slice; "
                "onnxruntime writes a folded copy to SessionOptions.optimized_model_filepath",
            ) from error
    directions = tensors[0].dims[0] if tensors[0].dims else 0
    if node.op_type == "LSTM":
        _check(node, attributes)
        if inputs[7] and not _is_zero(inputs[7], scope, constants):
            raise _refusal(node, "has peepholes", "none, as in torch.nn.LSTM; choose another LSTM")
    axis_counts = [len(tensor.dims) for tensor in tensors]
    expected = [3, 3, 2][: len(tensors)]
    if axis_counts != expected or directions not in (1, 2):
        raise _refusal(
            node,
            f"has tensors of {axis_counts} axes for {directions} directions",
            "W and R with three axes, B with two, and one or two directions; check how it was made",
        )
    parameters = tuple(_parameters_read(tensors))
    modules = {parameter.module for parameter in parameters}
    module = _scope(node)
    if module is None and len(modules) == 1:
        (module,) = modules
    return Layer(node.op_type, module, _own_name(node), tuple(tensors), directions, parameters)


def _parameters_read(tensors: Iterable[GraphTensor | Computed]) -> Iterator[Parameter]:
    """The weights of torch's modules, by their names, that some tensors are made of."""
    for tensor in tensors:
        for constant in tensor.initializers if isinstance(tensor, Computed) else (tensor,):
            parameter = parse(constant.proto.name)
            # Equal biases of two modules may be stored once, under one name.
            if parameter and parameter.base.startswith("weight"):
                yield parameter


def _is_zero(peepholes: str, scope: Scope, constants: Constants) -> bool:
    """Whether peephole weights are constant and all zero."""
    try:
        tensor = constants.find(peepholes, scope)
    except NotConstant:
        return False
    return math.prod(tensor.dims) <= MAX_PEEPHOLES and not tensor.array().any()


def _check(node: Any, attributes: Mapping[str, Any]) -> None:
    """Raise an error for an LSTM that torch cannot reproduce."""
    if "direction" in attributes and attributes["direction"].s == b"reverse":
        raise _refusal(
            node,
            "reads its steps only from the last to the first",
            "forward or both directions, as in torch.nn.LSTM; export it as a forward LSTM, and "
            "reverse its input",
        )
    functions = [
        function.decode().lower()
        for function in (attributes["activations"].strings if "activations" in attributes else ())
    ]
    of_both_directions = FUNCTIONS * 2
    if functions != of_both_directions[: len(functions)]:
        raise _refusal(
            node,
            f"has the activations {', '.join(functions)}",
            "sigmoid, tanh and tanh, as in torch.nn.LSTM; choose another LSTM",
        )
    for name, what in (
        ("clip", "clips its sums"),
        ("input_forget", "couples its input gate with its forget gate"),
    ):
        if name in attributes and (attributes[name].f or attributes[name].i):
            raise _refusal(
                node, f"{what} ({name})", "neither, as in torch.nn.LSTM; choose another LSTM"
            )


def _refusal(node: Any, got: str, expected: str) -> UnsupportedModule:
    """The error of a node that differs from `nn.LSTM`."""
    return UnsupportedModule(f"{quoted_name(_own_name(node))} {got}, expected {expected}")


def _own_name(node: Any) -> str:
    """The name of a node, or of its first output."""
    name = node.name or (node.output[0] if node.output else "")
    return str(name).strip("/").replace("/", ".")


def _module_name(node: Any) -> str:
    """The name of the module that a node was exported from, or else its own."""
    try:
        return _scope(node) or _own_name(node)
    except UnsupportedModule:
        return _own_name(node)


def _scope(node: Any) -> str | None:
    """The module of torch that a node was exported from.

    torch's exporter writes the scopes into the metadata, `['', 'rnn', 'lstm']`,
    with the call last. The older exporter writes them into the name of the
    node, `/rnn/LSTM_1`.

    Raises:
        UnsupportedModule: If the scopes are not a list, or are too long.
    """
    for metadata in node.metadata_props:
        if metadata.key == SCOPES:
            listed = metadata.value if len(metadata.value) <= MAX_SCOPES else ""
            if not _LIST.fullmatch(listed):
                raise _refusal(
                    node,
                    f"has {SCOPES} {quoted_name(metadata.value[:101])}",
                    f"a list of names in at most {MAX_SCOPES:,} characters; export the model again",
                )
            # The last name is that of the call; a list may have fewer than two.
            *_, scope, _ = ["", "", *_NAME.findall(listed)]
            return str(scope[1:-1])
    match = re.fullmatch(r"/((?:.+/)?)\w+", node.name)
    return match and match[1].rstrip("/").replace("/", ".")


class Part(NamedTuple):
    """A parameter, as a part of a tensor.

    Attributes:
        tensor: The tensor.
        direction: Its index on the first axis.
        begin: Its first row on the second axis.
        rows: The number of rows that it should have.
    """

    tensor: GraphTensor | Computed
    direction: int
    begin: int
    rows: int

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape, which may be invalid."""
        _, rows, *columns = self.tensor.dims
        # A tensor without columns has both biases, each with half of its rows.
        return (rows, *columns) if columns else (rows // 2,)

    def taken_from(self, array: Array) -> Array:
        """Its numbers in PyTorch's order, from those of the tensor."""
        rows = array[self.direction, self.begin : self.begin + self.rows]
        return in_torch_order(rows, ONNX.order)

    def code(self, computed: Sequence[Computed]) -> str:
        """Python that computes the same as `taken_from`.

        Args:
            computed: What the list `computed` has in that Python.
        """
        index = str(self.direction)
        is_bias = len(self.tensor.dims) == 2
        if is_bias:
            index += f", {self.begin}:{self.begin + self.rows}"
        array = f"to_array({self.tensor.place})"
        if isinstance(self.tensor, Computed):
            array = f"computed[{[tensor.place for tensor in computed].index(self.tensor.place)}]"
        return f"in_order({array}[{index}])"


def _module(
    loading: str, stack: Sequence[Layer], names: Mapping[str | None, int]
) -> dict[str, Stored]:
    """The parameters of a module, by PyTorch's names.

    Args:
        loading: Python that loads the model in a proof.
        stack: Its layers.
        names: The number of modules with each name.
    """
    first = stack[0]
    # If two modules have the same name, they get the names of their nodes.
    is_named = first.module is not None and names[first.module] == 1
    module = first.module if is_named else first.name
    prefix = f"{module}." if module else ""
    if first.kind != "LSTM":
        # For a GRU or an RNN, only the shapes matter.
        w, r, *_ = first.tensors
        return {
            f"{prefix}{base}_l0": _make_stored(tensor, None, tensor.dims[1:])
            for base, tensor in (("weight_ih", w), ("weight_hh", r))
        }
    parts: dict[str, Part] = {}
    for layer, node in enumerate(stack):
        rows = 4 * node.tensors[1].dims[2]
        w, r, *biases = node.tensors
        for k in range(node.directions):
            end = f"_l{layer}_reverse" if k else f"_l{layer}"
            parts[f"weight_ih{end}"] = Part(w, direction=k, begin=0, rows=rows)
            parts[f"weight_hh{end}"] = Part(r, direction=k, begin=0, rows=rows)
            for b in biases:
                parts[f"bias_ih{end}"] = Part(b, direction=k, begin=0, rows=rows)
                parts[f"bias_hh{end}"] = Part(b, direction=k, begin=rows, rows=rows)
    location = Location(prefix=prefix, setup=f"{loading}\n{_setup(parts)}")
    return {
        prefix + key: _make_stored(part.tensor, location, part.shape, part.taken_from)
        for key, part in parts.items()
    }


def _setup(parts: Mapping[str, Part]) -> str:
    """Python that makes `state` from `model`."""
    tensors = {part.tensor.place: part.tensor for part in parts.values()}
    computed = [tensor for tensor in tensors.values() if isinstance(tensor, Computed)]
    entries = (f"    {text(key)}: {part.code(computed)}," for key, part in parts.items())
    return "\n".join(
        (
            *([computing(computed)] if computed else []),
            "# ONNX stacks the gates i, o, f, g, and both biases upon each other.",
            "def in_order(rows):",
            "    i, o, f, g = numpy.split(rows, 4)",
            "    return numpy.concatenate([i, f, g, o])",
            "state = {",
            *entries,
            "}",
        )
    )


def _make_stored(
    tensor: GraphTensor | Computed,
    location: Location | None,
    shape: Sequence[int],
    take: Callable[[Array], Array] = np.asarray,
) -> Stored:
    """A part of a tensor, which is read when it is needed."""
    return Stored(tuple(shape), tensor.dtype, lambda: take(tensor.array()), location)
