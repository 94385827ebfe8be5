"""The computation graph of an LSTM, element by element.

An element is a name and its indices, such as `("f", 1, 0, 0)`: f at step 1 of sample 0
and unit 0. `quantities` computes each quantity, and `parents` returns the elements that
one is computed from; `test_graph.py` compares the two by autograd.
"""

from collections import deque
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple

import torch

from tests.binding.axes import stacked_module
from tests.binding.clauses import GATES

KEPT, WRITTEN, SHOWN = "f * c_prev", "i * g", "o * tanh_c"
"""The part of c_prev that is kept, of g that is written, and of tanh c that is shown."""


class Sizes(NamedTuple):
    """Sizes of a layer in one direction.

    Attributes:
        inputs: input_size.
        units: hidden_size.
        outputs: The length of h, which a projection changes.
        steps: seq_len.
        bias: Whether the layer has biases.
        layers: Number of layers shown as a whole.
        directions: Number of directions shown as a whole.
    """

    inputs: int
    units: int
    outputs: int
    steps: int
    bias: bool
    layers: int = 1
    directions: int = 1

    @property
    def is_projected(self):
        return self.outputs != self.units


class Quantity(NamedTuple):
    """How a quantity is computed.

    Attributes:
        parents: The names of its inputs.
        operation: Function that computes one step of it from these.
    """

    parents: tuple[str, ...]
    operation: Callable[..., torch.Tensor]


@cache
def quantities(sizes):
    """Name -> quantity of one step, in the order of computation.

    `ih` and `hh` are the parts of the sums z from x and from h_prev.
    """
    by_name = {
        "ih": Quantity(("x", "weight_ih"), lambda x, w: x @ w.T),
        "hh": Quantity(("h_prev", "weight_hh"), lambda h, w: h @ w.T),
    }
    biases = ("bias_ih", "bias_hh") if sizes.bias else ()
    for k, gate in enumerate(GATES):
        by_name[f"z_{gate}"] = Quantity(
            ("ih", "hh", *biases), lambda *sums, k=k: sum(sums).chunk(4, dim=-1)[k]
        )
        function = torch.tanh if gate == "g" else torch.sigmoid
        by_name[gate] = Quantity((f"z_{gate}",), function)
    by_name |= {
        KEPT: Quantity(("f", "c_prev"), torch.mul),
        WRITTEN: Quantity(("i", "g"), torch.mul),
        "c": Quantity((KEPT, WRITTEN), torch.add),
        "tanh_c": Quantity(("c",), torch.tanh),
        SHOWN: Quantity(("o", "tanh_c"), torch.mul),
    }
    # Autograd distinguishes a copy from its source.
    by_name["output"] = Quantity((SHOWN,), torch.clone)
    if sizes.is_projected:
        by_name["output"] = Quantity((SHOWN, "weight_hr"), lambda h, w: h @ w.T)
    return by_name


def sizes_of(drawing):
    """The sizes of the layer that a figure shows."""
    x, module = drawing.namespace["x"], drawing.namespace[drawing.module_variable]
    stack = stacked_module(drawing)
    return Sizes(
        inputs=x.shape[-1],
        units=module.hidden_size,
        outputs=getattr(module, "proj_size", 0) or module.hidden_size,
        steps=len(x),
        bias=module.bias,
        layers=stack.num_layers if stack else 1,
        directions=1 + bool(stack and stack.bidirectional),
    )


def parents(element, sizes):
    """The elements that an element is directly computed from."""
    name, *index = element
    match name, index:
        case "ih", [t, sample, row]:
            for k in range(sizes.inputs):
                yield from (("x", t, sample, k), ("weight_ih", row, k))
        case "hh", [t, sample, row]:
            for k in range(sizes.outputs):
                yield from (("h_prev", t, sample, k), ("weight_hh", row, k))
        case (("z_i" | "z_f" | "z_g" | "z_o"), [t, sample, unit]):
            row = GATES.index(name[-1]) * sizes.units + unit
            yield from (("ih", t, sample, row), ("hh", t, sample, row))
            if sizes.bias:
                yield from (("bias_ih", row), ("bias_hh", row))
        case (("i" | "f" | "g" | "o"), _):
            yield (f"z_{name}", *index)
        case "f * c_prev", _:
            yield from (("f", *index), ("c_prev", *index))
        case "i * g", _:
            yield from (("i", *index), ("g", *index))
        case "c", _:
            yield from ((KEPT, *index), (WRITTEN, *index))
        case "tanh_c", _:
            yield ("c", *index)
        case "o * tanh_c", _:
            yield from (("o", *index), ("tanh_c", *index))
        case "output", [t, sample, unit] if sizes.is_projected:
            for k in range(sizes.units):
                yield from ((SHOWN, t, sample, k), ("weight_hr", unit, k))
        case "output", _:
            yield (SHOWN, *index)
        case (("h_prev" | "c_prev"), [t, sample, unit]):
            before = "output" if name == "h_prev" else "c"
            first = "h_0" if name == "h_prev" else "c_0"
            yield (before, t - 1, sample, unit) if t else (first, 0, sample, unit)
        case "outputs", [layer, t, sample, feature]:
            reverse = feature // sizes.outputs
            before = t + 1 if reverse else t - 1
            if 0 <= before < sizes.steps:
                for k in range(sizes.outputs):
                    yield ("outputs", layer, before, sample, reverse * sizes.outputs + k)
            below = ("outputs", layer - 1) if layer else ("x",)
            for k in range(sizes.directions * sizes.outputs if layer else sizes.inputs):
                yield (*below, t, sample, k)
        case "h_n", [part, sample, unit] if sizes.layers * sizes.directions > 1:
            layer, reverse = divmod(part, sizes.directions)
            last = 0 if reverse else sizes.steps - 1
            yield ("outputs", layer, last, sample, reverse * sizes.outputs + unit)
        case (("h_n" | "c_n"), [*_, sample, unit]):
            last = "output" if name == "h_n" else "c"
            yield (last, sizes.steps - 1, sample, unit)


PREVIOUS = {
    "h_prev": ("output", "h_0"),
    "c_prev": ("c", "c_0"),
    "outputs": ("outputs", "x"),
    "h_n": ("output", "outputs"),
    "c_n": ("c",),
}
"""Values of an earlier step or of a stack -> the quantities that they are taken from."""


def ancestors_until(heads, stops, sizes):
    """All ancestors of some elements, up to and including the stops.

    For speed it skips branches that cannot reach a stop; `test_graph` compares
    it with a full search.
    """
    heads, stops = set(heads), frozenset(stops)
    limits = _limits(stops, sizes)
    visited, ancestors, read_vectors = set(heads), set(), set()
    waiting = deque(heads)
    while waiting and len(ancestors) < len(stops):
        element = waiting.popleft()
        vector = () if limits.has_weights else _vector(element, sizes)
        if vector:
            if vector in read_vectors:
                continue
            read_vectors.add(vector)
        for parent in parents(element, sizes):
            name = parent[0]
            if parent in stops and parent not in heads:
                ancestors.add(parent)
            elif (
                name in limits.descendants
                and parent not in visited
                and (name not in limits.step_names or parent[1] >= limits.first)
            ):
                visited.add(parent)
                waiting.append(parent)
    return ancestors


class _Limits(NamedTuple):
    """Limits on where stops can be.

    Attributes:
        step_names: Names of all quantities that have a step.
        first: The earliest step of the stops; 0 if some have no step.
        descendants: Names of the quantities that stops can contribute to.
        has_weights: Whether some stops are weights.
    """

    step_names: frozenset[str]
    first: int
    descendants: frozenset[str]
    has_weights: bool


@lru_cache(maxsize=1)
def _limits(stops, sizes):
    """The limits for a set of stops, cached for the many heads of a figure."""
    names = {str(name) for name, *_ in stops}
    step_names = frozenset({*quantities(sizes), "x", "h_prev", "c_prev"})
    first = min(int(t) for _, t, *_ in stops) if names <= step_names else 0
    has_weights = any(name.startswith("weight") for name in names)
    return _Limits(step_names, first, frozenset(_descendants(names, sizes)), has_weights)


def _descendants(names, sizes):
    """The names of all quantities that these can contribute to."""
    parents_by_name = {
        name: quantity.parents for name, quantity in quantities(sizes).items()
    } | PREVIOUS
    descendants, more = set(), names
    while more:
        more = {name for name, own in parents_by_name.items() if more & {*own}} - descendants
        descendants |= more
    return descendants


def _vector(element, sizes):
    """The vector that an element depends on as a whole, apart from weights."""
    name, *index = element
    if name in ("ih", "hh") or (name == "output" and sizes.is_projected):
        return (name, *index[:2])
    if name == "outputs":
        return (name, *index[:3], index[3] // sizes.outputs)
    return ()
