"""Numbers with the expression that yields them: a tensor of the preamble and an index.

Combined numbers are computed exactly as their expression is written, so the
value equals the expression's to the last bit. Only `Ref.__str__` writes an
index.
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, SupportsIndex, overload

import numpy as np

from .tensors import Array

Operator = Callable[[Any, Any], Any]
"""An element-wise operation on two arrays."""
Place = SupportsIndex | slice | list[int]
"""An index of one axis."""


class Level(IntEnum):
    """The precedence of an expression, which decides about brackets.

    Attributes:
        OTHER: Any other Python, such as `a == b`.
        SUM: A sum or a difference.
        PRODUCT: A product.
        NAME: A name, an element, a call.
    """

    OTHER = 0
    SUM = 1
    PRODUCT = 2
    NAME = 3


@dataclass(frozen=True, slots=True)
class Ref:
    """The code of a tensor of the preamble, or of a part of it.

    Operators and indices join code; they compute nothing.

    Attributes:
        tensor: The name of the tensor, or the expression that yields it.
        index: Integers for its first axes.
        level: The precedence of `tensor`.

    >>> output = Ref("output")
    >>> print(output[1][0], output[1][4:8], output[4:8][1], output[np.int8(2)])
    output[1, 0] output[1, 4:8] output[4:8][1] output[2]
    >>> f, c, g = Ref("f"), Ref("c_prev"), Ref("g")
    >>> print((f * c)[1, 0], f - (c - g), (f + g) * c)
    (f * c_prev)[1, 0] f - (c_prev - g) (f + g) * c_prev
    >>> print((f + g)[1].method_call("sigmoid"), (f + g).method_call("tanh")[1])
    (f + g)[1].sigmoid() (f + g).tanh()[1]
    >>> print(-f[1], -(f + g), (-f)[1], f - -g)
    -f[1] -(f + g) (-f)[1] f - -g
    """

    tensor: str
    index: tuple[int, ...] = ()
    level: Level = Level.NAME

    def __str__(self) -> str:
        return self._indexed(self.index) if self.index else self.tensor

    def __getitem__(self, place: Place | tuple[Place, ...]) -> "Ref":
        """An element or a part; a slice or a list yields a tensor with axes of its own.

        Raises:
            TypeError: If an index is not an integer of Python or NumPy.
        """
        places = place if isinstance(place, tuple) else (place,)
        if any(isinstance(entry, slice | list) for entry in places):
            return Ref(self._indexed((*self.index, *places)))
        index = (*self.index, *map(_as_int, places))
        return Ref(self.tensor, index, self.level)

    def transposed(self) -> "Ref":
        """The transposed tensor."""
        return Ref(f"{self._bracketed(Level.NAME)}.T")

    def __add__(self, other: "Ref | str") -> "Ref":
        return self._joined("+", other, Level.SUM)

    def __sub__(self, other: "Ref | str") -> "Ref":
        return self._joined("-", other, Level.SUM)

    def __mul__(self, other: "Ref | str") -> "Ref":
        return self._joined("*", other, Level.PRODUCT)

    def __neg__(self) -> "Ref":
        return Ref(f"-{self._bracketed(Level.PRODUCT)}", level=Level.PRODUCT)

    def list_item(self, place: SupportsIndex) -> "Ref":
        """The code of one tensor of a list of tensors.

        >>> print(Ref("outputs").list_item(1)[0])
        outputs[1][0]
        """
        return Ref(self._indexed((*self.index, place)))

    def method_call(self, method: str) -> "Ref":
        """The code of the result of a method without arguments, such as `sigmoid`."""
        return Ref(f"{self._bracketed(Level.NAME)}.{method}()")

    def _indexed(self, index: Sequence[Place]) -> str:
        """The tensor with an index; the only place that writes one."""
        is_name = self.level == Level.NAME
        tensor = self.tensor if is_name else f"({self.tensor})"
        return f"{tensor}[{', '.join(map(_index_text, index))}]"

    def _joined(self, sign: str, other: "Ref | str", level: Level) -> "Ref":
        """The expression of an operation, with brackets where its precedence needs them."""
        # The right operand is computed first, so it needs brackets even at equal
        # precedence: a + (b + c) rounds differently than (a + b) + c.
        left = self._bracketed(level)
        right = _as_ref(other)._bracketed(Level(level + 1))
        return Ref(f"{left} {sign} {right}", level=level)

    def _bracketed(self, level: Level) -> str:
        """The expression as an operand at precedence `level`."""
        own_level = Level.NAME if self.index else self.level
        return f"({self})" if own_level < level else str(self)


def _as_int(place: Any) -> int:
    return operator.index(place)


def _index_text(place: Place) -> str:
    """An index as Python writes it."""
    if isinstance(place, list):
        return str(list(map(operator.index, place)))
    if not isinstance(place, slice):
        return str(operator.index(place))
    ends = [place.start, place.stop]
    ends += [place.step] if place.step is not None else []
    return ":".join("" if e is None else str(operator.index(e)) for e in ends)


def _scale_at(scale: float | Array, place: Any) -> Any:
    """The element of a scale at a place, or the scale itself if it is shared."""
    return scale[place] if isinstance(scale, np.ndarray) else scale


def _as_ref(of: Ref | str) -> Ref:
    """The code as a `Ref`; a string may be any expression."""
    return of if isinstance(of, Ref) else Ref(of, level=Level.OTHER)


@dataclass(frozen=True, slots=True)
class Number:
    """A number from a tensor, or the result of `+`, `-` and `*` on such numbers.

    Attributes:
        value: A NumPy scalar of the tensor's own type.
        of: The element of a tensor; or a string for any other expression, such
            as a norm or a sorted value.
        scale: The sum of its absolute addends, which bounds rounding; 0 if
            exact.

    >>> z, b = Number(2.0, Ref("z")[0, 1], 3), Number(0.5, Ref("b")[1])
    >>> (z + b).value, (z + b).expr, (z + b).scale
    (2.5, 'z[0, 1] + b[1]', 3.5)
    >>> (z * (z - b)).expr
    'z[0, 1] * (z[0, 1] - b[1])'
    """

    value: Any
    of: Ref | str
    scale: float = 0.0

    @property
    def expr(self) -> str:
        """The expression that yields it after the preamble."""
        return str(self.of)

    def __add__(self, other: "Number") -> "Number":
        return self._combined(operator.add, other, self._addend_size + other._addend_size)

    def __sub__(self, other: "Number") -> "Number":
        return self._combined(operator.sub, other, self._addend_size + other._addend_size)

    def __mul__(self, other: "Number") -> "Number":
        # A product is rounded once, the same everywhere, so only the error of its factors
        # remains.
        return self._combined(operator.mul, other, max(self.scale, other.scale))

    def __neg__(self) -> "Number":
        return Number(-self.value, -_as_ref(self.of), self.scale)

    @property
    def _addend_size(self) -> float:
        """Its contribution to the sum of absolute addends."""
        return max(abs(float(self.value)), self.scale)

    @np.errstate(all="ignore")
    def _combined(self, operate: Operator, other: "Number", scale: float) -> "Number":
        """The result of an operation with its expression and scale."""
        return Number(
            operate(self.value, other.value), operate(_as_ref(self.of), _as_ref(other.of)), scale
        )


@dataclass(frozen=True, eq=False)
class Vector(Sequence[Number]):
    """Numbers along an axis, created on access.

    `+` and `*` combine elements with the same index of two tensors.

    Attributes:
        values: The values, with one axis.
        of: The tensor that has this axis.
        scale: The scale of all elements, or of each.
        first: The index in `of` of the first element.
        after: The indices of the following axes.

    >>> h = Vector(np.array([0.5, 2.0]), Ref("h")[1], first=4)
    >>> h[1].expr, str(h.part), [number.value.item() for number in h]
    ('h[1, 5]', 'h[1, 4:6]', [0.5, 2.0])
    >>> str((h * Vector(np.array([3.0, 4.0]), Ref("o")[1], first=4)).of)
    '(h * o)[1]'
    >>> steps = Vector(np.array([0.5, 2.0]), Ref("h"), after=(0, 3))
    >>> steps[1].expr, str(steps.part)
    ('h[1, 0, 3]', 'h[0:2, 0, 3]')
    """

    values: Array
    of: Ref
    scale: float | Array = 0.0
    first: int = 0
    after: tuple[int, ...] = ()

    @property
    def part(self) -> Ref:
        """The elements as a slice of `of`."""
        return self.of[self.first : self.first + len(self), *self.after]

    def __len__(self) -> int:
        return len(self.values)

    @overload
    def __getitem__(self, place: int) -> Number: ...

    @overload
    def __getitem__(self, place: slice) -> list[Number]: ...

    def __getitem__(self, place: int | slice) -> Number | list[Number]:
        if isinstance(place, slice):
            return [self[k] for k in range(len(self))[place]]
        # Raises an error beyond the end, and counts a negative index from there.
        k = range(len(self))[place]
        ref = self.of[self.first + k, *self.after]
        scale = _scale_at(self.scale, k)
        return Number(self.values[k], ref, float(scale))

    @np.errstate(all="ignore")
    def __add__(self, other: "Vector") -> "Vector":
        ref = self._joined(operator.add, other)
        scale = self._addend_size + other._addend_size
        values = self.values + other.values
        return Vector(values, ref, scale, self.first, self.after)

    @np.errstate(all="ignore")
    def __mul__(self, other: "Vector") -> "Vector":
        ref = self._joined(operator.mul, other)
        scale = np.maximum(self.scale, other.scale)
        values = self.values * other.values
        return Vector(values, ref, scale, self.first, self.after)

    @property
    def _addend_size(self) -> Array:
        """What each element contributes to the sum of absolute addends, as in `Number`."""
        values = abs(self.values.astype(np.float64))
        size: Array = np.maximum(values, self.scale)
        return size

    @property
    def _place(self) -> tuple[object, ...]:
        """Where its elements are in `of`; vectors are combined only if this is equal."""
        return self.of.index, self.first, len(self), self.after

    def _joined(self, operate: Operator, other: "Vector") -> Ref:
        """The expression that combines two tensors at the same indices.

        Raises:
            ValueError: If the indices differ.
        """
        if self._place != other._place:
            raise ValueError(
                f"the vectors are {self.part} and {other.part}, expected one "
                "place of two tensors; join their numbers one by one"
            )
        tensors = (replace(vector.of, index=()) for vector in (self, other))
        combined: Ref = operate(*tensors)[self.of.index]
        return combined


@dataclass(frozen=True, eq=False)
class Matrix:
    """Rows of numbers, created on access.

    Attributes:
        values: The values, with two axes.
        of: The tensor that has these axes.
        scale: The scale of all elements, or of each.

    >>> w = Matrix(np.array([[1, 2], [3, 4]]), Ref("w"))
    >>> str(w[1].of), w[1, 0].expr, w[1, 0].value.item()
    ('w[1]', 'w[1, 0]', 3)
    """

    values: Array
    of: Ref
    scale: float | Array = 0.0

    def __len__(self) -> int:
        return len(self.values)

    @overload
    def __getitem__(self, place: int) -> Vector: ...

    @overload
    def __getitem__(self, place: tuple[int, int]) -> Number: ...

    def __getitem__(self, place: int | tuple[int, int]) -> Vector | Number:
        values, ref = self.values[place], self.of[place]
        scale = _scale_at(self.scale, place)
        if isinstance(place, tuple):
            return Number(values, ref, float(scale))
        return Vector(values, ref, scale)

    def largest(self) -> Number | None:
        """The finite element of largest magnitude; None if all are 0."""
        sizes = np.where(np.isfinite(self.values), abs(self.values), 0)
        row, column = divmod(int(np.argmax(sizes)), sizes.shape[1])
        return self[row, column] if sizes[row, column] else None
