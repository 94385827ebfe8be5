"""Convert tensors to layouts of libraries without running them."""

import re

import numpy as np
import pytest

from lstm_figs.errors import InputError, ShapeError, UnsupportedModule, UsageError
from lstm_figs.model.lstm import run
from lstm_figs.model.tensors import Weights
from lstm_figs.porting import ORDERS, TARGETS
from tests.porting.test_libraries import Sizes, seeded_lstm, stack_of

every_target = pytest.mark.parametrize("name", TARGETS)


STACKS = [
    (3, 2, 1, False, True),
    (1, 1, 3, True, True),
    (2, 1, 3, False, False),
    (1, 4, 1, True, False),
    (4, 3, 3, True, True),
    (1, 3, 2, False, True),
    (4, 1, 2, True, False),
    (2, 4, 2, True, False),
]
"""Values of the fields of `Sizes`."""


def stack(*sizes, **more):
    return stack_of(seeded_lstm(Sizes(*sizes, **more)))


@every_target
@pytest.mark.parametrize("sizes", STACKS)
def test_there_and_back_the_module_computes_the_same(name, sizes):
    own = stack(*sizes)
    back = TARGETS[name].to_pytorch(TARGETS[name].to_target(own))
    shape = (3, 2, own[0].input_size)
    x = np.random.RandomState(0).standard_normal(shape).astype(np.float32)
    np.testing.assert_allclose(run(back, x).output, run(own, x).output, atol=1e-6)
    assert [weights.suffix for weights in back] == [weights.suffix for weights in own]
    for before, after in zip(own, back, strict=True):
        assert np.array_equal(before.weight_ih, after.weight_ih)
        assert np.array_equal(before.weight_hh, after.weight_hh)
        if not TARGETS[name].has_one_bias and before.bias_ih is not None:
            assert np.array_equal(before.bias_ih, after.bias_ih)


@every_target
def test_a_projection_is_refused(name):
    projected = Weights(np.zeros((8, 3)), np.zeros((8, 1)), weight_hr=np.zeros((1, 2)))
    with pytest.raises(UsageError, match=r"=1, expected none, because .* no projection;"):
        TARGETS[name].to_target([projected])


@pytest.mark.parametrize(
    ("name", "tensor", "message"),
    [
        ("onnx", "P_l0", "because it has no peepholes"),
        ("onnx", "W_l2", "none or zeros; .* without it, because the results would differ"),
        ("openvino", "P_l0", "because it has no peepholes"),
        ("keras", "lstm/lstm_cell/gamma", "expected none or zeros"),
        ("keras", "lstm_2/lstm_cell/kernel", "expected none or zeros"),
        ("flax", "cell_l0/ii/bias", "expected none or zeros"),
    ],
)
def test_a_tensor_that_pytorch_lacks_is_refused_unless_it_is_zero(name, tensor, message):
    target = TARGETS[name]
    tensors = target.to_target(stack(3, 2))
    tensors["dense/kernel"] = np.ones(3)
    assert target.to_pytorch({**tensors, tensor: np.zeros((1, 6))})
    with pytest.raises(UnsupportedModule, match=message) as raised:
        target.to_pytorch({**tensors, tensor: np.ones((1, 6))})
    assert repr(tensor) in str(raised.value)


@every_target
def test_a_missing_or_misshapen_tensor_is_named(name):
    target = TARGETS[name]
    tensors = target.to_target(stack(3, 2))
    optional = ("/bias", "B_l0") if name != "flax" else ()  # Flax always has one.
    for wrong in tensors:
        rest = {n: a for n, a in tensors.items() if n != wrong}
        if wrong.endswith(optional):
            assert target.to_pytorch(rest)[0].bias_ih is None
        else:
            with pytest.raises(InputError, match=re.escape(repr(wrong))):
                target.to_pytorch(rest)
        with pytest.raises(ShapeError, match=re.escape(repr(wrong))):
            target.to_pytorch({**tensors, wrong: np.zeros(())})


@every_target
def test_only_what_always_has_a_bias_brings_zeros_back(name):
    own = stack(3, 2, num_layers=2, bidirectional=True, bias=False)
    back = TARGETS[name].to_pytorch(TARGETS[name].to_target(own))
    for before, after in zip(own, back, strict=True):
        if name in ("flax", "openvino"):
            assert not after.bias_ih.any()
            assert not after.bias_hh.any()
        else:
            assert after.parameters().keys() == before.parameters().keys()


@every_target
def test_unequal_layers_are_refused(name):
    target = TARGETS[name]
    wide = target.to_target(stack(3, 2, num_layers=2))
    narrow = target.to_target(stack(3, 1))
    with pytest.raises(ShapeError, match=r"has shape .*, expected \("):
        target.to_pytorch({**wide, **narrow})


def test_targets_stack_gates_as_in_orders():
    orders = {name: order.order for order in ORDERS for name in order.tested}
    for target in TARGETS.values():
        if not target.by_gate:
            assert orders[target.label] == target.order
    for order in ORDERS:
        assert sorted(order.order) == sorted("ifgo")
