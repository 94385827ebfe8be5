"""The nodes that autograd records in one step, and in a run of the module itself."""

import inspect
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch

from ..model.autograd import Operation, Recorded
from ..model.layer_run import LayerRun, Record
from ..options import Value
from .module import version
from .torch_state import fresh_torch

LEAF = "AccumulateGrad"
"""The class of nodes that accumulate the gradient of a leaf, such as a parameter."""


def one_step(
    x: torch.Tensor,
    h_prev: torch.Tensor,
    c_prev: torch.Tensor,
    weight_ih: torch.Tensor,
    weight_hh: torch.Tensor,
    bias_ih: torch.Tensor | None = None,
    bias_hh: torch.Tensor | None = None,
    weight_hr: torch.Tensor | None = None,
) -> dict[str, torch.Tensor]:
    """One step of an LSTM, written out; every tensor by its name."""
    ih = torch.nn.functional.linear(x, weight_ih, bias_ih)
    hh = torch.nn.functional.linear(h_prev, weight_hh, bias_hh)
    z = ih + hh
    z_i, z_f, z_g, z_o = z.chunk(4, dim=1)
    i, f, g, o = z_i.sigmoid(), z_f.sigmoid(), z_g.tanh(), z_o.sigmoid()
    retained, added = f * c_prev, i * g
    c = retained + added
    tanh_c = c.tanh()
    h = o * tanh_c
    if weight_hr is not None:
        gated = h
        h = torch.nn.functional.linear(gated, weight_hr)
    tensors = dict(locals())
    ids = {"retained": "kept", "gated": "shown"}
    return {ids.get(name, name): tensor for name, tensor in tensors.items()}


def nodes(tensor: torch.Tensor) -> list[torch.autograd.graph.Node]:
    """Every node that a gradient can reach from a tensor, once."""
    reached: dict[torch.autograd.graph.Node, None] = {}
    waiting: list[Any] = [tensor.grad_fn]
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached[node] = None
            after = [next for next, _ in node.next_functions]
            waiting += [next for next in after[::-1] if next is not None]
    return list(reached)


def record(subject: LayerRun, options: Mapping[str, Value]) -> Record:
    """Run one step, and the module itself, with autograd on.

    Returns:
        A record whose value `recorded` is an `autograd.Recorded`. Its setup
        defines `recorded` as the dictionary that `one_step` returns, and the
        function `nodes`.
    """
    step_number = options["step"]
    assert isinstance(step_number, int)
    t = subject.step_index(step_number)
    step, weights = subject.steps[t], subject.weights
    with fresh_torch(grad=True):
        leaves = {
            name: torch.from_numpy(array).requires_grad_()
            for name, array in {
                "h_prev": step.h_prev,
                "c_prev": step.c_prev,
                **weights.parameters(),
            }.items()
        }
        results = one_step(torch.from_numpy(step.x), **leaves)
        # Without bias and projection, their parameters are None.
        tensors = {name: tensor for name, tensor in results.items() if tensor is not None}
        module_nodes = _count_module_nodes(subject)
        recorded = Recorded(tuple(_operations(tensors)), tuple(module_nodes.items()))
    module_variable = subject.module_variable
    suffix = "_l0" if subject.trace.kind == "LSTM" else ""
    lines = [
        inspect.getsource(one_step),
        "",
        f"# Step {step_number}. Its state is a leaf here, so the graph ends there.",
        f"h, c = h_prev[{t}].detach(), c_prev[{t}].detach()",
        "recorded = one_step(",
        f"    x[{t}],",
        "    h.requires_grad_(),",
        "    c.requires_grad_(),",
        *(f"    {name}={module_variable}.{name}{suffix}," for name in weights.parameters()),
        ")",
        "",
        inspect.getsource(nodes),
    ]
    if module_variable == "layer":
        lines += [
            "",
            "# Of an input with gaps autograd would record one node more.",
            "output = layer(x.contiguous(), (h_0, c_0))[0]",
        ]
    return Record(
        "\n".join(lines), version(), {"recorded": recorded}, needs=("x", "h_prev", "c_prev")
    )


def _operations(tensors: Mapping[str, torch.Tensor]) -> Iterator[Operation]:
    """Traverse the graph from the results."""
    names = _names(tensors)
    paths = _paths(tensors)
    # Every node reachable from c is reachable from h.
    for node in nodes(tensors["h"]):
        yield Operation(
            names[node],
            _class(node),
            paths[node],
            tuple(_keeps(node, tensors)),
            tuple(
                (names[after], number) for after, number in node.next_functions if after is not None
            ),
        )


def _paths(tensors: Mapping[str, torch.Tensor]) -> dict[Any, str]:
    """The expression of each node: from a named tensor, or from a later node."""
    paths: dict[Any, str] = {}
    for name, tensor in tensors.items():
        if tensor.grad_fn is not None:
            paths.setdefault(tensor.grad_fn, f'recorded["{name}"].grad_fn')
    for node in nodes(tensors["h"]):
        for k, (after, _) in enumerate(node.next_functions):
            if after is not None:
                path = f"{paths[node]}.next_functions[{k}][0]"
                paths.setdefault(after, path)
    return paths


def _names(tensors: Mapping[str, torch.Tensor]) -> dict[Any, str]:
    """The name of the tensor that each node belongs to."""
    names: dict[Any, str] = {}
    for name, tensor in tensors.items():
        if tensor.grad_fn is not None:
            # The four chunks of z share one node.
            names.setdefault(tensor.grad_fn, "z.chunk(4)" if name == "z_i" else name)
    all_nodes: list[Any] = nodes(tensors["h"])
    for node in all_nodes:
        if _class(node) == LEAF:
            leaf_names = (name for name, leaf in tensors.items() if leaf is node.variable)
            names[node] = next(leaf_names)
    for node in all_nodes:
        if node not in names:
            # Only transposed weights are not named in the code.
            (after, _), *_ = node.next_functions
            names[node] = f"{names[after]}.T"
    return names


def _keeps(node: Any, tensors: Mapping[str, torch.Tensor]) -> Iterator[str]:
    """The names of the tensors that a node saved, identified by their memory."""
    for attribute in dir(node):
        if not attribute.startswith("_saved_"):
            continue
        saved = getattr(node, attribute)
        if not isinstance(saved, torch.Tensor):
            continue
        for name, tensor in tensors.items():
            if tensor.data_ptr() == saved.data_ptr():
                yield name if _same(tensor, saved) else f"{name}.T"
                break


def _same(tensor: torch.Tensor, saved: torch.Tensor) -> bool:
    """Whether two tensors have the same shape and strides."""
    return tensor.shape == saved.shape and tensor.stride() == saved.stride()


def _count_module_nodes(subject: LayerRun) -> Counter[str]:
    """The nodes that the module itself records, counted by class, without its parameters.

    They do not depend on the sizes, so a minimal module of one input runs. It has two
    units, because a projection needs fewer outputs than units.
    """
    weights, cell = subject.weights, subject.trace.kind == "LSTMCell"
    inputs = np.stack([step.x[:, :1] for step in subject.steps])
    x = torch.from_numpy(inputs)
    projected = {"proj_size": 1} if weights.proj_size else {}
    module = (torch.nn.LSTMCell if cell else torch.nn.LSTM)(
        1, 2, bias=weights.bias_ih is not None, dtype=x.dtype, **projected
    )
    with warnings.catch_warnings():
        # torch warns that it is slower, which cannot be avoided.
        warnings.filterwarnings("ignore", "LSTM with projections")
        if cell:
            state = None
            for x_t in x:
                state = module(x_t, state)
            assert state is not None
            result = state[0]
        else:
            result = module(x)[0]
    names = map(_class, nodes(result))
    return Counter(name for name in names if name != LEAF)


def _class(node: Any) -> str:
    """The class of a node without its namespace."""
    name: str = node.name()
    return name.rpartition("::")[2]
