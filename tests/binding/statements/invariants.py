"""Statements that are true for every LSTM, each with the torch code that verifies it.

An invariant must hold for each of `EXTREME_RUNS` for which its sentence can be drawn.
A sentence about one figure's tensors has an entry in its `words.txt` instead.
"""

from collections.abc import Callable
from typing import NamedTuple

import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from tests.binding.statements.extreme_runs import Run, are_close

Holds = Callable[[Run], bool]


class Invariant(NamedTuple):
    """A verification, and whether the sentence can be drawn for a run."""

    holds: Holds
    when: Holds


INVARIANTS: dict[str, Invariant] = {}
"""Sentence -> its invariant."""


def invariant(*sentences: str, when: Holds = lambda run: True) -> Callable[[Holds], Holds]:
    """Register the sentences that the decorated function verifies."""

    def keep(holds: Holds) -> Holds:
        INVARIANTS.update(dict.fromkeys(sentences, Invariant(holds, when)))
        return holds

    return keep


def finite(run: Run) -> bool:
    """Whether all values are finite; with NaN these sentences are not drawn."""
    return run.is_finite


def unprojected(run: Run) -> bool:
    """Whether the module is a single layer whose h is o * tanh(c)."""
    return run.is_single and not run.lstm.proj_size


def biased(run: Run) -> bool:
    return run.lstm.bias


def unbiased(run: Run) -> bool:
    return not run.lstm.bias


def bidirectional(run: Run) -> bool:
    return run.lstm.bidirectional


def batched(run: Run) -> bool:
    return run.x.shape[1] > 1


def _like(run: Run, **options: object) -> torch.nn.LSTM:
    """A module with the same weights, but other options."""
    sizes = ("input_size", "hidden_size", "num_layers", "bias", "bidirectional", "proj_size")
    lstm = torch.nn.LSTM(**{name: getattr(run.lstm, name) for name in sizes}, **options)
    lstm.load_state_dict(run.lstm.state_dict())
    return lstm


def _cell_of(run: Run) -> torch.nn.LSTMCell:
    cell = torch.nn.LSTMCell(run.lstm.input_size, run.units, bias=run.lstm.bias)
    cell.load_state_dict({n.removesuffix("_l0"): v for n, v in run.lstm.state_dict().items()})
    return cell


@invariant(
    "Every gate reads all of x and of h_prev, with its own rows of weight_ih and weight_hh.",
    "Every gate reads all of x and h_prev",
    "Four weights for each input",
    "The same x and h_prev meet four rows of weights. Each column of products and biases adds "
    "up to z.",
    "The same x and h_prev meet four rows of weights. Below each weight is its product with "
    "the value at the top; a row of products and biases adds up to z.",
    "Weighted inputs make sums; σ makes gates of them, tanh a new value g, and the gates fill "
    "the bars.",
    "Every unit owns one row of each band",
    "Four bands of rows, in the order i, f, g, o",
    "Each row is one sum, which ends in z.",
    "Row k of each band of H rows belongs to unit k.",
    "A perceptron is a weighted sum",
)
@invariant(
    "z = x @ weight_ih.T + bias_ih + h_prev @ weight_hh.T + bias_hh",
    "A row is one sum: its weights times x, its weights times h, and its biases. Row k of "
    "each band belongs to unit k.",
    "Each row is one sum. Its bars are what is added, one after the other: first what x says, "
    "then what h_prev says, then both biases. The last is the sum z.",
    when=biased,
)
@invariant(
    "z = x @ weight_ih.T + h_prev @ weight_hh.T",
    "A row is one sum: its weights times x and its weights times h. Row k of each band "
    "belongs to unit k.",
    "Each row is one sum. Its bars are what is added, one after the other: first what x says, "
    "then what h_prev says. The last is the sum z.",
    when=unbiased,
)
def _rows(run: Run) -> bool:
    lstm = run.lstm
    return not (unbiased(run) and run.bias.any()) and all(
        are_close(
            run.x @ lstm.weight_ih_l0[row] + run["h_prev"] @ lstm.weight_hh_l0[row] + run.bias[row],
            run[f"z_{gate}"][..., row % run.units],
        )
        for k, gate in enumerate("ifgo")
        for row in {k * run.units, (k + 1) * run.units - 1}
    )


@invariant(
    "An input of zero adds nothing: its lines are thin and grey.",
    "An input of zero adds nothing: its lines are thin and grey, its cells pale.",
    when=finite,
)
def _nothing(run: Run) -> bool:
    return not (torch.zeros_like(run.x) @ run.lstm.weight_ih_l0.T).any()


@invariant(
    "f keeps part of c_prev, i lets in part of g, and o shows part of tanh c.",
    "A dashed outline is all there is (one, for i, f and o), the filled part what is let "
    "through. × and + work element by element.",
    "× and + work element by element.",
    "Units meet again at the next step, in weight_hh @ h.",
    "Three gates make c, the fourth makes h",
    "Each step hands its state to the next",
    "c runs through, and gates act on it",
    "An LSTM keeps, writes and shows",
)
@invariant(
    "What goes into the two functions, and what comes out: i, f and o lie between zero and "
    "one, g and tanh c between minus one and one.",
    "σ gives a share, tanh a signed value",
    when=finite,
)
def _steps(run: Run) -> bool:
    gates, signed = torch.cat([run[gate] for gate in "ifo"]), torch.cat([run["g"], run["tanh_c"]])
    return (
        bool(((gates >= 0) & (gates <= 1) | gates.isnan()).all())
        and not (signed.abs() > 1).any()
        and are_close(run["c"], run["f"] * run["c_prev"] + run["i"] * run["g"])
        and are_close(run["gated"], run["o"] * run["c"].tanh())
        and are_close(run["h_prev"][1:], run["h"][:-1])
        and are_close(run["c_prev"][1:], run["c"][:-1])
    )


@invariant(
    "From its sums on, each unit stands alone",
    "From the four sums z at the top down to the last row, no number leaves the column of its "
    "unit.",
)
def _alone(run: Run) -> bool:
    t, last = 0, run.units - 1

    def gated(*z: torch.Tensor) -> torch.Tensor:
        i, f, g, o = z[0].sigmoid(), z[1].sigmoid(), z[2].tanh(), z[3].sigmoid()
        return o * (f * run["c_prev"][t, 0] + i * g).tanh()

    sums = tuple(run[f"z_{gate}"][t, 0] for gate in "ifgo")
    for unit in {0, last}:
        for jacobian in torch.autograd.functional.jacobian(gated, sums):
            others = jacobian[unit].clone()
            others[unit] = 0
            if bool(others.nan_to_num().any()):
                return False
    return are_close(gated(*sums), run["gated"][t, 0])


@invariant(
    "Each h is also the output of its step. The last h and c are h_n and c_n.",
    when=lambda run: run.is_single,
)
@invariant(
    "Each number of h is one row of weight_hr times o·tanh c, added up. Blue weights are "
    "positive, red ones negative.",
    "h is projected at every step, c is not",
    when=lambda run: run.lstm.proj_size > 0,
)
def _outputs(run: Run) -> bool:
    sizes = run["h"].shape[-1], run["c"].shape[-1]
    return (
        sizes == (run.lstm.proj_size or run.units, run.units)
        and are_close(run["h"], run.output)
        and are_close(run["h"][-1], run.h_n[0])
        and are_close(run["c"][-1], run.c_n[0])
    )


@invariant(
    "Both are added to the same sum, so both get the same gradient, and a step moves that sum "
    "twice as far as either.",
    when=biased,
)
def _two_gradients(run: Run) -> bool:
    run.lstm.zero_grad()
    run.lstm(run.x, (run.h_0, run.c_0))[0].sum().backward()
    return are_close(run.lstm.bias_ih_l0.grad, run.lstm.bias_hh_l0.grad)


@invariant(
    "A batch adds rows, not weights",
    "the same weights for every row",
    "Every sequence has a row in x, in c and in h, and is computed as if it were alone.",
)
def _as_if_alone(run: Run) -> bool:
    state = run.h_0[:, :1].contiguous(), run.c_0[:, :1].contiguous()
    alone, (h_n, c_n) = run.lstm(run.x[:, :1], state)
    return (
        are_close(alone, run.output[:, :1])
        and are_close(h_n, run.h_n[:, :1])
        and are_close(c_n, run.c_n[:, :1])
    )


@invariant(
    "Each box is an h, and below c_n a c. output holds the h of the top layer at every step, "
    "h_n the last h of every layer, and c_n the c that belongs to each of those.",
    "Out come every h and the last c",
    "Every layer ends in h_n",
    "D is two with two directions, else one.",
)
def _shapes(run: Run) -> bool:
    top, width = run.h_n, run.lstm.proj_size or run.units
    forward = top[-1] if not run.lstm.bidirectional else top[-2]
    return (
        are_close(run.output[-1, :, :width], forward)
        and are_close(run.h_n[0], run["h"][-1])
        and are_close(run.c_n[0], run["c"][-1])
        and len(run.h_n) == len(run.c_n) == run.lstm.num_layers * (1 + run.lstm.bidirectional)
    )


@invariant(
    "It swaps time and batch of the input and of output, and nothing else: h_n and c_n keep "
    "the batch second.",
    "batch_first leaves the states as they are",
)
def _batch_first(run: Run) -> bool:
    lstm = _like(run, batch_first=True)
    output, (h_n, c_n) = lstm(run.x.transpose(0, 1), (run.h_0, run.c_0))
    return (
        are_close(output.transpose(0, 1), run.output)
        and are_close(h_n, run.h_n)
        and are_close(c_n, run.c_n)
    )


@invariant(
    "Without a batch every tensor is one row.",
    "h_0 and c_0 are as h_n and c_n. Without a batch leave N out.",
)
def _without_batch(run: Run) -> bool:
    output, (h_n, c_n) = run.lstm(run.x[:, 0], (run.h_0[:, 0], run.c_0[:, 0]))
    return (
        [t.dim() for t in (output, h_n, c_n)] == [2, 2, 2]
        and are_close(output, run.output[:, 0])
        and (run.h_0.shape, run.c_0.shape) == (run.h_n.shape, run.c_n.shape)
    )


@invariant(
    "Both halves have read every step.",
    "Two directions, opposite ends",
    "Each direction has its own weights; the names of the second's end in _reverse. At each "
    "step output holds both, forward first.",
    "It mixes sequences: put the last two of h_n side by side.",
    when=bidirectional,
)
def _ends(run: Run) -> bool:
    names = [name for name, _ in run.lstm.named_parameters()]
    ends = run.output[-1, :, : run.units], run.output[0, :, run.units :]
    return are_close(torch.hstack([*run.h_n[-2:]]), torch.hstack(ends)) and (
        {f"{n}_reverse" for n in names if "reverse" not in n}
        == {n for n in names if "reverse" in n}
    )


@invariant("Each layer reads the layer below", when=lambda run: run.lstm.num_layers > 1)
def _stacked(run: Run) -> bool:
    below = torch.nn.LSTM(run.lstm.input_size, run.units, bidirectional=run.lstm.bidirectional)
    below.load_state_dict(run.lstm.state_dict(), strict=False)
    directions = 1 + run.lstm.bidirectional
    read, _ = below(run.x, (run.h_0[:directions], run.c_0[:directions]))
    above = torch.nn.LSTM(read.shape[-1], run.units, bidirectional=run.lstm.bidirectional)
    state = run.lstm.state_dict()
    above.load_state_dict({n.replace("l1", "l0"): v for n, v in state.items() if "l1" in n})
    output, _ = above(read, (run.h_0[directions:], run.c_0[directions:]))
    return are_close(output, run.output)


@invariant(
    "Each number becomes zero with probability p; otherwise it is divided by one minus p, so "
    "doubled if p is a half.",
    when=finite,
)
def _dropout(run: Run) -> bool:
    torch.manual_seed(0)
    dropped = torch.nn.functional.dropout(run.output, 0.5, training=True)
    valid = (dropped == 2 * run.output) | (dropped == 0)
    return bool(valid.all())


@invariant(
    "Dropout acts between layers. With only one it does nothing, and torch warns.",
    when=lambda run: run.is_single,
)
def _one_layer(run: Run) -> bool:
    with pytest.warns(UserWarning, match="dropout"):
        lstm = _like(run, dropout=0.9)
    return lstm.training and are_close(lstm(run.x, (run.h_0, run.c_0))[0], run.output)


@invariant(
    "The numbers are without dropout, as after .eval(). Nothing is ever dropped from the last "
    "layer.",
    when=lambda run: run.lstm.num_layers > 1,
)
def _last_layer(run: Run) -> bool:
    lstm = _like(run, dropout=0.5)
    torch.manual_seed(0)
    dropped, _ = lstm(run.x, (run.h_0, run.c_0))
    still, _ = lstm.eval()(run.x, (run.h_0, run.c_0))
    return bool((dropped != 0).all()) and are_close(still, run.output)


@invariant(
    "A sequence is run in two chunks. The second starts from the state that the first "
    "returns, handed on as it is or detached.",
    "Either way the module returns the same output and the same state.",
    when=lambda run: len(run.x) > 1 and not run.lstm.bidirectional,
)
def _chunks(run: Run) -> bool:
    x = run.x.clone().requires_grad_()
    first, state = run.lstm(x[:1], (run.h_0, run.c_0))
    handed, (h_n, c_n) = run.lstm(x[1:], state)
    (reached,) = torch.autograd.grad(handed.sum(), x, retain_graph=True)
    cut, (h_cut, c_cut) = run.lstm(x[1:], tuple(s.detach() for s in state))
    (stopped,) = torch.autograd.grad(cut.sum(), x)
    return (
        are_close(handed, cut)
        and are_close(torch.cat([first, handed]), run.output)
        and are_close(h_n, h_cut)
        and are_close(c_n, c_cut)
        and reached.shape == stopped.shape
        and not bool(stopped[0].any())
    )


def _padded(run: Run) -> tuple[torch.Tensor, list[int]]:
    lengths = [len(run.x), *[1] * (run.x.shape[1] - 1)]
    x = run.x.clone()
    for n, length in enumerate(lengths):
        x[length:, n] = 0
    return x, lengths


@invariant(
    "Padding is read like any other step",
    "Forward, h_n is read after the padding; packed, after the last step of the sequence.",
    "Forward, h_n is read after the padding. In reverse the padding is read first, so the "
    "sequence starts from the state that it leaves. Packed, both are right.",
    "A bar is h of one unit, upwards if it is positive, and hollow if it is wrong. A line "
    "leads from the step where h_n is read. Packed, the output has zeros in place of the "
    "padding.",
    "It is h after the padding: pack them, and take h_n.",
    "Padded sequences are packed first, with pack_padded_sequence(x, lengths, "
    "enforce_sorted=False).",
    when=batched,
)
def _padding(run: Run) -> bool:
    x, lengths = _padded(run)
    state = run.h_0, run.c_0
    output, (h_n, _) = run.lstm(x, state)
    packed, (right, _) = run.lstm(pack_padded_sequence(x, lengths, enforce_sorted=False), state)
    unpacked, _ = pad_packed_sequence(packed)
    alone, (last, _) = run.lstm(x[:1, 1:2], tuple(s[:, 1:2].contiguous() for s in state))
    forward = slice(run.lstm.proj_size or run.units)
    holds = are_close(right[:, 1:2], last) and are_close(unpacked[:1, 1:2], alone)
    holds = holds and not bool(unpacked[1:, 1].any())
    if not run.is_single:
        # In the reverse direction the padding is read first, which changes h_n.
        return holds and not are_close(h_n[:, 1], right[:, 1])
    return (
        holds
        and are_close(output[0, 1, forward], unpacked[0, 1, forward])
        and are_close(h_n[0, 1], output[-1, 1, forward])
    )


@invariant("Packing leaves the padding out")
def _packing(run: Run) -> bool:
    x, lengths = _padded(run)
    packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
    sizes = [sum(n > t for n in lengths) for t in range(max(lengths))]
    return packed.batch_sizes.tolist() == sizes and len(packed.data) == sum(lengths)


@invariant(
    "A forget gate with nothing but a bias b is σ(b), and after t steps σ(b) to the power of "
    "t is left. The half-life is the t that leaves one half.",
    "How much of c is left if the forget gate stays as it is.",
)
def _half_life(run: Run) -> bool:
    f = torch.linspace(-3, 5, 9, dtype=torch.float64).sigmoid()
    half = torch.tensor(0.5, dtype=torch.float64)
    c = torch.stack([f] * len(run.x)).prod(0)
    return are_close(c, f ** len(run.x)) and are_close(f ** (half.log() / f.log()), half.expand(9))


@invariant(
    "A gradient goes straight along c, and around through h",
    "A row is a unit after the step, a column a unit before it. ∂c/∂c_prev holds h_prev "
    "fixed, which leaves f.",
    "Along c, with every gate held, what is left is the product of f over the steps that "
    "follow. On all paths it is the gradient of the sum of the last c, which also goes "
    "through h and the gates of every unit.",
    when=lambda run: unprojected(run) and run.units < 10 and run.is_finite,
)
def _along_c(run: Run) -> bool:
    cell = _cell_of(run)
    (_, derivative) = torch.autograd.functional.jacobian(
        lambda c: cell(run.x[0, 0], (run.h_0[0, 0], c)), run.c_0[0, 0]
    )
    return are_close(derivative, torch.diag(run["f"][0, 0]))


@invariant("One unit cannot be projected", "proj_size has to be smaller than hidden_size.")
def _too_long(run: Run) -> bool:
    with pytest.raises(ValueError, match="proj_size has to be smaller"):
        torch.nn.LSTM(run.lstm.input_size, run.units, proj_size=run.units)
    return True


@invariant(
    "A cell is a single layer and takes no dropout.",
    "Out come every h and every c",
    "A cell has no axis for time",
    "A cell returns the state of one step",
    "Each box is the h of one step. A call returns it together with c; at the right stand "
    "those of the last call.",
    "The cell keeps nothing between calls: h and c go in as arguments, and what it returns "
    "goes into the next call.",
    when=unprojected,
)
def _cell(run: Run) -> bool:
    cell = _cell_of(run)
    with pytest.raises(TypeError):
        torch.nn.LSTMCell(run.lstm.input_size, run.units, dropout=0.5)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="1D or 2D"):
        cell(run.x)
    h, c = run.h_0[0], run.c_0[0]
    for x in run.x:
        first, (h, c) = cell(x, (h, c)), cell(x, (h, c))
        if not all(map(are_close, first, (h, c))):
            return False
    return are_close(h, run.h_n[0]) and are_close(c, run.c_n[0])


@invariant(
    "Once they are added, the biases cannot be told apart.",
    "Keras keeps one bias; the two of PyTorch act as their sum.",
    "They add up: write it into one of them, and zero into the other.",
    when=biased,
)
def _one_bias(run: Run) -> bool:
    state = run.lstm.state_dict()
    for name in [name for name in state if "bias_ih" in name]:
        other = name.replace("bias_ih", "bias_hh")
        state[name], state[other] = state[name] + state[other], torch.zeros_like(state[other])
    lstm = _like(run)
    lstm.load_state_dict(state)
    return are_close(lstm(run.x, (run.h_0, run.c_0))[0], run.output)


STEP = (
    "ih = x @ weight_ih.T + bias_ih",
    "hh = h_prev @ weight_hh.T + bias_hh",
    "z_i, z_f, z_g, z_o = (ih + hh).split(H)",
    "i = sigmoid(z_i)",
    "f = sigmoid(z_f)",
    "g = tanh(z_g)",
    "o = sigmoid(z_o)",
    "c = f * c_prev + i * g",
    "h = o * tanh(c)",
)
"""The equations of a step, line by line, as the cheat sheet shows them."""


@invariant(*STEP, when=lambda run: biased(run) and unprojected(run))
def _runs(run: Run) -> bool:
    names = {
        "H": run.units,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "x": run.x[0, 0],
        "h_prev": run["h_prev"][0, 0],
        "c_prev": run["c_prev"][0, 0],
        **{name.removesuffix("_l0"): parameter for name, parameter in run.lstm.named_parameters()},
    }
    exec("\n".join(STEP), names)
    assigned = [line.partition(" =")[0].split(", ") for line in STEP[2:]]
    return all(are_close(names[name], run[name][0, 0]) for each in assigned for name in each)


@invariant("Nothing is raised; steps and sequences exchange their roles.")
def _exchanged(run: Run) -> bool:
    turned = run.x.transpose(0, 1)
    output, (h_n, _) = run.lstm(turned)
    single, _ = run.lstm(turned[:, :1])
    return (
        output.shape[:2] == turned.shape[:2]
        and h_n.shape[1] == len(run.x)
        and are_close(output[:, :1], single)
    )


@invariant("The next backward() goes through the last call too, and raises.")
def _second_backward(run: Run) -> bool:
    output, state = run.lstm(run.x, (run.h_0, run.c_0))
    output.sum().backward()
    run.lstm(run.x, tuple(tensor.detach() for tensor in state))[0].sum().backward()
    handed, _ = run.lstm(run.x, state)
    with pytest.raises(RuntimeError):
        handed.sum().backward()
    return True
