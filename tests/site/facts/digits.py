"""What `digits` quotes."""

from pathlib import Path

import torch

from tests.site.facts.after_loading import is_random
from tests.site.facts.common import listed, module, randn
from tests.site.facts.errors import refusal
from tests.site.facts_of_pages import network, of_torch

OF_TORCH = Path(torch.__file__).parent / "testing/_internal/common_utils.py"
"""How PyTorch tests what has to be deterministic."""


def bits(dtype: str) -> str:
    """How many bits a type has after the point."""
    return f"-torch.tensor(torch.finfo(torch.{dtype}).eps).log2()"


TF32, BFLOAT16 = (
    listed(rf"largest_difference\((\d+), times\).*{name}", "digits.md")
    for name in ("TF32", "bfloat16")
)
"""Bits of what the page tries as these."""


def least(bits: str) -> str:
    return listed(rf"(\S+) < min\({bits}\)", "digits.md")


def most(bits: str) -> str:
    return listed(rf"max\({bits}\) < (\S+)\n", "digits.md")


def off() -> float:
    """How far float32 is from float64."""
    lstm, x = module(8, 16), randn(50, 4, 8)
    output, _ = lstm(x)
    return (output - lstm.double()(x.double())[0]).abs().max().item()


def has_a_tolerance() -> bool:
    number = torch.ones(1)
    torch.testing.assert_close(number, number + 1e-7)
    return not torch.equal(number, number + 1e-7)


NUMBERS = network(
    "cell",
    ("rounded to {:.0f} bits after the point in place of {:.0f}", bits("float16"), bits("float32")),
    ("rounded to", f"{TF32} == {bits('float16')}"),
    ("`bfloat16` only {:.0f}.", bits("bfloat16")),
    ("`bfloat16` only", f"{BFLOAT16} == {bits('bfloat16')}"),
    ("with weights {:word} times as large", listed(r"for times in \(1, (\d)\)", "digits.md")),
)


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


FACTS = (
    *NUMBERS,
    *network(
        "cell",
        (
            "| From a ten-thousandth to a thousandth | TF32 on the GPU | "
            "[Switch it off](#switch-tf32-off) | | The same | `float16`, by "
            "autocast | Leave autocast off for the comparison |",
            f"{least('ten')} < 1e-4 < 1e-3 < {most('ten')}",
            f"{bits('float16')} == {TF32}",
        ),
        (
            "| From a thousandth to a hundredth | `bfloat16`, by autocast | "
            "Leave autocast off for the comparison |",
            f"{least('seven')} < 1e-3 < 1e-2 < {most('seven')}",
        ),
    ),
    *of_torch(
        (
            "The result is still called `float32`.",
            lambda: module(3, 2)(randn(4, 3))[0].dtype == torch.float32,
        ),
        (", whose masks follow the seed.", repeats_its_mask_outside),
        (
            "a cell of a notebook that is run again gets others, unless it has "
            "the seed in it or you restart.",
            goes_on_from_a_seed,
        ),
        (
            "a rounding error is there at once and stays small, a mistake grows.",
            lambda: 0 < apart(0, 0) < 1e-6 and apart(0, 49) < 1e-6,
            lambda: 2 * apart(0.1, 0) < apart(0.1, 5),
        ),
        (
            "Use one way or the other, not both: after these lines, reading "
            "`torch.backends.cudnn.allow_tf32` raises an error that speaks of "
            "a mix of the legacy and new APIs.",
            refuses_to_read_both,
        ),
        ("A seed starts the random numbers once, and they go on from there:", goes_on_from_a_seed),
        (
            "Nothing of this could be tried here; on a CPU the seed does repeat it:",
            repeats_its_mask,
        ),
        (
            "leave `dropout` of `nn.LSTM` at zero, and put an `nn.Dropout` "
            "between layers of your own",
            lambda: module(3, 2).dropout == 0,
        ),
        (
            "A sum of floating-point numbers depends on the order in which "
            "they are added, because each addition is rounded.",
            lambda: (torch.tensor(1e8) + 1 - 1e8) == 0,
            lambda: (torch.tensor(1e8) - 1e8 + 1) == 1,
        ),
        (
            "If two results of the same LSTM differ only in the seventh digit, "
            "that is rounding, and neither is wrong",
            lambda: 1e-8 < torch.finfo(torch.float32).eps < 1e-6,
        ),
        (
            "if they differ in the third or fourth, one of them was computed with less precision",
            lambda: 1e-4 < torch.finfo(torch.float16).eps < 1e-2,
        ),
        (
            "No order of sums explains differences of this size: without "
            "rounding, `float32` is within a millionth.",
            lambda: 1e-8 < off() < 2e-6,
        ),
        (
            "A module whose numbers are all `float16` or `bfloat16` rounds `c` "
            "and every result as well",
            lambda: module(3, 2).bfloat16()(randn(5, 3).bfloat16())[1][1].dtype == torch.bfloat16,
        ),
        (
            "Run the CPU in `float64`, as the truth; then both `float32` runs "
            "should be within a millionth or so of it.",
            lambda: 1e-8 < off() < 2e-6,
        ),
        ("None of them is exact, so compare with a tolerance", has_a_tolerance),
        (
            "| Difference | Usual cause | What to do | | --- | --- | --- | | "
            "About a millionth | Sums in a different order | Compare with a "
            "tolerance |",
            lambda: 1e-8 < off() < 2e-6,
            has_a_tolerance,
        ),
        (
            "| A new one in every run on the GPU | A kernel that is not "
            "deterministic | `CUBLAS_WORKSPACE_CONFIG=:4096:8` |",
            lambda: (
                "CUBLAS_WORKSPACE_CONFIG=:4096:8 so that the error"
                in OF_TORCH.read_text(encoding="utf-8")
            ),
        ),
        (
            "| A new one in training, although the seed is the same | Dropout "
            "in cuDNN | [Dropout outside the module](#seed) |",
            repeats_its_mask_outside,
        ),
        (
            "| Large, and growing over the steps | A mistake, such as "
            "[dropout](layers.md#where-dropout-acts) in training mode | "
            "`eval()` on both; [wrong ways](wrong-ways.md) |",
            lambda: 2 * apart(0.1, 0) < apart(0.1, 5),
            lambda: is_random(training=True) and not is_random(training=False),
        ),
        ("For an LSTM in `float32` that is about a millionth", lambda: 1e-8 < off() < 2e-6),
        (
            "PyTorch lets cuDNN do so by default, and `nn.LSTM` runs in cuDNN; "
            "for plain matrix products it does not.",
            lambda: torch.backends.cudnn.allow_tf32,
            lambda: not torch.backends.cuda.matmul.allow_tf32,
        ),
        ("`torch.testing.assert_close` has one, `torch.equal` has none", has_a_tolerance),
        (
            "TF32 keeps as many bits as `float16` does, and `bfloat16` only",
            lambda: torch.finfo(torch.bfloat16).eps > torch.finfo(torch.float16).eps,
        ),
    ),
)
