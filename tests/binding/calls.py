"""Each operator call has one mark, at its step and in call order."""

import re
from collections import Counter
from itertools import pairwise
from typing import NamedTuple

from tests.binding.drawing import SLACK

CALL = re.compile(r'called\["([\w-]+)"\]\[(\d+)\]')
"""Matches a call: the key of its run, and its position among the calls of that run."""


class CallTime(NamedTuple):
    """When an operator is called.

    Attributes:
        operator: Its name.
        when: `before`, `step` or `after`; empty if unknown.
        steps: The steps that the call belongs to, counted from 1.
        gate: The gate that it computes, if any.
        is_for_all_steps: Whether one call covers all steps.
    """

    operator: str
    when: str
    steps: tuple[int, ...] = ()
    gate: str = ""
    is_for_all_steps: bool = False


def call_times(called, count):
    """When each operator is called in a run of `count` steps.

    Each step of an LSTM has one matrix product with h, then splits the sums
    into four. The gates follow in the order that `test_dispatch` verifies.

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
        # In a cell, both products belong to the only step; no product is for all steps.
        begins, joint_product = [products[0]], -1
    elif len(products) - 1 == len(splits) == count:
        # The first product is of x at all steps, the others of h at one step each.
        begins, joint_product = products[1:], products[0]
    else:
        return tuple(CallTime(name, "") for name in called)
    begins = [_step_start(called, begin) for begin in begins]
    # The last operation of a step computes h or its projection.
    ends = max(k for k, n in enumerate(called) if n in ("mul", "matmul"))
    all_steps = tuple(range(1, len(begins) + 1))
    times = []
    for k, name in enumerate(called):
        # The number of steps that have begun
        step = sum(begin <= k for begin in begins)
        if k == joint_product:
            times.append(CallTime(name, "step", all_steps, is_for_all_steps=True))
        elif not step:
            times.append(CallTime(name, "before"))
        elif k > ends:
            times.append(CallTime(name, "after"))
        else:
            # Each of several activations in a step computes the next gate.
            since = called[begins[step - 1] : k].count(name)
            gates = {"sigmoid_": "ifo", "tanh_": "g"}.get(name, "")
            gate = gates[since : since + 1]
            times.append(CallTime(name, "step", (step,), gate))
    return tuple(times)


def _is_early(called, k, first):
    """Whether a call precedes oneDNN or prepares its next layer."""
    return k < first or called[k] not in ("cat", "stack")


def _step_start(called, begin):
    """The index where a step begins, including the `narrow` calls for states."""
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
"""Conditions for the backends, in the order of `aten/src/ATen/native/RNN.cpp`.

`zeros` is the input of the calls in the preamble, `called` the operators they call.
"""


def follows(drawing, tail, head):
    """Whether torch tests these conditions one directly after the other.

    Also true if the head is the call made when the condition in the tail holds.
    """
    if re.fullmatch(r'called\["[\w-]+"\]', head):
        return tail in _asked_conditions(drawing) and drawing.value(tail) is True
    conditions = sorted(_asked_conditions(drawing), key=_rank)
    return (tail, head) in pairwise(conditions) and tail != head


def _rank(expression):
    """How many conditions torch tests before this one."""
    return CONDITIONS.index(_without_run_key(expression))


def _without_run_key(expression):
    """A condition as it is in `CONDITIONS`.

    >>> _without_run_key('"mkldnn_rnn_layer" in called["float32"]')
    '"mkldnn_rnn_layer" in called'
    """
    return re.sub(r'\["[\w-]+"\]$', "", expression)


def _asked_conditions(drawing):
    """The conditions that a figure draws, each with the key of its run."""
    expressions = [node.expression for node in drawing.nodes]
    return [asked for asked in expressions if _without_run_key(asked) in CONDITIONS]


def faults(drawing):
    # Mark -> the key of its run, and its position in it
    marks = {
        mark: (match[1], int(match[2]))
        for mark in drawing.nodes
        if (match := CALL.fullmatch(mark.expression))
    }
    if not marks:
        return []
    result = _arrow_width_faults(drawing)
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
        # A call of one step may lie beside the label, which is at the middle of the step.
        if missed and (when[k].is_for_all_steps or not {*missed} <= columns.keys()):
            result.append(
                f"{mark} belongs to the steps {missed} too, but does not extend over them"
            )
    return [*result, *_order_faults(marks, called)]


def _arrow_width_faults(drawing):
    """Arrows to conditions that torch reaches must be wider than the others."""
    nodes = {node.name: node.expression for node in drawing.nodes}
    ranked = sorted(_asked_conditions(drawing), key=_rank)
    holds = [drawing.value(expression) is True for expression in ranked]
    widths = {True: set(), False: set()}
    for arrow in drawing.arrows:
        head = nodes.get(arrow.get("data-to"), "")
        if arrow.flow == "order" and head in ranked:
            reached = not any(holds[: ranked.index(head)])
            line = next(e for e in arrow.element.iter() if e.get("stroke"))
            widths[reached].add(float(line.get("stroke-width", "1")))
    if any(len(own) > 1 for own in widths.values()) or (
        all(widths.values()) and min(widths[True]) <= max(widths[False])
    ):
        return [f"lines to what torch asks are {widths[True]} wide, all others {widths[False]}"]
    return []


def _covers(mark, label):
    return mark.box.left - SLACK <= label.box.x <= mark.box.right + SLACK


def _order_faults(marks, called):
    """Calls of one operator on one line that are not in order from left to right.

    Args:
        marks: Mark -> the key of its run, and its position in it.
        called: The operators that the run calls.
    """
    lines = {}
    for mark, (_, k) in marks.items():
        line = lines.setdefault((called[k], round(mark.box.y, 1)), [])
        line.append((k, mark.box.left, mark))
    for line in lines.values():
        ordered = sorted(line, key=lambda entry: entry[0])
        for (_, left, _), (_, right, mark) in pairwise(ordered):
            if not left < right:
                yield f"{mark} is not in the order of calls"
