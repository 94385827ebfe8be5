"""Arrows of gradients match the graph that autograd recorded, and none is missing."""

import json

import torch


def faults(drawing, tail, head):
    """The faults of an arrow `back` from a tail to a head."""
    before, after = (nodes_of(drawing, mark) for mark in (tail, head))
    flows = any(node is reached for node in next_of(before) for reached in after)
    return [] if flows else ["goes where no gradient flows"]


def missing(drawing, arrows):
    """Missing gradient arrows, and graph nodes that are not drawn."""
    back = [a for a in arrows if a.flow == "back"]
    if not back:
        return
    # Most tensors are no part of the graph; those where arrows begin are.
    nodes_by_name = {
        mark.name: nodes_of(drawing, mark)
        for mark in drawing.nodes
        if not isinstance(value(drawing, mark), torch.Tensor)
        or any(a.get("data-from") == mark.name for a in back)
    }
    yield from misnamed_nodes(drawing)
    edges = {(a.get("data-from"), a.get("data-to")) for a in back}
    for name, nodes in nodes_by_name.items():
        for after in next_of(nodes):
            heads = [
                head
                for head, head_nodes in nodes_by_name.items()
                if any(node is after for node in head_nodes)
                and not isinstance(head_nodes[0], torch.Tensor)
            ]
            if not heads:
                yield f"{name} leads to {after.name()}, which is not drawn"
            elif not {(name, head) for head in heads} & edges:
                yield f"no arrow leads from {name} to {heads}"
    reached = {head for _, head in edges}
    yield from [
        f"no gradient reaches {name}"
        for name, nodes in nodes_by_name.items()
        if not isinstance(nodes[0], torch.Tensor) and name not in reached
    ]


def misnamed_nodes(drawing):
    """Class names that are written in the box of a different node."""
    for mark in drawing.marks:
        groups = [e for e in mark.ancestors if "grad_fn" in e.get("data-of", "")]
        for _, expression in json.loads(mark.get("data-says") or "[]"):
            path, is_name, _ = expression.partition(".name()")
            if not (groups and is_name):
                continue
            node = eval(groups[-1].get("data-of", ""), drawing.namespace)
            if node is not eval(path, drawing.namespace):
                yield f"{expression} names a different node than its box"


def value(drawing, mark):
    """The value of a mark; for a node, the autograd node itself."""
    return eval(mark.expression, drawing.namespace)


def nodes_of(drawing, mark):
    """The autograd nodes of a mark, or its single tensor."""
    result = value(drawing, mark)
    return result if isinstance(result, list) else [result]


def next_of(nodes):
    """The nodes that receive gradients from these, without these."""
    next_nodes = []
    for node in nodes:
        if isinstance(node, torch.Tensor):
            next_nodes.append(node.grad_fn)
        else:
            next_nodes += [after for after, _ in node.next_functions]
    return [
        after
        for after in next_nodes
        if after is not None and not any(after is node for node in nodes)
    ]


def node_descriptions(recorded):
    """The class name of each node of a step, and its target in words."""
    waiting, descriptions = [recorded["h"].grad_fn], {}
    while waiting:
        node = waiting.pop()
        leads = next_of([node])
        waiting += leads
        after = " and ".join(_tensor_name(recorded, next_node) for next_node in leads)
        descriptions[_tensor_name(recorded, node)] = (
            node.name().rpartition("::")[2],
            f"leads to {after}" if leads else "is where it ends",
        )
    return descriptions


def _tensor_name(recorded, node):
    """The name in `one_step` of a node's tensor."""
    for name, tensor in recorded.items():
        if not isinstance(tensor, torch.Tensor):
            continue
        if tensor.grad_fn is node:
            return "z.chunk(4)" if name.startswith("z_") else name
        if getattr(node, "variable", None) is tensor:
            return name
    ((after, _),) = node.next_functions
    return f"{_tensor_name(recorded, after)}.T"
