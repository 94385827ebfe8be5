"""Compare numbers with the expressions recorded for them."""

import re

import numpy as np
import pytest
import torch

from lstm_figs.model.layer_run import LayerRun
from lstm_figs.model.reference import Matrix, Number, Ref, Vector
from lstm_figs.sources import Source

A, B, C = Ref("a"), Ref("b"), Ref("c")

ROWS = np.random.RandomState(0).standard_cauchy((300, 3)).astype(np.float32)
TENSORS = {name: torch.tensor(ROWS[:, k]) for k, name in enumerate("abc")}
VECTORS = {name: Vector(tensor.numpy(), Ref(name)) for name, tensor in TENSORS.items()}

OPERATIONS = (
    *("a * b", "a + b", "a - b", "a * b + c", "a + b * c", "a + b + c", "a + (b + c)"),
    *("a - (b - c)", "a - b - c", "(a + b) * c", "a * (b * c)", "a * b * c"),
)
"""Operations on three references."""


@pytest.mark.parametrize("written", OPERATIONS)
def test_a_value_is_to_the_last_bit_that_of_what_is_written(written):
    make = eval(f"lambda a, b, c: {written}")
    assert str(make(A, B, C)) == written
    for k in range(len(ROWS)):
        number = make(*(VECTORS[name][k] for name in "abc"))
        assert number.expr == re.sub("([abc])", rf"\1[{k}]", written)
        true = eval(number.expr, dict(TENSORS))
        assert str(true.dtype) == f"torch.{number.value.dtype}"
        assert true.item() == number.value.item()


@pytest.mark.parametrize("written", [o for o in OPERATIONS if "-" not in o])
def test_so_is_a_vector_of_its_numbers(written):
    make = eval(f"lambda a, b, c: {written}")
    vector = make(*VECTORS.values())
    assert str(vector.of) == written
    tensor = eval(str(vector.of), dict(TENSORS))
    np.testing.assert_array_equal(vector.values, tensor.numpy())
    assert vector[7].expr == f"({written})[7]"
    for k, number in enumerate(vector):
        expected = make(*(VECTORS[name][k] for name in "abc"))
        assert (number.value, number.scale) == (expected.value, expected.scale)


@pytest.mark.parametrize("of", ["a == b", "a if a.any() else b", "a.norm()"])
def test_what_was_made_in_another_way_has_brackets_as_an_operand(of):
    number, other = Number(1.0, of), Number(2.0, A[0])
    assert (number + other).expr == f"({of}) + a[0]"
    assert (other * number).expr == f"a[0] * ({of})"


@pytest.mark.parametrize(
    ("of", "written"),
    [
        (A[1, 2][np.int64(3), np.uint8(4)], "a[1, 2, 3, 4]"),
        (A[-1], "a[-1]"),
        (A[:, 2:, ::3], "a[:, 2:, ::3]"),
        (A[4][np.int8(1) : np.int8(3)], "a[4, 1:3]"),
        (A[4:8][1, 2], "a[4:8][1, 2]"),
        (A[1, [0, 3], :2][2], "a[1, [0, 3], :2][2]"),
        (A[1, :2].transposed()[0], "a[1, :2].T[0]"),
        ((A + B).transposed(), "(a + b).T"),
        (A.list_item(1)[0][2], "a[1][0, 2]"),
        ((A + B)[1] * C, "(a + b)[1] * c"),
    ],
)
def test_an_index_is_written_in_one_way(of, written):
    assert str(of) == written


@pytest.mark.parametrize("place", [1.0, "1", None, (0, 2.5), slice(1.5, 2), [0, 1.5]])
def test_an_index_is_a_whole_number(place):
    with pytest.raises(TypeError, match="cannot be interpreted as an integer"):
        str(A[place])


@pytest.mark.parametrize(
    ("values", "expr"),
    [
        ([[1, -5], [2, 4]], "w[0, 1]"),
        ([[np.nan, -1], [np.inf, 0.5]], "w[0, 1]"),
        ([[0, 0], [-0.0, np.nan]], None),
    ],
)
def test_the_largest_element_of_a_matrix_is_finite_and_not_zero(values, expr):
    element = Matrix(np.array(values), Ref("w")).largest()
    assert (element.expr if element else None) == expr


@pytest.mark.parametrize(
    "other",
    [
        Vector(np.zeros(3), B[2]),
        Vector(np.zeros(3), B[1], first=1),
        Vector(np.zeros(2), B[1]),
        Vector(np.zeros(3), B[1], after=(0,)),
    ],
)
def test_vectors_at_two_places_are_not_joined(other):
    vector = Vector(np.zeros(3), A[1])
    expected = f"the vectors are a[1, 0:3] and {other.part}, expected one place"
    for join in (vector.__add__, vector.__mul__):
        with pytest.raises(ValueError, match=re.escape(expected)):
            join(other)


def test_a_sum_may_be_off_by_its_addends_and_a_product_by_its_factors():
    exact, inexact = Number(-4.0, A[0]), Number(0.5, B[0], 3.0)
    assert (exact + exact).scale == (exact - exact).scale == 8
    assert (exact + inexact).scale == (inexact - exact).scale == 7
    assert (exact * exact).scale == 0
    assert (exact * inexact).scale == (inexact * exact).scale == 3


@pytest.mark.parametrize("name", ["{}", "output", "weight_hr", "scale", "t", ""])
def test_another_name_is_refused(name):
    subject = LayerRun(Source().trace())
    expected = f"the name is {name!r}, expected a parameter or a result of nn."
    with pytest.raises(ValueError, match=re.escape(expected)):
        subject.ref(name)
