"""What tests ask of a figure; `tests.binding.specs` describes its folder."""

import torch

import lstm_figs as lf
from lstm_figs.scene.marks import Text, walk


def make_trace(steps=8, units=3, **more):
    torch.manual_seed(1)
    # Inputs three times as large open and shut gates further.
    return lf.trace(torch.nn.LSTM(2, units), torch.randn(steps, 1, 2) * 3, **more)


def texts(figure):
    """What each text says, in reading order."""
    return [mark.content for mark in walk(figure.sheet.marks) if isinstance(mark, Text)]


def values(figure):
    """Id of a printed number -> its exact value."""
    return {text.id: text.number.value.item() for text in figure.numbers()}


def marks_by_id(figure):
    return {mark.id: mark for mark in walk(figure.sheet.marks) if mark.id}


def run_preamble(figure, **names):
    """Run the Python code before a figure's expressions; return the variables."""
    exec(figure.metadata["preamble"], names)
    return names
