"""What `cost` quotes."""

import inspect
import re
import warnings
from functools import cache
from typing import Any

import numpy
import torch
from torch.nn.utils.rnn import pack_padded_sequence
from torch.utils._python_dispatch import TorchDispatchMode

from tests.processor import has_onednn
from tests.site.conftest import ROOT
from tests.site.facts.common import (
    GATES,
    listed,
    module,
    occurrences,
    parameters,
    randn,
    session,
    text,
)
from tests.site.facts.gru import BANDS
from tests.site.facts_of_pages import network, of_torch, record
from tests.site.records import STREAMING

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
    x = randn(5, 1, 3).to(dtype)
    return module(3, 2, dtype=dtype)(x)[0].grad_fn.name()


def share_at_once() -> float:
    """What exists at once, of all bytes that the command counts."""
    page = (ROOT / "docs" / PAGE).read_text(encoding="utf-8")
    bytes, numbers = (
        float(re.search(pattern, page)[1].replace(",", ""))
        for pattern in (r"([\d,]+) bytes to run", r"([\d,]+) numbers that exist")
    )
    return 4 * numbers / bytes


def costs(bound: str) -> str:
    """What the page tries of oneDNN beside the formula."""
    return listed(rf"{bound}\n", PAGE)


def is_mostly_what_backward_needs() -> bool:
    """Whether in the last row parameters are a small part of training."""
    *_, learned, _, _, train = table()[-1]
    return 4 * 4 * learned / 2**20 < train / 10


@cache
def from_session(name: str) -> Any:
    """What the sessions of the page make, by its name."""
    return session("cost")[name]


def work(steps: int, dtype: torch.dtype = torch.double, **with_: bool) -> int:
    """What PyTorch's counter counts in a call over so many steps."""
    x = randn(steps, 2, 3).to(dtype).requires_grad_(bool(with_))
    return from_session("flops")(module(3, 4, dtype=dtype), x, **with_)


class Named(TorchDispatchMode):
    """Writes down what is called."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        """What the operator returns."""
        self.names.append(func.overloadpacket.__name__)
        return func(*args, **kwargs or {})


def operations() -> tuple[list[str], ...]:
    """What is multiplied and added for `c`, for `h`, and in all bands."""
    cell, x, h, c = torch.nn.LSTMCell(3, 2), randn(1, 3), *randn(2, 1, 2)
    projected, recurrent = x @ cell.weight_ih.T, h @ cell.weight_hh.T
    with Named() as sums:
        z = projected + recurrent + (cell.bias_ih + cell.bias_hh)
    i, f, g, o = z.chunk(4, dim=1)
    i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
    with Named() as of_c:
        c_next = f * c + i * g
    squashed = c_next.tanh()
    with Named() as of_h:
        h_next = o * squashed
    assert torch.allclose(torch.cat(cell(x, (h, c))), torch.cat([h_next, c_next]))
    return of_c.names, of_h.names, sums.names


def saved_for_backward(steps: int) -> int:
    """How many numbers a call keeps for `backward`."""
    x = randn(steps, 2, 3).double()
    return from_session("kept_for_backward")(module(3, 4, dtype=torch.double), x)


@torch.inference_mode()
def at_once(layers: int = 1, steps: int = 50, pieces: int = 1) -> float:
    """How many numbers exist at once in calls over pieces of a sequence."""
    lstm = module(8, 16, num_layers=layers, dtype=torch.double)

    def run(x: torch.Tensor) -> object:
        state = None
        for piece in x.chunk(pieces):
            output, state = lstm(piece, state)
        return output, state

    return from_session("peak")(run, randn(steps, 4, 8).double())


def keeps_nothing() -> bool:
    with torch.inference_mode():
        return saved_for_backward(9) == 0


def holds_more_than_it_returns() -> bool:
    returned = (50 + 2) * 4 * 16
    return at_once() > 2 * returned


def is_the_same_in_chunks() -> bool:
    lstm, x = module(3, 2), randn(9, 1, 3)
    first, state = lstm(x[:4])
    both = torch.cat([first, lstm(x[4:], state)[0]])
    return torch.allclose(both, lstm(x)[0], atol=1e-6)


def kept_of_a_chunk() -> int:
    """How many steps of the input a loss of the second chunk reaches."""
    lstm, x = module(3, 2), randn(8, 1, 3).requires_grad_()
    _, state = lstm(x[:4])
    lstm(x[4:], [part.detach() for part in state])[0].sum().backward()
    return int(x.grad.any(dim=2).sum())


def small(lengths: list[int] | None = None, **options: Any) -> tuple[Any, Any]:
    """A module and its input, packed if there are lengths."""
    x = randn(4, 2, 3).to(options.get("dtype", torch.float32))
    if lengths:
        x = pack_padded_sequence(x, torch.tensor(lengths))
    return module(3, 2, **options), x


def is_by_onednn(**options: Any) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a projection
        return from_session("runs_on_onednn")(*small(**options))


def complains(**options: Any) -> bool:
    """Whether PyTorch says that a call is not run by oneDNN."""
    lstm, x = small(**options)
    before = torch.is_warn_always_enabled()
    torch.set_warn_always(True)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            lstm(x)
    finally:
        torch.set_warn_always(before)
    return any("oneDNN" in str(warning.message) for warning in caught)


NUMBERS = network(
    "cell",
    ("The last {:word} lines count", occurrences(" bytes to ", "cost")),
    (
        "a multiplication and its addition as {:word} operations",
        listed(r"flops\(lstm, x\) == (\d) \* 4", PAGE),
    ),
    ("takes about {:word} times as much", f"round({TRAINING})"),
    (
        "Each number takes {} bytes in `float32`, {} in `float16` and `bfloat16`.",
        "torch.float32.itemsize",
        "torch.float16.itemsize",
    ),
    ("in `float16` and", "torch.bfloat16.itemsize == torch.float16.itemsize"),
    ("Adam keeps {:word} numbers for each parameter", ADAM),
    (
        "makes {:word} numbers per unit",
        listed(r"== 100 \* 32 \* \(64 \+ (\d) \* 256\)\nTrue", PAGE),
    ),
    ("a little over {:word} times with oneDNN", listed(r"< (\d)[.]\d  # with oneDNN\nTrue", PAGE)),
    ("if each number takes the {} bytes of `float32`", "torch.float32.itemsize"),
    ("become {:word} times as long", f"{LENGTHS[0]} // {LENGTHS[1]}"),
    ("has {:word} bands in place of {:word}", BANDS, GATES),
)


def of(kind: type[torch.nn.RNNBase], units: int, **options: int) -> int:
    """How many parameters a module has."""
    return parameters(kind(64, units, **options))


FACTS = (
    *NUMBERS,
    *network(
        "cell",
        ("its gradient, and {:word} averages", f"{ADAM} - 2"),
        (
            "for these sizes needs at most a tenth more, in some forms a third less",
            f"{costs(r'max.onednn. < (.*)')} == 1 + 1 / 10",
            f"1 - 1 / 3 > {costs(r'min.onednn. > (.*), max.*')}",
        ),
        (
            "It needs more where the input is much wider than the state.",
            f"{costs(r'torch.float32, I=1024. > (.*)')} > 1",
        ),
        ("So it does where a call has few steps", f"{costs(r'torch.float32, T=1. > (.*)')} > 1"),
        ("and {:word} for each unit", f"{text('keep-write-show.md')}.split('$$')[1].count('odot')"),
        (
            "four bands of H rows, with I columns for the input, H for the state, and two biases",
            "lstm.weight_ih_l0.shape == (4 * 2, 3) and lstm.weight_hh_l0.shape == (4 * 2, 2)",
        ),
    ),
    *record(
        STREAMING,
        (
            "- **One call for all steps**, no loop in Python. Only where each "
            "step comes alone is [`nn.LSTMCell` quicker]",
            "all(of('one call', size) < of('LSTMCell', size) < of('LSTM', size)"
            " for size in microseconds)",
        ),
    ),
    *of_torch(
        (
            "| What is too large | What helps | | --- | --- | | Parameters, or "
            "work per step | A smaller `hidden_size`; [a GRU](gru.md), which "
            "has three bands in place of four; [proj_size](projection.md) for "
            "very wide layers |",
            lambda: of(torch.nn.LSTM, 32) < of(torch.nn.LSTM, 64),
            lambda: of(torch.nn.GRU, 64) * 4 == of(torch.nn.LSTM, 64) * 3,
            lambda: of(torch.nn.LSTM, 64, proj_size=8) < of(torch.nn.LSTM, 64),
        ),
        (
            "| Memory in inference | Shorter "
            "[chunks](chunks.md#a-long-sequence-in-chunks) with the state "
            "handed on, a smaller batch | | Memory in training | Shorter "
            "[chunks](chunks.md), a smaller batch, mixed precision |",
            lambda: at_once(pieces=5) < at_once(pieces=1),
            lambda: saved_for_backward(5) < saved_for_backward(9) and kept_of_a_chunk() == 4,
            lambda: torch.bfloat16.itemsize < torch.float32.itemsize,
            is_the_same_in_chunks,
        ),
        (
            "| Padding | [Packed sequences](packed.md), which skip it | | Time "
            "on long sequences | Fewer steps, such as larger tokens or a "
            "slower signal; in training, pieces side by side, [in "
            "chunks](chunks.md#training-in-chunks) |",
            lambda: len(pack_padded_sequence(randn(5, 2, 3), [5, 3])[0]) == 8,
            lambda: work(5) < work(9),
        ),
        (", and what training keeps is now nearly everything.", is_mostly_what_backward_needs),
        (
            "Data from NumPy are `float64`; turn them and the module into `float32`.",
            lambda: torch.from_numpy(numpy.zeros(1)).dtype == torch.float64,
            lambda: is_by_onednn(dtype=torch.float32) == has_onednn(),
        ),
        (
            "Some counters also count the additions that stand between: in "
            "each band the sum of the two products and of the biases, and for "
            "`c` two multiplications and an addition, which makes three, "
            "before the one for `h`.",
            lambda: operations() == (["mul", "mul", "add"], ["mul"], 3 * ["add"]),
        ),
        (
            "`nn.LSTM` has no option for that, and it would save little: `h_n` "
            "and `c_n` are of one step, `output` and what `backward` needs are "
            "of all.",
            lambda: (
                not any(
                    "return" in name or "state" in name
                    for name in inspect.signature(torch.nn.RNNBase).parameters
                )
            ),
            lambda: len(module(3, 4)(randn(9, 2, 3))[1][0]) == 1,
            lambda: len(module(3, 4)(randn(9, 2, 3))[0]) == 9,
            lambda: saved_for_backward(20) == 2 * saved_for_backward(10),
        ),
        (
            "But `_` is a name like any other: until it is set anew, the state "
            "in it keeps the graph of its call.",
            lambda: module(3, 4)(randn(9, 2, 3))[1][0].grad_fn is not None,
        ),
        ("A call repeats that $T \\cdot N$ times.", lambda: work(20) == 20 * work(1)),
        (
            "D is the number of directions:",
            lambda: module(3, 4, bidirectional=True)(randn(5, 1, 3))[0].shape[2] == 2 * 4,
        ),
        (
            ", and the input of the layer once. This function counts what PyTorch really keeps:",
            lambda: saved_for_backward(9) == 9 * 2 * (3 + 7 * 4),
        ),
        (
            "`sum(p.numel() for p in model.parameters())` counts them all.",
            lambda: parameters(module(3, 4)) == 4 * 4 * (3 + 4 + 2),
        ),
        (
            "The sizes alone decide how many parameters there are; the work, "
            "and in training the memory too, also grow with the length of the "
            "sequences.",
            lambda: parameters(module(3, 4)) == 4 * 4 * (3 + 4 + 2),
            lambda: work(20) == 2 * work(10),
            lambda: saved_for_backward(20) == 2 * saved_for_backward(10),
        ),
        (
            ", and only those of the products: In `float32` on a CPU it finds "
            "nothing, because it does not know [the operator of oneDNN]"
            "(dispatch.md) that runs there:",
            lambda: work(5) == 2 * 4 * 4 * (3 + 4) * 5 * 2,
            lambda: work(5, torch.float32) == (0 if has_onednn() else work(5)),
            lambda: ("Mkldnn" in node(torch.float32)) == has_onednn(),
        ),
        (
            "for each product of the forward pass `backward` has one for the "
            "gradient of its weight, and one for that of its input, if that "
            "needs a gradient.",
            lambda: 2.8 * work(9) < work(9, backward=True) <= 3 * work(9),
        ),
        (
            "Without gradients nothing is kept for a `backward`, but a call "
            "still holds more than it returns.",
            keeps_nothing,
            holds_more_than_it_returns,
        ),
        (
            "More layers than two need no more, because only one layer works at a time.",
            lambda: at_once(2) > 1.1 * at_once(1),
            lambda: at_once(3) - at_once(2) <= 3 * 2 * 4 * 16,
        ),
        (
            "Use `torch.inference_mode()`; without it PyTorch keeps what `backward` would need.",
            keeps_nothing,
            lambda: saved_for_backward(9) == 9 * 2 * (3 + 7 * 4),
        ),
        (
            ": the numbers stay the same, and T is only the length of a chunk.",
            is_the_same_in_chunks,
            lambda: at_once(steps=200, pieces=10) < at_once(steps=200) / 5,
        ),
        (
            "With [one step at a time](streaming.md) the memory does not "
            "depend on the length at all.",
            lambda: at_once(steps=40, pieces=40) < 1.05 * at_once(steps=20, pieces=20),
        ),
        (
            "[Truncated backpropagation](chunks.md#what-detach-cuts) bounds "
            "it: only the steps of one chunk are kept.",
            lambda: kept_of_a_chunk() == 4,
        ),
        (
            "and a few things keep a call from it, and only of a projection "
            "does PyTorch say so: [`float64`, a projection, and packed "
            "sequences of different lengths](dispatch.md#eight-calls).",
            lambda: complains(proj_size=1) == has_onednn(),
            lambda: not complains(dtype=torch.float64),
            lambda: not complains(lengths=[4, 2]),
            lambda: is_by_onednn() == has_onednn(),
            lambda: not is_by_onednn(dtype=torch.float64),
            lambda: not is_by_onednn(proj_size=1),
            lambda: not is_by_onednn(lengths=[4, 2]),
            lambda: is_by_onednn(lengths=[4, 4]) == has_onednn(),
        ),
        (
            "For long sequences what `backward` needs is by far the largest part.",
            is_mostly_what_backward_needs,
        ),
        (
            "A layer above the first receives H numbers in place of I, or "
            "$2H$ with two directions.",
            lambda: module(3, 4, num_layers=2, bidirectional=True).weight_ih_l1.shape[1] == 2 * 4,
        ),
        (
            "Above the first layer, H stands in place of I, or $2H$ with two directions.",
            lambda: module(3, 4, num_layers=2).weight_ih_l1.shape[1] == 4,
        ),
        (
            "The columns are I, H, T, N, parameters, and for one call GFLOPs "
            "of the products, MiB to run, and MiB to train with Adam",
            is_as_its_head_says,
        ),
        ("for wide layers `weight_hh` is most of it", is_mostly_weight_hh),
        (
            "That is PyTorch's own code, which runs in `float64`. In `float32` "
            "on a CPU, oneDNN keeps what it needs in its own format, which "
            "takes more room:",
            lambda: "Mkldnn" not in node(torch.float64),
            lambda: ("Mkldnn" in node(torch.float32)) == has_onednn(),
        ),
        (
            "- $DH$ for the output of the layer below, if there is one.",
            lambda: module(3, 4, num_layers=2, bidirectional=True).weight_ih_l1.shape[1] == 2 * 4,
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
