import os
import platform
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch.nn.functional import mse_loss

from tests.processor import has_bfloat16, has_onednn
from tests.site.facts.common import module, randn, refusal

PRIMITIVE = "LSTM forward propagation primitive"


def lstm_output() -> torch.Tensor:
    return module()(randn(4, 1, 3))[0]


def expected(x: torch.Tensor, state: torch.Tensor, **options: Any) -> str:
    """Which sizes PyTorch names of a state that does not fit."""
    text = refusal(lambda: module(**options)(x, (state, state)))
    return text.removeprefix("Expected hidden[0] size ")


def cell_says(x: torch.Tensor, state: torch.Tensor) -> str:
    return refusal(lambda: torch.nn.LSTMCell(5, 3)(x, (state, state)))


def halves(weights: torch.dtype, state: torch.dtype, onednn: bool = True) -> str:
    """What a module says of a state of another type."""
    lstm, x = module(dtype=weights), randn(4, 1, 3).to(weights)
    with torch.backends.mkldnn.flags(enabled=onednn):
        return refusal(lambda: lstm(x, [randn(1, 1, 2).to(state)] * 2))


def has_no_primitive(dtype: torch.dtype) -> bool:
    """Whether oneDNN lacks what autocast asks it for."""
    with torch.autocast("cpu", dtype=dtype):
        return PRIMITIVE in refusal(lambda: module()(randn(4, 1, 3)))


def needs_avx_512() -> bool:
    """Whether oneDNN has an LSTM in bfloat16 with AVX-512, and not without.

    Where only one of the two libraries is told to leave it out, PyTorch does
    not tell what the other one does.
    """
    is_limited = [name in os.environ for name in ("ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA")]
    if platform.machine() not in ("x86_64", "AMD64") or is_limited[0] != is_limited[1]:
        return True
    has_it = "AVX512" in torch.backends.cpu.get_cpu_capability()
    return has_bfloat16() == (has_onednn() and has_it)


@cache
def remedies_of_autocast() -> list[tuple[torch.dtype, float]]:
    """The type of what each way around returns, and how far it is off."""
    lstm, x, results = module(), randn(4, 1, 3), []
    for inner in (torch.autocast("cpu", enabled=False), torch.backends.mkldnn.flags(enabled=False)):
        with torch.autocast("cpu", dtype=torch.bfloat16), inner:
            output, _ = lstm(x.float())
        results.append((output.dtype, (output - lstm(x)[0]).abs().max().item()))
    return results


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
