"""What `questions` quotes."""

from lstm_figs.porting import KERAS
from tests.site.facts.batch_size import mixes
from tests.site.facts.chunks import retains
from tests.site.facts.common import (
    BIASES,
    are_directions_in_order,
    are_rows_of_bands,
    gate_of,
    is_the_last_step,
    module,
    occurrences,
    returned,
)
from tests.site.facts.every_state import gives_every_step
from tests.site.facts.four_weights import multiplies_a_column
from tests.site.facts.packed import (
    comes_back_in_order,
    is_after_the_last_step_of_each,
)
from tests.site.facts.porting import is_one_bias
from tests.site.facts.projection import reads_the_short_h
from tests.site.quoting import asked, network

PACKED = "packed --input-size 1 --hidden-size 2 --input docs/code/lengths.json"

HALF = "torch.tensor(0.5).log() / torch.tensor({}.).sigmoid().log()"
"""After how many steps half is left, with this bias of the forget gate."""

FACTS = (
    *asked(
        (
            "Transpose both matrices and add the two biases.",
            lambda: KERAS.transposed and KERAS.summed,
            is_one_bias,
        ),
        ("With one direction `output[-1]` is `h_n[-1]`.", is_the_last_step),
        (
            "With one direction `h_n[-1]`. With two `torch.cat([h_n[-2], "
            "h_n[-1]], dim=1)`; `h_n[-1]` alone is only the reverse state.",
            is_the_last_step,
            are_directions_in_order,
        ),
        (
            "A learned first state is an `nn.Parameter` of shape `(D*L, 1, "
            "H)`, expanded to the batch",
            lambda: (
                returned(bidirectional=True, num_layers=3)[1][0].shape
                == (2 * 3, 5, 2)
            ),
        ),
        (
            "### Why do the weights have `4*hidden_size` rows?",
            lambda: len(module(3, 5).weight_ih_l0) == 4 * 5,
        ),
        (
            "Unit `k` owns the rows `k`, `k + H`, `k + 2*H` and `k + 3*H`.",
            lambda: are_rows_of_bands(3),
        ),
        (
            "The documentation writes `W x`; with the batch in rows, the code "
            "is `x @ W.T`.",
            multiplies_a_column,
        ),
        (
            "`output` is `h` of the last layer, at every step. `h_n` and `c_n` "
            "are the states of every layer, after the last step.",
            gives_every_step,
        ),
        (
            "### With batch_first=True, why is the batch still second in h_n?",
            lambda: returned(batch_first=True)[1][0].shape == (1, 5, 2),
        ),
        ("Never use `h_n.view(N, -1)`, whose rows mix several samples.", mixes),
        (
            "`weight_hh`, and the next layer, then have fewer columns.",
            reads_the_short_h,
        ),
        (
            "With `enforce_sorted=False` the sequences are sorted for you, and "
            "results come back in your order.",
            comes_back_in_order,
        ),
        *(
            (words, is_after_the_last_step_of_each)
            for words in (
                "### How do I get the last step of padded sequences?",
                "Pack them: then `h_n` belongs to the last valid step.",
            )
        ),
        (
            "`retain_graph=True` does not help: it keeps that graph, but the "
            "optimizer [has changed the weights since]",
            lambda: "inplace operation" in retains(step=True),
        ),
        (
            "It is in the rows `H:2*H`; set it in one of the two vectors, "
            "because a 1 in both is a 2.",
            lambda: (
                [row for row in range(12) if gate_of(row, 3)[0] == "f"]
                == [3, 4, 5]
            ),
        ),
    ),
    *network(
        "cell",
        (
            "`nn.LSTM(3, 4)` has {} parameters",
            "sum(p.numel() for p in torch.nn.LSTM(3, 4).parameters())",
        ),
        (
            "and runs over {}, {} or {} steps with the same ones",
            *(
                f"torch.nn.LSTM(3, 4)(torch.zeros({steps}, 3))[0].shape[0]"
                for steps in (1, 7, 50)
            ),
        ),
        (
            "{:Word} linear maps, one for each gate, are stacked",
            "len(lstm.weight_ih_l0) // lstm.hidden_size",
        ),
        ("These {:word} questions", occurrences("\n### ", "questions")),
        (
            "in one of the {:word} vectors",
            BIASES,
        ),
        ("put a bias of {} on one band at a time", "10"),
        (
            "`chunk` splits the {:word} sums",
            "len((x @ lstm.weight_ih_l0.T)[0, 0]) // lstm.hidden_size",
        ),
        (
            "adds the {:word} products",
            "sum(n.startswith('weight') for n in lstm.state_dict())",
        ),
        (
            "It has one bias where PyTorch has {:word}",
            "sum(n.startswith('bias') for n in lstm.state_dict())",
        ),
        (
            "{} and {} for {:word} inputs and {:word} units",
            "sum(p.numel() for p in torch.nn.LSTM(3, 4).parameters())"
            " - torch.nn.LSTM(3, 4).bias_hh_l0.numel()",
            "sum(p.numel() for p in torch.nn.LSTM(3, 4).parameters())",
            "torch.nn.LSTM(3, 4).input_size",
            "torch.nn.LSTM(3, 4).hidden_size",
        ),
        (
            "{:word} layers compute what {:word} modules compute",
            *(
                "torch.nn.LSTM(3, 2, num_layers=2)(x)[1][0].shape[0]",
                "torch.nn.LSTM(3, 2, num_layers=2)(x)[1][0].shape[0]",
            ),
        ),
        ("change sample 0 and see whether the result of sample 1", "1"),
        (
            "`h_n` has layer {} forward, layer {} reverse, layer {} forward",
            *(
                "int([*torch.nn.LSTM(3, 2, 2, bidirectional=True).state_dict()]"
                f"[4 * {part}].partition('_l')[2][0])"
                for part in range(3)
            ),
        ),
        (
            "The reverse direction ends at step {}, so",
            "[torch.equal(out[t, :, 2:], h[1]) for out, (h, _) in "
            "[torch.nn.LSTM(3, 2, bidirectional=True)(x)] "
            "for t in range(4)].index(True)",
        ),
        (
            "a bias of 1 that takes {:word} steps",
            f"int({HALF.format(1)})",
        ),
        (
            "with 2 more than {:word}",
            f"int({HALF.format(2)})",
        ),
        (
            "with 5 {:word}",
            f"int(round(float({HALF.format(5)}), -1))",
        ),
        (
            "With a bias of {} that takes two steps, with {} more than five, "
            "with {} a hundred",
            "1",
            "2",
            "5",
        ),
        (
            "a forget gate is about one half",
            "torch.manual_seed(0) and abs((x @ torch.nn.LSTM(3, 64)"
            ".weight_ih_l0[64:128].T).sigmoid().mean() - 0.5) < 0.05",
        ),
        (
            "because a {} in both is a {}",
            "1",
            "sum(n.startswith('bias') for n in lstm.state_dict())",
        ),
        (
            "differ by less than a millionth",
            "(lambda twin: (lstm(x)[0] - twin(x.double())[0]).abs().max()"
            " < 1e-6)(__import__('copy').deepcopy(lstm).double())",
        ),
    ),
    *network(
        PACKED,
        (
            "Lengths {}, {}, {} and {} make {} updates of the cell instead of "
            "{}, with `batch_sizes` {}, {}, {}, {}",
            *(f"lengths[{k}]" for k in range(4)),
            "len(packed.data)",
            "len(lengths) * max(lengths)",
            *(f"packed.batch_sizes[{k}]" for k in range(4)),
        ),
    ),
)
