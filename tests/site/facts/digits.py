from pathlib import Path

import torch

from tests.site.facts.common import module, randn, refusal

OF_TORCH = Path(torch.__file__).parent / "testing/_internal/common_utils.py"
"""How PyTorch tests what has to be deterministic."""


def off():
    """How far float32 is from float64."""
    lstm, x = module(8, 16), randn(50, 4, 8)
    output, _ = lstm(x)
    return (output - lstm.double()(x.double())[0]).abs().max().item()


def model_follows_the_seed(model):
    results = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        result = model(torch.ones(5, 9, 3))
        results.append(result if torch.is_tensor(result) else result[0])
    return torch.equal(*results[:2]) and not torch.equal(*results[1:])


def apart(mistake, step):
    """How far a result in float32, with a bias off, is from the truth."""
    lstm, x = module(8, 16), randn(50, 4, 8)
    true, _ = module(8, 16).double()(x.double())
    lstm.bias_ih_l0.data += mistake
    return (lstm(x)[0] - true)[step].abs().max().item()


def torch_refuses_mixed_tf32_settings():
    rnn = torch.backends.cudnn.rnn
    before = rnn.fp32_precision
    rnn.fp32_precision = "ieee"
    try:
        message = refusal(lambda: torch.backends.cudnn.allow_tf32)
    finally:
        rnn.fp32_precision = before
    return "mix of the legacy and new APIs" in message
