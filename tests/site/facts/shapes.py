"""What `shapes` quotes."""

import torch

from tests.site.facts.common import STATES, default, drawn, module, text
from tests.site.quoting import asked, figure, network

LISTING = text("code/shapes.py")
TURNED = "torch.nn.LSTM(3, 2, batch_first=True)(torch.ones(5, 4, 3))[0].shape"
AS_IT_IS = "torch.nn.LSTM(3, 2)(torch.ones(4, 5, 3))[0].shape"


def results(**options):
    """What a module returns for four steps of five sequences."""
    x = drawn(4, 5, 3)
    if options.get("batch_first"):
        x = x.transpose(0, 1)
    return module(3, 2, **options)(x)


def is_layer_by_layer() -> bool:
    """Whether forward comes before reverse in each layer of `h_n`."""
    output, (h_n, _) = results(num_layers=3, bidirectional=True)
    pairs = h_n.unflatten(0, (3, 2))
    ends = output[-1, :, :2], output[0, :, 2:]
    return all(
        torch.equal(part, end) for part, end in zip(pairs[2], ends, strict=True)
    )


def changed(**options) -> list[int]:
    """Which axes of `output`, and of `h_n` from ten on, an option changes."""
    found = []
    plain, (h_plain, _) = results()
    output, (h_n, _) = results(**options)
    for start, one, other in ((0, plain, output), (10, h_plain, h_n)):
        sizes = zip(one.shape, other.shape, strict=True)
        found += [start + k for k, (a, b) in enumerate(sizes) if a != b]
    return found


def reads_all_that_is_below() -> bool:
    """Whether the last layer of the last step feels the first of each."""
    x = drawn(4, 5, 3).requires_grad_()
    _, (h_n, _) = module(3, 2, num_layers=2)(x)
    (felt,) = torch.autograd.grad(h_n[-1].sum(), x)
    return bool(felt.any(2).all())


FACTS = (
    *network(
        "cell",
        ("returns {:word} tensors", f"1 + {STATES}"),
        (
            "`view` makes {:word} axes of it",
            "torch.ones(4, 5, 2).view(2, 2, 5, 2).dim() - "
            "torch.ones(4, 5, 2).dim() + 1",
        ),
        (
            "{:Word} modules on {:word} steps of {:word} sequences",
            f"{LISTING}.partition('}}\\n')[0].count(': {{')",
            f"int({LISTING}.partition('zeros(')[2][0])",
            f"int({LISTING}.partition('zeros(5, ')[2][0])",
        ),
        (
            "`batch_first=True` swaps the first {:word} axes of the input and "
            "of `output`, and nothing else",
            f"sum(a != b for a, b in zip({TURNED}, {AS_IT_IS}))",
        ),
    ),
    *figure(
        (
            "`output` is the last layer at every step; `h_n` and `c_n` are "
            "every layer and direction at its last step.",
            "output.shape[:2] == x.shape[:2]",
            "output.shape[2] == 2 * lstm.hidden_size",
            "len(h_n) == len(c_n) == 2 * lstm.num_layers",
            "torch.equal(output[-1, :, :lstm.hidden_size], h_n[-2])",
            "torch.equal(output[0, :, lstm.hidden_size:], h_n[-1])",
        ),
    ),
    *asked(
        (
            "The {} in each of the last {:word} are the sequences of the "
            "batch, not steps.",
            lambda: results(num_layers=2)[1][0].shape[1],
            lambda: len(results()[1]),
        ),
        (
            "says that `h_n` holds the state *for each element in the "
            "sequence*",
            lambda: (
                "state for each element in the sequence"
                in torch.nn.LSTM.__doc__
            ),
        ),
        (
            "`output` has h of the last layer, at every step.",
            lambda: results(num_layers=2)[0].shape == (4, 5, 2),
            lambda: torch.equal(
                results(num_layers=2)[0][-1], results(num_layers=2)[1][0][-1]
            ),
        ),
        (
            "`h_n` has h of every layer and direction, at its last step only.",
            lambda: (
                results(num_layers=3, bidirectional=True)[1][0].shape
                == (6, 5, 2)
            ),
            is_layer_by_layer,
        ),
        (
            "With one direction, the last step of `output` is the last layer "
            "of `h_n`.",
            lambda: torch.equal(
                results(num_layers=2)[0][-1], results(num_layers=2)[1][0][-1]
            ),
        ),
        (
            "With two directions each has a last step: the forward one at the "
            "end of the sequence, the reverse one at its beginning.",
            is_layer_by_layer,
        ),
        (
            "The first axis of `h_n` goes through the layers, and in each "
            "layer has forward before reverse.",
            is_layer_by_layer,
        ),
        (
            "`nn.Linear` works on the last axis and leaves the others as they "
            "are.",
            lambda: torch.nn.Linear(3, 7)(drawn(4, 5, 3)).shape == (4, 5, 7),
        ),
        (
            "the last layer has read what the layers below it showed, at "
            "every step",
            reads_all_that_is_below,
        ),
        (
            "Two layers or two directions change `h_n` and `c_n`; only two "
            "directions change the last axis of `output`.",
            lambda: changed(num_layers=2) == [10],
            lambda: changed(bidirectional=True) == [2, 10],
        ),
        (
            "Time comes first by default",
            lambda: default(torch.nn.RNNBase, "batch_first") is False,
        ),
    ),
)
