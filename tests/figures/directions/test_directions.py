"""What `directions` says of h_n, and the room of its numbers."""

import torch

import lstm_figs
from lstm_figs.layout.blocks import Chip
from lstm_figs.model.reference import Number, Ref
from lstm_figs.scene import metrics
from tests.figures import texts


def module_of(**options):
    torch.manual_seed(3)
    return torch.nn.LSTM(3, 2, **options)


def test_of_many_layers_the_last_is_drawn():
    module = module_of(num_layers=7, bidirectional=True)
    trace = lstm_figs.trace(module, torch.randn(2, 1, 3))
    listed = texts(lstm_figs.draw("directions", trace))
    indices = {text for text in listed if text.startswith("h_n[")}
    assert indices == {"h_n[12]", "h_n[13]"}


def test_numbers_of_unlike_digits_stay_in_their_box():
    chip = Chip(52, 12, 17)
    numbers = [Number(value, Ref("h")[0, 0]) for value in (0.004, -0.02, 0.0008)]
    digit = metrics.width("0", chip.font_size, mono=True)
    half = chip.width / 2 - 2
    # Edges are measured from the middle of the box.
    for printed, right in zip(["0.004", "−0.02", "0.0008"], chip.right_edges(numbers), strict=True):
        assert right <= half
        assert right - len(printed) * digit >= -half
