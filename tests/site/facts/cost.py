"""What `cost` quotes."""

from tests.site.facts.common import GATES, listed, occurrences
from tests.site.facts.gru import BANDS
from tests.site.quoting import network

PAGE = "cost.md"

TRAINING = listed(r"x\), 1\)\n(\S+)", PAGE)
"""How much more work it is than a forward pass."""

LENGTHS = (
    listed(r"1024, (\d+), 32\),\n\.\.\. \)", PAGE),
    listed(r"1024, (\d+), 32\),\n\.\.\.     \(", PAGE),
)
"""Steps of the last row of the table, and of the one before it."""

ADAM = (
    "(lambda p: (lambda adam: (setattr(p, 'grad', torch.ones(3)), adam.step(), "
    "2 + sum(v.shape == p.shape for v in adam.state[p].values()))[-1])"
    "(torch.optim.Adam([p])))(torch.nn.Parameter(torch.zeros(3)))"
)
"""Numbers for each parameter: what Adam keeps, itself and its gradient."""

FACTS = network(
    "cell",
    ("The last {:word} lines count", occurrences(" bytes to ", "cost")),
    (
        "a multiplication and its addition as {:word} operations",
        listed(r"flops\(lstm, x\) == (\d) \* 4", PAGE),
    ),
    (
        "takes about {:word} times as much",
        f"round({TRAINING})",
    ),
    (
        "Each number takes {} bytes in `float32`, {} in `float16` and "
        "`bfloat16`.",
        "torch.float32.itemsize",
        "torch.float16.itemsize",
    ),
    ("in `float16` and", "torch.bfloat16.itemsize == torch.float16.itemsize"),
    ("Adam keeps {:word} numbers for each parameter", ADAM),
    (
        "makes {:word} numbers per unit",
        listed(r"== 100 \* 32 \* \(64 \+ (\d) \* 256\)\nTrue", PAGE),
    ),
    (
        "a little over {:word} times with oneDNN",
        listed(r"< (\d)[.]\d  # oneDNN\nTrue", PAGE),
    ),
    (
        "if each number takes the {} bytes of `float32`",
        "torch.float32.itemsize",
    ),
    ("become {:word} times as long", f"{LENGTHS[0]} // {LENGTHS[1]}"),
    ("has {:word} bands in place of {:word}", BANDS, GATES),
)
