"""Which tensor, step, row, gate and unit an expression refers to.

`TENSOR_AXES` is the single table of the axes of every name. The words for axes:

- `step`: a step of the sequence;
- `sample`: a sequence of the batch;
- `input`: an element of x;
- `unit`: an element of h or c;
- `row`: a row of a weight, within its four bands (of the read-out: any row);
- `column`: the unit of the state that the weight multiplies;
- `part`: a layer in one direction;
- `gate`: four entries, in PyTorch's order;
- `feature`: a unit of an output in one direction, followed by those of the other;
- `from`: the step from whose initial state a gradient is taken.
"""

import ast
import re
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache, reduce
from itertools import chain
from operator import or_
from typing import Any

import torch

from tests.binding import specs
from tests.binding.calls import CallTime, call_times
from tests.binding.clauses import GATES, RESULT
from tests.proof import code_of

SHARED_AXES: dict[str, tuple[str, ...]] = {
    "x": ("step", "sample", "input"),
    "h_0": ("part", "sample", "unit"),
    "c_0": ("part", "sample", "unit"),
    "h_n": ("part", "sample", "unit"),
    "c_n": ("part", "sample", "unit"),
    "h_prev": RESULT,
    "c_prev": RESULT,
    "ih": ("step", "sample", "row"),
    "hh": ("step", "sample", "row"),
    **{f"z_{gate}": RESULT for gate in GATES},
    **dict.fromkeys(GATES, RESULT),
    "c": RESULT,
    "tanh_c": RESULT,
    "output": RESULT,
    "weight_ih": ("row", "input"),
    "weight_hh": ("row", "column"),
    "bias_ih": ("row",),
    "bias_hh": ("row",),
    "bias": ("row",),
    "weight_hr": ("unit", "column"),
    "outputs": ("row",),
    "text": ("step",),
    "tokens": ("step",),
    "times": ("step",),
    "labels": ("label", "step"),
    "sequence": ("step", "sample", "input"),
    "zeros": ("step", "sample", "input"),
    "lengths": ("sample",),
    "batch": ("step", "sample", "input"),
    "padded": ("step", "sample", "input"),
    "h": ("part", "sample", "unit"),
}
"""Axes of the names that several figures use."""

TENSOR_AXES = specs.merged_with_shared("TENSOR_AXES", SHARED_AXES)
"""Name in a preamble -> its axes.

For a cell, whose states have no step, the first axis is dropped. Each of several
runs has a key, as in `norms["RNN"]`.
"""

LAYERED = ("layer", "step", "sample", "feature")
"""Axes of the outputs of all layers; the module's output is the last layer."""

BIDIRECTIONAL = {"padded_output", "packed_output", "padded_h_n", "packed_h_n"}
"""Results of a bidirectional module for a single sequence."""

STATES = {"h_0", "c_0", "h_n", "c_n"}
"""Tensors with a part for each layer and direction, and no step."""

DIRECTIONS = ("forward", "reverse")

LIBRARIES = {"keras": "ifgo", "onnx": "iofg", "openvino": "figo"}
"""Gate order of other libraries, in PyTorch's letters."""

PEEPHOLE_GATES = "ifo"
"""The gates that have a peephole, in the order of `peephole`."""

BANDED = {
    *("ih", "hh", "weight_ih", "weight_hh", "bias_ih", "bias_hh", "bias", "lit"),
    *("grad_bias_ih", "grad_bias_hh"),
    # In Keras
    *("kernel", "recurrent_kernel"),
}
"""Tensors whose axis `row` is four bands, one for each gate."""


def gate_of(name):
    """The gate of a tensor or of its sum; other names are returned unchanged.

    >>> gate_of("z_i"), gate_of("lit_o"), gate_of("c")
    ('i', 'o', 'c')
    """
    return name.removeprefix("z_").removeprefix("lit_")


IN_TEXT_ORDER = {
    *("text", "tokens", "times", "depth", "inside"),
    *("batch", "padded", "packed.data", "packed.batch_sizes"),
    *("numbers", "packed_numbers.data"),
    *("padded_output", "packed_output"),
}
"""Tensors that stay in text order when the sequence is read backwards."""

ALIASES = {
    "dh_dh_prev": "h",
    "dc_dc_prev": "c",
    **dict.fromkeys(("padded_h_n", "packed_h_n"), "h_n"),
    "output": "h",
    "weight_at": "weight",
    "packed_numbers.data": "packed.data",
    **{f"{state}{part}": state for state in ("handed", "detached") for part in ("[0]", "[1:]")},
}
"""Names that figures use -> the tensor's name in PyTorch."""

_MODULES = {"lstm", "cell", "layer", "module", "readout", "packed"}
"""Names in expressions that are modules."""

# Names in expressions that are functions and libraries.
_FUNCTIONS = {"torch", "len", "max", "min", "abs", "sum", "list", "tuple"}
_FUNCTIONS |= {"range", "zip", "round", "float", "int", "str", "all", "any"}
_FUNCTIONS |= {"enumerate", "sorted", "set", "sigmoid", "isinstance", "bool", "math", "rms"}
_PARAMETER = re.compile(
    r"(?:lstm|cell|layer|module)\.((?:weight|bias)_(?:ih|hh|hr))"
    r"(?:_l(\d+)(_reverse)?)?"
)
"""Matches a parameter of a module: its name, layer and direction."""


_LACKS = "TENSOR_AXES in {1}/__init__.py lacks {0}; give it its axes there"
"""The message for a name without axes, and the folder of its figure."""


class UnknownNameError(LookupError):
    """A name that `TENSOR_AXES` lacks."""


@dataclass(frozen=True)
class View:
    """A tensor, or a part of one.

    Attributes:
        tensor: Its name.
        indices: Axis -> the selected indices, in order.
        open_axes: The axes that a further subscript would index.
        units: hidden_size, for tensors with four bands or of one gate; else 0.
        entries: The step and sample of each entry, for tensors with entries.
        calls: When each operator is called, for lists of calls.
        order: The gate order of its bands.
        direction_size: Features of each direction, for tensors with features.
        directions: Number of directions, for tensors with parts of a stack.
        constants: Keys that have the same values for the whole tensor.
    """

    tensor: str
    indices: dict[str, tuple[Any, ...]]
    open_axes: tuple[str, ...]
    units: int = 0
    direction_size: int = 0
    directions: int = 0
    constants: dict[str, tuple[object, ...]] = field(default_factory=dict)
    entries: tuple[tuple[int, int], ...] = ()
    calls: tuple[CallTime, ...] = ()
    order: str = GATES


@dataclass(frozen=True)
class Meaning:
    """The tensors and indices that an expression refers to.

    Attributes:
        views: The tensors in it.
        flipped: Whether the sequence is read backwards.
        steps: The length of the sequence.
    """

    views: tuple[View, ...]
    flipped: bool
    steps: int

    def step_number(self, view, t):
        """The number of step `t`, counted from 1 along the sequence."""
        if self.flipped and view.tensor not in IN_TEXT_ORDER:
            return self.steps - t
        return t + 1

    def written_steps(self, view, part):
        """The step numbers for indices in a column of writes; 0 is the initial state."""
        return {self.step_number(view, t) if t >= 0 else 0 for t in part}

    def keys_of(self, view):
        """The keys by which labels can name what a view selects."""
        keys = {key: set(values) for key, values in view.indices.items()}
        names = {view.tensor, ALIASES.get(view.tensor, view.tensor)}
        if "axis" in keys:
            # The view of a shape
            return {**keys, "tensor": {*names}}
        if view.entries:
            places = [view.entries[j] for j in view.indices["entry"]]
            return {
                "step": {t + 1 for t, _ in places},
                "sample": {n for _, n in places},
                "tensor": {*names},
            }
        if view.calls:
            calls = [view.calls[k] for k in view.indices["call"]]
            return {
                "operator": {call.operator for call in calls},
                "when": {call.when for call in calls if call.when},
                "step": {step for call in calls for step in call.steps},
                "gate": {call.gate for call in calls if call.gate},
                "run": set(view.constants.get("run", ())),
                "tensor": names,
            }
        if "step" in keys:
            keys["step"] = {self.step_number(view, t) for t in view.indices["step"]}
        if "unit" in keys:
            # Several units may share a column.
            units = (u if isinstance(u, tuple) else (u,) for u in view.indices["unit"])
            keys["unit"] = set().union(*units)
        if "write" in keys:
            # A column covers several steps, or the initial state.
            columns = (self.written_steps(view, part) for part in view.indices["write"])
            keys["write"] = set().union(*columns)
        gate = gate_of(view.tensor)
        if view.units and gate in GATES:
            first = GATES.index(gate) * view.units
            keys["row"] = {first + unit for unit in view.indices["unit"]}
            keys["gate"] = {gate}
        elif view.units:
            rows = view.indices["row"]
            # The second of two biases follows the first.
            keys["gate"] = {view.order[row // view.units % 4] for row in rows}
            keys["unit"] = {row % view.units for row in rows}
        if size := view.direction_size:
            keys["unit"] = {k % size for k in view.indices["feature"]}
            keys["direction"] = {DIRECTIONS[k // size] for k in view.indices["feature"]}
        if view.tensor in BIDIRECTIONAL and "part" in keys:
            keys["direction"] = {DIRECTIONS[part] for part in view.indices["part"]}
        if view.tensor in STATES:
            keys["row"] = keys.get("part", set())
            keys |= self.state_keys(view)
        if view.tensor in ("handed[1:]", "detached[1:]"):
            # The states that a module returned, as arguments of its next call
            names |= {("h_0", "c_0")[k] for k in view.indices["argument"]}
        if view.tensor == "peephole":
            keys["gate"] = {PEEPHOLE_GATES[k] for k in view.indices["seer"]}
        keys |= {key: set(values) for key, values in view.constants.items()}
        return {**keys, "tensor": {*names}}

    def state_keys(self, view):
        """For a state, the steps that it follows, and its layer and direction."""
        last = {1 if self.flipped else self.steps}
        is_first = view.tensor in ("h_0", "c_0")
        if not view.directions:
            return {"step": {0} if is_first else last}
        parts = [divmod(part, view.directions) for part in view.indices["part"]]
        after = {1 if reverse else self.steps for _, reverse in parts}
        return {
            "step": {0} if is_first else after,
            "layer": {layer for layer, _ in parts},
            "direction": {DIRECTIONS[reverse] for _, reverse in parts},
        }

    @cached_property
    def keys(self):
        """Key -> the values that the expression refers to."""
        result = {}
        for _, keys in self.keys_by_tensor:
            for key, values in keys.items():
                result.setdefault(key, set()).update(values)
        return result

    @cached_property
    def keys_by_tensor(self):
        return [(view.tensor, self.keys_of(view)) for view in self.views]

    @cached_property
    def sequence(self):
        """The step numbers along the remaining step axis."""
        for view in self.views:
            if "step" in view.open_axes:
                return [self.step_number(view, t) for t in view.indices["step"]]
        return None

    @cached_property
    def tensors(self):
        return {view.tensor for view in self.views}


@lru_cache(maxsize=2**12)
def tree_of(expression):
    return ast.parse(expression, mode="eval")


written_as = lru_cache(maxsize=2**14)(ast.unparse)
"""Unparse a node of a cached tree."""


def meaning_of(drawing, expression):
    """The tensors and indices that an expression refers to.

    Raises:
        UnknownNameError: If a name in it is not in `TENSOR_AXES`.
    """
    meanings, key = drawing.run.meanings, (drawing.figure, expression)
    if key not in meanings:
        names = drawing.namespace
        steps = len(names["x"]) if "x" in names else 1
        views = _Reader(drawing).read(tree_of(expression).body)
        meanings[key] = Meaning(views, is_flipped(drawing), steps)
    return meanings[key]


def expression_keys(drawing, expression):
    """The keys of an expression; empty if it has unknown names."""
    try:
        return meaning_of(drawing, expression).keys
    except UnknownNameError:
        return {}


def values_of(drawing, mark, key):
    """The values of a key in the expression of a mark; empty if it has none."""
    return expression_keys(drawing, mark.expression).get(key, set())


def steps_along(drawing, expression):
    """The steps along an expression; empty if it has no step axis."""
    try:
        return meaning_of(drawing, expression).sequence or []
    except UnknownNameError:
        return []


def is_flipped(drawing):
    """Whether the direction shown reads the sequence backwards."""
    flipped = "x = x.flip(0)" in drawing.preamble
    # A second module made from that layer reads its input forwards.
    return flipped and drawing.module_variable == "layer"


LAYER_PARAMETER = re.compile(r'getattr\(lstm, f"\{name\}_l(\d+)(_reverse)?"\)')
"""Matches how a preamble selects the parameters of the layer shown."""


def visible_layer(drawing):
    """The layer and direction whose results a figure shows."""
    match = LAYER_PARAMETER.search(drawing.preamble)
    layer, reverse = match.groups() if match else ("0", None)
    return {"layer": (int(layer),), "direction": ("reverse" if reverse else "forward",)}


def stacked_module(drawing):
    """The module, if it has several layers or directions and is shown as a whole."""
    names = drawing.namespace
    if stack := specs.constant(drawing.figure, "STACK", ""):
        return names.get(stack)
    module = names.get("lstm")
    if "layer" in names or not isinstance(module, torch.nn.LSTM):
        return None
    return module if module.num_layers > 1 or module.bidirectional else None


@cache
def recorded_step(preamble):
    """The index t in `recorded = ...(x[t], ...)`."""
    call = next(
        line.value
        for line in ast.parse(preamble).body
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "recorded"
    )
    assert isinstance(call, ast.Call)
    first = ast.unparse(call.args[0])
    return int(first.removeprefix("x[").removesuffix("]"))


def packed_entries(packed):
    """The step and sample of each row in the data of a PackedSequence."""
    order = packed.sorted_indices.tolist()
    return tuple(
        (t, order[k]) for t, size in enumerate(packed.batch_sizes.tolist()) for k in range(size)
    )


def _last_layer(stack):
    """The key of the output of a module: its last layer."""
    return {"layer": ((stack.num_layers if stack else 1) - 1,)}


_FULL_SLICE: ast.expr = ast.Slice()
"""A subscript that keeps the whole axis."""


class _Reader:
    """Reads which elements of which tensors an expression is about."""

    def __init__(self, drawing):
        self.drawing = drawing
        self.bound = set()
        """Loop variables and parameters of lambdas, which are no tensors."""

    def read(self, node):
        match node:
            case ast.Constant():
                return ()
            case ast.Name(name) if name in self.bound | _FUNCTIONS | _MODULES:
                return ()
            case ast.Name(name):
                return (self.view_of(name, name),)
            case ast.Subscript(ast.Name("recorded"), ast.Constant(str(key))):
                return (self.recorded(key, written_as(node)),)
            case ast.Attribute(
                ast.Attribute(
                    ast.Subscript(ast.Name("recorded"), ast.Constant(str(key))), "grad_fn"
                ),
                "_saved_result",
            ):
                return (self.recorded(key, written_as(node)),)
            case ast.Attribute():
                return self.attribute(node)
            case ast.Subscript(
                ast.Name("keras" | "onnx" | "openvino" | "flax" as library), ast.Constant(str(name))
            ):
                return (self.ported(library, name, written_as(node)),)
            case ast.Subscript(ast.Name(name), ast.Constant(str(key))):
                return (self.run(name, key, written_as(node)),)
            case ast.Subscript(ast.Call(ast.Name("blocks"), [t, count]), ast.Constant(int(k))):
                return (self.block(t, count, k),)
            case ast.Call(ast.Attribute(value, "count"), [ast.Constant(str(name))]):
                return tuple(_calls_of(view, name) for view in self.read(value))
            case ast.Call(ast.Attribute(value, "flip"), [ast.Constant(0)]):
                return tuple(map(_flip, self.read(value)))
            case ast.Subscript() if written_as(node) in TENSOR_AXES:
                written = written_as(node)
                return (self.view_of(written, written),)
            case ast.Call(ast.Attribute(ast.Name("torch"), "cat"), [ast.Subscript() as all_]):
                # Indexing by all parts at once removes the `part` axis.
                views = self.read(all_)
                return tuple(replace(v, open_axes=v.open_axes[1:]) for v in views)
            case ast.Subscript(value, index):
                return self.subscript(self.read(value), index)
            case ast.Call(function, arguments):
                return self.read_all([function, *arguments])
            case ast.ListComp() | ast.GeneratorExp():
                return self.comprehension(node)
            case ast.Lambda(arguments, body):
                self.bound |= {a.arg for a in arguments.args}
                return self.read(body)
            case _:
                return self.read_all(list(ast.iter_child_nodes(node)))

    def read_all(self, nodes):
        return tuple(chain.from_iterable(map(self.read, nodes)))

    def view_of(self, name, written):
        """The view of a whole tensor, by its name and by how an expression refers to it."""
        views, key = self.drawing.run.views, (self.drawing.figure, written)
        if key not in views:
            views[key] = self._build_view(name, written)
        return views[key]

    def _build_view(self, name, written):
        """The same, without the cache."""
        names, figure = self.drawing.namespace, self.drawing.figure
        # Some figures define a function for names whose axes depend on the tensors.
        axes_of = specs.constant(figure, "axes_of", lambda *_: None)
        if axes := axes_of(name, names):
            shape = _shape(eval(written, names))
            indices = {a: tuple(range(n)) for a, n in zip(axes, shape, strict=True)}
            if isinstance(axes, dict):
                # The figure gives the indices of each axis itself.
                indices, axes = axes, tuple(axes)
            half = len(indices.get("feature", ())) // 2
            constants = specs.constant(figure, "FIXED_INDICES", {}).get(name, {})
            return View(name, indices, axes, direction_size=half, constants=constants)
        # `scaffold` writes a ? for axes to fill in.
        if "?" in TENSOR_AXES.get(name, "?"):
            raise UnknownNameError(_LACKS.format(name, specs.relative_path(figure)))
        value = eval(written, names)
        shape = _shape(value)
        stack, axes = stacked_module(self.drawing), TENSOR_AXES[name][-len(shape) :]
        directions = 1 + bool(stack and stack.bidirectional)
        if name in BIDIRECTIONAL:
            directions = 2
        layered = name == "outputs" and len(shape) == len(LAYERED)
        is_stacked_output = layered or (stack and name == "output")
        if is_stacked_output:
            axes = LAYERED[-len(shape) :]
        if directions == 1:
            axes = tuple("unit" if a == "feature" else a for a in axes)
        indices = {a: tuple(range(n)) for a, n in zip(axes, shape, strict=True)}
        if "gate" in indices:
            indices["gate"] = tuple(GATES)
        units = len(indices["row"]) // 4 if name in BANDED else 0
        if gate_of(name) in GATES:
            units = len(indices["unit"])
        if name == "called":
            return View(name, indices, axes, calls=call_times(value, len(names["zeros"])))
        # The features are those of two directions.
        half = len(indices.get("feature", ())) // 2
        # The input is of no layer.
        constants = {} if name == "x" else visible_layer(self.drawing)
        constants |= specs.constant(figure, "FIXED_INDICES", {}).get(name, {})
        if is_stacked_output:
            constants = _last_layer(stack) if name == "output" else {}
            constants |= {"direction": ("forward",)} if directions == 1 else {}
        if "entry" in indices:
            return View(name, indices, axes, entries=packed_entries(names["packed"]))
        is_in_stack = name in BIDIRECTIONAL or bool(stack and name in STATES)
        return View(
            tensor=name,
            indices=indices,
            open_axes=axes,
            units=units,
            direction_size=half,
            directions=directions if is_in_stack else 0,
            constants={} if is_in_stack else constants,
        )

    def block(self, t, count, which):
        """A block of derivatives between the first units at one step."""
        step, units = (int(ast.literal_eval(n)) for n in (t, count))
        name, axes = ("dh_dh_prev", "dc_dc_prev")[which], ("unit", "column")
        indices = {axis: tuple(range(units)) for axis in axes} | {"step": (step,)}
        return View(name, indices, axes, constants=visible_layer(self.drawing))

    def recorded(self, name, written):
        """A tensor of the recorded step, or a value saved for its backward pass."""
        view = self.view_of(name, written)
        indices = {**view.indices, "step": (recorded_step(self.drawing.preamble),)}
        return replace(view, indices=indices, constants=visible_layer(self.drawing))

    def run(self, name, key, written):
        """One of several runs, by its key."""
        view = self.view_of(name, written)
        return replace(view, constants={**view.constants, "run": (key,)})

    def ported(self, library, name, written):
        """A tensor of another library."""
        if written not in TENSOR_AXES:
            raise UnknownNameError(_LACKS.format(written, specs.relative_path(self.drawing.figure)))
        value = self.drawing.namespace[library][name]
        axes = TENSOR_AXES[written]
        indices = {a: tuple(range(n)) for a, n in zip(axes, value.shape, strict=True)}
        if library == "flax":
            # Flax has a tensor for each gate, whose letter is in its name: `if`, `hg`.
            return View(name, indices, axes, constants={"gate": (name[1],)})
        # ONNX puts both biases into one tensor.
        bias_count = 2 if (library, name) == ("onnx", "B") else 1
        units = len(indices["row"]) // (4 * bias_count)
        return View(name, indices, axes, units, order=LIBRARIES[library])

    def attribute(self, node):
        """The views of a parameter or another attribute."""
        written = written_as(node)
        if match := _PARAMETER.fullmatch(written):
            name, layer, reverse = match.groups()
            view = self.view_of(name, written)
            if written.startswith("layer."):
                return (view,)
            direction = "reverse" if reverse else "forward"
            constants = {"layer": (int(layer or 0),), "direction": (direction,)}
            return (replace(view, constants=constants),)
        if written in TENSOR_AXES:
            return (self.view_of(written, written),)
        if node.attr == "grad_fn":
            raise UnknownNameError(f"{written} is no tensor, but a node")
        views = self.read(node.value)
        if node.attr in ("T", "mT"):
            views = tuple(replace(v, open_axes=v.open_axes[::-1]) for v in views)
        if node.attr == "shape":
            # A shape has one axis; its keys are the axes that it measures.
            views = tuple(View(v.tensor, {"axis": v.open_axes}, ("axis",)) for v in views)
        return views

    def comprehension(self, node):
        inside = [node.elt]
        for generator in node.generators:
            self.bound |= {n.id for n in ast.walk(generator.target) if isinstance(n, ast.Name)}
            inside += [generator.iter, *generator.ifs]
        return self.read_all(inside)

    def subscript(self, views, index):
        """The views with the syntax node of an index applied, an axis for each part."""
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        parts = [p for p in parts if not _is_constant(p, None)]
        rank = max((len(v.open_axes) for v in views), default=0)
        if any(_is_constant(p, ...) for p in parts):
            k = next(k for k, p in enumerate(parts) if _is_constant(p, ...))
            full = [_FULL_SLICE] * (rank - len(parts) + 1)
            parts = parts[:k] + full + parts[k + 1 :]
        # Further subscripts index into a text, so drop them.
        parts = [*parts, *[_FULL_SLICE] * (rank - len(parts))][:rank]
        # A tensor with fewer axes broadcasts over the first ones.
        return tuple(
            reduce(self.indexed, zip(v.open_axes, parts[rank - len(v.open_axes) :], strict=True), v)
            for v in views
        )

    def indexed(self, view, pair):
        axis, part = pair
        try:
            chosen = self.select(view.indices[axis], part)
        except NameError:
            # The index is a loop variable and may take any value.
            return replace(view, open_axes=_without(view.open_axes, axis))
        if not isinstance(chosen, tuple):
            indices = {**view.indices, axis: (chosen,)}
            return replace(view, indices=indices, open_axes=_without(view.open_axes, axis))
        return replace(view, indices={**view.indices, axis: chosen})

    def select(self, available, part):
        """The indices along an axis that a part of a subscript, a syntax node, selects."""
        if part is _FULL_SLICE:
            return available
        if isinstance(part, ast.Slice):
            return eval(code_of(f"available[{written_as(part)}]"), {"available": available})
        index = self.drawing.value(written_as(part))
        if isinstance(index, list):
            return tuple(available[k] for k in index)
        return available[index]


def _calls_of(view, operator):
    """The calls of one operator."""
    positions = (k for k in view.indices["call"] if view.calls[k].operator == operator)
    return replace(view, indices={"call": tuple(positions)}, open_axes=())


def _flip(view):
    """The view with its first axis reversed."""
    axis = view.open_axes[0]
    return replace(view, indices={**view.indices, axis: view.indices[axis][::-1]})


def _shape(value):
    if isinstance(value, list | tuple) and isinstance(value[0], torch.Tensor):
        return (len(value), *value[0].shape)
    if isinstance(value, torch.Tensor):
        return tuple(value.shape)
    return tuple(getattr(value, "shape", None) or (len(value),))


def _is_constant(node, value):
    return isinstance(node, ast.Constant) and node.value is value


def _without(axes, axis):
    return tuple(a for a in axes if a != axis)


@cache
def without_indices(expression):
    """An expression without its indices, which identifies the quantity.

    >>> without_indices("(f * c_prev)[1, 0, 0]"), without_indices("lstm.bias_ih_l0[3]")
    ('f * c_prev', 'bias_ih')
    """
    tree = _IndexRemover().visit(ast.parse(expression, mode="eval"))
    return _PARAMETER.sub(r"\1", ast.unparse(tree))


@cache
def stack_parts(expression):
    """The expressions that a stack or tuple is made of.

    >>> stack_parts("torch.stack([f[0], c[0]])"), stack_parts("f[0], 1"), stack_parts("f[0]")
    (('f[0]', 'c[0]'), ('f[0]', '1'), ('f[0]',))
    """
    tree = ast.parse(expression, mode="eval").body
    if isinstance(tree, ast.Call) and ast.unparse(tree.func) == "torch.stack":
        tree = tree.args[0]
    if isinstance(tree, ast.Tuple | ast.List):
        return tuple(ast.unparse(part) for part in tree.elts)
    return (expression,)


DIFFERENCES = {"seeing_h - own_h"}
"""Differences that figures show as quantities."""

TIMES = ("times / 60", "times / 3600", "times / 86400")
"""When steps begin, in minutes, hours and days."""

PRODUCTS = {"f * c_prev", "i * g", "o * tanh_c"}
"""Elementwise products in an LSTM."""

WEIGHTED = {"weight_ih * x", "weight_hh * h_prev", "weight_hr * o * tanh_c"}
"""Addends of matrix products: each element times its weight."""


MULTIPLIED_AXES = (
    (("weight_ih", "input"), ("x", "input")),
    (("weight_hh", "column"), ("h_prev", "unit")),
    (("weight_hr", "column"), ("o", "unit")),
)
"""The axis of each weight, and that of the vector whose elements it multiplies."""


def is_paired(meaning):
    """Whether each weight multiplies the element that it belongs to."""
    at = {view.tensor: view.indices for view in meaning.views}
    return all(
        at[weight][column] == at[vector][element]
        for (weight, column), (vector, element) in MULTIPLIED_AXES
        if weight in at and vector in at
    )


@cache
def is_quantity(expression):
    """Whether an expression contains only unmodified quantities of an LSTM.

    >>> is_quantity("(f * c_prev)[1, 0, 0]"), is_quantity("1 - f[1, 0, 0]")
    (True, False)
    >>> is_quantity("i[1, 0, 0] * c_prev[1, 0, 0]")
    False
    """
    for part in stack_parts(expression):
        for node in ast.walk(ast.parse(without_indices(part), mode="eval")):
            if not isinstance(node, ast.BinOp):
                continue
            sides = ast.unparse(node.left), ast.unparse(node.right)
            if isinstance(node.op, ast.Add):
                # A sum with a constant modifies the quantity.
                if any(side[0].isdigit() for side in sides):
                    return False
            elif isinstance(node.op, ast.Mult):
                if not {" * ".join(sides), " * ".join(sides[::-1])} & (PRODUCTS | WEIGHTED):
                    return False
            elif ast.unparse(node) not in {*DIFFERENCES, *TIMES}:
                return False
    return True


STATISTICS = ("min", "mean", "max")
"""Methods that reduce all elements of a quantity to one number."""


class _IndexRemover(ast.NodeTransformer):
    """Removes indices and statistics, so that the bare quantity remains."""

    def visit_Call(self, node):
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr in STATISTICS:
            return self.visit(function.value)
        self.generic_visit(node)
        return node

    def visit_Subscript(self, node):
        return self.visit(node.value)


def merged_keys(meanings):
    """All values of each key."""
    keys = set(chain.from_iterable(m.keys for m in meanings))
    return {key: reduce(or_, (m.keys.get(key, set()) for m in meanings)) for key in keys}
