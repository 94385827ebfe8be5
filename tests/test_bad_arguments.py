"""Arguments that make no sense are reported in one sentence."""

import copy
import json
import re
from collections.abc import Hashable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import PackedSequence, pack_sequence

import lstm_figs as lf
from lstm_figs.errors import quoted

torch.manual_seed(0)
LSTM, X = torch.nn.LSTM(3, 2), torch.randn(4, 1, 3)
TRACE = lf.trace(LSTM, X)
(WEIGHTS,) = TRACE.weights
STEP = TRACE.steps[0]
FIGURE = lf.draw("perceptron", TRACE)
ROWS = np.array(TRACE.x[:, 0])


class Broken:
    """A value without a hash, a text and a length."""

    __hash__ = None

    def __repr__(self):
        raise RuntimeError("it has no words")

    def __len__(self):
        raise RuntimeError("it has no length")


def pack(*sizes, order=(None, None), rows=X[:, 0]):
    """Packed rows with any batch sizes, and an order of sorted and unsorted indices."""
    order = (o if o is None else torch.tensor(o) for o in order)
    return PackedSequence(rows, torch.tensor(sizes), *order)


NONSENSE = {
    "None": None,
    "True": True,
    "0": 0,
    "-1": -1,
    "a huge int": 2**70,
    "1.5": 1.5,
    "NaN": float("nan"),
    "infinity": float("inf"),
    "a complex": 1j,
    "a fraction": Fraction(1, 2),
    "a text": "abc",
    "a surrogate": "\ud800",
    "NUL": "\0",
    "bytes": b"x",
    "a list": [1],
    "an empty list": [],
    "nested lists": [[[1, 2, 3]]],
    "a tuple of None": (None, None),
    "a dict": {"a": 1},
    "a set": {1},
    "a range": range(3),
    "an iterator": iter([1]),
    "a class": int,
    "one whose code fails": Broken(),
    "a vector": np.zeros(3),
    "an array": np.zeros((4, 1, 3)),
    "an array of ints": np.zeros((4, 1, 3), int),
    "an array of objects": np.array([None, 1], object),
    "an empty array": np.zeros((0, 1, 3), np.float32),
    "a masked array": np.ma.masked_array(TRACE.x, TRACE.x > 0),
    "a NumPy int": np.int64(1),
    "a date": np.datetime64("2026-01-01"),
    "a tensor": torch.zeros(4, 1, 3),
    "a scalar tensor": torch.zeros(()),
    "a sparse tensor": torch.zeros(4, 1, 3).to_sparse(),
    "a meta tensor": torch.zeros(4, 1, 3, device="meta"),
    "packed": pack_sequence([torch.zeros(3, 3)]),
    "packed, with none": pack(0, rows=X[:0, 0]),
    "packed, with a step of none": pack(4, 0),
    "packed, with fewer than none": pack(5, -1),
    "packed, growing": pack(1, 3),
    "packed, of floats": pack(2.0, 2.0),
    "packed, in no order": pack(2, 2, order=([5, 9], [1, 0])),
    "packed, not put back": pack(2, 2, order=([1, 0], [0, 1])),
    "a module": LSTM,
    "a GRU": torch.nn.GRU(3, 2),
    "a trace": TRACE,
    "weights": WEIGHTS,
    "a step": STEP,
    "a figure": FIGURE,
    "a path": Path("figure"),
    "an error": ValueError("x"),
}
"""Name -> a value that few arguments accept."""


def trace_module(model, inputs, module, tokens):
    """Trace a module; anything but a tuple is its only input."""
    inputs = inputs if isinstance(inputs, tuple) else (inputs,)
    return lf.trace(model, *inputs, module=module, tokens=tokens)


STATE = np.zeros((1, 1, 2), np.float32)

# Valid arguments of `trace_module` and of `lstm_figs.draw`.
CALL = {"module": None, "tokens": ()}
DRAW = {
    **{"name": "perceptron", "trace": None, "width": 720, "layer": 0, "reverse": False},
    **dict.fromkeys(("id", "title", "note", "labels", "sample", "set")),
}
CALLS = {
    "trace": (trace_module, {**CALL, "model": LSTM, "inputs": (X,)}),
    "trace of a cell": (
        trace_module,
        {**CALL, "model": torch.nn.LSTMCell(3, 2), "inputs": (X[0],)},
    ),
    "trace of a state": (
        lambda hx: lf.trace(LSTM, X, hx),
        {"hx": (torch.zeros(1, 1, 2), torch.zeros(1, 1, 2))},
    ),
    "trace by name": (lambda named: lf.trace(LSTM, X, hx=named), {"named": None}),
    "load": (lf.load, {"weights": "docs/code/classifier.safetensors", "tokens": [*"abcd"]}),
    **{
        f"load with {name}": (partial(lf.load, "docs/code/classifier.safetensors"), {name: None})
        for name in ("module", "input", "seed", "seq_len", "set", "network")
    },
    "draw a source": (
        partial(lf.draw, "perceptron"),
        {"input_size": 3, "hidden_size": 2, "bias": None, "text": None},
    ),
    "draw": (lf.draw, DRAW),
    "draw a trace": (lf.draw, DRAW | {"trace": TRACE}),
    "run": (
        lf.run,
        {"weights": WEIGHTS, "x": TRACE.x, "h_0": STATE, "c_0": STATE, "batch_sizes": None},
    ),
    "run packed": (
        lf.run,
        {"weights": WEIGHTS, "x": ROWS, "h_0": None, "c_0": None, "batch_sizes": (1, 1, 1, 1)},
    ),
    "step": (
        lf.step,
        {"weights": WEIGHTS, "x": TRACE.x[0], "h_prev": STATE[0], "c_prev": STATE[0], "t": 0},
    ),
    "Weights": (lf.Weights, vars(WEIGHTS)),
    "Weights.row": (WEIGHTS.row, {"gate": "i", "unit": 0}),
    "Trace.named": (TRACE.named, {"tokens": "abcd"}),
    "Trace.index": (TRACE.index, {"layer": 0, "direction": "forward"}),
    "Trace.part": (TRACE.part, {"index": 0}),
    "Figure.render": (FIGURE.render, {"format": "png", "theme": "light", "scale": 1}),
    "Figure.inline": (FIGURE.inline, {"theme": "auto", "more": ""}),
    "Figure.save": (FIGURE.save, {"path": "a.png", "theme": "light", "scale": 1}),
}
"""Case -> a function, and valid arguments for it."""

OPTIONS = {
    "reading": "units",
    "four-weights": "unit",
    "packed": "lengths",
    "wrong-way": "mistake",
    "forget-bias": "bias",
}
"""Figures that together have every kind of option."""


def refusal(call, **arguments):
    """The error about the arguments, or nothing."""
    try:
        call(**arguments)
    except lf.LstmFigsError as error:
        message = str(error)
        assert message.splitlines() == [message]
        assert len(message) < 700
        assert not re.search("whole number(;| from .;) pass (?!an int)", message)
        return message
    return ""


@pytest.mark.parametrize(
    ("name", "parameter"),
    [(n, parameter) for n, (_, valid) in CALLS.items() for parameter in valid],
)
def test_an_argument_that_makes_no_sense_is_a_sentence(name, parameter, folder):
    call, valid = CALLS[name]
    messages = {refusal(call, **{**valid, parameter: value}) for value in NONSENSE.values()}
    # A step takes any number.
    assert any(messages) or parameter == "t"
    lines = "\n".join(messages)
    assert {*re.findall(r"got (\w+)=", lines)} <= {parameter, "input", "direction"}
    for ends in {*re.findall(r"^got \w+=.* number from ([\d.]+) to ([\d.]+)", lines, re.M)}:
        low, high = map(json.loads, ends)
        values = (low - 1, low, high, high + 1)
        again = [refusal(call, **{**valid, parameter: value}) for value in values]
        assert [f"{low} to {high}" in message for message in again] == [True, False, False, True]


@pytest.mark.parametrize("trace", [None, TRACE])
@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_that_makes_no_sense_is_a_sentence(name, trace):
    values = [*NONSENSE.values(), *((v,) for v in NONSENSE.values())]
    refused = [
        refusal(lf.draw, name=name, trace=trace, **{OPTIONS[name]: value}) for value in values
    ]
    # Each option takes some of the values.
    assert refused.count("") < len(values) / 2


@pytest.mark.parametrize("trace", [None, TRACE])
def test_a_number_to_set_that_makes_no_sense_is_a_sentence(trace):
    place = "x[0, 0, 0]"
    changes = [{place: value} for value in NONSENSE.values()]
    changes += [{key: 1.0} for key in NONSENSE.values() if isinstance(key, Hashable)]
    refused = [refusal(lf.draw, name="cell", trace=trace, set=change) for change in changes]
    # Numbers of any type are accepted.
    assert 0 < refused.count("") < 10


MATRICES = (WEIGHTS.weight_ih, WEIGHTS.weight_hh)


def run_packed(*sizes):
    return lf.run(WEIGHTS, ROWS, None, None, sizes)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: run_packed(4, 0), "got the batch sizes (4, 0), expected whole numbers from 1"),
        (
            lambda: run_packed(1, 3),
            "that never grow, one for each step; pack the sequences with the longest first",
        ),
        (
            lambda: lf.trace(LSTM, pack(2, 2, order=([5, 9], [1, 0]))),
            "with sorted_indices array([5, 9]) and unsorted_indices "
            "array([1, 0]) for 2 sequences, expected a permutation and its inverse",
        ),
        (
            lambda: lf.run(WEIGHTS, NONSENSE["a masked array"]),
            "got x of MaskedArray, expected a NumPy array of float32",
        ),
        (
            lambda: lf.step(WEIGHTS, TRACE.x[0, 0], STATE[0], STATE[0]),
            "x has shape (3,), expected (batch, 3) for input_size 3",
        ),
        (lambda: lf.Weights(*MATRICES, layer=-1), "got layer=-1, expected a whole number from 0"),
        (
            lambda: replace(WEIGHTS, direction="back"),
            "unknown direction 'back', expected one of forward, reverse",
        ),
        (
            lambda: lf.run([], TRACE.x),
            "expected every layer from 0, forward, then reverse if there are two directions; sort",
        ),
        (lambda: WEIGHTS.row("c", 0), "unknown gate 'c', expected one of"),
        (lambda: WEIGHTS.row("i", 2), "got unit=2, expected a whole number"),
        (lambda: TRACE.part(1), "got index=1, expected a whole number from 0"),
        (lambda: TRACE.named(5), "got 5 as tokens, expected a list"),
    ],
)
def test_what_does_not_fit_says_what_would(call, message):
    with pytest.raises(lf.LstmFigsError, match=re.escape(message)):
        call()


def test_a_step_is_equal_to_itself_alone_as_a_trace_is():
    other = copy.deepcopy(STEP)
    assert STEP == STEP
    assert other != STEP
    assert TRACE.steps.index(TRACE.steps[2]) == 2
    assert len({STEP, other, STEP}) == 2
    assert copy.copy(TRACE) != TRACE


def test_a_value_is_quoted_in_a_line_whatever_it_is():
    assert quoted(Broken()) == "<Broken>"
    assert quoted("a\nb") == r"'a\nb'"
    assert quoted(np.zeros((2, 1))) == "array([[0.], [0.]])"
    assert quoted("a" * 1000) == f"'{'a' * 98}…"
