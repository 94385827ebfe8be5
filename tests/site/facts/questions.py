"""What `questions` quotes."""

import inspect
import warnings

import torch
from torch.nn.utils.rnn import pack_padded_sequence

from lstm_figs.porting import KERAS, ONNX
from tests.processor import has_onednn
from tests.site.facts.batch_size import mixes
from tests.site.facts.chunks import retains
from tests.site.facts.common import (
    BIASES,
    OLDER,
    are_directions_in_order,
    are_rows_of_bands,
    gate_of,
    is_the_last_step,
    module,
    occurrences,
    randn,
    returned,
)
from tests.site.facts.custom_cell import graphs, reads_from_the_last
from tests.site.facts.errors import (
    does_nothing_between_layers,
    mends_nothing_on_a_cpu,
    of_a_chain,
    refusal,
)
from tests.site.facts.every_state import gives_every_step
from tests.site.facts.four_weights import multiplies_a_column
from tests.site.facts.packed import comes_back_in_order, is_after_the_last_step_of_each
from tests.site.facts.porting import is_one_bias
from tests.site.facts.projection import reads_the_short_h
from tests.site.facts.wrong_ways import is_wrong_in_another_order, is_wrong_without_packing
from tests.site.facts_of_pages import network, of_torch

PACKED = "packed --input-size 1 --hidden-size 2 --input docs/code/lengths.json"

HALF = "torch.tensor(0.5).log() / torch.tensor({}.).sigmoid().log()"
"""After how many steps half is left, with this bias of the forget gate."""


def both_biases_move(step: float) -> tuple[float, float]:
    """How far the sum of both biases moves, and one of them alone."""
    lstm = module(3, 2)
    before = lstm.bias_ih_l0.clone(), lstm.bias_hh_l0.clone()
    lstm(randn(4, 1, 3))[0].sum().backward()
    torch.optim.SGD(lstm.parameters(), lr=step).step()
    change_ih = (lstm.bias_ih_l0 - before[0])[0].item()
    change_hh = (lstm.bias_hh_l0 - before[1])[0].item()
    return change_ih + change_hh, change_ih


def begins_from_zeros() -> bool:
    x, zeros = randn(4, 5, 3), torch.zeros(1, 5, 2)
    return torch.equal(module(3, 2)(x)[0], module(3, 2)(x, (zeros, zeros))[0])


def carries_into_the_next(**options: bool) -> list[int]:
    """Which samples change with sample 0 of a batch that comes first."""
    lstm, x = module(3, 2, **options), randn(4, 5, 3)
    before, _ = lstm(x)
    x[0] += 1
    changed = (lstm(x)[0] != before).any(dim=2).any(dim=1)
    return changed.nonzero().flatten().tolist()


def skips_the_padding() -> bool:
    packed = pack_padded_sequence(randn(4, 2, 3), torch.tensor([4, 2]))
    return len(packed.data) == 4 + 2 and packed.batch_sizes.tolist() == [*(2, 2, 1, 1)]


def as_two_modules() -> bool:
    both, x = module(3, 2, num_layers=2), randn(4, 5, 3)
    first, second = torch.nn.LSTM(3, 2), torch.nn.LSTM(2, 2)
    for layer_lstm, layer in ((first, 0), (second, 1)):
        layer_lstm.load_state_dict(
            {
                name: getattr(both, name.replace("l0", f"l{layer}"))
                for name in layer_lstm.state_dict()
            }
        )
    return torch.allclose(second(first(x)[0])[0], both(x)[0], atol=1e-6)


def runs_by(**options: object) -> str:
    """What runs a call, by the name of its backward."""
    dtype = options.pop("dtype", torch.float32)
    lengths = options.pop("lengths", None)
    lstm, x = module(3, 2, dtype=dtype, **options), randn(4, 2, 3).to(dtype)
    if lengths:
        packed = pack_padded_sequence(x, torch.tensor(lengths))
        return lstm(packed)[0].data.grad_fn.name()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a projection
        return lstm(x)[0].grad_fn.name()


def is_onednn(**options: object) -> bool:
    return "Mkldnn" in runs_by(**options)


def detached_learns_nothing_behind() -> bool:
    lstm, x = module(3, 2), randn(2, 1, 1, 3).requires_grad_()
    _, state = lstm(x[0])
    output, _ = lstm(x[1], tuple(part.detach() for part in state))
    output.sum().backward()
    return not x.grad[0].any() and bool(x.grad[1].any())


def is_one_product() -> bool:
    """Whether both products are one, of both weights side by side."""
    lstm, x, h = module(3, 2), randn(3), randn(2)
    w, u = lstm.weight_ih_l0, lstm.weight_hh_l0
    both = torch.cat([w, u], dim=1) @ torch.cat([x, h])
    return torch.allclose(w @ x + u @ h, both, atol=1e-6)


def grown_along_h(steps: int) -> float:
    """How much of a change of the first `h` is felt by one after so many."""
    lstm, h = module(1, 8), torch.zeros(1, 1, 8, requires_grad=True)
    with torch.no_grad():
        lstm.weight_hh_l0.mul_(20)
        lstm.bias_ih_l0.zero_()
        lstm.bias_hh_l0.zero_()
    output, _ = lstm(torch.zeros(steps, 1, 1), (h, torch.zeros(1, 1, 8)))
    (grad,) = torch.autograd.grad(output[-1].sum(), h)
    return grad.norm().item()


FACTS = (
    *of_torch(
        ("Input, forget, cell, output: i, f, g, o.", are_rows_of_bands),
        (", with `c_0 = 2`, and see what comes out.", are_rows_of_bands),
        (
            "If you train the module yourself any order would do; it matters "
            "when weights come from elsewhere.",
            is_wrong_in_another_order,
        ),
        (
            "Each gate sees all of `x` and all of `h`.",
            lambda: module(3, 2).weight_ih_l0.shape == (4 * 2, 3),
            lambda: module(3, 2).weight_hh_l0.shape == (4 * 2, 2),
        ),
        (", `W x + U h`, which is `[W U][x; h]`.", is_one_product),
        (
            "The features of `output` are forward, then reverse.",
            are_directions_in_order,
            reads_from_the_last,
        ),
        (
            ", and so on: `h_n.view(L, 2, N, H)`.",
            lambda: returned(num_layers=3, bidirectional=True)[1][0].view(3, 2, 5, 2).shape[1] == 2,
            are_directions_in_order,
        ),
        (
            "It also flows through `h`, and there it can grow",
            lambda: grown_along_h(9) > 99 * grown_along_h(1) > 99,
        ),
        (
            "`torch.compile` leaves an `nn.LSTM` out, and up to PyTorch "
            "`2.14` all else in the function that calls it, unless you [put "
            "the call apart](custom-cell.md#torch-compile).",
            lambda: (graphs("Tagger") == 0) == OLDER,
            lambda: graphs("CompiledTagger") == 2,
        ),
        ("The order of the gates is the same.", lambda: KERAS.order == "ifgo"),
        (
            "ONNX has the bands in the order i, o, f, c, and keeps both biases.",
            lambda: ONNX.order == "iofg" and not ONNX.has_one_bias,
        ),
        ("Back, put the bias into one of the two and zeros into the other.", is_one_bias),
        (
            "The number of steps is not a parameter at all.",
            lambda: "seq_len" not in inspect.signature(torch.nn.LSTM).parameters,
            lambda: module(3, 2)(randn(7, 1, 3))[0].shape == (7, 1, 2),
            lambda: module(3, 2)(randn(9, 1, 3))[0].shape == (9, 1, 2),
        ),
        ("You can check it without reading the source:", are_rows_of_bands),
        (
            "Only their sum matters, and both receive the same gradient. So "
            "plain SGD moves the sum twice as far as a single bias.",
            is_one_bias,
            lambda: both_biases_move(0.1)[0] == 2 * both_biases_move(0.1)[1],
        ),
        (
            "`batch_first` is about the input and the output. The states "
            "always have the axes layers and directions, batch, size. It has "
            "no effect on an input without a batch.",
            lambda: returned(batch_first=True)[0].shape == (5, 4, 2),
            lambda: returned(batch_first=True)[1][1].shape == (1, 5, 2),
            lambda: torch.equal(
                module(3, 2, batch_first=True)(randn(4, 3))[0], module(3, 2)(randn(4, 3))[0]
            ),
        ),
        (
            "With time first, the inputs of a step lie side by side in memory. "
            "If you swap the axes there is no error: samples are treated as "
            "steps, and each changes the state for those after it.",
            lambda: randn(4, 5, 3)[1].is_contiguous(),
            lambda: carries_into_the_next() == [0, 1, 2, 3],
            lambda: carries_into_the_next(batch_first=True) == [0],
        ),
        (
            "No: layers are stacked, and each of them reads all steps. All "
            "steps of a layer share its weights, and each layer has its own.",
            as_two_modules,
        ),
        (
            "The axes of a state are layers and directions, batch, size. "
            "Usually the batch is wrong, because the last batch of an epoch is "
            "smaller. Make the state for the batch at hand, or pass none.",
            lambda: returned(num_layers=3)[1][0].shape == (3, 5, 2),
            begins_from_zeros,
        ),
        (", so its state is in `output[0]`, not in `output[-1]`.", are_directions_in_order),
        (
            "Each direction has its own weights; the names of the second ones "
            "end in `_reverse`. Its half of `output` is what an LSTM with "
            "these weights gives for the flipped input, flipped back.",
            reads_from_the_last,
        ),
        (
            "a `PackedSequence` holds the steps without it, and says how many "
            "sequences each step has.",
            skips_the_padding,
        ),
        (
            "By default yes, or you get an error.",
            lambda: refusal(lambda: pack_padded_sequence(randn(4, 2, 3), torch.tensor([2, 4]))),
        ),
        (
            "The lengths have to be on the CPU, wherever the input is.",
            lambda: refusal(
                lambda: pack_padded_sequence(randn(4, 2, 3), torch.tensor([4, 2], device="meta"))
            ),
        ),
        (
            "Without packing the module runs on over the padding and `h_n` is "
            "wrong; with one direction, `output` at step `length - 1` is "
            "right. The reverse direction starts in the padding, so it is "
            "wrong at every step.",
            is_wrong_without_packing,
        ),
        (
            "It acts between layers only: not after the last one, and not "
            "between steps. With a single layer there is no such place, and "
            "PyTorch warns.",
            lambda: does_nothing_between_layers(1),
            lambda: not does_nothing_between_layers(2),
        ),
        ("Zeros, if you pass none, bit for bit.", begins_from_zeros),
        (
            "Pass the state to the next call, and detach both parts of it. "
            "Otherwise `backward` continues into the previous chunk, whose "
            "graph is gone.",
            lambda: "second time" in of_a_chain(keeps_graph=False, steps=False),
        ),
        ("On a CPU it does nothing;", mends_nothing_on_a_cpu),
        (
            "What lies behind the cut gets a gradient of exactly zero.",
            detached_learns_nothing_behind,
        ),
        (
            "The equations are the same; `nn.LSTM` does the loop over the "
            "steps. It contains no `nn.LSTMCell`, and calls a different "
            "operator.",
            lambda: not [*module(3, 2).children()],
            lambda: "LSTMCell(" not in inspect.getsource(torch.nn.LSTM),
        ),
        (
            "They are not returned.",
            lambda: [tensor.shape for tensor in returned()[1]] == 2 * [(1, 5, 2)],
            lambda: returned()[0].shape == (4, 5, 2),
        ),
        ("`nn.LSTM` has no peepholes either.", lambda: len(module(3, 2).state_dict()) == 4),
        (
            "In `float32` a CPU runs one operator of oneDNN for each layer and "
            "direction. In `float64`, with a projection, or with packed "
            "sequences of different lengths it runs PyTorch's own code.",
            lambda: is_onednn() == has_onednn(),
            lambda: not is_onednn(dtype=torch.float64),
            lambda: not is_onednn(proj_size=1),
            lambda: not is_onednn(lengths=[4, 2]),
        ),
        (
            "If you copy weights without reordering there is no error, and the numbers are wrong.",
            is_wrong_in_another_order,
        ),
        (
            "`proj_size` has to be smaller than `hidden_size`.",
            lambda: refusal(lambda: module(3, 2, proj_size=2)),
            lambda: not refusal(lambda: module(3, 2, proj_size=1)),
        ),
        (
            "Transpose both matrices and add the two biases.",
            lambda: KERAS.transposed and KERAS.has_one_bias,
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
            lambda: returned(bidirectional=True, num_layers=3)[1][0].shape == (2 * 3, 5, 2),
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
            "The documentation writes `W x`; with the batch in rows, the code is `x @ W.T`.",
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
        ("`weight_hh`, and the next layer, then have fewer columns.", reads_the_short_h),
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
            lambda: [row for row in range(12) if gate_of(row, 3)[0] == "f"] == [3, 4, 5],
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
            *(f"torch.nn.LSTM(3, 4)(torch.zeros({steps}, 3))[0].shape[0]" for steps in (1, 7, 50)),
        ),
        (
            "{:Word} linear maps, one for each gate, are stacked",
            "len(lstm.weight_ih_l0) // lstm.hidden_size",
        ),
        ("These {:word} questions", occurrences("\n### ", "questions")),
        ("in one of the {:word} vectors", BIASES),
        ("put a bias of {} on one band at a time", "10"),
        (
            "`chunk` splits the {:word} sums",
            "len((x @ lstm.weight_ih_l0.T)[0, 0]) // lstm.hidden_size",
        ),
        ("adds the {:word} products", "sum(n.startswith('weight') for n in lstm.state_dict())"),
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
        ("a bias of 1 that takes {:word} steps", f"int({HALF.format(1)})"),
        ("with 2 more than {:word}", f"int({HALF.format(2)})"),
        ("with 5 {:word}", f"int(round(float({HALF.format(5)}), -1))"),
        (
            "With a bias of {} that takes two steps, with {} more than five, with {} a hundred",
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
