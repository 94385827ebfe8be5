"""What `digits` quotes."""

from pathlib import Path

import torch

from tests.site.facts.common import module, randn, refusal

OF_TORCH = Path(torch.__file__).parent / "testing/_internal/common_utils.py"
"""How PyTorch tests what has to be deterministic."""


def off() -> float:
    """How far float32 is from float64."""
    lstm, x = module(8, 16), randn(50, 4, 8)
    output, _ = lstm(x)
    return (output - lstm.double()(x.double())[0]).abs().max().item()


def has_a_tolerance() -> bool:
    number = torch.ones(1)
    torch.testing.assert_close(number, number + 1e-7)
    return not torch.equal(number, number + 1e-7)


def repeats_its_mask() -> bool:
    """Whether dropout between layers follows the seed, on a CPU."""
    lstm, x = module(3, 4, num_layers=2, dropout=0.5), torch.ones(5, 1, 3)
    outputs = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        outputs.append(lstm(x)[0])
    first, same, other = outputs
    return torch.equal(first, same) and not torch.equal(first, other)


def apart(mistake: float, step: int) -> float:
    """How far a result in float32, with a bias off, is from the truth."""
    lstm, x = module(8, 16), randn(50, 4, 8)
    exact = torch.nn.LSTM(8, 16, dtype=torch.float64)
    exact.load_state_dict({k: v.double() for k, v in lstm.state_dict().items()})
    true, _ = exact(x.double())
    with torch.no_grad():
        lstm.bias_ih_l0 += mistake
    return (lstm(x)[0] - true)[step].abs().max().item()


def refuses_to_read_both() -> bool:
    """Whether the old setting cannot be read after the new one was set."""
    rnn = torch.backends.cudnn.rnn
    before = rnn.fp32_precision
    rnn.fp32_precision = "ieee"
    try:
        message = refusal(lambda: torch.backends.cudnn.allow_tf32)
    finally:
        rnn.fp32_precision = before
    return "mix of the legacy and new APIs" in message


def goes_on_from_a_seed() -> bool:
    torch.manual_seed(1)
    first, again = torch.nn.LSTM(3, 4), torch.nn.LSTM(3, 4)
    torch.manual_seed(1)
    anew = torch.nn.LSTM(3, 4)
    return torch.equal(first.weight_hh_l0, anew.weight_hh_l0) and not torch.equal(
        first.weight_hh_l0, again.weight_hh_l0
    )


def repeats_its_mask_outside() -> bool:
    dropout, masks = torch.nn.Dropout(0.5), []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        masks.append(dropout(torch.ones(99)))
    return torch.equal(masks[0], masks[1]) and not torch.equal(*masks[1:])
