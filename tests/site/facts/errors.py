import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch.nn.functional import mse_loss
from torch.nn.utils import prune

from tests.processor import has_onednn
from tests.site.facts import half_precision
from tests.site.facts.common import module, randn, refusal


def lstm_output() -> torch.Tensor:
    return module()(randn(4, 1, 3))[0]


def expected(x: torch.Tensor, state: torch.Tensor, **options: Any) -> str:
    """Which sizes PyTorch names of a state that does not fit."""
    text = refusal(lambda: module(**options)(x, (state, state)))
    return text.removeprefix("Expected hidden[0] size ")


def cell_says(x: torch.Tensor, state: torch.Tensor) -> str:
    return refusal(lambda: torch.nn.LSTMCell(5, 3)(x, (state, state)))


def of_state(dtype: torch.dtype) -> str:
    """What a module in float32 says of a state of a dtype."""
    return half_precision.with_state(torch.float32, dtype)


def moves_buffers_alone() -> bool:
    module = torch.nn.Module()
    module.h0 = torch.zeros(1)
    module.register_buffer("kept", torch.zeros(1))
    module.to("meta")
    return (module.h0.device.type, module.kept.device.type) == ("cpu", "meta")


def switched_off() -> bool:
    with torch.backends.cudnn.flags(enabled=False):
        inside = torch.backends.cudnn.enabled
    return torch.backends.cudnn.enabled and not inside


def onednn_is_switched_off() -> bool:
    with torch.backends.mkldnn.flags(enabled=False):
        inside = lstm_output().grad_fn.name()
    return "Mkldnn" not in inside and ("Mkldnn" in lstm_output().grad_fn.name()) == has_onednn()


def warns(**options: float) -> bool:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        module(**options)
    return bool(caught)


def does_nothing_between_layers(layers: int) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lstm = module(num_layers=layers, dropout=0.9)
    return torch.equal(lstm(randn(4, 1, 3))[0], lstm(randn(4, 1, 3))[0])


def added_names(**options: Any) -> set[str]:
    """The names that an option adds to a module, or takes away."""
    return {*module(**options).state_dict()} ^ {*module().state_dict()}


def compiled_names() -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what the compiler imports
        return [*torch.compile(module()).state_dict()]


def names_of_pruning() -> set[str]:
    """The names that differ between a pruned module and a plain one."""
    pruned = module()
    prune.l1_unstructured(pruned, "weight_hh_l0", 0.5)
    names = {*pruned.state_dict()} ^ {*module().state_dict()}
    prune.remove(pruned, "weight_hh_l0")
    assert {*pruned.state_dict()} == {*module().state_dict()}
    return names


def prunes() -> bool:
    """Whether a pruned weight acts in the call."""
    pruned, zeroed, x = module(), module(), randn(4, 1, 3)
    prune.l1_unstructured(pruned, "weight_hh_l0", 1.0)
    zeroed.weight_hh_l0.data.zero_()
    return torch.equal(pruned(x)[0], zeroed(x)[0]) and not torch.equal(pruned(x)[0], module()(x)[0])


def without_a_weight() -> tuple[str, str]:
    """What a module says without a weight, when it is read and when it is called."""
    lstm = module()
    del lstm._parameters["weight_hh_l0"]
    lstm.to("cpu")
    return refusal(lambda: lstm.weight_hh_l0), refusal(lambda: lstm(randn(4, 1, 3)))


def stays_as_it_was() -> bool:
    both, before = (module(bidirectional=True) for _ in range(2))
    both.load_state_dict(torch.nn.LSTM(3, 2).state_dict(), strict=False)
    return torch.equal(both.weight_ih_l0_reverse, before.weight_ih_l0_reverse)


def broadcasts(loss: Callable[..., torch.Tensor] = mse_loss) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return loss(randn(4, 1), randn(4), reduction="none").shape == (4, 4)


def is_refused_as_nonfinite() -> bool:
    number = torch.nn.Parameter(torch.zeros(1))
    number.grad = torch.full((1,), torch.inf)
    clip = torch.nn.utils.clip_grad_norm_
    refused = refusal(lambda: clip([number], 1.0, error_if_nonfinite=True))
    clip([number], 1.0)
    return bool(refused) and bool(number.grad.isnan())


def of_a_chain(keeps_graph: bool, steps: bool, cuts: bool = False) -> str:
    """What `backward` says at the second of two chunks with one state."""
    lstm, state = module(), None
    optimizer = torch.optim.SGD(lstm.parameters(), lr=0.1)

    def train() -> None:
        nonlocal state
        for chunk in randn(4, 1, 3).split(2):
            output, state = lstm(chunk, state)
            output.sum().backward(retain_graph=keeps_graph)
            if steps:
                optimizer.step()
            if cuts:
                state = tuple(part.detach() for part in state)

    return refusal(train)


def write_to_a_bias() -> None:
    module().bias_ih_l0[2:4].fill_(1)


def keeps_a_gradient() -> list[bool]:
    output = lstm_output()
    outputs = [output.detach(), output.data, output.argmax(), torch.tensor(output.sum().item())]
    for context in (torch.no_grad, torch.inference_mode):
        with context():
            outputs.append(lstm_output())
    return [output.requires_grad for output in outputs]
