"""Raise PyTorch's errors, and compare their messages with the figures."""

import re
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import get_args

import pytest
import torch
from packaging.version import Version

import lstm_figs
from lstm_figs.command.request import parse_header
from lstm_figs.figures.error.message import sizes_of
from lstm_figs.figures.error.messages import MESSAGES, Name
from lstm_figs.model.layer_run import LayerRun
from lstm_figs.sources import Source
from tests.figures import run_preamble
from tests.processor import has_bfloat16, has_onednn
from tests.proof import prove_all

PAGE = Path(__file__).parents[3] / "docs" / "errors.md"
QUOTED = ("hx-contiguous", "cudnn-not-supported", "cudnn-eval", "contiguous-chunk")
"""Errors of cuDNN, which are quoted from PyTorch's source and not raised here."""
WARNED_ONCE = "projection"
"""A warning that PyTorch gives once in a process."""
PROCESSOR_SPECIFIC = "autocast"
"""An error that not all processors raise."""
UNRAISED = (*QUOTED, WARNED_ONCE, PROCESSOR_SPECIFIC)
OLD_MESSAGES = {"dtype": "input must have the type {dtype}, got type {other}"}
"""Alternative messages in releases before 2.13."""
IS_OLD_TORCH = Version(torch.__version__) < Version("2.13")
SOURCES = {
    "example": Source(),
    "batch": Source(seq_len=1, batch_size=3),
    "deep": Source(2, 3, num_layers=2, bidirectional=True, batch_size=2),
    "one": Source(1, 1, seq_len=2),
    "float64": Source(4, 2, seq_len=1, dtype="float64", no_bias=True),
}
"""Case -> the source of a run. The messages have different sizes in each."""

every_message = pytest.mark.parametrize("name", MESSAGES)


def subjects():
    """Each case with its run, and a run of an nn.LSTMCell."""
    for name, source in SOURCES.items():
        yield name, LayerRun(source.trace(), is_full_module=True)
    torch.manual_seed(0)
    cell = torch.nn.LSTMCell(3, 2)
    yield "cell", LayerRun(lstm_figs.trace(cell, torch.randn(2, 3)), is_full_module=True)


@pytest.mark.parametrize("name", [n for n in MESSAGES if n not in UNRAISED])
def test_torch_says_what_the_figure_says(name):
    for source, subject in subjects():
        message = MESSAGES[name](sizes_of(subject)).text
        figure = lstm_figs.draw("error", subject.trace, message=name)
        names = run_preamble(figure)
        allowed = {message}
        if IS_OLD_TORCH and name in OLD_MESSAGES:
            other, dtype = re.findall(r"torch\.float\d+", message)[:2]
            allowed.add(OLD_MESSAGES[name].format(dtype=dtype, other=other))
        assert any(does_match(names["message"], text) for text in allowed), source


def does_match(message, text):
    """Whether a message matches a text in which … replaces anything."""
    parts = map(re.escape, text.split("…"))
    return re.fullmatch(".+".join(parts), message) is not None


def test_torch_warns_of_a_projection_once_a_process():
    message = MESSAGES[WARNED_ONCE](sizes_of(LayerRun(Source().trace())))
    figure = lstm_figs.draw("error", message=WARNED_ONCE)
    called_twice = figure.metadata["preamble"] + f"\n{message.call}\n" * 2
    process = subprocess.run(
        [sys.executable, "-c", called_twice], capture_output=True, encoding="utf-8"
    )
    assert process.returncode == 0
    count = process.stderr.count(f"{message.kind}: {message.text}")
    assert count == has_onednn()


def test_autocast_is_refused_where_onednn_has_no_lstm_in_its_type():
    message = MESSAGES[PROCESSOR_SPECIFIC](sizes_of(LayerRun(Source().trace())))
    names = run_preamble(lstm_figs.draw("error", message=PROCESSOR_SPECIFIC))
    try:
        exec(message.call, names)
    except RuntimeError as error:
        error_text = str(error)
    else:
        error_text = ""
    is_raised_here = has_onednn() and not has_bfloat16()
    assert does_match(error_text, message.text if is_raised_here else "")


def test_what_only_cudnn_refuses_runs_here():
    for name in QUOTED:
        message = MESSAGES[name](sizes_of(LayerRun(Source().trace())))
        assert not message.is_run_in_preamble
        assert "source" in message.where
        names = run_preamble(lstm_figs.draw("error", message=name))
        if "h_0_wrong" in names:
            # The message is about an expanded state, for a batch of two.
            names["x"] = names["x"].repeat(1, 2, 1)
            names["c_0_wrong"] = names["h_0_wrong"]
            assert not names["h_0_wrong"].is_contiguous()
        exec(message.call, names)


@every_message
def test_every_number_of_a_message_is_proven(name):
    for width, (source, subject) in product((720, 360), subjects()):
        figure = lstm_figs.draw("error", subject.trace, message=name, width=width)
        assert prove_all(figure), source


@every_message
def test_a_message_marks_what_does_not_fit_with_a_word_and_a_cross(name):
    (*_, got) = MESSAGES[name](sizes_of(LayerRun(Source().trace()))).rows
    assert got.remark
    assert set(got.marked_axes) <= set(got.axes)
    assert got.status == ("given" if name == WARNED_ONCE else "got")


@every_message
def test_what_a_message_marks_is_not_as_it_was_expected(name):
    *others, got = MESSAGES[name](sizes_of(LayerRun(Source().trace()))).rows
    for other in others:
        if (other.status, other.name) == ("expected", got.name):
            differs = {axis for axis, size in got.axes.items() if other.axes.get(axis, "") != size}
            assert {*got.marked_axes} <= differs or not differs


def test_the_option_has_a_word_for_each_message():
    assert get_args(Name) == tuple(MESSAGES)


# The heading of a message: its text between backticks, its anchor, and what follows.
HEADING = re.compile(r"### (`+) ?(.*?) ?\1 \{ #([\w-]+) \}\n(.*?)(?=\n##|\Z)", re.DOTALL)
ROW = re.compile(r"^\| (`+) ?(.*?) ?\1\{ #([\w-]+) \}.* \| .+ \| .+ \|$", re.MULTILINE)
"""A row of a table with a message, its cause and its fix."""


def test_the_page_has_every_message_as_torch_says_it():
    page = PAGE.read_text("utf-8")
    headers = re.findall(r"/// lstm-(?:figure|picture) \| (.*)", page)
    requests = {dict(r.options)["message"]: r for r in map(parse_header, headers)}
    assert set(requests) == set(MESSAGES)
    sections = {name: (heading, body) for _, heading, name, body in HEADING.findall(page)}
    rows = {name: message for _, message, name in ROW.findall(page)}
    assert set(MESSAGES) <= {*sections, *rows}
    for name in MESSAGES:
        # A message in a row of a table has no section.
        quoted, body = sections.get(name) or (rows[name], "")
        subject = LayerRun(requests[name].source.trace(), is_full_module=True)
        text = " ".join(MESSAGES[name](sizes_of(subject)).text.split())
        assert quoted in text, name
        if name in sections:
            assert body.index("- **Cause**: ") < body.index("- **Fix**: "), name


X, ZEROS = torch.ones(4, 1, 3), torch.zeros(1, 1, 2)
MIXED_CALLS = (
    lambda: torch.nn.LSTMCell(3, 2)(X[0].double()),
    lambda: torch.nn.LSTM(3, 2)(X, (ZEROS.double(), ZEROS.double())),
    lambda: torch.nn.Embedding(5, 3)(X),
    lambda: torch.nn.functional.binary_cross_entropy_with_logits(X[0], X[0].long()),
    lambda: torch.nn.functional.cross_entropy(X[0], torch.ones(1)),
)
"""Calls that mix types, in the order of their messages on the page."""


def test_the_page_has_messages_about_types_as_torch_says_them():
    sections = {
        name: (text, body) for _, text, name, body in HEADING.findall(PAGE.read_text("utf-8"))
    }
    heading, body = sections["half"]
    messages = [heading, *re.findall(r"^\| `(.*?)` \| ", body, re.M)]
    if not has_onednn():
        # Without oneDNN, PyTorch raises the first message for this call as well.
        assert "mkldnn" in messages[1]
        messages[1], _, _ = heading.partition(",")
    for message, mix in zip(messages, MIXED_CALLS, strict=True):
        with pytest.raises(RuntimeError, match=re.escape(message)):
            mix()
