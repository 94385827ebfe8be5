"""What `dispatch` quotes."""

import dis
import warnings

import torch
from torch.nn.utils.rnn import pack_padded_sequence

from tests.site.facts.common import module, randn, session


def is_left_for_each_step() -> bool:
    """Whether a product with `h` and the gates make the steps of the sums."""
    lstm, x = module(3, 2), randn(5, 1, 3)
    sums = x @ lstm.weight_ih_l0.T + lstm.bias_ih_l0 + lstm.bias_hh_l0
    h, c = torch.zeros(2, 1, 2)
    outputs = []
    for z in sums:
        i, f, g, o = (z + h @ lstm.weight_hh_l0.T).chunk(4, dim=1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        outputs.append(h)
    return torch.allclose(torch.stack(outputs), lstm(x)[0], atol=1e-6)


def operators(model: torch.nn.Module, *inputs) -> list[str]:
    """What a call runs, in its order."""
    names = session("dispatch")["operators"](model, *inputs)
    return [*names]


def native() -> list[str]:
    """What PyTorch's own code runs for five steps."""
    return operators(module(3, 2).double(), randn(5, 1, 3).double())


def without_onednn() -> list[str]:
    with torch.backends.mkldnn.flags(enabled=False):
        return operators(module(3, 2), randn(5, 1, 3))


def are_the_same_with_other_numbers() -> bool:
    """Whether the values change nothing, and another kind of call does."""
    lstm, x = module(3, 2), randn(5, 2, 3)
    plain = operators(lstm, x)
    return plain == operators(lstm, 1e9 * x) == operators(lstm, 0 * x) and (
        plain != operators(lstm, pack_padded_sequence(x, [5, 3]))
    )


def are_the_same_with_gradients() -> bool:
    is_same = []
    for lstm, x in (
        (module(3, 2), randn(5, 1, 3)),
        (module(3, 2).double(), randn(5, 1, 3).double()),
    ):
        with torch.no_grad():
            without = operators(lstm, x)
        is_same.append([name for name in operators(lstm, x) if name in without] == without)
    return all(is_same)


def is_projected_at_each_step() -> bool:
    """Whether a projection is a product more a step, and warns once."""
    x = randn(5, 1, 3)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        projected = operators(module(3, 2, proj_size=1), x)
    messages = {str(warning.message).partition(" (")[0] for warning in caught}
    return (
        projected.count("linear") + projected.count("matmul") >= native().count("linear") + 5
        and len(messages) <= 1
        and all("with projections is not supported" in m for m in messages)
    )


def is_run_like_a_tensor(*lengths: int) -> bool:
    packed = pack_padded_sequence(randn(5, 2, 3), [*lengths])
    return "mkldnn_rnn_layer" in operators(module(3, 2), packed)


def stays_where_it_is() -> bool:
    """Whether the weights lie where they lay."""
    lstm = module(3, 2)
    before = [weight.data_ptr() for weight in lstm.parameters()]
    lstm.flatten_parameters()
    return before == [weight.data_ptr() for weight in lstm.parameters()]


def has_a_loop() -> bool:
    """Whether the module's Python goes back to an earlier line of itself."""
    return any(
        instruction.opname in ("FOR_ITER", "JUMP_BACKWARD")
        for instruction in dis.get_instructions(torch.nn.LSTM.forward)
    )
