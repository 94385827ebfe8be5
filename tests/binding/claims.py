"""Each part of a claim must be false for some other tensors.

`lstm.hidden_size > 0` is true for every LSTM, so a claim of it says nothing.
This check evaluates each part with its names bound to different values: other
numbers, types, shapes and modules. A part that is never false is a fault.
"""

import ast
import copy
from collections import defaultdict
from functools import cache, lru_cache, partial
from itertools import chain, islice, product
from types import ModuleType

import torch

from lstm_figs.figures import CATALOG, SHEETS
from tests.binding import specs
from tests.binding.axes import tree_of, written_as
from tests.binding.sentences import sentences
from tests.proof import code_of

MAX_COMBINATIONS = 4_000
"""Limit on the combinations of values to try."""

_FALSIFIED: defaultdict[str, set[str]] = defaultdict(set)
"""Figure -> the kinds of claims known to be false for some tensors."""


def faults(drawing):
    """Claims with a part that is true for all tensors."""
    machine_specific = specs.constant(drawing.figure, "MACHINE_SPECIFIC", ())
    for sentence in sentences(drawing):
        for part in _parts(sentence.claim):
            kind = _kind(part)
            # It may be false for other tensors or on a different machine.
            if not (
                kind in _FALSIFIED[drawing.figure]
                or any(word in part for word in machine_specific)
                or _can_be_false(drawing, part)
                or _is_false_elsewhere(drawing.figure, kind)
            ):
                yield (f"{sentence.text!r} claims {part}, which is true whatever the tensors are")


@cache
def _is_false_elsewhere(figure, kind):
    """Whether a claim of this kind can be false in some case of the figure."""
    from tests.binding.cases import cases_of, read

    return any(
        _kind(part) == kind and _can_be_false(other, part)
        for case in (cases_of(figure) if figure in (*CATALOG, *SHEETS) else ())
        for other in [read(figure, case, 720)]
        for sentence in sentences(other)
        for part in _parts(sentence.claim)
    )


@lru_cache(maxsize=2**12)
def _kind(part):
    """A claim with its numbers and lists of elements masked."""
    return written_as(_Numberless().visit(ast.parse(part, mode="eval")))


class _Numberless(ast.NodeTransformer):
    """Replaces numbers, so that claims that differ only in numbers are equal."""

    def visit_List(self, node):
        if all(isinstance(element, ast.Constant) for element in node.elts):
            return ast.List([], ast.Load())
        return self.generic_visit(node)

    def visit_Constant(self, node):
        # Comparisons with 0 and 1 differ in what they claim.
        is_large = isinstance(node.value, int) and abs(node.value) > 1
        return ast.Constant(2) if is_large else node


def _parts(claim):
    """The parts of a claim that must each be true."""
    if not claim:
        return ()
    body = tree_of(claim).body
    if isinstance(body, ast.BoolOp) and isinstance(body.op, ast.And):
        return [written_as(part) for part in body.values]
    return [claim]


def _can_be_false(drawing, part):
    """Whether a part of a claim is false for some values of its names."""
    names = drawing.namespace
    # Modules, built-ins and loop variables are not replaced; `ast` is any module.
    replaced = {
        node.id
        for node in ast.walk(tree_of(part))
        if isinstance(node, ast.Name) and not isinstance(names.get(node.id, ast), ModuleType)
    }
    alternatives = {name: [*_alternatives(names, name)] for name in sorted(replaced)}
    # Changing one name, or all names alike, is usually enough.
    single = ({name: value} for name, each in alternatives.items() for value in each)
    alike = zip(*alternatives.values(), strict=False)
    combinations = islice(product(*alternatives.values()), MAX_COMBINATIONS)
    several = (dict(zip(alternatives, v, strict=True)) for v in chain(alike, combinations))
    can_be_false = any(_is_false(part, {**names, **others}) for others in chain(single, several))
    if can_be_false:
        _FALSIFIED[drawing.figure].add(_kind(part))
    return can_be_false


def _is_false(part, names):
    try:
        # A single namespace, because comprehensions do not see separate locals.
        return not bool(eval(code_of(part), names))
    except Exception:  # Different shapes may raise anything.
        return False


def _alternatives(names, name):
    """Alternative values for a name, including its own."""
    value = names[name]
    yield value
    yield from _other_values(value)
    if isinstance(value, torch.Tensor | list):
        # A different tensor of the figure may make the claim false.
        yield from (v for v in names.values() if type(v) is type(value))


def _other_values(value):
    """Different values of the same type, some of a different size."""
    if isinstance(value, torch.nn.Module):
        yield _randomize(value)
        yield from _modules()
    elif isinstance(value, torch.Tensor):
        yield from _tensors(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from ({**value, key: other} for other in _other_values(item))
    elif type(value) in (list, tuple, str):
        yield from (value[::-1], value[:1], value[:0], value + value)
        if isinstance(value, str):
            yield "?" * len(value)
        if value and all(isinstance(item, torch.Tensor) for item in value):
            yield from map(type(value), zip(*map(_tensors, value), strict=False))
        elif value and all(isinstance(item, int) for item in value):
            yield type(value)(range(1, len(value) + 1))
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (0, 0.5, value + 1)
    elif callable(value):
        # A function returns each of the alternatives to its result.
        for k in range(len([*_tensors(torch.zeros(1))])):
            yield partial(_other_result, value, k)
    else:
        yield object()


def _other_result(function, k, *arguments):
    return [*_other_values(function(*arguments))][k]


def _randomize(module):
    """A copy of a module with random parameters."""
    changed = copy.deepcopy(module)
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for parameter in changed.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator))
    return changed


@cache
def _modules():
    """Modules that differ as much as possible."""
    torch.manual_seed(0)
    return [
        torch.nn.LSTM(2, 1, bias=False),
        torch.nn.LSTM(2, 3, num_layers=7),
        torch.nn.LSTM(2, 3, bidirectional=True),
        torch.nn.LSTM(2, 9, num_layers=2, proj_size=4),
        torch.nn.LSTM(2, 3, batch_first=True),
        torch.nn.LSTMCell(5, 1),
    ]


def _tensors(value):
    """Tensors with different elements, type or shape."""
    generator = torch.Generator().manual_seed(5)
    random_tensor = torch.randn(value.shape, generator=generator)
    if value.dtype == torch.bool:
        yield ~value
    elif not value.is_floating_point():
        yield from (value + 1, value.flip(0) if value.dim() else value)
        yield torch.arange(value.numel()).reshape(value.shape)
    else:
        yield random_tensor.to(value.dtype)
        # Reversing changes which element is the largest.
        yield random_tensor.to(value.dtype).flip(-1) if value.dim() else -value
        yield torch.zeros_like(value)
        yield torch.full_like(value, 0.5)
        yield torch.full_like(value, torch.nan)
        yield random_tensor.half()
    yield random_tensor.new_ones([n + 1 for n in value.shape])
    # If there is one step, only a longer tensor can have steps that differ.
    yield torch.randn([n + 1 for n in value.shape], generator=generator)
    yield random_tensor.new_ones([2 * n + 1 for n in value.shape])
    yield random_tensor[:1] if value.dim() else random_tensor
