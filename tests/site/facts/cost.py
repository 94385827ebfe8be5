"""What `cost` quotes."""

import re

import torch

from tests.site.conftest import ROOT
from tests.site.facts.common import (
    GATES,
    drawn,
    listed,
    module,
    occurrences,
    parameters,
    text,
)
from tests.site.facts.gru import BANDS
from tests.site.quoting import asked, network

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


def wider(*sizes: int) -> float:
    """How many times as many parameters there are as with 64 and 64."""
    return parameters(module(*sizes)) / parameters(module(64, 64))


def table() -> list[list[float]]:
    """The rows that the page prints."""
    page = (ROOT / "docs" / PAGE).read_text(encoding="utf-8")
    rows = re.findall(r"^ +\d+ +\d+ +\d+ +\d+ +[\d,]+ .*$", page, re.M)
    return [[float(n.replace(",", "")) for n in row.split()] for row in rows]


def last_rows() -> bool:
    """Whether parameters stay and work grows as the sequences do."""
    before, after = table()[3:]
    times = after[2] / before[2]
    is_so = before[4] == after[4] and abs(after[5] / before[5] - times) < 0.01
    return is_so and before[2] < after[2]


def is_as_its_head_says() -> bool:
    """Whether columns are I, H, T, N, parameters, FLOPs, and two memories."""
    return all(
        learned == 4 * units * (inputs + units + 2)
        and abs(flops - 8e-9 * units * (inputs + units) * steps * batch) < 0.01
        and run < train
        for inputs, units, steps, batch, learned, flops, run, train in table()
    )


def is_mostly_weight_hh() -> bool:
    lstm = module(64, 512)
    return lstm.weight_hh_l0.numel() > parameters(lstm) / 2


def node(dtype: torch.dtype) -> str:
    """What autograd records of a call."""
    x = drawn(5, 1, 3).to(dtype)
    return module(3, 2, dtype=dtype)(x)[0].grad_fn.name()


def share_at_once() -> float:
    """What exists at once, of all bytes that the command counts."""
    page = (ROOT / "docs" / PAGE).read_text(encoding="utf-8")
    bytes, numbers = (
        float(re.search(pattern, page)[1].replace(",", ""))
        for pattern in (
            r"([\d,]+) bytes to run",
            r"([\d,]+) numbers that exist",
        )
    )
    return 4 * numbers / bytes


def costs(bound: str) -> str:
    """What the page tries of oneDNN beside the formula."""
    return listed(rf"{bound}\n", PAGE)


def is_mostly_what_backward_needs() -> bool:
    """Whether in the last row parameters are a small part of training."""
    *_, learned, _, _, train = table()[-1]
    return 4 * 4 * learned / 2**20 < train / 10


NUMBERS = network(
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

FACTS = (
    *NUMBERS,
    *network(
        "cell",
        ("its gradient, and {:word} averages", f"{ADAM} - 2"),
        (
            "for these sizes needs at most a tenth more, in some forms a third "
            "less",
            f"{costs(r'max.onednn. < (.*)')} == 1 + 1 / 10",
            f"1 - 1 / 3 > {costs(r'min.onednn. > (.*), max.*')}",
        ),
        (
            "It needs more where the input is much wider than the state.",
            f"{costs(r'torch.float32, I=1024. > (.*)')} > 1",
        ),
        (
            "So it does where a call has few steps",
            f"{costs(r'torch.float32, T=1. > (.*)')} > 1",
        ),
        (
            "and {:word} for each unit",
            f"{text('keep-write-show.md')}.split('$$')[1].count('odot')",
        ),
        (
            "four bands of H rows, with I columns for the input, H for the "
            "state, and two biases",
            "lstm.weight_ih_l0.shape == (4 * 2, 3) and "
            "lstm.weight_hh_l0.shape == (4 * 2, 2)",
        ),
    ),
    *asked(
        (
            "For long sequences what `backward` needs is by far the largest "
            "part.",
            is_mostly_what_backward_needs,
        ),
        (
            "A layer above the first receives H numbers in place of I, or "
            "$2H$ with two directions.",
            lambda: (
                module(
                    3, 4, num_layers=2, bidirectional=True
                ).weight_ih_l1.shape[1]
                == 2 * 4
            ),
        ),
        (
            "Above the first layer, H stands in place of I, or $2H$ with two "
            "directions.",
            lambda: module(3, 4, num_layers=2).weight_ih_l1.shape[1] == 4,
        ),
        (
            "The columns are I, H, T, N, parameters, and for one call GFLOPs "
            "of the products, MiB to run, and MiB to train with Adam",
            is_as_its_head_says,
        ),
        (
            "for wide layers `weight_hh` is most of it",
            is_mostly_weight_hh,
        ),
        (
            "That is PyTorch's own code, which runs in `float64`. In `float32` "
            "on a CPU, oneDNN keeps what it needs in its own format, which "
            "takes more room:",
            lambda: "Mkldnn" not in node(torch.float64),
            lambda: "Mkldnn" in node(torch.float32),
        ),
        (
            "- $DH$ for the output of the layer below, if there is one.",
            lambda: (
                module(
                    3, 4, num_layers=2, bidirectional=True
                ).weight_ih_l1.shape[1]
                == 2 * 4
            ),
        ),
        (
            "Parameters, input and last states are the smaller part. The "
            "larger part is what a layer needs for all steps at once",
            lambda: share_at_once() > 1 / 2,
        ),
        (
            "Each tensor here has $4H$ rows, so widths can be compared",
            lambda: all(len(p) == 4 * 4 for p in module(3, 4).parameters()),
        ),
        (
            "Doubling `hidden_size` up to quadruples the parameters, and "
            "doubling `input_size` at most doubles them.",
            lambda: wider(128, 64) <= 2 < wider(64, 128) <= 4,
        ),
        (
            "From the fourth row to the last the sequences become ten times as "
            "long: parameters stay, work grows tenfold",
            last_rows,
        ),
    ),
)
