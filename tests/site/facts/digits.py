"""What `digits` quotes."""

from tests.site.facts.common import listed
from tests.site.quoting import network


def bits(dtype: str) -> str:
    """How many bits a type has after the point."""
    return f"-torch.tensor(torch.finfo(torch.{dtype}).eps).log2()"


TF32, BFLOAT16 = (
    listed(rf"largest_difference\((\d+), times\).*{name}", "digits.md")
    for name in ("TF32", "bfloat16")
)
"""Bits of what the page tries as these."""

FACTS = network(
    "cell",
    (
        "rounded to {:.0f} bits after the point in place of {:.0f}",
        bits("float16"),
        bits("float32"),
    ),
    (
        "rounded to",
        f"{TF32} == {bits('float16')}",
    ),
    ("`bfloat16` only {:.0f}.", bits("bfloat16")),
    (
        "`bfloat16` only",
        f"{BFLOAT16} == {bits('bfloat16')}",
    ),
    (
        "with weights {:word} times as large",
        listed(r"for times in \(1, (\d)\)", "digits.md"),
    ),
)
