"""What `streaming` quotes."""

import inspect
from functools import cache

import torch

from tests.listings import load
from tests.site.facts.common import drawn, module, text
from tests.site.quoting import asked, network, record
from tests.site.records import STREAMING

script = cache(lambda: load("streaming"))


def takes_a_step_of_all() -> bool:
    """Whether a stream takes (batch, input_size), whatever the module has."""
    return all(
        script().Stream(module(3, 2, batch_first=first)).feed(drawn(5, 3)).shape
        == (5, 2)
        for first in (False, True)
    )


def takes_what_the_module_takes() -> bool:
    """Whether a group of 4 steps of 5 streams comes as the module has it."""
    first, rows = (
        script().ChunkStream(module(3, 2, batch_first=is_first))
        for is_first in (False, True)
    )
    expected, _ = module(3, 2)(drawn(4, 5, 3))
    found = first.feed(drawn(4, 5, 3))
    turned = rows.feed(drawn(4, 5, 3).transpose(0, 1)).transpose(0, 1)
    return torch.allclose(found, expected) and torch.allclose(turned, expected)


def refuses_a_matrix() -> bool:
    try:
        script().ChunkStream(module(3, 2)).feed(drawn(5, 3))
    except ValueError:
        return module(3, 2)(drawn(5, 3))[0].shape == (5, 2)
    return False


def exact(layers: int) -> tuple[bool, ...]:
    """Which directions of the last layer are exact if each looks ahead."""
    found = expected = drawn(30, 1, 3)
    for size in (3, 4)[:layers]:
        lstm = module(size, 2, bidirectional=True)
        found = script().with_look_ahead(lstm, found, 5, 2)
        expected, _ = lstm(expected)
    return tuple(
        torch.allclose(*ends, atol=1e-6)
        for ends in zip(found.split(2, 2), expected.split(2, 2), strict=True)
    )


def drags_the_graph_along() -> bool:
    """Whether a state has a graph unless one of both modes is on."""
    lstm, x = module(3, 2), drawn(4, 5, 3)
    found = []
    for mode in (torch.inference_mode, torch.no_grad):
        with mode():
            found.append(lstm(x)[1][1].requires_grad)
    return lstm(x)[1][1].requires_grad and not any(found)


def begins_at_the_end() -> bool:
    """Whether the reverse direction has its last state at the first step."""
    output, (h_n, _) = module(3, 2, bidirectional=True)(drawn(4, 5, 3))
    return torch.equal(h_n[1], output[0, :, 2:])


def is_one_call() -> bool:
    """Whether a stream of two layers gives what one call gives."""
    lstm, x = module(3, 2, num_layers=2), drawn(6, 5, 3)
    stream = script().Stream(lstm)
    found = torch.stack([stream.feed(x_t) for x_t in x])
    return torch.allclose(found, lstm(x)[0], atol=1e-6)


def is_first_again() -> bool:
    lstm, x = module(3, 2), drawn(6, 5, 3)
    zero = torch.zeros(1, 5, 2)
    return torch.equal(lstm(x[3:4])[0], lstm(x[3:4], (zero, zero))[0])


def refuses_h_alone() -> bool:
    cell = torch.nn.LSTMCell(3, 2)
    try:
        cell(drawn(5, 3), torch.zeros(5, 2))
    except TypeError:
        return cell(drawn(5, 3), (torch.zeros(5, 2), torch.zeros(5, 2)))[
            0
        ].any()
    return False


def steps_that_run(ahead: int) -> int:
    """How many steps run for 30 in chunks of 5 that look so far ahead."""
    lstm = module(3, 2, bidirectional=True)
    lengths = []
    lstm.register_forward_pre_hook(
        lambda _, given: lengths.append(len(given[0]))
    )
    script().with_look_ahead(lstm, drawn(30, 1, 3), 5, ahead)
    return sum(lengths)


FACTS = (
    *asked(
        (
            "Each answer is delayed by the number of steps that you look "
            "ahead, and those steps are computed once more.",
            lambda: steps_that_run(2) == steps_that_run(0) + 2 * (30 / 5 - 1),
        ),
        (
            "Keep the state that a step returned, and pass it to the next. "
            "That is all: the numbers are those of one call over all steps, "
            "except for rounding.",
            is_one_call,
        ),
        (
            "you need one cell for each, and each cell reads the `h` of the "
            "one below, as in `Stream`",
            is_one_call,
        ),
        (
            "The state is not passed, or is overwritten by the default, zeros.",
            is_first_again,
        ),
        (
            "`nn.LSTMCell` was given `h` alone; it needs `(h, c)`.",
            refuses_h_alone,
        ),
        (
            "A step of shape (batch, input_size) lacks the axis of time: "
            "`x_t[None]`.",
            lambda: drawn(5, 3)[None].shape == (1, 5, 3),
        ),
        (
            "The names of `nn.LSTM` end in `_l0`, `_l1`; `cells_of` removes "
            "that.",
            lambda: (
                "weight_ih"
                in script().cells_of(module(3, 2, num_layers=2))[1].state_dict()
            ),
        ),
        (
            "**Memory grows with every step.** `inference_mode` or `no_grad` "
            "is missing.",
            drags_the_graph_along,
        ),
        (
            "Without it every state drags along the graph of all steps before "
            "it",
            drags_the_graph_along,
        ),
        (
            "With several layers there may be dropout between them, and a "
            "stream must not have it; cells have none.",
            lambda: "dropout" not in inspect.getsource(torch.nn.LSTMCell),
        ),
        (
            "The reverse direction of a bidirectional LSTM begins at the end, "
            "and a stream has none.",
            begins_at_the_end,
        ),
        (
            "also of a module with `batch_first=True`, since a step has no "
            "axis of time",
            takes_a_step_of_all,
        ),
        (
            "It is one layer in one direction, without a time axis",
            lambda: len(torch.nn.LSTMCell(3, 2)(drawn(5, 3))) == 2,
        ),
        (
            "It copies the weights into an `nn.LSTMCell` for each layer",
            lambda: len(script().cells_of(module(3, 2, num_layers=3))) == 3,
        ),
        (
            "the module has [`proj_size`](projection.md), which a cell lacks",
            lambda: "proj_size" not in inspect.getsource(torch.nn.LSTMCell),
        ),
        (
            "`Stream.feed` takes one step of all streams, (batch, input_size)",
            takes_a_step_of_all,
        ),
        (
            "`ChunkStream.feed` takes what the module takes, (steps, batch, "
            "input_size) or with `batch_first=True` (batch, steps, input_size)",
            takes_what_the_module_takes,
        ),
        (
            "and refuses a matrix, because `nn.LSTM` would read it as one "
            "sequence and raise no error",
            refuses_a_matrix,
        ),
        (
            "under shorter names, `weight_ih` in place of `weight_ih_l0`",
            lambda: (
                [*module(3, 2).state_dict()]
                == [f"{n}_l0" for n in torch.nn.LSTMCell(3, 2).state_dict()]
            ),
        ),
        (
            "The forward direction is exact, for its state goes from chunk to "
            "chunk. The error of the reverse direction is",
            lambda: exact(1) == (True, False),
        ),
        (
            "With a second layer neither direction is exact any more",
            lambda: exact(2) == (False, False),
        ),
    ),
    *network(
        "cell",
        (
            "The script has {:word} classes",
            f"{text('code/streaming.py')}.count('\\nclass ')",
        ),
    ),
    *record(
        STREAMING,
        (
            "| one call over all steps | {:.1f} | {:.1f} | {:.1f} |",
            *(f"of('one call', {size})" for size in (16, 64, 256)),
        ),
        *(
            (
                f"| {way} | {{:,.0f}} | {{:,.0f}} | {{:,.0f}} |",
                *(f"of({key!r}, {size})" for size in (16, 64, 256)),
            )
            for way, key in (
                ("`nn.LSTMCell`, step by step", "LSTMCell"),
                (
                    "`nn.LSTM`, step by step, oneDNN off",
                    "LSTM without oneDNN",
                ),
                ("`nn.LSTM`, step by step", "LSTM"),
            )
        ),
        ("These are microseconds per step", "bool(microseconds)"),
        (
            "on one core of a CPU, with PyTorch {}, for one sequence",
            "torch",
        ),
        (
            "| Way | {} units | {} units | {} units |",
            *(f"[*microseconds][{k}]" for k in range(3)),
        ),
        (
            "the cell is faster, by a factor of {:.1f} to {:.1f}",
            *(
                f"{least}(of('LSTM', s) / of('LSTMCell', s) "
                "for s in microseconds)"
                for least in ("min", "max")
            ),
        ),
        (
            "Step by step on a CPU, use cells; for several steps in one call, "
            "or in training, use `nn.LSTM`.",
            "all(of('one call', s) < of('LSTMCell', s) < of('LSTM', s) "
            "for s in microseconds)",
        ),
        (
            "each number is the best of many runs",
            f"{text('code/measure_streaming.py')}.count('min(') > 0",
        ),
        (
            "three times as fast or more",
            "all(of('LSTM', s) > 3 * of('LSTMCell', s) for s in microseconds)",
        ),
        (
            "Without it `nn.LSTM` comes closer",
            "all(of('LSTMCell', s) < of('LSTM without oneDNN', s) "
            "< of('LSTM', s) for s in microseconds)",
        ),
        (
            "In one call over many steps, each of them costs less than half of "
            "any step that is called alone",
            "all(2 * of('one call', s) < of('LSTMCell', s) "
            "for s in microseconds)",
        ),
    ),
)
