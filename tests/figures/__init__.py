"""What tests ask of a figure."""

import torch

import lstm_figs as lf
from lstm_figs.scene.marks import Text, walk


def make_trace(steps=8, units=3, **more):
    torch.manual_seed(1)
    return lf.trace(torch.nn.LSTM(2, units), torch.randn(steps, 1, 2) * 3, **more)


def texts(figure):
    return [m.content for m in walk(figure.sheet.marks) if isinstance(m, Text)]


def values(figure):
    return {n.id: n.number.value.item() for n in figure.numbers()}


def marks_by_id(figure):
    return {m.id: m for m in walk(figure.sheet.marks) if m.id}


def run_preamble(figure, **names):
    exec(figure.metadata["preamble"], names)
    return names
