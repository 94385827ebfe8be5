"""What `questions` quotes."""

from tests.site.facts.common import BIASES, occurrences
from tests.site.quoting import network

PACKED = "packed --input-size 1 --hidden-size 2 --input docs/code/lengths.json"

HALF = "torch.tensor(0.5).log() / torch.tensor({}.).sigmoid().log()"
"""After how many steps half is left, with this bias of the forget gate."""

FACTS = (
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
