"""Compare the numbers of `shapes` with what torch allocates and computes."""

import itertools
import json
import re
from dataclasses import replace

import pytest
import torch
from torch.profiler import ProfilerActivity, profile
from torch.utils.flop_counter import FlopCounterMode

from tests.live_modules import Live
from tests.test_command import run

DISTINCT = {"input_size": 9, "hidden_size": 7, "seq_len": 5, "batch_size": 4}
"""Sizes that no two axes share."""

CALLS = [
    Live(),
    Live(**DISTINCT, num_layers=3, bidirectional=True, proj_size=6),
    Live(**DISTINCT, num_layers=4, bidirectional=True, batch_first=True),
    Live(**DISTINCT, num_layers=2, bidirectional=True, proj_size=1, batch_first=True),
    Live(**DISTINCT, num_layers=4, proj_size=5, bias=False),
    Live(**DISTINCT, batch_first=True, bias=False),
    Live(hidden_size=9, proj_size=8, bias=False, batch_first=True, seq_len=2),
    Live(seq_len=9, batch_size=None, batch_first=True),
    Live(input_size=1, num_layers=4, proj_size=1, bias=False, batch_size=None),
    Live(input_size=1, hidden_size=1, num_layers=4, bidirectional=True, bias=False, seq_len=2),
]
"""Each option with and without the others, and sizes of one."""

for_all_calls = pytest.mark.parametrize("case", CALLS)

SIZES = ("input_size", "hidden_size", "num_layers", "proj_size", "seq_len")


def output_of(case, more=""):
    """What `shapes` prints for a case."""
    flags = {
        "--bidirectional": case.bidirectional,
        "--no-bias": not case.bias,
        "--batch-first": case.batch_first,
        "--unbatched": case.batch_size is None,
        f"--batch-size={case.batch_size}": case.batch_size,
    }
    words = [f"--{name.replace('_', '-')}={getattr(case, name)}" for name in SIZES]
    words += [flag for flag, is_set in flags.items() if is_set]
    return run(f"lstm-figs shapes {' '.join(words)}{more}").decode()


def as_json(case):
    return json.loads(output_of(case, " --json"))


def make_module(case):
    """A module and its input, for which torch's own operators run, not oneDNN's."""
    module, x, _ = replace(case, dtype="float64").make().values()
    return module, x


def is_transposed(case):
    return case.batch_first and case.batch_size is not None


def kept_for_backward(lstm, x):
    """How many numbers autograd saves, apart from the parameters."""
    of_parameters = {p.untyped_storage().data_ptr() for p in lstm.parameters()}
    storages = {}

    def keep(tensor):
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in of_parameters:
            storages[storage.data_ptr()] = storage
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda packed: packed):
        results = lstm(x)
    bytes_kept = sum(storage.nbytes() for storage in storages.values())
    assert results  # alive until here, with what they keep
    return bytes_kept // x.element_size()


@torch.inference_mode()
def peak_allocation(lstm, x):
    """The most numbers a call had allocated at once, by torch's profiler."""
    lstm(x)
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiler:
        results = lstm(x)
    assert results
    events = profiler.profiler.kineto_results.events()
    changes = [e for e in events if e.name() == "[memory]"]
    changes.sort(key=lambda e: e.start_ns())
    allocated = itertools.accumulate(e.nbytes() for e in changes)
    return max(allocated) // x.element_size()


def multiplications(lstm, x):
    """How many multiplications torch counts in matrix products, and three per unit and step."""
    with FlopCounterMode(display=False) as counter:
        output, _ = lstm(x)
    steps = output.numel() // output.shape[-1]
    units = lstm.hidden_size * lstm.num_layers * (1 + lstm.bidirectional)
    return counter.get_total_flops() // 2 + 3 * steps * units


def adam_and_gradients(lstm, x):
    """How many numbers Adam stores after a step, apart from the parameters."""
    optimizer = torch.optim.Adam(lstm.parameters())
    lstm(x)[0].sum().backward()
    optimizer.step()
    stored = [parameter.grad for parameter in lstm.parameters()]
    for state in optimizer.state.values():
        stored += [average for name, average in state.items() if name != "step"]
    return sum(tensor.numel() for tensor in stored)


@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported")
@for_all_calls
def test_every_shape_is_that_of_torch(case):
    lstm, x = make_module(case)
    output, (h_n, c_n) = lstm(x)
    count = sum(p.numel() for p in lstm.parameters())
    stored, multiplied = adam_and_gradients(lstm, x), multiplications(lstm, x)
    # With batch_first, torch may also keep a copy of the input.
    lstm.batch_first = False
    saved = kept_for_backward(lstm, x.transpose(0, 1).contiguous() if is_transposed(case) else x)
    tensors = {"input": x, "output": output, "h_n": h_n, "c_n": c_n}
    expected = {
        **{name: list(tensor.shape) for name, tensor in tensors.items()},
        "parameters": {n: list(p.shape) for n, p in lstm.named_parameters()},
        "count": count,
        "multiplications": multiplied,
        "kept_for_backward": saved,
        "bytes_to_train": 4 * (count + stored + saved),
    }
    result = as_json(case)
    del result["held_at_once"], result["bytes_to_run"]
    assert result == expected
    assert list(result["parameters"]) == list(expected["parameters"])


def numbers_at_once(result):
    """How many numbers both last states have, and how many exist at once."""
    states = sum(torch.Size(result[name]).numel() for name in ("h_n", "c_n"))
    return states, states + result["held_at_once"]


@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported")
@for_all_calls
def test_what_exists_at_once_is_what_the_profiler_sees(case):
    lstm, x = make_module(case)
    result = as_json(case)
    states, at_once = numbers_at_once(result)
    # Numbers of single steps, and a transposed input.
    temporary = 8 * states + is_transposed(case) * x.numel()
    assert at_once <= peak_allocation(lstm, x) <= at_once + temporary
    assert result["bytes_to_run"] == 4 * (result["count"] + x.numel() + at_once)


@pytest.mark.parametrize(
    "form",
    [
        {"num_layers": 1},
        {"num_layers": 3, "bidirectional": True},
        {"num_layers": 2, "bidirectional": True, "proj_size": 64},
    ],
    ids=str,
)
def test_in_a_long_call_nothing_else_counts(form):
    """Within one percent for torch's own code, and roughly for oneDNN."""
    case = Live(input_size=64, hidden_size=256, seq_len=100, batch_size=32, **form)
    lstm, x, _ = case.make().values()
    _, at_once = numbers_at_once(as_json(case))
    if not lstm.proj_size:
        assert 0.6 < peak_allocation(lstm, x) / at_once < 1.1
    assert 1 <= peak_allocation(lstm.double(), x.double()) / at_once < 1.01


@for_all_calls
def test_the_table_says_the_same_as_the_json(case):
    first, *rows, last, multiplied, run, train = output_of(case).splitlines()
    result = as_json(case)
    shapes = {k: v for k, v in result.items() if isinstance(v, list)}
    expected = {**shapes, **result["parameters"]}
    assert len(rows) == len(expected)
    lengths = {**vars(case), "batch": case.batch_size}
    for row, (name, shape) in zip(rows, expected.items(), strict=True):
        start = f"{name} {tuple(shape)} "
        assert " ".join(row.split()).startswith(start)
        axes = " ".join(row.split()).removeprefix(start).split(", ")
        assert [eval(axis, lengths) for axis in axes] == shape
    assert last == f"{result['count']:,} parameters"
    in_all, each = map(int, re.findall(r"\d+", multiplied.replace(",", "")))
    assert in_all == result["multiplications"]
    assert in_all == each * case.seq_len * (case.batch_size or 1)
    assert run == (
        f"{result['bytes_to_run']:,} bytes to run in float32: parameters, "
        f"input, states, and {result['held_at_once']:,} numbers that exist at "
        "once"
    )
    assert train == (
        f"{result['bytes_to_train']:,} bytes to train with Adam: 4 times the "
        f"parameters, and {result['kept_for_backward']:,} numbers that backward "
        "needs"
    )
    built = eval(first, {"nn": torch.nn})
    assert sum(p.numel() for p in built.parameters()) == result["count"]
