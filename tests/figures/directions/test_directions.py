"""Compare the numbers of `directions` with torch."""

import pytest
import torch

import lstm_figs
from lstm_figs.layout.blocks import Chip
from lstm_figs.model.reference import Number, Ref
from lstm_figs.scene import metrics
from lstm_figs.scene.marks import Text, walk


def module_of(**options):
    torch.manual_seed(3)
    return torch.nn.LSTM(3, 2, **options)


def values(figure):
    return {n.id: n.number.value.item() for n in figure.numbers()}


def texts(figure):
    return [m.content for m in walk(figure.sheet.marks) if isinstance(m, Text)]


def test_halves_of_output_and_rows_of_h_n_are_those_of_the_module():
    module, x = (module_of(num_layers=2, bidirectional=True), torch.randn(4, 1, 3))
    figure_values = values(lstm_figs.draw("directions", lstm_figs.trace(module, x)))
    with torch.no_grad():
        output, (h_n, _) = module(x)
    expected = {
        f"{name}-{t}-{k}": half[t, 0, k].item()
        for name, half in zip(
            ("forward", "reverse", "h_n"), (*output.chunk(2, 2), h_n), strict=True
        )
        for t in ((2, 3) if name == "h_n" else range(4))
        for k in range(2)
    }
    assert figure_values == pytest.approx(expected, abs=1e-6)


def test_the_states_of_h_n_stand_at_opposite_ends():
    figure = lstm_figs.draw("directions")
    x = {n.id: n.x for n in figure.numbers()}
    assert x["h_n-1-0"] < min(x["reverse-0-0"], x["forward-0-0"])
    assert x["h_n-0-0"] > max(x["reverse-3-0"], x["forward-3-0"])


def test_a_second_direction_has_weight_ih_of_the_first_negated():
    module, x = module_of(), torch.randn(4, 1, 3)
    figure_values = values(lstm_figs.draw("directions", lstm_figs.trace(module, x)))
    with torch.no_grad():
        module.weight_ih_l0.neg_()
    back = module(x.flip(0))[0].flip(0)
    for t in range(4):
        assert figure_values[f"reverse-{t}-1"] == pytest.approx(back[t, 0, 1].item(), abs=1e-6)


def test_a_long_run_is_cut_to_what_can_be_proven():
    trace = lstm_figs.trace(module_of(bidirectional=True), torch.randn(30, 1, 3))
    figure = lstm_figs.draw("directions", trace)
    assert "first 8 of 30 steps" in " ".join(texts(figure))
    assert "reverse-7-0" in values(figure)


def test_of_many_layers_the_last_is_drawn():
    module = module_of(num_layers=7, bidirectional=True)
    trace = lstm_figs.trace(module, torch.randn(2, 1, 3))
    listed = texts(lstm_figs.draw("directions", trace))
    indices = {text for text in listed if text.startswith("h_n[")}
    assert indices == {"h_n[12]", "h_n[13]"}


def test_what_is_given_to_a_classifier_has_read_every_step_in_both_directions():
    module = module_of(num_layers=2, bidirectional=True)
    x = torch.randn(4, 2, 3)
    (code,) = (
        text
        for text in texts(lstm_figs.draw("directions", lstm_figs.trace(module, x)))
        if text.startswith("torch.cat")
    )

    def classifier_input(x):
        _, (h_n, _) = module(x)
        return eval(code, {"torch": torch, "h_n": h_n})

    before = classifier_input(x).chunk(2, dim=1)
    for t in (0, 3):
        changed = x.clone()
        changed[t] += 1
        for half, other in zip(before, classifier_input(changed).chunk(2, dim=1), strict=True):
            assert not torch.equal(half, other)


def test_numbers_of_unlike_digits_stay_in_their_box():
    chip = Chip(52, 12, 17)
    numbers = [Number(v, Ref("h")[0, 0]) for v in (0.004, -0.02, 0.0008)]
    digit = metrics.width("0", chip.size, mono=True)
    texts = ["0.004", "−0.02", "0.0008"]
    half = chip.width / 2 - 2
    for text, end in zip(texts, chip.right_edges(numbers), strict=True):
        assert end <= half
        assert end - len(text) * digit >= -half
