"""Calls of operators: each has one mark, where and in the order they are."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from tests.binding.drawing import Drawing, Mark

HALF = 0.5
"""By how much places may differ that are written in hundredths."""

CALL = re.compile(r'called\["([\w-]+)"\]\[(\d+)\]')
"""A call, by its place among all of one way to call a module."""


class CallTime(NamedTuple):
    """When an operator is called.

    Attributes:
        operator: Its name.
        when: `before`, `step` or `after`; empty where nobody knows.
        steps: The steps that it is for, counted from 1.
        gate: The gate that it makes, if it does.
        is_for_all_steps: Whether it is for all steps at once.
    """

    operator: str
    when: str
    steps: tuple[int, ...] = ()
    gate: str = ""
    is_for_all_steps: bool = False


def call_times(called: Sequence[str], count: int) -> tuple[CallTime, ...]:
    """When each operator of a call with so many steps is called.

    A step of an LSTM splits its sums into four once, after its product of h;
    its gates follow in the order in which `test_dispatch` sees their values.

    >>> [p.when for p in call_times(["unbind", "mkldnn_rnn_layer", "cat"], 1)]
    ['before', 'step', 'after']
    """
    if "mkldnn_rnn_layer" in called:
        first = called.index("mkldnn_rnn_layer")
        return tuple(
            CallTime(name, "step", tuple(range(1, count + 1)), is_for_all_steps=True)
            if name == "mkldnn_rnn_layer"
            else CallTime(name, "before" if _is_early(called, k, first) else "after")
            for k, name in enumerate(called)
        )
    splits = [k for k, name in enumerate(called) if name == "unsafe_chunk"]
    products = [k for k, name in enumerate(called) if name == "linear"]
    if len(products) == 2 and len(splits) == 1 and "unbind" not in called:
        # A cell: both products are of its only step.
        begins, joint_product = [products[0]], -1
    elif len(products) - 1 == len(splits) == count:
        begins, joint_product = products[1:], products[0]
    else:
        return tuple(CallTime(name, "") for name in called)
    begins = [_step_start(called, begin) for begin in begins]
    # The last thing of a step is h, or its projection.
    ends = max(k for k, n in enumerate(called) if n in ("mul", "matmul"))
    all_steps = tuple(range(1, len(begins) + 1))
    times = []
    for k, name in enumerate(called):
        step = sum(begin <= k for begin in begins)
        if k == joint_product:
            times.append(CallTime(name, "step", all_steps, is_for_all_steps=True))
        elif not step:
            times.append(CallTime(name, "before"))
        elif k > ends:
            times.append(CallTime(name, "after"))
        else:
            since = called[begins[step - 1] : k].count(name)
            gates = {"sigmoid_": "ifo", "tanh_": "g"}.get(name, "")
            gate = gates[since : since + 1]
            times.append(CallTime(name, "step", (step,), gate))
    return tuple(times)


def _is_early(called: Sequence[str], k: int, first: int) -> bool:
    """Whether oneDNN has not run, or this fetches what its next layer needs."""
    return k < first or called[k] not in ("cat", "stack")


def _step_start(called: Sequence[str], begin: int) -> int:
    """Where a step begins: it fetches the states of what has not ended."""
    while called[begin - 1] == "narrow":
        begin -= 1
    return begin


CONDITIONS = (
    "torch.backends.cudnn.is_acceptable(zeros)",
    "zeros.is_mps",
    "zeros.is_cuda and torch.version.hip is not None",
    "zeros.is_cuda",
    '"mkldnn_rnn_layer" in called',
    '"mkldnn_rnn_layer" not in called',
)
"""Who may run a call, in the order of `aten/src/ATen/native/RNN.cpp`."""


def follows(drawing: Drawing, tail: str, head: str) -> bool:
    """Whether torch asks one after the other, and nobody between them.

    Or whether one runs the call that the other is.
    """
    if re.fullmatch(r'called\["[\w-]+"\]', head):
        return tail in _asked_conditions(drawing) and drawing.value(tail) is True
    conditions = sorted(_asked_conditions(drawing), key=_rank)
    return (tail, head) in pairwise(conditions) and tail != head


def _rank(expression: str) -> int:
    return CONDITIONS.index(re.sub(r'\["[\w-]+"\]$', "", expression))


def _asked_conditions(drawing: Drawing) -> list[str]:
    """Who a figure says is asked."""
    stripped = (
        (node.expression, re.sub(r'\["[\w-]+"\]$', "", node.expression)) for node in drawing.nodes
    )
    return [expression for expression, condition in stripped if condition in CONDITIONS]


def faults(drawing: Drawing) -> list[str]:
    """What is wrong with the marks of calls."""
    marks = {
        mark: (result[1], int(result[2]))
        for mark in drawing.nodes
        if (result := CALL.fullmatch(mark.expression))
    }
    if not marks:
        return []
    result = _line_faults(drawing)
    (run, *others) = {run for run, _ in marks.values()}
    called = drawing.namespace["called"][run]
    counts = Counter(k for _, k in marks.values())
    if others or counts != Counter(range(len(called))):
        result.append(f"{len(called)} calls have {counts.total()} marks")
    columns = {
        int(label.names["step"]): label
        for label in drawing.labels
        if "step" in label.names and label.along == "column"
    }
    when = call_times(called, len(drawing.namespace["zeros"]))
    for mark, (_, k) in marks.items():
        missed = [
            step
            for step in when[k].steps
            if step not in columns or not _covers(mark, columns[step])
        ]
        # What else is in a step stands around its middle: its label says so.
        if missed and (when[k].is_for_all_steps or not {*missed} <= columns.keys()):
            result.append(f"{mark} is for the steps {missed} as well")
    return result + _order_faults(marks, called)


def _line_faults(drawing: Drawing) -> list[str]:
    """Lines to those whom torch asks are heavier than to those it does not."""
    nodes = {node.name: node.expression for node in drawing.nodes}
    ranked = sorted(_asked_conditions(drawing), key=_rank)
    runs = [drawing.value(expression) is True for expression in ranked]
    widths: dict[bool, set[float]] = {True: set(), False: set()}
    for arrow in drawing.marks:
        head = nodes.get(arrow.get("data-to"), "")
        if arrow.get("data-flow") == "order" and head in ranked:
            reached = not any(runs[: ranked.index(head)])
            line = next(e for e in arrow.element.iter() if e.get("stroke"))
            widths[reached].add(float(line.get("stroke-width", "1")))
    if any(len(each) > 1 for each in widths.values()) or (
        all(widths.values()) and min(widths[True]) <= max(widths[False])
    ):
        return [f"lines are {widths[True]} wide where torch asks, and else {widths[False]}"]
    return []


def _covers(mark: Mark, label: Mark) -> bool:
    return mark.box.left - HALF <= label.box.x <= mark.box.right + HALF


def _order_faults(marks: dict[Mark, tuple[str, int]], called: list[str]) -> list[str]:
    """Calls of one operator on one line that do not go from left to right."""
    problems = []
    lines: dict[tuple[str, float], list[tuple[int, float, Mark]]] = {}
    for mark, (_, k) in marks.items():
        line = lines.setdefault((called[k], round(mark.box.y, 1)), [])
        line.append((k, mark.box.left, mark))
    for line in lines.values():
        ordered = sorted(line, key=lambda entry: entry[0])
        for (_, left, _), (_, right, mark) in pairwise(ordered):
            if not left < right:
                problems.append(f"{mark} is not in the order of calls")
    return problems
