"""What `custom-cell` quotes."""

import inspect

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from tests.site.facts.common import (
    WEIGHTS,
    drawn,
    listed,
    module,
    session,
    text,
)
from tests.site.quoting import asked, figure, network, page, record
from tests.site.records import CELLS

PAGE = "custom-cell.md"


def turned() -> tuple[torch.nn.LSTM, torch.nn.LSTM]:
    """An LSTM in both directions, and its reverse one by itself."""
    both, alone = module(3, 2, bidirectional=True), torch.nn.LSTM(3, 2)
    alone.load_state_dict(
        {name: getattr(both, f"{name}_reverse") for name in alone.state_dict()}
    )
    return both, alone


def reads_from_the_last() -> bool:
    both, alone = turned()
    x = drawn(5, 1, 3)
    expected = alone(x.flip(0))[0].flip(0)
    return torch.allclose(both(x)[0][..., 2:], expected, atol=1e-6)


def begins_at_the_end_of_each() -> bool:
    both, alone = turned()
    x = drawn(5, 2, 3)
    packed = pack_padded_sequence(x, [5, 3])
    output, _ = pad_packed_sequence(both(packed)[0])
    one, _ = alone(x[2:3, 1:])
    return torch.allclose(output[2:3, 1:, 2:], one, atol=1e-6)


def does_not_notice_at_first() -> bool:
    lstm, x = module(3, 2), drawn(5, 1, 3)
    before, _ = lstm(x)
    with torch.no_grad():
        lstm.weight_hh_l0.zero_()
    after, _ = lstm(x)
    return torch.equal(before[0], after[0]) and not torch.allclose(
        before, after
    )


def takes_no_packed_sequence() -> bool:
    packed = pack_padded_sequence(drawn(5, 2, 3), [5, 3])
    try:
        torch.nn.LSTMCell(3, 2)(packed)
    except (AttributeError, TypeError):
        return len(module(3, 2)(packed)) == 2
    return False


def keeps_the_state_of_what_has_ended() -> bool:
    lstm, x = module(3, 2), drawn(5, 2, 3)
    output, (h_n, c_n) = lstm(pack_padded_sequence(x, [5, 3]))
    _, (h, c) = lstm(x[:3, 1:])
    padded, _ = pad_packed_sequence(output)
    return (
        torch.allclose(h_n[:, 1:], h, atol=1e-6)
        and torch.allclose(c_n[:, 1:], c, atol=1e-6)
        and not padded[3:, 1].any()
    )


def written(c: float) -> torch.Tensor:
    """What a cell writes beside what it keeps of this cell state."""
    torch.manual_seed(0)
    cell = torch.nn.LSTMCell(3, 2)
    x, h = drawn(1, 3), drawn(1, 2)
    ends = [cell(x, (h, torch.full((1, 2), v)))[1] for v in (c, c + 1)]
    return ends[1] - ends[0]


def is_the_same_for_any_scale() -> bool:
    norm, z = torch.nn.LayerNorm(8), drawn(2, 8)
    return torch.allclose(norm(z), norm(10 * z), atol=1e-4)


def draws_before_the_loop() -> bool:
    """Whether the page draws a mask once and multiplies h at each step."""
    code = page("custom-cell").text.partition("def run_locked")[2]
    places = [code.index(w) for w in ("mask = ", "for x_t in", "mask * h")]
    return places == sorted(places)


def loads_neither() -> bool:
    """Whether a wrapped module's weights pass by a plain one."""
    saved = session("custom-cell")["saved"]
    plain = module(3, 2)
    before = {name: t.clone() for name, t in plain.state_dict().items()}
    found = plain.load_state_dict(saved, strict=False)
    return len(found.unexpected_keys) == len(saved) and all(
        torch.equal(before[name], t) for name, t in plain.state_dict().items()
    )


FACTS = (
    *asked(
        (
            "The gates have to stay between zero and one, so that they are "
            "shares;",
            lambda: torch.tensor([-99.0, 99.0]).sigmoid().tolist() == [0, 1],
        ),
    ),
    *asked(
        (
            "So a file of it has both, and [unexpected keys]"
            "(errors.md#missing-keys) for any other model. `strict=False` "
            "would load neither",
            loads_neither,
        ),
        (
            "in six rounds instead of fifty steps; in each round every step "
            "takes in what lies twice as far back",
            lambda: session("custom-cell")["x"].shape[0] == 50,
            lambda: 2**5 < 50 <= 2**6,
        ),
        (
            "Your own cell is captured as one graph, without a break.",
            lambda: (
                "found.graph_count, found.graph_break_count\n(1, 0)\n"
                in page("custom-cell").text
            ),
        ),
        (
            "To drop `h` on its way from step to step as well, draw a mask "
            "before the loop and multiply `h` by it at every step.",
            draws_before_the_loop,
        ),
        (
            "A loop reads padding like everything else, and "
            "`pack_padded_sequence` works with the module only.",
            takes_no_packed_sequence,
        ),
        (
            "where one has ended, it keeps the state as it was, and gives "
            "zeros as the output, as [the module does with packed sequences]"
            "(packed.md)",
            keeps_the_state_of_what_has_ended,
        ),
        (
            "In a plain LSTM the gates see `x` and `h`, never `c` itself.",
            lambda: torch.allclose(written(0.0), written(3.0), atol=1e-6),
        ),
        (
            "`nn.LSTM` has no option for them, and no weights.",
            lambda: "peephole" not in inspect.getsource(torch.nn.modules.rnn),
        ),
        (
            "Layer normalization inside the cell keeps the sums of the gates "
            "in one range, whatever the scale of the weights.",
            is_the_same_for_any_scale,
        ),
        (
            "The reverse direction is a cell that reads the steps from the "
            "last to the first",
            reads_from_the_last,
        ),
        (
            "The reverse direction has to begin at the last step of each "
            "sequence and not in its padding",
            begins_at_the_end_of_each,
        ),
        (
            "The first step from a zero state does not notice, because there "
            "`weight_hh` is multiplied by zero",
            does_not_notice_at_first,
        ),
        (
            "A second layer is a second cell, which reads the output of the "
            "first.",
            lambda: module(3, 4, num_layers=2).weight_ih_l1.shape[1] == 4,
        ),
        (
            "The mask has the shape of one step, `x[:1]`, because steps come "
            "first here. With `batch_first=True` the first axis counts "
            "sequences, so write `x[:, :1]` there. With `x[:1]` all sequences "
            "would share a mask that changes at every step",
            lambda: drawn(4, 5, 3)[:1].shape == (1, 5, 3),
            lambda: drawn(4, 5, 3)[:, :1].shape == (4, 1, 3),
        ),
        (
            "it gives what [`num_layers=2`](layers.md) and "
            "[`bidirectional=True`](directions.md) give",
            lambda: (
                "deep = torch.nn.LSTM(3, 2, num_layers=2, bidirectional=True)"
                in page("custom-cell").text
            ),
        ),
        (
            "The norms have their own weights and biases, so the biases of "
            "both `Linear` layers could be left out.",
            lambda: len(torch.nn.LayerNorm(4).state_dict()) == 2,
        ),
    ),
    *figure(
        ("{:word} of the four gates also see", "len(peephole)"),
        (
            "which moves `h` of unit 0 by up to {:.2f}",
            "(own_h - seeing_h)[:, unit].abs().max()",
        ),
        ("for each of these {:word} gates", "len(peephole)"),
        (
            "the input and the forget gate also see the cell state before the "
            "step, and the output gate the one after it",
            "torch.equal(own_cell(torch.tensor("
            "[[9.0] * 2, [9.0] * 2, [0.0] * 2]))[0], own_h[0])",
            "not torch.equal(own_cell(torch.tensor("
            "[[0.0] * 2, [0.0] * 2, [9.0] * 2]))[0], own_h[0])",
        ),
        (
            "In the first step from a zero state only the output gate is "
            "affected, since the others see a `c` of zero.",
            "h_0.any() == c_0.any() == False",
        ),
    ),
    *network(
        "cell",
        (
            "{:Word} `Linear` layers have the {:word} tensors of an LSTM: "
            "{:word} weights",
            f"{text(PAGE)}.split('def forward')[0].count('nn.Linear(')",
            "len(lstm.state_dict())",
            WEIGHTS,
        ),
        (
            "normalize {:word} things",
            f"{text(PAGE)}.count('...         self.norm_')",
        ),
        (
            "weights and biases {:word} times as large",
            listed(r"parameter.mul_\((\d+)\)", PAGE),
        ),
        (
            "A [forget bias of {:.0f}](forget-bias.md) then goes into the "
            "norm: `norm_ih.bias`, rows `H:2*H`.",
            listed(r"value=([\d.]+)\)", "forget-bias.md"),
        ),
        (
            "These are {:word} layers in two directions",
            listed(r"LayerNormCell, 3, 2, (\d)", PAGE),
        ),
    ),
    *record(
        CELLS,
        *(
            (
                f"| {way} | {{:.1f}} | {{:.1f}} | {{:.1f}} |",
                *(f"of['{size}'][{key!r}]" for size in (16, 64, 256)),
            )
            for way, key in (
                ("`nn.LSTM`", "LSTM, call"),
                ("the loop", "cell, call"),
                ("the loop, with a compiled cell", "compiled, call"),
                ("`nn.LSTM`, with `backward`", "LSTM, training"),
                ("the loop, with `backward`", "cell, training"),
                (
                    "the loop, with a compiled cell, with `backward`",
                    "compiled, training",
                ),
            )
        ),
        (
            "| Way | {} units | {} units | {} units |",
            *(f"[*of][{k}]" for k in range(3)),
        ),
        ("These are milliseconds for", "bool(milliseconds)"),
        (
            "for {} steps of {} sequences",
            "script.STEPS",
            "script.BATCH",
        ),
        (
            "they were measured on {} with PyTorch {}, and",
            "day",
            "torch",
        ),
        (
            "In training the loop takes {:.1f} to {:.1f} times as long",
            "min(slower('cell', 'training'))",
            "max(slower('cell', 'training'))",
        ),
        (
            "each number is the best of many runs",
            f"{text('code/measure_custom_cell.py')}.count('min(') > 0",
        ),
        (
            "The wider the layer, the less it matters",
            "all(sorted(slower('cell', what))[::-1] == slower('cell', what) "
            "for what in ('call', 'training'))",
        ),
        (
            "Compiling the cell changed little here",
            "all(0.9 < ratio < 1.1 for what in ('call', 'training') "
            "for ratio in slower('compiled', what, 'cell'))",
        ),
    ),
)
