"""What `other-places` quotes."""

import warnings

import torch

from tests.site.facts.common import drawn, module
from tests.site.facts.digits import off
from tests.site.quoting import asked


def quantized(**options) -> torch.nn.Sequential:
    """A model with an LSTM, whose weights are in int8."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.ao.quantization.quantize_dynamic(
            torch.nn.Sequential(module(3, 4, **options)),
            {torch.nn.LSTM},
            dtype=torch.qint8,
        )


def keeps_int8_and_computes_in_float32() -> bool:
    lstm = quantized()[0]
    weight = lstm.get_weight()["weight_ih_l0"]
    output, _ = lstm(drawn(5, 2, 3))
    return weight.dtype == torch.qint8 and output.dtype == torch.float32


FACTS = asked(
    (
        "a [difference of a millionth](digits.md) is rounding, one of a tenth "
        "is a mistake",
        lambda: 1e-8 < off() < 2e-6,
    ),
    (
        "[with `batch_first=True` as well]",
        lambda: (
            module(3, 2, batch_first=True)(drawn(5, 6, 3))[1][0].shape
            == (1, 5, 2)
        ),
    ),
    (
        "keeps the weight matrices in `int8`, rounds what they are multiplied "
        "by as it comes, and computes the rest in `float32`",
        keeps_int8_and_computes_in_float32,
    ),
    (
        "**The batch is the second axis of a state**",
        lambda: (
            module(3, 2, batch_first=True)(drawn(5, 6, 3))[1][0].shape
            == (1, 5, 2)
        ),
    ),
    (
        "cuts each tensor along its first axis",
        lambda: drawn(6, 5).chunk(2)[0].shape == (3, 5),
    ),
    (
        "`h_n` and `c_n` have the batch as their second axis",
        lambda: module(3, 2)(drawn(6, 5, 3))[1][1].shape == (1, 5, 2),
    ),
)
