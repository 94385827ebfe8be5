"""A claim says something: of other tensors, each part of it is false.

`lstm.hidden_size > 0` is true of every LSTM, so a sentence that claims it is as
bare as one that claims nothing. Here the names in a claim stand for other
values: other numbers, another type, another shape, another module. A part that
none of them makes false claims nothing.
"""

import ast
import copy
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache, partial
from itertools import chain, islice, product
from types import ModuleType
from typing import Any

import torch

from lstm_figs.figures import CATALOG, SHEETS
from tests.binding import specs
from tests.binding.axes import tree_of, written_as
from tests.binding.drawing import Drawing
from tests.binding.sentences import sentences
from tests.proof import code_of

MAX_COMBINATIONS = 4_000
"""How many combinations of other values are tried."""

_FALSIFIED: defaultdict[str, set[str]] = defaultdict(set)
"""Of each figure, kinds of claims that were found to be false of something."""


def faults(drawing: Drawing) -> Iterator[str]:
    """Claims of which a part is true of all tensors."""
    of_machine = specs.constant(drawing.figure, "MACHINE_SPECIFIC", ())
    for sentence in sentences(drawing):
        for part in _parts(sentence.claim):
            kind = _kind(part)
            # Tensors of another case may be other enough.
            if not (
                kind in _FALSIFIED[drawing.figure]
                or any(word in part for word in of_machine)
                or _can_be_false(drawing, part)
                or _is_false_elsewhere(drawing.figure, kind)
            ):
                yield (f"{sentence.text!r} claims {part}, which is true whatever the tensors are")


@cache
def _is_false_elsewhere(figure: str, kind: str) -> bool:
    """Whether such a claim can be false in some case of a figure."""
    from tests.binding.cases import cases_of, read

    return any(
        _kind(part) == kind and _can_be_false(other, part)
        for case in (cases_of(figure) if figure in (*CATALOG, *SHEETS) else ())
        for other in [read(figure, case, 720)]
        for sentence in sentences(other)
        for part in _parts(sentence.claim)
    )


@lru_cache(maxsize=2**12)
def _kind(part: str) -> str:
    """A claim, whatever its numbers and the elements that it lists."""
    return written_as(_Numberless().visit(ast.parse(part, mode="eval")))


class _Numberless(ast.NodeTransformer):
    def visit_List(self, node: ast.List) -> ast.AST:
        if all(isinstance(element, ast.Constant) for element in node.elts):
            return ast.List([], ast.Load())
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        is_large = isinstance(node.value, int) and abs(node.value) > 1
        return ast.Constant(2) if is_large else node


def _parts(claim: str) -> Iterable[str]:
    """What has to be true each for itself."""
    if not claim:
        return ()
    body = tree_of(claim).body
    if isinstance(body, ast.BoolOp) and isinstance(body.op, ast.And):
        return [written_as(part) for part in body.values]
    return [claim]


def _can_be_false(drawing: Drawing, part: str) -> bool:
    """Whether something makes it false."""
    names = drawing.namespace
    bound = {
        node.id
        for node in ast.walk(tree_of(part))
        if isinstance(node, ast.Name) and not isinstance(names.get(node.id, ast), ModuleType)
    }
    alternatives = {name: [*_alternatives(names, name)] for name in sorted(bound)}
    # One that is another, or all in one way, is mostly enough.
    single = ({name: value} for name, each in alternatives.items() for value in each)
    alike = zip(*alternatives.values(), strict=False)
    combinations = islice(product(*alternatives.values()), MAX_COMBINATIONS)
    several = (dict(zip(alternatives, v, strict=True)) for v in chain(alike, combinations))
    can_be_false = any(_is_false(part, {**names, **others}) for others in chain(single, several))
    if can_be_false:
        _FALSIFIED[drawing.figure].add(_kind(part))
    return can_be_false


def _is_false(part: str, names: dict[str, Any]) -> bool:
    try:
        # The two arguments are one, so that comprehensions see the names.
        return not bool(eval(code_of(part), names))
    except Exception:  # With other shapes an expression may raise anything.
        return False


def _alternatives(names: dict[str, Any], name: str) -> Iterator[Any]:
    """What a name may stand for: for itself, and for much else."""
    value = names[name]
    yield value
    yield from _other_values(value)
    if isinstance(value, torch.Tensor | list):
        # What is called wrong may be right.
        yield from (v for v in names.values() if type(v) is type(value))


def _other_values(value: Any) -> Iterator[Any]:
    """Other values of what a preamble left."""
    if isinstance(value, torch.nn.Module):
        yield _randomized(value)
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
        for k in range(len([*_tensors(torch.zeros(1))])):
            yield partial(_other_result, value, k)
    else:
        yield object()


def _other_result(function: Callable[..., Any], k: int, *arguments: Any) -> Any:
    """A function with another result."""
    return [*_other_values(function(*arguments))][k]


def _randomized(module: torch.nn.Module) -> torch.nn.Module:
    """A module with other parameters."""
    changed = copy.deepcopy(module)
    maker = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for parameter in changed.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=maker))
    return changed


@cache
def _modules() -> list[torch.nn.Module]:
    """Modules as unlike each other as there are."""
    torch.manual_seed(0)
    return [
        torch.nn.LSTM(2, 1, bias=False),
        torch.nn.LSTM(2, 3, num_layers=7),
        torch.nn.LSTM(2, 3, bidirectional=True),
        torch.nn.LSTM(2, 9, num_layers=2, proj_size=4),
        torch.nn.LSTM(2, 3, batch_first=True),
        torch.nn.LSTMCell(5, 1),
    ]


def _tensors(value: torch.Tensor) -> Iterator[torch.Tensor]:
    """Tensors with other elements, of another type or another shape."""
    maker = torch.Generator().manual_seed(5)
    random_tensor = torch.randn(value.shape, generator=maker)
    if value.dtype == torch.bool:
        yield ~value
    elif not value.is_floating_point():
        yield from (value + 1, value.flip(0) if value.dim() else value)
        yield torch.arange(value.numel()).reshape(value.shape)
    else:
        yield random_tensor.to(value.dtype)
        # What is largest by chance in these is not in their turned order.
        yield random_tensor.to(value.dtype).flip(-1) if value.dim() else -value
        yield torch.zeros_like(value)
        yield torch.full_like(value, 0.5)
        yield torch.full_like(value, torch.nan)
        yield random_tensor.half()
    yield random_tensor.new_ones([n + 1 for n in value.shape])
    # Where there is one step, only a longer tensor can have steps that differ.
    yield torch.randn([n + 1 for n in value.shape], generator=maker)
    yield random_tensor.new_ones([2 * n + 1 for n in value.shape])
    yield random_tensor[:1] if value.dim() else random_tensor
