"""What `directions` and `classifier` pick, against torch."""

import pytest
import torch

import lstm_figs
from lstm_figs.scene.marks import Box, Text, walk
from tests.proving import prove


def module_of(**options):
    torch.manual_seed(3)
    return torch.nn.LSTM(3, 2, **options)


def values(figure):
    return {n.id: n.number.value.item() for n in figure.numbers()}


def said(figure):
    return [m.content for m in walk(figure.sheet.marks) if isinstance(m, Text)]


def test_halves_of_output_and_rows_of_h_n_are_those_of_the_module():
    module, x = (
        module_of(num_layers=2, bidirectional=True),
        torch.randn(4, 1, 3),
    )
    found = values(lstm_figs.draw("directions", lstm_figs.trace(module, x)))
    with torch.no_grad():
        output, (h_n, _) = module(x)
    expected = {
        f"{name}-{t}-{k}": half[t, 0, k].item()
        for name, half in zip(
            ("forward", "reverse", "h_n"),
            (*output.chunk(2, 2), h_n),
            strict=True,
        )
        for t in range(4)
        for k in range(2)
    }
    assert found == pytest.approx(expected, abs=1e-6)


def test_the_states_of_h_n_are_framed_at_opposite_ends():
    figure = lstm_figs.draw("directions")
    frames = [
        m for m in walk(figure.sheet.marks)
        if isinstance(m, Box) and m.term == "h_n"
    ]  # fmt: skip
    places = {n.id: n.x for n in figure.numbers()}
    assert len(frames) == 2
    for frame, id in zip(frames, ("forward-3-0", "reverse-0-0"), strict=True):
        assert frame.x < places[id] < frame.x + frame.width


def test_a_second_direction_has_weight_ih_of_the_first_negated():
    module, x = module_of(), torch.randn(4, 1, 3)
    found = values(lstm_figs.draw("directions", lstm_figs.trace(module, x)))
    with torch.no_grad():
        module.weight_ih_l0.neg_()
    back = module(x.flip(0))[0].flip(0)
    for t in range(4):
        assert found[f"reverse-{t}-1"] == pytest.approx(
            back[t, 0, 1].item(), abs=1e-6
        )


def test_a_long_run_is_cut_to_what_can_be_proven():
    trace = lstm_figs.trace(
        module_of(bidirectional=True), torch.randn(30, 1, 3)
    )
    for name in ("directions", "classifier"):
        figure = lstm_figs.draw(name, trace)
        assert "first 8 of 30 steps" in " ".join(said(figure))
    assert "reverse-7-0" in values(lstm_figs.draw("directions", trace))


def test_many_rows_of_h_n_fold_to_the_first_and_the_last():
    module = module_of(num_layers=7, bidirectional=True)
    trace = lstm_figs.trace(module, torch.randn(2, 1, 3))
    listed = said(lstm_figs.draw("directions", trace))
    shown = [text for text in listed if text.startswith("h_n[")]
    assert set(shown) == {
        "h_n[-2]", "h_n[-1]", *(f"h_n[{k}]" for k in (0, 1, 2, 3, 12, 13))
    }  # fmt: skip


@pytest.mark.parametrize(
    ("options", "right", "wrong"),
    [
        (
            {},
            ["h_n[-1]", "output[-1]", "h_n.view(2, -1)"],
            ["output[:, -1]"],
        ),
        (
            {"num_layers": 2},
            ["h_n[-1]", "output[-1]"],
            ["h_n.view(2, -1)", "output[:, -1]"],
        ),
        (
            {"bidirectional": True},
            ["torch.cat([h_n[-2], h_n[-1]], 1)"],
            ["h_n[-1]", "output[-1]", "h_n.view(2, -1)"],
        ),
    ],
)
def test_a_pick_is_right_if_each_row_is_the_last_state_of_its_sample(
    options, right, wrong
):
    module, x = module_of(**options), torch.randn(4, 2, 3)
    figure = lstm_figs.draw("classifier", lstm_figs.trace(module, x))
    words = said(figure)
    verdicts = {code: words[words.index(code) - 1] for code in (*right, *wrong)}
    assert verdicts == dict.fromkeys(right, "right") | dict.fromkeys(
        wrong, "wrong"
    )
    output, (h_n, _) = module(x)
    names = {"h_n": h_n, "output": output, "torch": torch}
    states = h_n[-2:] if module.bidirectional else h_n[-1:]
    wanted = torch.cat(list(states), 1)
    for code, word in verdicts.items():
        got = eval(code, names)
        same = got.shape == wanted.shape and torch.equal(got, wanted)
        assert same == (word == "right")
    svg = figure.render("svg", "light").decode()
    assert prove(svg) == len(figure.numbers())


def test_a_single_sequence_gets_another_beside_it():
    figure = lstm_figs.draw("classifier")
    assert "made of one sequence" in " ".join(said(figure))
    assert "2 sequences" in figure.scene.heading.subtitle


def test_a_cell_has_no_axis_of_layers():
    torch.manual_seed(3)
    cell, x = torch.nn.LSTMCell(3, 2), torch.randn(3, 3)
    figure = lstm_figs.draw("classifier", lstm_figs.trace(cell, x))
    found, h = values(figure), cell(x)[0].detach()
    for id, sample in (("pick-0-1-0-0", 1), ("pick-1-0-0-0", 2)):
        assert found[id] == pytest.approx(h[sample, 0].item(), abs=1e-6)
