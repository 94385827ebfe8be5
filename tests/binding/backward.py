"""Arrows of gradients are those of torch's own record, and none is missing."""

import json
from typing import Any

import torch

from tests.binding.drawing import Drawing, Mark


def faults(drawing: Drawing, tail: Mark, head: Mark) -> list[str]:
    """What is wrong with the way of a gradient from one mark to another."""
    before, after = (held(drawing, mark) for mark in (tail, head))
    leads = next_of(before)
    if not any(one is other for one in leads for other in after):
        return ["goes where no gradient goes"]
    return []


def missing(drawing: Drawing, arrows: list[Mark]) -> list[str]:
    """Ways of gradients that are not drawn, from what is drawn or to it."""
    back = [a for a in arrows if a.get("data-flow") == "back"]
    if not back:
        return []
    drawn = {
        mark.name: held(drawing, mark)
        for mark in drawing.nodes
        if not isinstance(value(drawing, mark), torch.Tensor)
        or any(a.get("data-from") == mark.name for a in back)
    }
    found = strange(drawing)
    ways = {(a.get("data-from"), a.get("data-to")) for a in back}
    for name, nodes in drawn.items():
        for after in next_of(nodes):
            heads = [
                other
                for other, held in drawn.items()
                if any(one is after for one in held) and not isinstance(held[0], torch.Tensor)
            ]
            if not heads:
                found.append(f"{after.name()} is not drawn, to which {name} leads")
            elif not {(name, head) for head in heads} & ways:
                found.append(f"no arrow leads from {name} to {heads}")
    reached = {head for _, head in ways}
    found += [
        f"no gradient reaches {name}"
        for name, nodes in drawn.items()
        if not isinstance(nodes[0], torch.Tensor) and name not in reached
    ]
    return found


def strange(drawing: Drawing) -> list[str]:
    """Names of classes that stand in the box of another node."""
    found = []
    for mark in drawing.marks:
        around = [e for e in mark.around if "grad_fn" in e.get("data-of", "")]
        for _, expression in json.loads(mark.get("data-says") or "[]"):
            path, is_name, _ = expression.partition(".name()")
            if not (around and is_name):
                continue
            own = eval(around[-1].get("data-of", ""), drawing.namespace)
            if own is not eval(path, drawing.namespace):
                found.append(f"{expression} names another node")
    return found


def value(drawing: Drawing, mark: Mark) -> Any:
    """What a mark stands for; nodes are as torch has them."""
    return eval(mark.expression, drawing.namespace)


def held(drawing: Drawing, mark: Mark) -> list[Any]:
    """The nodes that a mark stands for, or the one tensor."""
    found = value(drawing, mark)
    return found if isinstance(found, list) else [found]


def next_of(nodes: list[Any]) -> list[Any]:
    """Where nodes hand gradients on to, those left out that are among them."""
    found = []
    for node in nodes:
        if isinstance(node, torch.Tensor):
            found.append(node.grad_fn)
        else:
            found += [after for after, _ in node.next_functions]
    return [
        after for after in found if after is not None and not any(after is node for node in nodes)
    ]


def told(recorded: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """The class of each node of a step, and where it leads, in words."""
    waiting, found = [recorded["h"].grad_fn], {}
    while waiting:
        node = waiting.pop()
        leads = next_of([node])
        waiting += leads
        after = " and ".join(_called(recorded, one) for one in leads)
        found[_called(recorded, node)] = (
            node.name().rpartition("::")[2],
            f"leads to {after}" if leads else "is where it ends",
        )
    return found


def _called(recorded: dict[str, Any], node: Any) -> str:
    """The tensor that a node belongs to, as `one_step` calls it."""
    for name, tensor in recorded.items():
        if not isinstance(tensor, torch.Tensor):
            continue
        if tensor.grad_fn is node:
            return "z.chunk(4)" if name.startswith("z_") else name
        if getattr(node, "variable", None) is tensor:
            return name
    ((after, _),) = node.next_functions
    return f"{_called(recorded, after)}.T"
